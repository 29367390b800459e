"""Recomputes from the book what is kept beside it: charges, personal accounts, blocks, cash, cover. Changes nothing."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from django.db.models import Count, Exists, F, OuterRef, Q, Sum
from django.db.models.functions import Coalesce

from canbao.insured.tables import AccountBalance, Cover
from canbao.payments import accounts
from canbao.payments.banking.tables import BankLine
from canbao.payments.channels.cash.handing import ACCEPTED
from canbao.payments.channels.cash.tables import CashDay, Deposit, HandOver
from canbao.payments.refunds import State
from canbao.payments.tables import (
    Block,
    Cancelled,
    Charge,
    Entry,
    LedgerPosting,
    Payout,
    Receipt,
    ReceiptLine,
    RefundDue,
)

MOST_SHOWN: Final = 1000


@dataclass(frozen=True, slots=True)
class Difference:
    """Something that is kept in two places and not the same: what, of which, as kept, and as the book says."""

    what: str
    of: str
    kept: int
    book: int


def differences() -> list[Difference]:
    """Everything in the county that does not agree; a fixed number of statements."""
    checks = (
        _entries, _charges, _personal_accounts, _blocks, _receipts, _hands, _offices, _covers,
        _refunds_waiting, _refunds_ended, _refunds_of_lines,
    )  # fmt: skip
    return [found for check in checks for found in check()]


def _signed() -> Any:
    return Sum(F("side") * F("amount_fen"))


def _entries() -> Iterator[Difference]:
    """Entries that do not balance, or have no postings."""
    crooked = LedgerPosting.here.values("entry_id").annotate(fen=_signed()).exclude(fen=0)
    for entry, fen in crooked.values_list("entry_id", "fen")[:MOST_SHOWN]:
        yield Difference("entry", str(entry), 0, int(fen))
    postings = LedgerPosting.here.filter(entry_id=OuterRef("id"))
    for entry in Entry.here.filter(~Exists(postings)).values_list("id", flat=True)[:MOST_SHOWN]:
        yield Difference("entry_empty", str(entry), 1, 0)


def _charges() -> Iterator[Difference]:
    """Charges whose paid money is not what the book says was paid for that person and year."""
    book = {
        (one["person_id"], one["insurance"], one["year"]): -int(one["fen"])
        for one in LedgerPosting.here.filter(account=accounts.PREMIUM)
        .values("person_id", "insurance", "year")
        .annotate(fen=_signed())
    }
    kept = {
        (person, insurance, year): fen
        for person, insurance, year, fen in Charge.here.exclude(paid_fen=0).values_list(
            "person_id", "insurance", "year", "paid_fen"
        )
    }
    yield from _compare("charge", kept, book)


def _personal_accounts() -> Iterator[Difference]:
    """Balances of personal accounts that their postings do not rebuild."""
    book = {
        (one["person_id"], one["sub_ledger"]): -int(one["fen"])
        for one in LedgerPosting.here.filter(account=accounts.PREMIUM)
        .exclude(sub_ledger="")
        .values("person_id", "sub_ledger")
        .annotate(fen=_signed())
    }
    kept = {
        (person, sub_ledger): fen
        for person, sub_ledger, fen in AccountBalance.here.values_list(
            "account__person_id", "sub_ledger", "balance_fen"
        )
    }
    yield from _compare("account", kept, book)


def _blocks() -> Iterator[Difference]:
    """Blocks whose next number is not the one after those accounted for, or with a number used twice."""
    receipts: dict[UUID, set[int]] = defaultdict(set)
    for block, number in Receipt.here.values_list("block_id", "number"):
        receipts[block].add(number)
    sheets: dict[UUID, set[int]] = defaultdict(set)
    without = Cancelled.here.filter(receipt=None).values_list("block_id", "number")
    for block, number in without:
        sheets[block].add(number)
    for block, label, first, following in Block.here.values_list("id", "label", "first", "next"):
        known = receipts[block] | sheets[block]
        wanted = set(range(first, following))
        if known != wanted:
            yield Difference("block", label, following - first, len(known))
        twice = receipts[block] & sheets[block]
        if twice:
            yield Difference("block_repeat", label, min(twice), len(twice))


def _receipts() -> Iterator[Difference]:
    """Receipts whose lines or entry do not add up to their amount."""
    lines = ReceiptLine.here.values("receipt_id", "receipt__amount_fen").annotate(
        fen=Sum("amount_fen")
    )
    for one in lines.exclude(fen=F("receipt__amount_fen"))[:MOST_SHOWN]:
        yield Difference(
            "receipt", str(one["receipt_id"]), one["receipt__amount_fen"], int(one["fen"])
        )
    booked = (
        LedgerPosting.here.filter(receipt_id=OuterRef("id"), entry_id=OuterRef("entry_id"), side=1)
        .values("entry_id")
        .annotate(fen=Sum("amount_fen"))
        .values("fen")
    )
    found = Receipt.here.annotate(fen=Coalesce(booked, 0)).exclude(fen=F("amount_fen"))
    for receipt, amount, fen in found.values_list("id", "amount_fen", "fen")[:MOST_SHOWN]:
        yield Difference("receipt_entry", str(receipt), amount, int(fen))


def _balances(family: str) -> dict[tuple[str, str], int]:
    found = LedgerPosting.here.filter(account__startswith=f"{family}/")
    summed = found.values("account", "insurance").annotate(fen=_signed())
    return {(one["account"], one["insurance"]): int(one["fen"]) for one in summed}


def _hands() -> Iterator[Difference]:
    """Collectors whose cash is not receipts less cancellations less hand-overs, with the differences counted."""
    kept: dict[tuple[str, str], int] = defaultdict(int)
    gone = Cancelled.here.filter(receipt_id=OuterRef("id"))
    sources = (
        (Receipt.here.filter(~Exists(gone), channel="cash"), Sum("amount_fen"), 1),
        (CashDay.here.all(), Sum(F("counted_fen") - F("expected_fen")), 1),
        (HandOver.here.filter(state=ACCEPTED), Sum("amount_fen"), -1),
    )
    for found, of, sign in sources:
        for one in found.values("collector_id", "insurance").annotate(fen=of):
            kept[accounts.cash_of(one["collector_id"]), one["insurance"]] += sign * int(one["fen"])
    yield from _compare("cash", kept, _balances(accounts.CASH))


def _offices() -> Iterator[Difference]:
    """Offices whose safe, and whose money on the way, are not what slips, deposits and the bank's lines say."""
    safe: dict[tuple[str, str], int] = defaultdict(int)
    way: dict[tuple[str, str], int] = defaultdict(int)
    taken = HandOver.here.filter(state=ACCEPTED).values("office_id", "insurance")
    for one in taken.annotate(fen=Sum("amount_fen")):
        safe[accounts.cashier_of(one["office_id"]), one["insurance"]] += int(one["fen"])
    paid = Deposit.here.values("office_id", "insurance").annotate(
        fen=Sum("amount_fen"), banked=Coalesce(Sum("amount_fen", filter=~Q(banked_on=None)), 0)
    )
    for one in paid:
        safe[accounts.cashier_of(one["office_id"]), one["insurance"]] -= int(one["fen"])
        way[accounts.transit_of(one["office_id"]), one["insurance"]] += int(
            one["fen"] - one["banked"]
        )
    yield from _compare("safe", safe, _balances(accounts.CASHIER))
    yield from _compare("transit", way, _balances(accounts.TRANSIT))
    lines = BankLine.here.filter(matched_kind="deposit").aggregate(fen=Sum("amount_fen"))
    booked = LedgerPosting.here.filter(account=accounts.BANK, entry__kind="cash_banked")
    kept, book = int(lines["fen"] or 0), int(booked.aggregate(fen=_signed())["fen"] or 0)
    if kept != book:
        yield Difference("bank", "", kept, book)


def _covers() -> Iterator[Difference]:
    """Cover that stands while the own share of its year is still open, or its charge was ended."""
    open_ = Charge.here.filter(
        person_id=OuterRef("enrolment__person_id"), insurance=OuterRef("enrolment__insurance"),
        year=OuterRef("year"), state__in=["open", "cancelled"],
    )  # fmt: skip
    found = Cover.here.filter(Exists(open_), void_at=None)
    for cover, year in found.values_list("id", "year")[:MOST_SHOWN]:
        yield Difference("cover", str(cover), year, 0)


def _refunds_waiting() -> Iterator[Difference]:
    """Insurances and years in which the book owes something else than the refunds that are neither paid nor written off."""
    open_ = RefundDue.here.exclude(state__in=[State.PAID, State.WRITTEN_OFF])
    kept = {
        (one["insurance"], one["year"]): int(one["fen"])
        for one in open_.values("insurance", "year").annotate(fen=Sum("amount_fen"))
    }
    owed = LedgerPosting.here.filter(account=accounts.REFUND_DUE)
    book = {
        (one["insurance"], one["year"]): -int(one["fen"])
        for one in owed.values("insurance", "year").annotate(fen=_signed())
    }
    yield from _compare("refunds", kept, book)


def _refunds_ended() -> Iterator[Difference]:
    """Refunds paid otherwise than once and in full, and insurances whose book paid or wrote off something else."""
    ended = RefundDue.here.filter(state__in=[State.PAID, State.WRITTEN_OFF])
    paid = dict(
        Payout.here.filter(result="paid").values_list("refund_id").annotate(fen=Sum("amount_fen"))
    )
    kept = dict(ended.filter(state=State.PAID).values_list("id", "amount_fen"))
    yield from _compare("refund_paid", kept, paid)
    by_state = {
        (one["insurance"], one["state"]): int(one["fen"])
        for one in ended.values("insurance", "state").annotate(fen=Sum("amount_fen"))
    }
    booked = LedgerPosting.here.filter(
        account=accounts.REFUND_DUE, side=1, entry__kind__in=["refund_paid", "refund_written_off"]
    )
    book = {
        (one["insurance"], one["entry__kind"].removeprefix("refund_")): int(one["fen"])
        for one in booked.values("insurance", "entry__kind").annotate(fen=Sum("amount_fen"))
    }
    yield from _compare("refund_ended", by_state, book)


def _refunds_of_lines() -> Iterator[Difference]:
    """Lines of receipts of which more is given back than they brought."""
    found = RefundDue.here.exclude(receipt_line=None)
    summed = found.values("receipt_line_id", "receipt_line__amount_fen").annotate(
        fen=Sum("amount_fen")
    )
    for one in summed.filter(fen__gt=F("receipt_line__amount_fen"))[:MOST_SHOWN]:
        yield Difference(
            "refund_line",
            str(one["receipt_line_id"]),
            one["receipt_line__amount_fen"],
            int(one["fen"]),
        )


def _compare(what: str, kept: Mapping[Any, int], book: Mapping[Any, int]) -> Iterator[Difference]:
    for key in sorted({*kept, *book}, key=str):
        if kept.get(key, 0) != book.get(key, 0):
            of = " ".join(map(str, key)) if isinstance(key, tuple) else str(key)
            yield Difference(what, of, kept.get(key, 0), book.get(key, 0))


def counted() -> dict[str, int]:
    """How much was looked at: entries, receipts, charges and blocks; four statements."""
    tables = {"entries": Entry, "receipts": Receipt, "charges": Charge, "blocks": Block}
    return {name: int(table.here.aggregate(n=Count("id"))["n"]) for name, table in tables.items()}
