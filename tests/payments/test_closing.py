"""Finance closes a day with what papers and book both say, a second one confirms; and the book is checked from zero."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.management import call_command
from django.utils.translation import override

from canbao.kernel import clock
from canbao.kernel.ids import new_id
from canbao.kernel.refusal import Refused
from canbao.payments import answers, checking, closing, printing
from canbao.payments.banking.tables import FinanceDay
from canbao.payments.channels.cash import cancelling, handing, queries
from canbao.payments.closing import Totals
from canbao.payments.tables import PayerAnswer
from tests import small as cast
from tests.payments import custody, money
from tests.small import Small


def refused(act: Callable[[], object]) -> str:
    with pytest.raises(Refused) as found:
        act()
    return found.value.code


def close(small: Small) -> Any:
    return closing.close(small.luo, "390", clock.today(), at=clock.now(), key=cast.key()).done[0]


def test_a_day_is_closed_with_totals_and_nothing_more_is_booked_on_it(small: Small) -> None:
    account = custody.account(small)
    receipts = custody.collected(small, small.chen, people=3)
    cancelling.cancel(small.chen, {receipts[2].id: "写错人"}, at=clock.now(), key=cast.key())
    assert refused(lambda: close(small)) == "collectors_open"
    custody.close(small.chen, 87_000, "少 10 元")
    custody.handed(small, small.chen, 87_000)
    deposit = custody.paid_in(small, account, 80_000)
    custody.match(small.luo, custody.line(small, account, 80_000), deposit)
    custody.line(small, account, 5_000, "B2")

    day = close(small)

    totals = Totals.read(FinanceDay.here.get(id=day).totals)
    assert {name: (one.number, one.fen) for name, one in totals.moved.items() if one.number} == {
        "receipts": (3, 132_000), "cancelled": (1, 44_000), "differences": (1, -1_000),
        "handovers": (1, 87_000), "deposits": (1, 80_000), "banked": (1, 80_000),
    }  # fmt: skip
    assert totals.standing == {
        "hands": 0,
        "safes": 7_000,
        "transit": 0,
        "bank": 80_000,
        "owed_back": 0,
    }
    assert (totals.open["open_lines"].number, totals.open["open_lines"].fen) == (1, 5_000)

    assert refused(lambda: close(small)) == "day_closed_already"
    assert refused(lambda: custody.paid_in(small, account, 7_000, "0002")) == "finance_closed_day"
    owed = money.approved(small, claims=[cast.claim(40)])
    block = money.block(small, small.liu, 200, 210)
    assert custody.code(money.collect(small.liu, block, money.ticket(200, owed))) == "today_closed"


def test_the_next_close_goes_on_where_the_last_one_ended(small: Small) -> None:
    custody.account(small)
    custody.collected(small, small.chen)
    custody.close(small.chen, 44_000)
    close(small)

    tomorrow = clock.today() + timedelta(days=1)
    again = closing.close(small.gu, "390", tomorrow, at=custody.later(1)).done[0]

    totals = Totals.read(FinanceDay.here.get(id=again).totals)
    assert totals.moved["receipts"].number == 0
    assert totals.standing["hands"] == 44_000


def test_another_finance_officer_confirms(small: Small) -> None:
    custody.account(small)
    day = close(small)

    def confirm(actor: Any) -> str:
        return refused(lambda: closing.confirm(actor, day, at=clock.now()))

    assert confirm(small.luo) == "closed_by_yourself"
    assert confirm(small.cai) == "not_found"
    assert confirm(small.meng) == "not_finance"
    closing.confirm(small.gu, day, at=clock.now())
    assert confirm(small.gu) == "confirmed_already"


def test_cash_too_long_in_hands_is_overdue_until_it_is_banked(small: Small) -> None:
    account = custody.account(small)
    custody.collected(small, small.chen)
    limit = queries.limits(["390"], clock.today())
    assert limit["390"] >= 0

    def overdue(after: int) -> list[tuple[str, int, bool]]:
        on = clock.today() + timedelta(days=after)
        held = [*queries.in_hands(["390"]), *queries.in_safes(["390"])]
        return [(one.holder_name, one.fen, one.safe) for one in queries.overdue(held, limit, on)]

    assert overdue(limit["390"]) == []
    assert overdue(limit["390"] + 1) == [("陈秋生", 44_000, False)]
    custody.close(small.chen, 44_000)
    slip = handing.offer(small.chen, "390", at=clock.now()).done[0]
    assert overdue(limit["390"] + 1) == [("陈秋生", 44_000, False)]
    handing.accept(small.meng, slip, 44_000, at=clock.now())
    assert overdue(limit["390"] + 1) == [(small.meng.office_name, 44_000, True)]
    custody.paid_in(small, account, 44_000)
    assert overdue(limit["390"] + 1) == []


def test_a_denial_is_closed_by_somebody_else_with_a_finding(small: Small) -> None:
    [receipt] = custody.collected(small, small.chen)
    denial = new_id()
    PayerAnswer.here.create(
        id=denial, county=cast.COUNTY, receipt_id=receipt.id, right=False, how="phone",
        by_id=new_id(), at=clock.now(),
    )  # fmt: skip

    def attempt(actor: Any, finding: str = "查了") -> str:
        return refused(lambda: answers.close(actor, denial, finding, at=clock.now()))

    assert attempt(small.chen) == "not_finance"
    assert attempt(small.cai) == "not_found"
    assert attempt(small.luo, " ") == "finding_missing"
    assert [one.id for one in answers.denials(frozenset({"390"}))] == [denial]
    answers.close(small.luo, denial, "问过了，是女儿代交的", at=clock.now())
    assert attempt(small.gu) == "answer_closed_already"
    assert answers.denials(frozenset({"390"})) == []


def test_every_print_of_a_receipt_is_counted(small: Small) -> None:
    [receipt] = custody.collected(small, small.chen)

    prints = [
        printing.count(small.chen, receipt.id, at=clock.now()).made["print"] for _ in range(2)
    ]

    assert prints == [1, 2]
    assert printing.times_printed(receipt.id) == 2


def _whole(small: Small) -> None:
    account = custody.account(small)
    receipts = custody.collected(small, small.chen, people=3)
    cancelling.cancel(small.chen, {receipts[1].id: "写错人"}, at=clock.now(), key=cast.key())
    custody.close(small.chen, 89_000, "多 10 元")
    custody.handed(small, small.chen, 89_000)
    deposit = custody.paid_in(small, account, 50_000)
    custody.match(small.luo, custody.line(small, account, 50_000), deposit)
    owed = money.approved(small, 1, "170")
    money.collect(small.liu, money.block(small, small.liu, 300, 310), money.ticket(300, owed))


def test_a_sound_book_agrees_with_everything_beside_it(small: Small) -> None:
    _whole(small)

    assert checking.differences() == []
    said = io.StringIO()
    with override("en"):
        call_command("ledger", "check", stdout=said)
    assert "everything agrees" in said.getvalue()
