"""Money that goes out: found in the bank's lines by a colleague, counted in finance's day, and matches taken back."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from canbao.kernel import clock, statements
from canbao.kernel.actor import Actor
from canbao.kernel.ids import new_id
from canbao.kernel.refusal import Refused
from canbao.kernel.taken import Outcome
from canbao.payments import accounts, checking, closing, ledger, writing_off
from canbao.payments.banking import lines, matched, outgoing, unmatching
from canbao.payments.banking.lines import Line
from canbao.payments.banking.tables import BankLine, FinanceDay, Unmatched
from canbao.payments.channels.cash import matching
from canbao.payments.channels.cash.tables import Deposit
from canbao.payments.closing import Totals
from canbao.payments.tables import Entry, Payout, RefundDue, WriteOff
from tests import small as cast
from tests.cases import refunding as steps
from tests.payments import custody
from tests.small import Small

FEN = 44_000


def refunded(small: Small, serials: Sequence[int] = (1,)) -> list[UUID]:
    """People to whom finance has said the bank paid: Luo approved, Gu said so; the payouts."""
    ids = steps.asked(small, *steps.paid(small, serials))
    steps.to_payout(small, ids)
    assert not steps.passed(small.gu, ids).refused
    return list(Payout.here.order_by("id").values_list("id", flat=True))


def out(small: Small, account: UUID, fen: int = -FEN, reference: str = "P1") -> UUID:
    return custody.line(small, account, fen, reference)


def match(actor: Actor, line: UUID, payout: UUID) -> Outcome:
    return outgoing.match(actor, {line: payout}, at=clock.now(), key=cast.key())


def unmatch(actor: Actor, line: UUID, reason: str = "对错了", after: int = 0) -> Outcome:
    return unmatching.unmatch(actor, {line: reason}, at=custody.later(after), key=cast.key())


def refused(act: Callable[[], object]) -> str:
    with pytest.raises(Refused) as found:
        act()
    return found.value.code


def balance(account: str) -> int:
    return ledger.balances([account]).get((account, "390"), 0)


def test_a_line_has_a_sign(small: Small) -> None:
    account = custody.account(small)
    amounts = ("-440", "\N{MINUS SIGN}1,270.50", "－3", "440", "--4", "-0", "-")
    text = "\n".join(f"{clock.today()}\t{one}\tP{place}" for place, one in enumerate(amounts))

    found, faults = lines.read_pasted(text)

    assert [one.amount_fen for one in found] == [-44_000, -127_050, -300, 44_000]
    assert [(one.row, one.code) for one in faults] == [(row, "amount") for row in (5, 6, 7)]
    assert not lines.enter(small.luo, account, found, at=clock.now(), key=cast.key()).refused
    nothing = Line(new_id(), "N1", clock.today(), 0)
    outcome = lines.enter(small.luo, account, [nothing], at=clock.now(), key=cast.key())
    assert custody.code(outcome) == "bank_line_incomplete"


def test_a_colleague_finds_a_refund_in_the_banks_lines(small: Small) -> None:
    account = custody.account(small)
    [payout] = refunded(small)
    line = out(small, account)
    booked = Entry.here.count()

    assert [one.id for one in outgoing.waiting(["390"])] == [payout]
    assert custody.code(match(small.gu, line, payout)) == "matched_by_payer"
    assert custody.code(match(small.cai, line, payout)) == "not_found"
    assert refused(lambda: match(small.wei, line, payout)) == "not_finance"
    assert custody.code(match(small.qin, line, new_id())) == "not_found"
    assert not match(small.qin, line, payout).refused
    assert custody.code(match(small.qin, line, payout)) == "line_matched_already"

    kept = BankLine.here.get()
    assert (kept.matched_kind, kept.matched_id, kept.matched_by) == ("payout", payout, small.qin.id)
    assert outgoing.waiting(["390"]) == []
    # It left the bank in the book when finance said so.
    assert (Entry.here.count(), balance(accounts.BANK)) == (booked, -FEN)
    assert checking.differences() == []


def test_what_is_not_the_same_money_is_not_matched(small: Small) -> None:
    account, pension = custody.account(small), custody.account(small, "170")
    first, second = refunded(small, (1, 2))

    for line in (out(small, account, FEN, "in"), out(small, account, -FEN - 1, "more")):
        assert custody.code(match(small.qin, line, first)) == "line_differs_out"
    other = Line(new_id(), "P9", clock.today(), -FEN)
    assert not lines.enter(small.cai, pension, [other], at=clock.now(), key=cast.key()).refused
    assert custody.code(match(small.qin, other.id, first)) == "not_found"
    one, two = out(small, account, -FEN, "P1"), out(small, account, -FEN, "P2")
    both = outgoing.match(small.qin, {one: first, two: first}, at=clock.now(), key=cast.key())
    assert (both.done, custody.code(both)) == ((one,), "line_matched_already")
    # A refund is no deposit, and a line that went out never one.
    custody.collected(small, small.chen, 9)
    custody.close(small.chen, 3 * FEN)
    custody.handed(small, small.chen, 3 * FEN)
    deposit = custody.paid_in(small, account, FEN)
    assert custody.code(custody.match(small.qin, two, deposit)) == "line_differs"
    assert custody.code(custody.match(small.qin, two, second)) == "not_found"


def test_statements_do_not_grow_with_the_lines(small: Small) -> None:
    account = custody.account(small)
    payouts = refunded(small, range(1, 7))
    found = [out(small, account, -FEN, f"P{one}") for one in range(6)]
    pairs = list(zip(found, payouts, strict=True))
    counts = []
    for part in (pairs[:1], pairs[1:]):
        with statements.seen() as seen:
            assert not outgoing.match(small.qin, dict(part), at=clock.now(), key=cast.key()).refused
        counts.append(len(seen))
        with statements.seen() as seen:
            back = {line: "对错了" for line, _ in part}
            assert not unmatching.unmatch(small.gu, back, at=clock.now(), key=cast.key()).refused
        counts.append(len(seen))

    assert counts[:2] == counts[2:]


def _banked(small: Small) -> tuple[UUID, UUID, UUID]:
    """A deposit matched by Luo, of two that fit: the line, the deposit matched, the other."""
    account = custody.account(small)
    custody.collected(small, small.chen, 1, 2)
    custody.close(small.chen, 2 * FEN)
    custody.handed(small, small.chen, 2 * FEN)
    wrong, right = (custody.paid_in(small, account, FEN, f"000{one}") for one in (1, 2))
    line = custody.line(small, account, FEN)
    assert not custody.match(small.luo, line, wrong).refused
    return line, wrong, right


def test_a_wrong_match_is_taken_back_by_another_and_stays_in_sight(small: Small) -> None:
    line, wrong, right = _banked(small)

    assert custody.code(unmatch(small.luo, line)) == "unmatched_by_matcher"
    assert custody.code(unmatch(small.gu, line, " ")) == "say_why"
    assert custody.code(unmatch(small.cai, line)) == "not_found"
    assert refused(lambda: unmatch(small.meng, line)) == "not_finance"
    assert not unmatch(small.gu, line).refused
    assert custody.code(unmatch(small.gu, line)) == "line_not_matched"

    assert balance(accounts.BANK) == 0
    assert set(Deposit.here.values_list("banked_on", flat=True)) == {None}
    assert checking.differences() == []
    assert not custody.match(small.luo, line, right).refused
    assert Deposit.here.get(id=wrong).banked_on is None
    assert balance(accounts.BANK) == FEN
    [seen] = unmatching.undone(["390"])
    assert (seen.matched_kind, seen.matched_by_name, seen.by_name, seen.reason) == (
        matched.DEPOSIT, "罗振邦", "顾清", "对错了",
    )  # fmt: skip
    assert checking.differences() == []


def test_a_refund_matched_wrongly_is_open_again_and_nothing_is_booked(small: Small) -> None:
    account = custody.account(small)
    first, second = refunded(small, (1, 2))
    line = out(small, account)
    match(small.qin, line, first)
    booked = Entry.here.count()

    assert not unmatch(small.gu, line).refused

    assert {one.id for one in outgoing.waiting(["390"])} == {first, second}
    assert Entry.here.count() == booked
    assert Unmatched.here.get().entry_id is None
    assert not match(small.qin, line, second).refused
    assert checking.differences() == []


def totals(day: UUID) -> Totals:
    return Totals.read(FinanceDay.here.get(id=day).totals)


def close(actor: Actor, after: int = 0) -> UUID:
    day = clock.today() + timedelta(days=after)
    return closing.close(actor, "390", day, at=custody.later(after), key=cast.key()).done[0]


def moved(of: Totals) -> dict[str, tuple[int, int]]:
    return {name: (one.number, one.fen) for name, one in of.moved.items() if one.number}


def test_an_error_found_after_the_close_is_booked_on_the_day_it_is_found(small: Small) -> None:
    line, _wrong, right = _banked(small)
    day = close(small.gu)

    assert custody.code(unmatch(small.gu, line)) == "finance_closed_day"
    assert not unmatch(small.gu, line, after=1).refused
    matching.match(small.luo, {line: right}, at=custody.later(1), key=cast.key())

    next_day = close(small.gu, after=1)
    first, then = totals(day), totals(next_day)
    assert moved(first)["banked"] == (1, FEN)
    assert moved(then) == {"banked": (1, FEN), "unbanked": (1, FEN)}
    assert (first.standing["bank"], first.standing["transit"]) == (FEN, FEN)
    assert (then.standing["bank"], then.standing["transit"]) == (FEN, FEN)
    assert checking.differences() == []


def _given_back(small: Small) -> None:
    """Three paid; one was paid back by the bank, one waits, one is written off."""
    _payout, *_rest = refunded(small, (1,))
    source = steps.due(small, 2)
    steps.due(small, 3)
    at = clock.now()
    writing_off.propose_write_off(small.luo, {source.id: "无人"}, at=at)
    [proposal] = writing_off.proposed(small.gu)
    writing_off.decide_write_off(small.gu, {proposal.id: True}, at=at)
    custody.close(small.chen, 3 * FEN)


def test_finances_day_counts_what_was_given_back(small: Small) -> None:
    account = custody.account(small)
    _given_back(small)

    day = totals(close(small.qin))

    found = moved(day)
    assert found["refunds_due"] == (3, 3 * FEN)
    assert found["refunds_paid"] == (1, FEN)
    assert found["refunds_written_off"] == (1, FEN)
    assert (day.standing["bank"], day.standing["owed_back"]) == (-FEN, FEN)
    owed = -balance(accounts.REFUND_DUE)
    assert (day.standing["bank"], day.standing["owed_back"]) == (balance(accounts.BANK), owed)
    assert day.open["open_payouts"] == closing.Several(1, FEN)

    line = Line(new_id(), "P1", clock.today() + timedelta(days=1), -FEN)
    at = custody.later(1)
    lines.enter(small.luo, account, [line], at=at, key=cast.key())
    assert close_open(small, 1) == {"open_payouts": (1, FEN), "open_lines_out": (1, -FEN)}
    [payout] = outgoing.waiting(["390"])
    outgoing.match(small.qin, {line.id: payout.id}, at=custody.later(2), key=cast.key())
    assert close_open(small, 2) == {}


def close_open(small: Small, after: int) -> dict[str, tuple[int, int]]:
    of = totals(close(small.gu, after))
    return {name: (one.number, one.fen) for name, one in of.open.items() if one.number}


@pytest.mark.parametrize(
    ("what", "damage"),
    [
        ("refunds_due", lambda: RefundDue.here.filter(state="due").update(amount_fen=1)),
        ("refunds_written_off", lambda: WriteOff.here.update(verdict="declined")),
    ],
)
def test_a_day_whose_refunds_and_book_differ_is_not_closed(
    small: Small, what: str, damage: Callable[[], Any]
) -> None:
    custody.account(small)
    _given_back(small)
    damage()

    with pytest.raises(Refused) as found:
        close(small.qin)

    assert (found.value.code, found.value.facts["what"]) == ("book_differs", what)


def test_what_becomes_due_after_the_close_is_in_the_next_day(small: Small) -> None:
    custody.account(small)
    source = steps.paid(small, [1])[0]
    custody.close(small.chen, FEN)
    ids = steps.asked(small, source)
    assert not steps.passed(small.wei, ids).refused
    today = totals(close(small.qin))
    assert not steps.passed(small.luo, ids).refused

    due = RefundDue.here.get()
    assert due.due_on == clock.today() + timedelta(days=1)
    then = totals(close(small.qin, after=1))
    assert (today.standing["owed_back"], then.standing["owed_back"]) == (0, FEN)
    assert moved(then) == {"refunds_due": (1, FEN)}
    assert checking.differences() == []
