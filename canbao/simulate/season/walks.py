"""Applications over the desks in bundles, money taken before they are decided, and what turns that money."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from typing import Final
from uuid import UUID

from canbao.cases import advance, application, bundle, death, inspection, queries, review
from canbao.cases.bundle import BundleState, Received
from canbao.cases.claim import Channel
from canbao.cases.door import CaseRow
from canbao.cases.flow import Status, Verdict
from canbao.cases.inspection import Answer, Answers, Said, Typed
from canbao.cases.review import Choice, Reason
from canbao.cases.tables import Bundle, Case
from canbao.kernel.actor import Actor
from canbao.kernel.ids import new_id
from canbao.payments.channels.cash.collecting import Ticket
from canbao.people.codes import Sex
from canbao.simulate import cast, claims, residents
from canbao.simulate.claims import SPECIMENS, Applicant
from canbao.simulate.season import counter
from canbao.simulate.season.world import MEDICAL, World, act

ENROLMENT: Final = "enrolment"
_HOUSEHOLD: Final = 3


@act(8)
def apply(world: World) -> None:
    """Households who were never insured apply at the village, now and then a second time."""
    place = world.rng.choice(world.villages)
    insurance, size = world.insurance(), max(1, world.size // 5) * _HOUSEHOLD
    found = list(
        residents.people(
            world.rng, world.given, place.code, cast.NAME + place.name, count=size, on=world.on,
            first=world.places,
        )
    )  # fmt: skip
    world.places += len(found)
    wanted = [
        claims.claim(
            Applicant(who, home, insurance, without=tuple(SPECIMENS)), new_id(), Channel.VILLAGE, {},
            world.rng, world.now,
        )
        for home in found
        for who in home.members
        if claims.can_apply(who, home, insurance, world.on)
    ]  # fmt: skip
    world.claims |= {one.id: one for one in wanted}
    actor = world.actors[cast.COORDINATOR[place.code]]
    if wanted:
        world.do(application.submit, actor, wanted, Channel.VILLAGE)


@act(2)
def birth(world: World) -> None:
    """A child is born; the village hands in what a parent signs, and its window is open all year."""
    place = world.rng.choice(world.villages)
    [home] = residents.people(
        world.rng, world.given, place.code, cast.NAME + place.name, count=1, on=world.on,
        first=world.places,
    )  # fmt: skip
    world.places += 1
    parent, born = home.members[0], world.on - datetime.timedelta(days=world.rng.randrange(30))
    sex = world.rng.choice((Sex.MALE, Sex.FEMALE))
    child = replace(
        parent, name=parent.name[0] + "晨曦", sex=sex, birth_on=born, relation="20",
        number=world.given.next(born, sex),
    )  # fmt: skip
    home.members.append(child)
    if claims.can_apply(child, home, MEDICAL, world.on):
        one = claims.claim(
            Applicant(child, home, MEDICAL, without=tuple(SPECIMENS)), new_id(), Channel.VILLAGE, {},
            world.rng, world.now,
        )  # fmt: skip
        world.claims[one.id] = one
        actor = world.actors[cast.COORDINATOR[place.code]]
        world.do(application.submit, actor, [one], Channel.VILLAGE)


@act(8)
def village(world: World) -> None:
    """A village inspects what was applied for and reports what passes as one bundle."""
    place = _busiest(world, "village", "village")
    if place:
        code, insurance = place
        _desk(world, world.actors[cast.COORDINATOR[code]], "village", insurance, village=code)


@act(8)
def township(world: World) -> None:
    """A township counts bundles in, types names and numbers again, and forwards."""
    place = _busiest(world, "township", "township")
    if place:
        code, insurance = place
        actor = world.actors[cast.TOWNSHIP_OFFICER[code]]
        _receive(world, actor, insurance, code)
        _desk(world, actor, "township", insurance, township=code)


@act(8)
def county(world: World) -> None:
    """The county counts bundles in and decides, most with yes: advances become payments or refunds."""
    insurance = world.insurance()
    actor = world.county(insurance)
    _receive(world, actor, insurance, f"{cast.CODE}000000")
    _desk(world, actor, "county", insurance)


@act(10)
def take_advance(world: World) -> None:
    """A village takes money for cases that are not decided yet, one ticket a household."""
    insurance = world.insurance()
    found = Case.here.filter(kind=ENROLMENT, insurance=insurance).order_by("-id")
    if world.maybe(0.9):
        found = found.filter(is_open=True, own_fen__gt=0)
    villages = sorted(set(found.order_by().values_list("village", flat=True)))
    if not villages:
        return
    code = world.rng.choice(villages)
    actor = world.actors[cast.COORDINATOR[code]]
    homes: dict[str, dict[UUID, int]] = defaultdict(dict)
    columns = ("id", "household_number", "own_fen")
    for one, home, fen in found.filter(village=code).values_list(*columns)[: 3 * world.size]:
        homes[home][one] = fen
    block = counter.block_of(world, actor)
    tickets = [
        Ticket(new_id(), number, "某某", due)
        for number, due in enumerate(world.some(list(homes.values()))[: block.left], block.next)
    ]
    world.do(advance.take, actor, block.id, tickets)


@act(3)
def withdraw(world: World) -> None:
    """Applications are taken back; money that was taken for them is owed to their people."""
    found = _cases(world, kind=ENROLMENT, is_open=True)[:1]
    for row in found:
        actor = world.actors[cast.COORDINATOR[row.village]]
        world.do(application.withdraw, actor, {row.id: row.version})


@act(1)
def die_applying(world: World) -> None:
    """Somebody dies whose application is on its way."""
    for row in _cases(world, kind=ENROLMENT, is_open=True)[:1]:
        actor = world.county(row.insurance)
        world.do(death.record, actor, row.id, world.on, "死亡证明")


def _cases(world: World, **narrowed: object) -> list[CaseRow]:
    """Some cases as the system sees them."""
    found = Case.here.filter(**narrowed).order_by("-id").values_list("id", flat=True)[:100]
    wanted = world.some(list(found))
    actor = world.actors["bailicheng"]
    return queries.cases_of(actor, wanted)


def _busiest(world: World, desk: str, column: str) -> tuple[str, str] | None:
    """Where something stands at a desk or is on the way there: (region, insurance)."""
    found = Case.here.filter(kind=ENROLMENT, desk=desk, is_open=True)
    places = sorted(set(found.values_list(column, "insurance")))
    return world.rng.choice(places) if places else None


def _receive(world: World, actor: Actor, insurance: str, region: str) -> None:
    """Count in what was reported; now and then a case is missing."""
    found = Bundle.here.filter(
        to_region_code=region, insurance=insurance, state=BundleState.REPORTED
    )
    for one in list(found.order_by("id").values_list("id", flat=True)[:10]):
        gone = Case.here.filter(bundle_id=one).values_list("id", flat=True).first()
        missing = {gone: "没有第 2 份"} if gone is not None and world.maybe(0.1) else {}
        world.do(bundle.receive, actor, one, Received(missing=missing))


def _desk(world: World, actor: Actor, desk: str, insurance: str, **narrowed: str) -> None:
    """Answer, type again, decide and report what stands at a desk."""
    found = Case.here.filter(
        kind=ENROLMENT, desk=desk, insurance=insurance, is_open=True, **narrowed
    ).order_by("id")
    checking = found.filter(status=Status.CHECKING).values_list("id", flat=True)
    ids = list(checking[: max(5, 5 * world.size)])
    if ids:
        say_yes(world, actor, ids)
        decide(world, actor, ids, refuses=0.2 if desk == "county" else 0)
    ready = list(found.filter(status=Status.READY).values_list("id", flat=True)[:400])
    if ready and desk != "county":
        versions = {row.id: row.version for row in queries.cases_of(actor, ready)}
        sheets = sum(bundle.sheet_counts(ready).values())
        world.do(bundle.report, actor, versions, sheets)


def say_yes(world: World, actor: Actor, ids: Sequence[UUID]) -> None:
    """Answer every item of the desk with yes, and type the second entry where it is asked for."""
    held = queries.cases_of(actor, ids)
    said = {
        row.id: Answers(row.version, dict.fromkeys(inspection.asked(row), Said(Answer.YES)))
        for row in held
    }
    world.do(inspection.answer, actor, said)
    typed = {
        row.id: Typed(row.version, who.name, who.kind, who.number)
        for row in held
        if row.id in world.claims and inspection.needs_second_entry(row)
        for who in (world.claims[row.id].identity,)
    }
    if typed:
        world.do(inspection.type_again, actor, typed)


def decide(
    world: World, actor: Actor, ids: Sequence[UUID], *, refuses: float = 0, returns: float = 0
) -> None:
    """Decide each on its own: most pass, some are refused or go back."""
    why = (Reason("paper_missing", "id_back", "再拍一张"),)
    chosen = {}
    for row in queries.cases_of(actor, ids):
        verdict = Verdict.PASS
        if world.maybe(refuses):
            verdict = Verdict.REFUSE
        elif world.maybe(returns):
            verdict = Verdict.RETURN
        chosen[row.id] = Choice(row.version, verdict, () if verdict is Verdict.PASS else why)
    if chosen:
        world.do(review.decide, actor, chosen)
