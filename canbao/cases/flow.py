"""The route of a case: one TOML text a kind, insurance and version, shipped or published by the county.

A case keeps the name of the flow it began with. A county's own names end in the hash of their bytes, so
that no other flow, of this county or of a later canbao, can ever stand behind the name of a case.

A case stands at a desk in a status. `checking` is being looked at, `ready` has passed and waits for its
bundle, `sent` is on the way to the next desk, `returned` is to be mended by whoever holds it. What the county
approved waits at the archive and lies on its shelf once it is filed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import lru_cache
from pathlib import Path
from typing import Final

from canbao.cases import roads
from canbao.kernel.trust import SEAL_KINDS
from canbao.papers import forms
from canbao.policy import documents
from canbao.policy.rules.faults import Fault, PackFault
from canbao.policy.rules.parsing import opened
from canbao.policy.rules.person import Insurance
from canbao.policy.rules.reading import Table, suggestion

FOLDER: Final = Path(__file__).parent / "flows"
HASH_DIGITS: Final = 16
APPLICANT: Final = "applicant"
ARCHIVE: Final = "archive"
SHELF: Final = "shelf"
CLOSED: Final = "closed"


class Status(StrEnum):
    """Where a case is at its desk."""

    CHECKING = "checking"
    READY = "ready"
    SENT = "sent"
    RETURNED = "returned"
    APPROVED = "approved"
    FILED = "filed"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


class Verdict(StrEnum):
    """What a desk decides."""

    PASS = "pass"  # noqa: S105 - not a password
    RETURN = "return"
    REFUSE = "refuse"


AUTOMATIC: Final = frozenset({
    "complete", "number_valid", "birth_sex_agree", "register_agrees", "eligible", "not_enrolled",
    "unlike_others", "level_in_pack", "signer_is_parent", "papers_present", "papers_readable",
    "receipt_linked", "reason_allowed", "cover_not_begun", "benefits_not_drawn", "amount_agrees", "account_own",
})  # fmt: skip
ASKS: Final = frozenset({
    "form_complete", "identity_agrees", "applicant_signed", "originals_seen", "papers_attached",
    "photo_is_person", "ink_copy_1", "ink_copy_2", "family_form_complete", "village_marks",
    "materials_complete", "eligible_confirmed", "list_agrees", "entry_confirmed", "township_marks",
    "reason_proven", "receipt_seen", "nothing_drawn", "account_seen", "county_marks", "refund_agrees",
    "finance_marks", "payout_agrees",
})  # fmt: skip
# Items that ask about what another desk put on the paper.
_ABOUT: Final[Mapping[str, str]] = {
    "village_marks": "village", "township_marks": "township", "county_marks": "county",
    "finance_marks": "finance",
}  # fmt: skip
_SECOND_ENTRY: Final = ("always", "paper", "never")
_WORKING_DAYS_MOST: Final = 250


@dataclass(frozen=True, slots=True)
class Desk:
    """A desk of the route: who sits there, what they are asked, and where a case can go."""

    name: str
    role: str
    seal: str
    deadline: Mapping[str, int]
    asks: tuple[str, ...]
    asks_paper: tuple[str, ...]
    asks_family: tuple[str, ...]
    asks_bundle: tuple[str, ...]
    returns_to: tuple[str, ...]
    refuses: bool
    next: str

    def asked(self, *, on_paper: bool, family_form: bool) -> tuple[str, ...]:
        """Items this desk answers for one case."""
        paper = self.asks_paper if on_paper else ()
        return self.asks + paper + (self.asks_family if family_form else ())


@dataclass(frozen=True, slots=True)
class Step:
    """Where a verdict leads."""

    verdict: Verdict
    desk: str
    to: str
    status: Status
    marks: tuple[str, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Flow:
    """One version of one route."""

    name: str
    kind: str
    insurance: str
    version: int
    form: str
    copies: Mapping[int, str]
    second_entry: str
    automatic: tuple[str, ...]
    desks: Mapping[str, Desk]

    @property
    def first(self) -> Desk:
        """The desk a submitted case reaches."""
        return next(iter(self.desks.values()))

    @property
    def own(self) -> str:
        """The first digits of the hash of a county's own flow; nothing for one that comes with canbao."""
        return self.name.partition("-")[2]

    def step(self, desk: str, verdict: Verdict, to: str = "") -> Step | None:
        """Where this verdict leads from this desk, or None where the desk may not say it."""
        here = self.desks.get(desk)
        if here is None:
            return None
        if verdict is Verdict.PASS:
            to, status = self._passed(here)
            return Step(verdict, desk, to, status, ("signature", "seal"))
        if verdict is Verdict.RETURN:
            to = to or next(iter(here.returns_to), "")
            return Step(verdict, desk, to, Status.RETURNED, ()) if to in here.returns_to else None
        return (
            Step(verdict, desk, CLOSED, Status.REFUSED, ("signature", "seal"))
            if here.refuses
            else None
        )

    def _passed(self, here: Desk) -> tuple[str, Status]:
        """Where a case stands once this desk has passed it, and how."""
        if here.next == ARCHIVE:
            return ARCHIVE, Status.APPROVED
        if roads.KINDS[self.kind].carried:
            return here.name, Status.READY
        return here.next, Status.CHECKING

    def needs_second_entry(self, channel: str) -> bool:
        """Whether the township types name and number again for a case that came this way."""
        return self.second_entry == "always" or (
            self.second_entry == "paper" and channel != "phone"
        )

    def edges(self) -> Iterator[tuple[str, str, str]]:
        """(from, verb, to) for the chart of the documentation."""
        yield APPLICANT, "submit", self.first.name
        on = "report" if roads.KINDS[self.kind].carried else "pass"
        for desk in self.desks.values():
            yield desk.name, "file" if desk.next == ARCHIVE else on, desk.next
            for back in desk.returns_to:
                yield desk.name, "return", back
            if desk.refuses:
                yield desk.name, "refuse", CLOSED


def parse(data: bytes, file: str) -> Flow:
    """Read a flow and check that it holds together; raises PackFault with every fault and its line."""
    root = opened(data, file)
    kind = _among(root, "kind", roads.KINDS)
    insurance = _among(root, "insurance", [one.value for one in Insurance])
    version = root.whole("version", least=1, most=9999, required=True)
    desks = [_desk(table) for table in root.tables("desk")]
    found = Flow(
        name=f"{kind}.{insurance}.{version}",
        kind=kind,
        insurance=insurance,
        version=version or 1,
        form=_among(root, "form", _forms(kind, insurance)),
        copies=_copies(root),
        second_entry=_among(root, "second_entry", _SECOND_ENTRY),
        automatic=_list(root, "automatic", AUTOMATIC),
        desks={one.name: one for one in desks},
    )
    root.close()
    if not desks:
        root.fault("pack_missing_key", "desk")
    elif not root.sheet.faults:
        _whole(root, found, desks)
    if root.sheet.faults:
        named = [_with_desk(one, desks) for one in root.sheet.faults]
        raise PackFault(sorted(named, key=lambda fault: fault.line))
    return found


def _with_desk(fault: Fault, desks: list[Desk]) -> Fault:
    """The fault with the desk's name where the file only counts: `desk.0.seal` is `desk.village.seal`."""
    head, place, *rest = [*str(fault.facts.get("key", "")).split("."), ""]
    name = desks[int(place)].name if head == "desk" and place.isdigit() else ""
    if not name:
        return fault
    return replace(fault, facts={**fault.facts, "key": ".".join([head, name, *rest[:-1]])})


def _forms(kind: str, insurance: str) -> list[str]:
    name = roads.KINDS[kind].form.format(insurance=insurance) if kind else ""
    return [f"{form}.{version}" for form, version in forms.shipped() if form == name]


def _member(table: Table, key: str, value: object, allowed: Iterable[str]) -> str:
    known = sorted(allowed)
    if isinstance(value, str) and value in known:
        return value
    near = suggestion(str(value), known) or ", ".join(known)
    table.fault("pack_not_choice", key, value=str(value)[:80], near=near)
    return ""


def _among(table: Table, key: str, allowed: Iterable[str]) -> str:
    value = table.raw(key, required=True)
    return "" if value is None else _member(table, key, value, allowed)


def _list(table: Table, key: str, allowed: Iterable[str]) -> tuple[str, ...]:
    if table.raw(key, required=True) is None:
        return ()
    return tuple(_member(table, key, one, allowed) for one in table.codes(key) or ())


def _copies(root: Table) -> dict[int, str]:
    table = root.table("copies", required=True)
    if table is None:
        return {}
    ends = {number: _among(table, str(number), (ARCHIVE, APPLICANT)) for number in (1, 2)}
    table.close()
    return ends


def _desk(table: Table) -> Desk:
    # The papers have a box, and the worklists a place, for each of these names.
    name = _among(table, "name", forms.Desk)
    found = Desk(
        name=name,
        role=_among(table, "role", [roads.role_at(name)] if name else forms.Desk),
        seal=_among(
            table,
            "seal",
            [seal for seal, at in SEAL_KINDS.items() if at == roads.office_at(name)],
        ),
        deadline=_deadline(table),
        asks=_list(table, "asks", ASKS),
        asks_paper=_list(table, "asks_paper", ASKS),
        asks_family=_list(table, "asks_family", ASKS),
        asks_bundle=_list(table, "asks_bundle", ASKS),
        returns_to=_list(table, "returns_to", (APPLICANT, *forms.Desk)),
        refuses=table.flag("refuses"),
        next=_among(table, "next", (*forms.Desk, ARCHIVE)),
    )
    table.close()
    return found


def _deadline(table: Table) -> dict[str, int]:
    rule = table.table("deadline", required=True)
    if rule is None:
        return {}
    days = rule.whole("working_days", least=0, most=_WORKING_DAYS_MOST)
    day = rule.whole("day_of_month", least=1, most=31)
    rule.close()
    if (days is None) == (day is None):
        rule.fault("flow_deadline_one_of_two")
    return {"working_days": days} if days is not None else {"day_of_month": day or 1}


def _whole(root: Table, flow: Flow, desks: list[Desk]) -> None:
    """The desks stand in the order of their road, each once; every way leads on or back, and ends at its last."""
    road = roads.KINDS[flow.kind]
    names = [one.name for one in desks]
    order = [one for one in road.desks if one in {*names, *road.needed}]
    if names != order:
        root.fault("flow_desk_order", "desk", wanted=", ".join(order))
        return
    for place, (desk, table) in enumerate(zip(desks, root.tables("desk"), strict=True)):
        _among_desks(desk, table, earlier=names[:place], following=[*names, ARCHIVE][place + 1])
        if desk.refuses and desk.name in road.never_refuses:
            table.fault("flow_refuses_never", "refuses", desk=desk.name)
        for item in _asked(desk):
            if item in _ABOUT and _ABOUT[item] not in names:
                table.fault("flow_asks_of_no_desk", "asks", desk=desk.name, item=item)
    if flow.second_entry != "never" and "township" not in names:
        root.fault("flow_second_entry_nowhere", "second_entry")


def _among_desks(desk: Desk, table: Table, *, earlier: list[str], following: str) -> None:
    if desk.next != following:
        table.fault("flow_leads_astray", "next", desk=desk.name, next=desk.next, near=following)
    if not desk.returns_to and not desk.refuses:
        table.fault("flow_returns_nowhere", "returns_to", desk=desk.name)
    for back in desk.returns_to:
        if back not in (APPLICANT, *earlier):
            table.fault("flow_returns_forward", "returns_to", desk=desk.name, back=back)
    if len(set(_asked(desk))) < len(_asked(desk)):
        table.fault("flow_asks_twice", "asks", desk=desk.name)


def _asked(desk: Desk) -> tuple[str, ...]:
    return (*desk.asked(on_paper=True, family_form=True), *desk.asks_bundle)


@lru_cache(maxsize=1024)
def load(name: str) -> Flow:
    """A flow by the name a case keeps: `enrolment.390.1`, or `enrolment.390.2-` and the hash of an own one."""
    own = name.partition("-")[2]
    if not own:
        return parse((FOLDER / f"{name}.toml").read_bytes(), f"{name}.toml")
    # Bytes behind a hash never change, so that one reading a process is enough.
    text = documents.text_of("flow", own)
    return replace(parse(text.encode(), name), name=name)


@lru_cache(maxsize=1024)
def _own(sha256: str) -> Flow:
    text = documents.text_of("flow", sha256)
    found = parse(text.encode(), sha256)
    return load(f"{found.name}-{sha256[:HASH_DIGITS]}")


@lru_cache
def _newest_shipped(kind: str, insurance: str) -> Flow:
    return max(
        (one for one in shipped() if (one.kind, one.insurance) == (kind, insurance)),
        key=lambda one: one.version,
    )


def newest(kind: str, insurance: str) -> Flow:
    """The flow a case of this kind and insurance begins with now: the county's last one, or the shipped one.

    One statement, and one for a whole operation; hence what another process published is seen at once.
    """
    for held in reversed(documents.in_force("flow")):
        own = _own(held.sha256)
        if (own.kind, own.insurance) == (kind, insurance):
            return own
    return _newest_shipped(kind, insurance)


def shipped() -> list[Flow]:
    """All flows in the house, loaded and checked."""
    return [load(path.stem) for path in sorted(FOLDER.glob("*.toml"))]


def listed() -> list[Flow]:
    """Every flow cases of this county may walk by, shipped ones first in each insurance; one statement."""
    own = [_own(held.sha256) for held in documents.in_force("flow")]
    return sorted([*shipped(), *own], key=lambda one: (one.kind, one.insurance, one.version))


def text_of(one: Flow) -> str:
    """The very text of a flow."""
    if one.own:
        return documents.text_of("flow", one.own)
    return (FOLDER / f"{one.name}.toml").read_text(encoding="utf-8")


def following(kind: str, insurance: str) -> int:
    """The number the county's next flow of this kind and insurance has."""
    return 1 + max(
        one.version for one in listed() if (one.kind, one.insurance) == (kind, insurance)
    )


def _check(text: str, file: str) -> None:
    """What a county may publish: a sound flow with the next number after all that are known here."""
    found = parse(text.encode(), file)
    number = following(found.kind, found.insurance)
    if found.version != number:
        root = opened(text.encode(), file)
        root.fault("flow_version_next", "version", next=number)
        raise PackFault(root.sheet.faults)


documents.KINDS["flow"] = documents.Kind(lambda text: "[[desk]]" in text, _check)
