"""What every pack is made of: texts in both languages, days, sources, payers, and values that cite one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Generic, TypeVar

T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)


class Payer(StrEnum):
    """Who pays a share; `government` where no source gives the split, `aid` for a helper that is no budget."""

    OWN = "own"
    AID = "aid"
    GOVERNMENT = "government"
    CENTRAL = "central"
    PROVINCE = "province"
    PROVINCE_CITY = "province_city"
    CITY = "city"
    COUNTY = "county"
    COLLECTIVE = "collective"


class Grade(StrEnum):
    """How good a source is: official site, reprint of an official text, press copy, anything weaker."""

    A = "A"
    B = "B"
    C = "C"
    D = "D"


class Section(StrEnum):
    """Parts of a pack that it may state in full, so that nothing of them is inherited."""

    LEVEL = "level"
    GROUP = "group"
    RULE = "rule"
    PAPER = "paper"
    REFUND = "refund"


@dataclass(frozen=True, slots=True)
class Text:
    """The same words in both languages."""

    zh: str
    en: str

    def in_language(self, language: str) -> str:
        return self.zh if language.lower().startswith("zh") else self.en


@dataclass(frozen=True, slots=True)
class SeasonDay:
    """A day that comes back every cover year: in the year before it (-1) or in the year itself (0)."""

    offset: int
    month: int
    day: int


Day = date | SeasonDay


def day_in(day: Day, year: int) -> date:
    """Give the calendar date of a day for one cover year."""
    return day if isinstance(day, date) else date(year + day.offset, day.month, day.day)


@dataclass(frozen=True, slots=True)
class Source:
    """A document or page; `published_on` is None where the day was not found."""

    code: str
    title: Text
    address: str
    grade: Grade
    published_on: Day | None


@dataclass(frozen=True, slots=True)
class Value(Generic[T_co]):
    """Something a pack says, from whom, since when and until when (both days included)."""

    it: T_co
    source: Source
    confirmed: bool
    from_on: Day | None
    to_on: Day | None
    line: int

    def span(self, year: int) -> tuple[date, date]:
        return (
            day_in(self.from_on, year) if self.from_on else date.min,
            day_in(self.to_on, year) if self.to_on else date.max,
        )


def in_force(values: tuple[Value[T], ...], on: date, year: int) -> Value[T] | None:
    """Give the one value that holds on a day of one cover year, or None."""
    for value in values:
        first, last = value.span(year)
        if first <= on <= last:
            return value
    return None
