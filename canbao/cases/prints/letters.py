"""Letters to the applicant: receipt, one-time notice of what is missing, written decision."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final
from uuid import UUID

from django.utils.translation import gettext, override

from canbao.cases import deadline, flow, queries, returned, words
from canbao.cases.kinds import enrolment
from canbao.cases.kinds import refund as refunds
from canbao.cases.prints import refund, shared
from canbao.cases.queries import CaseView, DecisionRow
from canbao.cases.returned import Returned
from canbao.insured import queries as insured
from canbao.kernel import clock, office
from canbao.kernel.actor import Actor
from canbao.kernel.office import OfficeRow
from canbao.kernel.refusal import Refused
from canbao.papers import render
from canbao.papers.forms import FormSheet
from canbao.policy import published


def receipt(actor: Actor, case_id: UUID, *, at: clock.Instant, language: str = "zh-hans") -> bytes:
    """受理回执: what was received, who had it first, and by when, however far it has come since."""
    view = queries.view(actor, case_id)
    shared.printed(actor, [case_id], "receipt-slip.1", at=at)
    received_on = clock.on(view.case.submitted_at)
    first = flow.load(view.case.flow).first
    here = _office(view, first.role)
    way = {"phone": "portal", "village": "village", "paper": "paper"}[view.case.channel]
    with override(language):
        return render.pdf(
            FormSheet(
                kind="receipt-slip",
                version=1,
                number=view.case.number,
                token_url=shared.token_url(view.form.token),
                fields={
                    **shared.heading(view),
                    "matter": view.case.kind,
                    "received_on": received_on.isoformat(),
                    "received_at_office": here.name if here else "",
                    "way": way,
                    "next_office": here.name if here else "",
                    "next_on": deadline.first_due(first, received_on).isoformat(),
                    "office_phone": here.phone if here else "",
                    "follow_how": shared.token_url(view.form.token),
                },
                rows=[
                    {"title": words.paper(scan.kind), "sheets": "1", "original": "none", "note": ""}
                    for scan in view.scans
                ],
                language=language,
            )
        )


def missing(actor: Actor, case_id: UUID, *, at: clock.Instant, language: str = "zh-hans") -> bytes:
    """一次性告知书: everything that is missing, said once for all of the household that came back together.

    Refuses `not_found` when nothing was returned, and of money asked back: that never returns to who asks.
    """
    view = queries.view(actor, case_id)
    if view.case.kind != enrolment.KIND:
        raise Refused("not_found")
    together = returned.together(actor, view.case, view.decisions)
    shared.printed(actor, [one.case.id for one in together], "missing-notice.1", at=at)
    with override(language):
        return render.pdf(missing_sheet(view, together, language))


def missing_sheet(view: CaseView, together: Sequence[Returned], language: str) -> FormSheet:
    """The notice as it is printed; its number is that of the first case, whoever's page prints it."""
    first = together[0]
    said = next(one.decision for one in together if one.case.id == view.case.id)
    village = _office(view, "village")
    several = len(together) > 1
    insurances = dict.fromkeys(str(shared.INSURANCES[one.case.insurance]) for one in together)
    return FormSheet(
        kind="missing-notice",
        version=1,
        number=f"{first.case.number}-{first.decision.round}",
        token_url=shared.token_url(view.form.token),
        fields={
            **shared.heading(view),
            "name": gettext(", ").join(dict.fromkeys(one.case.name for one in together)),
            "insurance": gettext(", ").join(insurances),
            "case_number": _numbers([one.case.number for one in together]),
            "applied_on": min(clock.on(one.case.submitted_at) for one in together).isoformat(),
            "bring_to": village.name if village else "",
            "office_phone": village.phone if village else "",
            "returned_by": said.office_name,
        },
        rows=[
            _missing_row(reason, one.case.name if several else "")
            for one in together
            for reason in one.decision.reasons
        ],
        opinions=[shared.signed(view, said)],
        language=language,
    )


def _numbers(numbers: Sequence[str]) -> str:
    """The first number, and how many more: the box of the form holds one."""
    if len(numbers) == 1:
        return numbers[0]
    return gettext("%(number)s and %(more)s more") % {
        "number": numbers[0], "more": len(numbers) - 1
    }  # fmt: skip


def decision(actor: Actor, case_id: UUID, *, at: clock.Instant, language: str = "zh-hans") -> bytes:
    """结果告知书: what was decided; where it was refused, the reasons and the way to appeal.

    Refuses `not_found` while nothing is decided.
    """
    view = queries.view(actor, case_id)
    made = DECISIONS[view.case.kind]
    with override(language):
        sheet = made(view, language)
    shared.printed(actor, [case_id], f"{sheet.kind}.{sheet.version}", at=at)
    return render.pdf(sheet)


def _enrolment_decision(view: CaseView, language: str) -> FormSheet:
    refused = view.case.status == flow.Status.REFUSED
    said = shared.decision(view, "refuse" if refused else "pass", "county")
    return FormSheet(
        kind="decision",
        version=1,
        number=f"{view.case.number}-{said.round}",
        token_url=shared.token_url(view.form.token),
        fields={**shared.heading(view), **_outcome(view, said, refused=refused)},
        rows=shared.reasons(said),
        opinions=[shared.signed(view, said)],
        language=language,
    )


DECISIONS: Final[Mapping[str, Callable[[CaseView, str], FormSheet]]] = {
    enrolment.KIND: _enrolment_decision,
    refunds.KIND: refund.decision,
}


def _outcome(view: CaseView, said: DecisionRow, *, refused: bool) -> dict[str, str]:
    both = {**shared.decided(view, said), "outcome": "refused" if refused else "approved"}
    if refused:
        return both | shared.appeal(said)
    account = insured.account_of(view.case.person_id) if view.case.insurance == "170" else None
    rules = published.rules(view.case.insurance, view.case.year)
    season = rules.season(said.acted_on)
    return both | {
        "account_number": account.number if account else "",
        "level": rules.level(view.case.level, said.acted_on).name.zh,
        "amount_fen": str(view.case.own_fen),
        "pay_by_on": season.closes_on.isoformat() if season else "",
        "cover_note": gettext("Cover begins when your own share is paid."),
    }


def _missing_row(reason: Any, name: str) -> dict[str, str]:
    """One line of the notice; with a name, whose line it is."""
    about = words.about(reason["about"])
    return {
        "subject": gettext("%(name)s: %(about)s") % {"name": name, "about": about}
        if name and about
        else name or about,
        "reason": words.reason(reason["code"]),
        "action": reason["note"],
    }


def _office(view: CaseView, kind: str) -> OfficeRow | None:
    """The office of this kind that has the case: the village's own, or the county's for its insurance."""
    place = [view.case.village] if kind == "village" else []
    found = [one for one in office.offices([kind], place) if view.case.insurance in one.insurances]
    return found[0] if found else None
