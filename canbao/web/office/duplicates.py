"""Two rows of one person, made one by two officers of the county, and parted again where that was wrong."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from canbao.cases import duplicates as reads
from canbao.cases import merging
from canbao.cases.duplicates import MergerRow, Side, Suspected
from canbao.kernel import refusals
from canbao.kernel.actor import Actor, Role
from canbao.kernel.refusal import Refused
from canbao.kernel.taken import Outcome
from canbao.people.codes import SEX
from canbao.web.access import officer
from canbao.web.desk import words as desk_words
from canbao.web.office import forms, words
from canbao.web.office.pages import Act, Cell, Listing, Posted, address, answer, draw
from canbao.web.theme import format as say
from canbao.web.theme.pieces import Column, Compared, Row

LIST = "office_duplicates"
PARENT = "office_corrections"


@officer(Role.COUNTY)
def duplicates(request: HttpRequest, actor: Actor, county: str) -> HttpResponse:
    """Pairs that look like one person, and proposals about pairs, those that wait first."""
    del county
    alike = Listing(
        _("Look like one person"),
        [Column(one) for one in (_("Name"), _("Number"), _("Other row"), _("Why"))],
        [_suspected(one) for one in reads.suspected(actor)],
        _("No two rows within your reach look like one person."),
    )
    found = reads.mergers(actor)
    proposed = Listing(
        _("Proposed and decided"),
        [Column(one) for one in (_("Row that stays"), _("Row that gives way"), _("What is proposed"),
                                 _("Proposed by"), _("State"))],
        [_line(one) for one in found],
        _("Nothing was proposed yet."), total=found.total, how=_("Those that wait stand first."),
    )  # fmt: skip
    return draw(
        request, actor, PARENT, _("Two rows of one person"), listings=[proposed, alike],
        parent=(_("Corrections"), address(PARENT)),
    )  # fmt: skip


def _suspected(one: Suspected) -> list[Cell]:
    return [
        Cell(one.one.name, address("office_pair", one.one.id, one.other.id), kind="name"),
        Cell(one.one.masked, label=_("Number")),
        Cell(f"{one.other.name} {one.other.masked}", label=_("Other row")),
        Cell(desk_words.LIKE.get(one.reason, one.reason), label=_("Why")),
    ]


def _line(one: MergerRow) -> list[Cell]:
    text, colour = words.MERGERS[one.verdict]
    return [
        Cell(one.kept_name, address("office_merger", one.id), kind="name"),
        Cell(one.gone_name, label=_("Row that gives way")),
        Cell(_proposed(one), label=_("What is proposed")),
        Cell(say.facts(one.proposed_by_name, say.moment(one.proposed_at)), label=_("Proposed by")),
        Cell(text, colour=colour, kind="due"),
    ]


def _proposed(one: MergerRow) -> str:
    return _("take the merge back") if one.undoes else _("make them one")


@officer(Role.COUNTY)
def pair(request: HttpRequest, actor: Actor, county: str, one: UUID, other: UUID) -> HttpResponse:
    """Both rows beside each other with what hangs on each, and the proposal to make them one."""
    del county
    if one == other:
        raise Refused("not_found")
    both = reads.sides(actor, [one, other])
    # Where the register knows one of the two numbers, that row is the likely one to stay.
    likely = next((side for side in both if side.in_register), both[0])
    act = Act(
        "propose", _("Make the two rows one"), _("Propose"), lambda it: _propose(it, one, other),
        _("It is proposed. A second officer of the county confirms it."),
        lambda outcome: address("office_merger", outcome.done[0]), forms.OnePersonForm,
        {"kept": str(likely.face.id)},
        {"rows": [(str(side.face.id), f"{side.face.name} {side.face.masked}") for side in both]},
        hint=_("What hangs on the row that gives way moves to the other. Nothing is deleted, and it can be taken back."),
        reason=refusals.say("merged_already") if any(side.merged_into for side in both) else "",
    )  # fmt: skip
    heads = (_("One row"), _("Other row"))
    return answer(request, actor, [act]) or draw(
        request, actor, PARENT, _("Is this one person?"), acts=[act], compared=_compared(both),
        sources=heads, template="office/correction.html", listings=[_hanging(both, heads)],
        parent=(_("Two rows of one person"), address(LIST)),
    )  # fmt: skip


def _propose(it: Posted, one: UUID, other: UUID) -> Outcome:
    kept = UUID(it.typed["kept"])
    gone = other if kept == one else one
    return merging.propose(it.actor, kept, gone, it.typed["reason"], **it.how)


def _compared(both: Sequence[Side]) -> list[Compared]:
    def line(label: str, shown: Any) -> Compared:
        return Compared(label, (shown(both[0]) or "–", shown(both[1]) or "–"))

    return [
        line(_("Name"), lambda side: side.face.name),
        line(_("Number"), lambda side: side.face.masked),
        line(_("Birth date"), lambda side: say.day(side.face.birth_on)),
        line(_("Sex"), lambda side: SEX.label(side.sex)),
        line(_("Address"), lambda side: side.address),
        line(_("Household number"), lambda side: side.household),
        line(_("Number in the household register"),
             lambda side: _("yes") if side.in_register else _("no")),
    ]  # fmt: skip


def _hanging(both: Sequence[Side], heads: tuple[str, str]) -> Listing:
    """What hangs on each row, one kind a line."""
    lines = [
        [
            Cell(name, kind="name"),
            *(Cell(said(side) or "–", label=head) for side, head in zip(both, heads, strict=True)),
        ]
        for name, said in (
            (pgettext("person", "Cases"), _cases),
            (_("Insured in"), _enrolments),
            (_("Personal account"), lambda side: side.account),
        )
    ]
    columns = [Column(one) for one in (_("What hangs on it"), *heads)]
    return Listing(_("What hangs on each row"), columns, lines)


def _cases(side: Side) -> str:
    return _("; ").join(
        f"{one.number} {words.INSURANCES[one.insurance]} {one.year} {words.DESKS[one.desk]}"
        for one in side.cases
    )


def _enrolments(side: Side) -> str:
    return _("; ").join(
        pgettext("insurance", "%(insurance)s from %(day)s")
        % {"insurance": words.INSURANCES[insurance], "day": say.day(from_on)}
        for insurance, from_on in side.enrolments
    )


@officer(Role.COUNTY)
def one_merger(request: HttpRequest, actor: Actor, county: str, merger_id: UUID) -> HttpResponse:
    """One proposal: both rows, and the word of the second officer; a merge can be taken back here."""
    del county
    one = next(iter(reads.mergers(actor, merger_id)), None)
    if one is None:
        raise Refused("not_found")
    acts = _acts(one, actor)
    done = answer(request, actor, acts)
    if done is not None:
        return done
    rows = [
        Row(key=_("What is proposed"), value=_proposed(one)),
        Row(key=_("How one knows"), value=one.reason),
        Row(key=_("Proposed by"), value=say.facts(one.proposed_by_name, say.moment(one.proposed_at))),
        Row(key=_("State"), value=words.MERGERS[one.verdict][0]),
    ]  # fmt: skip
    if one.decided_at:
        decided = say.facts(one.decided_by_name, say.moment(one.decided_at))
        rows.append(Row(key=_("Decided by"), value=decided))
    both = reads.sides(actor, [one.kept_id, one.gone_id])
    heads = (_("Row that stays"), _("Row that gives way"))
    return draw(
        request, actor, PARENT, _("Two rows of one person"), about=one.kept_name, rows=rows, acts=acts,
        compared=_compared(both), sources=heads, listings=[_hanging(both, heads)],
        template="office/correction.html", parent=(_("Two rows of one person"), address(LIST)),
    )  # fmt: skip


def _acts(one: MergerRow, actor: Actor) -> list[Act]:
    here = address("office_merger", one.id)
    if one.verdict == merging.CONFIRMED and one.undoes is None:
        return [
            Act(
                "undo", _("Take the merge back"), _("Propose to take it back"),
                lambda it: merging.propose_undo(it.actor, one.id, it.typed["reason"], **it.how),
                _("It is proposed. A second officer of the county confirms it."),
                lambda outcome: address("office_merger", outcome.done[0]), forms.ReasonForm,
                hint=_("What was moved goes back to its own row; what came later stays."), danger=True,
            )
        ]  # fmt: skip
    if one.verdict:
        return []
    own = one.proposed_by == actor.id
    return [
        Act(
            "confirm", _("Confirm"), _("Part them again") if one.undoes else _("Make them one"),
            lambda it: merging.confirm(it.actor, one.id, **it.how),
            _("It is done."), here, reason=refusals.say("second_person_needed") if own else "",
        ),
        Act(
            "decline", pgettext("merge", "Leave it"), _("Leave it as it was"),
            lambda it: merging.decline(it.actor, one.id, **it.how),
            _("Nothing was changed."), here, danger=True,
        ),
    ]  # fmt: skip
