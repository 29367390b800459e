"""A pack as it was written: what one place says about one insurance, each value with its source."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from canbao.policy.rules.conditions import Condition
from canbao.policy.rules.person import Insurance, PersonFacts
from canbao.policy.rules.terms import RefundSays, Terms
from canbao.policy.rules.values import Day, Payer, Section, Source, Text, Value


class Way(StrEnum):
    """How a helper helps: the person is asked for less, or is asked in full and paid back."""

    EXEMPT = "exempt"
    REIMBURSE = "reimburse"


@dataclass(frozen=True, slots=True)
class Help:
    """What a helper takes over of the own share: all, a fixed sum in fen, or whole percent of it."""

    paid_by: Text
    payer: Payer = Payer.AID
    way: Way = Way.EXEMPT
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


@dataclass(frozen=True, slots=True, kw_only=True)
class CoverExample:
    """What must come out for the cover of an example's person who pays on its day."""

    covered: frozenset[int]
    repaid: frozenset[int]
    first_known: int | None
    from_on: Day | None
    to_on: Day | None
    waiting_months: int | None
    none: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class RefundExample:
    """What must come out when an example's person asks for money back on its day."""

    reason: str
    paid_on: Day
    cover_from_on: Day | None
    benefits_drawn: bool
    allowed: bool


@dataclass(frozen=True, slots=True)
class BackExample:
    """What one missed year must cost."""

    year: int
    own_fen: int
    whole_fen: int


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
    collective_fen: int
    own_fen: int | None
    whole_fen: int | None
    likely: str | None
    refused_by: tuple[str, ...] | None
    papers: tuple[str, ...] | None
    family_form: bool | None
    back_fen: int | None
    collects: str | None
    cover: CoverExample | None
    refund: RefundExample | None
    back: BackExample | None


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
    refunds: Mapping[str, tuple[Value[RefundSays], ...]]
    terms: Terms
    examples: tuple[Example, ...]

    def covers(self, year: int) -> bool:
        return self.years is None or year in self.years
