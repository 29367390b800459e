"""Live lists of money and enrolment that do not meet: paid without enrolment, enrolled without payment."""

from __future__ import annotations

import datetime
from typing import Final, NamedTuple
from uuid import UUID

from django.db.models import Exists, F, OuterRef, QuerySet

from canbao.insured.tables import Enrolment
from canbao.kernel import part
from canbao.kernel.actor import Actor
from canbao.kernel.part import Part
from canbao.payments import advances
from canbao.payments.charges import State
from canbao.payments.tables import Charge

# A list is worked off from its top; more than a page is counted.
MOST: Final = 100


class AdvanceRow(NamedTuple):
    """Money taken for something that is not decided yet."""

    subject_id: UUID
    person_id: UUID
    person__name: str
    receipt_id: UUID
    receipt__number: int
    receipt__insurance: str
    year: int
    amount_fen: int
    receipt__paid_on: datetime.date
    receipt__collector_name: str


class ChargedRow(NamedTuple):
    """A charge whose payment and enrolment do not meet."""

    id: UUID
    person_id: UUID
    person__name: str
    insurance: str
    year: int
    village: str
    household_number: str
    own_fen: int
    paid_fen: int


def advances_held(actor: Actor) -> Part[AdvanceRow]:
    """Paid but not enrolled, since the application is on its way: oldest first; one statement, two where cut."""
    found = advances.held_lines().filter(receipt__insurance__in=sorted(actor.insurances))
    if actor.villages is not None:
        found = found.filter(receipt__village__in=sorted(actor.villages))
    ordered = found.order_by("receipt__paid_on", "id")
    return part.first(ordered, AdvanceRow._fields, MOST, AdvanceRow._make)


def paid_not_enrolled(actor: Actor) -> Part[ChargedRow]:
    """Charges that were paid though nobody is enrolled: each needs an enrolment or a refund; two statements."""
    return _listed(_charges(actor).filter(~Exists(_live()), paid_fen__gt=0))


def enrolled_not_paid(actor: Actor) -> Part[ChargedRow]:
    """Enrolled persons whose own share of a year is open, by village and household; two statements."""
    return _listed(
        _charges(actor).filter(Exists(_live()), state=State.OPEN, own_fen__gt=F("paid_fen"))
    )


def _charges(actor: Actor) -> QuerySet[Charge]:
    found = Charge.here.filter(insurance__in=sorted(actor.insurances))
    if actor.villages is not None:
        found = found.filter(village__in=sorted(actor.villages))
    return found.exclude(state=State.CANCELLED)


def _live() -> QuerySet[Enrolment]:
    return Enrolment.here.filter(
        person_id=OuterRef("person_id"), insurance=OuterRef("insurance"), state="live"
    )


def _listed(found: QuerySet[Charge]) -> Part[ChargedRow]:
    ordered = found.order_by("insurance", "year", "village", "household_number", "id")
    return part.first(ordered, ChargedRow._fields, MOST, ChargedRow._make)
