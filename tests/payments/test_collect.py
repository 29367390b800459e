"""Cash for charges: one receipt, the book, the charge, the year and its cover, in one act."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from canbao.insured.tables import AccountBalance, Cover, EnrolmentYear
from canbao.kernel import clock, statements
from canbao.kernel.refusal import Refused
from canbao.payments import accounts, ledger, queries, receiving
from canbao.payments.charges import State
from canbao.payments.tables import Charge, LedgerPosting, Receipt, ReceiptLine
from tests import small as cast
from tests.payments import money
from tests.small import Small


def test_the_countys_yes_makes_a_charge_with_a_share_for_each_payer(small: Small) -> None:
    [charge] = money.approved(small, 1)

    assert (charge.state, charge.own_fen, charge.paid_fen) == (State.OPEN, 44000, 0)
    shares = queries.shares_of([charge.id])
    assert [(one.payer, one.amount_fen) for one in shares if one.payer == "own"] == [("own", 44000)]
    assert sum(one.amount_fen for one in shares) == 44000 + 76000
    assert not Cover.here.exists()


def test_cash_for_two_people_writes_one_receipt_and_covers_both(small: Small) -> None:
    owed = money.approved(small, 2)
    block = money.block(small, small.chen)

    outcome = money.collect(small.chen, block, money.ticket(1, owed, given_fen=90000))

    assert not outcome.refused
    receipt = Receipt.here.get()
    assert (receipt.number, receipt.amount_fen, receipt.given_fen) == (1, 88000, 90000)
    assert [line.amount_fen for line in ReceiptLine.here.all()] == [44000, 44000]
    assert {one.state for one in queries.owed([row.person_id for row in owed])} == {State.SETTLED}
    year = clock.today().year + 1
    assert {(one.from_on, one.to_on) for one in Cover.here.all()} == {
        (date(year, 1, 1), date(year + 1, 1, 1))
    }
    held = ledger.balances([accounts.cash_of(small.chen.id), accounts.PREMIUM])
    assert held == {(accounts.cash_of(small.chen.id), "390"): 88000, ("premium", "390"): -88000}


def test_own_money_of_the_pension_stands_in_the_personal_account(small: Small) -> None:
    owed = money.approved(small, 1, "170")
    block = money.block(small, small.chen)

    assert not money.collect(small.chen, block, money.ticket(1, owed)).refused

    stored = AccountBalance.here.get()
    assert (stored.sub_ledger, stored.balance_fen) == ("own", owed[0].own_fen)
    posted = LedgerPosting.here.get(account="premium", insurance="170")
    assert (posted.sub_ledger, posted.person_id, posted.amount_fen) == (
        "own", owed[0].person_id, stored.balance_fen,
    )  # fmt: skip


def test_two_years_of_one_person_both_stand_in_the_account(small: Small) -> None:
    [charge] = money.approved(small, 1, "170")

    receiving.credit([(charge.person_id, 30000), (charge.person_id, 20000)])

    assert AccountBalance.here.get().balance_fen == 50000


def test_paying_twice_takes_the_money_once(small: Small) -> None:
    owed = money.approved(small, 1)
    block = money.block(small, small.chen)
    first, key = money.ticket(1, owed), cast.key()

    money.collect(small.chen, block, first, key=key)
    again = money.collect(small.chen, block, first, key=key)
    other = money.collect(small.chen, block, money.ticket(2, owed))

    assert again.again
    assert [one.code for one in other.refused.values()] == ["paid_already"]
    assert Receipt.here.count() == 1


@pytest.mark.parametrize(
    ("number", "code"), [(2, "number_not_next"), (0, "number_not_next"), (1, "")]
)
def test_a_number_is_neither_left_out_nor_used_again(small: Small, number: int, code: str) -> None:
    owed = money.approved(small, 1)
    block = money.block(small, small.chen)

    if not code:
        assert not money.collect(small.chen, block, money.ticket(number, owed)).refused
        return
    with pytest.raises(Refused) as refused:
        money.collect(small.chen, block, money.ticket(number, owed))
    assert refused.value.code == code
    assert not Receipt.here.exists()


def test_another_collectors_block_and_a_used_up_one_are_refused(small: Small) -> None:
    owed = money.approved(small, 2)
    block = money.block(small, small.chen, 7, 7)

    with pytest.raises(Refused, match="not_your_block"):
        money.collect(small.liu, block, money.ticket(7, owed))
    assert not money.collect(small.chen, block, money.ticket(7, owed[:1])).refused
    with pytest.raises(Refused, match="block_used_up"):
        money.collect(small.chen, block, money.ticket(8, owed[1:]))


def test_what_must_not_be_taken_is_refused_with_its_reason(small: Small) -> None:
    owed = money.approved(small, 1)
    block = money.block(small, small.chen)
    charge = owed[0].id

    def code(**changes: object) -> str:
        outcome = money.collect(small.chen, block, money.ticket(1, owed, **changes))
        return next(iter(outcome.refused.values())).code

    assert code(due_fen={charge: -44000}) == "amount_changed"
    assert code(due_fen={charge: 40000000}) == "amount_changed"
    assert code(due_fen={}) == "nobody_to_pay_for"
    assert code(given_fen=43000) == "too_little_given"
    assert code(paid_on=clock.today().replace(year=clock.today().year + 1)) == "date_in_future"
    Charge.here.filter(id=charge).update(state=State.CANCELLED)
    assert code() == "charge_cancelled"
    assert not Receipt.here.exists()
    assert not LedgerPosting.here.exists()


def test_two_insurances_need_two_receipts(small: Small) -> None:
    medical, pension = money.approved(small, 1), money.approved(small, 1, "170")
    block = money.block(small, small.chen)

    outcome = money.collect(small.chen, block, money.ticket(1, [*medical, *pension]))

    assert [one.code for one in outcome.refused.values()] == ["one_receipt_one_insurance"]


def test_somebody_others_pay_for_is_covered_without_paying(small: Small) -> None:
    claim = replace(cast.claim(1), groups=("disability_severe",))

    [charge] = money.approved(small, claims=[claim])

    assert (charge.state, charge.own_fen) == (State.SETTLED, 0)
    assert queries.others_of([charge.id]) == {charge.id: 44000}
    assert Cover.here.count() == EnrolmentYear.here.count() == 1
    block = money.block(small, small.chen)
    outcome = money.collect(small.chen, block, money.ticket(1, [charge]))
    assert [one.code for one in outcome.refused.values()] == ["paid_by_another"]


def test_statements_do_not_grow_with_the_household(small: Small) -> None:
    block = money.block(small, small.chen)
    counts = []
    for number, size in ((1, 1), (2, 4), (3, 12)):
        owed = money.approved(
            small, claims=[cast.claim(100 * number + serial) for serial in range(size)]
        )
        with statements.seen() as seen:
            assert not money.collect(small.chen, block, money.ticket(number, owed)).refused
        counts.append(len(seen))

    assert len(set(counts)) == 1, counts
    assert counts[0] <= 36
