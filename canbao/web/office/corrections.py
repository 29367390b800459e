"""A typing error found after approval, put right by two officers of the county."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from canbao.cases import correction, door, export
from canbao.cases import words as case_words
from canbao.cases.correction import CorrectionRow
from canbao.kernel import refusals
from canbao.kernel.actor import Actor, Role
from canbao.kernel.refusal import Refused
from canbao.people.codes import ETHNIC, SEX
from canbao.web.access import officer
from canbao.web.office import forms, words
from canbao.web.office.pages import Act, Cell, Listing, address, answer, draw
from canbao.web.theme import format as say
from canbao.web.theme.pieces import Column, Compared, Row

LIST = "office_corrections"


def shown(field: str, value: str) -> str:
    """A value in words where it is a code."""
    if field == "sex":
        return SEX.label(value)
    return ETHNIC.label(value) if field == "ethnic" else value


@officer(Role.COUNTY)
def corrections(request: HttpRequest, actor: Actor, county: str) -> HttpResponse:
    """Corrections of the county's insurance, those that wait first."""
    del county
    found = correction.listed(actor)
    listing = Listing(
        _("Corrections"),
        [Column(one) for one in (_("Name"), _("Case"), _("Field"), _("Proposed by"), _("State"))],
        [_line(one) for one in found],
        _("Nothing waits to be corrected. A typing error is corrected from the page of its case."),
        total=found.total,
        how=_("Those that wait stand first."),
    )
    links = [(_("Two rows of one person"), address("office_duplicates"))]
    return draw(request, actor, LIST, _("Corrections"), listings=[listing], links=links)


def _line(one: CorrectionRow) -> list[Cell]:
    text, colour = words.VERDICTS[one.verdict]
    return [
        Cell(one.name, address("office_correction", one.id), kind="name"),
        Cell(one.number, label=_("Case")),
        Cell(case_words.about(one.field), label=_("Field")),
        Cell(say.facts(one.proposed_by_name, say.moment(one.proposed_at)), label=_("Proposed by")),
        Cell(text, colour=colour, kind="due"),
    ]


@officer(Role.COUNTY)
def propose(request: HttpRequest, actor: Actor, county: str, case_id: UUID) -> HttpResponse:
    """Propose that one field of a case was typed wrongly."""
    del county
    case = door.see(actor, case_id)
    act = Act(
        "propose", _("What was typed wrongly"), _("Propose the correction"),
        lambda it: correction.propose(
            it.actor, case_id, it.typed["version"], it.typed["field"], it.typed["new"],
            it.typed["reason"], **it.how,
        ),
        _("The correction is proposed. A second officer of the county confirms it."),
        lambda outcome: address("office_correction", outcome.done[0]), forms.CorrectionForm,
        {"version": case.version},
        hint=_("The old value is kept, and the sheet is printed anew with both signatures."),
    )  # fmt: skip
    handed = export.list_of(case_id)
    rows = [Row(key=_("Handed over"), value=_handed(handed))] if handed else []
    return answer(request, actor, [act]) or draw(
        request, actor, LIST, _("Correct a typing error"), acts=[act], rows=rows,
        about=f"{case.name} {case.number}", parent=(case.name, address("case", case_id)),
    )  # fmt: skip


@officer(Role.COUNTY)
def one_correction(
    request: HttpRequest, actor: Actor, county: str, correction_id: UUID
) -> HttpResponse:
    """One correction: old and new beside each other, and the word of the second officer."""
    del county
    one = next(
        (row for row in correction.listed(actor, limit=1000) if row.id == correction_id), None
    )
    if one is None:
        raise Refused("not_found")
    acts = [] if one.verdict else _acts(one, actor)
    done = answer(request, actor, acts)
    if done is not None:
        return done
    field = str(case_words.about(one.field))
    rows = [
        Row(key=_("Case"), value=f"{one.name} {one.number}", href=address("case", one.case_id),
            action=_("look at it")),
        Row(key=_("How one knows"), value=one.reason),
        Row(key=_("Proposed by"), value=say.facts(one.proposed_by_name, say.moment(one.proposed_at))),
        Row(key=_("State"), value=words.VERDICTS[one.verdict][0]),
    ]  # fmt: skip
    handed = export.list_of(one.case_id)
    if handed:
        rows.append(Row(key=_("Handed over"), value=_handed(handed)))
    known = correction.registered(one.id)
    rows.append(
        Row(key=_("Household register"), value=_("says nothing of it") if known is None else shown(one.field, known))
    )  # fmt: skip
    compared = [Compared(field, (shown(one.field, one.old), shown(one.field, one.new)))]
    return draw(
        request, actor, LIST, _("Correction"), about=field, rows=rows, acts=acts, compared=compared,
        sources=(_("Typed before"), _("What is right")), template="office/correction.html",
        parent=(_("Corrections"), address(LIST)),
    )  # fmt: skip


def _handed(number: str) -> str:
    """That the province knows the earlier value: no list carries a person a second time."""
    return _(
        "The provincial system has this person from list %(number)s. Change it there too: no later list says it."
    ) % {"number": number}


def _acts(one: CorrectionRow, actor: Actor) -> list[Act]:
    here = address("office_correction", one.id)
    own = one.proposed_by == actor.id
    return [
        Act(
            "confirm", _("Confirm"), _("Sign and seal the corrected sheet"),
            lambda it: correction.confirm(it.actor, one.id, **it.how),
            _("The record is corrected and the sheet can be printed anew."), here,
            reason=refusals.say("second_person_needed") if own else "",
        ),
        Act(
            "decline", _("Leave it"), _("Leave it as it was"),
            lambda it: correction.decline(it.actor, one.id, **it.how),
            _("Nothing was changed."), here, danger=True,
        ),
    ]  # fmt: skip
