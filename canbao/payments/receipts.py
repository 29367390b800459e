"""Reads of receipts, for whoever may see them."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import Final, NamedTuple
from uuid import UUID

from django.db.models import Q

from canbao.kernel.actor import Actor, Role
from canbao.kernel.refusal import Refused
from canbao.payments.tables import Cancelled, PayerAnswer, Receipt, ReceiptLine

COUNTY_ROLES: Final = frozenset({Role.COUNTY, Role.FINANCE, Role.AUDITOR})


class ReceiptRow(NamedTuple):
    """A receipt as pages show it."""

    id: UUID
    block_id: UUID
    block__label: str
    number: int
    kind: str
    channel: str
    insurance: str
    payer_name: str
    household_number: str
    amount_fen: int
    given_fen: int
    paid_on: datetime.date
    booked_on: datetime.date
    collector_id: UUID
    collector_name: str
    from_paper: bool
    recorded_at: datetime.datetime

    @property
    def change_fen(self) -> int:
        """What was given back of the notes."""
        return max(0, self.given_fen - self.amount_fen)


class LineRow(NamedTuple):
    """One person on a receipt."""

    person__name: str
    year: int
    amount_fen: int
    others_fen: int


@dataclass(frozen=True, slots=True)
class ReceiptView:
    """A receipt with its lines, its negative document where there is one, and what the payer says."""

    row: ReceiptRow
    lines: list[LineRow]
    cancelled: tuple[str, str, datetime.datetime] | None
    right: bool | None


def receipt(actor: Actor, receipt_id: UUID) -> ReceiptView:
    """A receipt of the actor: as its collector, of the own villages, or of the county's insurances; four statements.

    Refuses `not_found`.
    """
    mine = Q(collector_id=actor.id)
    if actor.role in COUNTY_ROLES:
        mine |= Q(insurance__in=sorted(actor.insurances))
    elif actor.villages:
        mine |= Q(village__in=sorted(actor.villages))
    row = Receipt.here.filter(mine, id=receipt_id).values_list(*ReceiptRow._fields).first()
    if row is None:
        raise Refused("not_found")
    lines = ReceiptLine.here.filter(receipt_id=receipt_id).order_by("id")
    gone = Cancelled.here.filter(receipt_id=receipt_id).values_list("reason", "by_name", "at")
    said = PayerAnswer.here.filter(receipt_id=receipt_id).values_list("right", flat=True)
    return ReceiptView(
        ReceiptRow._make(row),
        list(map(LineRow._make, lines.values_list(*LineRow._fields))),
        gone.first(),
        said.first(),
    )
