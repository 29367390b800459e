"""What every channel does with money that came: receipts with their lines, the book, and the charges paid."""

from __future__ import annotations

import datetime
import secrets as randomness
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final
from uuid import UUID

from canbao.insured import crediting
from canbao.kernel import clock, rows
from canbao.kernel.actor import Actor
from canbao.payments import accounts, charges, ledger
from canbao.payments.charges import ChargeRow
from canbao.payments.ledger import CREDIT, DEBIT, Booking, Side
from canbao.payments.tables import NOBODY, Receipt, ReceiptLine

PENSION: Final = "170"
OWN: Final = "own"


class Kind(StrEnum):
    """What a receipt is for: a charge, or an advance for a case that is not decided yet."""

    PAYMENT = "payment"
    ADVANCE = "advance"


@dataclass(frozen=True, slots=True)
class Line:
    """One person on a receipt: what is due, what others pay, and what is paid now, in fen."""

    person_id: UUID
    year: int
    level: str
    due_fen: int
    amount_fen: int
    others_fen: int = 0
    charge: ChargeRow | None = None
    subject_id: UUID = NOBODY


@dataclass(frozen=True, slots=True)
class Money:
    """One receipt to be: numbers and payer, the lines it holds, and where the money went."""

    id: UUID
    block_id: UUID
    number: int
    kind: Kind
    channel: str
    insurance: str
    payer_name: str
    village: str
    household_number: str
    lines: Sequence[Line]
    paid_on: datetime.date
    account: str
    given_fen: int = 0
    from_paper: bool = False
    # The day whose cash it lies in, where that is not the day it was paid.
    booked_on: datetime.date | None = None

    @property
    def amount_fen(self) -> int:
        """The sum of the lines."""
        return sum(line.amount_fen for line in self.lines)


def receive(actor: Actor, money: Sequence[Money], at: clock.Instant) -> None:
    """Write receipts, their lines and entries, and pay the charges they name, all of them taken before.

    Own money of the pension goes into the personal account. Eight statements and those of `charges.pay`.
    """
    stamp = actor.stamp(at)
    entries = ledger.book(actor, [_booking(one, stamp["office_id"]) for one in money], at)
    rows.insert(
        Receipt,
        id=[one.id for one in money],
        block_id=[one.block_id for one in money],
        number=[one.number for one in money],
        kind=[one.kind for one in money],
        channel=[one.channel for one in money],
        insurance=[one.insurance for one in money],
        payer_name=[one.payer_name for one in money],
        village=[one.village for one in money],
        household_number=[one.household_number for one in money],
        amount_fen=[one.amount_fen for one in money],
        given_fen=[one.given_fen for one in money],
        paid_on=[one.paid_on for one in money],
        booked_on=[one.booked_on or one.paid_on for one in money],
        collector_id=stamp["acted_by"],
        collector_name=stamp["acted_by_name"],
        office_id=stamp["office_id"],
        office_name=stamp["office_name"],
        from_paper=[one.from_paper for one in money],
        entry_id=entries,
        token=[randomness.token_urlsafe(16) for _ in money],
        recorded_by=actor.id,
        recorded_at=at,
    )
    lines = [(one, line) for one in money for line in one.lines]
    rows.insert(
        ReceiptLine,
        receipt_id=[one.id for one, _ in lines],
        person_id=[line.person_id for _, line in lines],
        charge_id=[line.charge.id if line.charge else None for _, line in lines],
        subject_id=[line.subject_id for _, line in lines],
        year=[line.year for _, line in lines],
        level=[line.level for _, line in lines],
        due_fen=[line.due_fen for _, line in lines],
        others_fen=[line.others_fen for _, line in lines],
        amount_fen=[line.amount_fen for _, line in lines],
    )
    paid = [(one, line, line.charge) for one, line in lines if line.charge is not None]
    if paid:
        charges.pay(
            [charge for *_, charge in paid],
            [line.amount_fen for _, line, _ in paid],
            [one.paid_on for one, *_ in paid],
            at,
        )
    credit(
        (line.person_id, line.amount_fen)
        for one, line in lines
        if one.insurance == PENSION and line.charge is not None
    )


def credit(own: Iterable[tuple[UUID, int]]) -> None:
    """Put own pension money into the personal accounts; somebody who paid twice gets the sum."""
    sums: dict[UUID, int] = {}
    for person, fen in own:
        sums[person] = sums.get(person, 0) + fen
    if sums:
        crediting.credit(sums, OWN)


def _booking(one: Money, office_id: UUID | None) -> Booking:
    account = accounts.PREMIUM if one.kind is Kind.PAYMENT else accounts.ADVANCE
    own = OWN if one.insurance == PENSION else ""
    return Booking(
        kind=f"{one.channel}_{one.kind}",
        insurance=one.insurance,
        effective_on=one.booked_on or one.paid_on,
        office_id=office_id,
        sides=[
            Side(one.account, DEBIT, one.amount_fen, receipt_id=one.id, channel=one.channel),
            *(
                Side(
                    account, CREDIT, line.amount_fen, own, line.person_id, line.year, one.id,
                    one.channel,
                )
                for line in one.lines
            ),
        ],
    )  # fmt: skip
