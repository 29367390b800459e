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
    fault, wrong = "", request.POST.get("appeal", "")
    if request.method == "POST":
        fault = _answered(request, actor, wrong)
        if not fault:
            target = reverse("desk_appeals", args=[county])
            return HttpResponseRedirect(f"{target}?answered=1", status=303)
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


def _answered(request: HttpRequest, actor: Actor, appeal_id: str) -> str:
    """Answer an appeal as it was typed; gives why that was not possible."""
    answer = request.POST.get("answer", "").replace("\0", "")[:LONGEST_TEXT]
    verdict = request.POST.get("verdict", "")
    wanted = acts.uuid_or_404(appeal_id)
    if verdict not in {appeal.UPHELD, appeal.REJECTED}:
        return refusals.say("verdict_needed")
    try:
        outcome = appeal.decide(
            actor,
            wanted,
            verdict == appeal.UPHELD,
            answer,
            at=clock.now(),
            key=key_of(request, actor),
        )
    except Refused as refused:
        if refused.code in PASSED_ON:
            raise
        return refusals.said(refused)
    refusal = next(iter(outcome.refused.values()), None)
    return acts.sentence_of(refusal.code, refusal.facts) if refusal else ""
