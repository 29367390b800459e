"""Refunds said to be paid that are not: the bank sent them back, or never paid them; due again, and asked anew."""

from __future__ import annotations

from uuid import UUID

from canbao.cases import application
from canbao.kernel import clock, statements
from canbao.kernel.actor import Actor
from canbao.kernel.ids import new_id
from canbao.kernel.tables import Notice
from canbao.kernel.taken import Outcome
from canbao.payments import accounts, checking, ledger, payouts, refund_requests, writing_off
from canbao.payments.banking import bounced, matched, outgoing
from canbao.payments.banking.tables import BankLine
from canbao.payments.refunds import State
from canbao.payments.tables import Payout, RefundDue
from canbao.people import officers, phones
from tests import small as cast
from tests.cases import refunding as steps
from tests.payments import custody
from tests.payments.test_given_back import (
    FEN,
    balance,
    close,
    match,
    moved,
    out,
    refunded,
    refused,
    totals,
    unmatch,
)
from tests.small import Small

_BANK = accounts.BANK


def came_back(actor: Actor, line: UUID, payout: UUID, after: int = 0) -> Outcome:
    return bounced.came_back(actor, {line: payout}, at=custody.later(after), key=cast.key())


def never_left(actor: Actor, payout: UUID, why: str = "银行查无此笔", after: int = 0) -> Outcome:
    return bounced.never_left(actor, {payout: why}, at=custody.later(after), key=cast.key())


def returned(small: Small) -> tuple[UUID, UUID, UUID]:
    """A refund that went out and came back: the account, the line that came in, the payment."""
    account = custody.account(small)
    [payout] = refunded(small)
    assert not match(small.qin, out(small, account), payout).refused
    line = out(small, account, FEN, "R1")
    assert not came_back(small.qin, line, payout).refused
    return account, line, payout


def test_what_the_bank_sent_back_is_due_again_and_its_payee_is_told(small: Small) -> None:
    account = custody.account(small)
    [payout] = refunded(small)
    person = RefundDue.here.get().person_id
    phone = phones.ask(officers.system(), "13800001427", at=clock.now()).done[0]
    phones.bind(officers.system(), phone, person, "counter", at=clock.now())
    gone = out(small, account)
    match(small.qin, gone, payout)
    line, other = out(small, account, FEN, "R1"), out(small, account, FEN + 1, "R2")

    assert custody.code(came_back(small.gu, line, payout)) == "matched_by_payer"
    assert custody.code(came_back(small.cai, line, payout)) == "not_found"
    assert refused(lambda: came_back(small.wei, line, payout)) == "not_finance"
    assert custody.code(came_back(small.qin, line, new_id())) == "not_found"
    assert custody.code(came_back(small.qin, other, payout)) == "line_differs_back"
    assert custody.code(came_back(small.qin, gone, payout)) == "line_matched_already"
    assert balance(_BANK) == -FEN
    assert not came_back(small.qin, line, payout).refused
    assert custody.code(came_back(small.qin, line, payout)) == "payout_taken_back"

    kept, due = BankLine.here.get(id=line), RefundDue.here.get()
    back = Payout.here.get(takes_back_id=payout)
    assert (kept.matched_kind, kept.matched_id) == (matched.RETURN, back.id)
    assert (back.result, due.state) == (payouts.RETURNED, State.DUE)
    assert (balance(_BANK), balance(accounts.REFUND_DUE)) == (0, -FEN)
    assert Notice.here.get(template="refund_returned").contact_id == phone
    assert payouts.came_back([due.id])[due.id].result == payouts.RETURNED
    assert bounced.standing(["390"], {FEN}) == []
    assert checking.differences() == []


def test_it_is_asked_for_anew_and_paid_to_another_account(small: Small) -> None:
    account, _line, first = returned(small)
    due = RefundDue.here.get()
    [source] = refund_requests.of_person(due.person_id)[:1]
    assert (source.is_due, source.fault) == (True, "")

    ids = steps.asked(small, source, number="6222 0202 0000 9999 123")
    steps.to_payout(small, ids)
    assert not steps.passed(small.gu, ids).refused

    second = Payout.here.order_by("id").last()
    assert second is not None
    assert (second.result, second.masked, RefundDue.here.get().state) == (
        payouts.PAID, "**** 9123", State.PAID,
    )  # fmt: skip
    assert [one.id for one in outgoing.waiting(["390"])] == [second.id]
    assert not match(small.qin, out(small, account, -FEN, "P2"), second.id).refused
    assert custody.code(came_back(small.qin, out(small, account, FEN, "R9"), first)) == (
        "payout_taken_back"
    )
    assert balance(_BANK) == -FEN
    asks = dict(Payout.here.values_list("id", "ask_id"))
    last = payouts.last_results(asks.values())
    assert last[asks[first]].result == payouts.RETURNED
    assert last[asks[second.id]].result == payouts.PAID
    assert checking.differences() == []


def test_what_never_left_is_due_again_and_waits_for_no_line(small: Small) -> None:
    account = custody.account(small)
    first, second = refunded(small, (1, 2))
    match(small.qin, out(small, account), second)

    assert custody.code(never_left(small.gu, first)) == "matched_by_payer"
    assert custody.code(never_left(small.cai, first)) == "not_found"
    assert custody.code(never_left(small.qin, first, " ")) == "say_why"
    assert custody.code(never_left(small.qin, second)) == "payout_has_line"
    assert refused(lambda: never_left(small.meng, first)) == "not_finance"
    assert not never_left(small.qin, first).refused
    assert custody.code(never_left(small.luo, first)) == "payout_taken_back"

    assert outgoing.waiting(["390"]) == []
    assert custody.code(match(small.qin, out(small, account, -FEN, "P2"), first)) != ""
    assert balance(_BANK) == -FEN
    assert RefundDue.here.filter(state=State.DUE).count() == 1
    assert checking.differences() == []


def test_a_return_matched_with_the_wrong_refund_is_taken_back(small: Small) -> None:
    account = custody.account(small)
    first, second = refunded(small, (1, 2))
    for place, payout in enumerate((first, second)):
        match(small.qin, out(small, account, -FEN, f"P{place}"), payout)
    line = out(small, account, FEN, "R1")
    assert not came_back(small.qin, line, first).refused

    assert custody.code(unmatch(small.qin, line)) == "unmatched_by_matcher"
    assert not unmatch(small.luo, line).refused

    assert (balance(_BANK), RefundDue.here.filter(state=State.PAID).count()) == (-2 * FEN, 2)
    assert outgoing.waiting(["390"]) == [], "it left with the line it left with first"
    assert checking.differences() == []
    assert not came_back(small.qin, line, second).refused
    # The first may still come back: what stands for it now is what was said last.
    [again] = [one.id for one in bounced.standing(["390"], {FEN})]
    assert not came_back(small.qin, out(small, account, FEN, "R2"), again).refused
    assert balance(_BANK) == 0
    assert checking.differences() == []


def test_a_return_stays_once_somebody_has_asked_again_or_it_is_written_off(small: Small) -> None:
    _account, line, _payout = returned(small)
    due = RefundDue.here.get()
    [source] = refund_requests.of_person(due.person_id)[:1]
    ids = steps.asked(small, source)
    assert custody.code(unmatch(small.luo, line)) == "refund_moved_on"

    versions = cast.versions(small.wei, ids)
    assert not application.withdraw(small.wei, versions, at=clock.now(), key=cast.key()).refused
    writing_off.propose_write_off(small.luo, {due.id: "无人"}, at=clock.now())
    [proposal] = writing_off.proposed(small.gu)
    writing_off.decide_write_off(small.gu, {proposal.id: True}, at=clock.now())
    assert custody.code(unmatch(small.luo, line)) == "refund_moved_on"
    assert checking.differences() == []


def test_finances_day_counts_what_came_back(small: Small) -> None:
    account = custody.account(small)
    first, second = refunded(small, (1, 2))
    custody.close(small.chen, 2 * FEN)
    before = totals(close(small.qin))
    assert custody.code(never_left(small.qin, first)) == "finance_closed_day"
    line = out(small, account, FEN, "R1")
    assert custody.code(came_back(small.qin, line, second)) == "finance_closed_day"
    assert not never_left(small.qin, first, after=1).refused
    assert not came_back(small.qin, line, second, after=1).refused
    then = totals(close(small.qin, after=1))
    assert not unmatch(small.luo, line, after=2).refused
    last = totals(close(small.qin, after=2))

    assert moved(before)["refunds_paid"] == (2, 2 * FEN)
    assert moved(then) == {"refunds_returned": (2, 2 * FEN)}
    assert moved(last) == {"refunds_paid": (1, FEN)}
    held = [(one.standing["bank"], one.standing["owed_back"]) for one in (before, then, last)]
    assert held == [(-2 * FEN, 0), (0, 2 * FEN), (-FEN, FEN)]
    owed = -ledger.balances([accounts.REFUND_DUE])[accounts.REFUND_DUE, "390"]
    assert held[-1] == (balance(_BANK), owed)
    assert checking.differences() == []


def test_statements_do_not_grow_with_what_came_back(small: Small) -> None:
    account = custody.account(small)
    payments = refunded(small, range(1, 9))
    lines = [out(small, account, FEN, f"R{place}") for place in range(4)]
    pairs = list(zip(lines, payments[:4], strict=True))
    counts = []
    for part, never in ((pairs[:1], payments[4:5]), (pairs[1:], payments[5:])):
        with statements.seen() as seen:
            found = bounced.came_back(small.qin, dict(part), at=clock.now(), key=cast.key())
        assert not found.refused
        counts.append(len(seen))
        with statements.seen() as seen:
            said = dict.fromkeys(never, "查无")
            assert not bounced.never_left(small.qin, said, at=clock.now(), key=cast.key()).refused
        counts.append(len(seen))

    assert counts[:2] == counts[2:]
    assert checking.differences() == []
