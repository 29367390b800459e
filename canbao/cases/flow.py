"""The route of a case, read from one TOML file a kind, insurance and version; checked when it is loaded.

A case stands at a desk in a status. `checking` is being looked at, `ready` has passed and waits for its
bundle, `sent` is on the way to the next desk, `returned` is to be mended by whoever holds it. What the county
approved waits at the archive and lies on its shelf once it is filed.
"""

from __future__ import annotations

import difflib
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

FOLDER: Final = Path(__file__).parent / "flows"
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
    "unlike_others", "level_in_pack", "papers_present", "papers_readable",
})  # fmt: skip
ASKS: Final = frozenset({
    "form_complete", "identity_agrees", "applicant_signed", "originals_seen", "papers_attached",
    "photo_is_person", "ink_copy_1", "ink_copy_2", "family_form_complete", "village_marks",
    "materials_complete", "eligible_confirmed", "list_agrees", "entry_confirmed", "township_marks",
})  # fmt: skip


class FlowFault(ValueError):
    """A flow that does not hold together, with the file and what to do."""


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

    def step(self, desk: str, verdict: Verdict, to: str = "") -> Step | None:
        """Where this verdict leads from this desk, or None where the desk may not say it."""
        here = self.desks.get(desk)
        if here is None:
            return None
        if verdict is Verdict.PASS:
            last = here.next == ARCHIVE
            status = Status.APPROVED if last else Status.READY
            return Step(verdict, desk, ARCHIVE if last else desk, status, ("signature", "seal"))
        if verdict is Verdict.RETURN:
            to = to or here.returns_to[0]
            return Step(verdict, desk, to, Status.RETURNED, ()) if to in here.returns_to else None
        return (
            Step(verdict, desk, CLOSED, Status.REFUSED, ("signature", "seal"))
            if here.refuses
            else None
        )

    def needs_second_entry(self, channel: str) -> bool:
        """Whether the township types name and number again for a case that came this way."""
        return self.second_entry == "always" or (
            self.second_entry == "paper" and channel != "phone"
        )

    def edges(self) -> Iterator[tuple[str, str, str]]:
        """(from, verb, to) for the chart of the documentation."""
        yield APPLICANT, "submit", self.first.name
        for desk in self.desks.values():
            yield desk.name, "file" if desk.next == ARCHIVE else "report", desk.next
            for back in desk.returns_to:
                yield desk.name, "return", back
            if desk.refuses:
                yield desk.name, "refuse", CLOSED


_KEYS: Final = {
    "kind",
    "insurance",
    "version",
    "form",
    "copies",
    "second_entry",
    "automatic",
    "desk",
}
_DESK_KEYS: Final = {field for field in Desk.__dataclass_fields__}  # noqa: C416


def _known(found: set[str], allowed: set[str] | frozenset[str], where: str) -> None:
    for key in sorted(found - allowed):
        near = difflib.get_close_matches(key, allowed, 1)
        hint = f"; did you mean {near[0]!r}?" if near else ""
        raise FlowFault(f"{where}: unknown {key!r}{hint}")


def parse(text: str, name: str) -> Flow:
    """Read a flow and check that it holds together; raises FlowFault naming what to mend."""
    try:
        raw: dict[str, Any] = tomllib.loads(text)
    except tomllib.TOMLDecodeError as fault:
        raise FlowFault(f"{name}: {fault}") from fault
    _known(set(raw), _KEYS, name)
    for key in sorted(_KEYS - set(raw)):
        raise FlowFault(f"{name}: {key!r} is missing")
    _known(set(raw["automatic"]), AUTOMATIC, f"{name}: automatic")
    desks = {one["name"]: _desk(one, f"{name}: desk {one.get('name')}") for one in raw["desk"]}
    flow = Flow(
        name=f"{raw['kind']}.{raw['insurance']}.{raw['version']}",
        kind=raw["kind"],
        insurance=raw["insurance"],
        version=raw["version"],
        form=raw["form"],
        copies={int(no): place for no, place in raw["copies"].items()},
        second_entry=raw["second_entry"],
        automatic=tuple(raw["automatic"]),
        desks=desks,
    )
    _whole(flow, name)
    return flow


def _desk(raw: dict[str, Any], where: str) -> Desk:
    _known(set(raw), _DESK_KEYS, where)
    for key in sorted(_DESK_KEYS - set(raw)):
        raise FlowFault(f"{where}: {key!r} is missing")
    for key in ("asks", "asks_paper", "asks_family", "asks_bundle"):
        _known(set(raw[key]), ASKS, f"{where}: {key}")
    _known(set(raw["deadline"]), {"working_days", "day_of_month"}, f"{where}: deadline")
    lists = {key: tuple(value) for key, value in raw.items() if isinstance(value, list)}
    return Desk(**{**raw, **lists})


def _whole(flow: Flow, name: str) -> None:
    if flow.second_entry not in {"always", "paper", "never"}:
        raise FlowFault(f"{name}: second_entry must be always, paper or never")
    if not flow.desks:
        raise FlowFault(f"{name}: no desk")
    reached = {APPLICANT, flow.first.name}
    desk: Desk | None = flow.first
    walked: list[str] = []
    while desk is not None:
        if desk.name in walked:
            raise FlowFault(f"{name}: the desks {walked} lead in a circle")
        walked.append(desk.name)
        for back in desk.returns_to:
            if back != APPLICANT and back not in walked[:-1]:
                raise FlowFault(
                    f"{name}: {desk.name} returns to {back!r}, which is no earlier desk"
                )
        reached.add(desk.next)
        if desk.next != ARCHIVE and desk.next not in flow.desks:
            raise FlowFault(f"{name}: {desk.name} leads to {desk.next!r}, which is no desk")
        desk = flow.desks.get(desk.next)
    for left in sorted(set(flow.desks) - reached):
        raise FlowFault(f"{name}: nothing leads to desk {left!r}")


@lru_cache
def load(name: str) -> Flow:
    """A shipped flow by name, e.g. `enrolment.390.1`."""
    return parse((FOLDER / f"{name}.toml").read_text(encoding="utf-8"), f"{name}.toml")


@lru_cache
def newest(kind: str, insurance: str) -> Flow:
    """The flow a case of this kind and insurance begins with today."""
    found = sorted(
        FOLDER.glob(f"{kind}.{insurance}.*.toml"), key=lambda path: int(path.stem.split(".")[-1])
    )
    return load(found[-1].stem)


def shipped() -> list[Flow]:
    """All flows in the house, loaded and checked."""
    return [load(path.stem) for path in sorted(FOLDER.glob("*.toml"))]
