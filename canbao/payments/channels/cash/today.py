"""A collector's day that is still open: what was written since the last close, number by number."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import Count, Exists, Max, Min, OuterRef, Q, Sum
from django.db.models.functions import Coalesce

from canbao.kernel.actor import Actor
from canbao.payments.channels.cash.tables import CashDay
from canbao.payments.tables import Cancelled, Receipt


class Gone(NamedTuple):
    """A number that stands for no money: why, the reason given, and its receipt where there is one."""

    number: int
    why: str
    reason: str
    receipt_id: UUID | None


class Run(NamedTuple):
    """The first and the last receipt of one block."""

    first: int
    last: int


@dataclass(frozen=True, slots=True)
class Today:
    """What a collector has written in an insurance since the day closed before.

    `missing` counts the numbers between the first and the last of each block of which nobody knows what became.
    """

    insurance: str
    receipts: int
    runs: tuple[Run, ...]
    cancelled: int
    expected_fen: int
    oldest_on: datetime.date
    gone: tuple[Gone, ...] = ()
    missing: int = 0


def today_of(actor: Actor) -> list[Today]:
    """What a collector has written since the last close, by insurance; three statements, one where it is nothing."""
    closed = CashDay.here.filter(
        collector_id=actor.id, insurance=OuterRef("insurance"), day__gte=OuterRef("booked_on")
    )
    gone = Exists(Cancelled.here.filter(receipt_id=OuterRef("id")))
    found = list(
        Receipt.here.filter(~Exists(closed), collector_id=actor.id, channel="cash")
        .annotate(gone=gone)
        .values("insurance", "block_id")
        .annotate(
            receipts=Count("id"), first=Min("number"), last=Max("number"),
            cancelled=Count("id", filter=Q(gone=True)),
            fen=Coalesce(Sum("amount_fen", filter=Q(gone=False)), 0), oldest=Min("paid_on"),
        )
        .order_by("first")
    )  # fmt: skip
    if not found:
        return []
    begins: dict[UUID, int] = {}
    parts: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for one in found:
        begins[one["block_id"]] = min(one["first"], begins.get(one["block_id"], one["first"]))
        parts[one["insurance"]].append(one)
    since = Q()
    for block, begin in begins.items():
        since |= Q(block_id=block, number__gte=begin)
    gone_since = _gone(since)
    missing = _missing(since, begins, sum(one.receipt_id is None for _, _, one in gone_since))
    return [
        Today(
            insurance,
            sum(one["receipts"] for one in blocks),
            tuple(Run(one["first"], one["last"]) for one in blocks),
            sum(one["cancelled"] for one in blocks),
            sum(int(one["fen"]) for one in blocks),
            min(one["oldest"] for one in blocks),
            tuple(_of(insurance, blocks, gone_since)),
            missing,
        )
        for insurance, blocks in sorted(parts.items(), reverse=True)
    ]


def _gone(since: Q) -> list[tuple[UUID, str, Gone]]:
    """Numbers without money, each with its block and insurance, none for a sheet that never was a receipt; one statement."""
    found = Cancelled.here.filter(since).order_by("number")
    named = found.values_list(
        "block_id", "receipt__insurance", "number", "why", "reason", "receipt_id"
    )
    return [(block, insurance or "", Gone._make(rest)) for block, insurance, *rest in named]


def _of(
    insurance: str, blocks: list[dict[str, Any]], gone: list[tuple[UUID, str, Gone]]
) -> Iterator[Gone]:
    """Of these what an insurance's open receipts show; a sheet belongs to none and is shown with each."""
    last = {one["block_id"]: one["last"] for one in blocks}
    for block, of, one in gone:
        if not of or (of == insurance and one.number <= last.get(block, 0)):
            yield one


def _missing(since: Q, begins: Mapping[UUID, int], sheets: int) -> int:
    """How many numbers that were passed are neither a receipt nor told of; one statement."""
    found = Receipt.here.filter(since).values("block_id", "block__next").annotate(n=Count("id"))
    passed = sum(int(one["block__next"] - begins[one["block_id"]] - one["n"]) for one in found)
    return passed - sheets
