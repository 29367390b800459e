"""Contradict a refusal in writing."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from canbao.cases import appeal as appeals
from canbao.cases import following
from canbao.cases.flow import Status
from canbao.kernel import clock, refusals
from canbao.kernel.actor import Actor
from canbao.kernel.refusal import Refused
from canbao.web.access import key_of, resident
from canbao.web.portal import words
from canbao.web.portal.forms import AppealForm
from canbao.web.portal.frame import UNPROCESSABLE, go, page
from canbao.web.portal.reasons import reasons_of


@resident
@require_http_methods(["GET", "HEAD", "POST"])
def appeal(request: HttpRequest, actor: Actor, county: str, case: UUID) -> HttpResponse:
    """Contradict a refusal in writing."""
    found = following.follow(actor, case)
    if found.case.status != Status.REFUSED:
        raise Refused("not_refused")
    form = AppealForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            outcome = appeals.lodge(
                actor, case, form.cleaned_data["text"], at=clock.now(), key=key_of(request, actor)
            )
        except Refused as refused:
            form.add_error("text", refusals.said(refused))
        else:
            if not outcome.refused:
                return go("follow", case)
            form.add_error("text", refusals.say(outcome.refused[case].code))
    failed = request.method == "POST"
    values = {
        "row": found.case,
        "form": form,
        "title": words.title(found.case.name, found.case.insurance, found.case.kind),
        "reasons": reasons_of(found),
        "has_errors": failed,
        "back": reverse("follow", args=[county, case]),
    }
    return page(request, "appeal", values, status=UNPROCESSABLE if failed else 200)
