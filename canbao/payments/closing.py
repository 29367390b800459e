"""Finance closes the day of an insurance: what the papers say, held against the book, and a second one confirms."""

from __future__ import annotations

import datetime
import json
import secrets as randomness
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, NamedTuple
from uuid import UUID

from django.db.models import Count, F, OuterRef, Q, Subquery, Sum
from django.db.models.functions import TruncDate

from canbao.kernel import audit, canonical, clock, numbering, rows
from canbao.kernel.actor import Actor, Role
from canbao.kernel.operation import CONSTRAINTS, operation
from canbao.kernel.refusal import Refused
from canbao.kernel.taken import Outcome
from canbao.payments import payouts, refunds, writing_off
from canbao.payments.banking import agency, matched, outgoing, unmatching
from canbao.payments.banking.tables import BankLine, FinanceDay, Unmatched
from canbao.payments.channels.cash import days, queries
from canbao.payments.channels.cash.handing import ACCEPTED, OFFERED
from canbao.payments.channels.cash.tables import CashDay, Deposit, HandOver
from canbao.payments.refunds import State
from canbao.payments.tables import (
    Block,
    Cancelled,
    Entry,
    LedgerPosting,
    PayerAnswer,
    Payout,
    Receipt,
    RefundDue,
    WriteOff,
)

CONSTRAINTS["finance_day_once"] = "day_closed_already"
# What is counted on a certificate, and by which kinds of entry the book says the same.
# Kind, and whether the entry takes another one back.
IN_BOOK: Final[Mapping[str, tuple[tuple[str, bool], ...]]] = {
    "receipts": (("cash_payment", False), ("cash_advance", False)),
    "cancelled": (("cash_cancelled", True),),
    "handovers": (("cash_handover", False),),
    "deposits": (("cash_deposit", False),),
    "banked": ((unmatching.BANKED, False),),
    "unbanked": ((unmatching.BANKED, True),),
    "refunds_due": (("refund_due", False),),
    "refunds_paid": (("refund_paid", False),),
    "refunds_returned": (("refund_paid", True),),
    "refunds_written_off": (("refund_written_off", False),),
    "refunds_taken_back": ((refunds.TAKEN_BACK, True),),
}
STANDING: Final = ("hands", "safes", "transit", "bank", "owed_back")


@dataclass(frozen=True, slots=True)
class Several:
    """How many papers of a kind, and over how much together."""

    number: int
    fen: int


@dataclass(frozen=True, slots=True)
class Totals:
    """What a certificate says: movements since the day closed before, what stands where, what is still open."""

    moved: Mapping[str, Several]
    standing: Mapping[str, int]
    open: Mapping[str, Several]

    def text(self) -> str:
        """Canonical JSON, as it is kept and hashed."""
        return canonical.text(
            {
                "moved": {name: [one.number, one.fen] for name, one in self.moved.items()},
                "standing": dict(self.standing),
                "open": {name: [one.number, one.fen] for name, one in self.open.items()},
            }
        )

    @classmethod
    def read(cls, text: str) -> Totals:
        """The totals of a certificate that was kept."""
        kept = json.loads(text)
        return cls(
            {name: Several(*pair) for name, pair in kept["moved"].items()},
            kept["standing"],
            {name: Several(*pair) for name, pair in kept["open"].items()},
        )


class FinanceDayLine(NamedTuple):
    """A closed day as pages and papers show it."""

    id: UUID
    number: str
    office_name: str
    insurance: str
    day: datetime.date
    after_on: datetime.date | None
    totals: str
    totals_sha256: str
    closed_by: UUID
    closed_by_name: str
    closed_at: datetime.datetime
    confirmed_by_name: str
    confirmed_at: datetime.datetime | None


@operation
def close(actor: Actor, insurance: str, day: datetime.date, *, at: clock.Instant) -> Outcome:
    """Close the days of an insurance up to one: nothing is booked on them any more.

    Refuses `not_finance`, `not_found`, `date_in_future`, `date_long_ago`, `no_bank_account`, `day_closed_already`,
    `collectors_open`, `book_differs`. Source: DOMAIN 6 (the day's close).
    """
    if actor.role is not Role.FINANCE or actor.office_id is None:
        raise Refused("not_finance")
    if insurance not in actor.insurances:
        raise Refused("not_found")
    if day > clock.on(at):
        raise Refused("date_in_future")
    if clock.long_ago(day, clock.on(at)):
        raise Refused("date_long_ago")
    if not agency.accounts_of(frozenset({insurance})):
        raise Refused("no_bank_account")
    blocks = Block.here.filter(returned_at=None).order_by("id")
    list(blocks.select_for_update(no_key=True).values_list("id"))
    agency.hold(insurance)
    before = days.finance_closed([insurance]).get(insurance)
    if before is not None and day <= before:
        raise Refused("day_closed_already")
    waiting = queries.not_counted(insurance, day)
    if waiting:
        raise Refused("collectors_open", names=", ".join(waiting[:10]))
    totals = totals_of(insurance, before, day)
    _agree_with_book(totals, insurance, before, day)
    text = totals.text()
    serial = numbering.take(f"finance_day/{insurance}/{day.year}")[0]
    ids = rows.insert(
        FinanceDay, office_id=actor.office_id, office_name=actor.office_name, insurance=insurance,
        day=day, after_on=before, number=f"{actor.county}-RJ-{insurance}-{day.year}-{serial:04d}",
        totals=text, totals_sha256=canonical.sha256_text(text),
        token=randomness.token_urlsafe(16), closed_by=actor.id,
        closed_by_name=actor.name, closed_at=at,
    )  # fmt: skip
    audit.record(
        actor, "finance_day.closed", ids, at=at, kind="finance_day",
        facts={"day": day, "insurance": insurance, "sha256": canonical.sha256_text(text)},
    )  # fmt: skip
    return Outcome(tuple(ids))


@operation
def confirm(actor: Actor, day_id: UUID, *, at: clock.Instant) -> Outcome:
    """Confirm a closed day as a second finance officer.

    Refuses `not_finance`, `not_found`, `closed_by_yourself`, `confirmed_already`.
    """
    if actor.role is not Role.FINANCE:
        raise Refused("not_finance")
    found = (
        FinanceDay.here.filter(id=day_id, insurance__in=sorted(actor.insurances))
        .select_for_update(no_key=True)
        .values_list("closed_by", "confirmed_by")
        .first()
    )
    if found is None:
        raise Refused("not_found")
    closed_by, confirmed_by = found
    if confirmed_by is not None:
        raise Refused("confirmed_already")
    if closed_by == actor.id:
        raise Refused("closed_by_yourself")
    rows.update(
        FinanceDay, [day_id], confirmed_by=actor.id, confirmed_by_name=actor.name, confirmed_at=at
    )
    audit.record(actor, "finance_day.confirmed", [day_id], at=at, kind="finance_day")
    return Outcome((day_id,))


def totals_of(insurance: str, before: datetime.date | None, day: datetime.date) -> Totals:
    """What the papers of these days say, and where the money is after them."""
    last = (
        FinanceDay.here.filter(insurance=insurance, day=before)
        .values_list("totals", flat=True)
        .first()
        if before
        else None
    )
    start = dict.fromkeys(STANDING, 0) | dict(Totals.read(last).standing if last else {})
    moved = _moved(insurance, before, day)
    fen = {name: one.fen for name, one in moved.items()}
    standing = {
        "hands": start["hands"] + fen["receipts"] - fen["cancelled"] + fen["differences"]
        - fen["handovers"],
        "safes": start["safes"] + fen["handovers"] - fen["deposits"],
        "transit": start["transit"] + fen["deposits"] - fen["banked"] + fen["unbanked"],
        "bank": start["bank"] + fen["banked"] - fen["unbanked"] - fen["refunds_paid"]
        + fen["refunds_returned"],
        "owed_back": start["owed_back"] + fen["refunds_due"] - fen["refunds_paid"]
        + fen["refunds_returned"] - fen["refunds_written_off"] - fen["refunds_taken_back"],
    }  # fmt: skip
    return Totals(moved, standing, _open(insurance, day))


def _between(field: str, before: datetime.date | None, day: datetime.date) -> Q:
    until = Q(**{f"{field}__lte": day})
    return until & Q(**{f"{field}__gt": before}) if before else until


def _moved(insurance: str, before: datetime.date | None, day: datetime.date) -> dict[str, Several]:
    cash = Receipt.here.filter(insurance=insurance, channel="cash")
    gone = Cancelled.here.filter(receipt__insurance=insurance, receipt__channel="cash")
    slips = HandOver.here.filter(insurance=insurance, state=ACCEPTED)
    lines = BankLine.here.filter(account__insurance=insurance, matched_kind=matched.DEPOSIT)
    undone = Unmatched.here.filter(line__account__insurance=insurance, matched_kind=matched.DEPOSIT)
    different = CashDay.here.filter(insurance=insurance).exclude(entry_id=None)
    return {
        "receipts": _sum(cash.filter(_between("booked_on", before, day))),
        "cancelled": _sum(
            gone.filter(_between("receipt__booked_on", before, day)), F("receipt__amount_fen")
        ),
        "differences": _sum(
            different.filter(_between("day", before, day)), F("counted_fen") - F("expected_fen")
        ),
        "handovers": _sum(slips.filter(_between("answered_on", before, day))),
        "deposits": _sum(
            Deposit.here.filter(_between("booked_on", before, day), insurance=insurance)
        ),
        # A match that was taken back since has happened all the same, and so has taking it back.
        "banked": _together(
            _sum(lines.filter(_between("matched_on", before, day))),
            _sum(undone.filter(_between("matched_on", before, day)), F("line__amount_fen")),
        ),
        "unbanked": _sum(undone.filter(_between("undone_on", before, day)), F("line__amount_fen")),
        **_given_back(insurance, before, day),
    }


def _given_back(
    insurance: str, before: datetime.date | None, day: datetime.date
) -> dict[str, Several]:
    """Refunds that became due, were paid, came back, were written off and were taken back in these days."""
    due = RefundDue.here.filter(insurance=insurance)
    said = Payout.here.filter(_between("done_on", before, day), refund__insurance=insurance)
    dropped = WriteOff.here.filter(
        verdict=writing_off.CONFIRMED, refund__insurance=insurance
    ).annotate(on=TruncDate("decided_at", tzinfo=clock.SHANGHAI))
    reversal = Entry.here.filter(reverses=OuterRef("entry_id")).values("effective_on")[:1]
    mistaken = due.filter(state=State.TAKEN_BACK).annotate(on=Subquery(reversal))
    return {
        "refunds_due": _sum(due.filter(_between("due_on", before, day))),
        "refunds_paid": _sum(said.filter(result=payouts.PAID)),
        "refunds_returned": _sum(said.filter(result__in=payouts.NOT_PAID)),
        "refunds_written_off": _sum(
            dropped.filter(_between("on", before, day)), F("refund__amount_fen")
        ),
        "refunds_taken_back": _sum(mistaken.filter(_between("on", before, day))),
    }


def _open(insurance: str, day: datetime.date) -> dict[str, Several]:
    denied = PayerAnswer.here.filter(right=False, closed_at=None, receipt__insurance=insurance)
    lines = BankLine.here.filter(account__insurance=insurance, matched_id=None, booked_on__lte=day)
    return {
        "open_slips": _sum(HandOver.here.filter(insurance=insurance, state=OFFERED)),
        "open_deposits": _sum(Deposit.here.filter(insurance=insurance, banked_on=None)),
        "open_lines": _sum(lines.filter(amount_fen__gt=0)),
        "open_lines_out": _sum(lines.filter(amount_fen__lt=0)),
        "open_sent": _sum(RefundDue.here.filter(insurance=insurance, state=State.SENT)),
        "open_payouts": _sum(outgoing.without_line(insurance, day)),
        "open_denials": _sum(denied, F("receipt__amount_fen")),
    }


def _sum(found: Any, of: Any = "amount_fen") -> Several:
    seen = found.aggregate(number=Count("id"), fen=Sum(of))
    return Several(seen["number"], int(seen["fen"] or 0))


def _together(one: Several, other: Several) -> Several:
    return Several(one.number + other.number, one.fen + other.fen)


def _agree_with_book(
    totals: Totals, insurance: str, before: datetime.date | None, day: datetime.date
) -> None:
    """Refuse `book_differs` where the entries of these days do not say what the papers say; one statement."""
    kinds: dict[tuple[str, bool], int] = {}
    found = LedgerPosting.here.filter(
        _between("effective_on", before, day), insurance=insurance
    ).annotate(reversal=Q(entry__reverses__isnull=False))
    for one in found.values("entry__kind", "reversal").annotate(
        debit=Sum("amount_fen", filter=Q(side=1)),
        cash=Sum(F("side") * F("amount_fen"), filter=Q(account__startswith="cash/")),
    ):
        difference = one["entry__kind"] == "cash_difference"
        of = one["entry__kind"], one["reversal"]
        kinds[of] = int(one["cash" if difference else "debit"] or 0)
    book = {name: sum(kinds.get(one, 0) for one in of) for name, of in IN_BOOK.items()}
    book["differences"] = kinds.get(("cash_difference", False), 0)
    for name, fen in book.items():
        if totals.moved[name].fen != fen:
            raise Refused("book_differs", what=name)


def finance_days(insurances: frozenset[str], limit: int = 60) -> list[FinanceDayLine]:
    """Days that finance closed, the latest first; one statement."""
    found = FinanceDay.here.filter(insurance__in=sorted(insurances)).order_by("-day", "-closed_at")
    return list(map(FinanceDayLine._make, found.values_list(*FinanceDayLine._fields)[:limit]))


def finance_day(actor: Actor, day_id: UUID) -> FinanceDayLine:
    """One closed day of the actor's insurances. Refuses `not_found`."""
    found = FinanceDay.here.filter(id=day_id, insurance__in=sorted(actor.insurances))
    row = found.values_list(*FinanceDayLine._fields).first()
    if row is None:
        raise Refused("not_found")
    return FinanceDayLine._make(row)
