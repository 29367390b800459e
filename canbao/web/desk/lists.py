"""The work list of a desk, archive list, and the progress of acts on very many cases."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from canbao.cases import archive, queries, review, sets, worklists
from canbao.cases import selection as selections
from canbao.cases.flow import Verdict
from canbao.cases.review import Choice
from canbao.cases.worklists import Filter, Page, Tab
from canbao.kernel import clock, jobs, refusals
from canbao.kernel import queries as kernel
from canbao.kernel.actor import Actor, Role
from canbao.kernel.refusal import Refused
from canbao.web.access import key_of, officer
from canbao.web.desk import acts, words
from canbao.web.desk.frame import frame
from canbao.web.theme import pieces

PARTS: Final = sets.__name__  # imported so that the parts of jobs are known here
ACTS: Final = {
    Tab.CHECKING: ("pass", _("Sign and seal those chosen")),
    Tab.READY: ("report", _("Report those chosen")),
    Tab.APPROVED: ("file", _("File those chosen")),
}
DESKS: Final = (Role.VILLAGE, Role.TOWNSHIP, Role.COUNTY, Role.FINANCE)


def _wanted(request: HttpRequest, actor: Actor, fixed: str = "") -> Filter:
    given = request.GET
    tab = fixed or given.get("tab", "") or worklists.default_tab(actor)
    if tab not in worklists.tabs_of(actor):
        raise Refused("not_found")
    insurance = given.get("insurance", "")
    bundle = given.get("bundle", "")
    return Filter(
        tab=tab,
        search=given.get("q", "").replace("\0", "")[:60],
        insurance=insurance if insurance in words.INSURANCES else "",
        village=given.get("village", "").replace("\0", "")[:12],
        channel=given.get("channel", "") if given.get("channel", "") in words.CHANNELS else "",
        findings=given.get("findings") == "on",
        bundle=str(acts.uuid_or_404(bundle)) if bundle else "",
    )


@officer(*DESKS)
def worklist(request: HttpRequest, actor: Actor, county: str) -> HttpResponse:
    """What must be done today: lists with counts, filters, search, households, choosing."""
    del county
    return _list(request, actor, _wanted(request, actor), "worklist")


@officer(Role.COUNTY, Role.ARCHIVIST)
def archive_list(request: HttpRequest, actor: Actor, county: str) -> HttpResponse:
    """Approved cases that wait for their box, and those that are filed."""
    del county
    tab = request.GET.get("tab", Tab.APPROVED)
    fixed = tab if tab in {Tab.APPROVED, Tab.FILED} else Tab.APPROVED
    return _list(request, actor, _wanted(request, actor, fixed), "archive")


def _list(request: HttpRequest, actor: Actor, wanted: Filter, where: str) -> HttpResponse:
    if request.method == "POST":
        return _act(request, actor, wanted, where)
    today = clock.today()
    fault = ""
    try:
        page = worklists.page(actor, wanted, acts.number_or(request.GET.get("page"), 1), today)
    except Refused as refused:
        if refused.code not in {"search_too_short", "search_unclear"}:
            raise
        page, fault = Page((), 0, 1), refusals.said(refused)
    counts = worklists.counts(actor, today)
    chosen = _selection(request, actor, page)
    villages = _villages(actor, page)
    values = {
        "tabs": _tabs(actor, wanted, counts, where),
        "page_of": _page_of(request, page),
        "groups": _grouped(page, today, actor, villages["names"]),
        "total": page.total,
        "pages": page.pages,
        "wanted": wanted,
        "counts": counts,
        "fault": fault,
        "has_errors": fault,
        "chosen": chosen,
        "act": ACTS.get(Tab(wanted.tab)) if not wanted.search else None,
        "columns": _columns(),
        "villages": villages,
        "insurances": [("", gettext("Both insurances")), *words.INSURANCES.items()],
        "channels": [("", gettext("All ways")), *words.CHANNELS.items()],
        "archive": where == "archive",
        "title": gettext("Archive") if where == "archive" else gettext("Work list"),
        "done_all": gettext("Nothing is waiting in this list"),
        "next_case": page.lines[0].case.id if page.lines and wanted.tab == Tab.CHECKING else None,
    }
    return render(
        request,
        "desk/worklist.html",
        {**values, **frame(request, actor, where, counts=counts)},
        status=422 if fault else 200,
    )


def _tabs(actor: Actor, wanted: Filter, counts: dict[str, int], where: str) -> list[pieces.Tab]:
    here = reverse(where, args=[actor.county])
    shown = [
        tab
        for tab in worklists.tabs_of(actor)
        if (tab in {Tab.APPROVED, Tab.FILED}) == (where == "archive")
    ]
    return [
        pieces.Tab(
            words.TABS[tab], f"{here}?tab={tab}", counts.get(tab),
            tab == wanted.tab and not wanted.search,
            tab in {Tab.RETURNED, Tab.OVERDUE},
        )
        for tab in shown
    ]  # fmt: skip


def _columns() -> list[pieces.Column]:
    return [
        pieces.Column(gettext("Choose this page"), "check"),
        pieces.Column(gettext("Person")),
        pieces.Column(gettext("Number")),
        pieces.Column(gettext("Insurance and level")),
        pieces.Column(gettext("Checked by rules")),
        pieces.Column(gettext("Came by")),
        pieces.Column(gettext("Due")),
    ]


def _villages(actor: Actor, page: Page) -> dict[str, Any]:
    """Names of villages: all within reach for the filter of a township, else those on the page."""
    if actor.role is Role.VILLAGE or not page.lines:
        codes = {line.case.village for line in page.lines}
    else:
        codes = {line.case.village for line in page.lines} | set(actor.villages or ())
    names = {one.code: one.name for one in kernel.regions(codes)} if codes else {}
    several = len(names) > 1
    return {
        "names": names,
        "choices": [("", gettext("All villages")), *sorted(names.items())] if several else [],
    }


def _grouped(
    page: Page, today: datetime.date, actor: Actor, names: Mapping[str, str]
) -> list[dict[str, Any]]:
    """Lines under their households, in the order of the page."""
    groups: list[dict[str, Any]] = []
    for line in page.lines:
        key = (line.case.village, line.case.household_number)
        if not groups or groups[-1]["key"] != key:
            groups.append(
                {
                    "key": key,
                    "place": names.get(key[0], key[0]),
                    "household": key[1],
                    "lines": [],
                }
            )
        due, tone = words.due(line.case, today)
        groups[-1]["lines"].append(
            {
                "case": line.case,
                "value": f"{line.case.id}.{line.case.version}",
                "insurance": words.insurance(line.case),
                "finding": _finding(line),
                "returned": words.reasons(line.reason)[:1],
                "channel": words.CHANNELS.get(line.case.channel, line.case.channel),
                "due": due,
                "tone": tone,
                "own": (line.case.village, line.case.household_number) in actor.households,
                "status": words.status(line.case),
            }
        )
    return groups


def _finding(line: worklists.Line) -> dict[str, Any]:
    if not line.case.findings:
        return {"tone": "right", "text": gettext("All agrees")}
    if not line.item:
        return {"tone": "warning", "text": gettext("To be looked at")}
    text = words.problem(line.item, line.verdict)
    more = line.case.findings - 1
    if more:
        text += gettext(" and %(more)s more") % {"more": more}
    return {"tone": words.TONES.get(line.verdict, "warning"), "text": text}


def _page_of(request: HttpRequest, page: Page) -> pieces.PageOf:
    def address(number: int) -> str:
        kept = request.GET.copy()
        kept["page"] = str(number)
        return f"?{kept.urlencode()}"

    return pieces.PageOf(
        first=(page.number - 1) * page.size + 1 if page.total else 0,
        last=(page.number - 1) * page.size + len(page.lines),
        total=page.total,
        previous=address(page.number - 1) if page.number > 1 else "",
        next=address(page.number + 1) if page.number < page.pages else "",
    )


def _selection(request: HttpRequest, actor: Actor, page: Page) -> dict[str, Any]:
    """What is chosen over all pages, when something is."""
    kept = request.GET.get("selection", "")
    if not kept:
        return {"id": "", "count": 0}
    found = selections.see(actor, acts.uuid_or_404(kept))
    return {"id": kept, "count": page.total, "as_of": found.as_of}


def _act(request: HttpRequest, actor: Actor, wanted: Filter, where: str) -> HttpResponse:
    here = reverse(where, args=[actor.county])
    narrow = {
        "tab": wanted.tab, "q": wanted.search, "insurance": wanted.insurance,
        "village": wanted.village, "channel": wanted.channel,
        "findings": "on" if wanted.findings else "", "bundle": wanted.bundle,
    }  # fmt: skip
    kept = {name: value for name, value in narrow.items() if value}
    if request.POST.get("select") == "none":
        return HttpResponseRedirect(f"{here}?{urlencode(kept)}", status=303)
    if request.POST.get("select") == "all":
        outcome = selections.choose(actor, wanted, at=clock.now(), key=key_of(request, actor))
        kept["selection"] = str(outcome.done[0])
        return HttpResponseRedirect(f"{here}?{urlencode(kept)}", status=303)
    first = acts.done_already(request, actor)
    if first is not None:
        return first
    chosen = acts.chosen_of(request, actor)
    known = ACTS.get(Tab(wanted.tab))
    if known is None or not chosen:
        raise Refused("nothing_chosen")
    return _do(request, actor, known[0], chosen)


def _do(request: HttpRequest, actor: Actor, act: str, chosen: dict[UUID, int]) -> HttpResponse:
    if act == "report":
        return HttpResponseRedirect(reverse("report", args=[actor.county]), status=303)
    if acts.is_job(chosen):
        return acts.start_job(request, actor, act, chosen)
    key, at = key_of(request, actor), clock.now()
    if act == "file":
        return acts.answer(request, actor, archive.file(actor, chosen, at=at, key=key))
    decided = {one: Choice(version, Verdict.PASS) for one, version in chosen.items()}
    return acts.answer(request, actor, review.decide(actor, decided, at=at, key=key))


@officer(*acts.ALL_DESKS)
def job(request: HttpRequest, actor: Actor, county: str, job_id: UUID) -> HttpResponse:
    """How far a large act is; stop and resume it."""
    found = jobs.see(actor, job_id)
    if request.method == "POST":
        act = jobs.stop if request.POST.get("act") == "stop" else jobs.resume
        act(actor, job_id, at=clock.now(), key=key_of(request, actor))
        return HttpResponseRedirect(reverse("desk_job", args=[county, job_id]), status=303)
    refused = jobs.refused_in(job_id, 200)
    known = queries.numbers_of([one for one, *_rest in refused])
    values = {
        "job": found,
        "percent": found.handled * 100 // found.total if found.total else 100,
        "refused": [
            {
                "id": one,
                "number": known.get(one, ("", ""))[0],
                "name": known.get(one, ("", ""))[1],
                "why": acts.sentence_of(code, acts.facts_of(facts)),
            }
            for one, code, facts in refused
        ],
        "fault": refusals.say(found.fault) if found.fault else "",
        "going_on": found.state in {jobs.State.WAITING, jobs.State.RUNNING},
        "stopped": found.state in {jobs.State.STOPPED, jobs.State.FAILED},
        "columns": [pieces.Column(gettext("Person")), pieces.Column(gettext("Why"))],
    }
    return render(request, "desk/job.html", {**values, **frame(request, actor, "worklist")})
