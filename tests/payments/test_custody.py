"""Cash from the collector's hand to the bank: every step counted, signed and booked, and nobody checks oneself."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID

import pytest
from django.db import IntegrityError, transaction
from django.db.utils import InternalError

from canbao.kernel import clock, statements
from canbao.kernel.actor import Actor, Role
from canbao.kernel.ids import new_id
from canbao.kernel.refusal import Refused
from canbao.payments import accounts, closing, ledger
from canbao.payments.banking import agency, lines, unmatching
from canbao.payments.banking.agency import Given
from canbao.payments.banking.lines import Line
from canbao.payments.channels.cash import (
    cancelling,
    collecting,
    days,
    depositing,
    handing,
    matching,
)
from canbao.payments.channels.cash.tables import CashDay, Deposit, HandOver
from canbao.payments.tables import Receipt
from tests import small as cast
from tests.payments import custody, money
from tests.small import Small


def refused(act: Callable[[], object]) -> str:
    with pytest.raises(Refused) as found:
        act()
    return found.value.code


def test_counted_notes_close_the_day_and_it_takes_no_more_money(small: Small) -> None:
    owed = money.approved(small, 2)
    block = money.block(small, small.chen)
    money.collect(small.chen, block, money.ticket(1, owed[:1]))

    assert not custody.close(small.chen, 44_000).refused

    day = CashDay.here.get()
    assert (day.receipts, day.expected_fen, day.counted_fen, day.reason) == (1, 44_000, 44_000, "")
    assert (
        custody.code(money.collect(small.chen, block, money.ticket(2, owed[1:]))) == "today_closed"
    )
    assert refused(lambda: custody.close(small.chen, 0)) == "day_closed_already"
    assert Receipt.here.count() == 1


def test_the_database_too_takes_no_cash_into_a_closed_day(
    small: Small, monkeypatch: pytest.MonkeyPatch
) -> None:
    owed = money.approved(small, 2)
    block = money.block(small, small.chen)
    money.collect(small.chen, block, money.ticket(1, owed[:1]))
    custody.close(small.chen, 44_000)
    monkeypatch.setattr(days, "closed_until", lambda *_: {})

    with pytest.raises(Refused, match="day_closed_already"):
        money.collect(small.chen, block, money.ticket(2, owed[1:]))


@pytest.mark.parametrize(("counted", "balance"), [(43_000, 1_000), (45_000, -1_000)])
def test_a_difference_needs_a_reason_is_booked_and_stays_visible(
    small: Small, counted: int, balance: int
) -> None:
    custody.collected(small, small.chen)

    assert refused(lambda: custody.close(small.chen, counted)) == "difference_needs_reason"
    custody.close(small.chen, counted, "找错了零钱")

    held = ledger.balances([accounts.cash_of(small.chen.id), accounts.difference_of(small.chen.id)])
    assert held == {
        (accounts.cash_of(small.chen.id), "390"): counted,
        (accounts.difference_of(small.chen.id), "390"): balance,
    }
    day = CashDay.here.get()
    assert (day.expected_fen, day.counted_fen, day.reason) == (44_000, counted, "找错了零钱")
    with pytest.raises((InternalError, IntegrityError)), transaction.atomic():
        CashDay.here.filter(id=day.id).update(counted_fen=44_000)


def test_what_cannot_be_counted_is_refused(small: Small) -> None:
    custody.collected(small, small.chen)

    def close(notes: dict[int, int], insurance: str = "390", ahead: int = 0) -> str:
        day = clock.today() + timedelta(days=ahead)
        return refused(lambda: days.close(small.chen, insurance, day, notes, at=clock.now()))

    assert close({10_000: -1}) == close({7_000: 1}) == "notes_unclear"
    assert close({10_000: 4, 2_000: 2}, ahead=1) == "date_in_future"
    assert close({}, insurance="170") == "nothing_to_close"
    assert close({}, insurance="310") == "not_found"
    assert refused(lambda: days.close(small.luo, "390", clock.today(), {}, at=clock.now())) == (
        "not_collector"
    )


def test_papers_written_without_a_network_are_entered_the_next_day(small: Small) -> None:
    owed = money.approved(small, 4)
    block = money.block(small, small.chen)
    today = clock.today()
    tomorrow = custody.later(1)

    def enter(number: int, paid_on: date | None = None, *, into_today: bool = False) -> str:
        ticket = money.ticket(number, [owed[number - 1]], paid_on=paid_on)
        ticket = replace(ticket, into_today=into_today)
        outcome = collecting.collect(small.chen, block, [ticket], at=tomorrow, key=cast.key())
        return custody.code(outcome)

    assert enter(1, paid_on=today - timedelta(days=1)) == "paper_before_block"
    assert enter(1, paid_on=today) == ""
    custody.close(small.chen, 44_000, day=today, after=1)
    assert enter(2, paid_on=today) == "day_closed"
    assert enter(2, paid_on=today, into_today=True) == ""
    late = Receipt.here.get(number=2)
    assert (late.paid_on, late.booked_on, late.from_paper) == (today, clock.on(tomorrow), True)
    assert enter(3) == ""
    assert enter(4, paid_on=today, into_today=True) == "paper_out_of_order"

    custody.close(small.chen, 88_000, day=clock.on(tomorrow), after=1)
    assert [(one.expected_fen, one.oldest_on) for one in CashDay.here.order_by("day")] == [
        (44_000, today), (88_000, today),
    ]  # fmt: skip


def test_a_slip_carries_the_closed_days_and_two_people_sign_it(small: Small) -> None:
    custody.collected(small, small.chen)
    assert refused(lambda: handing.offer(small.chen, "390", at=clock.now())) == (
        "nothing_to_hand_over"
    )
    custody.close(small.chen, 44_000)
    slip = handing.offer(small.chen, "390", at=clock.now(), key=cast.key()).done[0]

    def accept(actor: Actor, fen: int = 44_000) -> str:
        return refused(lambda: handing.accept(actor, slip, fen, at=clock.now(), key=cast.key()))

    assert accept(small.chen) == "not_cashier"
    assert accept(small.ren) == "not_found"
    assert accept(small.meng, 43_000) == "counted_differs"
    handing.accept(small.meng, slip, 44_000, at=clock.now(), key=cast.key())
    assert accept(small.meng) == "slip_answered_already"

    row = HandOver.here.get()
    assert (row.collector_name, row.answered_by_name, row.amount_fen) == (
        "陈秋生",
        "孟庆华",
        44_000,
    )
    assert row.office_id == small.meng.office_id
    held = ledger.balances([accounts.cash_of(small.chen.id), accounts.cashier_of(row.office_id)])
    assert set(held.values()) == {0, 44_000}


def test_cash_handed_over_later_is_not_missed_when_the_next_day_is_counted(small: Small) -> None:
    owed = money.approved(small, 2)
    block = money.block(small, small.chen)
    money.collect(small.chen, block, money.ticket(1, owed[:1]))
    custody.close(small.chen, 44_000)
    slip = handing.offer(small.chen, "390", at=clock.now()).done[0]
    handing.accept(small.meng, slip, 44_000, at=custody.later(1))
    ticket = money.ticket(2, owed[1:])
    collecting.collect(small.chen, block, [ticket], at=custody.later(1), key=cast.key())

    custody.close(small.chen, 44_000, day=clock.today() + timedelta(days=1), after=1)

    assert {one.expected_fen for one in CashDay.here.all()} == {44_000}


def test_a_refused_slip_gives_its_days_back_and_the_next_one_carries_them(small: Small) -> None:
    custody.collected(small, small.chen)
    custody.close(small.chen, 44_000)
    slip = handing.offer(small.chen, "390", at=clock.now()).done[0]

    assert refused(lambda: handing.refuse(small.meng, slip, " ", at=clock.now())) == "say_why"
    handing.refuse(small.meng, slip, "少一张", at=clock.now())

    again = handing.offer(small.chen, "390", at=clock.now()).done[0]
    assert HandOver.here.get(id=again).amount_fen == 44_000
    assert HandOver.here.get(id=slip).reason == "少一张"


def test_who_collects_at_the_township_does_not_take_the_own_cash_over(small: Small) -> None:
    custody.collected(small, small.meng)
    custody.close(small.meng, 44_000)
    slip = handing.offer(small.meng, "390", at=clock.now()).done[0]
    colleague = replace(small.meng, id=small.ren.id, name="同事")

    assert refused(lambda: handing.accept(small.meng, slip, 44_000, at=clock.now())) == "own_cash"
    assert not handing.accept(colleague, slip, 44_000, at=clock.now()).refused


def test_a_deposit_takes_no_more_than_is_in_the_safe(small: Small) -> None:
    account = custody.account(small)
    custody.collected(small, small.chen)
    custody.close(small.chen, 44_000)
    custody.handed(small, small.chen, 44_000)

    def pay_in(fen: int, slip: str = "A1", ahead: int = 0, actor: Actor = small.meng) -> str:
        day = clock.today() + timedelta(days=ahead)
        return refused(lambda: depositing.pay_in(actor, account, slip, fen, day, at=clock.now()))

    assert pay_in(44_001) == "more_than_in_safe"
    assert pay_in(0) == "amount_unclear"
    assert pay_in(44_000, "") == "slip_number_missing"
    assert pay_in(44_000, ahead=1) == "date_in_future"
    assert pay_in(44_000, actor=small.chen) == "not_cashier"
    assert pay_in(44_000, actor=small.ren) == "more_than_in_safe"
    custody.paid_in(small, account, 40_000, "A1")
    assert pay_in(4_000, "A1") == "slip_number_known"
    custody.paid_in(small, account, 4_000, "A2")
    assert Deposit.here.count() == 2


def test_finance_finds_the_deposit_in_the_banks_lines(small: Small) -> None:
    account, deposit = _deposited(small)
    line = custody.line(small, account, 44_000)
    other = custody.line(small, account, 43_000, "B2")

    assert custody.code(custody.match(small.cai, line, deposit)) == "not_found"
    assert custody.code(custody.match(small.luo, other, deposit)) == "line_differs"
    assert custody.match(small.luo, line, deposit).done == (line,)
    assert custody.code(custody.match(small.gu, line, deposit)) == "line_matched_already"

    assert ledger.balances(["bank"]) == {("bank", "390"): 44_000}
    assert ledger.balances([accounts.transit_of(custody.office(small.meng))]) == {
        (accounts.transit_of(custody.office(small.meng)), "390"): 0
    }
    with pytest.raises(Refused, match="not_finance"):
        custody.match(small.meng, other, deposit)


@pytest.mark.parametrize("login", ["chen", "meng"])
def test_whoever_had_the_cash_in_hand_neither_matches_it_nor_takes_the_match_back(
    small: Small, login: str
) -> None:
    account, deposit = _deposited(small)
    line = custody.line(small, account, 44_000)
    # The same person at a second posting, as a finance officer.
    same = replace(
        small.officers[login], role=Role.FINANCE, office_id=small.luo.office_id,
        insurances=frozenset({"390"}),
    )  # fmt: skip

    assert custody.code(custody.match(same, line, deposit)) == "matched_by_collector"
    assert custody.match(small.luo, line, deposit).done
    undone = unmatching.unmatch(same, {line: "对错了"}, at=clock.now(), key=cast.key())
    assert custody.code(undone) == "matched_by_collector"


def test_a_day_of_another_age_is_taken_for_a_typing_error(small: Small) -> None:
    account, _deposit = _deposited(small)
    long_ago = clock.today().replace(year=1900, day=1)
    line = Line(new_id(), "B9", long_ago, 44_000, "现金存入")

    entered = lines.enter(small.luo, account, [line], at=clock.now(), key=cast.key())

    assert custody.code(entered) == "date_long_ago"
    with pytest.raises(Refused, match="date_long_ago"):
        closing.close(small.luo, "390", long_ago, at=clock.now(), key=cast.key())
    with pytest.raises(Refused, match="date_long_ago"):
        depositing.pay_in(small.meng, account, "S9", 100, long_ago, at=clock.now(), key=cast.key())


def _deposited(small: Small) -> tuple[UUID, UUID]:
    account = custody.account(small)
    custody.collected(small, small.chen)
    custody.close(small.chen, 44_000)
    custody.handed(small, small.chen, 44_000)
    return account, custody.paid_in(small, account, 44_000)


def test_pasted_lines_are_read_plainly_or_refused_by_row(small: Small) -> None:
    text = "2026-11-20,1,270.00,X\n2026/11/20;440;B1;现金\n"
    found, faults = lines.read_pasted(text.splitlines()[1])
    assert [(one.reference, one.amount_fen, one.text) for one in found] == [("B1", 44_000, "现金")]
    assert not faults

    _, faults = lines.read_pasted(
        "2026-11-20\t440\tB1\n2026-13-01\t440\tB2\n2026-11-20\tviel\tB3\n\n2026-11-20\t440\n"
        "20261120\t４４０\tB1\n2026年11月20日\t440\t\n"
    )
    assert [(one.row, one.code) for one in faults] == [
        (2, "day"), (3, "amount"), (5, "columns"), (6, "twice"), (7, "reference"),
    ]  # fmt: skip


def test_a_line_of_the_bank_is_entered_once(small: Small) -> None:
    account = custody.account(small)
    custody.line(small, account, 44_000)

    with statements.seen() as one:
        again = [lines.Line(new_id(), "B1", clock.today(), 44_000)]
        outcome = lines.enter(small.luo, account, again, at=clock.now(), key=cast.key())
    more = [lines.Line(new_id(), f"C{n}", clock.today(), 100) for n in range(30)]
    with statements.seen() as many:
        assert not lines.enter(small.luo, account, more, at=clock.now(), key=cast.key()).refused

    assert custody.code(outcome) == "bank_line_known"
    assert len(many) <= len(one) + 3


def test_only_the_administration_enters_the_agencys_account_and_once(small: Small) -> None:
    custody.account(small)
    with pytest.raises(Refused, match="not_administrator"):
        agency.add_account(
            small.luo, custody.office(small.luo), Given("390", "x", "x", "1"), at=clock.now()
        )
    with pytest.raises(Refused, match="bank_account_known"):
        custody.account(small)


def test_after_the_hand_over_a_receipt_is_not_cancelled(small: Small) -> None:
    [receipt] = custody.collected(small, small.chen)
    custody.close(small.chen, 44_000)
    custody.handed(small, small.chen, 44_000)

    outcome = cancelling.cancel(small.chen, {receipt.id: "写错"}, at=clock.now(), key=cast.key())

    assert custody.code(outcome) == "cancel_after_close"


def test_a_closed_insurance_keeps_nobody_from_matching_another(small: Small) -> None:
    both = replace(small.cai, insurances=frozenset({"170", "390"}))
    medical, pension = custody.account(small), custody.account(small, "170")
    [owed] = money.approved(small, 1, "170")
    money.collect(small.chen, money.block(small, small.chen), money.ticket(1, [owed]))
    fen, today, at = owed.own_fen, clock.today(), clock.now()
    days.close(small.chen, "170", today, custody.notes(fen), at=at, key=cast.key())
    [slip] = handing.offer(small.chen, "170", at=at, key=cast.key()).done
    handing.accept(small.meng, slip, fen, at=at, key=cast.key())
    [deposit] = depositing.pay_in(small.meng, pension, "1", fen, today, at=at, key=cast.key()).done
    found = {
        account: Line(new_id(), f"B{account}"[:40], today, fen, "现金存入")
        for account in (medical, pension)
    }
    for account, line in found.items():
        assert not lines.enter(both, account, [line], at=at, key=cast.key()).refused
    closing.close(small.luo, "390", today, at=at, key=cast.key())

    outcome = matching.match(both, {one.id: deposit for one in found.values()}, at=clock.now())

    assert outcome.done == (found[pension].id,)
    assert outcome.refused[found[medical].id].code == "finance_closed_day"
