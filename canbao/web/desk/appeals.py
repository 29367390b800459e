"""Appeals against a refusal: the county answers, and never whoever refused."""

from __future__ import annotations

from typing import Final

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext

from canbao.cases import appeal
from canbao.kernel import clock, refusals
from canbao.kernel.actor import Actor, Role
from canbao.kernel.refusal import Refused
from canbao.web.access import key_of, officer
from canbao.web.desk import acts
from canbao.web.desk.frame import frame

LONGEST_TEXT: Final = 2000
# These are the page's own refusals of a form; whatever else is refused gets a page of its own.
PASSED_ON: Final = frozenset({"not_found", "page_too_old"})


@officer(Role.COUNTY)
def appeals(request: HttpRequest, actor: Actor, county: str) -> HttpResponse:
    """Appeals that wait for an answer; an upheld one goes to another officer."""
    fault, wrong = "", ""
    if request.method == "POST":
        wrong = request.POST.get("appeal", "")
        answer = request.POST.get("answer", "").replace("\0", "")[:LONGEST_TEXT]
        upheld = request.POST.get("verdict") == "upheld"
        try:
            outcome = appeal.decide(
                actor, acts.uuid_or_404(wrong), upheld, answer,
                at=clock.now(), key=key_of(request, actor),
            )  # fmt: skip
            if not outcome.refused:
                target = reverse("desk_appeals", args=[county])
                return HttpResponseRedirect(f"{target}?answered=1", status=303)
            refusal = next(iter(outcome.refused.values()))
            fault = acts.sentence_of(refusal.code, refusal.facts)
        except Refused as refused:
            if refused.code in PASSED_ON:
                raise
            fault = refusals.said(refused)
    values = {
        "appeals": appeal.waiting(actor),
        "fault": fault,
        "wrong": wrong,
        "typed": request.POST.get("answer", ""),
        "answered": request.GET.get("answered") == "1",
        "verdicts": [
            ("rejected", gettext("The decision stands")),
            ("upheld", gettext("Upheld: another officer decides anew")),
        ],
        "has_errors": bool(fault),
        **frame(request, actor, "desk_appeals"),
    }
    return render(request, "desk/appeals.html", values, status=422 if fault else 200)
