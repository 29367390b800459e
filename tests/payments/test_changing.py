"""A change of category after the charge: new shares, never negative, and what was paid too much is due back."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest

from canbao.cases import messages
from canbao.cases.tables import Case
from canbao.insured.tables import AccountBalance, Cover
from canbao.kernel import clock, statements
from canbao.kernel.refusal import Refused
from canbao.kernel.tables import Notice
from canbao.kernel.taken import Outcome
from canbao.payments import changing, checking, closing, queries, refund_requests
from canbao.payments.banking.tables import FinanceDay
from canbao.payments.charges import ChargeRow
from canbao.payments.closing import Totals
from canbao.payments.tables import Charge, ChargeShare, ReceiptLine, RefundDue
from canbao.people.tables import Category, Person
from canbao.policy import documents
from canbao.policy.rules import packs
from tests import small as cast
from tests.cases.test_advance import at_county, take
from tests.cases.test_refund import bound
from tests.payments import custody, money
from tests.small import Small

SHIPPED = Path(packs.__file__).parents[1] / "packs"


def _listed(person: UUID, code: str, *, days_ago: int = 3) -> None:
    Category.here.create(
        county=cast.COUNTY,
        person_id=person,
        code=code,
        evidence="2026-10 民政名单",
        from_on=clock.today() - timedelta(days=days_ago),
    )


def _reprice(small: Small, *owed: ChargeRow) -> Outcome:
    return changing.reprice(small.luo, [one.id for one in owed], at=clock.now(), key=cast.key())


def test_help_found_before_paying_lowers_what_is_asked(small: Small) -> None:
    [owed] = money.approved(small, 1)
    _listed(owed.person_id, "monitored")

    outcome = _reprice(small, owed)

    assert outcome.done == (owed.id,)
    [now] = queries.owed([owed.person_id])
    assert (now.revision, now.own_fen, now.due_fen, now.state) == (2, 22000, 22000, "open")
    shares = {one.payer: one for one in queries.shares_of([owed.id])}
    assert (shares["own"].amount_fen, shares["aid"].amount_fen) == (22000, 22000)
    assert shares["aid"].evidence == "2026-10 民政名单"
    # The earlier shares stay.
    assert (
        ChargeShare.here.filter(charge_id=owed.id, revision=1, payer="own").get().amount_fen
        == 44000
    )
    assert not Cover.here.exists()
    block = money.block(small, small.chen)
    assert not money.collect(small.chen, block, money.ticket(1, [now])).refused


def test_full_help_settles_and_covers_without_payment(small: Small) -> None:
    [owed] = money.approved(small, 1)
    _listed(owed.person_id, "low_income")

    assert not _reprice(small, owed).made["too_much_fen"]

    [now] = queries.owed([owed.person_id])
    assert (now.own_fen, now.state, now.settled_on) == (0, "settled", clock.today())
    assert Cover.here.count() == 1


def _paid(small: Small, insurance: str = "390") -> ChargeRow:
    [owed] = money.approved(small, 1, insurance)
    block = money.block(small, small.chen)
    assert not money.collect(small.chen, block, money.ticket(1, [owed])).refused
    return owed


@pytest.mark.parametrize(("code", "too_much"), [("low_income", 44000), ("monitored", 22000)])
def test_what_was_paid_too_much_is_due_back_once(small: Small, code: str, too_much: int) -> None:
    owed = _paid(small)
    # On the list since today: after the payment, and counted all the same.
    _listed(owed.person_id, code, days_ago=0)

    first = _reprice(small, owed)
    again = _reprice(small, owed)

    assert first.made["too_much_fen"] == {str(owed.id): too_much}
    assert [one.code for one in again.refused.values()] == ["price_unchanged"]
    [now] = queries.owed([owed.person_id])
    own = 44000 - too_much
    assert (now.own_fen, now.paid_fen, now.due_fen, now.state) == (own, own, 0, "settled")
    assert Cover.here.count() == 1
    due = RefundDue.here.get()
    assert (due.amount_fen, due.reason, due.state, due.charge_id) == (
        too_much, "too_much", "due", owed.id,
    )  # fmt: skip
    assert due.receipt_line_id == ReceiptLine.here.get().id
    assert checking.differences() == []


def test_whoever_paid_too_much_is_told_how_much(small: Small) -> None:
    owed = money.approved(small, 3)
    block = money.block(small, small.chen)
    assert not money.collect(small.chen, block, money.ticket(1, owed[:2])).refused
    phone = bound(owed[0].person_id)
    for one in owed[::2]:
        _listed(one.person_id, "monitored")

    _reprice(small, *owed)

    [told] = Notice.here.filter(template="refund_due")
    assert (told.contact_id, told.subject_id) == (phone, owed[0].id)
    said = messages.text("refund_due", json.loads(told.facts), "en")
    assert "220 yuan are to be given back" in said
    assert "on your phone or at your village" in said


def test_pressed_twice_is_booked_once(small: Small) -> None:
    owed = _paid(small)
    _listed(owed.person_id, "monitored")
    key, at = cast.key(), clock.now()

    outcomes = [changing.reprice(small.luo, [owed.id], at=at, key=key) for _ in range(2)]

    assert [one.again for one in outcomes] == [False, True]
    assert RefundDue.here.get().amount_fen == 22000


def test_own_pension_money_given_back_leaves_the_personal_account(small: Small) -> None:
    owed = _paid(small, "170")
    Charge.here.update(level="300")
    _listed(owed.person_id, "monitored")

    assert not changing.reprice(small.cai, [owed.id], at=clock.now(), key=cast.key()).refused

    charge, due = Charge.here.get(), RefundDue.here.get()
    assert charge.paid_fen == charge.own_fen == owed.own_fen - due.amount_fen
    own = AccountBalance.here.get(sub_ledger="own")
    assert own.balance_fen == charge.paid_fen
    assert checking.differences() == []


@pytest.mark.parametrize(
    ("code", "parts"), [("low_income", [34000, 10000]), ("monitored", [22000])]
)
def test_of_two_lines_the_newest_gives_back_first(
    small: Small, code: str, parts: list[int]
) -> None:
    [case] = at_county(small, range(1), "390")
    # Less was taken in advance than the county then asked for.
    Case.here.filter(id=case).update(own_fen=10000)
    assert not take(small, money.block(small, small.chen), 1, [case]).refused
    Case.here.filter(id=case).update(own_fen=44000)
    assert not cast.decide(small.wei, [case]).refused
    [owed] = queries.owed([cast.rows(small.wei, [case])[case].person_id])
    assert owed.due_fen == 34000
    block = money.block(small, small.chen, 200, 210)
    assert not money.collect(small.chen, block, money.ticket(200, [owed])).refused
    _listed(owed.person_id, code)

    look = changing.preview(small.luo, queries.owed([owed.person_id]), clock.today())[0]
    assert not _reprice(small, owed).refused

    due = list(
        RefundDue.here.order_by("id").values_list("amount_fen", "receipt_line__receipt__number")
    )
    assert due == list(zip(parts, [200, 1], strict=False))
    assert [one.fen for one in look.parts] == parts
    assert checking.differences() == []


def test_money_given_back_already_is_not_given_back_again(small: Small) -> None:
    owed = _paid(small)
    _listed(owed.person_id, "monitored")
    _reprice(small, owed)
    _listed(owed.person_id, "low_income")

    _reprice(small, owed)

    assert list(RefundDue.here.order_by("id").values_list("amount_fen", flat=True)) == [
        22000,
        22000,
    ]
    [source, other] = [one for one in refund_requests.of_person(owed.person_id) if one.is_due]
    [line] = [one for one in refund_requests.of_person(owed.person_id) if not one.is_due]
    assert (source.fault, other.fault, line.fault) == ("", "", "refunded_already")
    assert checking.differences() == []


def test_what_is_shown_beforehand_is_what_is_done(small: Small) -> None:
    owed = money.approved(small, 3)
    block = money.block(small, small.chen)
    assert not money.collect(small.chen, block, money.ticket(1, owed[:1])).refused
    for one in owed[:2]:
        _listed(one.person_id, "monitored")

    looks = changing.preview(
        small.luo, queries.owed([one.person_id for one in owed]), clock.today()
    )
    outcome = _reprice(small, *owed)

    said = {one.charge.id: one for one in looks}
    assert {one for one, look in said.items() if look.refusal is None} == set(outcome.done)
    assert {one: look.refusal.code for one, look in said.items() if look.refusal} == {
        one: refusal.code for one, refusal in outcome.refused.items()
    }
    for done in outcome.done:
        change = said[done].change
        assert change is not None
        now = Charge.here.get(id=done)
        assert (now.own_fen, now.paid_fen) == (change.price.own_fen, change.left_fen)
        assert said[done].before.own_fen == 44000
    with pytest.raises(Refused, match="not_finance"):
        changing.preview(small.chen, owed, clock.today())
    assert changing.preview(small.cai, owed, clock.today()) == []


def test_where_the_helper_pays_back_the_full_share_is_asked_first(small: Small) -> None:
    text = (SHIPPED / "370199/390/2024-2032.toml").read_text(encoding="utf-8")
    text = text.replace("fixed_fen = 22000,", 'fixed_fen = 22000, way = "reimburse",')
    head, first, *_ = text.split("[[example]]")
    text = f"{head}[[example]]{first}"
    [pack] = documents.propose(small.guan, "own.toml", text, at=clock.now()).done
    documents.publish(small.li, pack, at=clock.now())
    [owed] = money.approved(small, 1)
    block = money.block(small, small.chen)
    assert not money.collect(small.chen, block, money.ticket(1, [owed])).refused
    _listed(owed.person_id, "monitored")

    outcome = _reprice(small, owed)

    [now] = queries.owed([owed.person_id])
    assert (now.own_fen, now.paid_fen, now.state) == (44000, 44000, "settled")
    assert outcome.made == {"too_much_fen": {}, "paid_back_fen": {str(owed.id): 22000}}
    # The book begins with money, and the helper's has not come.
    assert not RefundDue.here.exists()
    assert {one.code for one in _reprice(small, owed).refused.values()} == {"price_unchanged"}


def test_another_age_is_another_category(small: Small) -> None:
    [owed] = money.approved(small, 1)
    Person.here.filter(id=owed.person_id).update(birth_on=clock.today() - timedelta(days=3000))

    _reprice(small, owed)

    [now] = queries.owed([owed.person_id])
    assert (now.level, now.own_fen) == ("child", 39000)


def test_what_is_paid_and_covered_is_not_asked_for_again(small: Small) -> None:
    [owed] = money.approved(small, 1)
    _listed(owed.person_id, "low_income")
    _reprice(small, owed)
    Category.here.filter(person_id=owed.person_id).update(to_on=clock.today() - timedelta(days=1))

    outcome = _reprice(small, owed)

    assert [one.code for one in outcome.refused.values()] == ["dearer_after_settled"]
    assert Charge.here.get().own_fen == 0


def _struck_off(person: UUID) -> None:
    """The lists were wrong: the person was never on one."""
    Category.here.filter(person_id=person).update(to_on=clock.today() - timedelta(days=1))


def test_a_correction_by_a_wrong_list_is_undone_while_nobody_asked_for_the_money(
    small: Small,
) -> None:
    owed = _paid(small)
    bound(owed.person_id)
    for _round in range(2):
        _listed(owed.person_id, "monitored")
        assert not _reprice(small, owed).refused
        _struck_off(owed.person_id)

        look = changing.preview(small.luo, queries.owed([owed.person_id]), clock.today())[0]
        assert look.change is not None
        assert [one.amount_fen for one in look.change.taken_back] == [22000]
        assert not _reprice(small, owed).made["too_much_fen"]

        [now] = queries.owed([owed.person_id])
        assert (now.own_fen, now.paid_fen, now.state) == (44000, 44000, "settled")
        assert Cover.here.filter(void_at=None).count() == 1
        assert checking.differences() == []

    assert list(RefundDue.here.values_list("amount_fen", "state")) == [(22000, "taken_back")] * 2
    *dues, line = refund_requests.of_person(owed.person_id)
    assert [one.fault for one in dues] == ["refund_taken_back"] * 2
    assert (line.fault, line.fen) == ("", 44000)
    told = Notice.here.order_by("id").values_list("template", "facts")
    assert [one for one, _facts in told] == ["refund_due", "refund_taken_back"] * 2
    assert "220 yuan" in messages.text(told[1][0], json.loads(told[1][1]), "en")


def test_what_is_too_much_still_is_due_anew_when_a_refund_is_taken_back(small: Small) -> None:
    owed = _paid(small)
    _listed(owed.person_id, "low_income")
    _reprice(small, owed)
    _struck_off(owed.person_id)
    _listed(owed.person_id, "monitored")

    look = changing.preview(small.luo, queries.owed([owed.person_id]), clock.today())[0]
    assert _reprice(small, owed).made["too_much_fen"] == {str(owed.id): 22000}

    assert [one.fen for one in look.parts] == [22000]
    due = RefundDue.here.order_by("id").values_list(
        "amount_fen", "state", "receipt_line__receipt__number"
    )
    assert list(due) == [(44000, "taken_back", 1), (22000, "due", 1)]
    [now] = queries.owed([owed.person_id])
    assert (now.own_fen, now.paid_fen, now.state) == (22000, 22000, "settled")
    assert checking.differences() == []


def test_own_pension_money_that_is_not_given_back_enters_the_personal_account_again(
    small: Small,
) -> None:
    owed = _paid(small, "170")
    Charge.here.update(level="300")
    _listed(owed.person_id, "monitored")
    changing.reprice(small.cai, [owed.id], at=clock.now(), key=cast.key())
    before = Charge.here.get().paid_fen
    _struck_off(owed.person_id)

    assert not changing.reprice(small.cai, [owed.id], at=clock.now(), key=cast.key()).refused

    charge = Charge.here.get()
    assert charge.paid_fen == charge.own_fen > before
    assert AccountBalance.here.get(sub_ledger="own").balance_fen == charge.paid_fen
    assert checking.differences() == []


@pytest.mark.parametrize(
    ("state", "code"),
    [
        *((one, "dearer_refund_asked") for one in ("asked", "approved", "sent", "failed")),
        ("paid", "dearer_refund_paid"),
    ],
)
def test_money_asked_for_or_paid_out_is_not_taken_back(small: Small, state: str, code: str) -> None:
    owed = _paid(small)
    _listed(owed.person_id, "monitored")
    _reprice(small, owed)
    _struck_off(owed.person_id)
    RefundDue.here.update(state=state)

    [refusal] = _reprice(small, owed).refused.values()

    assert (refusal.code, refusal.facts) == (code, {"yuan": "220"})
    assert (Charge.here.get().own_fen, RefundDue.here.get().state) == (22000, state)


def test_a_closed_day_says_which_refunds_were_no_longer_due(small: Small) -> None:
    custody.account(small)
    owed = _paid(small)
    _listed(owed.person_id, "monitored")
    _reprice(small, owed)
    _struck_off(owed.person_id)
    _reprice(small, owed)
    custody.close(small.chen, 44_000)

    closing.close(small.luo, "390", clock.today(), at=clock.now(), key=cast.key())

    totals = Totals.read(FinanceDay.here.get().totals)
    moved = {name: (one.number, one.fen) for name, one in totals.moved.items() if one.number}
    assert moved == {
        "receipts": (1, 44_000), "refunds_due": (1, 22_000), "refunds_taken_back": (1, 22_000),
    }  # fmt: skip
    assert totals.standing["owed_back"] == 0
    assert checking.differences() == []


def test_who_may_not_and_what_is_not_changed(small: Small) -> None:
    owed = money.approved(small, 2)

    for actor in (small.chen, small.wei):
        with pytest.raises(Refused, match="not_finance"):
            changing.reprice(actor, [owed[0].id], at=clock.now(), key=cast.key())
    other = changing.reprice(small.cai, [owed[0].id], at=clock.now(), key=cast.key())
    assert [one.code for one in other.refused.values()] == ["not_found"]
    Charge.here.filter(id=owed[1].id).update(state="cancelled")
    assert {one.code for one in _reprice(small, *owed).refused.values()} == {
        "price_unchanged", "charge_cancelled",
    }  # fmt: skip
    assert {one.revision for one in Charge.here.all()} == {1}


def test_statements_do_not_grow(small: Small) -> None:
    owed = money.approved(small, 9)
    block = money.block(small, small.chen)
    tickets = [money.ticket(place, [one]) for place, one in enumerate(owed, 1)]
    assert not money.collect(small.chen, block, *tickets).refused
    for one in owed:
        _listed(one.person_id, "low_income")
    counts = []
    for part in (owed[:1], owed[1:]):
        with statements.seen() as seen:
            assert not _reprice(small, *part).refused
        counts.append(len(seen))

    assert counts[0] == counts[1]
