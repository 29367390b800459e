"""A small county for tests: two townships, three villages, an officer at each desk."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4

from canbao.cases import application, bundle, flow, inspection, queries, review
from canbao.cases.claim import Channel, Claim
from canbao.cases.door import CaseRow
from canbao.cases.flow import Verdict
from canbao.cases.inspection import Answer, Answers, Said, Typed
from canbao.cases.review import Choice, Reason
from canbao.kernel import clock
from canbao.kernel.actor import Actor
from canbao.kernel.ids import new_id
from canbao.kernel.taken import Outcome
from canbao.papers.marks import Confirmation
from canbao.people import numbers, officers
from canbao.people.identities import Identity
from canbao.simulate import offices
from canbao.simulate.offices import Place, Worker

COUNTY = "370199"
WILLOW, REED = "370199101000", "370199102000"
APRICOT, PEAR, POND = "370199101201", "370199101202", "370199102201"
TOWNSHIPS = (Place(WILLOW, "柳泉镇"), Place(REED, "芦苇镇"))
VILLAGES = (
    Place(APRICOT, "杏花村", WILLOW),
    Place(PEAR, "梨树村", WILLOW),
    Place(POND, "荷塘村", REED),
)
WORKERS = (
    Worker("chen", "陈秋生", "village", APRICOT),
    Worker("liu", "刘玉兰", "village", PEAR),
    Worker("he", "何塘", "village", POND),
    Worker("meng", "孟庆华", "township", WILLOW),
    Worker("ren", "任远", "township", REED),
    Worker("wei", "魏静怡", "county", "390"),
    Worker("yan", "严明", "county", "390"),
    Worker("shi", "石磊", "county", "170"),
    Worker("luo", "罗振邦", "finance", "390"),
    Worker("gu", "顾清", "finance", "390"),
    Worker("qin", "秦川", "finance", "390"),
    Worker("cai", "蔡平", "finance", "170"),
    Worker("guan", "管理", "administrator", "office"),
    Worker("li", "理事", "administrator", "office"),
)


@dataclass(frozen=True)
class Small:
    """The county's officers by login."""

    officers: Mapping[str, Actor]

    def __getattr__(self, login: str) -> Actor:
        return self.officers[login]


def found(*more: Worker) -> Small:
    """Make the county, with more workers where a test needs them; to be called inside it."""
    workers = (*WORKERS, *more)
    postings = offices.found(COUNTY, "明水县", TOWNSHIPS, VILLAGES, workers, demo=True)
    on = clock.today()
    actors = {login: officers.officer(login, posting, on) for login, posting in postings.items()}
    return Small({login: actor for login, actor in actors.items() if actor is not None})


def identity(
    serial: int, *, name: str = "", village: str = APRICOT, birth_on: date | None = None
) -> Identity:
    """A person born in 1970 or later with a valid number; a serial is a person."""
    birth = birth_on or date(1970, 1, 1) + timedelta(days=serial * 31 % 9000)
    number = numbers.compose("370199", birth, 1 + 2 * (serial % 400))
    return Identity(
        "id_card", number, name or f"王{chr(0x4E00 + serial)}", "1", birth, "01", village, "杏花村 3 组", "", "20", "13800001427"
    )  # fmt: skip


def claim(serial: int, *, insurance: str = "390", **changes: Any) -> Claim:
    """A sound application of one person."""
    who = changes.pop("identity", None) or identity(serial)
    sound = Claim(
        id=new_id(),
        insurance=insurance,
        year=clock.today().year + 1,
        level="adult" if insurance == "390" else "500",
        identity=who,
        household_number=f"{serial // 4:04d}",
        relation="02",
        residency="rural",
        student="none",
        confirmation=Confirmation("paper", who.name),
    )
    return replace(sound, **changes)


def key() -> str:
    """A key as a page makes it."""
    return str(uuid4())


def submit(actor: Actor, claims: Sequence[Claim], channel: Channel = Channel.PHONE) -> list[UUID]:
    """Hand applications in and return the cases."""
    outcome = application.submit(actor, claims, channel, at=clock.now(), key=key())
    assert not outcome.refused, outcome.refused
    return list(outcome.done)


def rows(actor: Actor, ids: Iterable[UUID]) -> dict[UUID, CaseRow]:
    """The cases as the actor sees them."""
    return {row.id: row for row in queries.cases_of(actor, list(ids))}


def versions(actor: Actor, ids: Iterable[UUID]) -> dict[UUID, int]:
    """The versions the actor sees."""
    return {one: row.version for one, row in rows(actor, ids).items()}


def answer_all(actor: Actor, ids: Sequence[UUID], claims: Sequence[Claim] = ()) -> None:
    """Say yes to every item of the desk, and type the second entry where it is asked for."""
    held = rows(actor, ids)
    at = clock.now()
    said = {
        one: Answers(row.version, dict.fromkeys(inspection.asked(row), Said(Answer.YES)))
        for one, row in held.items()
    }
    assert not inspection.answer(actor, said, at=at).refused
    by_id = {one.id: one.identity for one in claims}
    again = {
        one: Typed(row.version, by_id[one].name, by_id[one].kind, by_id[one].number)
        for one, row in held.items()
        if inspection.needs_second_entry(row)
    }
    if again:
        assert not inspection.type_again(actor, again, at=at).refused


def decide(
    actor: Actor, ids: Sequence[UUID], verdict: Verdict = Verdict.PASS, to: str = ""
) -> Outcome:
    """Decide all alike."""
    reasons = () if verdict is Verdict.PASS else (Reason("paper_missing", "id_back", "再拍一张"),)
    chosen = {
        one: Choice(version, verdict, reasons, to) for one, version in versions(actor, ids).items()
    }
    return review.decide(actor, chosen, at=clock.now(), key=key())


def hand_on(sender: Actor, receiver: Actor, ids: Sequence[UUID]) -> UUID:
    """Report a bundle and count it in whole."""
    sheets = sum(bundle.sheet_counts(ids).values())
    outcome = bundle.report(sender, versions(sender, ids), sheets, at=clock.now(), key=key())
    assert not outcome.refused, outcome.refused
    bundle_id = UUID(outcome.made["bundle"])
    bundle.receive(receiver, bundle_id, bundle.Received(), at=clock.now(), key=key())
    return bundle_id


def bring_to(
    desk: str, small: Small, claims: Sequence[Claim], insurance: str = "390"
) -> list[UUID]:
    """Bring sound applications of 杏花村 to a desk, where they stand open."""
    county = small.wei if insurance == "390" else small.shi
    ids = submit(small.chen, claims, Channel.VILLAGE)
    route = [("village", small.chen), ("township", small.meng), ("county", county)]
    for (name, actor), (_, following) in zip(route, [*route[1:], ("", county)], strict=True):
        if name == desk:
            return ids
        answer_all(actor, ids, claims)
        assert not decide(actor, ids).refused
        if name != "county":
            hand_on(actor, following, ids)
    assert desk == flow.ARCHIVE
    return ids
