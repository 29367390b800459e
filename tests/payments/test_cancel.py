"""Taking a receipt back: the original stays, the money is owed again, and no cover stands while it is."""

from __future__ import annotations

from datetime import timedelta

import pytest

from canbao.insured.tables import AccountBalance, Cover, EnrolmentYear
from canbao.kernel import clock, statements
from canbao.kernel.actor import Actor
from canbao.kernel.ids import new_id
from canbao.kernel.refusal import Refused
from canbao.kernel.taken import Outcome
from canbao.payments import accounts, blocks, ledger, queries
from canbao.payments.channels.cash import cancelling, days
from canbao.payments.channels.cash.cancelling import Sheet, Why
from canbao.payments.charges import State
from canbao.payments.tables import Block, Cancelled, Receipt
from tests import small as cast
from tests.payments import money
from tests.small import Small


def cancel(actor: Actor, *receipts: Receipt, reason: str = "写错人", day: int = 0) -> Outcome:
    at = clock.now() + timedelta(days=day)
    wanted = {one.id: reason for one in receipts}
    return cancelling.cancel(actor, wanted, at=at, key=cast.key())


def codes(outcome: Outcome) -> list[str]:
    return [one.code for one in outcome.refused.values()]


def test_a_cancelled_receipt_is_owed_again_and_covers_nobody(small: Small) -> None:
    owed = money.approved(small, 2)
    block = money.block(small, small.chen)
    money.collect(small.chen, block, money.ticket(1, owed))
    receipt = Receipt.here.get()

    assert not cancel(small.chen, receipt).refused

    again = queries.owed([one.person_id for one in owed])
    assert {(one.state, one.paid_fen, one.due_fen) for one in again} == {(State.OPEN, 0, 44000)}
    assert not Cover.here.filter(void_at=None).exists()
    assert EnrolmentYear.here.count() == 2
    assert set(ledger.balances([accounts.cash_of(small.chen.id), "premium"]).values()) == {0}
    negative = Cancelled.here.get()
    assert (negative.number, negative.why, negative.reason) == (1, "cancelled", "写错人")
    assert Receipt.here.count() == 1

    assert not money.collect(small.chen, block, money.ticket(2, again)).refused
    assert Cover.here.filter(void_at=None).count() == 2


def test_own_pension_money_leaves_the_personal_account_again(small: Small) -> None:
    owed = money.approved(small, 1, "170")
    money.collect(small.chen, money.block(small, small.chen), money.ticket(1, owed))

    cancel(small.chen, Receipt.here.get())

    assert AccountBalance.here.get().balance_fen == 0


def test_a_receipt_is_cancelled_once_by_its_collector_the_same_day_or_by_finance(
    small: Small,
) -> None:
    owed = money.approved(small, 2)
    block = money.block(small, small.chen)
    for number, one in enumerate(owed, 1):
        money.collect(small.chen, block, money.ticket(number, [one]))
    first, second = Receipt.here.order_by("number")

    assert codes(cancel(small.liu, first)) == ["not_yours_to_cancel"]
    assert codes(cancel(small.chen, first, day=1)) == ["not_yours_to_cancel"]
    assert codes(cancel(small.chen, first, reason=" ")) == ["say_why"]
    assert codes(cancel(small.cai, first)) == ["not_found"]
    assert not cancel(small.chen, first).refused
    assert codes(cancel(small.chen, first)) == ["cancelled_already"]
    assert not cancel(small.luo, second, day=1).refused


def test_after_the_day_is_closed_it_is_a_refund(small: Small) -> None:
    owed = money.approved(small, 1)
    money.collect(small.chen, money.block(small, small.chen), money.ticket(1, owed))
    notes = {10_000: 4, 2_000: 2}
    days.close(small.chen, "390", clock.today(), notes, at=clock.now(), key=cast.key())

    for actor in (small.chen, small.luo):
        assert codes(cancel(actor, Receipt.here.get())) == ["cancel_after_close"]
    assert not Cancelled.here.exists()


def test_spoilt_and_lost_sheets_move_the_block_on_and_none_is_left_out(small: Small) -> None:
    block = money.block(small, small.chen, 1, 4)

    def account(*sheets: Sheet, actor: Actor = small.chen) -> Outcome:
        return cancelling.account_for(actor, block, sheets, at=clock.now(), key=cast.key())

    for sheet, actor, code in (
        (Sheet(2, Why.SPOILT, "污了"), small.chen, "number_not_next"),
        (Sheet(1, Why.SPOILT, ""), small.chen, "say_why"),
        (Sheet(1, Why.CANCELLED, "污了"), small.chen, "sheet_why_unknown"),
        (Sheet(1, Why.SPOILT, "污了"), small.liu, "not_your_block"),
    ):
        with pytest.raises(Refused) as refused:
            account(sheet, actor=actor)
        assert refused.value.code == code

    account(Sheet(1, Why.SPOILT, "污了"), Sheet(2, Why.LOST, "路上丢了，有说明"))
    with pytest.raises(Refused, match="number_used"):
        account(Sheet(2, Why.LOST, "又丢了"))

    assert not money.collect(small.chen, block, money.ticket(3, money.approved(small, 1))).refused
    found = queries.accounting(block)
    assert [(one.number, one.state) for one in found] == [
        (1, "spoilt"), (2, "lost"), (3, "used"), (4, "unused"),
    ]  # fmt: skip


def test_a_block_given_back_takes_no_more_money(small: Small) -> None:
    block = money.block(small, small.chen, 1, 9)
    with pytest.raises(Refused, match="not_found"):
        blocks.give_back(small.liu, block, at=clock.now())

    blocks.give_back(small.chen, block, at=clock.now())

    with pytest.raises(Refused, match="not_your_block"):
        money.collect(small.chen, block, money.ticket(1, money.approved(small, 1)))


def test_a_gap_and_a_repeat_in_a_block_are_found(small: Small) -> None:
    block = money.block(small, small.chen, 1, 5)
    money.collect(small.chen, block, money.ticket(1, money.approved(small, 1)))
    Block.here.filter(id=block).update(next=3)
    Cancelled.here.create(
        id=new_id(), county=cast.COUNTY, block_id=block, number=1, why="spoilt", reason="x",
        by_id=small.chen.id, by_name="x", cancelled_on=clock.today(), at=clock.now(),
    )  # fmt: skip

    found = {one.number: one.state for one in queries.accounting(block)}

    assert (found[1], found[2], found[3]) == ("repeat", "gap", "unused")
    [line] = [one for one in queries.blocks_of(small.luo) if one.id == block]
    assert (line.gaps, line.repeats) == (1, 1)


def test_statements_do_not_grow_with_the_set(small: Small) -> None:
    block = money.block(small, small.chen)
    counts = []
    for first, size in ((1, 1), (2, 6)):
        claims = [cast.claim(100 * first + serial) for serial in range(size)]
        owed = money.approved(small, claims=claims)
        tickets = [money.ticket(first + place, [one]) for place, one in enumerate(owed)]
        money.collect(small.chen, block, *tickets)
        receipts = list(Receipt.here.filter(number__gte=first))
        with statements.seen() as seen:
            assert not cancel(small.chen, *receipts).refused
        counts.append(len(seen))

    assert len(set(counts)) == 1, counts
