"""A person's own record: paid years, receipts, cover and why, the pension account of any day, money to come back."""

from __future__ import annotations

import datetime
import re
from collections.abc import Sequence
from typing import Any, Final
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils.translation import get_language, gettext
from django.views.decorators.http import require_safe

from canbao.cases import refund_offers
from canbao.insured import certificates
from canbao.insured import queries as insured
from canbao.insured.queries import CoverRow
from canbao.kernel import clock
from canbao.kernel.actor import Actor
from canbao.kernel.refusal import Refused
from canbao.payments import blocks, queries, records, refunds, shown, statements
from canbao.payments import words as paid
from canbao.payments.charges import State
from canbao.payments.statements import StatementLine
from canbao.people import households, names
from canbao.people import queries as people
from canbao.people.households import Member
from canbao.policy import words as said
from canbao.policy.rules import trace
from canbao.web.access import public, resident
from canbao.web.portal import words
from canbao.web.portal.frame import page
from canbao.web.receipts import pdf
from canbao.web.theme.format import day, money

PENSION: Final = "170"
_TOKEN: Final = re.compile(r"[A-Za-z0-9_-]{16,64}")


@resident
@require_safe
def record(request: HttpRequest, actor: Actor, county: str) -> HttpResponse:  # noqa: ARG001
    """Years, cover, receipts and refunds of the bound person, or of one of the own household."""
    family, who = _who(request, actor)
    if who is None:
        return page(request, "record", {"who": None})
    receipts = shown.receipts_for([who.person_id])
    ids = [one.id for one in receipts]
    covers = insured.covers([who.person_id])
    cancelled, answered = shown.cancelled_of(ids), shown.answers_of(ids)
    dues = refunds.due_to([who.person_id])
    why = refund_offers.reason_names(dues)
    values = {
        "who": who,
        "who_query": f"?who={who.person_id}",
        "family": [one for one in family if one.person_id != who.person_id],
        "years": _years(who.person_id, covers),
        "covers": [
            {
                "row": one,
                "insurance": words.SHORT[one.insurance],
                "why": said.cover(trace.read_cover(one.why)),
            }
            for one in covers
        ],
        "receipts": [
            {
                "row": one,
                "title": gettext("Receipt %(number)s") % {"number": blocks.in_places(one.number)},
                "about": gettext("%(on)s, %(insurance)s, %(sum)s")
                % {
                    "on": day(one.paid_on),
                    "insurance": words.SHORT[one.insurance],
                    "sum": money(one.amount_fen),
                },
                "cancelled": one.id in cancelled,
                "asks": one.id not in answered and one.id not in cancelled,
                "wrong": one.id in answered and not answered[one.id].right,
            }
            for one in receipts
        ],
        "refunds": [
            {
                "row": one,
                "insurance": words.SHORT[one.insurance],
                "reason": why[one.id],
                "state": paid.state(one.state),
            }
            for one in dues
        ],
        "account": insured.account_of(who.person_id),
    }
    return page(request, "record", values)


@resident
@require_safe
def account(request: HttpRequest, actor: Actor, county: str) -> HttpResponse:  # noqa: ARG001
    """The pension account: every entry, its sub-ledgers, its balance on any past day, what others owe."""
    _family, who = _who(request, actor)
    held = insured.account_of(who.person_id) if who else None
    if who is None or held is None:
        raise Refused("not_found")
    until, fault = _until(request)
    found = statements.lines(who.person_id, until)
    sums = statements.balances(found)
    values = {
        "who": who,
        "who_query": f"?who={who.person_id}",
        "account": held,
        "until": until,
        "fault": (fault, "#until") if fault else None,
        "has_errors": bool(fault),
        "lines": [_line(one) for one in reversed(found)],
        "sums": [(paid.sub_ledger(code), fen) for code, fen in sums.items()],
        "balance_fen": sum(sums.values()),
        "owed": [
            {"year": one.year, "payer": paid.sub_ledger(one.sub_ledger), "fen": one.fen}
            for one in statements.owed_by_others(who.person_id)
        ],
    }
    return page(request, "account", values)


@resident
@require_safe
def statement_pdf(request: HttpRequest, actor: Actor, county: str) -> HttpResponse:  # noqa: ARG001
    """The statement of the account up to a day, to print."""
    _family, who = _who(request, actor)
    if who is None:
        raise Refused("not_found")
    until, _fault = _until(request)
    language = get_language() or "zh-hans"
    made = records.statement_pdf(actor, who.person_id, until, at=clock.now(), language=language)
    return pdf(made, "statement.pdf")


@resident
@require_safe
def certificate_pdf(
    request: HttpRequest, actor: Actor, county: str, cover: UUID  # noqa: ARG001
) -> HttpResponse:  # fmt: skip
    """A certificate of a cover of the own household, to print; each gets its own number."""
    family, _chosen = _who(request, actor)
    found = insured.covers([one.person_id for one in family])
    row = next((one for one in found if one.id == cover), None)
    if row is None:
        raise Refused("not_found")
    language = get_language() or "zh-hans"
    made = records.certificate_pdf(actor, row, at=clock.now(), language=language)
    return pdf(made, "certificate.pdf")


@public
@require_safe
def certificate(request: HttpRequest, county: str, token: str) -> HttpResponse:  # noqa: ARG001
    """What is genuine about a certificate of cover, with a masked name, and whether it still holds."""
    row = certificates.by_token(token) if _TOKEN.fullmatch(token) else None
    if row is None:
        raise Refused("not_found")
    person = people.persons([row.person_id])[row.person_id]
    values = {
        "row": row,
        "insurance": said.INSURANCES[row.insurance],
        "name": names.mask(person.name),
        "holds": row.void_at is None,
        "now": row.void_at is None and row.from_on <= clock.today() < row.to_on,
        "today": clock.today(),
    }
    return page(request, "certificate", values)


def _who(request: HttpRequest, actor: Actor) -> tuple[list[Member], Member | None]:
    """The own household, and whom the address names of it; the bound person where it names nobody.

    Whose application no county has approved yet belongs to no household, and still has a record.
    """
    family = (households.of(actor.person_id) or _alone(actor.person_id)) if actor.person_id else []
    wanted = request.GET.get("who", "") or str(actor.person_id)
    own = next((one for one in family if str(one.person_id) == wanted), None)
    if family and own is None:
        raise Refused("not_found")
    return family, own


def _alone(person_id: UUID) -> list[Member]:
    one = people.persons([person_id])[person_id]
    return [Member(person_id, one.name, "", one.birth_on, frozenset())]


def _years(person_id: UUID, covers: Sequence[CoverRow]) -> list[dict[str, Any]]:
    """The years a person was enrolled for, each with how it was paid.

    A year of the time before this house has no charge; its cover shows that it was paid.
    """
    charges = {(one.insurance, one.year): one for one in queries.owed([person_id])}
    covered = {(one.insurance, one.year) for one in covers}
    found = []
    for one in insured.years_of(person_id):
        charge = charges.get((one.insurance, one.year))
        settled = charge.state == State.SETTLED if charge else (one.insurance, one.year) in covered
        found.append(
            {
                "year": one.year,
                "insurance": words.SHORT[one.insurance],
                "fen": one.own_fen,
                "state": "unpaid" if not settled else "paid" if one.own_fen else "paid_for",
                "on": charge.settled_on if charge else None,
            }
        )
    return found


def _line(one: StatementLine) -> dict[str, Any]:
    return {
        "on": one.on,
        "text": paid.entry(one.kind, one.sub_ledger),
        "year": one.year,
        "number": blocks.in_places(one.receipt_number) if one.receipt_number else "",
        "fen": one.fen,
        "balance_fen": one.balance_fen,
    }


def _until(request: HttpRequest) -> tuple[datetime.date, str]:
    """The day of the balance: as typed, never in the future; today where it cannot be read."""
    typed, today = request.GET.get("until", "").strip(), clock.today()
    if not typed:
        return today, ""
    try:
        until = datetime.date.fromisoformat(typed.replace("/", "-").replace(".", "-"))
    except ValueError:
        return today, gettext("Write the day as 2026-03-31.")
    if until > today:
        return today, gettext("This day lies ahead. Choose today or a day before.")
    return until, ""
