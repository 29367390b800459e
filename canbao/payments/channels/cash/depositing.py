"""Paying in at the bank: what the township office carries there, by the bank's deposit slip."""

from __future__ import annotations

import datetime
from typing import Final
from uuid import UUID

from canbao.kernel import audit, clock, rows
from canbao.kernel import money as money_text
from canbao.kernel.actor import Actor, Role
from canbao.kernel.operation import CONSTRAINTS, operation
from canbao.kernel.refusal import Refused
from canbao.kernel.taken import Outcome
from canbao.payments import accounts, ledger
from canbao.payments.banking import agency
from canbao.payments.channels.cash import days
from canbao.payments.channels.cash.tables import Deposit
from canbao.payments.ledger import CREDIT, DEBIT, Booking, Side

CONSTRAINTS["deposit_slip_once"] = "slip_number_known"
LONGEST_NUMBER: Final = 40


@operation
def pay_in(
    actor: Actor, account_id: UUID, slip_number: str, amount_fen: int, paid_in_on: datetime.date,
    *, at: clock.Instant,
) -> Outcome:  # fmt: skip
    """Note that cash from the safe was paid in at the bank; it is on the way until the bank's line is found.

    Refuses `not_cashier`, `no_bank_account`, `slip_number_missing`, `date_in_future`, `date_long_ago`, `amount_unclear`,
    `more_than_in_safe`, `slip_number_known`, `finance_closed_day`. Source: DOMAIN 6 (township to bank).
    """
    if actor.role is not Role.TOWNSHIP or actor.office_id is None:
        raise Refused("not_cashier")
    known = {one.id: one for one in agency.accounts_of(actor.insurances)}
    if account_id not in known:
        raise Refused("no_bank_account")
    number = slip_number.strip()[:LONGEST_NUMBER]
    if not number:
        raise Refused("slip_number_missing")
    on = clock.on(at)
    if paid_in_on > on:
        raise Refused("date_in_future")
    if clock.long_ago(paid_in_on, on):
        raise Refused("date_long_ago")
    if amount_fen <= 0:
        raise Refused("amount_unclear")
    insurance = known[account_id].insurance
    agency.hold(insurance)
    days.require_open(insurance, on)
    safe = accounts.cashier_of(actor.office_id)
    held = ledger.balances([safe]).get((safe, insurance), 0)
    if amount_fen > held:
        raise Refused("more_than_in_safe", held=money_text.in_yuan(held))
    sides = [
        Side(accounts.transit_of(actor.office_id), DEBIT, amount_fen, channel="cash"),
        Side(safe, CREDIT, amount_fen, channel="cash"),
    ]
    booking = Booking("cash_deposit", insurance, on, sides, actor.office_id)
    [entry] = ledger.book(actor, [booking], at)
    ids = rows.insert(
        Deposit, account_id=account_id, insurance=insurance, office_id=actor.office_id,
        office_name=actor.office_name, slip_number=number, paid_in_on=paid_in_on,
        amount_fen=amount_fen, booked_on=on, by_id=actor.id, by_name=actor.name, at=at,
        entry_id=entry,
    )  # fmt: skip
    audit.record(actor, "deposit.paid_in", ids, at=at, kind="deposit", facts={"fen": amount_fen})
    return Outcome(tuple(ids))
