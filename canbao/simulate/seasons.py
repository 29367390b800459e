"""A random season through the operations: charges, payments, changes, late and repeated acts, crashes.

Each act is a function with `@act(weight)`; a new kind of act is one more function. What an act may be refused
for is part of the play; anything else that is raised is a bug and ends the run.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from random import Random
from typing import Any, Final
from uuid import UUID

from django.db import connection

from canbao.kernel import clock, county, rows
from canbao.kernel.actor import Actor
from canbao.kernel.ids import new_id
from canbao.kernel.refusal import Refused
from canbao.kernel.taken import Outcome
from canbao.payments import asking, blocks, changing, season
from canbao.payments.asking import How, Said
from canbao.payments.blocks import BlockRow, Kind, Run
from canbao.payments.channels.cash import collecting
from canbao.payments.channels.cash.collecting import Ticket
from canbao.payments.charges import ChargeRow, rows_of
from canbao.payments.tables import Charge
from canbao.people import officers
from canbao.people.tables import Category, Person
from canbao.simulate import cast, insured, offices
from canbao.simulate.offices import Worker

MEDICAL: Final = insured.MEDICAL
_LARGEST_HOUSEHOLD: Final = 5
_BLOCK: Final = 200


class Crash(Exception):
    """The power goes off between two statements."""


@dataclass(slots=True)
class World:
    """A county in its season: who acts, what was done before, and the chance that drives it."""

    rng: Random
    finance: Actor
    collectors: Sequence[Actor]
    people: list[UUID]
    now: clock.Instant
    done: list[Callable[[], Outcome]] = field(default_factory=list)
    numbers: int = 1
    refused: dict[str, int] = field(default_factory=dict)

    @property
    def year(self) -> int:
        """The year that is charged."""
        return clock.on(self.now).year + 1

    def key(self) -> str:
        """A key that a seed makes again."""
        return f"{self.rng.getrandbits(128):032x}"

    def do(
        self, operation: Callable[..., Outcome], actor: Actor, *given: Any, **named: Any
    ) -> Outcome:
        """Do an act under a key and keep it, so that it may be repeated."""
        key, at = self.key(), self.now

        def again() -> Outcome:
            return operation(actor, *given, at=at, key=key, **named)

        self.done = [*self.done[-30:], again]
        return again()

    def note(self, code: str) -> None:
        """Count a refusal."""
        self.refused[code] = self.refused.get(code, 0) + 1


Act = Callable[[World], None]
ACTS: Final[dict[str, tuple[int, Act]]] = {}


def act(weight: int) -> Callable[[Act], Act]:
    """Make a function an act that happens so often."""

    def register(function: Act) -> Act:
        ACTS[function.__name__] = (weight, function)
        return function

    return register


def begin(seed: int, people: int, now: clock.Instant) -> World:
    """Make the county, its officers and everybody insured before; to be called inside it."""
    rng = Random(seed)
    workers = [
        *cast.WORKERS,
        Worker("luozhenbang", "罗振邦", "finance", MEDICAL),
        Worker("caiping", "蔡平", "finance", insured.PENSION),
    ]
    postings = offices.found(
        cast.CODE, cast.NAME, cast.TOWNSHIPS, cast.VILLAGES, workers, demo=True
    )
    on = clock.on(now)
    villages = [one.code for one in cast.VILLAGES]
    made = insured.settle(rng, people, villages, MEDICAL, on, now - datetime.timedelta(days=1))
    held = {login: officers.officer(login, one, on) for login, one in postings.items()}
    finance = held["luozhenbang"]
    assert finance is not None
    collectors = [actor for code in villages if (actor := held[cast.COORDINATOR[code]]) is not None]
    world = World(rng, finance, collectors, [one.person_id for one in made], now)
    charge(world)
    return world


def step(world: World, name: str = "") -> str:
    """Do one act, by chance where none is named; returns its name. A refusal is an answer like another."""
    names = list(ACTS)
    chosen = name or world.rng.choices(names, [ACTS[one][0] for one in names])[0]
    try:
        ACTS[chosen][1](world)
    except Refused as refused:
        world.note(refused.code)
    return chosen


@act(1)
def charge(world: World) -> None:
    """Finance starts the season, or a further round."""
    outcome = world.do(season.start, world.finance, MEDICAL, world.year)
    season.run(county.current(), outcome.done[0])


@act(60)
def pay(world: World) -> None:
    """A household pays in cash."""
    _collect(world, _some(world))


@act(6)
def pay_what_was_paid(world: World) -> None:
    """Money is offered for a year that may be paid, by a page that was opened before."""
    owed = _some(world, state="settled")
    _collect(world, owed, due={one.id: one.own_fen or 1 for one in owed})


@act(6)
def pay_a_wrong_sum(world: World) -> None:
    """A negative, an empty or a much too large amount."""
    owed = _some(world)
    wrong = world.rng.choice((-44_000, 0, 40_000_000))
    _collect(world, owed, due={one.id: wrong for one in owed})


@act(6)
def pay_late_on_paper(world: World) -> None:
    """A receipt written by hand some days ago is entered now."""
    days = datetime.timedelta(days=world.rng.randrange(0, 20))
    _collect(world, _some(world), paid_on=clock.on(world.now) - days)


@act(4)
def use_a_wrong_number(world: World) -> None:
    """A number is left out, used again, or taken from another collector's block."""
    collector = world.rng.choice(world.collectors)
    other = collector if world.rng.random() < 0.7 else world.rng.choice(world.collectors)  # noqa: PLR2004
    block = _block(world, other)
    number = block.next + world.rng.choice((-1, 0, 1, 7))
    if collector.id == other.id and number == block.next:
        number += 1
    owed = _some(world)
    ticket = Ticket(new_id(), number, "某某", {one.id: one.due_fen for one in owed})
    _told(world, world.do(collecting.collect, collector, block.id, [ticket]))


@act(10)
def do_it_again(world: World) -> None:
    """Something done before is sent again, with its key."""
    if world.done:
        _told(world, world.rng.choice(world.done)())


@act(10)
def crash(world: World) -> None:
    """The power goes off between two statements of a payment; it is sent again."""
    with _power_off(world.rng.randrange(1, 25)):
        try:
            pay(world)
        except Crash:
            world.note("crashed")
    if world.rng.random() < 0.8 and world.done:  # noqa: PLR2004 - some never come back
        _told(world, world.done[-1]())


@act(5)
def change_category(world: World) -> None:
    """Somebody is put on a list or leaves it, and finance corrects the charge."""
    person = world.rng.choice(world.people)
    on = clock.on(world.now)
    if world.rng.random() < 0.7:  # noqa: PLR2004 - more come than go
        rows.insert(
            Category, person_id=[person], code=world.rng.choice(insured.GROUPS), evidence="2026-11", from_on=on,
        )  # fmt: skip
    else:
        ended = on - datetime.timedelta(days=1)
        Category.here.filter(person_id=person, from_on__lt=ended).update(to_on=ended)
    wanted = list(Charge.here.filter(person_id=person).values_list("id", flat=True))
    _told(world, world.do(changing.reprice, world.finance, wanted))


@act(1)
def die(world: World) -> None:
    """Somebody dies."""
    Person.here.filter(id=world.rng.choice(world.people)).update(dead_on=clock.on(world.now))


@act(3)
def ask(world: World) -> None:
    """A village notes what somebody said."""
    owed = _some(world)
    collector = world.rng.choice(world.collectors)
    ids, on = [one.id for one in owed], clock.on(world.now)
    _told(world, world.do(asking.note, collector, ids, How.PHONE, Said.YEAR_END, on))


def _some(world: World, state: str = "open") -> list[ChargeRow]:
    """Charges of some people, of a household or from anywhere."""
    size = world.rng.randrange(1, _LARGEST_HOUSEHOLD)
    persons = [world.rng.choice(world.people) for _ in range(4 * size)]
    found = Charge.here.filter(person_id__in=persons, state=state).order_by("id")
    return rows_of(found[:size])


def _collect(
    world: World,
    owed: Sequence[ChargeRow],
    due: dict[UUID, int] | None = None,
    paid_on: datetime.date | None = None,
) -> None:
    collector = world.rng.choice(world.collectors)
    block = _block(world, collector)
    shown = {one.id: one.due_fen for one in owed} if due is None else due
    ticket = Ticket(new_id(), block.next, "某某", shown, 0, paid_on)
    _told(world, world.do(collecting.collect, collector, block.id, [ticket]))


def _block(world: World, collector: Actor) -> BlockRow:
    """The block in a collector's hands; finance issues the next where it is used up."""
    held = blocks.held_by(collector.id)
    if held:
        return held[0]
    first = world.numbers
    world.numbers += _BLOCK
    run = Run(f"{first}", Kind.ACKNOWLEDGEMENT, first, first + _BLOCK - 1, collector.id)
    blocks.issue(world.finance, [run], at=world.now, key=world.key())
    return blocks.held_by(collector.id)[0]


def _told(world: World, outcome: Outcome) -> None:
    for one in outcome.refused.values():
        world.note(one.code)


@contextmanager
def _power_off(after: int) -> Iterator[None]:
    """Raise before the statement of this number."""
    count = 0

    def wrapper(execute: Any, sql: Any, params: Any, many: Any, context: Any) -> Any:
        nonlocal count
        count += 1
        if count == after:
            raise Crash
        return execute(sql, params, many, context)

    with connection.execute_wrapper(wrapper):
        yield
