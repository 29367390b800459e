"""Money taken while a case is on its way: what it becomes, and what is not taken."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest

from canbao.cases import advance, application, death
from canbao.cases.flow import Verdict
from canbao.cases.tables import Case
from canbao.insured.tables import AccountBalance, Cover
from canbao.kernel import clock, statements
from canbao.kernel.actor import Actor
from canbao.kernel.ids import new_id
from canbao.kernel.refusal import Refused
from canbao.kernel.tables import Notice
from canbao.kernel.taken import Outcome
from canbao.payments import accounts, ledger, queries, refunds
from canbao.payments.channels.cash.collecting import Ticket
from canbao.payments.charges import State
from canbao.payments.tables import AdvanceTurned, LedgerPosting, Receipt, ReceiptLine, RefundDue
from tests import small as cast
from tests.payments import money
from tests.small import Small


def at_county(small: Small, serials: range, insurance: str = "170") -> list[UUID]:
    """Applications that stand before the county, everything answered."""
    year = clock.today().year + (insurance == "390")
    claims = [cast.claim(one, insurance=insurance, year=year) for one in serials]
    county = small.wei if insurance == "390" else small.shi
    ids = cast.bring_to("county", small, claims, insurance)
    cast.answer_all(county, ids, claims)
    return ids


def take(
    small: Small,
    block: UUID,
    number: int,
    ids: list[UUID],
    actor: Actor | None = None,
    **changes: Any,
) -> Outcome:
    """Take an advance for these cases on one ticket, as the page shows them."""
    actor = actor or small.chen
    due = {one: row.own_fen for one, row in cast.rows(actor, ids).items()}
    ticket = Ticket(new_id(), number, "王守田", changes.pop("due_fen", due), **changes)
    return advance.take(actor, block, [ticket], at=clock.now(), key=cast.key())


def balances(insurance: str = "170") -> dict[str, int]:
    """What stands as advance, premium and refund due."""
    found = ledger.balances([accounts.ADVANCE, accounts.PREMIUM, accounts.REFUND_DUE])
    return {name: -fen for (name, kind), fen in found.items() if kind == insurance and fen}


def test_an_advance_becomes_the_payment_at_the_countys_yes(small: Small) -> None:
    [case] = at_county(small, range(1))
    block = money.block(small, small.chen)
    row = cast.rows(small.shi, [case])[case]

    assert not take(small, block, 1, [case]).refused
    assert balances() == {"advance": 50000}
    assert not AccountBalance.here.exists()
    assert not cast.decide(small.shi, [case]).refused

    [charge] = queries.owed([row.person_id])
    assert (charge.state, charge.paid_fen, charge.settled_on) == (
        State.SETTLED, 50000, clock.today(),
    )  # fmt: skip
    assert balances() == {"premium": 50000}
    assert AccountBalance.here.get().balance_fen == 50000
    receipt = Receipt.here.get()
    line = ReceiptLine.here.get()
    assert (receipt.kind, line.subject_id, line.charge_id) == ("advance", case, None)
    turned = AdvanceTurned.here.get()
    assert (turned.charge_id, turned.paid_fen, turned.back_fen) == (charge.id, 50000, 0)


def test_an_advance_of_the_medical_insurance_covers_from_the_day_it_was_paid(small: Small) -> None:
    [case] = at_county(small, range(1), "390")
    paid_on = clock.today().replace(day=1)
    block = money.block(small, small.chen, at=clock.now() - timedelta(days=31))

    assert not take(small, block, 1, [case], paid_on=paid_on).refused
    assert not Cover.here.exists()
    assert not cast.decide(small.wei, [case]).refused

    year = clock.today().year + 1
    assert Cover.here.values_list("from_on", "to_on").get() == (
        date(year, 1, 1),
        date(year + 1, 1, 1),
    )
    assert queries.owed([cast.rows(small.wei, [case])[case].person_id])[0].settled_on == paid_on


@pytest.mark.parametrize(("paid", "owed", "back"), [(60000, 0, 10000), (40000, 10000, 0)])
def test_too_much_is_due_back_and_too_little_stays_owed(
    small: Small, paid: int, owed: int, back: int
) -> None:
    [case] = at_county(small, range(1))
    block = money.block(small, small.chen)
    # The case was priced otherwise when the money was taken, and corrected since.
    Case.here.filter(id=case).update(own_fen=paid)
    assert not take(small, block, 1, [case]).refused
    Case.here.filter(id=case).update(own_fen=50000)

    assert not cast.decide(small.shi, [case]).refused

    [charge] = queries.owed([cast.rows(small.shi, [case])[case].person_id])
    assert charge.due_fen == owed
    assert AccountBalance.here.get().balance_fen == min(paid, 50000)
    assert balances().get("refund_due", 0) == back
    assert [(one.amount_fen, one.reason) for one in refunds.waiting(small.cai)] == (
        [(back, "too_much")] if back else []
    )


@pytest.mark.parametrize("way", ["refused", "withdrawn", "died"])
def test_a_case_that_comes_to_nothing_makes_the_advance_due_back(small: Small, way: str) -> None:
    [case] = at_county(small, range(1))
    block = money.block(small, small.chen)
    assert not take(small, block, 1, [case]).refused

    if way == "refused":
        assert not cast.decide(small.shi, [case], Verdict.REFUSE).refused
    elif way == "withdrawn":
        versions = cast.versions(small.chen, [case])
        assert not application.withdraw(small.chen, versions, at=clock.now()).refused
    else:
        death.record(small.meng, case, clock.today(), "死亡证明 0312", at=clock.now())

    [back] = refunds.waiting(small.cai)
    line = ReceiptLine.here.get()
    assert (back.person_id, back.amount_fen, back.reason, back.receipt_line_id, back.state) == (
        line.person_id, 50000, way, line.id, "due",
    )  # fmt: skip
    assert balances() == {"refund_due": 50000}
    assert not refunds.waiting(small.luo), "the other agency's money"
    assert cast.rows(small.shi, [case])[case].is_open is False


def test_a_death_is_recorded_once_with_its_paper_by_township_or_county(small: Small) -> None:
    [case] = at_county(small, range(1))

    def code(actor: Actor, on: date | None = None, proof: str = "死亡证明") -> str:
        with pytest.raises(Refused) as refused:
            death.record(actor, case, on or clock.today(), proof, at=clock.now())
        return refused.value.code

    assert code(small.chen) == "not_for_this_desk"
    assert code(small.ren) == "not_found"
    assert code(small.meng, date(clock.today().year + 1, 1, 1)) == "died_in_future"
    assert code(small.meng, proof=" ") == "proof_needed"
    death.record(small.meng, case, clock.today(), "死亡证明", at=clock.now())
    assert code(small.shi) == "dead_already"


def test_what_is_not_taken_in_advance_is_refused_with_its_reason(small: Small) -> None:
    cases = at_county(small, range(2))
    block = money.block(small, small.chen)

    def code(ids: list[UUID], **changes: Any) -> str:
        outcome = take(small, block, 2, ids, **changes)
        return next(iter(outcome.refused.values())).code

    assert not take(small, block, 1, cases[:1]).refused
    assert code(cases[:1]) == "advance_taken_already"
    assert code(cases[1:], due_fen={cases[1]: 1}) == "amount_changed"
    assert code(cases[1:], due_fen={}) == "nobody_to_pay_for"
    assert code(cases[1:], due_fen={new_id(): 50000}) == "not_found"
    assert code(cases[1:], given_fen=49900) == "too_little_given"
    assert not cast.decide(small.shi, cases).refused
    assert code(cases[1:]) == "case_decided"
    with pytest.raises(Refused, match="not_collector"):
        take(small, block, 2, cases[1:], small.shi)
    assert Receipt.here.count() == 1


def test_a_collector_pays_for_the_own_household_and_another_village_does_not_exist(
    small: Small,
) -> None:
    [case] = at_county(small, range(1))
    row = cast.rows(small.chen, [case])[case]
    own = replace(small.chen, households=frozenset({(row.village, row.household_number)}))
    block, other = money.block(small, small.chen), money.block(small, small.liu, 101, 120)

    outcome = take(small, other, 101, [], small.liu, due_fen={case: 50000})
    assert [one.code for one in outcome.refused.values()] == ["not_found"]
    assert not take(small, block, 1, [case], own).refused


def test_pressing_twice_takes_one_advance_and_asks_once(small: Small) -> None:
    [case] = at_county(small, range(1))
    block, key = money.block(small, small.chen), cast.key()
    ticket = Ticket(new_id(), 1, "王守田", {case: 50000})

    advance.take(small.chen, block, [ticket], at=clock.now(), key=key)
    again = advance.take(small.chen, block, [ticket], at=clock.now(), key=key)

    assert again.again
    assert Receipt.here.count() == 1
    assert LedgerPosting.here.count() == 2
    assert Notice.here.filter(template="advance_received").count() <= 1


def test_after_an_upheld_appeal_a_new_advance_may_be_taken(small: Small) -> None:
    [case] = at_county(small, range(1))
    block = money.block(small, small.chen)
    assert not take(small, block, 1, [case]).refused
    assert not cast.decide(small.shi, [case], Verdict.REFUSE).refused
    Case.here.filter(id=case).update(is_open=True, desk="county", status="checking")

    assert not take(small, block, 2, [case]).refused
    assert balances() == {"advance": 50000, "refund_due": 50000}
    assert RefundDue.here.count() == 1


def test_statements_of_a_decision_do_not_grow_with_the_advances(small: Small) -> None:
    block = money.block(small, small.chen)
    counts, number = [], 0
    for first, size in ((0, 1), (10, 4), (30, 12)):
        ids = at_county(small, range(first, first + size))
        for one in ids:
            number += 1
            assert not take(small, block, number, [one]).refused
        with statements.seen() as seen:
            assert not cast.decide(small.shi, ids).refused
        counts.append(len(seen))

    assert len(set(counts)) == 1, counts
