"""Finance starts a season, sees how far it is, stops it and lets it go on."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse

from canbao.kernel import clock, refusals
from canbao.kernel.actor import Actor, Role
from canbao.kernel.jobs import State
from canbao.kernel.refusal import Refused
from canbao.payments import season as charging
from canbao.reports import season
from canbao.web.access import key_of, officer
from canbao.web.desk.frame import frame
from canbao.web.desk.season import wanted


@officer(Role.FINANCE)
def run(request: HttpRequest, actor: Actor, county: str) -> HttpResponse:
    """The page of one insurance and year."""
    it = wanted(request, actor)
    fault = ""
    if request.method == "POST":
        # Only what was asked for is started, never what the page would show in its stead.
        asked = {name: request.GET[name] for name in ("insurance", "year") if name in request.GET}
        if not asked.items() <= {"insurance": it.insurance, "year": str(it.year)}.items():
            raise Refused("not_found")
        try:
            _act(request, actor, it.insurance, it.year)
        except Refused as refused:
            fault = refusals.say(refused.code, refused.facts)
        else:
            target = reverse("season_run", args=[county]) + it.query()
            return HttpResponseRedirect(target, status=303)
    found = season.round_of(it.insurance, it.year)
    going_on = found is not None and found.state in {State.WAITING, State.RUNNING}
    values = {
        "it": it,
        "round": found,
        "percent": found.looked * 100 // found.total if found and found.total else 100,
        "going_on": going_on,
        "stopped": found is not None and found.state in {State.STOPPED, State.FAILED},
        "fault": fault or (refusals.say(found.fault) if found and found.fault else ""),
        "board_url": reverse("season", args=[county]) + it.query(),
        "years": [clock.today().year, clock.today().year + 1],
        **frame(request, actor, "season"),
    }
    return render(request, "desk/season_run.html", values, status=422 if fault else 200)


def _act(request: HttpRequest, actor: Actor, insurance: str, year: int) -> None:
    at, key = clock.now(), key_of(request, actor)
    act = request.POST.get("act")
    if act == "start":
        charging.start(actor, insurance, year, at=at, key=key)
        return
    found = season.round_of(insurance, year)
    if found is None or act not in {"stop", "resume"}:
        raise Refused("page_too_old")
    one: UUID = found.id
    (charging.stop if act == "stop" else charging.resume)(actor, one, at=at, key=key)
