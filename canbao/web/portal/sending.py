"""Submit everybody who has signed in one act, and say what becomes of it by when."""

from __future__ import annotations

import datetime
from dataclasses import replace
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_safe

from canbao.cases import application, flow
from canbao.cases.claim import Channel
from canbao.cases.deadline import first_due
from canbao.cases.door import CaseRow
from canbao.cases.following import mine
from canbao.kernel import clock, outcomes, refusals
from canbao.kernel.actor import Actor
from canbao.kernel.refusal import Refused
from canbao.kernel.taken import Outcome
from canbao.policy import published
from canbao.policy import words as policy_words
from canbao.web.access import key_of
from canbao.web.portal import basket, judging, words
from canbao.web.portal.basket import Basket, Person
from canbao.web.portal.checking import level_words
from canbao.web.portal.frame import STEPS, UNPROCESSABLE, go, page, person_to_call
from canbao.web.portal.signing import AT_VILLAGE
from canbao.web.portal.stepping import (
    applying,
    heading,
)
from canbao.web.theme import format as say
from canbao.web.theme.format import day, money
from canbao.web.theme.pieces import Row
from canbao.web.theme.pieces import Step as Stage


@applying
@require_http_methods(["GET", "HEAD", "POST"])
def send(request: HttpRequest, actor: Actor, county: str, draft: UUID) -> HttpResponse:
    """Submit everybody who is ready and has signed, in one act."""
    at = clock.now()
    found = basket.see(actor, draft)
    # Whoever has signed was found ready then, and every change since undid the signature; what the
    # rules say today the operation asks itself.
    signed = [one for one in found.persons if one.sign is not None]
    ready = [one for one in signed if one.sign and one.sign.how != AT_VILLAGE]
    if request.method == "POST":
        return _send(request, actor, found, ready, at)
    if not signed:
        return go("check", draft)
    apart = [one.name for one in signed if one not in ready]
    waiting = [one.name for one in found.persons if one not in signed and one.name]
    rules = published.rules(found.insurance, found.year)
    values = {
        "basket": found,
        "about": heading(found),
        "steps_total": STEPS,
        "lines": [Row(key=one.name, value=level_words(rules, one, at)) for one in ready],
        "waiting": say.listed(waiting),
        "apart": say.listed(apart),
        "call": person_to_call(request),
        "count": len(ready),
        "amending": found.kind == basket.AMEND,
        "back": reverse("check", args=[county, draft]),
    }
    return page(request, "send", values)


def _send(
    request: HttpRequest, actor: Actor, found: Basket, ready: list[Person], at: clock.Instant
) -> HttpResponse:
    key = key_of(request, actor)
    short = key.partition("/")[2]
    if not ready:
        return go("done", found.id, query=f"key={short}&again=1")
    claims = [judging.claim(found, one, actor.name) for one in ready]
    try:
        if found.kind == basket.AMEND:
            outcome = application.amend(
                actor, claims, {one.id: found.version for one in ready}, at=at, key=key
            )
        else:
            outcome = application.submit(actor, claims, Channel.PHONE, at=at, key=key)
    except Refused as refused:
        if refused.code != "key_used_for_other_input":
            raise
        return go("done", found.id, query=f"key={short}&again=1")
    if not outcome.done:
        return _nothing(request, actor, found, outcome)
    return go("done", found.id, query=f"key={short}" + ("&again=1" if outcome.again else ""))


def _nothing(request: HttpRequest, actor: Actor, found: Basket, outcome: Outcome) -> HttpResponse:
    mine_now = {row.id for row in mine(actor)}
    if found.kind == basket.NEW and all(one in mine_now for one in outcome.refused):
        return go("done", found.id, query="again=1")
    values = {
        "left": [
            {"name": found.person(one).name, "text": refusals.say(said.code, said.facts)}
            for one, said in outcome.refused.items()
        ],
        "back": reverse("check", args=[actor.county, found.id]),
    }
    return page(request, "refused", values, status=UNPROCESSABLE)


@applying
@require_safe
def done(request: HttpRequest, actor: Actor, county: str, draft: UUID) -> HttpResponse:  # noqa: ARG001
    """Say that it is stored: number, who has it next, by when, what to bring, what was left out."""
    at = clock.now()
    found = basket.see(actor, draft)
    key = request.GET.get("key", "")
    kept = (
        outcomes.kept(actor, f"{actor.id}/{key}") if key.isascii() and key.isprintable() else None
    )
    mine_now = {row.id: row for row in mine(actor)}
    here = {str(one.id) for one in found.persons} | set(found.sent)
    ids = [one for one in (kept.outcome.done if kept else ()) if str(one) in here]
    ids = ids or [one for one in mine_now if str(one) in here]
    cases = [mine_now[one] for one in ids if one in mine_now]
    if not cases:
        return go("people", draft)
    refused = kept.outcome.refused if kept else {}
    left = [
        {"name": one.name, "text": refusals.say(refused[one.id].code, refused[one.id].facts)
         if one.id in refused else ""}
        for one in found.persons
        if one.id not in mine_now and one.name
    ]  # fmt: skip
    found = _tidied(actor, found, set(ids), at)
    values = {
        "basket": found,
        "again": "again" in request.GET,
        "cases": cases,
        "names": say.listed(row.name for row in cases),
        "numbers": [row.number for row in cases],
        "stages": _stages(found, cases, person_to_call(request), at),
        "left": left,
        "masked": actor.name,
        "amended": found.kind == basket.AMEND,
    }
    return page(request, "done", values)


def _tidied(actor: Actor, found: Basket, done_ids: set[UUID], at: clock.Instant) -> Basket:
    """What became a case leaves the draft, so that the typed number is not kept twice."""
    gone = [one.id for one in found.persons if one.id in done_ids]
    if not gone:
        return found
    sent = tuple(dict.fromkeys((*found.sent, *map(str, gone))))
    left = replace(found.without(gone), sent=sent)
    basket.save(actor, left, at=at)
    return left


def _stages(
    found: Basket, cases: list[CaseRow], call: dict[str, str] | None, at: clock.Instant
) -> list[Stage]:
    today = clock.on(at)
    route = flow.load(cases[0].flow)
    due = cases[0].due_on or first_due(route.first, today)
    stages = []
    for place, desk in enumerate(route.desks.values()):
        if place:
            due = first_due(desk, due)
        stages.append(
            Stage(
                title=words.DESKS[desk.name],
                state="now" if place == 0 else "next",
                when=until(due, today),
                by=call["name"] if place == 0 and call else "",
                note=gettext("Bring the ID card and the household booklet") if place == 0 else "",
            )
        )
    return [
        *stages,
        pay_stage(found.insurance, found.year, sum(row.own_fen for row in cases), today),
    ]


def until(due: datetime.date, today: datetime.date) -> str:
    """By a day, in words."""
    return gettext("by %(day)s") % {"day": day(due, today=today)}


def pay_stage(insurance: str, year: int, fen: int, today: datetime.date) -> Stage:
    """The last stage: paying, by when, and what begins then."""
    rules = published.rules(insurance, year)
    season, cover = rules.season(today), rules.cover_days(today)
    note = (
        policy_words.in_language(cover.says)
        if cover and cover.says
        else gettext("Cover begins when it is paid.")
    )
    return Stage(
        title=gettext("Insured; pay %(money)s") % {"money": money(fen)},
        state="next",
        when=until(season.closes_on, today) if season else "",
        note=note if insurance == "390" else gettext("One paper copy is yours."),
    )
