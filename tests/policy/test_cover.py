"""When money is taken, and from when to when it covers, with the reason in words."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from canbao.policy import words
from canbao.policy.rules.answers import CoverAnswer, CoverStep, History, Window
from canbao.policy.rules.covering import months_after
from canbao.policy.rules.person import GroupEvidence, PersonFacts
from canbao.policy.rules.resolved import Rules
from tests.policy.written import PACK, library, with_terms

ADULT = PersonFacts(birth_on=date(1980, 1, 1))
RULES = library(with_terms()).resolve("000000", "390", 2026)
LONG = History(frozenset(range(2015, 2026)))


def covered(
    paid_on: date, history: History = LONG, person: PersonFacts = ADULT, rules: Rules = RULES
) -> CoverAnswer:
    answer = rules.cover(person, paid_on, history)
    assert answer is not None
    return answer


def steps(answer: CoverAnswer) -> list[CoverStep]:
    return [line.code for line in answer.why]


@pytest.mark.parametrize(
    ("on", "state", "next_on"),
    [
        (date(2025, 8, 31), Window.EARLY, date(2025, 9, 1)),
        (date(2025, 9, 1), Window.OPEN, None),
        (date(2025, 11, 25), Window.OPEN, None),
        (date(2025, 11, 26), Window.PAUSED, date(2025, 12, 1)),
        (date(2025, 12, 28), Window.OPEN, None),
        (date(2025, 12, 29), Window.PAUSED, date(2026, 1, 1)),
        (date(2026, 1, 1), Window.EXTENDED, None),
        (date(2026, 2, 25), Window.EXTENDED, None),
        (date(2026, 2, 26), Window.PAUSED, date(2026, 3, 1)),
        (date(2026, 3, 1), Window.LATE, None),
        (date(2026, 10, 26), Window.PAUSED, None),
        (date(2026, 11, 1), Window.CLOSED, None),
    ],
)
def test_money_is_taken_in_its_period_and_before_the_month_closes(
    on: date, state: Window, next_on: date | None
) -> None:
    found = RULES.collects(on)

    assert (found.state, found.next_on) == (state, next_on)
    assert found.takes == (state in {Window.OPEN, Window.EXTENDED, Window.LATE})
    assert "%" not in words.window(found)


def test_a_newborn_waits_for_the_month_to_open_too_but_not_for_the_period() -> None:
    born = PersonFacts(birth_on=date(2026, 11, 3))

    found = RULES.collects(date(2026, 11, 28), born)

    assert (found.state, found.next_on) == (Window.PAUSED, date(2026, 12, 1))


def test_an_opening_that_a_city_does_not_say_is_that_of_the_country() -> None:
    city = with_terms('opens_on = "previous-09-01"\n').replace('"000000"', '"370100"')
    season = library(with_terms(), city).resolve("370100", "390", 2026).season(date(2025, 11, 1))

    assert season is not None
    assert season.opens_on == date(2025, 9, 1)
    assert season.standing.inherited_from is None
    alone = library(city).resolve("370100", "390", 2026).season(date(2025, 11, 1))
    assert alone is not None
    assert alone.opens_on is None


def test_without_a_published_period_no_money_is_taken() -> None:
    found = library(PACK).resolve("000000", "390", 2026).collects(date(2025, 11, 1))

    assert (found.state, found.takes) == (Window.UNSAID, False)


def test_both_ends_of_a_period_belong_to_it() -> None:
    i, j = with_terms().index("days = ["), with_terms().index("]\nsource")
    rules = library(with_terms()[:i] + with_terms()[j + 2 :]).resolve("000000", "390", 2026)

    assert [
        rules.collects(day).state
        for day in (
            date(2025, 9, 1),
            date(2025, 12, 31),
            date(2026, 1, 1),
            date(2026, 2, 28),
            date(2026, 3, 1),
            date(2026, 10, 31),
            date(2026, 11, 1),
        )
    ] == [
        Window.OPEN,
        Window.OPEN,
        Window.EXTENDED,
        Window.EXTENDED,
        Window.LATE,
        Window.LATE,
        Window.CLOSED,
    ]


def test_a_newborn_is_paid_for_when_the_period_is_over() -> None:
    born = PersonFacts(birth_on=date(2026, 11, 3))

    assert RULES.collects(date(2026, 11, 20), born).state is Window.NEWBORN
    assert RULES.collects(date(2026, 11, 20)).state is Window.CLOSED


@pytest.mark.parametrize(
    ("paid_on", "from_on", "months"),
    [
        (date(2025, 9, 1), date(2026, 1, 1), 0),
        (date(2025, 12, 31), date(2026, 1, 1), 0),
        (date(2026, 1, 15), date(2026, 1, 15), 0),
        (date(2026, 2, 28), date(2026, 2, 28), 0),
        (date(2026, 3, 1), date(2026, 7, 1), 3),
        (date(2026, 8, 31), date(2026, 12, 1), 3),
    ],
)
def test_cover_begins_by_the_period_of_the_payment(
    paid_on: date, from_on: date, months: int
) -> None:
    found = covered(paid_on)

    assert (found.from_on, found.to_on) == (from_on, date(2026, 12, 31))
    assert found.waiting_months == months


def test_a_payment_so_late_that_the_year_is_over_first_covers_nothing_and_says_so() -> None:
    found = covered(date(2026, 9, 1))

    assert found.from_on is None
    assert steps(found) == [CoverStep.LATE, CoverStep.FIXED, CoverStep.NEVER]
    with translation.override("en"):
        assert words.cover(found)[-1].said.startswith("Cover would begin on 1 January 2027")


@pytest.mark.parametrize(
    ("last", "repaid", "months"),
    [
        (2025, (), 0),
        (2024, (), 4),
        (2024, (2025,), 3),
        (2022, (), 6),
        (2022, (2023, 2025), 4),
        (2022, (2023, 2024, 2025), 3),
        (2021, (), 7),
        (2021, (2022,), 6),
        (2021, (2022, 2023, 2024, 2025), 6),
        (2020, (), 8),
        (2020, (2019,), 8),
    ],
)
def test_gap_years_add_months_and_paying_them_back_takes_months_off(
    last: int, repaid: tuple[int, ...], months: int
) -> None:
    history = History(frozenset(range(2015, last + 1)), frozenset(repaid))
    found = covered(date(2025, 11, 1), history)

    assert found.waiting_months == months
    assert found.from_on == months_after(date(2026, 1, 1), months)
    assert found.gap_years == tuple(range(last + 1, 2026))


@given(
    first_known=st.none() | st.integers(2015, 2025),
    years=st.frozensets(st.integers(2010, 2025)),
    repaid=st.frozensets(st.integers(2010, 2025)),
    paid=st.integers(0, 500),
)
def test_paying_a_missed_year_back_never_makes_the_wait_longer(
    first_known: int | None, years: frozenset[int], repaid: frozenset[int], paid: int
) -> None:
    paid_on = date(2025, 9, 1) + timedelta(days=paid)
    without = covered(paid_on, History(years, frozenset(), first_known))
    found = covered(paid_on, History(years, repaid, first_known))

    assert 0 <= found.waiting_months <= without.waiting_months
    assert found.gap_years == without.gap_years
    assert not set(found.gap_years) & years
    if len(found.gap_years) >= 4:
        assert found.waiting_months >= 6
    if found.from_on:
        assert date(2026, 1, 1) <= found.from_on <= found.to_on == date(2026, 12, 31)
    else:
        assert found.why[-1].code is CoverStep.NEVER


def test_paying_back_never_takes_off_more_than_the_gap_added() -> None:
    rules = library(with_terms("repaid_months = 1", "repaid_months = 2"))
    history = History(frozenset({2022}), frozenset({2023, 2024, 2025}))
    found = rules.resolve("000000", "390", 2026).cover(ADULT, date(2025, 11, 1), history)

    assert found is not None
    assert found.waiting_months == 3


@pytest.mark.parametrize(
    ("paid_on", "from_on"),
    [(date(2026, 9, 30), date(2026, 12, 30)), (date(2026, 10, 1), None)],
)
def test_the_last_day_of_the_year_still_counts(paid_on: date, from_on: date | None) -> None:
    text = with_terms('late_from = "next_month"', 'late_from = "payment_day"')
    rules = library(text).resolve("000000", "390", 2026)

    assert covered(paid_on, rules=rules).from_on == from_on
    until = library(text.replace("fixed_months = 3", "fixed_months = 2"))
    last = covered(date(2026, 10, 31), rules=until.resolve("000000", "390", 2026))
    assert last.from_on == last.to_on == date(2026, 12, 31)


def test_somebody_never_insured_before_has_no_gap_and_years_before_the_records_do_not_count() -> (
    None
):
    assert covered(date(2025, 11, 1), History()).waiting_months == 0
    assert covered(date(2026, 3, 1), History()).waiting_months == 3
    told = History(frozenset({2015}), frozenset(), first_known=2024)
    assert covered(date(2025, 11, 1), told).gap_years == (2024, 2025)


def test_an_exempt_group_does_not_wait_but_only_when_it_is_proven() -> None:
    proven = GroupEvidence("poor", date(2025, 1, 1), proven=True)
    claimed = GroupEvidence("poor", date(2025, 1, 1))
    poor = PersonFacts(birth_on=ADULT.birth_on, groups=(proven,))

    assert covered(date(2026, 3, 5), person=poor).from_on == date(2026, 4, 1)
    assert CoverStep.EXEMPT in steps(covered(date(2026, 3, 5), person=poor))
    alone = PersonFacts(birth_on=ADULT.birth_on, groups=(claimed,))
    assert covered(date(2026, 3, 5), person=alone).from_on == date(2026, 7, 1)


@pytest.mark.parametrize(
    ("born", "paid_on", "from_on", "across"),
    [
        (date(2026, 5, 1), date(2026, 5, 1), date(2026, 5, 1), "each_year"),
        (date(2026, 5, 1), date(2026, 7, 30), date(2026, 5, 1), "each_year"),
        (date(2026, 5, 1), date(2026, 7, 31), date(2026, 8, 1), "each_year"),
        (date(2025, 11, 20), date(2026, 2, 10), date(2026, 1, 1), "each_year"),
        (date(2025, 11, 20), date(2026, 2, 10), date(2025, 11, 20), "one_payment"),
        (date(2025, 9, 2), date(2025, 10, 1), date(2026, 1, 1), "one_payment"),
    ],
)
def test_a_newborn_is_covered_from_birth_within_the_days(
    born: date, paid_on: date, from_on: date, across: str
) -> None:
    text = with_terms("each_year", across)
    rules = library(text).resolve("000000", "390", 2026)
    found = covered(paid_on, History(), PersonFacts(birth_on=born), rules)

    assert (found.from_on, found.waiting_months) == (from_on, 0)


def test_every_step_has_words_and_its_source() -> None:
    for paid_on in (date(2025, 11, 1), date(2026, 3, 5)):
        for said in words.cover(covered(paid_on, History(frozenset({2016}), frozenset({2019})))):
            assert "%" not in said.said
            assert "example.org/copy" in said.source


def test_the_pension_has_no_cover() -> None:
    assert library(PACK).resolve("000000", "390", 2026).cover(ADULT, date(2026, 1, 1)) is None
