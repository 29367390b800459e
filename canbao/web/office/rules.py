"""Packs in force, and packs and flows on their way into force by two people."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from canbao.cases import flow
from canbao.cases.flow import Flow
from canbao.kernel import clock, directory, refusals
from canbao.kernel.actor import Actor, Role
from canbao.kernel.refusal import Refused
from canbao.kernel.taken import Outcome
from canbao.policy import documents, in_force
from canbao.policy import words as pack_words
from canbao.policy.in_force import PackLine, Proposed
from canbao.policy.rules import packs
from canbao.policy.rules.faults import PackFault
from canbao.policy.rules.parsing import BYTES_MOST
from canbao.policy.rules.values import SeasonDay
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
)
from canbao.web.theme import format as say
from canbao.web.theme.pieces import Column, Row

FLOWS = "office_flows"
PACKS = "office_packs"


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
        waiting(documents.PACK),
    ]  # fmt: skip
    links = [(_("Propose a pack"), address("office_pack_add"))]
    return draw(
        request, actor, PACKS, _("Packs in force"), listings=listings,
        links=links if is_administrator(actor) else [],
    )  # fmt: skip


def waiting(kind: str) -> Listing:
    """Packs or flows that wait for a second person."""
    found = in_force.proposed(kind)
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
        _("Proposed"), [Column(one) for one in heads], lines, _("Nothing waits to be published.")
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
    """Put a pack or flow before a second administrator; every fault is named by file and line."""
    del county
    faults: list[str] = []
    begun = next((one for one in flow.listed() if one.name == request.GET.get("flow")), None)
    act = Act(
        "propose", _("A new pack or flow"), _("Check and propose"), lambda it: _propose(it, faults),
        _("It is proposed. A second administrator publishes it."),
        lambda outcome: address("office_proposal", outcome.done[0]), forms.PackForm,
        _begun(begun) if begun else {},
        hint=_("It is checked as if it came into force now: every worked example is run."),
    )  # fmt: skip
    title, parent = _("Propose a pack"), (_("Packs in force"), address(PACKS))
    if begun:
        title, parent = _("Propose a flow"), (_("Flows in force"), address(FLOWS))
    return answer(request, actor, [act]) or draw(
        request, actor, FLOWS if begun else PACKS, title, acts=[act], faults=faults,
        template="office/propose.html", parent=parent,
    )  # fmt: skip


def _begun(one: Flow) -> dict[str, str]:
    """The text of a flow under the next number, to be changed."""
    number = flow.following(one.kind, one.insurance)
    text = re.sub(r"(?m)^version *=.*$", f"version = {number}", flow.text_of(one), count=1)
    return {"name": f"{one.kind}.{one.insurance}.{number}.toml", "text": text}


def _propose(it: Posted, faults: list[str]) -> Outcome:
    name, text = _given(it.typed)
    try:
        return documents.propose(it.actor, name, text, **it.how)
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
    # A browser sends pasted lines with CR LF; the bytes are those of its file.
    text = str(typed["text"]).replace("\r\n", "\n")
    return typed.get("name") or f"{documents.kind_of(text)}.toml", text


@officer(*READERS)
def proposal(request: HttpRequest, actor: Actor, county: str, pack_id: UUID) -> HttpResponse:
    """A proposed pack or flow: its text, what is wrong with it, and the button of the second person."""
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
    current, parent = PACKS, (_("Packs in force"), address(PACKS))
    if one.kind != documents.PACK:
        current, parent = FLOWS, (_("Flows in force"), address(FLOWS))
    return draw(
        request, actor, current, one.name, rows=rows, acts=acts, faults=faults, text=one.text,
        template="office/proposal.html", parent=parent, today=clock.today(),
    )  # fmt: skip


def _publish(one: Proposed, actor: Actor, faults: list[str]) -> Act:
    def do(it: Posted) -> Outcome:
        try:
            return documents.publish(it.actor, one.id, **it.how)
        except PackFault as fault:
            faults.extend(pack_words.fault(found) for found in fault.faults)
            raise

    own = one.proposed_by == actor.id
    return Act(
        "publish", _("Put it into force"), pgettext("pack or flow", "Publish"), do,
        _("It is in force."), address("office_proposal", one.id),
        reason=refusals.say("second_person_needed") if own else "",
    )  # fmt: skip
