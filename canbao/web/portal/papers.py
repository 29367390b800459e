"""The papers of an own application: the photos that were sent, and what can be printed."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from canbao.cases import following
from canbao.cases import queries as cases
from canbao.cases.door import CaseRow
from canbao.cases.flow import Status
from canbao.cases.kinds import enrolment, refund
from canbao.cases.prints import letters, main, registration
from canbao.kernel import clock
from canbao.kernel.actor import Actor
from canbao.kernel.refusal import Refused
from canbao.web.access import public, resident
from canbao.web.portal import words
from canbao.web.portal.frame import page
from canbao.web.portal.photos import image, title_of

_LETTERS = {"receipt": letters.receipt, "missing": letters.missing, "decision": letters.decision}


@resident
@require_safe
def my_papers(request: HttpRequest, actor: Actor, county: str, case: UUID) -> HttpResponse:
    """The photos of an own case, and the papers that can be printed."""
    found = following.follow(actor, case)
    scans = [
        {
            "title": title_of(one.kind),
            "page": one.page,
            "href": reverse("my_paper", args=[county, case, one.id]),
        }
        for one in found.scans
        if one.blob_id
    ]
    lettered = found.case.kind == enrolment.KIND
    refused = found.last("refuse") is not None
    values = {
        "row": found.case,
        "title": words.title(found.case.name, found.case.insurance, found.case.kind),
        "scans": scans,
        "decided": refused or found.last("pass", decided_at(found.case)) is not None,
        "was_returned": lettered and found.last("return") is not None,
        "lettered": lettered,
        "approved": found.case.status in {Status.APPROVED, Status.FILED},
    }
    return page(request, "papers", values)


@resident
@require_safe
def my_paper(
    request: HttpRequest, actor: Actor, county: str, case: UUID, paper: UUID  # noqa: ARG001
) -> HttpResponse:  # fmt: skip
    """Show one photo of an own case; the look goes on record."""
    found = following.follow(actor, case)
    one = next((scan for scan in found.scans if scan.id == paper and scan.blob_id), None)
    if one is None or one.blob_id is None:
        raise Refused("not_found")
    cases.looked_at(actor, case, "paper", at=clock.now())
    return image(one.blob_id)


@resident
@require_safe
def my_print(
    request: HttpRequest, actor: Actor, county: str, case: UUID, what: str  # noqa: ARG001
) -> HttpResponse:  # fmt: skip
    """A paper of an own case as PDF: receipt, what is missing, the decision, the form's second copy."""
    language = get_language() or "zh-hans"
    at = clock.now()
    if what == "form":
        row = following.follow(actor, case).case
        if row.status not in {Status.APPROVED, Status.FILED}:
            raise Refused("not_found")
        made = main.pdf(actor, case, 2, at=at, language=language)
    elif what in _LETTERS:
        following.follow(actor, case)
        made = _LETTERS[what](actor, case, at=at, language=language)
    else:
        raise Refused("not_found")
    return _pdf(made, f"{what}.pdf")


def decided_at(case: CaseRow) -> str:
    """The desk whose yes is written: the county's, or that of the payout where money goes back."""
    return refund.PAYOUT if case.kind == refund.KIND else "county"


@public
@require_safe
def blank_form(request: HttpRequest, county: str, insurance: str) -> HttpResponse:  # noqa: ARG001
    """The empty registration form, to fill in and sign by hand."""
    if insurance not in words.SHORT:
        raise Refused("not_found")
    return _pdf(registration.blank(insurance, get_language() or "zh-hans"), "form.pdf")


def _pdf(made: bytes, name: str) -> HttpResponse:
    headers = {"Content-Disposition": f'inline; filename="{name}"', "Cache-Control": "no-store"}
    return HttpResponse(made, content_type="application/pdf", headers=headers)
