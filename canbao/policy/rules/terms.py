"""What a pack says about time and money beside the amounts: periods, cover, waiting, late, refunds, cash."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from canbao.policy.rules.conditions import Condition
from canbao.policy.rules.values import Day, Text, Value


class From(StrEnum):
    """From when cover counts: the day the year's cover starts, the day of payment, the month after it."""

    START = "start"
    PAYMENT_DAY = "payment_day"
    NEXT_MONTH = "next_month"


class AcrossNewYear(StrEnum):
    """What a newborn's window across New Year asks: each year paid for itself, or one payment for both."""

    EACH_YEAR = "each_year"
    ONE_PAYMENT = "one_payment"


class Gives(StrEnum):
    """What a refund gives back: everything the person paid, or what was paid too much."""

    ALL = "all"
    DIFFERENCE = "difference"


@dataclass(frozen=True, slots=True)
class MonthDays:
    """Days of a month on which money is taken, both included, before the tax month closes."""

    months: frozenset[int] | None
    first: int
    last: int


@dataclass(frozen=True, slots=True)
class Season:
    """The days on which the money of a cover year is taken, all included; the first may be unknown.

    After `extended_to` (or `closes_on`) payment is late.
    """

    opens_on: Day | None
    closes_on: Day
    extended_to: Day | None = None
    days: tuple[MonthDays, ...] = ()


@dataclass(frozen=True, slots=True)
class CoverStart:
    """The cover of a year for those in time, and from when it counts for others."""

    starts_on: Day
    ends_on: Day
    extended_from: From
    late_from: From
    says: Text | None


@dataclass(frozen=True, slots=True)
class Waiting:
    """Months that cover waits after late or interrupted enrolment; `unless` names who does not wait."""

    fixed_months: int
    gap_months: int = 0
    repaid_months: int = 0
    long_gap_years: int | None = None
    long_gap_months: int = 0
    gaps_from: int | None = None
    unless: tuple[Condition, ...] = ()


@dataclass(frozen=True, slots=True)
class Newborn:
    """In how many days after birth a payment covers from birth, and from when a later one does."""

    days: int
    across_new_year: AcrossNewYear
    later_from: From


@dataclass(frozen=True, slots=True)
class Late:
    """Until when late payment is taken, and whether the public share is paid as well; `unless`: who need not."""

    until: Day
    pays_subsidy: bool
    unless: tuple[Condition, ...] = ()


@dataclass(frozen=True, slots=True)
class RefundSays:
    """Whether one reason gives money back before cover begins, after, and once benefits were drawn."""

    name: Text
    before_cover: bool
    after_cover: bool
    after_benefits: bool
    gives: Gives
    ask_within_days: int | None
    done_in_working_days: int | None
    says: Text | None


@dataclass(frozen=True, slots=True)
class Cash:
    """How many days cash may be in somebody's hands before it is banked; 0 is the same day."""

    bank_within_days: int


@dataclass(frozen=True, slots=True)
class BackPayment:
    """That missed years may be paid up: how many of them (none is no limit), and whether public money is added."""

    years_most: int | None
    subsidised: bool


@dataclass(frozen=True, slots=True)
class Collective:
    """Between which sums a village may add to a person's year."""

    least_fen: int
    most_fen: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """What a pack says about time and money beside the amounts; empty where packs above say it."""

    season: tuple[Value[Season], ...] = ()
    cover: tuple[Value[CoverStart], ...] = ()
    waiting: tuple[Value[Waiting], ...] = ()
    newborn: tuple[Value[Newborn], ...] = ()
    late: tuple[Value[Late], ...] = ()
    cash: tuple[Value[Cash], ...] = ()
    back_payment: tuple[Value[BackPayment], ...] = ()
    collective: tuple[Value[Collective], ...] = ()
