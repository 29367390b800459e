"""Where is it: own applications, their way over the desks, and what is told of each."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from canbao.cases import appeal as appeals
from canbao.cases import application, flow, following, kinds, payee, refund_offers, returned
from canbao.cases import words as case_words
from canbao.cases.door import CaseRow
from canbao.cases.flow import Status
from canbao.cases.following import Followed
from canbao.cases.kinds import refund
from canbao.kernel import clock
from canbao.kernel.actor import Actor
from canbao.payments import payouts, refund_requests
from canbao.payments import queries as owing
from canbao.payments.charges import State
from canbao.payments.refund_requests import AskRow
from canbao.policy import published
from canbao.policy.words import in_language
from canbao.web.access import resident
from canbao.web.portal import reasons, words
from canbao.web.portal.frame import know_village, page
from canbao.web.portal.photos import named
from canbao.web.portal.stages import stages


@resident
@require_safe
def cases_list(request: HttpRequest, actor: Actor, county: str) -> HttpResponse:
    """Every own application, those under way first."""
    today = clock.today()
    lines = [
        {
            "row": row,
            "title": words.title(row.name, row.insurance, row.kind),
            "tag": words.tag(row.desk, row.status, row.kind),
            "href": reverse("follow", args=[county, row.id]),
        }
        for row in following.mine(actor)
    ]
    return page(request, "cases", {"lines": lines, "today": today})


@resident
@require_safe
def follow(request: HttpRequest, actor: Actor, county: str, case: UUID) -> HttpResponse:  # noqa: ARG001
    """Four desks, date, name and seal of each, what was returned and why, the next date."""
    found = following.follow(actor, case)
    know_village(request, found.case.village)
    on = clock.today()
    refused = found.last("refuse")
    row = found.case
    may_appeal = (
        row.status == Status.REFUSED
        and refused is not None
        and appeals.appealable(refused.acted_on, on)
        and not any(one.at >= refused.recorded_at for one in found.appeals)
    )
    rules = published.rules(row.insurance, row.year)
    ask = refund_requests.see([row.id]).get(row.id) if row.kind == refund.KIND else None
    missing = _missing(found, ask) if row.is_open else ""
    values = {
        "row": row,
        "title": words.title(row.name, row.insurance, row.kind),
        "tag": words.tag(row.desk, row.status, row.kind),
        "level": in_language(rules.level(row.level, on).name)
        if row.level in rules.definitions
        else row.level,
        "stages": stages(found, on, lacks=bool(missing), paid=_paid(row)),
        "returned": row.desk == flow.APPLICANT,
        "reasons": reasons.reasons_of(found),
        "together": _together(actor, found),
        "looked_into": [one for one in found.findings if _from_others(one)] and row.is_open,
        "missing": missing,
        "may_withdraw": row.is_open
        and row.status in application.WITHDRAWABLE
        and kinds.may_withdraw(row),
        "back": _back(row, ask) if ask else None,
        "waiting_fen": 0 if row.is_open else refund_requests.waiting_of(row.id),
        "may_appeal": may_appeal,
        "appeal_until": appeals.until(refused.acted_on) if refused and may_appeal else None,
        "appeals": found.appeals,
        "decided": found.last("pass", "county") is not None or refused is not None,
        "was_returned": found.last("return") is not None,
        "approved": row.status in {Status.APPROVED, Status.FILED},
        "today": on,
    }
    return page(request, "follow", values)


def _paid(row: CaseRow) -> bool:
    """Whether the own share of the case's year is settled."""
    if row.kind == refund.KIND or row.is_open:
        return False
    owed = owing.owed([row.person_id], row.year)
    return any(one.insurance == row.insurance and one.state == State.SETTLED for one in owed)


def _back(row: CaseRow, ask: AskRow) -> dict[str, Any]:
    """Money that is given back: how much, why, to which account, and what the bank did with it."""
    last = payouts.last_results([ask.id]).get(ask.id)
    failed = row.is_open and payee.bank_could_not(row)
    sent = payouts.sent([ask.refund_id]) if ask.refund_id and row.is_open else {}
    return {
        "sent_on": next((on for on, _by in sent.values()), None),
        "came_back": last if last and last.result in payouts.NOT_PAID else None,
        "fen": row.own_fen,
        "why": case_words.refund_reason(row, ask.reason),
        "ask": ask,
        "failed": failed,
        "given": failed and last is not None and last.masked != ask.masked,
    }


def _from_others(one: following.FindingRow) -> bool:
    return one.item in words.FROM_OTHERS and one.verdict != "agrees"


def _missing(found: Followed, ask: AskRow | None) -> str:
    """The papers that must still be brought, in words."""
    if ask is not None:
        return named(refund_offers.lacking(found.case, ask, found.form, found.scans))
    lacking = next((one for one in found.findings if one.item == "papers_present"), None)
    if lacking is None or not lacking.found:
        return ""
    return named(lacking.found.split(", "))


def _together(actor: Actor, found: Followed) -> list[dict[str, Any]]:
    """Others of the household who were sent back with this case, with what is missing for each."""
    if found.case.desk != flow.APPLICANT:
        return []
    return [
        {
            "title": words.title(one.case.name, one.case.insurance, one.case.kind),
            "href": reverse("follow", args=[actor.county, one.case.id]),
            "reasons": reasons.said(one.decision),
        }
        for one in returned.together(actor, found.case, found.decisions)
        if one.case.id != found.case.id and one.case.desk == flow.APPLICANT
    ]
