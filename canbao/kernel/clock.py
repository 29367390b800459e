"""Instants in UTC, business dates in Asia/Shanghai, working days and deadlines with pauses."""

from __future__ import annotations

import calendar as months
import functools
import re
import tomllib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone
from itertools import pairwise
from pathlib import Path
from typing import Final, TypeAlias

import chinese_calendar.constants as published
from django.conf import settings

Instant: TypeAlias = datetime  # aware, in UTC; `instant` makes one

# One offset since 1991. A fixed one needs no zone files, which a bare system may lack.
SHANGHAI: Final = timezone(timedelta(hours=8), "Asia/Shanghai")
ONE_DAY: Final = timedelta(days=1)
SATURDAY: Final = 5
_MONTH_DAY: Final = re.compile(r"(\d{1,2})-(\d{1,2})")
_LEAP_YEAR: Final = 2024
_DAYS: Final = frozenset({"holidays", "workdays"})


def instant(value: datetime) -> Instant:
    """The same moment in UTC; a naive datetime is a mistake of the caller."""
    if value.tzinfo is None:
        raise ValueError("an instant needs a time zone")
    return value.astimezone(UTC)


def on(at: Instant) -> date:
    """The business date of an instant."""
    if at.tzinfo is None:
        raise ValueError("an instant needs a time zone")
    return at.astimezone(SHANGHAI).date()


def business_date(setting: str, real: datetime) -> date:
    """The business date that a setting names: `MM-DD` of the running year, `YYYY-MM-DD`, or empty.

    29 February is 28 February in a year without it. Anything else raises ValueError.
    """
    today = on(real)
    if not setting.strip():
        return today
    found = _MONTH_DAY.fullmatch(setting.strip())
    if not found:
        return date.fromisoformat(setting.strip())
    month, day = int(found[1]), int(found[2])
    date(_LEAP_YEAR, month, day)
    return date(today.year, month, min(day, months.monthrange(today.year, month)[1]))


def shifted(real: datetime, setting: str, began: datetime | None = None) -> Instant:
    """The real moment moved by whole days, so that the run began on the business date that is set.

    How many days that are is worked out from the moment the run began and no other: after midnight the
    business date is the next one, and time never runs backwards.
    """
    first = began or real
    moved: timedelta = business_date(setting, first) - on(first)
    return instant(real) + moved


_LOADED: Final = datetime.now(UTC)  # noqa: TID251 - this is the edge


def began() -> Instant:
    """When this run began: the moment `canbao run` hands to what it starts, or the start of this program."""
    handed = str(getattr(settings, "CANBAO_RUN_BEGAN", ""))
    return instant(datetime.fromisoformat(handed)) if handed else _LOADED


def now() -> Instant:
    """The present moment; the run began on the business date of the setting CANBAO_BUSINESS_DATE."""
    real = datetime.now(UTC)  # noqa: TID251 - this is the edge
    return shifted(real, str(getattr(settings, "CANBAO_BUSINESS_DATE", "")), began())


def long_ago(day: date, today: date) -> bool:
    """Whether a day lies so far back that money of our time was not moved on it: more than two years."""
    return day < today - timedelta(days=731)


def today() -> date:
    """The business date of now."""
    return on(now())


@dataclass(frozen=True, slots=True)
class Calendar:
    """Days off on weekdays, days worked on weekends, and the years they were published for."""

    holidays: frozenset[date]
    workdays: frozenset[date]
    years: frozenset[int]

    def is_published(self, year: int) -> bool:
        """Tell whether the State Council's days of that year are known; else weekends count."""
        return year in self.years

    def is_working(self, on: date) -> bool:
        """Tell whether offices work on that day."""
        if on in self.workdays:
            return True
        return on.weekday() < SATURDAY and on not in self.holidays

    def extended(
        self,
        *,
        holidays: Iterable[date] = (),
        workdays: Iterable[date] = (),
        years: Iterable[int] = (),
    ) -> Calendar:
        """Add days; a later word overrules an earlier one about the same day."""
        off, work = frozenset(holidays), frozenset(workdays)
        if off & work:
            raise ValueError(f"both a holiday and a working day: {min(off & work)}")
        return Calendar(
            holidays=(self.holidays - work) | off,
            workdays=(self.workdays - off) | work,
            years=self.years | frozenset(years),
        )


NATIONAL: Final = Calendar(
    frozenset(published.holidays),
    frozenset(published.workdays),
    frozenset(day.year for day in published.holidays),
)


@functools.cache
def read_calendar(path: str) -> Calendar:
    """The national calendar with the days of a TOML file; an empty path adds nothing.

    One table a year: `[2027]` with `holidays` and `workdays`, lists of dates. Raises ValueError.
    """
    known = NATIONAL
    if not path:
        return known
    with Path(path).open("rb") as file:
        tables = tomllib.load(file)
    for year, days in tables.items():
        if not year.isdigit() or not isinstance(days, dict) or days.keys() - _DAYS:
            raise ValueError(f"[{year}]: a year holds holidays and workdays, and nothing else")
        off, work = days.get("holidays", []), days.get("workdays", [])
        for day in [*off, *work]:
            if type(day) is not date:
                raise ValueError(f"[{year}]: {day!r} is not a date")
        known = known.extended(holidays=off, workdays=work, years=[int(year)])
    return known


def official() -> Calendar:
    """The calendar in force here: the national one and the file of the setting CANBAO_HOLIDAYS."""
    return read_calendar(str(getattr(settings, "CANBAO_HOLIDAYS", "") or ""))


def is_published(year: int, calendar: Calendar = NATIONAL) -> bool:
    """Tell whether the holidays of a year are known."""
    return calendar.is_published(year)


def unpublished_years(start: date, end: date, calendar: Calendar = NATIONAL) -> tuple[int, ...]:
    """The years between two dates whose holidays are unknown: a count there is provisional."""
    first, last = min(start, end).year, max(start, end).year
    return tuple(year for year in range(first, last + 1) if not calendar.is_published(year))


def add_working_days(start: date, days: int, calendar: Calendar = NATIONAL) -> date:
    """The date `days` working days after a date; 0 is the date itself or the next working day."""
    if days < 0:
        raise ValueError("working days are counted forward")
    at = start
    if days == 0:
        while not calendar.is_working(at):
            at += ONE_DAY
        return at
    while days:
        at += ONE_DAY
        days -= calendar.is_working(at)
    return at


def working_days_between(start: date, end: date, calendar: Calendar = NATIONAL) -> int:
    """Working days after `start` up to and with `end`; negative when `end` is the earlier one."""
    if end < start:
        return -working_days_between(end, start, calendar)
    days = (start + timedelta(days=step) for step in range(1, (end - start).days + 1))
    return sum(calendar.is_working(day) for day in days)


def day_of_month(start: date, day: int) -> date:
    """That day of this month, or of the next when it has passed; of a short month its last day."""
    here = date(start.year, start.month, min(day, months.monthrange(start.year, start.month)[1]))
    if start <= here:
        return here
    following = date(start.year, start.month, 28) + timedelta(days=4)
    last = months.monthrange(following.year, following.month)[1]
    return date(following.year, following.month, min(day, last))


@dataclass(frozen=True, slots=True)
class Deadline:
    """A rule of the flow: so many working days, or a day of the month. Exactly one is given."""

    working_days: int | None = None
    day_of_month: int | None = None

    def __post_init__(self) -> None:
        if (self.working_days is None) == (self.day_of_month is None):
            raise ValueError("a deadline is either working days or a day of the month")
        if self.working_days is not None and self.working_days < 0:
            raise ValueError("working days are not negative")
        if self.day_of_month is not None and not 1 <= self.day_of_month <= 31:  # noqa: PLR2004
            raise ValueError("a day of the month is 1 to 31")


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of time in which the clock ran or stood still; the last one may be open."""

    from_on: date
    to_on: date | None = None
    running: bool = True


def is_paused(spans: Sequence[Span]) -> bool:
    """Tell whether the clock stands still now."""
    return not spans[-1].running


def due_on(
    rule: Deadline, spans: Sequence[Span], today: date, calendar: Calendar = NATIONAL
) -> date:
    """The date by which the desk must have answered.

    The day a span begins is not counted, the day it ends is. While the clock stands still the date
    is what it would be if it ran again today. A day of the month is taken from the last time the
    clock began to run. Raises ValueError for spans that are empty, unordered or open in the middle.
    """
    _check(spans)
    last = spans[-1]
    resumed = last.from_on if last.running else max(today, last.from_on)
    if last.to_on is not None and not last.running:
        resumed = last.to_on
    if rule.working_days is None:
        start = resumed
        for earlier in reversed(spans[:-1]):
            if not (last.running and earlier.running and earlier.to_on == start):
                break
            start = earlier.from_on
        return day_of_month(start, rule.day_of_month or 1)
    left = rule.working_days
    for span in spans[:-1]:
        if not span.running or span.to_on is None:
            continue
        due = add_working_days(span.from_on, left, calendar)
        if due <= span.to_on:
            return due
        left -= working_days_between(span.from_on, span.to_on, calendar)
    return add_working_days(resumed, left, calendar)


def _check(spans: Sequence[Span]) -> None:
    if not spans:
        raise ValueError("a deadline has at least one span")
    for span, following in pairwise(spans):
        if span.to_on is None or following.from_on < span.to_on:
            raise ValueError("spans follow each other, and only the last is open")
    if any(span.to_on is not None and span.to_on < span.from_on for span in spans):
        raise ValueError("a span ends after it begins")
