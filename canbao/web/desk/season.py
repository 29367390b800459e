"""How far the season is: counts by place, the curve, why people have not paid, whom to visit, who dropped out."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from canbao.kernel import clock
from canbao.kernel.actor import Actor, Role
from canbao.kernel.refusal import Refused
from canbao.payments import asking
from canbao.payments.asking import How, Said
from canbao.policy import published, seasons
from canbao.policy import words as policy_words
from canbao.policy.rules.answers import SeasonDays
from canbao.reports import season, visits
from canbao.reports.season import Place, Point, Tally
from canbao.reports.visits import Visit
from canbao.web.access import key_of, officer
from canbao.web.desk import acts, curve, visit_sheet
from canbao.web.desk.frame import frame
from canbao.web.theme import format as say
from canbao.web.theme.pieces import Bar, Column

READERS: Final = (Role.VILLAGE, Role.TOWNSHIP, Role.COUNTY, Role.FINANCE)
ASKERS: Final = frozenset({Role.VILLAGE, Role.TOWNSHIP})
ON_PAGE: Final = 100
SAID: Final[Mapping[str, Any]] = {
    Said.YEAR_END: _("Pays at the end of the year"),
    Said.CASH: _("Wants to pay in cash"),
    Said.AWAY: _("Away, not reached"),
    Said.OTHER_INSURANCE: _("Has another insurance, to be checked"),
    Said.TOO_DEAR: _("Finds it too dear"),
    Said.MOVED_OR_DIED: _("Moved or died, to be checked"),
    Said.NOBODY: _("Nobody was in"),
}
HOW: Final[Mapping[str, Any]] = {How.VISIT: _("Visit"), How.PHONE: _("Phone call")}
LOST: Final[Mapping[str, Any]] = {
    "dead": _("Died"),
    "merged": _("Two records, made one"),
    "moved": _("Moved to another county"),
    "level_unknown": _("Category or tier not known"),
    "level_without_amount": _("No amount is published for the tier"),
    "not_eligible": _("Does not meet the conditions any more"),
}


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the page is about: insurance, year, and the place, empty for all within reach."""

    insurance: str
    year: int
    place: Place | None
    places: Mapping[str, Place]
    actor: Actor

    @property
    def villages(self) -> frozenset[str] | None:
        """The villages counted; None is the county."""
        return self.place.villages if self.place else self.actor.villages

    @property
    def title(self) -> str:
        """The insurance by name."""
        return str(policy_words.INSURANCES[self.insurance])

    def query(self, **changes: object) -> str:
        """The same page about something else."""
        found = {
            "insurance": self.insurance,
            "year": self.year,
            "at": self.place.code if self.place else "",
            **changes,
        }
        return "?" + "&".join(f"{name}={value}" for name, value in found.items() if value)


def wanted(request: HttpRequest, actor: Actor, *, who: bool = False) -> Wanted:
    """What the address asks for, with `who` is posted; what is not within reach counts as not asked for."""
    held = sorted(actor.insurances, reverse=True)
    insurance = request.GET.get("insurance", "")
    insurance = insurance if insurance in held else held[0]
    year = acts.number_or(request.GET.get("year"), seasons.year_for(insurance, clock.today()))
    year = year if abs(year - clock.today().year) <= 10 else clock.today().year  # noqa: PLR2004
    places = season.places(actor, clock.today() if who else None)
    place = places.get(request.GET.get("at", ""))
    if place is None and actor.role is Role.VILLAGE:
        place = next((one for one in places.values() if one.is_village), None)
    return Wanted(insurance, year, place, places, actor)


@officer(*READERS)
def board(request: HttpRequest, actor: Actor, county: str) -> HttpResponse:
    """Target, paid, paid for, not paid, dropped out; by place, the slowest first; the curve and the reasons."""
    del county
    it, today = wanted(request, actor), clock.today()
    listed = season.shown_below(it.places, it.place.code if it.place else "", actor)
    tallies = season.tallies(it.insurance, it.year, listed, it.villages)
    points = season.curve(it.insurance, it.year, it.villages, today)
    days = published.rules(it.insurance, it.year).season(today)
    first, last = _span(days, points, today)
    whole = _whole(tallies)
    answers = season.said(it.insurance, it.year, it.villages)
    values = {
        "it": it,
        "until": _until(days, today),
        "figures": _figures(whole, points, today),
        "rows": [_row(one, it) for one in tallies],
        "columns": [
            Column(gettext("Place")), Column(gettext("Done")), Column("%", "number"),
            Column(gettext("Not paid"), "number"), Column(gettext("Dropped out"), "number"),
        ],
        "curve": curve.svg(points, whole.target, first, last) if whole.target else "",
        "points": points[-120:],
        "known_before": _known_before(points),
        "point_columns": [
            Column(gettext("Day")), Column(gettext("This season"), "number"), Column(gettext("The one before"), "number"),
        ],
        "bars": [Bar(SAID[code], count) for code, count in answers.items() if code in SAID],
        "asked": sum(answers.values()),
        "visits_url": _address("season_visits", it),
        "lost_url": _address("season_lost", it),
        "run_url": _address("season_run", it) if actor.role is Role.FINANCE else "",
        "choices": _choices(it),
        "insurances": [(one, policy_words.INSURANCES[one]) for one in sorted(actor.insurances)],
        **frame(request, actor, "season"),
    }  # fmt: skip
    return render(request, "desk/season.html", values)


@officer(*READERS)
def visit_list(request: HttpRequest, actor: Actor, county: str) -> HttpResponse:
    """Households to be visited, as one walks; a village notes what was said."""
    del county
    it = wanted(request, actor, who=True)
    if request.method == "POST":
        return _note(request, actor, it)
    rules = published.rules(it.insurance, it.year)
    found = visits.visits(rules, it.villages, clock.today()) if it.villages else visits.NOBODY
    values = {
        "it": it,
        "columns": [
            Column(gettext("Who has not paid")), Column(gettext("Place")), Column(gettext("Owed"), "number"),
            Column(gettext("If not paid in time")), Column(gettext("Last asked")),
            Column(gettext("Who goes")),
        ],
        "visits": [_visit_row(one, it) for one in found.visits[:ON_PAGE]],
        "number": len(found.visits),
        "found": found,
        "print_url": _address("season_visits_print", it),
        "board_url": _address("season", it),
        "may_ask": actor.role in ASKERS,
        "said": [(code, text) for code, text in SAID.items()],
        "how": [(code, text) for code, text in HOW.items()],
        "today": clock.today(),
        "choices": _choices(it),
        "done": request.GET.get("done") == "1",
        **frame(request, actor, "season"),
    }  # fmt: skip
    return render(request, "desk/season_visits.html", values)


def _note(request: HttpRequest, actor: Actor, it: Wanted) -> HttpResponse:
    """Write down what a household said."""
    charges = [acts.uuid_or_404(one) for one in request.POST.get("charges", "").split()]
    how, said = request.POST.get("how", ""), request.POST.get("said", "")
    if how not in HOW or said not in SAID or not charges:
        raise Refused("page_too_old")
    outcome = asking.note(
        actor,
        charges,
        How(how),
        Said(said),
        clock.today(),
        at=clock.now(),
        key=key_of(request, actor),
    )
    if outcome.refused and not outcome.done:
        refusal = next(iter(outcome.refused.values()))
        raise Refused(refusal.code, **refusal.facts)
    return HttpResponseRedirect(_address("season_visits", it) + "&done=1", status=303)


@officer(*READERS)
def visit_print(request: HttpRequest, actor: Actor, county: str) -> HttpResponse:
    """The visit list as PDF; the printing goes on record."""
    del county
    it = wanted(request, actor, who=True)
    if not it.villages or it.place is None:
        raise Refused("not_found")
    rules = published.rules(it.insurance, it.year)
    found = visits.visits(rules, it.villages, clock.today())
    visits.printed(actor, it.place.code, len(found.visits), at=clock.now())
    lines = [_visit_row(one, it) for one in found.visits]
    cut = ""
    if found.cut:
        cut = gettext(
            "Only the first %(listed)s of %(people)s people who have not paid. Print it village by village."
        ) % {"listed": f"{found.listed:,}", "people": f"{found.people:,}"}
    about = visit_sheet.About(it.place.name, it.title, it.year, cut)
    content = visit_sheet.pdf(about, lines, actor, clock.today())
    headers = {
        "Content-Disposition": 'inline; filename="visits.pdf"',
        "Cache-Control": "private, no-store",
    }
    return HttpResponse(content, content_type="application/pdf", headers=headers)


@officer(*READERS)
def lost(request: HttpRequest, actor: Actor, county: str) -> HttpResponse:
    """Who was insured before and is not charged, by village and household, with the reason."""
    del county
    it = wanted(request, actor)
    rules = published.rules(it.insurance, it.year)
    found = season.drop_outs(it.insurance, it.year, it.villages)
    rows = [
        {
            "name": one.name,
            "place": _place_name(it, one.village),
            "household": one.household_number,
            "why": LOST.get(one.reason, one.reason),
            "rule": _rule(rules, one.detail),
        }
        for one in found
    ]
    values = {
        "it": it,
        "rows": rows,
        "total": found.total,
        "columns": [
            Column(gettext("Name")), Column(gettext("Village")), Column(gettext("Household")),
            Column(gettext("Why")),
        ],
        "board_url": _address("season", it),
        **frame(request, actor, "season"),
    }  # fmt: skip
    return render(request, "desk/season_lost.html", values)


def _rule(rules: Any, code: str) -> str:
    """The pack's own sentence of the rule that speaks against a person."""
    placed = rules.rules.get(code)
    said = rules.said(placed, clock.today())
    return policy_words.in_language(said.it.says) if said else ""


def _address(name: str, it: Wanted) -> str:
    return reverse(name, args=[it.actor.county]) + it.query()


def _choices(it: Wanted) -> list[tuple[str, str]]:
    """Places one may look at: all, then townships with their villages."""
    whole = [("", gettext("Everything within reach"))] if it.actor.role is not Role.VILLAGE else []
    return [*whole, *((one.code, one.name) for one in it.places.values())]


def _village(it: Wanted, code: str) -> Place | None:
    """The village of today that a code of its day belongs to."""
    return next(
        (one for one in it.places.values() if one.is_village and code in one.villages), None
    )


def _place_name(it: Wanted, code: str) -> str:
    place = _village(it, code)
    return place.name if place else code


def _span(
    days: SeasonDays | None, points: list[Point], today: datetime.date
) -> tuple[datetime.date, datetime.date]:
    """From when to when the curve is drawn: the season, or what was settled."""
    first = (days and days.opens_on) or points[0].on
    last = days.in_time_to if days else points[-1].on
    return min(first, today), max(last, today)


def _until(days: SeasonDays | None, today: datetime.date) -> str:
    if days is None:
        return ""
    # As the phone says it: the day of the notice first, the extension once that has passed.
    last = days.closes_on if today <= days.closes_on else days.in_time_to
    left = (last - today).days
    if left < 0:
        return gettext("The period ended on %(day)s.") % {"day": say.day(last, today=today)}
    return gettext("Until %(day)s, %(days)s days left.") % {
        "day": say.day(last, today=today), "days": left,
    }  # fmt: skip


def _whole(tallies: list[Tally]) -> Tally:
    nowhere = Place("", "", frozenset(), is_village=False)
    return Tally(
        nowhere,
        paid=sum(one.paid for one in tallies),
        paid_for=sum(one.paid_for for one in tallies),
        unpaid=sum(one.unpaid for one in tallies),
        dropped=sum(one.dropped for one in tallies),
    )


def _percent(part: int, whole: int) -> str:
    return f"{part * 100 / whole:.1f}%" if whole else ""


def _figures(
    whole: Tally, points: list[Point], today: datetime.date
) -> list[tuple[Any, str, str, str]]:
    """(label, number, beside it, tone) of the numbers that matter."""
    before = max((one.before for one in points if one.on <= today), default=0)
    more = whole.settled - before
    said = gettext("%(number)s more now") if more >= 0 else gettext("%(number)s fewer now")
    last_year = (
        (f"{before:,}", said % {"number": f"{abs(more):,}"}) if _known_before(points)
        else ("–", gettext("no numbers of last year"))
    )  # fmt: skip
    return [
        (gettext("To be insured"), f"{whole.target:,}", gettext("persons"), ""),
        (gettext("Paid"), f"{whole.paid:,}", _percent(whole.paid, whole.target), "paid"),
        (
            gettext("Paid for by others"),
            f"{whole.paid_for:,}",
            _percent(whole.paid_for, whole.target),
            "",
        ),
        (gettext("Not paid"), f"{whole.unpaid:,}", _percent(whole.unpaid, whole.target), "unpaid"),
        (gettext("Dropped out"), f"{whole.dropped:,}", gettext("persons"), ""),
        (gettext("Same day last year"), *last_year, ""),
    ]


def _known_before(points: list[Point]) -> bool:
    """Whether the season before was told of here; in a county's first year it was not."""
    return bool(points) and points[-1].before > 0


def _row(one: Tally, it: Wanted) -> dict[str, Any]:
    """A place with its bar, in parts of a hundred."""
    target = one.target or 1
    paid, paid_for = one.paid * 100 / target, one.paid_for * 100 / target
    name = "season_visits" if one.place.is_village else "season"
    return {
        "tally": one,
        "href": reverse(name, args=[it.actor.county]) + it.query(at=one.place.code),
        "percent": f"{one.permille / 10:.1f}" if one.target else "–",
        "paid": f"{paid:.2f}",
        "paid_for_at": f"{paid:.2f}",
        "paid_for": f"{paid_for:.2f}",
        "unpaid_at": f"{paid + paid_for:.2f}",
        "unpaid": f"{max(0, 100 - paid - paid_for):.2f}" if one.target else "0",
    }


def _visit_row(one: Visit, it: Wanted) -> dict[str, Any]:
    """A household in the words of the list."""
    asked = ""
    if one.asked is not None:
        asked = gettext("%(day)s, %(how)s: %(said)s") % {
            "day": say.day(one.asked.on, today=clock.today()), "how": HOW[one.asked.how],
            "said": SAID[one.asked.said],
        }  # fmt: skip
    place = _village(it, one.village)
    village = place.name if place else one.village
    # An address begins with the county and ends with the house; who goes there knows the first half.
    within = one.address.partition(village)[2] or one.address
    return {
        "place": village,
        "who": place.who if place else "",
        "household": one.household_number if one.household_number not in within else "",
        "address": within,
        "people": [(who.name, who.age) for who in one.people],
        "due_fen": one.due_fen,
        "consequence": consequence(one.months, it.insurance),
        "asked": asked,
        "by": one.asked.by_name if one.asked else "",
        "charges": " ".join(str(who.charge_id) for who in one.people),
    }


def consequence(months: int | None, insurance: str) -> str:
    """What it means not to pay in time, in plain words; never why somebody waits less than others."""
    if insurance != "390" or months is None:
        return gettext("This year will not count for the pension") if insurance != "390" else ""
    if months == 0:
        return gettext("Nothing is paid by the insurance until they pay")
    return gettext("Waits %(months)s months for cover after paying late") % {"months": months}
