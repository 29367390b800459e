"""Cash at the counter: one household, one ticket, the next number of the collector's own block."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Protocol, TypeVar
from uuid import UUID

from canbao.insured.facts import facts_of
from canbao.kernel import audit, clock, notices
from canbao.kernel import money as money_text
from canbao.kernel.actor import Actor
from canbao.kernel.operation import LARGEST_SET, operation
from canbao.kernel.refusal import Refused
from canbao.kernel.taken import Outcome, Taken
from canbao.payments import accounts, blocks, charges, receiving
from canbao.payments.blocks import BlockRow
from canbao.payments.channels.cash import days
from canbao.payments.charges import ChargeRow, State
from canbao.payments.queries import others_of
from canbao.payments.receiving import Kind, Line, Money
from canbao.people import queries as people
from canbao.policy import published

CHANNEL: Final = "cash"
# Nobody carries so much change: a sum that asks for more was mistyped.
CHANGE_MOST_FEN: Final = 500_000


@dataclass(frozen=True, slots=True)
class Ticket:
    """One receipt to be written: `due_fen` maps charges to what was shown as due; `id` is made by the caller.

    `paid_on` and `number` are as on the paper where the receipt was written by hand first. Where that
    day is closed already, `into_today` puts the money into today's cash; the paper's day stays noted.
    """

    id: UUID
    number: int
    payer_name: str
    due_fen: Mapping[UUID, int]
    given_fen: int = 0
    paid_on: datetime.date | None = None
    into_today: bool = False

    def booked_on(self, today: datetime.date) -> datetime.date:
        """The day whose cash the money lies in."""
        return today if self.into_today else self.paid_on or today


@operation
def collect(
    actor: Actor, block_id: UUID, tickets: Sequence[Ticket], *, at: clock.Instant
) -> Outcome:
    """Take cash for charges and write the next receipts of the collector's block.

    Each ticket is one insurance and stands or falls as a whole. Refuses the whole set: `not_collector`,
    `not_your_block`, `number_not_next` (a number left out or used), `block_used_up`; per ticket:
    `nobody_to_pay_for`, `payer_missing`, `not_found`, `one_receipt_one_insurance`, `paid_already`,
    `charge_cancelled`, `paid_by_another`, `amount_changed`, `person_dead`, `not_collecting_now`,
    `too_little_given`, `too_much_given`, `date_in_future`, `day_closed`, `today_closed`, `paper_before_block`,
    `paper_out_of_order`. Source: DOMAIN 5 (receipts), 6 (village cash).
    """
    if actor.role not in days.COLLECTORS:
        raise Refused("not_collector")
    if len(tickets) > LARGEST_SET:
        raise Refused("set_too_large", largest=LARGEST_SET)
    owed = charges.take(actor, {one for ticket in tickets for one in ticket.due_fen})
    # The charges come before the block in the order of locks; two cashiers meet at the charge.
    block = blocks.take(actor, block_id)
    taken: Taken[Ticket] = Taken(tickets, ())
    guard(taken, owed, clock.on(at))
    guard_days(taken, owed, block, clock.on(at))
    if not taken.rows:
        return taken.outcome()
    blocks.expect(block, [one.number for one in taken])
    on = clock.on(at)
    others = others_of([charge for one in taken for charge in one.due_fen])
    money = [_money(one, block, owed, others, on) for one in taken]
    blocks.advance(block, len(money))
    receiving.receive(actor, money, at)
    audit.record(
        actor, "payment.received", [one.id for one in money], at=at, kind="receipt",
        facts=[{"fen": one.amount_fen, "number": one.number} for one in money],
    )  # fmt: skip
    _ask(money, at)
    return taken.outcome(numbers={str(one.id): one.number for one in money})


class Owing(Protocol):
    """What money is asked for: a charge, or a case that has none yet."""

    @property
    def id(self) -> UUID:
        """Its id."""

    @property
    def person_id(self) -> UUID:
        """For whom it is paid."""

    @property
    def insurance(self) -> str:
        """Of which insurance."""

    @property
    def year(self) -> int:
        """For which year."""


W = TypeVar("W", bound=Owing)


def guard(taken: Taken[Ticket], owed: Taken[ChargeRow], today: datetime.date) -> None:
    """What must hold before money is taken; the page asks the same to say why a line is grey."""
    keep_whole(taken, owed, today)
    each(taken, owed, "charge_cancelled", lambda row, _: row.state != State.CANCELLED)
    each(taken, owed, "paid_by_another", lambda row, _: row.own_fen > 0)
    each(taken, owed, "paid_already", lambda row, _: row.state != State.SETTLED)
    each(taken, owed, "amount_changed", lambda row, one: row.due_fen == one.due_fen[row.id])
    keep_takeable(taken, owed, today)


def keep_whole(taken: Taken[Ticket], owed: Taken[W], today: datetime.date) -> None:
    """What must hold of a ticket, whatever it is paid for."""
    taken.keep("nobody_to_pay_for", lambda one: bool(one.due_fen))
    taken.keep("payer_missing", lambda one: bool(one.payer_name.strip()))
    taken.keep("date_in_future", lambda one: one.paid_on is None or one.paid_on <= today)
    taken.keep("not_found", lambda one: all(charge in owed.rows for charge in one.due_fen))
    taken.keep(
        "one_receipt_one_insurance", lambda one: len({owed[c].insurance for c in one.due_fen}) == 1
    )


def each(
    taken: Taken[Ticket], owed: Taken[W], code: str, holds: Callable[[W, Ticket], bool]
) -> None:
    """Refuse with this code the tickets of which some line does not hold; the facts name the lines."""
    taken.keep(
        code,
        lambda one: all(holds(owed[charge], one) for charge in one.due_fen),
        lambda one: {"charges": [str(c) for c in one.due_fen if not holds(owed[c], one)]},
    )


def keep_takeable(taken: Taken[Ticket], owed: Taken[W], today: datetime.date) -> None:
    """What must hold of the persons, the day and the notes before money is taken."""
    dead = people.dead({row.person_id for row in owed})
    each(taken, owed, "person_dead", lambda row, _: row.person_id not in dead)
    closed = _closed(owed, taken, today)
    each(
        taken,
        owed,
        "not_collecting_now",
        lambda row, one: (row.id, one.paid_on or today) not in closed,
    )
    taken.keep(
        "too_little_given",
        lambda one: not one.given_fen or one.given_fen >= sum(one.due_fen.values()),
    )
    taken.keep(
        "too_much_given",
        lambda one: one.given_fen - sum(one.due_fen.values()) <= CHANGE_MOST_FEN,
    )


def guard_days(taken: Taken[Ticket], owed: Taken[W], block: BlockRow, today: datetime.date) -> None:
    """A closed day takes no more money, and papers of a block follow each other in number and day."""
    if not taken.rows:
        return
    insurance = {one.id: owed[next(iter(one.due_fen))].insurance for one in taken}
    until = days.closed_until([block.holder_id], set(insurance.values()))

    def is_open(one: Ticket) -> bool:
        last = until.get((block.holder_id, insurance[one.id]), datetime.date.min)
        return one.booked_on(today) > last

    taken.keep("today_closed", lambda one: one.booked_on(today) != today or is_open(one))
    taken.keep("day_closed", is_open, lambda one: {"day": str(one.paid_on)})
    papers = [one for one in taken if one.paid_on is not None]
    if not papers:
        return
    issued_on, last_on = blocks.days_of(block)
    taken.keep("paper_before_block", lambda one: one.paid_on is None or one.paid_on >= issued_on)
    for one in papers:
        if one.id in taken.rows and one.paid_on is not None:
            if one.paid_on < last_on:
                taken.refuse(one.id, "paper_out_of_order", {"day": str(last_on)})
            last_on = max(last_on, one.paid_on)


def _closed(
    owed: Taken[W], taken: Taken[Ticket], today: datetime.date
) -> set[tuple[UUID, datetime.date]]:
    """(charge, day) on which its money is not taken; a newborn's window is open all year."""
    wanted = [(owed[c], one.paid_on or today) for one in taken for c in one.due_fen]
    rules = {
        pair: published.rules(*pair) for pair in {(row.insurance, row.year) for row, _ in wanted}
    }
    closed = [
        (row, day) for row, day in wanted if not rules[row.insurance, row.year].collects(day).takes
    ]
    facts = {
        insurance: facts_of([row.person_id for row, _ in closed], insurance)
        for insurance in {row.insurance for row, _ in closed}
    }
    return {
        (row.id, day)
        for row, day in closed
        if not rules[row.insurance, row.year]
        .collects(day, facts[row.insurance][row.person_id])
        .takes
    }


def _money(
    one: Ticket,
    block: BlockRow,
    owed: Taken[ChargeRow],
    others: Mapping[UUID, int],
    on: datetime.date,
) -> Money:
    held = [owed[charge] for charge in one.due_fen]
    return Money(
        id=one.id,
        block_id=block.id,
        number=one.number,
        kind=Kind.PAYMENT,
        channel=CHANNEL,
        insurance=held[0].insurance,
        payer_name=one.payer_name.strip(),
        village=held[0].village,
        household_number=held[0].household_number,
        lines=[
            Line(
                row.person_id, row.year, row.level, row.due_fen, row.due_fen,
                others.get(row.id, 0), row,
            )
            for row in held
        ],
        paid_on=one.paid_on or on,
        account=accounts.cash_of(block.holder_id),
        given_fen=one.given_fen,
        from_paper=one.paid_on is not None,
        booked_on=one.booked_on(on),
    )  # fmt: skip


def _ask(money: Sequence[Money], at: clock.Instant) -> None:
    """Tell everybody for whom was paid, and who has a phone, and ask whether it is right."""
    phones = people.contacts_of({line.person_id for one in money for line in one.lines})
    told = [
        (contact, one)
        for one in money
        for contact in sorted(
            {phones[line.person_id] for line in one.lines if line.person_id in phones}
        )
    ]
    notices.tell(
        [contact for contact, _ in told],
        "payment_received",
        at=at,
        kind="receipt",
        subjects=[one.id for _, one in told],
        facts=[
            {"yuan": money_text.in_yuan(one.amount_fen), "number": one.number} for _, one in told
        ],
    )
