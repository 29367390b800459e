"""Matching the bank's lines with deposit slips: same account, same amount, and never by who had the cash."""

from __future__ import annotations

import datetime
from collections.abc import Collection, Iterable, Mapping
from typing import NamedTuple, Protocol
from uuid import UUID

from canbao.kernel import audit, clock, rows
from canbao.kernel.actor import Actor
from canbao.kernel.operation import operation
from canbao.kernel.taken import Outcome, Taken
from canbao.payments import accounts, ledger
from canbao.payments.banking import matched
from canbao.payments.banking.matched import LineRow
from canbao.payments.channels.cash.handing import ACCEPTED
from canbao.payments.channels.cash.queries import DepositLine
from canbao.payments.channels.cash.tables import Deposit, HandOver
from canbao.payments.ledger import CREDIT, DEBIT, Booking, Side


class DepositRow(NamedTuple):
    """A deposit as it is matched."""

    id: UUID
    account_id: UUID
    amount_fen: int
    paid_in_on: datetime.date
    office_id: UUID
    by_id: UUID
    banked_on: datetime.date | None


@operation
def match(actor: Actor, pairs: Mapping[UUID, UUID], *, at: clock.Instant) -> Outcome:
    """Say which line of the bank is which deposit: the money is in the bank.

    Refuses `not_finance`, `set_too_large`; per line `not_found`, `finance_closed_day`,
    `line_matched_already`, `line_differs`, `matched_by_collector`. Source: DOMAIN 6 (four eyes on cash).
    """
    taken = matched.begin(actor, pairs, at)
    deposits = deposits_of(actor, pairs.values())
    taken.keep("not_found", lambda one: pairs[one.id] in deposits)
    taken.keep(
        "line_matched_already",
        lambda one: one.matched_id is None and deposits[pairs[one.id]].banked_on is None,
    )
    taken.keep("line_differs", lambda one: fits(one, deposits[pairs[one.id]]))
    matched.once_each(taken, pairs)
    own = handled(actor, deposits.values())
    taken.keep("matched_by_collector", lambda one: pairs[one.id] not in own)
    if not taken.rows:
        return taken.outcome()
    _book(actor, taken, {one: deposits[pairs[one]] for one in taken.ids}, at)
    audit.record(
        actor, "bank_line.matched", taken.ids, at=at, kind="bank_line",
        facts=[{"deposit": pairs[one.id], "fen": one.amount_fen} for one in taken],
    )  # fmt: skip
    return taken.outcome()


def _book(
    actor: Actor, taken: Taken[LineRow], deposits: Mapping[UUID, DepositRow], at: clock.Instant
) -> None:
    on = clock.on(at)
    entries = ledger.book(
        actor,
        [
            Booking(
                "cash_banked", one.insurance, on,
                [
                    Side(accounts.BANK, DEBIT, one.amount_fen, channel="cash"),
                    Side(
                        accounts.transit_of(deposits[one.id].office_id), CREDIT, one.amount_fen,
                        channel="cash",
                    ),
                ],
                deposits[one.id].office_id,
            )
            for one in taken
        ],
        at,
    )  # fmt: skip
    matched.write(actor, matched.DEPOSIT, {one: deposits[one].id for one in taken.ids}, entries, on)
    rows.update(Deposit, [deposits[one].id for one in taken.ids], banked_on=on)


class Amount(Protocol):
    """An amount on an account of a bank, on one day."""

    @property
    def id(self) -> UUID:
        """Its id."""

    @property
    def account_id(self) -> UUID:
        """The account."""

    @property
    def amount_fen(self) -> int:
        """How much."""


def fits(line: Amount, deposit: Amount) -> bool:
    """Whether a line may be this deposit."""
    return (line.account_id, line.amount_fen) == (deposit.account_id, deposit.amount_fen)


def may_be(line: Amount, deposit: DepositLine) -> bool:
    """Whether a line may be this deposit, which no other line is yet."""
    return deposit.banked_on is None and fits(line, deposit)


def deposits_of(actor: Actor, ids: Iterable[UUID]) -> dict[UUID, DepositRow]:
    found = Deposit.here.filter(id__in=list(ids), insurance__in=sorted(actor.insurances))
    return {row[0]: DepositRow._make(row) for row in found.values_list(*DepositRow._fields)}


def handled(actor: Actor, deposits: Collection[DepositRow]) -> set[UUID]:
    """Of these deposits, those whose cash the actor collected, took over or paid in; one statement."""
    hands = _hands({one.office_id for one in deposits})
    return {
        one.id for one in deposits if actor.id == one.by_id or (one.office_id, actor.id) in hands
    }


def _hands(offices: set[UUID]) -> set[tuple[UUID, UUID]]:
    """(office, officer) of all who collected cash for these offices or took it over there; one statement."""
    found = HandOver.here.filter(office_id__in=offices, state=ACCEPTED).values_list(
        "office_id", "collector_id", "answered_by"
    )
    return {(office, one) for office, *both in found.distinct() for one in both}
