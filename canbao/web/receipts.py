"""A receipt as PDF, for whoever may see it: payer, collector, finance; with one address for all of them."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from canbao.kernel import clock
from canbao.kernel.refusal import Refused
from canbao.payments import prints
from canbao.web.access import officer_of, public, resident_of


@public
@require_safe
def receipt_pdf(request: HttpRequest, county: str, receipt_id: UUID) -> HttpResponse:  # noqa: ARG001
    """Print a receipt; from the second print on it says so. For everybody else it does not exist."""
    actor = officer_of(request) or resident_of(request)
    if actor is None:
        raise Refused("not_found")
    made = prints.pdf(actor, receipt_id, at=clock.now(), language=get_language() or "zh-hans")
    return pdf(made, "receipt.pdf")


def pdf(made: bytes, name: str) -> HttpResponse:
    """A PDF to look at, kept by no cache."""
    headers = {"Content-Disposition": f'inline; filename="{name}"', "Cache-Control": "no-store"}
    return HttpResponse(made, content_type="application/pdf", headers=headers)
