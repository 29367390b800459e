"""The receipt on paper: on an office's preprinted number, or as canbao's own acknowledgement."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final
from uuid import UUID

from django.conf import settings
from django.utils.translation import gettext, override

from canbao.insured import queries as insured
from canbao.kernel import clock, county, office
from canbao.kernel import money as money_text
from canbao.kernel.actor import Actor
from canbao.kernel.queries import county_name, regions
from canbao.papers import render
from canbao.papers.forms import Desk, FormSheet, Opinion
from canbao.papers.seals import Seal
from canbao.payments import blocks, printing, seeing, shown
from canbao.payments.shown import ReceiptView
from canbao.people import queries as people
from canbao.policy import published
from canbao.policy import words as said

FORMS: Final = {
    blocks.Kind.OFFICIAL: "receipt",
    blocks.Kind.ACKNOWLEDGEMENT: "acknowledgement",
}


def token_url(token: str) -> str:
    """What the QR of a receipt carries: a random token, and nothing of the payer."""
    return f"{settings.CANBAO_ADDRESS}/{county.current()}/receipt/{token}"


def pdf(actor: Actor, receipt_id: UUID, *, at: clock.Instant, language: str = "zh-hans") -> bytes:
    """A receipt as PDF/A; from the second print on it says 补打. Refuses `not_found`."""
    view = seeing.see(actor, receipt_id)
    again = int(printing.count(actor, receipt_id, at=at).made["print"]) > 1
    with override(language):
        return render.pdf(sheet(view, again=again, language=language))


def sheet(view: ReceiptView, *, again: bool, language: str) -> FormSheet:
    """What is printed, from what is stored."""
    one = view.receipt
    covered = _covered(view)
    return FormSheet(
        kind=FORMS[blocks.Kind(one.block_kind)],
        version=1,
        number=blocks.in_places(one.number),
        token_url=token_url(one.token),
        fields={
            "county_name": county_name(county.current()) or "",
            "county_code": county.current(),
            "block": one.label,
            "issuer_name": one.issuer_name if one.block_kind == blocks.Kind.OFFICIAL else "",
            "paid_on": one.paid_on.isoformat(),
            "household": _household(view),
            "payer_name": one.payer_name,
            "way": one.channel,
            "kind": one.kind,
            "amount_fen": str(one.amount_fen),
            "amount_capitals": money_text.in_capitals(one.amount_fen),
            "cover_from_on": covered[0],
            "cover_to_on": covered[1],
            "collector_name": one.collector_name,
            "office_name": one.office_name,
            "tax_number": view.tax_number,
            "cancelled_on": view.cancelled_on.isoformat() if view.cancelled_on else "",
        },
        rows=_rows(view),
        opinions=_charging(view),
        reprint=again,
        language=language,
    )


def _charging(view: ReceiptView) -> list[Opinion]:
    """The charging seal that was struck on the sheets of the block."""
    one = view.receipt
    seal = office.seals([one.seal_id]).get(one.seal_id) if one.seal_id else None
    if seal is None:
        return []
    struck = Seal(seal.name, seal.purpose)
    return [Opinion(Desk.FINANCE, office_name=one.issuer_name, on=one.paid_on, seal=struck)]


def _rows(view: ReceiptView) -> list[dict[str, str]]:
    """The persons on the receipt, then those of the household for whom somebody else pays."""
    paid_for = shown.paid_for(view.receipt, [line.year for line in view.lines][:1])
    persons = [*(line.person_id for line in view.lines), *(row.person_id for row in paid_for)]
    names, masked = people.persons(persons), people.masked_of(persons)
    insurance = said.INSURANCES[view.receipt.insurance]
    lines = [
        (one.person_id, one.year, one.level, one.due_fen, one.others_fen, one.amount_fen)
        for one in view.lines
    ]
    lines += [(row.person_id, row.year, row.level, 0, row.help_fen, 0) for row in paid_for]
    levels = _levels(
        view.receipt.insurance, sorted({(year, level) for _, year, level, *_ in lines})
    )
    return [
        {
            "name": names[person].name,
            "id_number": masked.get(person, ""),
            "insurance": gettext("%(insurance)s %(year)s") % {"insurance": insurance, "year": year},
            "level": levels[year, level],
            "due_fen": str(due + others),
            "others_fen": str(others),
            "amount_fen": str(fen),
        }
        for person, year, level, due, others, fen in lines
    ]


def _levels(insurance: str, wanted: Sequence[tuple[int, str]]) -> dict[tuple[int, str], str]:
    rules = {year: published.rules(insurance, year) for year in {year for year, _ in wanted}}
    return {
        (year, code): said.in_language(rules[year].definitions[code].name)
        if code in rules[year].definitions
        else code
        for year, code in wanted
    }


def _covered(view: ReceiptView) -> tuple[str, str]:
    """From when to when the payment covers, where it is the same for everybody on the receipt."""
    found = insured.covers([line.person_id for line in view.lines], view.receipt.insurance)
    days = {
        (one.from_on, one.last_on)
        for one in found
        if any((line.person_id, line.year) == (one.person_id, one.year) for line in view.lines)
    }
    if len(days) != 1 or view.cancelled_on:
        return "", ""
    first, last = days.pop()
    return said.day(first), said.day(last)


def _household(view: ReceiptView) -> str:
    one = view.receipt
    place = next((region.name for region in regions([one.village])), one.village)
    return f"{place} {one.household_number}".strip()
