"""A pack as it was written: what one place says about one insurance, each value with its source."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Generic, TypeVar

from canbao.policy.rules.conditions import Condition
from canbao.policy.rules.person import Insurance, PersonFacts

T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)


class Payer(StrEnum):
    """Who pays a share. `government` stands where no source gives the split, `aid` for a group's helper."""

    OWN = "own"
    AID = "aid"
    GOVERNMENT = "government"
    CENTRAL = "central"
    PROVINCE = "province"
    PROVINCE_CITY = "province_city"
    CITY = "city"
    COUNTY = "county"


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


@dataclass(frozen=True, slots=True)
class Help:
    """What a helper takes over of the own share: all, a fixed sum in fen, or whole percent of it."""

    paid_by: Text
    full: bool = False
    fixed_fen: int | None = None
    percent: int | None = None
    levels: frozenset[str] | None = None

    def taken_over_fen(self, own_fen: int) -> int:
        """Give the fen the helper pays; a fraction of a fen stays with the person."""
        if self.full:
            return own_fen
        if self.fixed_fen is not None:
            return min(self.fixed_fen, own_fen)
        return own_fen * (self.percent or 0) // 100


@dataclass(frozen=True, slots=True)
class LevelPart:
    """What one pack says about a category or tier; None or empty where it leaves it to packs above."""

    line: int
    name: Text | None
    hint: Text | None
    person_types: tuple[str, ...]
    fits: tuple[Condition, ...]
    own: tuple[Value[int], ...]
    subsidy: tuple[Value[tuple[tuple[Payer, int], ...]], ...]
    not_found: Text | None


@dataclass(frozen=True, slots=True)
class GroupPart:
    """What one pack says about a special group."""

    line: int
    name: Text | None
    priority: Value[int] | None
    help: tuple[Value[Help], ...]


@dataclass(frozen=True, slots=True)
class RuleSays:
    """Who is refused, and the sentence that tells them."""

    refuse_when: tuple[Condition, ...]
    says: Text


@dataclass(frozen=True, slots=True)
class PaperSays:
    """A paper that is asked for when a condition holds, or always when there is none."""

    name: Text
    hint: Text | None
    when: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class Season:
    """The days on which the money of a cover year is taken, both included; the first may be unknown."""

    opens_on: Day | None
    closes_on: Day


@dataclass(frozen=True, slots=True)
class CoverStart:
    """When cover begins for those who are in time, and how many months the late ones wait."""

    starts_on: Day
    late_wait_months: int | None
    says: Text | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """A worked example: a person on a day, and what must come out. None is not compared."""

    line: int
    about: str
    year: int | None
    on: Day
    age: int | None
    person: PersonFacts
    level: str | None
    own_fen: int | None
    whole_fen: int | None
    likely: str | None
    refused_by: tuple[str, ...] | None
    papers: tuple[str, ...] | None
    family_form: bool | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Pack:
    """One file: a place, an insurance and the cover years it was written for (none: every year)."""

    file: str
    sha256: str
    place: str
    place_name: Text
    insurance: Insurance
    years: range | None
    demo: bool
    replaces: frozenset[Section]
    sources: Mapping[str, Source]
    levels: Mapping[str, LevelPart]
    groups: Mapping[str, GroupPart]
    rules: Mapping[str, tuple[Value[RuleSays], ...]]
    papers: Mapping[str, tuple[Value[PaperSays], ...]]
    season: tuple[Value[Season], ...]
    cover: tuple[Value[CoverStart], ...]
    examples: tuple[Example, ...]

    def covers(self, year: int) -> bool:
        return self.years is None or year in self.years
