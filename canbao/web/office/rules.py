"""Flows and packs in force, and packs on their way into force by two people."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from canbao.cases import flow
from canbao.cases import words as case_words
from canbao.cases.flow import Flow
from canbao.kernel import clock, directory, refusals
from canbao.kernel.actor import Actor, Role
from canbao.kernel.refusal import Refused
from canbao.kernel.taken import Outcome
from canbao.policy import in_force, published
from canbao.policy import words as pack_words
from canbao.policy.in_force import PackLine, Proposed
from canbao.policy.rules import packs
from canbao.policy.rules.faults import PackFault
from canbao.policy.rules.parsing import BYTES_MOST
from canbao.policy.rules.values import SeasonDay
from canbao.web.access import officer
from canbao.web.office import chart, forms, words
from canbao.web.office.pages import (
    READERS,
    Act,
    Cell,
    Listing,
    Posted,
    address,
    answer,
    draw,
    is_administrator,
)
from canbao.web.theme import format as say
from canbao.web.theme.pieces import Column, Row, Tab

FLOWS = "office_flows"
PACKS = "office_packs"


@officer(*READERS)
def flows(request: HttpRequest, actor: Actor, county: str) -> HttpResponse:
    """The flow in force of each insurance: its chart, and the same as tables."""
    del county
    found = flow.shipped()
    wanted = request.GET.get("flow", "")
    route = next((one for one in found if one.name == wanted), found[0])
    tabs = [
        Tab(f"{words.INSURANCES[one.insurance]} · {one.version}", f"?flow={one.name}", None, one is route)
        for one in found
    ]  # fmt: skip
    current = flow.newest(route.kind, route.insurance) is route
    rows = [
        Row(key=pgettext("thing", "Name"), value=route.name),
        Row(
            key=_("State"), value=_("new cases begin with it") if current else _("older cases only")
        ),
        Row(key=_("Form"), value=route.form),
        Row(key=_("Second entry at the township"), value=_second(route)),
        Row(key=_("Copies end"), value=_copies(route)),
    ]
    return draw(
        request, actor, FLOWS, _("Flows in force"), template="office/flow.html", tabs=tabs,
        rows=rows, listings=[_ways(route), _desks(route)], chart=chart.svg(route),
    )  # fmt: skip


def _second(route: Flow) -> str:
    return {
        "always": _("always"),
        "paper": _("for what came on paper"),
        "never": _("never"),
    }[route.second_entry]


def _copies(route: Flow) -> str:
    return ", ".join(
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
                Cell("; ".join(case_words.item(code) for code in asks), label=_("Asked for each case")),
                Cell(
                    "; ".join(case_words.item(code) for code in desk.asks_bundle) or "–",
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


def _years(one: PackLine) -> str:
    if one.years is None:
        return _("every year")
    first, last = one.years
    return str(first) if first == last else f"{first}–{last}"


def _text(text: Any) -> str:
    return str(text.in_language(get_language() or "zh-hans"))


@officer(*READERS)
def packs_in_force(request: HttpRequest, actor: Actor, county: str) -> HttpResponse:
    """Packs of the county's chain, and those that wait for a second person."""
    del county
    lines = []
    for one in in_force.lines():
        sound = one.confirmed == one.values
        lines.append(
            [
                Cell(_text(one.pack.place_name), address("office_pack", one.sha256), kind="name"),
                Cell(words.INSURANCES[str(one.pack.insurance)], label=_("Insurance")),
                Cell(_years(one), label=_("Cover years")),
                Cell(_("published here") if one.own else _("comes with canbao"), label=_("Origin")),
                Cell(
                    _("%(sound)s of %(all)s confirmed") % {"sound": one.confirmed, "all": one.values},
                    colour="green" if sound else "amber", kind="due",
                ),
            ]
        )  # fmt: skip
    heads = (_("Where it holds"), _("Insurance"), _("Cover years"), _("Origin"), _("Confirmed"))
    listings = [
        Listing(
            _("In force"), [Column(one) for one in heads], lines,
            _("No pack is in force for this county."),
        ),
        _waiting(),
    ]  # fmt: skip
    links = [(_("Propose a pack"), address("office_pack_add"))]
    return draw(
        request, actor, PACKS, _("Packs in force"), listings=listings,
        links=links if is_administrator(actor) else [],
    )  # fmt: skip


def _waiting() -> Listing:
    found = in_force.proposed()
    who = directory.names([one.proposed_by for one in found])
    lines = [
        [
            Cell(one.name, address("office_proposal", one.id), kind="name"),
            Cell(who.get(one.proposed_by, "–"), label=_("Proposed by")),
            Cell(say.moment(one.proposed_at), label=_("Proposed")),
            Cell(_("waits for a second person"), colour="amber", kind="due"),
        ]
        for one in found
    ]
    heads = (_("File"), _("Proposed by"), _("Proposed"), _("State"))
    return Listing(
        _("Proposed"), [Column(one) for one in heads], lines, _("No pack waits to be published.")
    )


@officer(*READERS)
def pack(request: HttpRequest, actor: Actor, county: str, sha256: str) -> HttpResponse:
    """One pack in force: its sources, and what it does not know."""
    del county
    one = next((line for line in in_force.lines() if line.sha256 == sha256), None)
    if one is None:
        raise Refused("not_found")
    rows = [
        Row(key=_("Insurance"), value=words.INSURANCES[str(one.pack.insurance)]),
        Row(key=_("Cover years"), value=_years(one)),
        Row(key=_("Origin"), value=_("published here") if one.own else _("comes with canbao")),
        Row(key=_("Values"), value=str(one.values)),
        Row(key=_("Confirmed"), value=str(one.confirmed)),
        Row(key=_("File"), value=one.name),
        Row(key="SHA-256", value=one.sha256),
    ]
    return draw(
        request, actor, PACKS, _text(one.pack.place_name), rows=rows,
        listings=[_sources(one), _gaps(one)], parent=(_("Packs in force"), address(PACKS)),
    )  # fmt: skip


def _sources(one: PackLine) -> Listing:
    lines = [
        [
            Cell(_text(source.title), kind="name"),
            Cell(pack_words.GRADES[source.grade], label=_("Kind of source")),
            Cell(_published(source.published_on), label=_("Published")),
            Cell(source.address, label=_("Where")),
        ]
        for source in one.sources
    ]
    heads = (_("Source"), _("Kind of source"), _("Published"), _("Where"))
    return Listing(_("Sources"), [Column(one) for one in heads], lines, _("It names no source."))


def _published(on: Any) -> str:
    if on is None:
        return _("not found")
    if isinstance(on, SeasonDay):
        return _("every year on %(month)s-%(day)s") % {
            "month": f"{on.month:02d}",
            "day": f"{on.day:02d}",
        }
    return say.day(on)


def _gaps(one: PackLine) -> Listing:
    lines = [
        [
            Cell(gap.key, kind="name"),
            Cell(_text(gap.said), label=_("Why")),
        ]
        for gap in packs.gaps_of(one.pack)
    ]
    heads = (_("Which value"), _("Why"))
    return Listing(
        _("What was not found"), [Column(one) for one in heads], lines, _("Nothing is missing.")
    )


@officer(Role.ADMINISTRATOR)
def propose(request: HttpRequest, actor: Actor, county: str) -> HttpResponse:
    """Put a pack before a second administrator; every fault is named by file and line."""
    del county
    faults: list[str] = []
    act = Act(
        "propose", _("A new pack"), _("Check and propose"), lambda it: _propose(it, faults),
        _("The pack is proposed. A second administrator publishes it."),
        lambda outcome: address("office_proposal", outcome.done[0]), forms.PackForm,
        hint=_("It is checked as if it came into force now: every worked example is run."),
    )  # fmt: skip
    return answer(request, actor, [act]) or draw(
        request, actor, PACKS, _("Propose a pack"), acts=[act], faults=faults,
        template="office/propose.html", parent=(_("Packs in force"), address(PACKS)),
    )  # fmt: skip


def _propose(it: Posted, faults: list[str]) -> Outcome:
    name, text = _given(it.typed)
    try:
        return published.propose(it.actor, name, text, **it.how)
    except PackFault as fault:
        faults += [pack_words.fault(one) for one in fault.faults]
        raise


def _given(typed: Mapping[str, Any]) -> tuple[str, str]:
    file = typed.get("file")
    if file:
        try:
            return file.name, file.read(BYTES_MOST + 1).decode()
        except UnicodeDecodeError as fault:
            raise Refused("pack_not_utf8") from fault
    # A browser sends pasted lines with CR LF; a pack's bytes are those of its file.
    return typed.get("name") or "pack.toml", str(typed["text"]).replace("\r\n", "\n")


@officer(*READERS)
def proposal(request: HttpRequest, actor: Actor, county: str, pack_id: UUID) -> HttpResponse:
    """A proposed pack: its text, what is wrong with it, and the button of the second person."""
    del county
    one = in_force.one(pack_id)
    if one is None:
        raise Refused("not_found")
    faults: list[str] = []
    acts = []
    if is_administrator(actor) and one.published_at is None:
        acts = [_publish(one, actor, faults)]
    done = answer(request, actor, acts)
    if done is not None:
        return done
    who = directory.names([one.proposed_by, one.published_by])
    rows = [
        Row(key=_("Proposed by"), value=who.get(one.proposed_by, "–")),
        Row(key=_("Proposed"), value=say.moment(one.proposed_at)),
        Row(key=_("Published by"), value=who.get(one.published_by, "–") if one.published_by else "–"),
        Row(key=_("Published"), value=say.moment(one.published_at) if one.published_at else "–"),
        Row(key="SHA-256", value=one.sha256),
    ]  # fmt: skip
    return draw(
        request, actor, PACKS, one.name, rows=rows, acts=acts, faults=faults, text=one.text,
        template="office/proposal.html", parent=(_("Packs in force"), address(PACKS)),
        today=clock.today(),
    )  # fmt: skip


def _publish(one: Proposed, actor: Actor, faults: list[str]) -> Act:
    def do(it: Posted) -> Outcome:
        try:
            return published.publish(it.actor, one.id, **it.how)
        except PackFault as fault:
            faults.extend(pack_words.fault(found) for found in fault.faults)
            raise

    own = one.proposed_by == actor.id
    return Act(
        "publish", _("Put it into force"), _("Publish the pack"), do, _("The pack is in force."),
        address("office_proposal", one.id),
        reason=refusals.say("second_person_needed") if own else "",
    )  # fmt: skip
