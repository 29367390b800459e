"""The household's basket: who is on it, who needs no application, add somebody, take somebody off."""

from __future__ import annotations

import datetime
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from canbao.insured import queries as insured
from canbao.kernel import clock, county
from canbao.kernel.actor import Actor
from canbao.kernel.refusal import Refused
from canbao.people import households, identities
from canbao.policy import published
from canbao.policy.rules.resolved import Rules
from canbao.web.portal import basket, judging
from canbao.web.portal.basket import Basket
from canbao.web.portal.frame import STEPS, go, page
from canbao.web.portal.stepping import applying, heading, level_name, relation


def needless(actor: Actor, one: Basket) -> tuple[dict[str, str], list[str]]:
    """Numbers of the basket that need no application, and all names of the household so insured."""
    if actor.person_id is None:
        return {}, []
    members = households.of(actor.person_id)
    live = {row.person_id for row in insured.live([m.person_id for m in members], one.insurance)}
    living = [member for member in members if member.person_id in live]
    macs = {mac: member.name for member in living for mac in member.number_macs}
    said = {}
    for person in one.persons:
        if person.number and identities.mac(person.kind, person.number) in macs:
            said[person.number] = gettext(
                "Insured in this insurance already. Nothing needs to be applied for."
            )
    return said, [member.name for member in living]


@applying
@require_http_methods(["GET", "HEAD", "POST"])
def people(request: HttpRequest, actor: Actor, county: str, draft: UUID) -> HttpResponse:
    """The household's basket: who is on it, add somebody, take somebody off."""
    at = clock.now()
    found = basket.see(actor, draft)
    if request.method == "POST":
        return _change_people(request, actor, found, at)
    code = county
    known, living = needless(actor, found)
    rules = published.rules(found.insurance, found.year)
    judged = judging.judged(found, rules, clock.on(at), known, code)
    lines = [
        {"person": one.person, "next": _next_page(one), "relation": relation(one.person),
         "level": level_name(rules, one.person, clock.on(at))}
        for one in judged
    ]  # fmt: skip
    values = {
        "basket": found,
        "lines": lines,
        "about": heading(found),
        "living": living,
        "steps_total": STEPS,
    }
    return page(request, "people", values)


def _next_page(one: judging.Judged) -> dict[str, str]:
    fault = next((f for f in one.faults if f.page not in {"photos", ""}), None)
    if one.needless:
        return {"tag": gettext("Not needed"), "colour": "grey", "text": one.needless}
    if fault is None:
        return {"tag": gettext("Filled in"), "colour": "green", "text": ""}
    wrong = fault.page == "who"
    return {
        "tag": gettext("To mend") if wrong else gettext("Go on"),
        "colour": "red" if wrong else "amber",
        "text": fault.text,
        "page": fault.page,
        "mend": fault.mend,
    }


def _change_people(
    request: HttpRequest, actor: Actor, found: Basket, at: clock.Instant
) -> HttpResponse:
    if "add" in request.POST:
        new = next((one for one in found.persons if not one.name), None) or basket.fresh()
        basket.save(actor, found.put(new), at=at)
        return go("who", found.id, new.id)
    if "drop" in request.POST:
        try:
            gone = UUID(request.POST["drop"])
        except ValueError as fault:
            raise Refused("not_found") from fault
        basket.save(actor, found.without([gone]), at=at)
        return go("people", found.id)
    rules = published.rules(found.insurance, found.year)
    return to_photos(found, rules, clock.on(at))


def to_photos(found: Basket, rules: Rules, on: datetime.date) -> HttpResponse:
    """Go to the first person whose papers are open, or on to the look at everything."""
    for one in judging.judged(found, rules, on, {}, county.current()):
        if any(fault.page == "photos" for fault in one.faults) and len(one.faults) == 1:
            return go("photos", found.id, one.person.id)
    return go("check", found.id)
