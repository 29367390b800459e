"""Cases on their way, as the cash counter finds them: what the level costs, and why an advance may not be taken."""

from __future__ import annotations

import datetime
import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from django.db.models import Q

from canbao.cases import advance, door
from canbao.cases.door import CaseRow
from canbao.cases.kinds import enrolment
from canbao.kernel import part
from canbao.kernel.actor import Actor
from canbao.kernel.ids import new_id
from canbao.kernel.part import Part
from canbao.kernel.taken import Taken
from canbao.payments import advances
from canbao.payments.channels.cash import days
from canbao.payments.channels.cash.collecting import Ticket
from canbao.people import search

MOST: Final = 20
_NUMBER: Final = re.compile(r"\d{6}-\d{2}-\d{7}")
_HOUSEHOLD: Final = re.compile(r"\d{1,8}")


@dataclass(frozen=True, slots=True)
class Line:
    """A case at the counter: `why` is the code of what is in the way, `receipt_id` the advance it has."""

    case: CaseRow
    why: str
    receipt_id: UUID | None

    @property
    def id(self) -> UUID:
        """The case's id."""
        return self.case.id


def find(actor: Actor, text: str) -> Part[CaseRow]:
    """Cases on their way by case number, household number, a person's number, birth date and last four, or name.

    Within the actor's reach, at most `MOST`; one statement, two where cut. Refuses `search_too_short`, `search_unclear`.
    """
    text = search.folded(text)
    if _NUMBER.fullmatch(text):
        return _rows(actor, Q(number=text))
    if _HOUSEHOLD.fullmatch(text):
        return _rows(actor, Q(household_number=text))
    return _rows(actor, Q(person_id__in=search.ids(text)))


def of_household(
    actor: Actor, village: str, number: str, person_ids: Collection[UUID]
) -> Part[CaseRow]:
    """Cases on their way of these people, or of those who apply as of their household; one statement."""
    mine = Q(person_id__in=list(person_ids))
    return _rows(actor, mine | Q(village=village, household_number=number) if number else mine)


def beside(actor: Actor, one: CaseRow) -> list[CaseRow]:
    """A case, decided or not, and those on their way of the same household; one statement."""
    others = of_household(actor, one.village, one.household_number, [one.person_id])
    return [one, *(row for row in others if row.id != one.id)]


def lines(cases: Sequence[CaseRow], today: datetime.date) -> list[Line]:
    """What would be in the way of an advance for each of these cases, asked of the operation's own guards."""
    tickets = {one.id: Ticket(new_id(), 0, one.name, {one.id: one.own_fen}) for one in cases}
    taken: Taken[Ticket] = Taken(tickets.values(), ())
    advance.guard(taken, Taken(cases, ()), today)
    codes = {
        one: taken.refused[ticket.id].code
        for one, ticket in tickets.items()
        if ticket.id in taken.refused
    }
    paid = [one for one, code in codes.items() if code == "advance_taken_already"]
    held = {one.subject_id: one.receipt_id for one in advances.held(paid)} if paid else {}
    return [Line(one, codes.get(one.id, ""), held.get(one.id)) for one in cases]


def may_be_paid(actor: Actor, case: CaseRow) -> bool:
    """Whether the counter takes an advance for such a case from this officer, as far as one row tells."""
    return (
        actor.role in days.COLLECTORS
        and actor.behalf is None
        and case.is_open
        and case.kind == enrolment.KIND
        and case.own_fen > 0
    )


def _rows(actor: Actor, wanted: Q) -> Part[CaseRow]:
    found = door.visible(actor).filter(wanted, kind=enrolment.KIND, is_open=True)
    ordered = found.order_by("village", "household_number", "submitted_at", "id")
    return part.first(ordered, door.FIELDS, MOST, CaseRow._make)
