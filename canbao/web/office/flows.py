"""The flows cases walk by: chart and tables, drawn from the same data."""

from __future__ import annotations

from collections.abc import Mapping

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from canbao.cases import flow
from canbao.cases import words as case_words
from canbao.cases.flow import Flow
from canbao.kernel.actor import Actor
from canbao.web.access import officer
from canbao.web.office import chart, words
from canbao.web.office.pages import READERS, Cell, Listing, address, draw, is_administrator
from canbao.web.office.rules import FLOWS, waiting
from canbao.web.theme import format as say
from canbao.web.theme.pieces import Column, Row, Tab


@officer(*READERS)
def flows(request: HttpRequest, actor: Actor, county: str) -> HttpResponse:
    """The flows cases walk by, shipped and the county's own: the chart of each, and the same as tables."""
    del county
    found = flow.listed()
    wanted = request.GET.get("flow", "")
    route = next((one for one in found if one.name == wanted), found[0])
    tabs = [
        Tab(f"{words.KINDS[one.kind]} · {words.INSURANCES[one.insurance]} · {one.version}", f"?flow={one.name}", None, one is route)
        for one in found
    ]  # fmt: skip
    current = flow.newest(route.kind, route.insurance).name == route.name
    rows = [
        Row(key=pgettext("thing", "Name"), value=route.name),
        Row(
            key=_("State"), value=_("new cases begin with it") if current else _("older cases only")
        ),
        Row(key=_("Origin"), value=_("published here") if route.own else _("comes with canbao")),
        Row(key=_("Form"), value=route.form),
        Row(key=_("Second entry at the township"), value=_second(route)),
        Row(key=_("Copies end"), value=_copies(route)),
    ]
    begin = f"{address('office_pack_add')}?flow={route.name}"
    links = [(_("Propose a flow that begins as this one"), begin)]
    return draw(
        request, actor, FLOWS, _("Flows in force"), template="office/flow.html", tabs=tabs,
        rows=rows, listings=[_ways(route), _desks(route), waiting("flow")], chart=chart.svg(route),
        links=links if is_administrator(actor) else [],
    )  # fmt: skip


def _second(route: Flow) -> str:
    return {
        "always": _("always"),
        "paper": _("for what came on paper"),
        "never": _("never"),
    }[route.second_entry]


def _copies(route: Flow) -> str:
    return say.listed(
        _("copy %(number)s: %(place)s") % {"number": number, "place": words.DESKS[place]}
        for number, place in route.copies.items()
    )


def _ways(route: Flow) -> Listing:
    lines = [
        [
            Cell(words.DESKS[start], kind="name"),
            Cell(words.VERBS[verb], label=_("Act")),
            Cell(words.DESKS[end], label=pgettext("way", "To")),
        ]
        for start, verb, end in route.edges()
    ]
    heads = (pgettext("way", "From"), _("Act"), pgettext("way", "To"))
    return Listing(_("Every way a case can go"), [Column(one) for one in heads], lines)


def _desks(route: Flow) -> Listing:
    lines = []
    for desk in route.desks.values():
        asks = desk.asked(on_paper=True, family_form=True)
        lines.append(
            [
                Cell(words.DESKS[desk.name], kind="name"),
                Cell(_due(desk.deadline), label=_("Answers within")),
                Cell(words.SEAL_KINDS.get(desk.seal, desk.seal), label=_("Seal")),
                Cell(_("; ").join(case_words.item(code) for code in asks), label=_("Asked for each case")),
                Cell(
                    _("; ").join(case_words.item(code) for code in desk.asks_bundle) or "–",
                    label=_("Once for a bundle"),
                ),
            ]
        )  # fmt: skip
    heads = (
        _("Desk"),
        _("Answers within"),
        _("Seal"),
        _("Asked for each case"),
        _("Once for a bundle"),
    )
    return Listing(_("What each desk checks"), [Column(one) for one in heads], lines)


def _due(deadline: Mapping[str, int]) -> str:
    if "working_days" in deadline:
        return _("%(days)s working days") % {"days": deadline["working_days"]}
    return _("day %(day)s of the month") % {"day": deadline["day_of_month"]}
