"""Finance's list of refunds: to approve, to hand to the bank with its results, due, and what is written off."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from canbao.cases import handing_over, inspection, refund_lists, review
from canbao.cases import words as terms
from canbao.cases.flow import Verdict
from canbao.cases.inspection import Answer, Answers, Said
from canbao.cases.kinds import refund
from canbao.cases.refund_lists import DueLine, Line
from canbao.cases.review import Choice, Reason
from canbao.kernel import clock, outcomes
from canbao.kernel.actor import Actor, Role
from canbao.kernel.refusal import Refused
from canbao.kernel.taken import Outcome
from canbao.payments import writing_off
from canbao.payments.refunds import DueRow
from canbao.web.access import key_of, officer
from canbao.web.desk import acts, words
from canbao.web.desk.frame import frame
from canbao.web.office.pages import wants_more
from canbao.web.theme.pieces import Column, Tab

TABS: Final[Mapping[str, Any]] = {
    "payout": _("To pay out"),
    "finance": _("To approve"),
    "due": _("Due, not asked for"),
    "write_off": _("To write off"),
    "paid": _("Paid back"),
}
RESULTS: Final = (("", _("not yet")), ("paid", _("the bank has paid")), ("failed", _("not paid")))
LONGEST_NOTE: Final = 200
# Said here in other words: what goes back goes back because of the bank.
_NOT_PAID: Final = {"reason_needed": "bank_reason_needed"}


@officer(Role.FINANCE)
def listed(request: HttpRequest, actor: Actor, county: str) -> HttpResponse:
    """Refunds by where they stand; the bank's results and write-offs are entered here, many at once."""
    tab = request.GET.get("tab", "payout")
    if tab not in TABS:
        raise Refused("not_found")
    if request.method == "POST":
        known = outcomes.kept(actor, key_of(request, actor))
        here = reverse("refunds", args=[county])
        if known is not None:
            return HttpResponseRedirect(f"{here}?tab={tab}&done=1", status=303)
        return _act(request, actor, tab)
    return _draw(request, actor, tab)


def _draw(
    request: HttpRequest, actor: Actor, tab: str, *, refused: Sequence[str] = (),
    numbers: Mapping[UUID, str] | None = None, typed: Mapping[str, str] | None = None,
) -> HttpResponse:  # fmt: skip
    counts = refund_lists.counts(actor)
    here = reverse("refunds", args=[actor.county])
    values = {
        "tab": tab,
        "tabs": [
            Tab(text, f"{here}?tab={name}", counts.get(name), name == tab)
            for name, text in TABS.items()
        ],
        **_lines(request, actor, tab, numbers or {}, typed or {}),
        "results": RESULTS,
        "faults": [(one, "") for one in refused],
        "has_errors": bool(refused),
        "done": request.GET.get("done") == "1",
        "shown": numbers is not None,
        **frame(request, actor, "refunds"),
    }
    page = render(request, "desk/refunds.html", values, status=422 if refused else 200)
    if numbers is not None:
        # Whole account numbers stay in no cache of the browser.
        page["Cache-Control"] = "no-store"
    return page


def _lines(
    request: HttpRequest, actor: Actor, tab: str, numbers: Mapping[UUID, str],
    typed: Mapping[str, str],
) -> dict[str, Any]:  # fmt: skip
    if tab == "due":
        due = refund_lists.due(actor)
        why = terms.due_reasons(one.due for one in due)
        return {"due": [_due(one, why, typed) for one in due], "total": due.total}
    if tab == "write_off":
        proposed = writing_off.proposed(actor)
        return {
            "proposals": [(one, one.proposed_by == actor.id) for one in proposed],
            "total": proposed.total,
        }
    found = (
        refund_lists.paid(actor, more=wants_more(request))
        if tab == "paid"
        else refund_lists.at(actor, tab)
    )
    columns = [gettext("Person"), gettext("Sum"), gettext("Account"), gettext("Why")]
    lines = [_line(actor, one, numbers, typed) for one in found]
    return {
        "lines": lines,
        "total": found.total,
        "more_url": f"?tab={tab}&more=1" if tab == "paid" else "",
        "sent": any(one.sent_on for one in found),
        "may_send": any(not (one["sent_on"] or one["own_account"]) for one in lines),
        "columns": [
            *(Column(one) for one in columns),
            Column(gettext("What the bank did") if tab == "payout" else gettext("Last result")),
        ],
    }


def _line(
    actor: Actor, one: Line, numbers: Mapping[UUID, str], typed: Mapping[str, str]
) -> dict[str, Any]:
    return {
        "case": one.case,
        "value": f"{one.case.id}.{one.case.version}",
        "ask": one.ask,
        "insurance": words.INSURANCES.get(one.case.insurance, one.case.insurance),
        "account": numbers.get(one.case.id, one.ask.masked),
        "why": terms.refund_reason(one.case, one.ask.reason),
        "result": one.result,
        "said": typed.get(f"result_{one.case.id}", ""),
        "note": typed.get(f"note_{one.case.id}", ""),
        "sent_on": one.sent_on,
        "sent_by": one.sent_by,
        "own_account": one.ask.account_by == actor.id,
    }


def _due(one: DueLine, why: Callable[[DueRow], str], typed: Mapping[str, str]) -> dict[str, Any]:
    return {
        "due": one.due,
        "name": one.name,
        "insurance": words.INSURANCES.get(one.due.insurance, one.due.insurance),
        "why": why(one.due),
        "came_back": one.came_back,
        "note": typed.get(f"note_{one.due.id}", ""),
    }


def _act(request: HttpRequest, actor: Actor, tab: str) -> HttpResponse:
    act = request.POST.get("act", "")
    if act == "numbers" and tab == "payout":
        ids = [one.case.id for one in refund_lists.at(actor, refund.PAYOUT)]
        seen = refund_lists.accounts_seen(actor, ids, at=clock.now())
        return _draw(request, actor, tab, numbers=refund_lists.accounts(seen.done))
    known: Mapping[tuple[str, str], Callable[[HttpRequest, Actor], list[Outcome]]] = {
        ("send", "payout"): _send,
        ("results", "payout"): _results,
        ("propose", "due"): _propose,
        ("decide", "write_off"): _decide,
    }
    if (act, tab) not in known:
        raise Refused("not_for_this_desk")
    found = known[act, tab](request, actor)
    refused = {one: refusal for outcome in found for one, refusal in outcome.refused.items()}
    if refused:
        said = [
            acts.sentence_of(_NOT_PAID.get(code, code), {"desk": "", "status": "", **facts})
            for code, facts in {one.code: one.facts for one in refused.values()}.items()
        ]
        return _draw(request, actor, tab, refused=said, typed=request.POST.dict())
    if not any(outcome.done for outcome in found):
        return _draw(request, actor, tab, refused=[acts.sentence_of("nothing_chosen", {})])
    here = reverse("refunds", args=[actor.county])
    return HttpResponseRedirect(f"{here}?tab={tab}&done=1", status=303)


def _send(request: HttpRequest, actor: Actor) -> list[Outcome]:
    """Hand those ticked to the bank."""
    chosen = {}
    for value in request.POST.getlist("send"):
        text, _dot, version = value.partition(".")
        chosen[acts.uuid_or_404(text)] = acts.number_or(version, 0)
    if not chosen:
        return []
    return [handing_over.hand_over(actor, chosen, at=clock.now(), key=key_of(request, actor))]


def _results(request: HttpRequest, actor: Actor) -> list[Outcome]:
    """Keep what the bank did: paid passes the case, not paid sends it back to the first officer."""
    chosen: dict[UUID, Choice] = {}
    for value in request.POST.getlist("case"):
        text, _dot, version = value.partition(".")
        case_id = acts.uuid_or_404(text)
        result = request.POST.get(f"result_{case_id}", "")
        note = _note(request, case_id)
        seen = acts.number_or(version, 0)
        if result == "paid":
            chosen[case_id] = Choice(seen, Verdict.PASS)
        elif result == "failed":
            why = (Reason("bank_did_not_pay", "account", note),) if note else ()
            chosen[case_id] = Choice(seen, Verdict.RETURN, why)
    if not chosen:
        return []
    at = clock.now()
    paid = [one for one, choice in chosen.items() if choice.verdict is Verdict.PASS]
    yes = {
        one.case.id: Answers(
            one.case.version, dict.fromkeys(inspection.asked(one.case), Said(Answer.YES))
        )
        for one in refund_lists.at(actor, refund.PAYOUT)
        if one.case.id in paid
    }
    if yes:
        # Saying that the bank has paid this sum to this account answers what the desk is asked.
        inspection.answer(actor, yes, at=at)
    return [review.decide(actor, chosen, at=at, key=key_of(request, actor))]


def _note(request: HttpRequest, one: UUID) -> str:
    return request.POST.get(f"note_{one}", "").replace("\0", "").strip()[:LONGEST_NOTE]


def _propose(request: HttpRequest, actor: Actor) -> list[Outcome]:
    reasons = {
        one: _note(request, one) for one in map(acts.uuid_or_404, request.POST.getlist("chosen"))
    }
    if not reasons:
        return []
    key = key_of(request, actor)
    return [writing_off.propose_write_off(actor, reasons, at=clock.now(), key=key)]


def _decide(request: HttpRequest, actor: Actor) -> list[Outcome]:
    one = acts.uuid_or_404(request.POST.get("proposal", ""))
    verdicts = {one: request.POST.get("verdict") == "confirm"}
    key = key_of(request, actor)
    return [writing_off.decide_write_off(actor, verdicts, at=clock.now(), key=key)]
