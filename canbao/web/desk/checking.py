"""A bundle of hundreds: answered case by case, then closed with a verdict and reasons for each."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any, Final
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext

from canbao.cases import closing, flow, inspection, pages, review, worklists
from canbao.cases import words as terms
from canbao.cases.door import CaseRow
from canbao.cases.flow import Verdict
from canbao.cases.inspection import Answer, Answers, Said
from canbao.kernel import clock
from canbao.kernel.actor import Actor, Role
from canbao.kernel.operation import LARGEST_SET
from canbao.web.access import key_of, officer
from canbao.web.desk import acts, words
from canbao.web.desk.bundles import bundle_of
from canbao.web.desk.case import LONGEST_NOTE
from canbao.web.desk.frame import frame
from canbao.web.theme import format as say
from canbao.web.theme.pieces import Column, PageOf

RECEIVING: Final = (Role.TOWNSHIP, Role.COUNTY)
CHECKED_AT_ONCE: Final = 25


@officer(*RECEIVING)
def check(request: HttpRequest, actor: Actor, county: str, bundle_id: UUID) -> HttpResponse:
    """Answer a bundle case by case, some on a page; every save is kept, so paging loses nothing."""
    found = bundle_of(actor, bundle_id)
    rows = closing.waiting(actor, bundle_id)
    number = min(
        max(1, acts.number_or(request.GET.get("page"), 1)),
        max(1, -(-len(rows) // CHECKED_AT_ONCE)),
    )
    shown = rows[(number - 1) * CHECKED_AT_ONCE : number * CHECKED_AT_ONCE]
    here = reverse("bundle_check", args=[county, bundle_id])
    refused: Mapping[UUID, str] = {}
    if request.method == "POST":
        refused = _save(request, actor, shown)
        if not refused:
            following = number + 1 if request.POST.get("act") == "next" else number
            return HttpResponseRedirect(f"{here}?page={following}&saved=1", status=303)
    values = {
        "bundle": found,
        "lines": _checked(request, shown, refused, posted=request.method == "POST"),
        "total": len(rows),
        "page_of": PageOf(
            first=(number - 1) * CHECKED_AT_ONCE + 1 if rows else 0,
            last=(number - 1) * CHECKED_AT_ONCE + len(shown),
            total=len(rows),
            previous=f"?page={number - 1}" if number > 1 else "",
            next=f"?page={number + 1}" if number * CHECKED_AT_ONCE < len(rows) else "",
        ),
        "more": number * CHECKED_AT_ONCE < len(rows),
        "saved": request.GET.get("saved") == "1",
        "faults": [(sentence, f"#case-{one}") for one, sentence in refused.items()],
        "has_errors": bool(refused),
        **frame(request, actor, "bundles"),
    }
    return render(request, "desk/bundle_check.html", values, status=422 if refused else 200)


def _checked(
    request: HttpRequest, rows: Sequence[CaseRow], refused: Mapping[UUID, str], *, posted: bool
) -> list[dict[str, Any]]:
    kept = pages.answered([row.id for row in rows])
    lines = []
    findings = {line.case.id: line for line in worklists.lines_of(rows)}
    for row in rows:
        items = []
        for item in inspection.asked(row):
            verdict, note = kept[row.id].get(item, ("", ""))
            if posted:
                verdict = request.POST.get(f"{row.id}.{item}", verdict)
            items.append({"item": item, "title": terms.item(item), "answer": verdict,
                          "note": note, "name": f"{row.id}.{item}"})  # fmt: skip
        line = findings[row.id]
        lines.append({
            "case": row,
            "insurance": words.insurance(row),
            "finding": words.problem(line.item, line.verdict) if line.item else "",
            "items": items,
            "note": request.POST.get(f"{row.id}.note", "") if posted
            else next((one["note"] for one in items if one["note"]), ""),
            "second": inspection.needs_second_entry(row),
            "refused": refused.get(row.id, ""),
        })  # fmt: skip
    return lines


def _save(request: HttpRequest, actor: Actor, rows: Sequence[CaseRow]) -> dict[UUID, str]:
    """Keep the answers that changed; returns the sentence for each case that was refused."""
    kept = pages.answered([row.id for row in rows])
    wanted: dict[UUID, Answers] = {}
    for row in rows:
        note = request.POST.get(f"{row.id}.note", "").replace("\0", "").strip()[:LONGEST_NOTE]
        version = acts.number_or(request.POST.get(f"{row.id}.version"), 0)
        fresh = {}
        for item in inspection.asked(row):
            said = request.POST.get(f"{row.id}.{item}", "")
            if said not in set(Answer):
                continue
            one = Said(Answer(said), note if said == Answer.NO else "")
            if kept[row.id].get(item) != (one.answer, one.note):
                fresh[item] = one
        if fresh:
            wanted[row.id] = Answers(version, fresh)
    if not wanted:
        return {}
    outcome = inspection.answer(actor, wanted, at=clock.now(), key=key_of(request, actor))
    return {
        one: acts.sentence_of(refusal.code, refusal.facts)
        for one, refusal in outcome.refused.items()
    }


@officer(*RECEIVING)
def close(
    request: HttpRequest, actor: Actor, county: str, bundle_id: UUID | None = None
) -> HttpResponse:
    """The closing act over a bundle, or over all that is answered: first what each case comes to.

    Then all at once, each with its verdict and reasons; open ones stay with the code.
    """
    del county
    found = bundle_of(actor, bundle_id) if bundle_id else None
    if request.method == "POST":
        first = acts.done_already(request, actor)
        if first is not None:
            return first
    proposed = closing.proposals(actor, bundle_id)
    if request.method == "POST":
        to = {item: request.POST.get(f"to_{item}", "") for item in closing.FROM_NO}
        if len(proposed) > LARGEST_SET:
            chosen = {one.case.id: one.case.version for one in proposed}
            return acts.start_job(request, actor, "close", chosen, to=to)
        outcome = review.decide(
            actor, closing.choices(proposed, to), at=clock.now(), key=key_of(request, actor)
        )
        return acts.answer(request, actor, outcome, title=str(acts.TITLES["cases.review.decide"]))
    values = {
        "bundle": found,
        "counts": Counter(str(one.verdict or "open") for one in proposed),
        "passing": sum(one.verdict is Verdict.PASS for one in proposed),
        "returning": _returning(proposed),
        "open": [
            {"case": one.case, "why": [terms.item(item) for item in one.open_items]}
            for one in proposed
            if one.verdict is None
        ][: acts.SHOWN],
        "total": len(proposed),
        "columns": [Column(gettext("Person")), Column(gettext("Still open"))],
        "back_columns": [Column(gettext("Person")), Column(gettext("Why"))],
        "day": say.day(clock.today()),
        **frame(request, actor, "bundles"),
    }
    return render(request, "desk/bundle_close.html", values)


def _returning(proposed: Sequence[closing.Proposal]) -> list[dict[str, Any]]:
    """Cases that go back, grouped by the item that is wrong."""
    groups: dict[str, list[closing.Proposal]] = {}
    for one in proposed:
        if one.verdict is Verdict.RETURN:
            groups.setdefault(one.item, []).append(one)
    return [
        {
            "item": item,
            "title": terms.item(item),
            "to": closing.back_to(group[0]),
            "choices": [
                (desk, words.DESKS[desk])
                for desk in flow.load(group[0].case.flow).desks[group[0].case.desk].returns_to
            ],
            "cases": [
                {"case": one.case, "why": [words.reason(_said(reason)) for reason in one.reasons]}
                for one in group
            ],
        }
        for item, group in groups.items()
    ]


def _said(reason: review.Reason) -> dict[str, str]:
    return {"code": reason.code, "about": reason.about, "note": reason.note}
