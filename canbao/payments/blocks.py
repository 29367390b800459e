"""Receipt blocks: issued to one collector, used number after number, and accounted for to the last sheet."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, NamedTuple
from uuid import UUID

from django.db.models import Max

from canbao.kernel import audit, bulk, clock, office, rows
from canbao.kernel.actor import Actor, Role
from canbao.kernel.operation import CONSTRAINTS, operation
from canbao.kernel.refusal import Refused
from canbao.kernel.tables import Officer
from canbao.kernel.taken import Outcome
from canbao.payments.tables import Block, Receipt

CONSTRAINTS["block_numbers"] = "block_overlaps"
CONSTRAINTS["block_label"] = "block_label_taken"
ISSUERS: Final = frozenset({Role.FINANCE})
CHARGING_SEAL: Final = "county_charging"
LARGEST: Final = 10_000
# A preprinted book counts in seven places, and so does the acknowledgement.
PLACES: Final = 7


class Kind(StrEnum):
    """Preprinted by the tax or finance office, or canbao's own acknowledgement (收款凭单) where there are none."""

    OFFICIAL = "official"
    ACKNOWLEDGEMENT = "acknowledgement"


class BlockRow(NamedTuple):
    """A block as operations and pages see it."""

    id: UUID
    label: str
    kind: str
    issuer_name: str
    first: int
    last: int
    next: int
    holder_id: UUID
    holder_name: str

    @property
    def left(self) -> int:
        """How many numbers are still unused."""
        return self.last - self.next + 1


# Done by every payment.
_TAKE: Final = f"""
SELECT {", ".join(BlockRow._fields)} FROM receipt_block
WHERE county = %(county)s AND id = %(id)s AND holder_id = %(holder)s AND returned_at IS NULL FOR NO KEY UPDATE
"""  # noqa: S608 - the names of columns


@dataclass(frozen=True, slots=True)
class Run:
    """Numbers to be issued: a label, which kind, first and last number, to whom."""

    label: str
    kind: Kind
    first: int
    last: int
    holder_id: UUID


@operation
def issue(actor: Actor, runs: list[Run], *, at: clock.Instant) -> Outcome:
    """Issue blocks to collectors. Source: DOMAIN 5 (receipt books are registered).

    Preprinted sheets carry the office's charging seal (收费专用章) where its issuer has the custody of it today.
    Refuses `not_finance`, `block_not_whole` (first number below 1, last below first, more than 10,000
    numbers, no label), `not_found` for an unknown collector, `block_overlaps`, `block_label_taken`.
    """
    if actor.role not in ISSUERS or actor.office_id is None:
        raise Refused("not_finance")
    for run in runs:
        if not (1 <= run.first <= run.last < run.first + LARGEST) or not run.label.strip():
            raise Refused("block_not_whole", label=run.label)
    names = dict(
        Officer.here.filter(id__in=[run.holder_id for run in runs]).values_list("id", "name")
    )
    if not all(run.holder_id in names for run in runs):
        raise Refused("not_found")
    seal = office.seal_for(actor, CHARGING_SEAL, clock.on(at))
    ids = rows.insert(
        Block,
        label=[run.label.strip() for run in runs],
        kind=[run.kind for run in runs],
        issuer_office_id=actor.office_id,
        issuer_name=actor.office_name,
        seal_id=[seal.id if seal and run.kind == Kind.OFFICIAL else None for run in runs],
        first=[run.first for run in runs],
        last=[run.last for run in runs],
        next=[run.first for run in runs],
        holder_id=[run.holder_id for run in runs],
        holder_name=[names[run.holder_id] for run in runs],
        issued_by=actor.id,
        issued_at=at,
    )
    audit.record(
        actor, "block.issued", ids, at=at, kind="block",
        facts=[{"first": run.first, "last": run.last, "to": run.holder_id} for run in runs],
    )  # fmt: skip
    return Outcome(tuple(ids))


def take(actor: Actor, block_id: UUID) -> BlockRow:
    """Lock a block that the actor holds. Refuses `not_your_block`."""
    found = bulk.fetch(_TAKE, id=block_id, holder=actor.acted_by)
    if not found:
        raise Refused("not_your_block")
    return BlockRow._make(found[0])


def in_places(serial: int) -> str:
    """A number as it is printed and read aloud."""
    return f"{serial:0{PLACES}d}"


def expect(block: BlockRow, numbers: Sequence[int]) -> None:
    """Refuse `block_used_up`, `number_used`, and `number_not_next` for one that leaves others out."""
    if block.next + len(numbers) - 1 > block.last:
        raise Refused("block_used_up", label=block.label)
    if list(numbers) != list(range(block.next, block.next + len(numbers))):
        raise Refused(
            "number_used" if block.first <= numbers[0] < block.next else "number_not_next",
            number=in_places(numbers[0]), next=in_places(block.next), label=block.label,
        )  # fmt: skip


def advance(block: BlockRow, count: int) -> None:
    """Move a taken block on by so many numbers; one statement."""
    rows.update(Block, [block.id], next=block.next + count)


def days_of(block: BlockRow) -> tuple[datetime.date, datetime.date]:
    """When a taken block was issued, and the day of the last receipt written from it; two statements."""
    issued = clock.on(Block.here.values_list("issued_at", flat=True).get(id=block.id))
    last = Receipt.here.filter(block_id=block.id).aggregate(last=Max("paid_on"))["last"]
    return issued, last or issued


@operation
def give_back(actor: Actor, block_id: UUID, *, at: clock.Instant) -> Outcome:
    """Give the rest of a block back to finance: its unused numbers are used by nobody any more.

    The holder gives it back, or finance takes it. Refuses `not_found`.
    """
    found = Block.here.filter(id=block_id, returned_at=None).select_for_update(no_key=True)
    if actor.role in ISSUERS:
        found = found.filter(issuer_office_id=actor.office_id)
    else:
        found = found.filter(holder_id=actor.id)
    held = found.values_list(*BlockRow._fields).first()
    if held is None:
        raise Refused("not_found")
    block = BlockRow._make(held)
    rows.update(Block, [block.id], returned_at=at)
    audit.record(
        actor, "block.returned", [block.id], at=at, kind="block", facts={"unused": block.left}
    )
    return Outcome((block.id,))


def held_by(officer_id: UUID) -> list[BlockRow]:
    """Blocks in a collector's hands that still have numbers, oldest first."""
    found = Block.here.filter(holder_id=officer_id, returned_at=None).order_by("issued_at", "first")
    return [row for row in map(BlockRow._make, found.values_list(*BlockRow._fields)) if row.left]
