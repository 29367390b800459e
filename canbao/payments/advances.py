"""Advances: money taken for something not yet decided, and what becomes of it, once."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import Exists, OuterRef

from canbao.kernel import audit, clock, rows
from canbao.kernel.actor import Actor
from canbao.kernel.operation import CONSTRAINTS
from canbao.payments import accounts, charges, ledger, receiving, refunds
from canbao.payments.ledger import CREDIT, DEBIT, Booking, Side
from canbao.payments.receiving import OWN, PENSION
from canbao.payments.refunds import Back, Reason
from canbao.payments.tables import AdvanceTurned, Cancelled, Receipt, ReceiptLine

CONSTRAINTS["advance_turned_once"] = "advance_turned_already"

# The person, insurance and year whose charge an advance was for.
Owed = tuple[UUID, str, int]


class Held(NamedTuple):
    """An advance that is neither cancelled nor turned into anything: one line of a receipt."""

    id: UUID
    subject_id: UUID
    person_id: UUID
    year: int
    amount_fen: int
    receipt_id: UUID
    receipt__insurance: str
    receipt__paid_on: datetime.date
    receipt__channel: str

    @property
    def insurance(self) -> str:
        """The insurance of its receipt."""
        return self.receipt__insurance


def held_lines() -> Any:
    """Lines of advances that stand: not cancelled, not turned. A line that paid a charge is none."""
    turned = AdvanceTurned.here.filter(receipt_line_id=OuterRef("id"))
    cancelled = Cancelled.here.filter(receipt_id=OuterRef("receipt_id"))
    return ReceiptLine.here.filter(~Exists(turned), ~Exists(cancelled), charge=None)


def held(subjects: Iterable[UUID], *, lock: bool = False) -> list[Held]:
    """The advances held for these subjects, oldest first; one statement.

    With `lock` their receipts are locked by one more, so that none is cancelled meanwhile.
    """
    ids = list(subjects)
    if lock:
        lines = ReceiptLine.here.filter(subject_id__in=ids).values("receipt_id")
        receipts = Receipt.here.filter(id__in=lines).order_by("id")
        list(receipts.select_for_update(no_key=True).values_list("id"))
    found = held_lines().filter(subject_id__in=ids).order_by("receipt_id", "id")
    return list(map(Held._make, found.values_list(*Held._fields)))


def turn(actor: Actor, owed: Mapping[UUID, Owed], at: clock.Instant) -> None:
    """Pay what is now owed for these subjects with the advances held for them.

    The charge counts as paid on the day the money came. What is too much becomes a refund due, what is too
    little stays owed. The number of statements does not depend on the number of subjects.
    """
    if not held(owed):
        return
    owing = charges.take_for(owed.values())
    lines = held(owed, lock=True)
    left = {key: charge.due_fen for key, charge in owing.items()}
    paid: dict[UUID, int] = {}
    for one in lines:
        key = owed[one.subject_id]
        paid[one.id] = min(one.amount_fen, left.get(key, 0))
        left[key] = left.get(key, 0) - paid[one.id]
    _pay(actor, [(one, paid[one.id]) for one in lines if paid[one.id]], at)
    _settle(lines, owed, owing, paid, at)
    _turned(lines, owed, owing, paid, at)
    refunds.due(
        actor,
        [_back(one, one.amount_fen - paid[one.id], Reason.TOO_MUCH) for one in lines],
        at,
    )
    audit.record(
        actor, "advance.turned", [one.receipt_id for one in lines], at=at, kind="receipt",
        facts=[{"fen": one.amount_fen, "paid": paid[one.id]} for one in lines],
    )  # fmt: skip


def give_back(actor: Actor, why: Mapping[UUID, Reason], at: clock.Instant) -> None:
    """Make the advances held for these subjects a refund due, each for its reason."""
    lines = held(why, lock=True)
    if not lines:
        return
    _turned(lines, {}, {}, {}, at)
    refunds.due(actor, [_back(one, one.amount_fen, why[one.subject_id]) for one in lines], at)


def _pay(actor: Actor, paid: list[tuple[Held, int]], at: clock.Instant) -> None:
    """Book what goes from the advances to the premiums, and into the personal accounts."""
    if not paid:
        return
    ledger.book(actor, [_booking(actor, one, fen, clock.on(at)) for one, fen in paid], at)


def _booking(actor: Actor, one: Held, fen: int, on: datetime.date) -> Booking:
    own = OWN if one.insurance == PENSION else ""
    about = (own, one.person_id, one.year, one.receipt_id, one.receipt__channel)
    return Booking(
        kind="advance_turned",
        insurance=one.insurance,
        effective_on=on,
        office_id=actor.office_id,
        sides=[
            Side(accounts.ADVANCE, DEBIT, fen, *about),
            Side(accounts.PREMIUM, CREDIT, fen, *about),
        ],
    )


def _settle(
    lines: list[Held],
    owed: Mapping[UUID, Owed],
    owing: Mapping[Owed, charges.ChargeRow],
    paid: Mapping[UUID, int],
    at: clock.Instant,
) -> None:
    """Add the money to the charges, dated when the last of it came, and to the personal accounts."""
    fen: dict[Owed, int] = {}
    came: dict[Owed, datetime.date] = {}
    for one in lines:
        key = owed[one.subject_id]
        if paid[one.id]:
            fen[key] = fen.get(key, 0) + paid[one.id]
            came[key] = max(came.get(key, one.receipt__paid_on), one.receipt__paid_on)
    if fen:
        charges.pay([owing[key] for key in fen], list(fen.values()), list(came.values()), at)
    receiving.credit(
        (one.person_id, paid[one.id]) for one in lines if one.insurance == PENSION and paid[one.id]
    )


def _turned(
    lines: list[Held],
    owed: Mapping[UUID, Owed],
    owing: Mapping[Owed, charges.ChargeRow],
    paid: Mapping[UUID, int],
    at: clock.Instant,
) -> None:
    into = {one.id: owing[owed[one.subject_id]].id if paid.get(one.id) else None for one in lines}
    rows.insert(
        AdvanceTurned,
        receipt_line_id=[one.id for one in lines],
        charge_id=[into[one.id] for one in lines],
        paid_fen=[paid.get(one.id, 0) for one in lines],
        back_fen=[one.amount_fen - paid.get(one.id, 0) for one in lines],
        at=at,
    )


def _back(one: Held, fen: int, reason: Reason) -> Back:
    return Back(
        one.person_id, one.insurance, one.year, fen, reason, accounts.ADVANCE,
        receipt_line_id=one.id, receipt_id=one.receipt_id,
    )  # fmt: skip
