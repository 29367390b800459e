"""The page behind the QR of a hand-over slip or a day's certificate: what stands in the book about it."""

from __future__ import annotations

import re
from typing import Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from canbao.kernel import clock
from canbao.kernel.refusal import Refused
from canbao.payments import verifying
from canbao.payments.verifying import Certificate, Slip
from canbao.web.access import public
from canbao.web.counter import words
from canbao.web.theme import format as say
from canbao.web.theme.pieces import Row

_TOKEN: Final = re.compile(r"[A-Za-z0-9_-]{16,64}")


@public
@require_safe
def cash_paper(request: HttpRequest, county: str, token: str) -> HttpResponse:
    """Number, offices, officers, dates and sum of a genuine paper; payers stand on none of them."""
    del county
    known = _TOKEN.fullmatch(token)
    slip = verifying.slip(token) if known else None
    certificate = verifying.certificate(token) if known and slip is None else None
    if slip is not None:
        sound, paper, rows = slip.sound, gettext("Hand-over slip"), _slip(slip)
        compare = gettext("Compare number and sum with the paper in your hand.")
    elif certificate is not None:
        sound, paper = certificate.sound, gettext("Certificate of a closed day")
        rows = _certificate(certificate)
        compare = gettext(
            "Compare number, day and the fingerprint of the totals with the paper in your hand."
        )
    else:
        raise Refused("not_found")
    values = {
        "sound": sound,
        "paper": paper,
        "rows": rows,
        "compare": compare,
        "today": clock.today(),
    }
    return render(request, "counter/genuine.html", values)


def _slip(slip: Slip) -> list[Row]:
    said, _colour = words.SLIPS[slip.state]
    rows = [
        Row(key=gettext("Number"), value=slip.number),
        Row(key=gettext("Insurance"), value=words.insurance(slip.insurance)),
        Row(key=gettext("Amount"), value=say.money(slip.amount_fen, exact=True)),
        Row(key=gettext("Handed over by"), value=say.facts(slip.from_name, slip.from_office)),
        Row(key=gettext("Signed on"), value=say.day(slip.offered_on)),
        Row(key=gettext("To"), value=slip.to_office),
        Row(key=gettext("State"), value=said),
    ]
    if slip.answered_on is not None:
        answered = say.facts(slip.answered_by, say.day(slip.answered_on))
        rows.append(Row(key=gettext("Answered by"), value=answered))
    return rows


def _certificate(one: Certificate) -> list[Row]:
    return [
        Row(key=gettext("Number"), value=one.number),
        Row(key=gettext("Insurance"), value=words.insurance(one.insurance)),
        Row(key=gettext("Office"), value=one.office),
        Row(key=gettext("Closed up to"), value=say.day(one.day)),
        Row(key=gettext("Closed by"), value=one.closed_by),
        Row(key=gettext("Confirmed by"), value=one.confirmed_by or gettext("not yet")),
        Row(key=gettext("Fingerprint of the totals"), value=verifying.in_groups(one.sha256)),
    ]
