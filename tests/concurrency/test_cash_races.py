"""Races for cash, one process a client: one receipt, one signature, no more from the safe than is in it."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest

from canbao.kernel import clock, county
from canbao.kernel.ids import new_id
from canbao.payments import blocks, checking
from canbao.payments.banking.tables import FinanceDay
from canbao.payments.channels.cash import handing
from canbao.payments.channels.cash.tables import CashDay, Deposit, HandOver
from canbao.payments.charges import ChargeRow
from canbao.payments.closing import Totals
from canbao.payments.tables import AdvanceTurned, Cancelled, Charge, Receipt, RefundDue
from canbao.people.tables import Category
from tests import small as cast
from tests.cases.test_advance import at_county, take
from tests.concurrency.test_races import codes, others, race, until
from tests.payments import custody, money
from tests.small import Small

pytestmark = pytest.mark.both_databases
WAITS = "wait_event_type = 'Lock'"


@pytest.fixture
def small(own_database: str) -> Iterator[Small]:
    with county.inside(cast.COUNTY):
        yield cast.found()
        assert checking.differences() == []


def pay(block: UUID, charge: ChargeRow, number: int = 1, **more: Any) -> dict[str, Any]:
    return {
        "act": "collect", "block": block, "id": new_id(), "number": number,
        "due": [[charge.id, charge.due_fen]], **more,
    }  # fmt: skip


def test_eight_cashiers_on_one_charge_write_one_receipt_and_are_told_why(small: Small) -> None:
    [charge] = money.approved(small, 1)
    logins = ["chen", "liu", "he", "meng"]
    blocks = {
        login: money.block(small, small.officers[login], 100 * place, 100 * place + 50)
        for place, login in enumerate(logins, 1)
    }

    answers = race(
        [
            (login, pay(blocks[login], charge, 100 * (logins.index(login) + 1)))
            for login in [*logins, *logins]
        ]
    )

    assert sum(len(one.get("done", [])) for one in answers) == 1
    assert codes(answers) == ["paid_already"] * 7
    assert Receipt.here.count() == 1


def test_one_key_pressed_eight_times_is_one_receipt(small: Small) -> None:
    [charge] = money.approved(small, 1)
    act = pay(money.block(small, small.chen), charge, key=str(uuid4()))

    answers = race([("chen", act)] * 8)

    assert {tuple(one["done"]) for one in answers} == {(str(act["id"]),)}
    assert sum(one["again"] for one in answers) == 7
    assert Receipt.here.count() == 1


def test_money_is_in_the_closed_day_or_refused_whoever_is_first(small: Small) -> None:
    owed = money.approved(small, 2)
    block = money.block(small, small.chen)
    money.collect(small.chen, block, money.ticket(1, owed[:1]))
    notes = list(custody.notes(44_000).items())

    paid, closed = race([
        ("chen", pay(block, owed[1], 2)), ("chen", {"act": "close_day", "notes": notes}),
    ])  # fmt: skip

    if paid["done"]:
        assert closed == {"refused": "difference_needs_reason"}
        assert not CashDay.here.exists()
    else:
        assert codes([paid]) == ["today_closed"]
        assert CashDay.here.get().counted_fen == 44_000


def test_a_day_is_not_closed_while_money_is_taken_into_it(small: Small, own_database: str) -> None:
    """The payment is held up after it has found the day open; the day's close must wait for it."""
    owed = money.approved(small, 2, "170")
    block = money.block(small, small.chen)
    money.collect(small.chen, block, money.ticket(1, owed[:1]))
    notes = list(custody.notes(owed[0].own_fen).items())
    close = {"act": "close_day", "insurance": "170", "notes": notes}

    with psycopg.connect(own_database) as holder, ThreadPoolExecutor(2) as pool:
        holder.execute("SELECT FROM account ORDER BY id FOR UPDATE")
        paid = pool.submit(race, [("chen", pay(block, owed[1], 2))])
        until(lambda: others(own_database, WAITS) == 1, "the payment's middle")
        closed = pool.submit(race, [("chen", close)])
        until(lambda: closed.done() or others(own_database, WAITS) == 2, "the close")
        holder.rollback()

    assert paid.result()[0]["done"]
    assert closed.result() == [{"refused": "difference_needs_reason"}]
    assert not CashDay.here.exists()


def test_a_day_is_not_closed_while_a_receipt_of_a_block_given_back_is_cancelled(
    small: Small, own_database: str
) -> None:
    """The cancellation is held up after it has found the day open; the day's close must wait for it."""
    [receipt] = custody.collected(small, small.chen)
    blocks.give_back(small.chen, receipt.block_id, at=clock.now())
    close = {"act": "close_day", "notes": list(custody.notes(44_000).items())}

    with psycopg.connect(own_database) as holder, ThreadPoolExecutor(2) as pool:
        holder.execute("LOCK TABLE receipt_cancelled IN SHARE MODE")
        cancelled = pool.submit(race, [("chen", {"act": "cancel", "receipt": receipt.id})])
        until(lambda: others(own_database, WAITS) == 1, "the cancellation's middle")
        closed = pool.submit(race, [("chen", close)])
        until(lambda: closed.done() or others(own_database, WAITS) == 2, "the close")
        holder.rollback()

    assert cancelled.result()[0]["done"]
    assert closed.result() == [{"refused": "difference_needs_reason"}]
    assert not CashDay.here.exists()


def test_finance_does_not_close_while_somebody_without_a_block_counts(
    small: Small, own_database: str
) -> None:
    """The count is held up after it has found the day open; what it finds must stand on the certificate."""
    custody.account(small)
    count = {"act": "close_day", "notes": list(custody.notes(10_000).items()), "reason": "抽屉里的"}

    with psycopg.connect(own_database) as holder, ThreadPoolExecutor(2) as pool:
        holder.execute("LOCK TABLE cash_day IN SHARE MODE")
        counted = pool.submit(race, [("he", count)])
        until(lambda: others(own_database, WAITS) == 1, "the count's middle")
        closed = pool.submit(race, [("luo", {"act": "close_finance", "insurance": "390"})])
        until(lambda: closed.done() or others(own_database, WAITS) == 2, "the close")
        holder.rollback()

    assert counted.result()[0]["done"]
    assert closed.result()[0]["done"]
    totals = Totals.read(FinanceDay.here.get().totals)
    assert (totals.moved["differences"].fen, totals.standing["hands"]) == (10_000, 10_000)


def test_a_receipt_is_cancelled_once(small: Small) -> None:
    [receipt] = custody.collected(small, small.chen)

    answers = race([
        (login, {"act": "cancel", "receipt": receipt.id}) for login in ("chen", "luo", "gu", "chen")
    ])  # fmt: skip

    assert sum(len(one.get("done", [])) for one in answers) == 1
    assert codes(answers) == ["cancelled_already"] * 3
    assert Cancelled.here.count() == 1


@pytest.mark.parametrize("first", ["county", "collector"])
def test_an_advance_is_turned_or_cancelled_never_both(small: Small, first: str) -> None:
    ids = at_county(small, range(6), "390")
    block = money.block(small, small.chen)
    for number, one in enumerate(ids, 1):
        assert not take(small, block, number, [one]).refused
    receipts = list(Receipt.here.order_by("number").values_list("id", flat=True))
    chosen = [[one, version] for one, version in cast.versions(small.wei, ids).items()]
    acts: list[tuple[str, dict[str, Any]]] = [("wei", {"act": "decide", "chosen": chosen})]
    acts += [("chen", {"act": "cancel", "receipt": one}) for one in receipts]

    race(acts if first == "county" else acts[::-1])

    cancelled = set(Cancelled.here.values_list("receipt_id", flat=True))
    turned = set(AdvanceTurned.here.values_list("receipt_line__receipt_id", flat=True))
    assert not cancelled & turned
    assert cancelled | turned == set(receipts)


def test_a_cancellation_waits_for_whoever_decides_on_its_advance(
    small: Small, own_database: str
) -> None:
    ids = at_county(small, range(1), "390")
    assert not take(small, money.block(small, small.chen), 1, ids).refused
    receipt = Receipt.here.get().id
    act = {"act": "cancel", "receipt": receipt}

    with ThreadPoolExecutor(1) as pool, psycopg.connect(own_database) as deciding:
        deciding.execute("SELECT FROM receipt WHERE id = %s FOR NO KEY UPDATE", [receipt])
        answer = pool.submit(race, [("chen", act)])
        with pytest.raises(TimeoutError):
            answer.result(timeout=8)
        deciding.rollback()
        assert answer.result(timeout=30)[0]["done"] == [str(receipt)]


@pytest.mark.parametrize("first", ["finance", "collector"])
def test_a_charge_lowered_while_it_is_paid_keeps_no_fen_too_much(small: Small, first: str) -> None:
    owed = money.approved(small, 4)
    block = money.block(small, small.chen)
    for one in owed:
        Category.here.create(
            county=cast.COUNTY, person_id=one.person_id, code="monitored", from_on=clock.today()
        )
    acts: list[tuple[str, dict[str, Any]]] = [
        ("luo", {"act": "reprice", "charges": [one.id for one in owed]}),
        ("gu", {"act": "reprice", "charges": [one.id for one in owed]}),
        ("chen", pay(block, owed[0])),
    ]

    repriced, again, paid = race(acts) if first == "finance" else race(acts[::-1])[::-1]

    assert len(repriced["done"]) + len(again["done"]) == 4
    assert set(codes([repriced, again])) == {"price_unchanged"}
    charge = Charge.here.get(id=owed[0].id)
    due = list(RefundDue.here.values_list("amount_fen", flat=True))
    if paid["done"]:
        assert (charge.paid_fen, due) == (22_000, [22_000])
    else:
        assert codes([paid]) == ["amount_changed"]
        assert (charge.paid_fen, due) == (0, [])


def test_a_slip_is_signed_once_and_the_safe_is_not_emptied_twice(small: Small) -> None:
    account = custody.account(small)
    custody.collected(small, small.chen)
    custody.close(small.chen, 44_000)
    slip = handing.offer(small.chen, "390", at=custody.later(), key=cast.key()).done[0]

    signed = race([("meng", {"act": "accept", "slip": slip, "fen": 44_000})] * 3)
    paid = race([
        ("meng", {"act": "pay_in", "account": account, "slip": f"A{one}", "fen": 30_000})
        for one in range(3)
    ])  # fmt: skip

    assert sum("done" in one for one in signed) == 1
    assert {one["refused"] for one in signed if "done" not in one} == {"slip_answered_already"}
    assert sum("done" in one for one in paid) == 1
    assert {one["refused"] for one in paid if "done" not in one} == {"more_than_in_safe"}
    assert HandOver.here.get().state == "accepted"
    assert Deposit.here.count() == 1
