"""Help and its ways, late payers, missed years, the village's addition, refunds, cash; prices of many."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from canbao.kernel.refusal import Refused
from canbao.policy import words
from canbao.policy.rules.answers import RefundFacts, ShareKind, Step
from canbao.policy.rules.person import GroupEvidence, PersonFacts
from canbao.policy.rules.values import Payer
from tests.policy.written import changed, library, with_terms

ON = date(2025, 11, 20)
RULES = library(with_terms()).resolve("000000", "390", 2026)
ADULT = PersonFacts(birth_on=date(1980, 1, 1))
POOR = PersonFacts(
    birth_on=date(1980, 1, 1),
    groups=(GroupEvidence("poor", date(2025, 1, 1), proven=True, evidence="list 2025-01"),),
)
CLAIMS = PersonFacts(birth_on=date(1980, 1, 1), groups=(GroupEvidence("poor", date(2025, 1, 1)),))
SECOND = """
[group.second]
name = { zh = "边缘", en = "Margin" }
priority = { place = 2, source = "copy" }
help = { full = true, paid_by = { zh = "乡", en = "Township" }, source = "copy" }

[rule.household]"""


def test_who_is_paid_back_is_asked_in_full_and_told_how_much_comes_back() -> None:
    text = changed("percent = 33", 'percent = 33, way = "reimburse", payer = "county"')
    price = library(text).resolve("000000", "390", 2026).price(POOR, "adult", ON)

    assert (price.own_fen, price.whole_fen) == (40000, 110000)
    assert price.paid_back is not None
    assert (price.paid_back.payer, price.paid_back.fen) == (Payer.COUNTY, 13200)
    assert [line.code for line in price.trace] == [Step.OWN_AMOUNT, Step.PAID_BACK, Step.SHARE]


def test_help_from_a_budget_stands_beside_its_subsidy_and_in_another_sub_ledger() -> None:
    text = changed("percent = 33", 'full = true, payer = "province"')
    text = text.replace("government_fen = 70000", "province_fen = 70000")
    price = library(text).resolve("000000", "390", 2026).price(POOR, "adult", ON)

    assert [(one.payer, one.fen, one.kind, one.sub_ledger) for one in price.shares] == [
        (Payer.OWN, 0, ShareKind.OWN, "own"),
        (Payer.PROVINCE, 40000, ShareKind.HELP, "paid_for"),
        (Payer.PROVINCE, 70000, ShareKind.SUBSIDY, "province"),
    ]


def test_one_group_wins_and_the_other_is_named_with_the_evidence_of_the_winner() -> None:
    rules = library(changed("\n[rule.household]", SECOND)).resolve("000000", "390", 2026)
    both = PersonFacts(
        birth_on=POOR.birth_on,
        groups=(GroupEvidence("second", date(2025, 1, 1), proven=True), *POOR.groups),
    )
    price = rules.price(both, "adult", ON)

    assert (price.own_fen, price.group) == (26800, "poor")
    assert price.evidence == POOR.groups[0]
    taken, gives_way = price.trace[1:3]
    assert dict(taken.because) == {"evidence": "list 2025-01", "from_on": "2025-01-01"}
    assert (gives_way.code, gives_way.name.en, gives_way.fen) == (Step.GIVES_WAY, "Margin", 0)


def test_the_category_carries_its_evidence() -> None:
    assert dict(RULES.price(ADULT, "adult", ON).trace[0].because) == {"age": "45"}


@pytest.mark.parametrize(
    ("person", "on", "own_fen"),
    [
        (ADULT, date(2025, 12, 31), 40000),
        (ADULT, date(2026, 2, 28), 40000),
        (ADULT, date(2026, 3, 1), 110000),
        (POOR, date(2026, 3, 1), 26800),
        (CLAIMS, date(2026, 3, 1), 110000),
        (PersonFacts(birth_on=date(2025, 12, 1)), date(2026, 3, 1), 40000),
        (PersonFacts(birth_on=date(2025, 12, 1)), date(2026, 3, 2), 110000),
    ],
)
def test_late_payers_pay_the_public_share_where_a_pack_says_so(
    person: PersonFacts, on: date, own_fen: int
) -> None:
    rules = library(with_terms("pays_subsidy = false", "pays_subsidy = true")).resolve(
        "000000", "390", 2026
    )
    price = rules.price(person, "adult", on)

    assert (price.own_fen, price.whole_fen) == (own_fen, 110000)
    assert RULES.price(person, "adult", on).own_fen == (26800 if person is POOR else 40000)


def test_a_missed_year_is_paid_back_at_todays_amount_without_subsidy() -> None:
    price = RULES.back_payment(POOR, "adult", 2024, ON)

    assert (price.own_fen, price.whole_fen, price.missed_year) == (40000, 40000, 2024)
    subsidised = library(with_terms("subsidised = false", "subsidised = true"))
    rules = subsidised.resolve("000000", "390", 2026)
    assert rules.back_payment(ADULT, "adult", 2024, ON).whole_fen == 110000


@pytest.mark.parametrize(
    ("year", "code"),
    [(2026, "back_payment_not_missed"), (2010, "back_payment_too_old"), (2011, None)],
)
def test_only_missed_years_within_the_limit_are_paid_back(year: int, code: str | None) -> None:
    if code is None:
        assert RULES.back_payment(ADULT, "adult", year, ON).own_fen == 40000
        return
    with pytest.raises(Refused, match=code):
        RULES.back_payment(ADULT, "adult", year, ON)


def test_where_no_pack_offers_it_no_missed_year_is_paid_back() -> None:
    rules = library(with_terms("years_most = 15", "years_most = 0")).resolve("000000", "390", 2026)

    with pytest.raises(Refused, match="back_payment_not_offered"):
        rules.back_payment(ADULT, "adult", 2024, ON)


@given(st.integers(1, 100_000))
def test_the_village_adds_within_its_limits_only(fen: int) -> None:
    if 20000 <= fen <= 50000:
        price = RULES.price(ADULT, "adult", ON, collective_fen=fen)
        assert price.own_fen == 40000
        assert price.whole_fen == 110000 + fen
        assert price.shares[-1].sub_ledger == "collective"
    else:
        with pytest.raises(Refused, match="collective_outside_limits"):
            RULES.price(ADULT, "adult", ON, collective_fen=fen)


@pytest.mark.parametrize(
    ("reason", "cover_from_on", "drawn", "asked_on", "code"),
    [
        ("paid_twice", None, False, date(2025, 12, 1), "refund_allowed"),
        ("paid_twice", date(2026, 1, 1), True, date(2026, 5, 1), "refund_allowed"),
        ("paid_twice", None, False, date(2026, 11, 1), "refund_allowed"),
        ("paid_twice", None, False, date(2026, 11, 2), "refund_asked_too_late"),
        ("other_insurance", date(2026, 1, 1), False, date(2025, 12, 31), "refund_allowed"),
        ("other_insurance", date(2026, 1, 1), False, date(2026, 1, 1), "refund_cover_begun"),
        ("other_insurance", None, True, date(2025, 12, 31), "refund_benefits_drawn"),
        ("moon", None, False, date(2025, 12, 31), "refund_reason_unknown"),
    ],
)
def test_a_refund_is_judged_by_its_reason_and_the_state_of_cover(
    *, reason: str, cover_from_on: date | None, drawn: bool, asked_on: date, code: str
) -> None:
    facts = RefundFacts(asked_on, date(2025, 11, 1), cover_from_on, drawn)
    answer = RULES.refund(reason, facts)

    assert (answer.code, answer.allowed) == (code, code == "refund_allowed")
    assert words.refund(answer)


def test_the_reasons_of_refunds_can_be_listed() -> None:
    assert [code for code, _ in RULES.refund_reasons(ON)] == ["paid_twice", "other_insurance"]


def test_cash_has_its_age() -> None:
    limit = RULES.cash(ON)

    assert limit is not None
    assert not limit.overdue(date(2025, 11, 1), date(2025, 11, 4))
    assert limit.overdue(date(2025, 11, 1), date(2025, 11, 5))


def test_many_are_priced_at_once_and_those_alike_share_one_price() -> None:
    people = {
        number: (PersonFacts(birth_on=date(1950 + number % 40, 1, 1)), "adult")
        for number in range(2000)
    }
    people[-1] = (ADULT, "nothing")
    prices, refused = RULES.price_all(people, ON)

    assert len(prices) == 2000
    assert len({id(price) for price in prices.values()}) == 40
    assert prices[7] == RULES.price(people[7][0], "adult", ON)
    assert refused[-1].code == "level_unknown"
