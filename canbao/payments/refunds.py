"""Money that must be given back: booked when it becomes due; the refund case that pays it out stands above."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final, NamedTuple
from uuid import UUID

from django.db.models import Sum

from canbao.kernel import audit, clock, part, rows
from canbao.kernel.actor import Actor
from canbao.kernel.part import Part
from canbao.payments import accounts, ledger
from canbao.payments.banking import agency
from canbao.payments.channels.cash import days
from canbao.payments.ledger import CREDIT, DEBIT, Booking, Side
from canbao.payments.receiving import OWN, PENSION, credit
from canbao.payments.tables import RefundDue

# The kind of entry by which money that became due by mistake is paid money of its charge again.
TAKEN_BACK: Final = "refund_taken_back"


class Reason(StrEnum):
    """Why money must be given back without anybody asking; the packs know the reasons one may ask for."""

    TOO_MUCH = "too_much"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    DIED = "died"


class State(StrEnum):
    """How far giving back is."""

    DUE = "due"
    ASKED = "asked"
    APPROVED = "approved"
    SENT = "sent"
    PAID = "paid"
    FAILED = "failed"
    WRITTEN_OFF = "written_off"
    TAKEN_BACK = "taken_back"


@dataclass(frozen=True, slots=True)
class Back:
    """Fen of one receipt line or charge to be given back, and the account of the book they stand in."""

    person_id: UUID
    insurance: str
    year: int
    fen: int
    reason: str
    account: str
    receipt_line_id: UUID | None = None
    charge_id: UUID | None = None
    receipt_id: UUID | None = None


class DueRow(NamedTuple):
    """Money that must be given back, as lists and refund cases see it."""

    id: UUID
    person_id: UUID
    insurance: str
    year: int
    amount_fen: int
    reason: str
    receipt_line_id: UUID | None
    charge_id: UUID | None
    entry_id: UUID
    state: str
    due_on: datetime.date


def due(actor: Actor, backs: Sequence[Back], at: clock.Instant) -> Sequence[UUID]:
    """Book this money as due to be given back, and write its rows.

    Own pension money that leaves a paid charge leaves the personal account too. The caller holds what the
    money was paid for. Where finance has closed the day already, it is booked on the next.
    """
    found = [one for one in backs if one.fen]
    if not found:
        return []
    credit(
        (one.person_id, -one.fen)
        for one in found
        if one.insurance == PENSION and one.account == accounts.PREMIUM
    )
    on = _days({one.insurance for one in found}, clock.on(at))
    ids = rows.insert(
        RefundDue,
        person_id=[one.person_id for one in found],
        insurance=[one.insurance for one in found],
        year=[one.year for one in found],
        amount_fen=[one.fen for one in found],
        reason=[one.reason for one in found],
        receipt_line_id=[one.receipt_line_id for one in found],
        charge_id=[one.charge_id for one in found],
        entry_id=ledger.book(actor, [_booking(actor, one, on[one.insurance]) for one in found], at),
        state=State.DUE,
        due_on=[on[one.insurance] for one in found],
        at=at,
    )
    audit.record(
        actor, "refund.due", list(ids), at=at, kind="refund",
        facts=[{"fen": one.fen, "reason": one.reason} for one in found],
    )  # fmt: skip
    return ids


def too_much_of(charge_ids: Iterable[UUID], *, lock: bool = False) -> list[DueRow]:
    """What was paid too much into these charges and became due, the newest first; one statement."""
    found = RefundDue.here.filter(charge_id__in=list(charge_ids), reason=Reason.TOO_MUCH)
    if lock:
        # Locked in the order of their ids, as whoever pays them out does.
        found = found.select_for_update(no_key=True)
    return list(map(DueRow._make, found.order_by("id").values_list(*DueRow._fields)))[::-1]


def take_back(actor: Actor, backs: Sequence[DueRow], at: clock.Instant) -> None:
    """Take back what became due by mistake and nobody asks for: it is paid money of its charge again.

    The caller holds the charges and these rows. Own pension money enters the personal account again. Booked
    by reversal, on the first day that finance has not closed.
    """
    if not backs:
        return
    credit((one.person_id, one.amount_fen) for one in backs if one.insurance == PENSION)
    for insurance, on in _days({one.insurance for one in backs}, clock.on(at)).items():
        mine = [one.entry_id for one in backs if one.insurance == insurance]
        ledger.reverse(actor, dict.fromkeys(mine, TAKEN_BACK), on, at)
    rows.update(RefundDue, [one.id for one in backs], state=State.TAKEN_BACK)
    audit.record(
        actor, "refund.taken_back", [one.id for one in backs], at=at, kind="refund",
        facts=[{"fen": one.amount_fen, "reason": one.reason} for one in backs],
    )  # fmt: skip


def _days(insurances: set[str], today: datetime.date) -> dict[str, datetime.date]:
    """The first day not before today on which each insurance still books; finance closes none meanwhile."""
    for insurance in sorted(insurances):
        agency.hold(insurance)
    closed = days.finance_closed(insurances)
    return {
        one: max(today, closed.get(one, datetime.date.min) + clock.ONE_DAY) for one in insurances
    }


def _booking(actor: Actor, one: Back, on: datetime.date) -> Booking:
    own = OWN if one.insurance == PENSION else ""
    about = (one.person_id, one.year, one.receipt_id)
    return Booking(
        kind="refund_due",
        insurance=one.insurance,
        effective_on=on,
        office_id=actor.office_id,
        sides=[
            Side(one.account, DEBIT, one.fen, own, *about),
            Side(accounts.REFUND_DUE, CREDIT, one.fen, "", *about),
        ],
    )


WAITING: Final = (State.DUE, State.ASKED, State.APPROVED, State.SENT, State.FAILED)


# So many stand on a page.
MOST: Final = 200


def waiting(actor: Actor, states: Iterable[State] = WAITING) -> Part[DueRow]:
    """What must still be given back in the actor's insurances, oldest first; one statement, two where cut."""
    return part.first(
        _waiting(actor, states).order_by("id"), DueRow._fields, MOST, DueRow._make
    )  # fmt: skip


def waiting_fen(actor: Actor) -> int:
    """How much must still be given back in the actor's insurances; one statement."""
    found = _waiting(actor, WAITING)
    return int(found.aggregate(fen=Sum("amount_fen"))["fen"] or 0)


def count_due(actor: Actor) -> int:
    """How many refunds of the actor's insurances are due that nobody asks for; one statement."""
    found: int = _waiting(actor, (State.DUE,)).count()
    return found


def _waiting(actor: Actor, states: Iterable[State]) -> Any:
    return RefundDue.here.filter(
        insurance__in=sorted(actor.insurances), state__in=[str(one) for one in states]
    )


def due_to(person_ids: Iterable[UUID]) -> list[DueRow]:
    """Everything that is or was to be given back to these persons, oldest first; one statement."""
    found = RefundDue.here.filter(person_id__in=list(person_ids)).order_by("id")
    return list(map(DueRow._make, found.values_list(*DueRow._fields)))
