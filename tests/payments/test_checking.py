"""What must never be false about money: each is found by name when it is made false, and nothing before."""

from __future__ import annotations

import io
from collections.abc import Mapping
from datetime import date
from typing import Final
from uuid import UUID

import pytest
from django.core.management import call_command
from django.db import connection, transaction
from django.utils.translation import override

import canbao.cases.checked  # noqa: F401 - adds what must hold of cases
from canbao.cases import application, merging
from canbao.kernel import clock
from canbao.payments import accounts, checking, closing, ledger
from canbao.payments.channels.cash import cancelling
from canbao.payments.channels.cash.cancelling import Sheet, Why
from canbao.payments.checking import WORDS
from canbao.payments.invariants import INVARIANTS
from canbao.payments.ledger import CREDIT, DEBIT, Booking, Side
from canbao.payments.tables import Charge, ReceiptLine
from canbao.people import merged
from canbao.people.tables import Person
from tests import small as cast
from tests.cases import refunding
from tests.cases.test_advance import at_county, take
from tests.payments import custody, money
from tests.small import Small

# How each is made false behind the back of everything that keeps it.
DAMAGE: Final[Mapping[str, str]] = {
    "entry": "UPDATE ledger_posting SET amount_fen = amount_fen + 1 WHERE side = 1",
    "entry_empty": "INSERT INTO entry SELECT gen_random_uuid(), county, kind, office_id, effective_on,"
    " booked_at, NULL, by_id FROM entry LIMIT 1",
    "account": "UPDATE account_balance SET balance_fen = balance_fen + 1",
    "negative": "UPDATE ledger_posting SET side = -side WHERE account LIKE 'cash/%'",
    "charge": "UPDATE charge SET paid_fen = 1 WHERE paid_fen > 0",
    "share": "UPDATE charge_share SET amount_fen = amount_fen + 1 WHERE kind = 'own'",
    "settled": "UPDATE charge SET state = 'open' WHERE state = 'settled'",
    "paid_twice": "UPDATE charge SET paid_fen = 2 * paid_fen",
    "cover": "UPDATE charge SET state = 'cancelled' WHERE state = 'settled'",
    "renewed": "DELETE FROM enrolment_year",
    "not_enrolled": "UPDATE enrolment SET person_id = (SELECT id FROM person ORDER BY id DESC LIMIT 1)"
    " WHERE person_id = (SELECT person_id FROM charge WHERE paid_fen > 0 ORDER BY id LIMIT 1)",
    "block": "UPDATE receipt_block SET next = next + 1",
    "block_repeat": "UPDATE receipt_cancelled SET number = (SELECT min(number) FROM receipt"
    " WHERE block_id = receipt_cancelled.block_id) WHERE receipt_id IS NULL",
    "receipt": "DELETE FROM receipt_line",
    "receipt_entry": "UPDATE receipt SET amount_fen = amount_fen + 1",
    "line": "UPDATE receipt_line SET charge_id = NULL",
    "advance": "DELETE FROM advance_turned WHERE paid_fen > 0",
    "advance_decided": "UPDATE case_file SET is_open = false",
    "refund_asked": "UPDATE refund_ask SET is_open = NOT is_open",
    "advance_turned": "UPDATE advance_turned SET back_fen = back_fen + 1",
    "cash": "UPDATE handover SET amount_fen = 1",
    "cash_receipts": "UPDATE ledger_posting SET receipt_id = NULL WHERE account LIKE 'cash/%'",
    "difference": "UPDATE cash_day SET counted_fen = counted_fen + 1 WHERE reason <> ''",
    "handover": "UPDATE cash_day SET handover_id = NULL",
    "safe": "UPDATE deposit SET amount_fen = 1",
    "transit": "UPDATE deposit SET banked_on = NULL",
    "bank": "UPDATE bank_line SET amount_fen = 1",
    "bank_back": "UPDATE bank_line SET matched_kind = 'payout_returned'",
    "bank_out": "UPDATE bank_line SET matched_kind = 'payout'",
    "finance_day": "UPDATE ledger_posting SET effective_on = effective_on + 1 WHERE account LIKE 'cash%'",
    "finance_day_after": "UPDATE ledger_posting SET id = overlay(id::text PLACING 'f' FROM 1)::uuid"
    " WHERE account = 'bank'",
    "refunds": "UPDATE refund_due SET amount_fen = 1 WHERE state = 'due'",
    "refund_open": "UPDATE refund_due SET state = 'asked' WHERE state = 'due'",
    "refund_paid": "UPDATE payout SET amount_fen = 1 WHERE result = 'paid'",
    "refund_ended": "UPDATE refund_due SET state = 'due' WHERE state = 'paid'",
    "refund_line": "UPDATE refund_due SET amount_fen = 100 * amount_fen",
    "refund_cancelled": "INSERT INTO receipt_cancelled (id, county, block_id, number, receipt_id, why,"
    " reason, by_id, by_name, cancelled_on, at) SELECT gen_random_uuid(), receipt.county, block_id,"
    " number, receipt.id, 'cancelled', 'x', collector_id, 'x', paid_on, recorded_at FROM receipt"
    " JOIN receipt_line line ON line.receipt_id = receipt.id JOIN refund_due ON receipt_line_id = line.id",
}


# What leaves every sum for the whole county as it was, by the name under which alone it is found.
QUIET: Final = (
    ("bank", "UPDATE bank_account SET insurance = '170'"),
    (
        "bank_out",
        (
            "WITH other AS (UPDATE refund_due SET insurance = '170' WHERE state = 'paid')"
            " UPDATE bank_line SET matched_kind = 'payout', amount_fen = -44000,"
            " matched_id = (SELECT id FROM payout WHERE result = 'paid')"
        ),
    ),
    ("finance_day", "UPDATE finance_day SET totals = '{}'"),
    ("refund_open", "UPDATE refund_due SET state = 'approved' WHERE state = 'due'"),
    ("refund_open", "UPDATE refund_due SET state = 'failed' WHERE state = 'due'"),
    ("refund_open", "UPDATE refund_ask SET is_open = true"),
)


@pytest.fixture
def whole(small: Small) -> Small:
    """Money of every kind, from the counter to the bank, some of it given back."""
    account = custody.account(small)
    receipts = custody.collected(small, small.chen, people=4)
    cancelling.cancel(small.chen, {receipts[1].id: "写错人"}, at=clock.now(), key=cast.key())
    block = receipts[0].block_id
    sheet = Sheet(5, Why.SPOILT, "污了")
    cancelling.account_for(small.chen, block, [sheet], at=clock.now(), key=cast.key())
    cases = at_county(small, range(60, 63), "390")
    for number, case in enumerate(cases, 6):
        assert not take(small, block, number, [case]).refused
    assert not cast.decide(small.wei, cases[:1]).refused
    versions = cast.versions(small.wei, cases[1:2])
    assert not application.withdraw(small.wei, versions, at=clock.now()).refused
    custody.close(small.chen, 6 * 44_000 + 1_000, "多 10 元")
    custody.handed(small, small.chen, 6 * 44_000 + 1_000)
    deposit = custody.paid_in(small, account, 50_000)
    custody.match(small.luo, custody.line(small, account, 50_000), deposit)
    closing.close(small.luo, "390", clock.today(), at=clock.now(), key=cast.key())
    owed = money.approved(small, 1, "170")
    money.collect(small.liu, money.block(small, small.liu, 300, 310), money.ticket(300, owed))
    return small


@pytest.fixture
def given_back(small: Small) -> Small:
    """Somebody was given the money back."""
    [source] = refunding.paid(small, [40])
    [case] = refunding.asked(small, source)
    refunding.to_payout(small, [case])
    assert not refunding.passed(small.gu, [case]).refused
    return small


def _broken_by(damage: str) -> set[str]:
    """What is found after some damage, which is undone."""
    point = transaction.savepoint()
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(damage)
        assert cursor.rowcount, damage
        cursor.execute("SET LOCAL session_replication_role = origin")
    found = {one.what for one in checking.differences()}
    transaction.savepoint_rollback(point)
    return found


def test_each_is_found_by_its_name_when_it_is_made_false(given_back: Small, whole: Small) -> None:
    assert checking.differences() == []
    for name in INVARIANTS:
        assert name in _broken_by(DAMAGE[name]), name
    assert checking.differences() == []


def test_what_leaves_the_sums_of_the_county_alone_is_found_too(
    given_back: Small, whole: Small
) -> None:
    for name, damage in QUIET:
        assert name in _broken_by(damage), damage


def test_two_entries_on_a_closed_day_that_cancel_are_found(whole: Small) -> None:
    sides = [
        Side(accounts.BANK, DEBIT, 500),
        Side(accounts.transit_of(custody.office(whole.meng)), CREDIT, 500),
    ]

    def booked_on(day: date) -> UUID:
        return ledger.book(whole.luo, [Booking("cash_banked", "390", day, sides)], clock.now())[0]

    later = clock.today() + clock.ONE_DAY
    open_day = booked_on(later)
    ledger.reverse(whole.luo, {open_day: "cash_banked"}, later, clock.now())
    assert checking.differences() == []

    closed_day = booked_on(clock.today())
    ledger.reverse(whole.luo, {closed_day: "cash_banked"}, clock.today(), clock.now())
    assert {one.what for one in checking.differences()} == {"finance_day_after"}


def test_each_has_its_words_in_both_languages(small: Small) -> None:
    assert {"advance_decided", "refund_asked"} <= set(WORDS)
    assert set(WORDS) == set(INVARIANTS)
    for name in INVARIANTS:
        said = {}
        for language in ("en", "zh-hans"):
            with override(language):
                said[language] = checking.Difference(name, "某", 1, 2).text
        assert said["en"] != said["zh-hans"], name


def test_the_command_names_what_differs_and_leaves_with_one(given_back: Small) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute("UPDATE refund_due SET amount_fen = 45000")
        cursor.execute("SET LOCAL session_replication_role = origin")
    said = io.StringIO()
    with override("en"), pytest.raises(SystemExit) as left:
        call_command("ledger", "check", stderr=said)

    assert left.value.code == 1
    assert "45000 fen to be paid once, 44000 paid out" in said.getvalue()


def test_a_person_whose_two_rows_became_one_still_agrees_with_the_book(whole: Small) -> None:
    person = ReceiptLine.here.filter(charge__state="settled").values_list("person_id", flat=True)[0]
    charged = Charge.here.values("person_id")
    stays = Person.here.exclude(id__in=charged).values_list("id", flat=True)[0]
    merged.move(merging.MOVED, person, stays)
    Person.here.filter(id=person).update(merged_into=stays)

    assert checking.differences() == []
