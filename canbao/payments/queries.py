"""Reads of payments, as frozen rows."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import F, Sum

from canbao.payments import charges
from canbao.payments.charges import ChargeRow
from canbao.payments.tables import Charge, ChargeShare


@dataclass(frozen=True, slots=True)
class ShareRow:
    """What one payer pays of a charge, as it stands now."""

    charge_id: UUID
    payer: str
    kind: str
    sub_ledger: str
    amount_fen: int
    evidence: str


def owed(person_ids: Iterable[UUID], year: int | None = None) -> list[ChargeRow]:
    """Charges of these persons, of one year or all, in the order of year and insurance; one statement."""
    found = Charge.here.filter(person_id__in=list(person_ids)).exclude(state="cancelled")
    if year is not None:
        found = found.filter(year=year)
    return charges.rows_of(found.order_by("year", "insurance", "id"))


def shares_of(charge_ids: Sequence[UUID]) -> list[ShareRow]:
    """The shares in force of these charges, the own one first; one statement."""
    found = ChargeShare.here.filter(
        charge_id__in=list(charge_ids), revision=F("charge__revision")
    ).order_by("id")
    return [
        ShareRow(*row)
        for row in found.values_list(
            "charge_id", "payer", "kind", "sub_ledger", "amount_fen", "evidence"
        )
    ]


def others_of(charge_ids: Sequence[UUID]) -> dict[UUID, int]:
    """What others pay in the person's stead (help, not the public subsidy), by charge; one statement."""
    found = (
        ChargeShare.here.filter(
            charge_id__in=list(charge_ids), revision=F("charge__revision"), kind="help"
        )
        .values("charge_id")
        .annotate(fen=Sum("amount_fen"))
    )
    return {one["charge_id"]: int(one["fen"]) for one in found}
