"""Regions and the offices that serve them."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from canbao.kernel import administration, directory, trust
from canbao.kernel.actor import Actor, Role
from canbao.kernel.administration import OfficeGiven
from canbao.kernel.directory import OfficeLine, RegionLine
from canbao.kernel.refusal import Refused
from canbao.web.access import officer
from canbao.web.office import accounts, forms, words
from canbao.web.office.pages import (
    READERS,
    Act,
    Cell,
    Listing,
    address,
    answer,
    draw,
    is_administrator,
    number_of_page,
    page_of,
    search_of,
)
from canbao.web.office.people import role_name
from canbao.web.theme import format as say
from canbao.web.theme.pieces import Column, Row

REGIONS = "office_regions"
OFFICES = "office_offices"


def _state(line: RegionLine | OfficeLine) -> tuple[str, str]:
    if line.to_on is None:
        return _("in force"), "green"
    if isinstance(line, RegionLine) and line.succeeded_by:
        return _("merged into %(code)s") % {"code": line.succeeded_by}, "grey"
    return _("until %(day)s") % {"day": say.day(line.to_on)}, "grey"


def _region_listing(caption: str, found: list[RegionLine], empty: str) -> Listing:
    lines = []
    for one in found:
        text, colour = _state(one)
        lines.append(
            [
                Cell(one.name, address("office_region", one.code), kind="name"),
                Cell(one.code, kind="id"),
                Cell(say.day(one.from_on), label=_("since")),
                Cell(text, colour=colour, kind="due"),
            ]
        )
    heads = [
        Column(pgettext("thing", "Name")),
        Column(_("Code")),
        Column(_("Since")),
        Column(_("State")),
    ]
    return Listing(caption, heads, lines, empty)


@officer(*READERS)
def regions(request: HttpRequest, actor: Actor, county: str) -> HttpResponse:
    """The townships of the county."""
    found = directory.regions(level="township")
    links = [(_("Add a township"), address("office_region_add", f"{county}000000"))]
    return draw(
        request, actor, REGIONS, _("Regions"),
        listings=[_region_listing(_("Townships"), found, _("No township is entered yet."))],
        links=links if is_administrator(actor) else [],
    )  # fmt: skip


@officer(*READERS)
def region(request: HttpRequest, actor: Actor, county: str, code: str) -> HttpResponse:
    """One region, what lies in it, and what can become of it."""
    del county
    one = directory.region(code)
    if one is None:
        raise Refused("not_found")
    acts = _region_acts(one) if is_administrator(actor) and one.to_on is None else []
    done = answer(request, actor, acts)
    if done is not None:
        return done
    listings = []
    links = []
    if one.level == "township":
        villages = [row for row in directory.regions(parent=code) if row.code != code]
        listings = [_region_listing(_("Villages"), villages, _("No village is entered yet."))]
        links = [(_("Add a village"), address("office_region_add", code))]
    state, _colour = _state(one)
    rows = [
        Row(key=_("Code"), value=one.code),
        Row(key=pgettext("region", "Level"), value=words.LEVELS[one.level]),
        Row(key=_("Since"), value=say.day(one.from_on)),
        Row(key=_("State"), value=state),
    ]
    return draw(
        request, actor, REGIONS, one.name, rows=rows, listings=listings, acts=acts,
        links=links if acts else [], parent=_above(one),
    )  # fmt: skip


def _above(one: RegionLine) -> tuple[str, str]:
    if one.level == "village":
        above = directory.region(one.parent_code)
        return (above.name if above else one.parent_code), address("office_region", one.parent_code)
    return _("Regions"), address(REGIONS)


def _region_acts(one: RegionLine) -> list[Act]:
    here = address("office_region", one.code)
    if one.level == "county":
        return []
    others = [
        (row.code, f"{row.name} {row.code}")
        for row in directory.regions(level=one.level)
        if row.code != one.code and row.to_on is None
    ]
    return [
        Act(
            "rename", _("Another name"), _("Give it this name"),
            lambda it: administration.rename_region(it.actor, one.code, it.typed["name"], **it.how),
            _("The region has its new name."), here, forms.Named, {"name": one.name},
        ),
        Act(
            "merge", _("Merge into another"), _("Merge"),
            lambda it: administration.merge_regions(
                it.actor, [one.code], it.typed["into"], it.typed["on"], **it.how
            ),
            _("The region is merged. Its cases stay within reach of whoever serves the other one."),
            here, forms.MergeForm, options={"choices": others}, danger=True,
            hint=_("Cases keep the code of their day."),
        ),
    ]  # fmt: skip


@officer(Role.ADMINISTRATOR)
def add_region(request: HttpRequest, actor: Actor, county: str, parent: str) -> HttpResponse:
    """Add a township to the county, or a village to a township."""
    del county
    above = directory.region(parent)
    if above is None or above.level == "village":
        raise Refused("not_found")
    level = "village" if above.level == "township" else "township"
    act = Act(
        "add", words.LEVELS[level], _("Add"),
        lambda it: administration.add_region(
            it.actor, it.typed["code"], it.typed["name"], level, parent, **it.how
        ),
        _("The region is added."), address("office_region", parent), forms.RegionForm,
    )  # fmt: skip
    title = _("Add a village") if level == "village" else _("Add a township")
    back = (above.name, address("office_region", parent))
    return answer(request, actor, [act]) or draw(
        request, actor, REGIONS, title, acts=[act], parent=back
    )


def _insurances(codes: tuple[str, ...]) -> str:
    return say.listed(words.INSURANCES[code] for code in codes)


@officer(*READERS)
def offices(request: HttpRequest, actor: Actor, county: str) -> HttpResponse:
    """All offices, open ones first."""
    del county
    page, search = number_of_page(request), search_of(request)
    found, total = directory.offices(search, page)
    lines = []
    for one in found:
        text, colour = _state(one)
        lines.append(
            [
                Cell(one.name, address("office_office", one.id), kind="name"),
                Cell(words.OFFICE_KINDS[one.kind], label=_("Kind")),
                Cell(one.region_code, label=_("Region")),
                Cell(_insurances(one.insurances), label=_("Serves")),
                Cell(text, colour=colour, kind="due"),
            ]
        )
    heads = (pgettext("thing", "Name"), _("Kind"), _("Region"), _("Serves"), _("State"))
    listing = Listing(
        _("Offices"), [Column(one) for one in heads], lines, _("No office begins like this."),
        page_of(request, page, directory.PAGE, total),
    )  # fmt: skip
    links = [(_("Open an office"), address("office_office_add"))]
    return draw(
        request, actor, OFFICES, _("Offices"), listings=[listing], search=search,
        links=links if is_administrator(actor) else [],
    )  # fmt: skip


def _given(typed: dict[str, Any], kind: str, region_code: str) -> OfficeGiven:
    return OfficeGiven(
        typed["name"], kind, region_code, tuple(typed["insurances"]), typed["address"],
        typed["phone"], typed["hours"],
    )  # fmt: skip


@officer(Role.ADMINISTRATOR)
def add_office(request: HttpRequest, actor: Actor, county: str) -> HttpResponse:
    """Open an office."""
    del county
    act = Act(
        "open", _("A new office"), _("Open the office"),
        lambda it: administration.open_office(
            it.actor, _given(dict(it.typed), it.typed["kind"], it.typed["region_code"]),
            it.typed["from_on"], **it.how,
        ),
        _("The office is open. Give it a seal and post officers to it."),
        lambda outcome: address("office_office", outcome.done[0]), forms.NewOfficeForm,
    )  # fmt: skip
    back = (_("Offices"), address(OFFICES))
    return answer(request, actor, [act]) or draw(
        request, actor, OFFICES, _("Open an office"), acts=[act], parent=back
    )


@officer(*READERS)
def office(request: HttpRequest, actor: Actor, county: str, office_id: UUID) -> HttpResponse:
    """One office: who works there, its seals, and what can become of it."""
    del county
    one = directory.office(office_id)
    if one is None:
        raise Refused("not_found")
    changes = is_administrator(actor) and one.to_on is None
    acts = [*_office_acts(one), *accounts.account_act(one)] if changes else []
    done = answer(request, actor, acts)
    if done is not None:
        return done
    state, _colour = _state(one)
    rows = [
        Row(key=_("Kind"), value=words.OFFICE_KINDS[one.kind]),
        Row(key=_("Region"), value=one.region_code, href=address("office_region", one.region_code),
            action=_("look at it")),
        Row(key=_("Serves"), value=_insurances(one.insurances)),
        Row(key=_("Address"), value=one.address or "–"),
        Row(key=_("Phone"), value=one.phone or "–"),
        Row(key=_("Opening hours"), value=one.hours or "–"),
        Row(key=_("State"), value=state),
    ]  # fmt: skip
    return draw(
        request, actor, OFFICES, one.name, rows=rows, acts=acts,
        listings=[_posted(office_id), _seals(office_id), *accounts.account_listing(one)], parent=(_("Offices"), address(OFFICES)),
    )  # fmt: skip


def _posted(office_id: UUID) -> Listing:
    lines = [
        [
            Cell(row.officer_name, address("office_officer", row.officer_id), kind="name"),
            Cell(role_name(row.role), label=_("Role")),
            Cell(say.day(row.from_on), label=pgettext("date", "From")),
            Cell(say.day(row.to_on) if row.to_on else "–", label=_("Until")),
        ]
        for row in directory.postings(office_id=office_id)
    ]
    heads = (_("Officer"), _("Role"), pgettext("date", "From"), _("Until"))
    empty = _("Nobody is posted here yet.")
    return Listing(_("Officers"), [Column(one) for one in heads], lines, empty)


def _seals(office_id: UUID) -> Listing:
    found, _total = directory.seals(office_id)
    lines = [
        [
            Cell(row.name, address("office_seal", row.id), kind="name"),
            Cell(row.purpose or "–", label=_("Purpose")),
            Cell(say.day(row.from_on), label=pgettext("date", "From")),
            Cell(say.day(row.to_on) if row.to_on else "–", label=_("Until")),
        ]
        for row in found
    ]
    heads = (pgettext("thing", "Name"), _("Purpose"), pgettext("date", "From"), _("Until"))
    empty = _("The office has no seal yet.")
    return Listing(_("Seals"), [Column(one) for one in heads], lines, empty)


def _office_acts(one: OfficeLine) -> list[Act]:
    here = address("office_office", one.id)
    held = {
        "name": one.name, "insurances": list(one.insurances), "address": one.address,
        "phone": one.phone, "hours": one.hours,
    }  # fmt: skip
    acts = [
        Act(
            "change", _("Change"), _("Keep the changes"),
            lambda it: administration.change_office(
                it.actor, one.id, _given(dict(it.typed), one.kind, one.region_code), **it.how
            ),
            _("The office is changed."), here, forms.OfficeForm, held,
        ),
    ]  # fmt: skip
    if one.kind in trust.SEAL_KINDS.values():
        kind = next(seal for seal, office in trust.SEAL_KINDS.items() if office == one.kind)
        acts.append(
            Act(
                "seal", _("Enter a seal"), _("Enter the seal"),
                lambda it: trust.make_seal(
                    it.actor, one.id, it.typed["kind"], it.typed["name"], it.typed["purpose"],
                    it.typed["from_on"], **it.how,
                ),
                _("The seal is entered. Hand its custody to an officer."),
                lambda outcome: address("office_seal", outcome.done[0]), forms.SealForm,
                {"kind": kind, "name": one.name},
            )
        )  # fmt: skip
    acts.append(
        Act(
            "close", _("Close the office"), _("Close the office"),
            lambda it: administration.close_office(it.actor, one.id, it.typed["on"], **it.how),
            _("The office closes on that day."), here, forms.DayForm, danger=True,
            hint=_("Its postings, seals and their custody end on the same day."),
        )
    )  # fmt: skip
    return acts
