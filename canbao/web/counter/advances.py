"""Advances on the page of cash: cases that are not decided yet, what their level costs, and the money taken now."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from django.http import QueryDict
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from canbao.cases import advance, advancing, pages
from canbao.cases.door import CaseRow
from canbao.kernel import clock
from canbao.kernel.actor import Actor
from canbao.payments import advances
from canbao.payments.blocks import BlockRow
from canbao.payments.channels.cash.collecting import Ticket
from canbao.web.counter import tickets, words
from canbao.web.counter.tickets import Head, Shown, TicketForm, Way
from canbao.web.theme import format as say

# What stands on the line of a case for which no advance may be taken.
WHY: Final[Mapping[str, Any]] = {
    "case_decided": _("decided already; what is owed stands with the household"),
    "paid_by_another": _("paid for by others, nothing may be taken"),
    "advance_taken_already": _("an advance was taken already"),
    "person_dead": _("recorded as having died, nothing may be taken"),
    "not_collecting_now": _("money for this year is not taken now"),
}


@dataclass(frozen=True, slots=True)
class OnTheWay:
    """People of one household whose applications are not decided, as a list names them."""

    cases: Sequence[CaseRow]
    names: str
    about: str
    # The receipt of the advance, where it was taken for each of them.
    receipt_id: UUID | None

    @property
    def first(self) -> CaseRow:
        """The case by which the page is opened; it shows the others too."""
        return self.cases[0]


def listed(cases: Sequence[CaseRow]) -> list[OnTheWay]:
    """A line a household and insurance; without a household number everybody stands alone. One statement."""
    taken = {one.subject_id: one.receipt_id for one in advances.held(one.id for one in cases)}
    groups: dict[tuple[str, object, str], list[CaseRow]] = {}
    for one in cases:
        door = (one.village, one.household_number or one.person_id, one.insurance)
        groups.setdefault(door, []).append(one)
    return [
        OnTheWay(
            many,
            say.listed(one.name for one in many),
            f"{words.insurance(many[0].insurance)} {many[0].year}",
            taken[many[0].id] if all(one.id in taken for one in many) else None,
        )
        for many in groups.values()
    ]


def forms(
    actor: Actor, case: CaseRow, held: Sequence[BlockRow], posted: QueryDict | None
) -> list[TicketForm]:
    """One form an insurance, for a case and those of its household."""
    lines = advancing.lines(advancing.beside(actor, case), clock.today())
    household = case.household_number
    made = []
    # The insurance of the case that was opened comes first.
    for insurance in dict.fromkeys(one.case.insurance for one in lines):
        mine = tickets.sent_for(posted, insurance)
        these = [one for one in lines if one.case.insurance == insurance]
        head = Head(
            gettext("Advance: %(name)s") % {"name": these[0].case.name},
            gettext("household %(number)s") % {"number": household} if household else "",
            f"?case={case.id}",
            advance=True,
        )
        shown = [_shown(one, mine) for one in these]
        made.append(tickets.form(head, insurance, shown, held, these[0].case.name, mine))
    return made


def _shown(one: advancing.Line, posted: QueryDict | None) -> Shown:
    case = one.case
    return Shown(
        case.id,
        case.name,
        f"{words.insurance(case.insurance)} {case.year} {pages.level_name(case, words.language())} · {case.number}",
        case.own_fen,
        tickets.ticked(posted, case.id),
        str(WHY.get(one.why, one.why)),
        one.receipt_id,
    )


def way(actor: Actor) -> Way:
    """How an advance is taken, and which one stands where it was taken before."""

    def take(block_id: UUID, ticket: Ticket, key: str) -> Any:
        return advance.take(actor, block_id, [ticket], at=clock.now(), key=key)

    def standing(code: str, ticket: Ticket) -> UUID | None:
        if code != "advance_taken_already":
            return None
        return next((one.receipt_id for one in advances.held(ticket.due_fen)), None)

    return Way(take, standing)
