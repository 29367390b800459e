"""Receipts: the page of the bound phone, and the page behind the QR code; both ask whether the money is right."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, Final
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from canbao.kernel import clock, refusals
from canbao.kernel.actor import Actor
from canbao.kernel.refusal import Refused
from canbao.payments import answering, blocks, seeing, shown
from canbao.payments.answering import How
from canbao.payments.shown import LineRow, ReceiptView
from canbao.people import names, officers
from canbao.people import queries as people
from canbao.web.access import key_of, public, resident
from canbao.web.portal import words
from canbao.web.portal.frame import UNPROCESSABLE, go, page

_TOKEN: Final = re.compile(r"[A-Za-z0-9_-]{16,64}")
METHODS: Final = {"cash": _("in cash")}
_ANSWERS: Final = {"right": True, "wrong": False}


@resident
@require_http_methods(["GET", "HEAD", "POST"])
def receipt(request: HttpRequest, actor: Actor, county: str, receipt_id: UUID) -> HttpResponse:  # noqa: ARG001
    """A receipt on the bound phone: who paid what for whom, and the answer to whether it is right."""
    fault = ""
    view = seeing.see(actor, receipt_id)
    if request.method == "POST":
        fault = _answer(request, actor, receipt_id=receipt_id)
        if not fault:
            return go("receipt", receipt_id)
    values = _values(view, How.PHONE, fault)
    values["people"] = _people(view.lines, masked=False)
    return page(request, "receipt", values, status=UNPROCESSABLE if fault else 200)


@public
@require_http_methods(["GET", "HEAD", "POST"])
def receipt_in_hand(request: HttpRequest, county: str, token: str) -> HttpResponse:  # noqa: ARG001
    """What is genuine about a receipt, with masked names; whoever has it in hand may answer."""
    view = shown.receipt_by_token(token) if _TOKEN.fullmatch(token) else None
    if view is None:
        raise Refused("not_found")
    fault = ""
    if request.method == "POST":
        fault = _answer(request, officers.bearer(view.receipt.id), token=token)
        if not fault:
            return go("receipt_in_hand", token)
    values = _values(view, How.RECEIPT, fault)
    values["people"] = _people(view.lines, masked=True)
    return page(request, "receipt_in_hand", values, status=UNPROCESSABLE if fault else 200)


def _answer(
    request: HttpRequest, actor: Actor, *, receipt_id: UUID | None = None, token: str = ""
) -> str:
    """Keep the answer that was pressed; returns why not, where it was not kept."""
    said = _ANSWERS.get(request.POST.get("answer", ""))
    if said is None:
        return gettext("Say whether the money is right: press one of the two.")
    note, key, at = request.POST.get("note", ""), key_of(request, actor), clock.now()
    try:
        if receipt_id is not None:
            answering.answer(actor, receipt_id, said, note, at=at, key=key)
        else:
            answering.answer_in_hand(actor, token, said, note, at=at, key=key)
    except Refused as refused:
        return refusals.said(refused)
    return ""


def _values(view: ReceiptView, how: How, fault: str) -> dict[str, Any]:
    kept = view.answer
    open_still = view.cancelled_on is None
    return {
        "view": view,
        "number": blocks.in_places(view.receipt.number),
        "title": gettext("Receipt %(number)s") % {"number": blocks.in_places(view.receipt.number)},
        "insurance": words.SHORT[view.receipt.insurance],
        "method": METHODS.get(view.receipt.channel, view.receipt.channel),
        "official": view.receipt.block_kind == "official",
        "advance": view.receipt.kind == "advance",
        "may_say_right": open_still and answering.may_answer(kept, how, right=True),
        "may_say_wrong": open_still and answering.may_answer(kept, how, right=False),
        "fault": (fault, "#answer") if fault else None,
        "has_errors": bool(fault),
        "today": clock.today(),
        "payer": names.mask(view.receipt.payer_name),
    }


def _people(lines: Sequence[LineRow], *, masked: bool) -> list[dict[str, Any]]:
    known = people.persons([line.person_id for line in lines])
    return [
        {
            "name": names.mask(known[line.person_id].name)
            if masked
            else known[line.person_id].name,
            "year": line.year,
            "fen": line.amount_fen,
            "others_fen": line.others_fen,
        }
        for line in lines
    ]
