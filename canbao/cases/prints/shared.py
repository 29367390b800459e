"""What several papers need: addresses of QR codes, seals, names of desks, an audited look."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from typing import Final
from uuid import UUID

from django.conf import settings
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from canbao.cases import words
from canbao.cases.appeal import DAYS
from canbao.cases.queries import CaseView, DecisionRow
from canbao.kernel import audit, clock, county, office
from canbao.kernel.actor import Actor
from canbao.kernel.operation import operation
from canbao.kernel.refusal import Refused
from canbao.kernel.taken import Outcome
from canbao.papers.forms import Desk, Opinion
from canbao.papers.queries import MarkRow
from canbao.papers.seals import Seal

INSURANCES: Final = {
    "390": _("Residents' medical insurance"),
    "170": _("Residents' pension insurance"),
}
SEX_CODES: Final = ("1", "2")


def token_url(token: str) -> str:
    """What the QR carries: a random token, and nothing of the person."""
    return f"{settings.CANBAO_ADDRESS}/{county.current()}/q/{token}" if token else ""


def seals_of(marks: Sequence[MarkRow]) -> dict[UUID, Seal]:
    """The seals on these marks, by mark id; one statement."""
    used = {mark.seal_id for mark in marks if mark.seal_id is not None}
    known = office.seals(list(used))
    return {
        mark.id: Seal(known[mark.seal_id].name, known[mark.seal_id].purpose)
        for mark in marks
        if mark.seal_id is not None and mark.seal_id in known
    }


@operation
def printed(actor: Actor, case_ids: Sequence[UUID], form: str, *, at: clock.Instant) -> Outcome:
    """Put on record that somebody printed a paper about these cases."""
    audit.record(actor, "case.form_printed", case_ids, at=at, facts={"form": form})
    return Outcome(tuple(case_ids))


def heading(view: CaseView) -> dict[str, str]:
    """Whose case it is, for which insurance, under which number."""
    return {
        "name": view.case.name,
        "id_number": view.case.masked,
        "insurance": str(INSURANCES[view.case.insurance]),
        "case_number": view.case.number,
    }


def decision(view: CaseView, verdict: str, desk: str = "") -> DecisionRow:
    """The last decision of this kind, at this desk or at any. Refuses `not_found` where there is none."""
    for one in reversed(view.decisions):
        if one.verdict == verdict and (not desk or one.desk == desk):
            return one
    raise Refused("not_found")


def signed(view: CaseView, said: DecisionRow) -> Opinion:
    """Whoever decided, with the seal of that desk where it was put."""
    marks = [mark for mark in view.marks if mark.box == said.desk and mark.kind == "seal"]
    seals = seals_of(marks)
    return Opinion(
        desk=Desk(said.desk),
        officer_name=said.acted_by_name,
        office_name=said.office_name,
        on=said.acted_on,
        seal=seals.get(marks[-1].id) if marks else None,
        broken=bool(marks) and not marks[-1].holds,
    )


def reasons(said: DecisionRow) -> list[dict[str, str]]:
    """The reasons of a decision, a line each: why, about what, what can be done."""
    return [
        {
            "reason": words.reason(one["code"]),
            "basis": words.about(one["about"]) if one["about"] else "",
            "action": one["note"],
        }
        for one in said.reasons
    ]


def decided(view: CaseView, said: DecisionRow) -> dict[str, str]:
    """When it was applied for and decided, and by which office."""
    agency = office.offices(["county"])
    here = next((one for one in agency if one.name == said.office_name), None)
    return {
        "applied_on": clock.on(view.case.submitted_at).isoformat(),
        "decided_on": said.acted_on.isoformat(),
        "office_name": said.office_name,
        "office_phone": here.phone if here else "",
    }


def appeal(said: DecisionRow) -> dict[str, str]:
    """To whom, until when and how a refusal is contradicted."""
    until = said.acted_on + datetime.timedelta(days=DAYS)
    return {
        "appeal_to": said.office_name,
        "appeal_until_on": until.isoformat(),
        "appeal_how": gettext(
            "In writing at the county office, at your village, or on your phone."
        ),
    }
