"""Which lines of receipts brought the money of a charge, and how much of each is not given back yet."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import Exists, F, OuterRef, QuerySet, Subquery, Sum, UUIDField
from django.db.models.functions import Coalesce

from canbao.payments.refunds import State
from canbao.payments.tables import AdvanceTurned, Cancelled, ReceiptLine, RefundDue


class Brought(NamedTuple):
    """A line of a receipt, the charge it paid into, directly or as an advance, and the fen left of that."""

    id: UUID
    receipt_id: UUID
    receipt_number: int
    charge_id: UUID
    left_fen: int


def into(charge_ids: Iterable[UUID], but: Collection[UUID] = ()) -> dict[UUID, list[Brought]]:
    """The lines with something left that paid into these charges, by charge, the newest first; one statement.

    Receipts that were cancelled brought nothing; refunds that were taken back, and those of `but`, gave
    nothing back.
    """
    ids = list(charge_ids)
    turned = AdvanceTurned.here.filter(receipt_line_id=OuterRef("id"), charge_id__in=ids)
    gone = Cancelled.here.filter(receipt_id=OuterRef("receipt_id"))
    given = (
        RefundDue.here.filter(receipt_line_id=OuterRef("id"))
        .exclude(charge=None)
        .exclude(state=State.TAKEN_BACK)
        .exclude(id__in=list(but))
    )
    lines = (
        ReceiptLine.here.filter(~Exists(gone))
        .annotate(
            into=Coalesce(
                "charge_id", Subquery(turned.values("charge_id")[:1]), output_field=UUIDField()
            ),
            brought=Coalesce(Subquery(turned.values("paid_fen")[:1]), "amount_fen"),
            given=Coalesce(
                Subquery(given.values("receipt_line_id").annotate(fen=Sum("amount_fen")).values("fen")),
                0,
            ),
        )
        .filter(id__in=_paid_into(ids), brought__gt=F("given"))
        .order_by("-receipt__paid_on", "-id")
    )  # fmt: skip
    found: dict[UUID, list[Brought]] = defaultdict(list)
    for one, receipt, number, charge, brought, back in lines.values_list(
        "id", "receipt_id", "receipt__number", "into", "brought", "given"
    ):
        found[charge].append(Brought(one, receipt, number, charge, brought - back))
    return dict(found)


def _paid_into(ids: list[UUID]) -> QuerySet[Any, Any]:
    # A union, since two conditions joined by OR would read every line there is.
    turned = AdvanceTurned.here.filter(charge_id__in=ids).values("receipt_line_id")
    return ReceiptLine.here.filter(charge_id__in=ids).values("id").union(turned)
