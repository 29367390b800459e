"""The book: what does not balance, comes in pieces or is changed afterwards is refused by the database."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, transaction
from django.db.utils import InternalError

from canbao.kernel import clock, rows
from canbao.kernel.ids import new_id
from canbao.kernel.refusal import Refused
from canbao.payments import ledger
from canbao.payments.ledger import CREDIT, DEBIT, Booking, Side
from canbao.payments.tables import Entry, LedgerPosting
from tests.small import Small


def booking(fen: int = 100, other: int = 100) -> Booking:
    sides = [Side("cash/a", DEBIT, fen), Side("premium", CREDIT, other, year=2027)]
    return Booking("cash_payment", "390", clock.today(), sides)


def test_an_entry_that_does_not_balance_is_refused_here_and_by_the_database(small: Small) -> None:
    with pytest.raises(ValueError, match="does not balance"):
        ledger.book(small.chen, [booking(100, 99)], clock.now())

    entry = ledger.book(small.chen, [booking()], clock.now())[0]
    for side in (1, -1):
        with pytest.raises(IntegrityError), transaction.atomic():
            rows.insert(
                LedgerPosting, entry_id=entry, account="cash/a", insurance="390", side=[side],
                amount_fen=1, effective_on=clock.today(),
            )  # fmt: skip


def test_postings_of_an_entry_arrive_together(small: Small) -> None:
    entry = ledger.book(small.chen, [booking()], clock.now())[0]

    with pytest.raises(IntegrityError, match="has postings already"), transaction.atomic():
        rows.insert(
            LedgerPosting, entry_id=entry, account=["cash/a", "premium"], insurance="390",
            side=[1, -1], amount_fen=1, effective_on=clock.today(),
        )  # fmt: skip


def test_what_is_written_is_neither_changed_nor_deleted(small: Small) -> None:
    entry = ledger.book(small.chen, [booking()], clock.now())[0]

    for table in (Entry, LedgerPosting):
        with pytest.raises((InternalError, IntegrityError)), transaction.atomic():
            table.here.filter(county=small.chen.county).update(id=new_id())
    assert Entry.here.get().id == entry


def test_an_entry_is_taken_back_once_and_the_balance_is_nothing(small: Small) -> None:
    entry = ledger.book(small.chen, [booking()], clock.now())[0]

    ledger.reverse(small.chen, {entry: "cash_payment_reversed"}, clock.today(), clock.now())

    assert set(ledger.balances(["cash/a", "premium"]).values()) == {0}
    with pytest.raises((IntegrityError, Refused)), transaction.atomic():
        ledger.reverse(small.chen, {entry: "cash_payment_reversed"}, clock.today(), clock.now())
