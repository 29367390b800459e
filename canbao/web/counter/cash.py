"""Taking cash: a household is found, its people ticked, one press writes the receipt; the day's end beside it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils.translation import gettext, ngettext

from canbao.cases import advancing, door
from canbao.cases.door import CaseRow
from canbao.kernel import clock, refusals
from canbao.kernel.actor import Actor, Role
from canbao.kernel.refusal import Refused
from canbao.payments import blocks, bringing, queries
from canbao.payments.blocks import BlockRow
from canbao.payments.channels.cash import collecting
from canbao.payments.channels.cash.collecting import Ticket
from canbao.payments.charges import ChargeRow, State
from canbao.people import finding
from canbao.people.finding import HouseholdRow, MemberRow
from canbao.web.access import officer
from canbao.web.counter import advances, counting, tickets, words
from canbao.web.counter.advances import OnTheWay
from canbao.web.counter.tickets import Head, Shown, TicketForm, Way
from canbao.web.desk import acts
from canbao.web.desk.frame import frame

COLLECTORS: Final = (Role.VILLAGE, Role.TOWNSHIP)
LONGEST_SEARCH: Final = 60
UNPROCESSABLE: Final = 422


@dataclass(frozen=True, slots=True)
class Found:
    """What the address or the search leads to: one household, one case, or several to choose from."""

    text: str = ""
    fault: str = ""
    household: tuple[HouseholdRow, list[MemberRow]] | None = None
    case: CaseRow | None = None
    several: Sequence[HouseholdRow] = ()
    # How many households there are where not all of them are listed.
    total: int = 0
    on_the_way: Sequence[OnTheWay] = ()

    @property
    def nobody(self) -> bool:
        """Whether a search found nothing at all."""
        alone = self.household is None and self.case is None
        return bool(self.text) and alone and not (self.fault or self.several or self.on_the_way)


@officer(*COLLECTORS)
def cash(request: HttpRequest, actor: Actor, county: str) -> HttpResponse:
    """The page of screen 12: a household to collect from, and the notes to count."""
    del county
    act = request.POST.get("act", "")
    counted = None
    if act in counting.ACTS:
        done, counted = counting.answer(request, actor, act)
        if done is not None:
            return done
    found = _found(request, actor)
    held = blocks.held_by(actor.id)
    # A round sum is a button of its own name, without an act.
    posted = request.POST if act in {"count", "collect"} or "quick" in request.POST else None
    forms: list[TicketForm] = []
    if found.case is not None:
        forms = advances.forms(actor, found.case, held, posted)
    elif found.household is not None:
        forms = _forms(actor, found.household, held, posted)
    if act == "collect" and (found.household or found.case):
        way = _way(actor) if found.case is None else advances.way(actor)
        done, forms = tickets.collect(request, actor, forms, way)
        if done is not None:
            return done
    failed = any(one.faults for one in forms) or (counted is not None and bool(counted.fault))
    values = {
        "found": found,
        "household": found.household[0] if found.household else None,
        "next_block": held[0] if held else None,
        "forms": forms,
        "has_errors": failed or bool(found.fault),
        **counting.shown(actor, counted),
        **frame(request, actor, "cash"),
    }  # fmt: skip
    return render(request, "counter/cash.html", values, status=UNPROCESSABLE if failed else 200)


def _found(request: HttpRequest, actor: Actor) -> Found:
    """The household or case of the address; else those that the search means."""
    case, household = request.GET.get("case", ""), request.GET.get("household", "")
    if case:
        return Found(case=door.see(actor, acts.uuid_or_404(case)))
    if household:
        return _one(actor, finding.household(acts.uuid_or_404(household)))
    text = request.GET.get("q", "").strip()[:LONGEST_SEARCH]
    return _searched(actor, text) if text else Found()


def _searched(actor: Actor, text: str) -> Found:
    try:
        several = finding.households(text, actor.villages)
        cases = advancing.find(actor, text)
    except Refused as refused:
        return Found(text, refusals.said(refused))
    if len(several) == 1:
        one = _one(actor, finding.household(several[0].id), text)
        # Somebody of that name may apply elsewhere: then all are shown to choose from.
        if {case.id for case in cases} <= {
            known.id for line in one.on_the_way for known in line.cases
        }:
            return one
    listed = advances.listed(cases)
    if len(listed) == 1 and not several:
        return Found(text, case=listed[0].first)
    return Found(text, several=several, total=several.total, on_the_way=listed)


def _one(actor: Actor, known: tuple[HouseholdRow, list[MemberRow]], text: str = "") -> Found:
    """A household, with those of it whose applications are still on their way."""
    row, members = known
    persons = [one.person_id for one in members]
    cases = advancing.of_household(actor, row.village, row.number, persons)
    return Found(text, household=known, on_the_way=advances.listed(cases))


def _forms(
    actor: Actor,
    household: tuple[HouseholdRow, list[MemberRow]],
    held: Sequence[BlockRow],
    posted: QueryDict | None,
) -> list[TicketForm]:
    """One form an insurance, the one that was posted with what was typed."""
    row, members = household
    names = {one.person_id: one.name for one in members}
    owed = [
        one
        for one in queries.owed(names)
        if one.insurance in actor.insurances
        and (one.state == State.OPEN or one.year >= clock.today().year)
    ]
    head = Head(
        gettext("%(name)s's household") % {"name": row.name},
        ngettext("%(number)s, %(people)s person", "%(number)s, %(people)s people", len(members))
        % {"number": row.number, "people": len(members)},
        f"?household={row.id}",
    )
    standing = _receipts_of(one.id for one in owed if one.own_fen and one.due_fen <= 0)
    forms = []
    for insurance in sorted({one.insurance for one in owed}, reverse=True):
        mine = tickets.sent_for(posted, insurance)
        lines = [
            _shown(one, names[person], mine, standing.get(one.id))
            for person in names
            for one in owed
            if one.person_id == person and one.insurance == insurance
        ]
        forms.append(tickets.form(head, insurance, lines, held, row.name, mine))
    return forms


def _receipts_of(charge_ids: Iterable[UUID]) -> dict[UUID, UUID]:
    """The newest receipt that paid into each of these charges; one statement, none without charges."""
    ids = list(charge_ids)
    return (
        {one: brought[0].receipt_id for one, brought in bringing.into(ids).items()} if ids else {}
    )


def _shown(one: ChargeRow, name: str, posted: QueryDict | None, receipt_id: UUID | None) -> Shown:
    why = ""
    if one.own_fen == 0:
        why = gettext("paid for by others, nothing may be taken")
    elif one.due_fen <= 0:
        why = gettext("paid already")
    about = (
        f"{words.insurance(one.insurance)} {one.year} {queries.level_name(one, words.language())}"
    )
    ticked = tickets.ticked(posted, one.id)
    return Shown(one.id, name, about, one.due_fen, ticked, why, receipt_id)


def _way(actor: Actor) -> Way:
    """How a charge is paid, and which receipt stands where it was paid before."""

    def take(block_id: UUID, ticket: Ticket, key: str) -> Any:
        return collecting.collect(actor, block_id, [ticket], at=clock.now(), key=key)

    def standing(code: str, ticket: Ticket) -> UUID | None:
        return (
            next(iter(_receipts_of(ticket.due_fen).values()), None)
            if code == "paid_already"
            else None
        )

    return Way(take, standing)
