"""The form that a case is built on, of whatever kind, as it prints."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final
from uuid import UUID

from django.utils.translation import override

from canbao.cases import queries
from canbao.cases.kinds import enrolment
from canbao.cases.kinds import refund as refunds
from canbao.cases.prints import refund, registration, shared
from canbao.cases.queries import CaseView
from canbao.kernel import clock
from canbao.kernel.actor import Actor
from canbao.kernel.refusal import Refused
from canbao.papers import render
from canbao.papers.forms import FormSheet
from canbao.people import documents

SHEETS: Final[Mapping[str, Callable[[CaseView, int, str, str], FormSheet]]] = {
    enrolment.KIND: registration.sheet,
    refunds.KIND: refund.sheet,
}


def pdf(
    actor: Actor, case_id: UUID, copy_no: int, *, at: clock.Instant, language: str = "zh-hans"
) -> bytes:
    """One copy as PDF/A, with the full number; that it was printed goes on record."""
    view = queries.view(actor, case_id)
    if copy_no not in (1, 2):
        raise Refused("not_found")
    shared.printed(actor, [case_id], f"{view.form.form}/{copy_no}", at=at)
    number = documents.number(view.case.person_id, view.case.masked)
    with override(language):
        return render.pdf(sheet(view, copy_no, number, language))


def sheet(view: CaseView, copy_no: int, number: str, language: str) -> FormSheet:
    """The form of the case's kind as it stands now."""
    return SHEETS[view.case.kind](view, copy_no, number, language)
