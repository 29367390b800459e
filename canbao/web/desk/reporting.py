"""Report the bundle of one insurance: what goes, what stays and why, the sheets counted by hand."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext

from canbao.cases import bundle, worklists
from canbao.kernel import clock
from canbao.kernel import queries as kernel
from canbao.kernel.actor import Actor, Role
from canbao.kernel.refusal import Refused
from canbao.web.access import key_of, officer
from canbao.web.desk import acts, words
from canbao.web.desk.frame import frame
from canbao.web.theme.pieces import Column, Figure, Tab

REPORTING: Final = (Role.VILLAGE, Role.TOWNSHIP)


def _insurance(request: HttpRequest, actor: Actor) -> str:
    wanted = request.POST.get("insurance") or request.GET.get("insurance") or ""
    if wanted in actor.insurances:
        return wanted
    return "390" if "390" in actor.insurances else min(actor.insurances, default="")


def as_of(request: HttpRequest) -> clock.Instant:
    """The instant at which the list on the form was read. Refuses `page_too_old`."""
    try:
        found = parse_datetime(request.POST.get("as_of", ""))
    except ValueError:
        found = None
    if found is None or found.tzinfo is None:
        raise Refused("page_too_old")
    return found


@officer(*REPORTING)
def report(request: HttpRequest, actor: Actor, county: str) -> HttpResponse:
    """Report the bundle of one insurance: what goes, what stays and why, the sheets counted by hand."""
    del county
    if request.method == "POST":
        return report_posted(request, actor)
    return draw_report(request, actor)


def draw_report(
    request: HttpRequest, actor: Actor, *, fault: str = "", village: str = "",
    more: Mapping[str, Any] | None = None,
) -> HttpResponse:  # fmt: skip
    """Draw the report page."""
    insurance = _insurance(request, actor)
    at = clock.now()
    rows = worklists.ready(actor, insurance, village=village)
    out = set(request.POST.getlist("out")) | set(request.GET.getlist("out"))
    going = [row for row in rows if str(row.id) not in out]
    counts = bundle.sheet_counts([row.id for row in rows])
    forms = bundle.COPIES * len(going)
    sheets = sum(counts[row.id] for row in going)
    stay, stay_total = ([], 0) if village else worklists.staying(actor, insurance)
    names = {one.code: one.name for one in kernel.regions({row.village for row in rows})}
    values = {
        "insurance": insurance,
        "tabs": [
            Tab(words.INSURANCES[one], f"?insurance={one}", None, one == insurance)
            for one in sorted(actor.insurances, reverse=True)
        ],
        "rows": [
            {
                "case": row,
                "place": place,
                "village": names.get(row.village, row.village),
                "sheets": bundle.COPIES,
                "attached": counts[row.id] - bundle.COPIES,
                "out": str(row.id) in out,
            }
            for place, row in enumerate(rows[: acts.SHOWN], 1)
        ],
        "going": len(going),
        "total": len(rows),
        "figures": [
            Figure(gettext("This bundle"), str(len(going)), gettext("cases / %(households)s households")
                   % {"households": len({(row.village, row.household_number) for row in going})}),
            Figure(gettext("Forms"), str(forms), gettext("sheets, in two copies")),
            Figure(gettext("Attachments"), str(sheets - forms), gettext("sheets")),
        ],
        "staying": [
            {
                "case": line.case,
                "why": _why_staying(line),
                "status": words.status(line.case),
            }
            for line in stay
        ],
        "staying_total": stay_total,
        "counted": request.POST.get("sheets", ""),
        "as_of": at.isoformat(),
        "fault": fault,
        "has_errors": bool(fault),
        "columns": [
            Column(gettext("Take out"), "check"), Column(gettext("No."), "number"),
            Column(gettext("Person")), Column(gettext("Household")),
            Column(gettext("Forms"), "number"), Column(gettext("Attachments"), "number"),
        ],
        "stay_columns": [
            Column(gettext("Person")), Column(gettext("Why")), Column(gettext("Where it is")),
        ],
        **frame(request, actor, "report"),
        **(more or {}),
    }  # fmt: skip
    return render(request, "desk/report.html", values, status=422 if fault else 200)


def _why_staying(line: worklists.Line) -> str:
    told = words.reasons(line.reason)
    if told:
        return told[0]
    if line.item:
        return words.problem(line.item, line.verdict)
    return gettext("not checked yet")


def report_posted(request: HttpRequest, actor: Actor, village: str = "") -> HttpResponse:
    """Report what stood on the list, without what was taken out."""
    first = acts.done_already(request, actor)
    if first is not None:
        return first
    insurance = _insurance(request, actor)
    out = set(request.POST.getlist("out"))
    rows = worklists.ready(actor, insurance, as_of(request), village=village)
    chosen = {row.id: row.version for row in rows if str(row.id) not in out}
    counted = acts.number_or(request.POST.get("sheets"), -1)
    if not chosen:
        return draw_report(
            request, actor, fault=acts.sentence_of("nothing_chosen", {}), village=village
        )
    try:
        if acts.is_job(chosen):
            expected = sum(bundle.sheet_counts(list(chosen)).values())
            if counted != expected:
                raise Refused("sheets_do_not_agree", counted=max(counted, 0), expected=expected)  # noqa: TRY301
            return acts.start_job(request, actor, "report", chosen)
        outcome = bundle.report(actor, chosen, counted, at=clock.now(), key=key_of(request, actor))
    except Refused as refused:
        if refused.code != "sheets_do_not_agree":
            raise
        facts = {**refused.facts, "counted": max(counted, 0)}
        sentence = acts.sentence_of(refused.code, facts)
        return draw_report(request, actor, fault=sentence, village=village)
    if outcome.made.get("bundle"):
        target = reverse("bundle", args=[actor.county, outcome.made["bundle"]])
        return HttpResponseRedirect(f"{target}?reported=1", status=303)
    return acts.answer(request, actor, outcome, title=str(acts.TITLES["cases.bundle.report"]))
