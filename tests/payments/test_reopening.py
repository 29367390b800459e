"""A charge that a refund ended is opened again: at today's price, with what is still paid in it, and covered anew."""

from __future__ import annotations

import pytest

from canbao.cases.tables import Case
from canbao.insured.tables import Cover
from canbao.kernel import clock
from canbao.kernel.actor import Actor
from canbao.kernel.refusal import Refused
from canbao.kernel.tables import Audit
from canbao.kernel.taken import Outcome
from canbao.payments import checking, queries, refund_requests, reopening
from canbao.payments.changing import Shown
from canbao.payments.charges import ChargeRow
from canbao.payments.tables import Charge, RefundDue
from canbao.people.tables import Category, Person
from tests import small as cast
from tests.cases import refunding
from tests.cases.test_advance import at_county, take
from tests.payments import custody, money
from tests.small import Small


def _given_back(small: Small, source: refund_requests.Source) -> ChargeRow:
    """All of a payment was given back, and the year ended with it."""
    cases = refunding.asked(small, source)
    refunding.to_payout(small, cases)
    assert not refunding.passed(small.gu, cases).refused
    [charge] = queries.charged([source.person_id])
    assert charge.state == "cancelled"
    return charge


def _reopen(actor: Actor, charge: ChargeRow, shown: Shown | None = None) -> Outcome:
    return reopening.reopen(
        actor, [charge.id], {charge.id: shown} if shown else None, at=clock.now(), key=cast.key()
    )


def test_who_changed_their_mind_pays_again_and_is_covered_again(small: Small) -> None:
    [source] = refunding.paid(small, [0])
    charge = _given_back(small, source)
    assert not Cover.here.filter(void_at=None).exists()
    block = money.block(small, small.liu, 500, 510)
    assert custody.code(money.collect(small.liu, block, money.ticket(500, [charge]))) == (
        "charge_cancelled"
    )

    assert not _reopen(small.luo, charge).refused

    [now] = queries.owed([source.person_id])
    assert (now.id, now.revision, now.state, now.due_fen) == (charge.id, 2, "open", 44_000)
    assert Audit.here.filter(event="charge.reopened", subject_id=charge.id).exists()
    assert checking.differences() == []
    assert not money.collect(small.liu, block, money.ticket(500, [now])).refused
    assert Charge.here.get().state == "settled"
    assert Cover.here.filter(void_at=None).count() == 1
    assert custody.code(_reopen(small.luo, charge)) == "charge_not_cancelled"
    assert checking.differences() == []


def test_the_price_is_that_of_todays_record_and_what_is_still_paid_counts(small: Small) -> None:
    [case] = at_county(small, range(1), "390")
    Case.here.filter(id=case).update(own_fen=10_000)
    assert not take(small, money.block(small, small.chen), 1, [case]).refused
    Case.here.filter(id=case).update(own_fen=44_000)
    assert not cast.decide(small.wei, [case]).refused
    [owed] = queries.owed([cast.rows(small.wei, [case])[case].person_id])
    block = money.block(small, small.liu, 200, 210)
    assert not money.collect(small.liu, block, money.ticket(200, [owed])).refused
    sources = refund_requests.of_person(owed.person_id)
    [later] = [one for one in sources if one.receipt_number == 200]
    charge = _given_back(small, later)
    assert charge.paid_fen == 10_000

    assert custody.code(_reopen(small.luo, charge, Shown(44_000, 1))) == "amount_changed"
    assert not _reopen(small.luo, charge, Shown(44_000, 0)).refused
    [now] = queries.owed([owed.person_id])
    assert (now.paid_fen, now.due_fen) == (10_000, 34_000)
    assert checking.differences() == []


def test_where_others_pay_all_of_it_the_year_is_covered_at_once_and_the_rest_is_due_back(
    small: Small,
) -> None:
    [source] = refunding.paid(small, [0])
    charge = _given_back(small, source)
    Category.here.create(
        county=cast.COUNTY, person_id=charge.person_id, code="low_income",
        evidence="2026-10 民政名单", from_on=clock.today(),
    )  # fmt: skip

    assert not _reopen(small.luo, charge).refused

    assert Charge.here.values_list("state", "own_fen").get() == ("settled", 0)
    assert Cover.here.filter(void_at=None).count() == 1
    assert RefundDue.here.count() == 1
    assert checking.differences() == []


def test_who_may_not_and_what_is_not_opened(small: Small) -> None:
    [source] = refunding.paid(small, [0])
    charge = _given_back(small, source)

    for actor in (small.chen, small.wei):
        with pytest.raises(Refused, match="not_finance"):
            _reopen(actor, charge)
    assert custody.code(_reopen(small.cai, charge)) == "not_found"
    Person.here.filter(id=charge.person_id).update(dead_on=clock.today())
    assert custody.code(_reopen(small.luo, charge)) == "person_dead"
    assert Charge.here.values_list("state", "revision").get() == ("cancelled", 1)
