"""The counter: charges, money taken rightly, wrongly, late and twice, receipts taken back, what payers say."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Final
from uuid import UUID

from canbao.kernel import county
from canbao.kernel.actor import Actor
from canbao.kernel.ids import new_id
from canbao.payments import answering, answers, asking, blocks, season
from canbao.payments.asking import How, Said
from canbao.payments.blocks import BlockRow, Kind, Run
from canbao.payments.channels.cash import cancelling, collecting
from canbao.payments.channels.cash.cancelling import Sheet, Why
from canbao.payments.channels.cash.collecting import Ticket
from canbao.payments.charges import ChargeRow, State, rows_of
from canbao.payments.tables import Cancelled, Charge, PayerAnswer, Receipt
from canbao.people import officers
from canbao.people import queries as people
from canbao.simulate.season.world import OFTEN, World, act

_BLOCK: Final = 200
_PAYER: Final = "某某"


@act(1)
def charge(world: World) -> None:
    """Finance starts the season of an insurance, or a further round of it."""
    start(world, world.insurance())


def start(world: World, insurance: str) -> None:
    """Charge everybody insured before."""
    outcome = world.do(season.start, world.finance(insurance), insurance, world.year(insurance))
    season.run(county.current(), outcome.done[0])


@act(60)
def pay(world: World) -> None:
    """Households pay in cash, each with one ticket."""
    collect(world, owed(world))


@act(5)
def pay_what_was_paid(world: World) -> None:
    """Money is offered for a year that may be paid, by a page that was opened before."""
    found = owed(world, State.SETTLED, most=1)
    collect(world, found, due={one.id: one.own_fen or 1 for one in found})


@act(5)
def pay_a_wrong_sum(world: World) -> None:
    """A negative, an empty or a much too large amount."""
    found = owed(world, most=1)
    wrong = world.rng.choice((-44_000, 0, 40_000_000))
    collect(world, found, due={one.id: wrong for one in found})


@act(5)
def pay_late_on_paper(world: World) -> None:
    """Receipts written by hand some days ago are entered now, a closed day's money into today's cash."""
    days = datetime.timedelta(days=world.rng.choice((0, 0, 1, 3, 20)))
    collect(world, owed(world, most=1), paid_on=world.on - days, into_today=world.maybe(0.5))


@act(4)
def use_a_wrong_number(world: World) -> None:
    """A number is left out, used again, or taken from another collector's block."""
    collector = world.rng.choice(world.collectors)
    other = collector if world.maybe(OFTEN) else world.rng.choice(world.collectors)
    block = block_of(world, other)
    number = block.next + world.rng.choice((-1, 0, 1, 7))
    if collector.id == other.id and number == block.next:
        number += 1
    found = owed(world, most=1)
    ticket = Ticket(new_id(), number, _PAYER, {one.id: one.due_fen for one in found})
    world.do(collecting.collect, collector, block.id, [ticket])


@act(6)
def cancel(world: World) -> None:
    """Receipts are taken back, by whoever wrote them, by finance, or by somebody who may not."""
    held = Receipt.here.order_by("-id")
    if world.maybe(0.8):
        gone = Cancelled.here.exclude(receipt=None).values("receipt_id")
        held = held.filter(booked_on=world.on).exclude(id__in=gone)
    found = list(held.values_list("id", "collector_id", "insurance")[:200])
    if not found:
        return
    _, collector, insurance = world.rng.choice(found)
    mine = [one for one, by, _ in found if by == collector]
    writer = next(one for one in world.collectors if one.id == collector)
    actors = (writer, writer, world.finance(insurance), world.rng.choice(world.collectors))
    reasons = dict.fromkeys(world.some(mine, max(1, world.size // 10)), "写错人")
    world.do(cancelling.cancel, world.rng.choice(actors), reasons)


@act(2)
def spoil(world: World) -> None:
    """A sheet is spoilt or lost."""
    collector = world.rng.choice(world.collectors)
    block = block_of(world, collector)
    sheet = Sheet(block.next, world.rng.choice((Why.SPOILT, Why.LOST)), "雨淋了")
    world.do(cancelling.account_for, collector, block.id, [sheet])


@act(1)
def give_back_block(world: World) -> None:
    """A collector gives the rest of a block back, and is issued another."""
    collector = world.rng.choice(world.collectors)
    world.do(blocks.give_back, collector, block_of(world, collector).id)


@act(3)
def answer(world: World) -> None:
    """A payer says whether a receipt is right, with nothing but the receipt in hand."""
    found = list(Receipt.here.order_by("-id").values_list("id", "token")[:50])
    if found:
        one, token = world.rng.choice(found)
        right = world.maybe(0.5)
        world.do(answering.answer_in_hand, officers.bearer(one), token, right, "我没交这么多")


@act(3)
def close_denial(world: World) -> None:
    """Finance closes a denial with what was found out."""
    found = PayerAnswer.here.filter(right=False).values_list("id", "receipt__insurance")
    for one, insurance in world.some(list(found), 1)[:1]:
        world.do(answers.close, world.finance(insurance), one, "收据无误")


@act(2)
def ask(world: World) -> None:
    """A village notes what somebody said who has not paid."""
    found = owed(world, most=1)
    collector = world.rng.choice(world.collectors)
    ids = [one.id for one in found]
    world.do(asking.note, collector, ids, How.PHONE, Said.YEAR_END, world.on)


def owed(world: World, state: State = State.OPEN, most: int = 0) -> list[ChargeRow]:
    """Charges of some households of one insurance; of the dead only now and then."""
    persons = set(world.persons(world.insurance(), most))
    if world.maybe(0.9):
        persons -= people.dead(persons).keys()
    return rows_of(Charge.here.filter(person_id__in=persons, state=state).order_by("id"))


def collect(
    world: World,
    found: Sequence[ChargeRow],
    due: Mapping[UUID, int] | None = None,
    paid_on: datetime.date | None = None,
    *,
    into_today: bool = False,
) -> None:
    """Take the money of these charges, one ticket a household, sometimes one for all of them."""
    collector = world.rng.choice(world.collectors)
    block = block_of(world, collector)
    homes: dict[str, dict[UUID, int]] = defaultdict(dict)
    apart = world.maybe(0.9)
    for one in found:
        shown = one.due_fen if due is None else due[one.id]
        homes[one.household_number if apart else ""][one.id] = shown
    left = block.last - block.next + 1
    tickets = [
        Ticket(new_id(), number, _PAYER, home, 0, paid_on, into_today)
        for number, home in enumerate(list(homes.values())[:left], block.next)
    ]
    world.do(collecting.collect, collector, block.id, tickets)


def block_of(world: World, collector: Actor) -> BlockRow:
    """The block in a collector's hands; finance issues the next where it is used up."""
    held = blocks.held_by(collector.id)
    if held:
        return held[0]
    first, many = world.numbers, max(_BLOCK, 20 * world.size)
    world.numbers += many
    run = Run(f"{first}", Kind.ACKNOWLEDGEMENT, first, first + many - 1, collector.id)
    issued = world.now - datetime.timedelta(days=3)
    blocks.issue(world.actors["luozhenbang"], [run], at=issued, key=world.key())
    return blocks.held_by(collector.id)[0]
