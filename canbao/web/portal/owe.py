"""What we owe: the sum, by when, for whom and why; whom to pay for, and how."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_POST, require_safe

from canbao.insured import queries as insured
from canbao.kernel import clock, county, refusals
from canbao.kernel.actor import Actor
from canbao.kernel.refusal import Refused
from canbao.payments import elsewhere as others
from canbao.payments import owing
from canbao.payments.charges import ChargeRow
from canbao.payments.owing import Owed
from canbao.policy import published
from canbao.policy import words as said
from canbao.policy.rules import trace
from canbao.policy.words import Sentence
from canbao.web.access import resident
from canbao.web.portal import owed
from canbao.web.portal.forms import ElsewhereForm
from canbao.web.portal.frame import ELSEWHERE, UNPROCESSABLE, go, know_village, page, person_to_call
from canbao.web.portal.owed import Family

Groups = Mapping[tuple[str, int], Sequence[ChargeRow]]


@resident
@require_safe
def owe(request: HttpRequest, actor: Actor, county: str) -> HttpResponse:  # noqa: ARG001
    """The page of one insurance and year, and how to pay whoever is ticked in cash."""
    if request.GET.get("pay") == "cash":
        return _cash(request, actor)
    return _page(request, actor, ElsewhereForm())


@resident
@require_safe
def why(request: HttpRequest, actor: Actor, county: str) -> HttpResponse:  # noqa: ARG001
    """Why each amount is what it is, line by line with its source, as it was stored with the charge."""
    of, found, chosen = _chosen(request, actor)
    if chosen is None:
        raise Refused("not_found")
    _sheet, rows = owed.sheet(published.rules(*chosen), found[chosen], of, clock.today())
    covers = insured.covers([one.charge.person_id for one in rows], chosen[0])
    stored = {one.person_id: one.why for one in covers if one.year == chosen[1]}
    rows = [one for one in rows if one.charge.person_id in of.relations]
    reasons = {one.charge.id: _reasons(one, stored) for one in rows}
    bases = dict.fromkeys(line.basis for lines in reasons.values() for line in lines)
    sources = {basis: number for number, basis in enumerate(bases, 1)}
    values = {
        "title": owed.title(*chosen),
        "back": _address(*chosen),
        "people": [
            {
                "name": one.name,
                "own_fen": one.charge.own_fen,
                "whole_fen": one.price.whole_fen,
                "lines": [(line, sources[line.basis]) for line in reasons[one.charge.id]],
            }
            for one in rows
        ],
        "sources": sources,
    }
    return page(request, "why", values)


def _reasons(one: Owed, stored: Mapping[UUID, str]) -> list[Sentence]:
    """Why the price, and why the cover: what paying today would bring, or what was written when it was paid."""
    why = stored.get(one.charge.person_id)
    cover = one.cover or (trace.read_cover(why) if why and one.settled else None)
    return [*said.trace(one.price), *(said.cover(cover) if cover else ())]


@resident
@require_POST
def add(request: HttpRequest, actor: Actor, county: str) -> HttpResponse:  # noqa: ARG001
    """Add somebody elsewhere in the county by the exact number, or take one off the page again."""
    kept = _elsewhere(request)
    off = request.POST.get("off", "")
    if off:
        _keep(request, [one for one in kept if str(one) != off])
        return go("owe")
    form = ElsewhereForm(request.POST)
    if form.is_valid():
        try:
            outcome = others.find(actor, form.cleaned_data["number"], at=clock.now())
        except Refused as refused:
            form.add_error("number", refusals.said(refused))
        else:
            if outcome.done:
                _keep(request, [*kept, outcome.done[0]])
                return go("owe")
            form.add_error(
                "number",
                gettext(
                    "Nothing is to be paid under this number in this county. Look at it again,"
                    " or ask at the village."
                ),
            )
    return _page(request, actor, form, status=UNPROCESSABLE)


def _cash(request: HttpRequest, actor: Actor) -> HttpResponse:
    """With whom, where and when to pay the chosen ones, how much, and what one gets."""
    of, found, chosen = _chosen(request, actor)
    if chosen is None:
        raise Refused("not_found")
    sheet, _rows = owed.sheet(published.rules(*chosen), found[chosen], of, clock.today())
    wanted = _wanted(request, sheet)
    if not wanted:
        return _page(request, actor, ElsewhereForm(), fault=refusals.say("nobody_to_pay_for"))
    know_village(request, next((one.village for one in found[chosen]), ""))
    people = [one for one in sheet.people if one.charge_id in wanted]
    values = {
        "sheet": sheet,
        "people": people,
        "sum_fen": sum(one.fen for one in people),
        "call": person_to_call(request),
        "back": f"{_address(*chosen)}&{_who(wanted)}",
    }
    return page(request, "cash", values)


def _page(
    request: HttpRequest, actor: Actor, form: ElsewhereForm, *, status: int = 200, fault: str = ""
) -> HttpResponse:
    of, found, chosen = _chosen(request, actor)
    values: dict[str, Any] = {
        "form": form,
        "bound": actor.person_id is not None,
        "fault": (fault, "#people") if fault else None,
        "has_errors": bool(fault) or form.is_bound,
    }
    if chosen is not None:
        sheet, _rows = owed.sheet(published.rules(*chosen), found[chosen], of, clock.today())
        know_village(request, next((one.village for one in found[chosen]), ""))
        wanted = _wanted(request, sheet)
        sum_fen = sum(one.fen for one in sheet.people if one.charge_id in wanted)
        values |= {
            "sheet": sheet,
            "wanted": wanted,
            "sum_fen": sum_fen,
            "left_fen": sheet.due_fen - sum_fen,
            "others": [
                {"title": owed.title(*key), "href": _address(*key)}
                for key in sorted(found)
                if key != chosen
            ],
            "why": f"{reverse('why', args=[county.current()])}?{_pair(*chosen)}",
        }
    return page(request, "owe", values, status=status)


def _chosen(request: HttpRequest, actor: Actor) -> tuple[Family, Groups, tuple[str, int] | None]:
    """The family, its charges, and the insurance and year that the address names."""
    of = owed.family(actor.person_id, _elsewhere(request) if actor.person_id else ())
    found = owing.groups(of.ids, clock.today())
    insurance, year = request.GET.get("insurance", ""), request.GET.get("year", "")
    named = next((key for key in found if (key[0], str(key[1])) == (insurance, year)), None)
    return of, found, named or owed.first_due(found)


def _wanted(request: HttpRequest, sheet: owed.Sheet) -> set[UUID]:
    """The charges that are ticked; everybody's at first."""
    open_ones = {one.charge_id for one in sheet.people if one.state == "unpaid"}
    if not request.GET.keys() & {"who", "again", "pay"}:
        return open_ones
    ticked = set(request.GET.getlist("who"))
    return {one for one in open_ones if str(one) in ticked}


def _elsewhere(request: HttpRequest) -> list[UUID]:
    kept = request.session.get(ELSEWHERE, {}).get(county.current(), [])
    return [UUID(one) for one in kept]


def _keep(request: HttpRequest, persons: Sequence[UUID]) -> None:
    kept = request.session.get(ELSEWHERE, {})
    kept[county.current()] = [str(one) for one in dict.fromkeys(persons)]
    request.session[ELSEWHERE] = kept


def _address(insurance: str, year: int) -> str:
    return f"{reverse('owe', args=[county.current()])}?{_pair(insurance, year)}"


def _pair(insurance: str, year: int) -> str:
    return urlencode({"insurance": insurance, "year": year})


def _who(wanted: set[UUID]) -> str:
    return urlencode([("again", "yes"), *(("who", str(one)) for one in sorted(wanted))])
