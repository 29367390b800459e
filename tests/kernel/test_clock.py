"""Business dates, working days and deadlines."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pytest_django.fixtures import Settings

from canbao.kernel import clock
from canbao.kernel.clock import Deadline, Span

pytestmark = pytest.mark.any_date

DAYS = st.dates(date(2019, 1, 1), date(2031, 12, 31))
MOMENTS = st.datetimes(
    datetime(1992, 1, 1),  # noqa: DTZ001 - hypothesis adds the zone
    datetime(2090, 1, 1),  # noqa: DTZ001
    timezones=st.just(UTC),
)
NATIONAL_DAY = date(2026, 10, 1)


@given(MOMENTS)
def test_the_business_date_is_the_date_on_a_clock_in_shanghai(at: datetime) -> None:
    assert clock.on(at) == at.astimezone(ZoneInfo("Asia/Shanghai")).date()


def test_an_evening_in_utc_is_the_next_business_date() -> None:
    assert clock.on(datetime(2026, 11, 22, 16, 0, tzinfo=UTC)) == date(2026, 11, 23)
    assert clock.on(datetime(2026, 11, 22, 15, 59, tzinfo=UTC)) == date(2026, 11, 22)


def test_a_naive_datetime_is_refused() -> None:
    naive = datetime(2026, 11, 22)  # noqa: DTZ001 - the case in question
    with pytest.raises(ValueError, match="time zone"):
        clock.on(naive)
    with pytest.raises(ValueError, match="time zone"):
        clock.instant(naive)


@pytest.mark.parametrize(
    "real",
    [
        datetime(2026, 5, 15, 3, 0, tzinfo=UTC),
        datetime(2026, 12, 31, 15, 59, 59, tzinfo=UTC),
        datetime(2026, 12, 31, 16, 0, tzinfo=UTC),
        datetime(2029, 11, 23, 23, 0, tzinfo=UTC),
        datetime(2028, 2, 29, 12, 0, tzinfo=UTC),
    ],
)
def test_the_demo_stands_on_20_november_of_the_running_year_at_the_same_hour(
    real: datetime,
) -> None:
    moved = clock.shifted(real, "11-20")
    assert clock.on(moved) == date(clock.on(real).year, 11, 20)
    assert moved.timetz() == real.timetz()


@given(MOMENTS, DAYS)
def test_a_full_business_date_is_reached_by_whole_days(real: datetime, business: date) -> None:
    moved = clock.shifted(real, business.isoformat())
    assert clock.on(moved) == business
    assert (moved - real) % timedelta(days=1) == timedelta(0)


# 23:59 and 00:01 in Shanghai, a day and a year apart.
@pytest.mark.parametrize(
    ("began", "later", "business"),
    [
        (datetime(2026, 11, 25, 15, 59, tzinfo=UTC), datetime(2026, 11, 25, 16, 1, tzinfo=UTC), date(2026, 11, 21)),
        (datetime(2026, 12, 31, 15, 59, tzinfo=UTC), datetime(2026, 12, 31, 16, 1, tzinfo=UTC), date(2026, 11, 21)),
        (datetime(2028, 2, 28, 15, 59, tzinfo=UTC), datetime(2028, 2, 29, 16, 1, tzinfo=UTC), date(2028, 11, 22)),
    ],
)  # fmt: skip
def test_a_run_over_midnight_goes_on_to_the_next_business_date(
    began: datetime, later: datetime, business: date
) -> None:
    evening = clock.shifted(began, "11-20", began)
    night = clock.shifted(later, "11-20", began)

    assert clock.on(evening) == date(clock.on(began).year, 11, 20)
    assert clock.on(night) == business
    assert night - evening == later - began


@given(MOMENTS, MOMENTS, st.sampled_from(["11-20", "2026-11-20", ""]))
def test_time_never_runs_backwards_in_a_run(one: datetime, other: datetime, setting: str) -> None:
    began, later = min(one, other), max(one, other)
    assert clock.shifted(began, setting, began) <= clock.shifted(later, setting, began)


def test_what_a_run_starts_later_counts_from_the_same_beginning(settings: Settings) -> None:
    began = datetime.now(UTC) - timedelta(days=3)
    settings.CANBAO_BUSINESS_DATE = "11-20"
    settings.CANBAO_RUN_BEGAN = began.isoformat()

    assert clock.began() == began
    assert clock.today() == date(clock.on(began).year, 11, 23)


@given(MOMENTS)
def test_without_a_setting_time_is_not_moved(real: datetime) -> None:
    assert clock.shifted(real, "") == clock.shifted(real, "  ") == real


def test_29_february_is_the_28th_where_the_year_has_none() -> None:
    assert clock.business_date("02-29", datetime(2027, 6, 1, tzinfo=UTC)) == date(2027, 2, 28)
    assert clock.business_date("2-29", datetime(2028, 6, 1, tzinfo=UTC)) == date(2028, 2, 29)


@pytest.mark.parametrize("setting", ["13-01", "11-31", "20 November", "2026-02-30", "11-20-2026"])
def test_a_setting_that_names_no_date_is_refused(setting: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - the words are Python's
        clock.business_date(setting, datetime(2026, 6, 1, tzinfo=UTC))


def test_now_follows_the_setting(settings: Settings) -> None:
    settings.CANBAO_BUSINESS_DATE = "2031-03-04"
    assert clock.today() == date(2031, 3, 4)
    settings.CANBAO_BUSINESS_DATE = ""
    real = datetime.now(UTC)
    assert abs(clock.now() - real) < timedelta(minutes=1)


def test_national_day_is_free_and_its_exchanged_weekend_is_worked() -> None:
    assert not clock.NATIONAL.is_working(NATIONAL_DAY)
    assert clock.NATIONAL.is_working(date(2026, 10, 10))
    assert date(2026, 10, 10).weekday() == clock.SATURDAY


def test_three_working_days_before_national_day_end_after_it() -> None:
    assert clock.add_working_days(date(2026, 9, 29), 3) == date(2026, 10, 9)


def test_a_year_that_is_not_published_says_so_and_counts_weekends_only() -> None:
    far = max(clock.NATIONAL.years) + 3
    assert not clock.is_published(far)
    assert clock.is_published(2026)
    assert clock.unpublished_years(date(2026, 12, 31), date(far, 1, 4)) == tuple(
        range(2027, far + 1)
    )
    for step in range(366):
        day = date(far, 1, 1) + timedelta(days=step)
        assert clock.NATIONAL.is_working(day) == (day.weekday() < clock.SATURDAY)


def test_days_can_be_added_as_data(tmp_path: Path) -> None:
    file = tmp_path / "days.toml"
    file.write_text("[2031]\nholidays = [2031-01-01]\nworkdays = [2031-01-04]\n", encoding="utf-8")
    calendar = clock.read_calendar(str(file))
    assert calendar.is_published(2031)
    assert not calendar.is_working(date(2031, 1, 1))
    assert calendar.is_working(date(2031, 1, 4))
    assert calendar.is_working(date(2026, 10, 10))
    assert clock.add_working_days(date(2030, 12, 31), 1, calendar) == date(2031, 1, 2)


def test_a_day_added_later_overrules_the_earlier_word() -> None:
    calendar = clock.NATIONAL.extended(workdays=[NATIONAL_DAY])
    assert calendar.is_working(NATIONAL_DAY)
    assert not calendar.extended(holidays=[NATIONAL_DAY]).is_working(NATIONAL_DAY)
    with pytest.raises(ValueError, match="both a holiday and a working day"):
        calendar.extended(holidays=[NATIONAL_DAY], workdays=[NATIONAL_DAY])


@pytest.mark.parametrize(
    "text",
    ["[2031]\nfree = [2031-01-01]\n", "[next]\n", "[2031]\nholidays = ['1 May']\n", "x = 1\n"],
)
def test_a_file_of_days_that_holds_something_else_is_refused(tmp_path: Path, text: str) -> None:
    file = tmp_path / "days.toml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(ValueError):  # noqa: PT011 - several sentences
        clock.read_calendar(str(file))


def test_the_setting_names_the_file_of_days(settings: Settings, tmp_path: Path) -> None:
    file = tmp_path / "days.toml"
    file.write_text("[2032]\nholidays = [2032-03-03]\n", encoding="utf-8")
    settings.CANBAO_HOLIDAYS = str(file)
    assert not clock.official().is_working(date(2032, 3, 3))
    settings.CANBAO_HOLIDAYS = ""
    assert clock.official() == clock.NATIONAL


@given(DAYS, st.integers(1, 40))
def test_counting_back_gives_the_days_that_were_added(start: date, days: int) -> None:
    end = clock.add_working_days(start, days)
    assert clock.NATIONAL.is_working(end)
    assert clock.working_days_between(start, end) == days
    assert clock.working_days_between(end, start) == -days


@given(DAYS)
def test_zero_working_days_is_today_or_the_next_day_worked(start: date) -> None:
    end = clock.add_working_days(start, 0)
    assert clock.NATIONAL.is_working(end)
    assert not any(
        clock.NATIONAL.is_working(start + timedelta(days=step))
        for step in range((end - start).days)
    )


def test_working_days_are_not_counted_backwards() -> None:
    with pytest.raises(ValueError, match="forward"):
        clock.add_working_days(date(2026, 5, 15), -1)


def test_the_20th_is_this_month_until_it_has_passed() -> None:
    assert clock.day_of_month(date(2026, 11, 20), 20) == date(2026, 11, 20)
    assert clock.day_of_month(date(2026, 11, 21), 20) == date(2026, 12, 20)
    assert clock.day_of_month(date(2026, 12, 31), 20) == date(2027, 1, 20)
    assert clock.day_of_month(date(2027, 2, 3), 31) == date(2027, 2, 28)
    assert clock.day_of_month(date(2027, 1, 31), 30) == date(2027, 2, 28)


@given(DAYS, st.integers(1, 31))
def test_a_day_of_the_month_is_never_before_today_nor_more_than_a_month_away(
    start: date, day: int
) -> None:
    due = clock.day_of_month(start, day)
    assert timedelta(0) <= due - start <= timedelta(days=31)


THREE_DAYS = Deadline(working_days=3)
BY_THE_20TH = Deadline(day_of_month=20)


def test_a_running_clock_is_due_after_its_working_days() -> None:
    spans = [Span(date(2026, 11, 18))]
    assert clock.due_on(THREE_DAYS, spans, date(2026, 11, 19)) == date(2026, 11, 23)


def test_a_returned_case_waits_for_the_applicant() -> None:
    spans = [
        Span(date(2026, 11, 16), date(2026, 11, 17)),
        Span(date(2026, 11, 17), date(2026, 11, 25), running=False),
        Span(date(2026, 11, 25)),
    ]
    assert clock.due_on(THREE_DAYS, spans, date(2026, 11, 25)) == date(2026, 11, 27)
    assert clock.due_on(BY_THE_20TH, spans, date(2026, 11, 25)) == date(2026, 12, 20)


def test_while_the_clock_stands_still_the_date_moves_with_today() -> None:
    spans = [
        Span(date(2026, 11, 16), date(2026, 11, 17)),
        Span(date(2026, 11, 17), running=False),
    ]
    assert clock.is_paused(spans)
    assert clock.due_on(THREE_DAYS, spans, date(2026, 11, 18)) == date(2026, 11, 20)
    assert clock.due_on(THREE_DAYS, spans, date(2026, 11, 19)) == date(2026, 11, 23)
    assert clock.due_on(BY_THE_20TH, spans, date(2026, 11, 21)) == date(2026, 12, 20)


def test_what_was_overdue_before_the_pause_stays_overdue() -> None:
    spans = [
        Span(date(2026, 11, 2), date(2026, 11, 16)),
        Span(date(2026, 11, 16), date(2026, 11, 20), running=False),
        Span(date(2026, 11, 20)),
    ]
    assert clock.due_on(THREE_DAYS, spans, date(2026, 11, 20)) == date(2026, 11, 5)


@st.composite
def walks(draw: st.DrawFn) -> list[Span]:
    """Spans that follow each other, alternately running and paused, the last one open."""
    at = draw(DAYS)
    spans: list[Span] = []
    for running in [True, False] * draw(st.integers(0, 3)):
        end = at + timedelta(days=draw(st.integers(0, 12)))
        spans.append(Span(at, end, running=running))
        at = end
    return [*spans, Span(at)]


@given(walks(), st.integers(0, 15))
def test_a_pause_never_makes_a_deadline_earlier(spans: list[Span], days: int) -> None:
    rule = Deadline(working_days=days)
    straight = clock.due_on(rule, [Span(spans[0].from_on)], spans[0].from_on)
    assert clock.due_on(rule, spans, spans[-1].from_on) >= straight


@given(walks(), st.integers(1, 15))
def test_working_days_that_ran_until_the_deadline_are_those_of_the_rule(
    spans: list[Span], days: int
) -> None:
    due = clock.due_on(Deadline(working_days=days), spans, spans[-1].from_on)
    ran = sum(
        clock.working_days_between(span.from_on, min(span.to_on or due, due))
        for span in spans
        if span.running and span.from_on < due
    )
    assert ran == days


@given(DAYS, st.integers(0, 10), st.integers(1, 8), st.integers(1, 31))
def test_cutting_a_running_span_in_two_changes_nothing(
    start: date, after: int, days: int, day: int
) -> None:
    cut = start + timedelta(days=after)
    for rule in (Deadline(working_days=days), Deadline(day_of_month=day)):
        whole = clock.due_on(rule, [Span(start)], cut)
        assert clock.due_on(rule, [Span(start, cut), Span(cut)], cut) == whole


@pytest.mark.parametrize(
    "spans",
    [
        [],
        [Span(date(2026, 11, 2)), Span(date(2026, 11, 3))],
        [Span(date(2026, 11, 2), date(2026, 11, 5)), Span(date(2026, 11, 4))],
        [Span(date(2026, 11, 2), date(2026, 11, 1))],
    ],
)
def test_spans_that_do_not_follow_each_other_are_refused(spans: list[Span]) -> None:
    with pytest.raises(ValueError, match="span"):
        clock.due_on(THREE_DAYS, spans, date(2026, 11, 20))


@pytest.mark.parametrize(
    ("days", "day"), [(None, None), (3, 20), (-1, None), (None, 0), (None, 32)]
)
def test_a_rule_is_working_days_or_a_day_of_the_month(days: int | None, day: int | None) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - several sentences
        Deadline(working_days=days, day_of_month=day)
