"""The home page: what can be done here, what is under way, whom to call."""

from __future__ import annotations

import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext, ngettext
from django.views.decorators.http import require_safe

from canbao.cases import flow
from canbao.cases.door import CaseRow
from canbao.cases.following import mine
from canbao.kernel import clock, county
from canbao.kernel.actor import Actor
from canbao.payments import owing, refund_requests, refunds, shown
from canbao.people import queries as people
from canbao.web.access import public, resident_of
from canbao.web.portal import basket, owed, refund_draft, words
from canbao.web.portal.frame import know_village, page, person_to_call
from canbao.web.theme import format as say


@public
@require_safe
def home(request: HttpRequest, county: str) -> HttpResponse:  # noqa: ARG001
    """Show the doors, and what waits for the resident."""
    actor = resident_of(request, fresh=True)
    request.actor = actor  # type: ignore[attr-defined]
    on = clock.today()
    values: dict[str, Any] = {"today": on}
    if actor is not None:
        values |= _mine(request, actor)
        values |= _money(request, actor, on)
    values["call"] = person_to_call(request)
    return page(request, "home", values)


def _mine(request: HttpRequest, actor: Actor) -> dict[str, Any]:
    cases = mine(actor)
    drafts = basket.every(actor)
    sent = {row.id for row in cases}
    waiting = [
        one
        for one in drafts
        if any(person.id not in sent for person in one.persons) or one.kind == basket.AMEND
    ]
    village = next((row.village for row in cases), "") or next(
        (person.village for one in drafts for person in one.persons if person.village), ""
    )
    know_village(request, village)
    name = ""
    if actor.person_id:
        known = people.persons([actor.person_id]).get(actor.person_id)
        name = known.name if known else ""
    open_cases = [row for row in cases if row.is_open]
    return {
        "name": name,
        "returned": next((row for row in open_cases if row.desk == flow.APPLICANT), None),
        "draft": _draft(waiting),
        "asking": _asking(actor),
        "under_way": _said(open_cases),
        "count": len(cases),
    }


def _asking(actor: Actor) -> refund_draft.Wanted | None:
    """The newest ask that is begun here and that no desk has asked for meanwhile; two statements at most."""
    begun = refund_draft.every(actor)
    asked = refund_requests.asked_of(one.source for one in begun) if begun else ()
    return next((one for one in begun if one.source not in asked), None)


def _money(request: HttpRequest, actor: Actor, on: datetime.date) -> dict[str, Any]:
    """What the family owes and by when, the receipt that waits for an answer, and what is due back."""
    if actor.person_id is None:
        return {}
    family = owed.family(actor.person_id, ()).ids
    found = owing.groups(family, on)
    first = owed.first_due(found)
    fen = sum(one.due_fen for one in found[first]) if first else 0
    if first:
        know_village(request, found[first][0].village)
    due = first and fen and {
        "title": gettext("%(title)s, not paid yet") % {"title": owed.title(*first)},
        "fen": fen,
        "lines": owed.waits(*first, on),
    }  # fmt: skip
    back = refunds.due_to([actor.person_id])
    return {
        "due": due or None,
        "asked": shown.unanswered(family),
        "back_fen": sum(one.amount_fen for one in back if one.state == refunds.State.DUE),
    }


def _draft(waiting: list[basket.Basket]) -> dict[str, str] | None:
    if not waiting:
        return None
    one = waiting[0]
    names = say.listed(person.name for person in one.persons if person.name)
    return {
        "names": names,
        "insurance": str(words.SHORT[one.insurance]),
        "href": reverse("people", args=[county.current(), one.id]),
    }


def _said(cases: list[CaseRow]) -> str:
    if not cases:
        return ""
    if len(cases) == 1:
        word = words.DESKS.get(cases[0].desk)
        title = words.title(cases[0].name, cases[0].insurance, cases[0].kind)
        return f"{title} · {word}" if word else title
    return ngettext(
        "%(count)s application under way", "%(count)s applications under way", len(cases)
    ) % {"count": len(cases)}
