"""Seals and who holds them, and named exceptions to four eyes."""

from __future__ import annotations

import datetime
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from canbao.kernel import clock, directory, trust
from canbao.kernel.actor import Actor
from canbao.kernel.directory import SealLine, WaiverLine
from canbao.kernel.refusal import Refused
from canbao.kernel.taken import Outcome
from canbao.web.access import officer
from canbao.web.office import forms, words
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
    number_of_page,
    page_of,
)
from canbao.web.office.people import OFFICERS
from canbao.web.theme import format as say
from canbao.web.theme.pieces import Column, Row
from canbao.web.theme.tags.cases import seal as drawn_seal

SEALS = "office_seals"


@officer(*READERS)
def seals(request: HttpRequest, actor: Actor, county: str) -> HttpResponse:
    """All seals and who holds them."""
    del county
    page = number_of_page(request)
    found, total = directory.seals(page=page)
    today = clock.today()
    lines = []
    for one in found:
        text, colour = _in_use(one, today)
        lines.append(
            [
                Cell(one.name, address("office_seal", one.id), kind="name"),
                Cell(words.SEAL_KINDS[one.kind], label=_("Kind")),
                Cell(_holders(one), label=_("Held by")),
                Cell(text, colour=colour, kind="due"),
            ]
        )
    heads = (pgettext("thing", "Name"), _("Kind"), _("Held by"), _("State"))
    listing = Listing(
        _("Seals"), [Column(one) for one in heads], lines,
        _("No seal is entered yet. Open an office and enter its seal there."),
        page_of(request, page, directory.PAGE, total),
    )  # fmt: skip
    return draw(request, actor, SEALS, _("Seals"), listings=[listing])


def _in_use(one: SealLine, today: datetime.date) -> tuple[str, str]:
    if one.to_on is None or one.to_on > today:
        return _("in use"), "green"
    return _("retired"), "grey"


def _holders(one: SealLine) -> str:
    today = clock.today()
    held = [row.officer_name for row in one.custody if row.to_on is None or row.to_on > today]
    return ", ".join(held) or _("nobody")


@officer(*READERS)
def one_seal(request: HttpRequest, actor: Actor, county: str, seal_id: UUID) -> HttpResponse:
    """One seal: how it looks, who held it when, and to whom it goes."""
    del county
    one = directory.seal(seal_id)
    if one is None:
        raise Refused("not_found")
    acts = _seal_acts(one) if is_administrator(actor) and one.to_on is None else []
    done = answer(request, actor, acts)
    if done is not None:
        return done
    rows = [
        Row(key=_("Kind"), value=words.SEAL_KINDS[one.kind]),
        Row(key=_("Office"), value=one.office_name, href=address("office_office", one.office_id),
            action=_("look at it")),
        Row(key=_("Purpose"), value=one.purpose or "–"),
        Row(key=_("Since"), value=say.day(one.from_on)),
        Row(key=_("State"), value=_in_use(one, clock.today())[0]),
    ]  # fmt: skip
    lines = [
        [
            Cell(row.officer_name, address("office_officer", row.officer_id), kind="name"),
            Cell(say.day(row.from_on), label=pgettext("date", "From")),
            Cell(say.day(row.to_on) if row.to_on else "–", label=_("Until")),
        ]
        for row in one.custody
    ]
    heads = (_("Officer"), pgettext("date", "From"), _("Until"))
    listing = Listing(
        _("Custody"), [Column(one) for one in heads], lines, _("Nobody has held this seal yet.")
    )
    return draw(
        request, actor, SEALS, one.name, rows=rows, listings=[listing], acts=acts,
        parent=(_("Seals"), address(SEALS)), template="office/seal.html",
        seal=drawn_seal(one.name, one.purpose, "large"),
    )  # fmt: skip


def _seal_acts(one: SealLine) -> list[Act]:
    here = address("office_seal", one.id)
    today = clock.today()
    held = [row for row in one.custody if row.to_on is None or row.to_on > today]
    posted = {
        row.officer_id: row.officer_name
        for row in directory.postings(office_id=one.office_id)
        if row.to_on is None or row.to_on > today
    }
    acts = [
        Act(
            "hand", _("Hand over"), _("Hand over the seal"),
            lambda it: trust.hand_over(
                it.actor, one.id, UUID(it.typed["officer"]), it.typed["from_on"], it.typed["to_on"],
                UUID(it.typed["instead_of"]) if it.typed["instead_of"] else None, **it.how,
            ),
            _("The seal changes hands on that day."), here, forms.CustodyForm,
            options={"officers": sorted(posted.items(), key=lambda pair: pair[1]),
                     "holders": [(row.officer_id, row.officer_name) for row in held]},
            hint=_("To officers posted at the office of the seal."),
        )
    ]  # fmt: skip
    if held:
        acts.append(
            Act(
                "back", _("Take it back"), _("Take back the seal"),
                lambda it: trust.end_custody(
                    it.actor, UUID(it.typed["custody"]), it.typed["on"], **it.how
                ),
                _("The custody ends on that day."), here, forms.EndCustodyForm,
                options={"custody": [(row.id, row.officer_name) for row in held]}, danger=True,
            )
        )  # fmt: skip
    acts.append(
        Act(
            "retire", _("Retire the seal"), _("Retire it"),
            lambda it: trust.retire_seal(it.actor, one.id, it.typed["on"], **it.how),
            _("The seal is out of use from that day."), here, forms.DayForm, danger=True,
            hint=_("Where it stands already, it stays."),
        )
    )  # fmt: skip
    return acts


def _waiver_state(one: WaiverLine) -> tuple[str, str]:
    if one.to_on <= clock.today():
        return _("over"), "grey"
    return (_("holds"), "green") if one.granted_by else (_("waits for a second person"), "amber")


@officer(*READERS)
def waivers(request: HttpRequest, actor: Actor, county: str) -> HttpResponse:
    """Named exceptions to four eyes: proposed by one administrator, granted by another."""
    del county
    act = Act(
        "propose", _("Propose an exception"), _("Propose"), _propose, _("A second administrator grants it."),
        address("office_waivers"), forms.WaiverForm,
        hint=_("It holds for at most 92 days and stands in the record for ever."),
    )  # fmt: skip
    acts = [act] if is_administrator(actor) else []
    done = answer(request, actor, acts)
    if done is not None:
        return done
    lines = []
    for one in directory.waivers():
        text, colour = _waiver_state(one)
        lines.append(
            [
                Cell(one.officer_name, address("office_waiver", one.id), kind="name"),
                Cell(words.RULES.get(one.rule, one.rule), label=_("Rule")),
                Cell(one.reason, label=_("Why")),
                Cell(f"{say.day(one.from_on)} – {say.day(one.to_on)}", label=_("When")),
                Cell(text, colour=colour, kind="due"),
            ]
        )
    heads = (_("Officer"), _("Rule"), _("Why"), _("When"), _("State"))
    listing = Listing(
        _("Exceptions"), [Column(one) for one in heads], lines, _("There is no exception.")
    )
    return draw(
        request, actor, OFFICERS, _("Exceptions to four eyes"), listings=[listing], acts=acts,
        parent=(_("Officers"), address(OFFICERS)),
    )  # fmt: skip


def _propose(it: Posted) -> Outcome:
    found = directory.officer_by_login(it.typed["login"])
    if found is None:
        raise Refused("officer_unknown")
    return trust.propose_waiver(
        it.actor, found.id, it.typed["rule"], it.typed["reason"], it.typed["from_on"],
        it.typed["to_on"], **it.how,
    )  # fmt: skip


@officer(*READERS)
def waiver(request: HttpRequest, actor: Actor, county: str, waiver_id: UUID) -> HttpResponse:
    """One exception: granted by a second administrator, or ended."""
    del county
    one = next((row for row in directory.waivers() if row.id == waiver_id), None)
    if one is None:
        raise Refused("not_found")
    acts = []
    if is_administrator(actor) and one.to_on > clock.today():
        acts = _waiver_acts(one, actor)
    done = answer(request, actor, acts)
    if done is not None:
        return done
    who = directory.names([one.proposed_by, one.granted_by])
    rows = [
        Row(key=_("Rule"), value=words.RULES.get(one.rule, one.rule)),
        Row(key=_("Why"), value=one.reason),
        Row(key=_("When"), value=f"{say.day(one.from_on)} – {say.day(one.to_on)}"),
        Row(key=_("Proposed by"), value=who.get(one.proposed_by, "–")),
        Row(key=_("Granted by"), value=who.get(one.granted_by, "–") if one.granted_by else "–"),
        Row(key=_("State"), value=_waiver_state(one)[0]),
    ]
    return draw(
        request, actor, OFFICERS, one.officer_name, rows=rows, acts=acts,
        parent=(_("Exceptions to four eyes"), address("office_waivers")),
    )  # fmt: skip


def _waiver_acts(one: WaiverLine, actor: Actor) -> list[Act]:
    here = address("office_waiver", one.id)
    own = actor.id in {one.proposed_by, one.officer_id}
    grant = Act(
        "grant", _("Grant it"), _("Grant the exception"),
        lambda it: trust.grant_waiver(it.actor, one.id, **it.how),
        _("The exception holds."), here,
        reason=_("You proposed it, or it is for you. Another administrator grants it.") if own else "",
    )  # fmt: skip
    end = Act(
        "end", _("End it"), _("End the exception"),
        lambda it: trust.end_waiver(it.actor, one.id, it.typed["on"], **it.how),
        _("The exception ends on that day."), here, forms.DayForm, danger=True,
    )  # fmt: skip
    return [end] if one.granted_by else [grant, end]
