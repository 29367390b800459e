"""Reads of payments, as frozen rows."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from django.db.models import Count, Exists, F, OuterRef, Q

from canbao.kernel import bulk, part
from canbao.kernel.actor import Actor
from canbao.kernel.part import Part
from canbao.payments import charges
from canbao.payments.charges import ChargeRow
from canbao.payments.tables import (
    Block,
    Cancelled,
    Charge,
    ChargeShare,
    Receipt,
)
from canbao.policy import published

MOST_BLOCKS: Final = 500
# Asked by every payment.
_OTHERS: Final = """
SELECT charge_id, sum(amount_fen) FROM charge_share
JOIN charge ON charge.county = charge_share.county AND charge.id = charge_share.charge_id
    AND charge.revision = charge_share.revision
WHERE charge_share.county = %(county)s AND charge_share.charge_id = ANY(%(charges)s) AND kind = 'help'
GROUP BY charge_id
"""
_BLOCK: Final = (
    "id", "label", "kind", "first", "last", "next", "holder_name", "issued_at", "returned_at",
)  # fmt: skip


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


def charged(person_ids: Iterable[UUID]) -> list[ChargeRow]:
    """The same with what was cancelled; one statement."""
    found = Charge.here.filter(person_id__in=list(person_ids))
    return charges.rows_of(found.order_by("year", "insurance", "id"))


_levels: dict[tuple[str, str], tuple[str, str]] = {}


def level_name(charge: ChargeRow, language: str) -> str:
    """The level's name in the pack that priced the charge; read once for each pack."""
    return name_of_level(charge.insurance, charge.year, charge.pack_sha256, charge.level, language)


def name_of_level(insurance: str, year: int, pack: str, level: str, language: str) -> str:
    """A level's name in a pack; read once for each pack."""
    known = _levels.get((pack, level))
    if known is None:
        found = published.rules(insurance, year).definitions.get(level)
        known = (found.name.zh, found.name.en) if found else (level, level)
        _levels[pack, level] = known
    return known[0] if language.startswith("zh") else known[1]


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
    found = bulk.fetch(_OTHERS, charges=list(charge_ids))
    return {charge: int(fen) for charge, fen in found}


@dataclass(frozen=True, slots=True)
class BlockLine:
    """A block with how its numbers are accounted for."""

    id: UUID
    label: str
    kind: str
    first: int
    last: int
    next: int
    holder_name: str
    issued_at: datetime.datetime
    returned_at: datetime.datetime | None
    used: int
    cancelled: int
    spoilt: int
    lost: int
    repeats: int

    @property
    def unused(self) -> int:
        """Numbers not reached yet."""
        return self.last - self.next + 1

    @property
    def gaps(self) -> int:
        """Numbers passed without a receipt or a word."""
        known = self.used + self.cancelled + self.spoilt + self.lost - self.repeats
        return self.next - self.first - known


def blocks_of(actor: Actor, holder_id: UUID | None = None) -> Part[BlockLine]:
    """Blocks that the actor's office issued, or of one collector; gaps and repeats are counted. Three statements."""
    found = Block.here.order_by("returned_at", "-issued_at", "label")
    found = (
        found.filter(holder_id=holder_id)
        if holder_id is not None
        else found.filter(issuer_office_id=actor.office_id)
    )
    held = part.first(found, _BLOCK, MOST_BLOCKS, tuple)
    ids = [row[0] for row in held]
    used = dict(
        Receipt.here.filter(block_id__in=ids)
        .values_list("block_id")
        .annotate(Count("number", distinct=True))
    )
    written = Cancelled.here.filter(block_id__in=ids)
    counts = {
        one["block_id"]: one
        for one in written.values("block_id").annotate(
            cancelled=Count("id", filter=Q(receipt__isnull=False)),
            spoilt=Count("id", filter=Q(receipt__isnull=True, why="spoilt")),
            lost=Count("id", filter=Q(receipt__isnull=True, why="lost")),
            repeats=Count("id", filter=Q(Exists(_same_number()), receipt__isnull=True)),
        )
    }
    return held.like(_block(row, used.get(row[0], 0), counts.get(row[0], {})) for row in held)


def _block(row: Sequence[Any], written: int, counts: Mapping[str, int]) -> BlockLine:
    cancelled, spoilt, lost, repeats = (
        counts.get(name, 0) for name in ("cancelled", "spoilt", "lost", "repeats")
    )
    known = dict(zip(_BLOCK, row, strict=True))
    return BlockLine(
        **known, used=written - cancelled, cancelled=cancelled, spoilt=spoilt, lost=lost,
        repeats=repeats,
    )  # fmt: skip


def _same_number() -> Any:
    """Receipts with the number of a sheet that was said to be no receipt."""
    return Receipt.here.filter(block_id=OuterRef("block_id"), number=OuterRef("number"))


@dataclass(frozen=True, slots=True)
class NumberRow:
    """One number of a block: used, cancelled, spoilt, lost, unused, or wrong: a gap or a repeat."""

    number: int
    state: str
    receipt_id: UUID | None = None
    payer_name: str = ""
    amount_fen: int = 0
    on: datetime.date | None = None
    reason: str = ""


def accounting(block_id: UUID, start: int = 0, size: int = 10_000) -> list[NumberRow]:
    """A block's numbers one by one, from a number on; three statements."""
    block = Block.here.filter(id=block_id).values_list("first", "last", "next").first()
    if block is None:
        return []
    first, last, following = block
    begin = max(first, start)
    end = min(last, begin + size - 1)
    receipts = {
        row[0]: row[1:]
        for row in Receipt.here.filter(block_id=block_id, number__range=(begin, end)).values_list(
            "number", "id", "payer_name", "amount_fen", "paid_on"
        )
    }
    said = {
        row[0]: row[1:]
        for row in Cancelled.here.filter(block_id=block_id, number__range=(begin, end)).values_list(
            "number", "why", "receipt_id", "reason", "cancelled_on"
        )
    }
    return [
        _number(number, following, receipts.get(number), said.get(number))
        for number in range(begin, end + 1)
    ]


def _number(
    number: int, following: int, receipt: tuple[Any, ...] | None, said: tuple[Any, ...] | None
) -> NumberRow:
    if receipt is None:
        if said is not None:
            return NumberRow(number, said[0], reason=said[2], on=said[3])
        return NumberRow(number, "gap" if number < following else "unused")
    one, payer, fen, on = receipt
    state = "used" if said is None else "cancelled" if said[1] == one else "repeat"
    return NumberRow(number, state, one, payer, fen, on, said[2] if said else "")
