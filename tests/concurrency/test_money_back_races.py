"""Races for money that goes back, one process a client: handed over once, matched once, in one closed day."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from canbao.kernel import clock, county
from canbao.payments import accounts, checking, closing, ledger
from canbao.payments.banking.tables import BankLine, FinanceDay, Unmatched
from canbao.payments.closing import Totals
from canbao.payments.refunds import State
from canbao.payments.tables import RefundDue
from tests import small as cast
from tests.cases import refunding as steps
from tests.concurrency.test_races import codes, race
from tests.payments import custody
from tests.payments.test_given_back import FEN, out, refunded
from tests.small import Small

pytestmark = pytest.mark.both_databases


@pytest.fixture
def small(own_database: str) -> Iterator[Small]:
    with county.inside(cast.COUNTY):
        yield cast.found()
        assert checking.differences() == []


def test_a_refund_is_handed_to_the_bank_by_one(small: Small) -> None:
    ids = steps.asked(small, *steps.paid(small, [1]))
    for actor in (small.wei, small.luo):
        assert not steps.passed(actor, ids).refused
    chosen = [[one, version] for one, version in cast.versions(small.gu, ids).items()]
    act = {"act": "hand_over", "chosen": chosen}

    answers = race([("gu", act), ("qin", act), ("gu", act), ("qin", act)])

    assert sum(len(one["done"]) for one in answers) == 1
    assert set(codes(answers)) <= {"busy", "refund_sent_already"}
    assert RefundDue.here.get().state == State.SENT


def test_one_refund_is_one_line_of_the_bank(small: Small) -> None:
    account = custody.account(small)
    [payout] = refunded(small)
    lines = [out(small, account, -FEN, f"P{one}") for one in range(4)]

    answers = race([("qin", {"act": "match_out", "pairs": [[one, payout]]}) for one in lines])

    assert sum(len(one["done"]) for one in answers) == 1
    assert codes(answers) == ["line_matched_already"] * 3
    kept = BankLine.here.get(matched_id=payout)
    answers = race([(login, {"act": "unmatch", "line": kept.id}) for login in ("gu", "luo", "gu")])
    assert sum(len(one["done"]) for one in answers) == 1
    assert codes(answers) == ["line_not_matched"] * 2
    assert Unmatched.here.count() == 1


def test_one_refund_comes_back_once(small: Small) -> None:
    account = custody.account(small)
    [payout] = refunded(small)
    lines = [out(small, account, FEN, f"R{one}") for one in range(4)]

    answers = race([("qin", {"act": "came_back", "line": one, "payout": payout}) for one in lines])

    assert sum(len(one["done"]) for one in answers) == 1
    assert codes(answers) == ["payout_taken_back"] * 3
    assert RefundDue.here.get().state == State.DUE
    assert ledger.balances([accounts.BANK])[accounts.BANK, "390"] == 0


@pytest.mark.parametrize("first", ["close", "approve"])
def test_what_becomes_due_while_finance_closes_is_in_one_of_the_days(
    small: Small, first: str
) -> None:
    custody.account(small)
    ids = steps.asked(small, *steps.paid(small, range(1, 7)))
    custody.close(small.chen, 6 * FEN)
    assert not steps.passed(small.wei, ids).refused
    cast.answer_all(small.luo, ids)
    chosen = [[one, version] for one, version in cast.versions(small.luo, ids).items()]
    acts: list[tuple[str, dict[str, Any]]] = [
        ("gu", {"act": "close_finance", "insurance": "390"}),
        ("luo", {"act": "decide", "chosen": chosen}),
    ]

    race(acts if first == "close" else acts[::-1])

    tomorrow = clock.today() + timedelta(days=1)
    closing.close(small.gu, "390", tomorrow, at=custody.later(1), key=cast.key())
    days = [
        Totals.read(text)
        for text in FinanceDay.here.order_by("day").values_list("totals", flat=True)
    ]
    assert sorted(one.moved["refunds_due"].number for one in days) == [0, 6]
    owed = -ledger.balances([accounts.REFUND_DUE])[accounts.REFUND_DUE, "390"]
    assert days[-1].standing["owed_back"] == owed == 6 * FEN
