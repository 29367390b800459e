"""Receipts as their payers see them: lines, cancellation, what was answered, what became of an advance."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple
from uuid import UUID

from django.db.models import Exists, F, OuterRef, QuerySet, Sum

from canbao.payments import charges
from canbao.payments.tables import (
    AdvanceTurned,
    Cancelled,
    ChargeShare,
    PayerAnswer,
    Receipt,
    ReceiptLine,
    TaxReceipt,
)


class ReceiptRow(NamedTuple):
    """A receipt with the block its number comes from."""

    id: UUID
    number: int
    kind: str
    channel: str
    insurance: str
    payer_name: str
    village: str
    household_number: str
    amount_fen: int
    given_fen: int
    paid_on: datetime.date
    collector_id: UUID
    collector_name: str
    office_id: UUID | None
    office_name: str
    from_paper: bool
    token: str
    recorded_at: datetime.datetime
    label: str
    block_kind: str
    issuer_name: str
    seal_id: UUID | None


class LineRow(NamedTuple):
    """One person on a receipt."""

    receipt_id: UUID
    person_id: UUID
    charge_id: UUID | None
    subject_id: UUID
    year: int
    level: str
    due_fen: int
    others_fen: int
    amount_fen: int


class AnswerRow(NamedTuple):
    """What the payer said of a receipt, and what was found where it was a no."""

    right: bool
    how: str
    note: str
    at: datetime.datetime
    finding: str
    closed_by_name: str
    closed_at: datetime.datetime | None


class TurnedRow(NamedTuple):
    """What became of an advance: so much a payment, so much to be given back."""

    paid_fen: int
    back_fen: int


@dataclass(frozen=True, slots=True)
class ReceiptView:
    """Everything about one receipt."""

    receipt: ReceiptRow
    lines: Sequence[LineRow]
    cancelled_on: datetime.date | None
    cancelled_why: str
    tax_number: str
    answer: AnswerRow | None
    turned: TurnedRow | None


_RECEIPT: Final = (
    *ReceiptRow._fields[:-4], "block__label", "block__kind", "block__issuer_name", "block__seal_id",
)  # fmt: skip


def receipt(receipt_id: UUID) -> ReceiptView | None:
    """One receipt with its lines, whoever asks; six statements at most."""
    found = receipts_of(Receipt.here.filter(id=receipt_id))
    return _whole(found[0]) if found else None


def receipt_by_token(token: str) -> ReceiptView | None:
    """The receipt whose QR code carries this token; six statements at most."""
    found = receipts_of(Receipt.here.filter(token=token))
    return _whole(found[0]) if found else None


def receipts_of(found: QuerySet[Receipt]) -> list[ReceiptRow]:
    """Light rows of a query, newest first."""
    ordered = found.order_by("-paid_on", "-recorded_at", "-number")
    return list(map(ReceiptRow._make, ordered.values_list(*_RECEIPT)))


def receipts_for(person_ids: Iterable[UUID]) -> list[ReceiptRow]:
    """Receipts on which one of these persons stands, newest first; one statement."""
    lines = ReceiptLine.here.filter(person_id__in=list(person_ids)).values("receipt_id")
    return receipts_of(Receipt.here.filter(id__in=lines))


def unanswered(person_ids: Iterable[UUID]) -> ReceiptRow | None:
    """The latest receipt for one of these persons to which nobody has answered; one statement."""
    lines = ReceiptLine.here.filter(person_id__in=list(person_ids)).values("receipt_id")
    asked = Receipt.here.filter(
        ~Exists(PayerAnswer.here.filter(receipt_id=OuterRef("id"))),
        ~Exists(Cancelled.here.filter(receipt_id=OuterRef("id"))),
        id__in=lines,
    )
    return next(iter(receipts_of(asked)), None)


def lines_of(receipt_ids: Iterable[UUID]) -> list[LineRow]:
    """The lines of these receipts in their order; one statement."""
    found = ReceiptLine.here.filter(receipt_id__in=list(receipt_ids)).order_by("receipt_id", "id")
    return list(map(LineRow._make, found.values_list(*LineRow._fields)))


class PaidForRow(NamedTuple):
    """Somebody of a household for whom another payer pays all."""

    person_id: UUID
    year: int
    level: str
    help_fen: int


def paid_for(of: ReceiptRow, years: Sequence[int]) -> list[PaidForRow]:
    """Those of a receipt's household who owed nothing when it was written, since others pay; one statement."""
    if not of.household_number:
        return []
    found = (
        ChargeShare.here.filter(
            charge__village=of.village,
            charge__household_number=of.household_number,
            charge__insurance=of.insurance,
            charge__year__in=list(years),
            charge__own_fen=0,
            charge__made_at__lte=of.recorded_at,
            revision=F("charge__revision"),
            kind="help",
        )
        .exclude(charge__state=charges.State.CANCELLED)
        .values_list("charge__person_id", "charge__year", "charge__level")
        .annotate(fen=Sum("amount_fen"))
        .order_by("charge__person_id")
    )
    return [PaidForRow(*row) for row in found]


def cancelled_of(receipt_ids: Iterable[UUID]) -> dict[UUID, tuple[datetime.date, str]]:
    """Those of these receipts that were cancelled: the day and the reason; one statement."""
    found = Cancelled.here.filter(receipt_id__in=list(receipt_ids))
    return {
        one: (on, reason)
        for one, on, reason in found.values_list("receipt_id", "cancelled_on", "reason")
        if one is not None
    }


def answers_of(receipt_ids: Iterable[UUID]) -> Mapping[UUID, AnswerRow]:
    """What the payers said of these receipts; one statement."""
    found = PayerAnswer.here.filter(receipt_id__in=list(receipt_ids))
    return {
        row[0]: AnswerRow._make(row[1:])
        for row in found.values_list("receipt_id", *AnswerRow._fields)
    }


def _whole(row: ReceiptRow) -> ReceiptView:
    cancelled = cancelled_of([row.id]).get(row.id)
    tax = TaxReceipt.here.filter(receipt_id=row.id).values_list("number", flat=True).first()
    return ReceiptView(
        receipt=row,
        lines=lines_of([row.id]),
        cancelled_on=cancelled[0] if cancelled else None,
        cancelled_why=cancelled[1] if cancelled else "",
        tax_number=tax or "",
        answer=answers_of([row.id]).get(row.id),
        turned=_turned(row),
    )


def _turned(row: ReceiptRow) -> TurnedRow | None:
    if row.kind != "advance":
        return None
    sums = AdvanceTurned.here.filter(receipt_line__receipt_id=row.id).aggregate(
        paid=Sum("paid_fen"), back=Sum("back_fen")
    )
    return None if sums["paid"] is None else TurnedRow(int(sums["paid"]), int(sums["back"]))
