"""Taking a receipt back: a negative document with its own row; the original stays. And sheets without a receipt."""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, NamedTuple
from uuid import UUID

from django.db.models import F, Sum

from canbao.insured import crediting
from canbao.kernel import audit, clock, notices, rows
from canbao.kernel import money as money_text
from canbao.kernel.actor import Actor, Role
from canbao.kernel.operation import CONSTRAINTS, LARGEST_SET, operation
from canbao.kernel.refusal import Refused
from canbao.kernel.taken import Outcome, Taken
from canbao.payments import accounts, blocks, charges, ledger
from canbao.payments.banking import agency
from canbao.payments.channels.cash import days
from canbao.payments.receiving import OWN, PENSION, Kind
from canbao.payments.tables import Block, Cancelled, LedgerPosting, Receipt, ReceiptLine
from canbao.people import queries as people

CONSTRAINTS["receipt_cancelled_once"] = "cancelled_already"
LONGEST_REASON: Final = 200


class Why(StrEnum):
    """Why a number stands for no money: its receipt was taken back, the sheet was spoilt or is lost."""

    CANCELLED = "cancelled"
    SPOILT = "spoilt"
    LOST = "lost"


class ReceiptRow(NamedTuple):
    """A receipt as it is taken back."""

    id: UUID
    block_id: UUID
    number: int
    kind: str
    channel: str
    insurance: str
    amount_fen: int
    booked_on: datetime.date
    collector_id: UUID
    entry_id: UUID


class LineRow(NamedTuple):
    """A line of it."""

    receipt_id: UUID
    person_id: UUID
    charge_id: UUID | None
    amount_fen: int


@operation
def cancel(actor: Actor, reasons: Mapping[UUID, str], *, at: clock.Instant) -> Outcome:
    """Take receipts back, each with its reason: the money is given back, and owed again.

    The collector on the same day, or finance; never once the day is closed, since then the cash was
    counted and it is a refund. Refuses per receipt `not_found`, `say_why`, `not_cancelled_here`,
    `cancelled_already`, `not_yours_to_cancel`, `cancel_after_close`, `receipt_used_already`.
    Source: DOMAIN 5 (receipts), 6 (village cash).
    """
    if len(reasons) > LARGEST_SET:
        raise Refused("set_too_large", largest=LARGEST_SET)
    lines = _lines(reasons)
    owed = charges.take(actor, {one.charge_id for one in lines if one.charge_id is not None})
    taken = _take(actor, reasons)
    crediting.hold(_of_pension(taken, lines))
    for insurance in sorted({one.insurance for one in taken}):
        agency.hold(insurance)
    _guard(actor, taken, reasons, clock.on(at))
    if not taken.rows:
        return taken.outcome()
    entries = ledger.reverse(actor, {one.entry_id: "cash_cancelled" for one in taken}, None, at)
    rows.insert(
        Cancelled, block_id=taken.column("block_id"), number=taken.column("number"),
        receipt_id=taken.ids, why=Why.CANCELLED,
        reason=[reasons[one.id].strip()[:LONGEST_REASON] for one in taken], entry_id=entries,
        by_id=actor.id, by_name=actor.name, cancelled_on=clock.on(at), at=at,
    )  # fmt: skip
    _owe_again(taken, owed, [one for one in lines if one.receipt_id in taken.rows], at)
    audit.record(
        actor, "payment.cancelled", taken.ids, at=at, kind="receipt",
        facts=[{"fen": one.amount_fen, "number": one.number} for one in taken],
    )  # fmt: skip
    _tell(taken, lines, at)
    return taken.outcome()


def _lines(wanted: Mapping[UUID, str]) -> list[LineRow]:
    found = ReceiptLine.here.filter(receipt_id__in=list(wanted)).order_by("id")
    return list(map(LineRow._make, found.values_list(*LineRow._fields)))


def _take(actor: Actor, wanted: Mapping[UUID, str]) -> Taken[ReceiptRow]:
    """Receipts of the actor's insurances, locked after their blocks.

    The county's decision locks the receipts of the advances it turns, so that the two meet here.
    """
    found = Receipt.here.filter(id__in=list(wanted), insurance__in=sorted(actor.insurances))
    held = list(map(ReceiptRow._make, found.values_list(*ReceiptRow._fields)))
    locked = Block.here.filter(id__in={one.block_id for one in held}).order_by("id")
    list(locked.select_for_update(no_key=True).values_list("id"))
    list(found.order_by("id").select_for_update(no_key=True).values_list("id"))
    return Taken(held, wanted)


def _guard(
    actor: Actor, taken: Taken[ReceiptRow], reasons: Mapping[UUID, str], today: datetime.date
) -> None:
    taken.keep("say_why", lambda one: bool(reasons[one.id].strip()))
    taken.keep("not_cancelled_here", lambda one: one.channel == "cash")
    gone = set(Cancelled.here.filter(receipt_id__in=taken.ids).values_list("receipt_id", flat=True))
    taken.keep("cancelled_already", lambda one: one.id not in gone)
    finance = actor.role is Role.FINANCE
    taken.keep("not_yours_to_cancel", lambda one: finance or one.collector_id == actor.id)
    until = days.closed_until(taken.column("collector_id"), taken.column("insurance"))
    taken.keep(
        "cancel_after_close",
        lambda one: one.booked_on > until.get((one.collector_id, one.insurance), datetime.date.min),
    )
    taken.keep("not_yours_to_cancel", lambda one: finance or one.booked_on == today)
    whole = _still_whole(taken.ids)
    taken.keep("receipt_used_already", lambda one: whole.get(one.id) == one.amount_fen)


def _still_whole(ids: Sequence[UUID]) -> dict[UUID, int]:
    """What still stands in the book for each receipt as premium or advance: less where it was used or refunded."""
    found = LedgerPosting.here.filter(
        receipt_id__in=ids, account__in=[accounts.PREMIUM, accounts.ADVANCE]
    )
    turned = set(
        found.filter(account=accounts.ADVANCE, side=ledger.DEBIT).values_list(
            "receipt_id", flat=True
        )
    )
    summed = found.values("receipt_id").annotate(fen=Sum(-F("side") * F("amount_fen")))
    return {one["receipt_id"]: int(one["fen"]) for one in summed if one["receipt_id"] not in turned}


def _owe_again(
    taken: Taken[ReceiptRow],
    owed: Taken[charges.ChargeRow],
    lines: Sequence[LineRow],
    at: clock.Instant,
) -> None:
    back: Counter[UUID] = Counter()
    for one in lines:
        if one.charge_id is not None:
            back[one.charge_id] += one.amount_fen
    if back:
        charges.take_back([owed[one] for one in back], list(back.values()), at)
    own = _of_pension(taken, lines)
    if own:
        crediting.credit({person: -fen for person, fen in own.items()}, OWN)


def _of_pension(taken: Taken[ReceiptRow], lines: Sequence[LineRow]) -> Counter[UUID]:
    """What these receipts brought into personal accounts, by person."""
    own: Counter[UUID] = Counter()
    for one in lines:
        receipt = taken.rows.get(one.receipt_id)
        if receipt and receipt.kind == Kind.PAYMENT and receipt.insurance == PENSION:
            own[one.person_id] += one.amount_fen
    return own


def _tell(taken: Taken[ReceiptRow], lines: Sequence[LineRow], at: clock.Instant) -> None:
    """Tell everybody the receipt was for: who is not given the money back will say so."""
    phones = people.contacts_of({one.person_id for one in lines})
    told = sorted(
        {
            (phones[one.person_id], one.receipt_id)
            for one in lines
            if one.receipt_id in taken.rows and one.person_id in phones
        }
    )
    notices.tell(
        [contact for contact, _ in told], "payment_cancelled", at=at, kind="receipt",
        subjects=[one for _, one in told],
        facts=[
            {"yuan": money_text.in_yuan(taken[one].amount_fen), "number": taken[one].number}
            for _, one in told
        ],
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet that will never be a receipt: its number, and whether it was spoilt or lost, with the statement."""

    number: int
    why: Why
    reason: str


@operation
def account_for(
    actor: Actor, block_id: UUID, sheets: Sequence[Sheet], *, at: clock.Instant
) -> Outcome:
    """Account for the next sheets of a block that were spoilt or lost, and move the block on.

    Refuses `not_your_block`, `block_used_up`, `number_used`, `number_not_next`, `say_why`, `sheet_why_unknown`.
    """
    block = blocks.take(actor, block_id)
    if not sheets:
        raise Refused(
            "number_not_next", number="", next=blocks.in_places(block.next), label=block.label
        )
    blocks.expect(block, [one.number for one in sheets])
    if not all(one.reason.strip() for one in sheets):
        raise Refused("say_why")
    if any(one.why not in {Why.SPOILT, Why.LOST} for one in sheets):
        raise Refused("sheet_why_unknown")
    ids = rows.insert(
        Cancelled, block_id=block.id, number=[one.number for one in sheets],
        why=[one.why for one in sheets],
        reason=[one.reason.strip()[:LONGEST_REASON] for one in sheets],
        by_id=actor.id, by_name=actor.name, cancelled_on=clock.on(at), at=at,
    )  # fmt: skip
    blocks.advance(block, len(sheets))
    audit.record(
        actor, "block.sheet_accounted", [block.id] * len(sheets), at=at, kind="block",
        facts=[{"number": one.number, "why": str(one.why)} for one in sheets],
    )  # fmt: skip
    return Outcome(tuple(ids))
