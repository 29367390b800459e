"""What a village did only on paper, recorded by the township for whoever signed it there."""

from __future__ import annotations

import datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext

from canbao.cases import behalf, door, pages, worklists
from canbao.kernel import clock, refusals
from canbao.kernel import queries as kernel
from canbao.kernel.actor import Actor, Role
from canbao.kernel.refusal import Refused
from canbao.web.access import officer
from canbao.web.desk import acts, case, reporting, words
from canbao.web.desk.frame import frame
from canbao.web.theme.pieces import Column


@officer(Role.TOWNSHIP)
def overview(request: HttpRequest, actor: Actor, county: str) -> HttpResponse:
    """Paper cases whose village inspection is to be recorded, and bundles to report for a village."""
    del county
    waiting = worklists.paper_waiting(actor)
    ready = worklists.recorded_ready(actor)
    codes = {row.village for row in waiting} | {village for village, *_rest in ready}
    names = {one.code: one.name for one in kernel.regions(codes)} if codes else {}
    today = clock.today()
    values = {
        "waiting": [
            {
                "case": row,
                "village": names.get(row.village, row.village),
                "insurance": words.insurance(row),
                "due": words.due(row, today)[0],
            }
            for row in waiting
        ],
        "total": waiting.total,
        "ready": [
            {
                "village": village,
                "name": names.get(village, village),
                "insurance": insurance,
                "insurance_name": words.INSURANCES.get(insurance, insurance),
                "cases": number,
            }
            for village, insurance, number in ready
        ],
        "columns": [
            Column(gettext("Person")), Column(gettext("Village")),
            Column(gettext("Insurance and level")), Column(gettext("Due")),
        ],
        **frame(request, actor, "behalf"),
    }  # fmt: skip
    return render(request, "desk/behalf.html", values)


def _day(text: str) -> datetime.date | None:
    try:
        return datetime.date.fromisoformat(text)
    except ValueError:
        return None


def _typed_day(request: HttpRequest) -> datetime.date | None:
    """The date on the paper: three boxes, or as an address carries it."""
    parts = [request.GET.get(f"on_{part}", "") for part in ("year", "month", "day")]
    if all(part.isascii() and part.isdigit() and len(part) < 5 for part in parts):  # noqa: PLR2004
        try:
            return datetime.date(*(int(part) for part in parts))
        except ValueError:
            return None
    return _day(request.GET.get("on", ""))


def _acting(request: HttpRequest, actor: Actor) -> tuple[Actor | None, str]:
    """The actor who records for the chosen officer and day, or the sentence that says why not."""
    chosen = request.GET.get("posting", "")
    on = _typed_day(request)
    if not chosen:
        return None, ""
    if on is None:
        return None, gettext("Type the date that stands on the paper.")
    try:
        return behalf.acting(actor, acts.uuid_or_404(chosen), on, at=clock.now()), ""
    except Refused as refused:
        if refused.code == "not_found":
            raise
        return None, refusals.said(refused)


def _choose(
    request: HttpRequest, actor: Actor, village: str, fault: str, more: dict[str, Any]
) -> HttpResponse:
    """Ask who signed on paper and on which day."""
    on = _typed_day(request) or clock.today()
    values = {
        "officers": [
            (one.posting_id, f"{one.name} · {one.office_name}")
            for one in behalf.candidates(actor, on, village)
        ],
        "chosen": request.GET.get("posting", ""),
        "on": on,
        "fault": fault,
        "has_errors": bool(fault),
        **more,
        **frame(request, actor, "behalf"),
    }
    return render(request, "desk/behalf_choose.html", values, status=422 if fault else 200)


@officer(Role.TOWNSHIP)
def inspect(request: HttpRequest, actor: Actor, county: str, case_id: UUID) -> HttpResponse:
    """Record the village's inspection and marks of a paper case, with the date on the paper."""
    del county
    row = door.see(actor, case_id)
    if row.channel != "paper" or row.desk != behalf.DESK:
        raise Refused("not_at_desk")
    acting, fault = _acting(request, actor)
    if acting is None:
        more = {"case": row, "insurance": words.insurance(row)}
        return _choose(request, actor, row.village, fault, more)
    if "on" not in request.GET:
        on = _typed_day(request)
        kept = request.GET.copy()
        kept["on"] = on.isoformat() if on else ""
        request.GET = kept  # type: ignore[assignment]
    if request.method == "POST":
        return case.act_on(request, acting, row)
    if not case.works_on(acting, row):
        sentence = acts.sentence_of("not_being_checked", {})
        return case.moved(request, actor, case_id, sentence)
    return case.show(request, acting, pages.checking(row))


@officer(Role.TOWNSHIP)
def report(request: HttpRequest, actor: Actor, county: str, village: str) -> HttpResponse:
    """Report a village's paper cases for it, with the date on its list."""
    del county
    if actor.villages is not None and village not in actor.villages:
        raise Refused("not_found")
    acting, fault = _acting(request, actor)
    if acting is None:
        names = {one.code: one.name for one in kernel.regions([village])}
        return _choose(request, actor, village, fault, {"village_name": names.get(village, "")})
    if request.method == "POST":
        return reporting.report_posted(request, acting, village)
    return reporting.draw_report(
        request, acting, village=village, more=frame(request, actor, "behalf")
    )
