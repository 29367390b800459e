"""One case at a desk: papers left, items right; answer, sign and seal, return, refuse."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext

from canbao.cases import (
    advancing,
    death,
    door,
    family,
    flow,
    inspection,
    pages,
    payee,
    queries,
    returned,
    review,
    worklists,
)
from canbao.cases import words as terms
from canbao.cases.door import CaseRow
from canbao.cases.family import Child
from canbao.cases.flow import Status, Verdict
from canbao.cases.inspection import Answer, Answers, Said
from canbao.cases.pages import Beside
from canbao.cases.queries import CaseView
from canbao.cases.review import Choice, Reason
from canbao.kernel import clock, office, outcomes
from canbao.kernel.actor import Actor, Role
from canbao.kernel.refusal import Refused
from canbao.kernel.taken import Outcome
from canbao.web.access import key_of, officer
from canbao.web.desk import acts, giving, items, kin, overview, papers, scanning, words
from canbao.web.desk.frame import frame
from canbao.web.theme import format as say

DESKS: Final = (Role.VILLAGE, Role.TOWNSHIP, Role.COUNTY, Role.FINANCE)
LONGEST_NOTE: Final = 200
MOST_REASONS: Final = 12


def address(actor: Actor, case_id: UUID) -> str:
    """The page of a case."""
    return reverse("case", args=[actor.county, case_id])


def link(request: HttpRequest, actor: Actor, case_id: UUID, **more: str) -> str:
    """The inspection one is in, also the one recorded for a village, with more words."""
    if actor.behalf is None:
        here, kept = address(actor, case_id), {}
    else:
        here = request.path
        kept = {name: request.GET.get(name, "") for name in ("posting", "on")}
    query = urlencode({**kept, **more})
    return f"{here}?{query}" if query else here


def works_on(actor: Actor, row: CaseRow) -> bool:
    """Whether this officer's desk, or the one acted for, is checking the case now."""
    return inspection.sits_at(actor, row) and row.status in {Status.CHECKING, Status.RETURNED}


@officer(*acts.ALL_DESKS)
def case(request: HttpRequest, actor: Actor, county: str, case_id: UUID) -> HttpResponse:
    """The inspection where the case waits at one's own desk, else the overview of where it stands."""
    del county
    row = door.see(actor, case_id)
    if request.method == "POST":
        return act_on(request, actor, row)
    if not works_on(actor, row):
        return overview.show(request, actor, row)
    return show(request, actor, pages.checking(row))


def show(
    request: HttpRequest, actor: Actor, view: CaseView, *, faults: Sequence[tuple[str, str]] = (),
    typed: Mapping[str, Said] | None = None, number: str = "", status: int = 200,
    more: Mapping[str, Any] | None = None,
) -> HttpResponse:  # fmt: skip
    """Draw the inspection."""
    around = pages.beside(actor, view.case)
    children = family.children(view)
    papers.seen(actor, view, children=len(children))
    values = page_values(actor, view, around, typed, children)
    values |= {
        "faults": list(faults),
        "has_errors": bool(faults),
        "kept": request.GET.get("kept", ""),
        "behalf": actor.behalf,
        "links": {
            "return": link(request, actor, view.case.id, do="return") + "#reasons",
            "refuse": link(request, actor, view.case.id, do="refuse") + "#reasons",
            "here": link(request, actor, view.case.id),
        },
        **(more or {}),
        "number": number,
        "paper_view": papers.viewer(request, actor, view),
        "do": request.GET.get("do", ""),
        **frame(request, actor, "worklist"),
    }
    return render(request, "desk/case.html", values, status=status)


def page_values(
    actor: Actor, view: CaseView, around: Beside, typed: Mapping[str, Said] | None,
    children: Sequence[Child],
) -> dict[str, Any]:  # fmt: skip
    """What the checklist, the preview of the seal and the ways on show."""
    at = clock.now()
    case = view.case
    desk = flow.load(case.flow).desks[case.desk]
    missing = pages.open_here(view, around)
    blocked = pages.stands_in_the_way(actor, view, at)
    open_still = blocked is not None or bool(missing)
    seal = None if open_still else office.seal_for(actor, desk.seal, clock.on(at))
    due, tone = words.due(case, clock.on(at))
    lines = items.lines(view, around, typed, children)
    return {
        "case": case,
        "around": around,
        "insurance": words.insurance(case),
        "due": due,
        "tone": tone,
        "status_name": words.status(case),
        "items": lines,
        "answered": sum(bool(line.answer) for line in lines if not line.settled),
        "asked": sum(not line.settled for line in lines),
        "others": items.others(view),
        "family": case.family_form or bool(children),
        "children": kin.cards(children),
        "children_sources": kin.sources(),
        "second": _second(view),
        "second_rows": items.comparison(view)[:2] if view.entries else (),
        "second_sources": items.sources(view),
        "missing": [terms.item(one) for one in missing],
        "blocked": acts.sentence_of(blocked.code, blocked.facts) if blocked else "",
        "why_not": _why_not(blocked, missing, seal is None),
        "can_pass": seal is not None,
        "seal": seal,
        "opinion": terms.opinion(case.desk, view.fields, case.kind),
        "on": actor.stamp(at)["acted_on"],
        "signer": actor.behalf.name if actor.behalf else actor.name,
        "desk": desk,
        "refuses": desk.refuses,
        "pass_label": _pass_label(case),
        "may_scan": scanning.may_scan(actor, case),
        **_giving(actor, case),
        "may_advance": advancing.may_be_paid(actor, case),
        "may_record_death": actor.role in death.RECORDERS,
        "returned": _last_return(view),
        "reason_choices": [("", ""), *terms.reasons_of(case.kind)],
        "against": items.against(view) if seal is not None else [],
        "about_choices": _about(view),
        "to_choices": [(one, words.DESKS[one]) for one in desk.returns_to],
        "reason_rows": items.reason_rows(view),
        "facts": items.facts(view, around),
    }


def _pass_label(case: CaseRow) -> str:
    """What pressing does here."""
    return {
        ("enrolment", "county"): gettext("Sign, seal and enrol"),
        ("refund", "finance"): gettext("Sign, seal and approve the payout"),
        ("refund", "payout"): gettext("The bank has paid: sign and seal"),
    }.get((case.kind, case.desk), gettext("Sign and seal"))


def _giving(actor: Actor, case: CaseRow) -> dict[str, Any]:
    """The account that money goes to, where the case gives money back."""
    ask = giving.ask_of(case)
    if ask is None:
        return {}
    return {**giving.account(ask), "may_change": payee.may_change(actor, case)}


def _why_not(blocked: Any, missing: Sequence[str], no_seal: bool) -> str:  # noqa: FBT001
    if blocked is not None:
        return acts.sentence_of(blocked.code, blocked.facts)
    if missing:
        return acts.sentence_of("checklist_open", {"items": list(missing)})
    return acts.sentence_of("no_seal", {}) if no_seal else ""


def _second(view: CaseView) -> dict[str, Any] | None:
    """How the second entry of name and number stands, where the flow asks for one."""
    if not inspection.needs_second_entry(view.case):
        return None
    now = [one for one in view.entries if one.round == view.case.round]
    last = now[-1] if now else None
    return {"typed": last is not None, "agrees": bool(last and last.agrees)}


def _last_return(view: CaseView) -> dict[str, Any] | None:
    """Why the case came back, when it did."""
    back = [one for one in view.decisions if one.verdict in {Verdict.RETURN, Verdict.REFUSE}]
    if not back or view.case.round == 1:
        return None
    last = back[-1]
    return {
        "by": last.acted_by_name,
        "office": last.office_name,
        "on": last.acted_on,
        "why": [words.reason(one) for one in last.reasons],
        "appealed": last.verdict == Verdict.REFUSE,
    }


def _about(view: CaseView) -> list[tuple[str, Any]]:
    return [("", ""), *terms.abouts_of(view.case, {one.kind for one in view.scans})]


def typed_answers(request: HttpRequest, asked: Sequence[str]) -> dict[str, Said]:
    """What was answered on the form, with the notes."""
    found = {}
    for item in asked:
        said = request.POST.get(f"item_{item}", "")
        note = request.POST.get(f"note_{item}", "").replace("\0", "").strip()[:LONGEST_NOTE]
        if said in set(Answer):
            found[item] = Said(Answer(said), note if said == Answer.NO else "")
    return found


def changed(view: CaseView, typed: Mapping[str, Said]) -> dict[str, Said]:
    """Answers that differ from those kept."""
    kept = view.answers(view.case.desk)
    return {
        item: said
        for item, said in typed.items()
        if item not in kept or (kept[item].verdict, kept[item].note) != (said.answer, said.note)
    }


def version_of(request: HttpRequest) -> int:
    """The version of the case that the form was made from."""
    text = request.POST.get("version", "")
    if not text.isascii() or not text.isdigit() or len(text) > 9:  # noqa: PLR2004 - an integer column
        raise Refused("page_too_old")
    return int(text)


def act_on(request: HttpRequest, actor: Actor, row: CaseRow) -> HttpResponse:
    """Do what was pressed on the inspection: keep answers, pass, return, refuse, see the full number."""
    act = request.POST.get("act", "")
    known = outcomes.kept(actor, key_of(request, actor))
    if known is not None:
        return _again(request, actor, row, known)
    if act == "number":
        queries.looked_at(actor, row.id, "number", at=clock.now())
        number = pages.number_of(actor, row.id)
        if not works_on(actor, row):
            return overview.show(request, actor, row, number=number)
        return show(request, actor, pages.checking(row), number=number)
    if act not in {"keep", "pass", "to_return", "return", "refuse"}:
        raise Refused("not_for_this_desk")
    if not works_on(actor, row):
        sentence = acts.sentence_of("moved_since", {"desk": row.desk, "status": row.status})
        return moved(request, actor, row.id, sentence)
    view = pages.checking(row)
    if act in {"return", "refuse"}:
        return _send_back(request, actor, view, Verdict(act))
    return _answer(request, actor, view, act)


def _again(request: HttpRequest, actor: Actor, row: CaseRow, known: outcomes.Kept) -> HttpResponse:
    """A second press of the same form shows the first result, and does nothing."""
    if known.operation == "cases.review.decide":
        return acts.to_result(request, actor, again=True)
    return HttpResponseRedirect(link(request, actor, row.id), status=303)


def _answer(request: HttpRequest, actor: Actor, view: CaseView, act: str) -> HttpResponse:
    """Keep the answers; when none changed, go on to what was pressed."""
    typed = typed_answers(request, inspection.asked(view.case))
    fresh = changed(view, typed)
    lacking = [item for item, said in fresh.items() if said.answer is Answer.NO and not said.note]
    if lacking:
        faults = [
            (f"{terms.item(item)}: {acts.sentence_of('note_needed', {})}", f"#note_{item}")
            for item in lacking
        ]
        return show(request, actor, view, faults=faults, typed=typed, status=422)
    version, at = version_of(request), clock.now()
    if fresh:
        outcome = inspection.answer(
            actor, {view.case.id: Answers(version, fresh)}, at=at, key=key_of(request, actor)
        )
        if outcome.refused:
            return _refused(request, actor, view, outcome, typed)
        more = {"to_return": {"do": "return"}, "pass": {"kept": "1"}}.get(act, {})
        return HttpResponseRedirect(link(request, actor, view.case.id, **more), status=303)
    if act == "to_return":
        target = link(request, actor, view.case.id, do="return") + "#reasons"
        return HttpResponseRedirect(target, status=303)
    if act == "keep":
        return HttpResponseRedirect(link(request, actor, view.case.id), status=303)
    outcome = review.decide(
        actor, {view.case.id: Choice(version, Verdict.PASS)}, at=at, key=key_of(request, actor)
    )
    return _decided(request, actor, view, outcome)


def _decided(request: HttpRequest, actor: Actor, view: CaseView, outcome: Outcome) -> HttpResponse:
    if outcome.refused:
        return _refused(request, actor, view, outcome, None)
    target = reverse("desk_after", args=[actor.county, view.case.id])
    return HttpResponseRedirect(target, status=303)


def _refused(
    request: HttpRequest, actor: Actor, view: CaseView, outcome: Outcome,
    typed: Mapping[str, Said] | None,
) -> HttpResponse:  # fmt: skip
    refusal = next(iter(outcome.refused.values()))
    sentence = acts.sentence_of(refusal.code, refusal.facts)
    if refusal.code in {"moved_since", "not_at_desk", "not_being_checked", "busy"}:
        return moved(request, actor, view.case.id, sentence)
    return show(request, actor, view, faults=[(sentence, "")], typed=typed, status=422)


def moved(request: HttpRequest, actor: Actor, case_id: UUID, sentence: str) -> HttpResponse:
    """The case moved since the page was opened: what happened, and that nothing was done."""
    kind = door.see(actor, case_id).kind
    happened = [
        (row.at, words.event(row, kind))
        for row in pages.trail(case_id)
        if row.event != "case.answered"
    ][:3]
    values = {
        "sentence": sentence,
        "happened": happened,
        "href": address(actor, case_id),
        **frame(request, actor, "worklist"),
    }
    return render(request, "desk/moved.html", values, status=409)


def reasons_of(request: HttpRequest) -> list[Reason]:
    """The reasons typed: code, field or paper, note; empty rows are left out."""
    found = []
    for place in range(MOST_REASONS):
        code = request.POST.get(f"code_{place}", "")
        about = request.POST.get(f"about_{place}", "")
        note = request.POST.get(f"why_{place}", "").replace("\0", "").strip()[:LONGEST_NOTE]
        known = about in terms.FIELDS or about in terms.PAPERS
        if code in terms.REASONS:
            found.append(Reason(code, about if known else "", note))
    return found


def _send_back(
    request: HttpRequest, actor: Actor, view: CaseView, verdict: Verdict
) -> HttpResponse:
    reasons = reasons_of(request)
    to = request.POST.get("to", "") if verdict is Verdict.RETURN else ""
    choice = Choice(version_of(request), verdict, tuple(reasons), to)
    if not reasons:
        sentence = acts.sentence_of("reason_needed", {})
        return show(request, actor, view, faults=[(sentence, "#id_code_0")], status=422)
    outcome = review.decide(
        actor, {view.case.id: choice}, at=clock.now(), key=key_of(request, actor)
    )
    return _decided(request, actor, view, outcome)


@officer(*DESKS)
def after(request: HttpRequest, actor: Actor, county: str, case_id: UUID) -> HttpResponse:
    """What was just decided about one case, and the next that waits."""
    del county
    row = door.see(actor, case_id)
    decisions = queries.decisions_of([case_id])[case_id]
    last = decisions[-1] if decisions else None
    sent_back = last is not None and last.verdict == Verdict.RETURN
    together = returned.together(actor, row, decisions) if sent_back else []
    following = worklists.next_at_desk(actor, case_id)
    values = {
        "case": row,
        "decision": last,
        "why": [words.reason(one) for one in last.reasons] if last else [],
        "to": words.DESKS.get(last.to_desk, "") if last else "",
        "together": say.listed(one.case.name for one in together if one.case.id != case_id),
        "next": following,
        "insurance": words.insurance(row),
        "title": gettext("Decided"),
        **frame(request, actor, "worklist"),
    }
    return render(request, "desk/after.html", values)
