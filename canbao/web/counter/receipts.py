"""One receipt at the counter: what was paid, again after a second press, and taking it back."""

from __future__ import annotations

import datetime
from typing import Final
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext

from canbao.kernel import clock, refusals
from canbao.kernel.actor import Actor, Role
from canbao.kernel.refusal import Refused
from canbao.payments import blocks, printing, receipts
from canbao.payments.channels.cash import cancelling, days, queries
from canbao.payments.receipts import ReceiptRow, ReceiptView
from canbao.payments.receiving import Kind
from canbao.web.access import key_of, officer
from canbao.web.counter import words
from canbao.web.desk import acts
from canbao.web.desk.frame import frame
from canbao.web.theme import format as say
from canbao.web.theme.pieces import Column, Row

COLLECTORS: Final = (Role.VILLAGE, Role.TOWNSHIP)
# Where those stand who do not collect.
NAVIGATION: Final = {Role.FINANCE: "finance", Role.COUNTY: "money_lists"}


@officer(Role.VILLAGE, Role.TOWNSHIP, Role.FINANCE, Role.COUNTY)
def receipt(request: HttpRequest, actor: Actor, county: str, receipt_id: UUID) -> HttpResponse:
    """A receipt, with what to do now; the collector of the day and finance may cancel it, the county reads it."""
    view = receipts.receipt(actor, receipt_id)
    if request.method == "POST" and actor.role is Role.COUNTY:
        raise Refused("not_found")
    fault = ""
    if request.method == "POST":
        fault = _cancelled(request, actor, receipt_id)
        if not fault:
            target = reverse("cash_receipt", args=[county, receipt_id])
            return HttpResponseRedirect(target, status=303)
    finance = actor.role is Role.FINANCE
    collects = actor.role in COLLECTORS
    mine, again = view.row.collector_id == actor.id, request.GET.get("again") == "1"
    held = queries.in_hands(actor.insurances, collector_id=actor.id) if collects else []
    values = {
        "view": view,
        "number": words.number(view.row.number),
        "insurance": words.insurance(view.row.insurance),
        "rows": _rows(view),
        "columns": [
            Column(gettext("Person")), Column(gettext("Year")), Column(gettext("Amount"), "number"),
        ],
        "collects": collects,
        "ago": say.ago(view.row.recorded_at, clock.now(), today=clock.today()),
        "unused": _unused(actor, view) if again and mine else "",
        "in_hand": sum(one.fen for one in held),
        "advance": view.row.kind == Kind.ADVANCE,
        "slip_url": reverse("money_slip", args=[county, receipt_id])
        if mine and view.right is None and view.cancelled is None and collects
        else "",
        "printed": printing.times_printed(receipt_id),
        "again": again,
        "done": request.GET.get("done") == "1",
        "may_cancel": view.cancelled is None
        and (finance or (mine and _still_open(view.row))),
        "reason": request.POST.get("reason", ""),
        "fault": fault,
        "has_errors": bool(fault),
        **frame(request, actor, NAVIGATION.get(actor.role, "cash")),
    }  # fmt: skip
    return render(request, "counter/receipt.html", values, status=422 if fault else 200)


def _cancelled(request: HttpRequest, actor: Actor, receipt_id: UUID) -> str:
    """Take it back; the sentence of what is in the way, or nothing."""
    reason = request.POST.get("reason", "").replace("\0", "")
    try:
        outcome = cancelling.cancel(
            actor, {receipt_id: reason}, at=clock.now(), key=key_of(request, actor)
        )
    except Refused as refused:
        if refused.code in {"not_found", "page_too_old"}:
            raise
        return refusals.said(refused)
    refusal = outcome.refused.get(receipt_id)
    return acts.sentence_of(refusal.code, refusal.facts) if refusal else ""


def _still_open(row: ReceiptRow) -> bool:
    """Whether the receipt is of today and its day is not closed yet."""
    if row.booked_on != clock.today():
        return False
    until = days.closed_until([row.collector_id], [row.insurance])
    return row.booked_on > until.get((row.collector_id, row.insurance), datetime.date.min)


def _unused(actor: Actor, view: ReceiptView) -> str:
    """The next number of the collector's block, which the second press did not use."""
    held = [one for one in blocks.held_by(actor.id) if one.id == view.row.block_id]
    return words.number(held[0].next) if held else ""


def _rows(view: ReceiptView) -> list[Row]:
    row, today = view.row, clock.today()
    rows = [
        Row(key=gettext("Amount"), value=say.money(row.amount_fen, exact=True)),
        Row(key=gettext("Paid by"), value=row.payer_name),
        Row(key=gettext("Taken by"), value=row.collector_name),
        Row(key=gettext("Recorded"), value=say.moment(row.recorded_at, today=today, seconds=True)),
        Row(key=gettext("Block"), value=row.block__label),
    ]
    if row.given_fen:
        rows.insert(1, Row(key=gettext("Cash given"), value=say.money(row.given_fen, exact=True)))
    if row.from_paper:
        rows.append(Row(key=gettext("On the paper"), value=say.day(row.paid_on, today=today)))
    if row.booked_on != row.paid_on:
        rows.append(Row(key=gettext("In the cash of"), value=say.day(row.booked_on, today=today)))
    answer = {
        None: gettext("not yet"),
        True: gettext("says it is right"),
        False: gettext("no, denied"),
    }
    if view.cancelled is None or view.right is not None:
        rows.append(Row(key=gettext("Payer says it is right"), value=answer[view.right]))
    return rows
