"""The book: double entry, whole fen, only insert. Entries balance, and are reversed by new ones."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from django.db.models import F, Sum

from canbao.kernel import clock, rows
from canbao.kernel.actor import Actor
from canbao.kernel.ids import new_ids
from canbao.kernel.operation import CONSTRAINTS
from canbao.payments.tables import Entry, LedgerPosting

DEBIT: Final = 1
CREDIT: Final = -1
CONSTRAINTS["entry_reversed_once"] = "reversed_already"


@dataclass(frozen=True, slots=True)
class Side:
    """One posting to be: debit or credit of an account by so many fen, and what it is about."""

    account: str
    side: int
    fen: int
    sub_ledger: str = ""
    person_id: UUID | None = None
    year: int | None = None
    receipt_id: UUID | None = None
    channel: str = ""


@dataclass(frozen=True, slots=True)
class Booking:
    """One entry to be, of one insurance. Sides of nothing are left out."""

    kind: str
    insurance: str
    effective_on: datetime.date
    sides: Sequence[Side]
    office_id: UUID | None = None
    reverses: UUID | None = None


def book(actor: Actor, bookings: Sequence[Booking], at: clock.Instant) -> list[UUID]:
    """Write entries with all their postings, two statements; returns their ids.

    Raises ValueError for an entry that does not balance, which is a mistake of the caller; the database
    refuses it too.
    """
    ids = new_ids(len(bookings))
    for one in bookings:
        if sum(side.side * side.fen for side in one.sides) != 0:
            raise ValueError(f"{one.kind}: the entry does not balance")
    rows.insert(
        Entry,
        id=ids,
        kind=[one.kind for one in bookings],
        office_id=[one.office_id for one in bookings],
        effective_on=[one.effective_on for one in bookings],
        booked_at=at,
        reverses=[one.reverses for one in bookings],
        by_id=actor.id,
    )
    sides = [
        (entry, one, side)
        for entry, one in zip(ids, bookings, strict=True)
        for side in one.sides
        if side.fen
    ]
    rows.insert(
        LedgerPosting,
        entry_id=[entry for entry, *_ in sides],
        account=[side.account for *_, side in sides],
        insurance=[one.insurance for _, one, _ in sides],
        side=[side.side for *_, side in sides],
        amount_fen=[side.fen for *_, side in sides],
        sub_ledger=[side.sub_ledger for *_, side in sides],
        person_id=[side.person_id for *_, side in sides],
        year=[side.year for *_, side in sides],
        receipt_id=[side.receipt_id for *_, side in sides],
        channel=[side.channel for *_, side in sides],
        effective_on=[one.effective_on for _, one, _ in sides],
    )
    return ids


def reverse(
    actor: Actor, entries: Mapping[UUID, str], on: datetime.date | None, at: clock.Instant
) -> list[UUID]:
    """Write for each of these entries one that takes it back, of the kind given; three statements.

    Without a day each is taken back on its own.
    """
    found: dict[UUID, list[Side]] = {one: [] for one in entries}
    about: dict[UUID, tuple[str, UUID | None, datetime.date]] = {}
    held = LedgerPosting.here.filter(entry_id__in=list(entries)).order_by("id")
    for entry, insurance, office, day, *side in held.values_list(
        "entry_id", "insurance", "entry__office_id", "effective_on", "account", "side", "amount_fen", "sub_ledger",
        "person_id", "year", "receipt_id", "channel",
    ):  # fmt: skip
        account, sign, *rest = side
        found[entry].append(Side(account, -sign, *rest))
        about[entry] = (insurance, office, on or day)
    return book(
        actor,
        [
            Booking(kind, about[one][0], about[one][2], found[one], about[one][1], reverses=one)
            for one, kind in entries.items()
        ],
        at,
    )


def balances(
    accounts: Iterable[str], until: datetime.date | None = None
) -> dict[tuple[str, str], int]:
    """Debits less credits by (account, insurance), up to a day included; one statement."""
    found = LedgerPosting.here.filter(account__in=list(accounts))
    if until is not None:
        found = found.filter(effective_on__lte=until)
    summed = found.values("account", "insurance").annotate(fen=Sum(F("side") * F("amount_fen")))
    return {(one["account"], one["insurance"]): int(one["fen"]) for one in summed}
