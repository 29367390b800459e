"""Money for a case that is still on its way: an advance now, the payment at the county's yes, or given back."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from uuid import UUID

from canbao.cases import door
from canbao.cases.door import CaseRow
from canbao.kernel import audit, clock, notices
from canbao.kernel import money as money_text
from canbao.kernel.actor import Actor
from canbao.kernel.operation import LARGEST_SET, operation
from canbao.kernel.refusal import Refused
from canbao.kernel.taken import Outcome, Taken
from canbao.payments import accounts, advances, blocks, receiving
from canbao.payments.blocks import BlockRow
from canbao.payments.channels.cash import collecting, days
from canbao.payments.channels.cash.collecting import Ticket
from canbao.payments.receiving import Kind, Line, Money
from canbao.payments.refunds import Reason
from canbao.people import queries as people


@operation
def take(actor: Actor, block_id: UUID, tickets: Sequence[Ticket], *, at: clock.Instant) -> Outcome:
    """Take cash for cases that are not decided yet; `due_fen` of a ticket maps cases to what was shown.

    Everybody may pay for the own household: nothing is decided here. Refuses the whole set:
    `not_collector`, `not_your_block`, `number_not_next`, `block_used_up`; per ticket:
    `nobody_to_pay_for`, `payer_missing`, `not_found`, `one_receipt_one_insurance`, `case_decided`,
    `paid_by_another`, `advance_taken_already`, `amount_changed`, `person_dead`, `not_collecting_now`,
    `too_little_given`, `too_much_given`, `date_in_future`, and what `collect` refuses of days. Source: DOMAIN 6 (village cash).
    """
    if actor.role not in days.COLLECTORS:
        raise Refused("not_collector")
    if len(tickets) > LARGEST_SET:
        raise Refused("set_too_large", largest=LARGEST_SET)
    cases = door.take(actor, {one for ticket in tickets for one in ticket.due_fen})
    block = blocks.take(actor, block_id)
    taken: Taken[Ticket] = Taken(tickets, ())
    guard(taken, cases, clock.on(at))
    collecting.guard_days(taken, cases, block, clock.on(at))
    if not taken.rows:
        return taken.outcome()
    blocks.expect(block, [one.number for one in taken])
    money = [_money(one, block, cases, clock.on(at)) for one in taken]
    blocks.advance(block, len(money))
    receiving.receive(actor, money, at)
    audit.record(
        actor, "advance.received", [one.id for one in money], at=at, kind="receipt",
        facts=[{"fen": one.amount_fen, "number": one.number} for one in money],
    )  # fmt: skip
    paid = [(line.subject_id, one) for one in money for line in one.lines]
    audit.record(
        actor, "case.advance_taken", [case for case, _ in paid], at=at,
        facts=[{"receipt": one.number} for _, one in paid],
    )  # fmt: skip
    _tell(cases, money, at)
    return taken.outcome(numbers={str(one.id): one.number for one in money})


def guard(taken: Taken[Ticket], cases: Taken[CaseRow], today: datetime.date) -> None:
    """What must hold before an advance is taken; the page asks the same to say why a line is grey."""
    collecting.keep_whole(taken, cases, today)
    collecting.each(
        taken, cases, "case_decided", lambda case, _: case.is_open and case.kind == "enrolment"
    )
    collecting.each(taken, cases, "paid_by_another", lambda case, _: case.own_fen > 0)
    held = {one.subject_id for one in advances.held(cases.ids)}
    collecting.each(taken, cases, "advance_taken_already", lambda case, _: case.id not in held)
    collecting.each(
        taken, cases, "amount_changed", lambda case, one: case.own_fen == one.due_fen[case.id]
    )
    collecting.keep_takeable(taken, cases, today)


def become_payment(
    actor: Actor, cases: Taken[CaseRow], opened: Sequence[UUID], at: clock.Instant
) -> None:
    """Pay the new charges of these cases with the advances held for them."""
    advances.turn(
        actor,
        {one: (cases[one].person_id, cases[one].insurance, cases[one].year) for one in opened},
        at,
    )


def fall_due(actor: Actor, why: Mapping[UUID, Reason], at: clock.Instant) -> None:
    """Make the advances of cases that came to nothing a refund due."""
    if why:
        advances.give_back(actor, why, at)


def _money(one: Ticket, block: BlockRow, cases: Taken[CaseRow], on: datetime.date) -> Money:
    held = [cases[case] for case in one.due_fen]
    return Money(
        id=one.id,
        block_id=block.id,
        number=one.number,
        kind=Kind.ADVANCE,
        channel=collecting.CHANNEL,
        insurance=held[0].insurance,
        payer_name=one.payer_name.strip(),
        village=held[0].village,
        household_number=held[0].household_number,
        lines=[
            Line(
                case.person_id, case.year, case.level, case.own_fen, case.own_fen,
                subject_id=case.id,
            )
            for case in held
        ],
        paid_on=one.paid_on or on,
        account=accounts.cash_of(block.holder_id),
        given_fen=one.given_fen,
        from_paper=one.paid_on is not None,
    )  # fmt: skip


def _tell(cases: Taken[CaseRow], money: Sequence[Money], at: clock.Instant) -> None:
    """Tell the phone of each case, or the person's own, and ask whether it is right."""
    phones = people.contacts_of({line.person_id for one in money for line in one.lines})
    told = sorted(
        {
            (contact, one.id, one.amount_fen, one.number)
            for one in money
            for line in one.lines
            for contact in (cases[line.subject_id].contact_id, phones.get(line.person_id))
            if contact is not None
        }
    )
    notices.tell(
        [contact for contact, *_ in told],
        "advance_received",
        at=at,
        kind="receipt",
        subjects=[receipt for _, receipt, *_ in told],
        facts=[{"yuan": money_text.in_yuan(fen), "number": number} for *_, fen, number in told],
    )
