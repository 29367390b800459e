"""Where a case stands: opinions with seals, account, archive, copies, and what happened in plain words."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from canbao.cases import advancing, copies, death, door, pages
from canbao.cases import words as terms
from canbao.cases.door import CaseRow
from canbao.cases.flow import Status
from canbao.cases.kinds import enrolment
from canbao.cases.pages import Settled
from canbao.kernel import clock
from canbao.kernel.actor import Actor, Role
from canbao.people import queries as people
from canbao.web.access import key_of, officer
from canbao.web.desk import giving, items, papers, scanning, words
from canbao.web.desk.frame import frame
from canbao.web.theme import format as say
from canbao.web.theme.pieces import Event, Opinion, Row, SealOf


def show(
    request: HttpRequest, actor: Actor, case: CaseRow, *, number: str = "", status: int = 200
) -> HttpResponse:
    """Draw the overview of a case."""
    found = pages.settled(case)
    around = pages.beside(actor, case)
    papers.seen(actor, found.view)
    due, tone = words.due(case, clock.today())
    died = people.dead([case.person_id])
    values = {
        "case": case,
        "around": around,
        "died_on": died.get(case.person_id),
        "insurance": words.insurance(case),
        "status_name": words.status(case),
        "due": due,
        "tone": tone,
        "number": number,
        "facts": items.facts(found.view, around),
        "opinions": _opinions(found),
        "broken": any(not mark.holds for mark in found.view.marks),
        "account": found.account,
        "enrolled": case.kind == enrolment.KIND and case.desk in {"archive", "shelf"},
        "lettered": case.kind == enrolment.KIND,
        **_account(case),
        "filed": found.view.archive,
        "copies": [_copy(one) for one in found.copies],
        "not_handed": case.status == Status.FILED and _not_handed(found),
        "events": [
            Event(say.moment(one.at, today=clock.today()), words.event(one, case.kind))
            for one in found.trail
        ],
        "hands": len({one.name for one in found.trail if one.name}),
        "paper_view": papers.viewer(request, actor, found.view),
        "returned": _returned(found),
        "appeals": found.view.appeals,
        "refused": case.status == Status.REFUSED,
        "may_give_copy": case.status == Status.FILED
        and actor.role in copies.GIVERS
        and _not_handed(found),
        "may_advance": advancing.may_be_paid(actor, case),
        "may_file": case.status == Status.APPROVED and actor.role in {Role.COUNTY, Role.ARCHIVIST},
        "may_scan": scanning.may_scan(actor, case),
        "may_behalf": actor.role is Role.TOWNSHIP
        and case.channel == "paper"
        and case.desk == "village"
        and case.status in {Status.CHECKING, Status.RETURNED},
        "may_record_death": actor.role in death.RECORDERS and not died,
        "printable": case.desk in {"archive", "shelf", "closed"}
        and case.status != Status.WITHDRAWN,
        **frame(request, actor, "worklist"),
    }
    return render(request, "desk/overview.html", values, status=status)


def _account(case: CaseRow) -> dict[str, Any]:
    ask = giving.ask_of(case)
    return giving.account(ask) if ask is not None else {}


def _opinions(found: Settled) -> list[Opinion]:
    """Each desk's opinion as it stands on the form, with signature and seal by their marks."""
    drawn = []
    for desk, title in words.steps(found.view.case).items():
        mine = [
            one
            for one in found.view.marks
            if one.box == desk and one.paper_id == found.view.form.id
        ]
        signed = next((one for one in reversed(mine) if one.kind == "signature"), None)
        if signed is None:
            continue
        seal = next((one for one in reversed(mine) if one.kind == "seal"), None)
        words_of_seal = found.seals.get(seal.seal_id) if seal and seal.seal_id else None
        note = ""
        if signed.how == "paper":
            note = " " + gettext("(on paper, recorded %(day)s)") % {
                "day": say.day(clock.on(signed.recorded_at), today=clock.today())
            }
        drawn.append(
            Opinion(
                title=title,
                text=terms.opinion(
                    desk,
                    found.view.fields,
                    found.view.case.kind,
                    refused=found.view.refused_at(desk),
                )
                + note,
                person=signed.acted_by_name,
                role=signed.office_name,
                when=say.day(signed.acted_on, today=clock.today()),
                seal=SealOf(words_of_seal.name, words_of_seal.purpose) if words_of_seal else None,
            )
        )
    return drawn


def _copy(line: pages.CopyLine) -> Row:
    held = words.HOLDERS.get(line.holder_kind, line.holder_kind)
    steps = " → ".join(
        f"{went_to} {say.moment(at, today=clock.today())}" for went_to, at in line.hand_overs
    )
    value = f"{held}: {line.holder_name}"
    return Row(
        key=gettext("Copy %(number)s") % {"number": line.copy_no},
        value=f"{value} ({steps})" if steps else value,
    )


@officer(*copies.GIVERS)
@require_POST
def give_copy(request: HttpRequest, actor: Actor, county: str, case_id: UUID) -> HttpResponse:
    """Record that the applicant has copy 2; a second press changes nothing."""
    door.see(actor, case_id)
    copies.give(actor, [case_id], at=clock.now(), key=key_of(request, actor))
    return HttpResponseRedirect(reverse("case", args=[county, case_id]), status=303)


def _not_handed(found: Settled) -> bool:
    return any(one.copy_no == 2 and one.holder_kind != "applicant" for one in found.copies)  # noqa: PLR2004


def _returned(found: Settled) -> dict[str, Any] | None:
    """The last return or refusal, while it still stands."""
    if found.view.case.status not in {Status.RETURNED, Status.REFUSED}:
        return None
    back = [one for one in found.view.decisions if one.verdict != "pass"]
    if not back:
        return None
    last = back[-1]
    return {
        "by": last.acted_by_name,
        "office": last.office_name,
        "on": last.acted_on,
        "why": [words.reason(one) for one in last.reasons],
        "refused": last.verdict == "refuse",
    }
