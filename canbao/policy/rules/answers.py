"""What the rules answer: values with their standing, prices with their trace, findings and papers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Generic, TypeVar

from canbao.policy.rules.person import GroupEvidence
from canbao.policy.rules.values import Grade, Payer, Text

T_co = TypeVar("T_co", covariant=True)

Facts = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Standing:
    """Why a value may be believed: its source, where it was said, and whether it counts as confirmed."""

    title: Text
    address: str
    grade: Grade
    published_on: date | None
    confirmed: bool
    place: str
    place_name: Text
    inherited_from: str | None
    borrowed_from: int | None
    pack: str


@dataclass(frozen=True, slots=True)
class Said(Generic[T_co]):
    """Something in force on a day, and where it is said."""

    it: T_co
    standing: Standing


class ShareKind(StrEnum):
    """Why a payer pays a share: the person's own, help for it, public subsidy, the village's addition."""

    OWN = "own"
    HELP = "help"
    SUBSIDY = "subsidy"
    COLLECTIVE = "collective"


@dataclass(frozen=True, slots=True)
class Share:
    """What one payer pays of a year's whole cost, in fen."""

    payer: Payer
    fen: int
    name: Text | None
    standing: Standing
    kind: ShareKind

    @property
    def sub_ledger(self) -> str:
        """Where the share stands in an account (DOMAIN 1.4): by payer; help from a budget is `paid_for`."""
        if self.kind is ShareKind.HELP and self.payer is not Payer.AID:
            return "paid_for"
        return str(self.payer)


@dataclass(frozen=True, slots=True)
class Level:
    """A level as a page shows it on one day; `own_fen` is None where no amount was found."""

    code: str
    name: Text
    hint: Text | None
    person_types: tuple[str, ...]
    own_fen: int | None
    shares: tuple[Share, ...]
    standing: Standing | None
    not_found: Text | None

    @property
    def whole_fen(self) -> int:
        return sum(share.fen for share in self.shares)

    @property
    def confirmed(self) -> bool:
        return self.standing is not None and all(share.standing.confirmed for share in self.shares)


class Step(StrEnum):
    """What one line of a price says; each has its sentence in `canbao.policy.words`."""

    OWN_AMOUNT = "own_amount"
    BACK_PAYMENT = "back_payment"
    TAKEN_OVER = "taken_over"
    PAID_BACK = "paid_back"
    GIVES_WAY = "gives_way"
    LATE = "late"
    NOT_PAID = "not_paid"
    SHARE = "share"


@dataclass(frozen=True, slots=True)
class Line:
    """One step of a price: the payer it concerns, the fen, what it is called, and the facts behind it."""

    code: Step
    payer: Payer
    fen: int
    name: Text
    standing: Standing
    because: Facts = ()
    payer_name: Text | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Price:
    """What a person pays for a year and who pays the rest; the shares add up to the whole cost.

    `own_fen` is what is asked of the person. Where a group is asked in full and paid back later,
    `paid_back` says how much and by whom; it is no share. `missed_year` is set for a back payment.
    """

    place: str
    insurance: str
    year: int
    on: date
    level: str
    own_fen: int
    shares: tuple[Share, ...]
    group: str | None
    evidence: GroupEvidence | None
    paid_back: Share | None
    missed_year: int | None
    trace: tuple[Line, ...]
    packs: tuple[str, ...]
    fingerprint: str

    @property
    def whole_fen(self) -> int:
        return sum(share.fen for share in self.shares)

    @property
    def base_fen(self) -> int:
        """The individual amount of the level, before help and what lateness adds."""
        return self.trace[0].fen

    @property
    def confirmed(self) -> bool:
        return all(line.standing.confirmed for line in self.trace)


@dataclass(frozen=True, slots=True)
class Likely:
    """The level a person probably takes and why; `level` is None where nothing may be preset."""

    level: str | None
    why: str
    facts: Mapping[str, str | int]


@dataclass(frozen=True, slots=True)
class RuleFinding:
    """What one rule of eligibility says about a person, with both values it compared."""

    code: str
    refuses: bool
    says: Text
    wanted: str
    found: str
    standing: Standing


@dataclass(frozen=True, slots=True)
class PaperRequirement:
    """A paper that is asked for, under which rule."""

    code: str
    name: Text
    hint: Text | None
    standing: Standing


@dataclass(frozen=True, slots=True)
class SeasonDays:
    """The days between which the year's money is taken, all included; the first may be unknown."""

    opens_on: date | None
    closes_on: date
    extended_to: date | None
    late_to: date | None
    standing: Standing

    @property
    def in_time_to(self) -> date:
        """The last day that is not late."""
        return self.extended_to or self.closes_on


class Window(StrEnum):
    """Whether money of a year is taken on a day. `paused`: inside a period, but the tax month is closed."""

    UNSAID = "unsaid"
    EARLY = "early"
    OPEN = "open"
    EXTENDED = "extended"
    LATE = "late"
    NEWBORN = "newborn"
    PAUSED = "paused"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class Collects:
    """The state of collection on a day, and the next day on which money is taken where it is not."""

    state: Window
    next_on: date | None
    season: SeasonDays | None

    @property
    def takes(self) -> bool:
        """Whether money is taken on the day."""
        return self.state in {Window.OPEN, Window.EXTENDED, Window.LATE, Window.NEWBORN}


@dataclass(frozen=True, slots=True)
class CoverDays:
    """The year's cover for those in time, both days included."""

    starts_on: date
    ends_on: date
    says: Text | None
    standing: Standing


@dataclass(frozen=True, slots=True)
class History:
    """What is known of earlier cover years: held, missed but paid back since, and since when it is known."""

    covered: frozenset[int] = frozenset()
    repaid: frozenset[int] = frozenset()
    first_known: int | None = None


class CoverStep(StrEnum):
    """Why cover begins when it does; each has its sentence in `canbao.policy.words`."""

    IN_TIME = "in_time"
    EXTENDED = "extended"
    LATE = "late"
    NEWBORN = "newborn"
    NEWBORN_LATER = "newborn_later"
    EXEMPT = "exempt"
    FIXED = "fixed"
    GAPS = "gaps"
    REPAID = "repaid"
    LONG_GAP = "long_gap"
    NEVER = "never"
    UNTIL = "until"


@dataclass(frozen=True, slots=True)
class CoverLine:
    """One step to the first day of cover, with the facts its sentence needs."""

    code: CoverStep
    facts: Facts
    standing: Standing


@dataclass(frozen=True, slots=True)
class CoverAnswer:
    """From when to when a payment covers, both included; `from_on` is None where the year is over first."""

    from_on: date | None
    to_on: date
    waiting_months: int
    gap_years: tuple[int, ...]
    why: tuple[CoverLine, ...]


@dataclass(frozen=True, slots=True)
class RefundFacts:
    """What the rules ask when money is wanted back; `cover_from_on` is None while there is no cover."""

    asked_on: date
    paid_on: date
    cover_from_on: date | None
    benefits_drawn: bool


@dataclass(frozen=True, slots=True)
class RefundAnswer:
    """Whether money is given back; `code` names a sentence in `canbao.policy.words`."""

    allowed: bool
    code: str
    reason: str
    name: Text | None
    says: Text | None
    difference_only: bool
    done_in_working_days: int | None
    standing: Standing | None


@dataclass(frozen=True, slots=True)
class CashLimit:
    """How long cash may be in hands before it is banked."""

    bank_within_days: int
    standing: Standing

    def overdue(self, taken_on: date, on: date) -> bool:
        """Whether cash taken on a day should have been banked before this one."""
        return (on - taken_on).days > self.bank_within_days


@dataclass(frozen=True, slots=True)
class CollectiveLimit:
    """Between which sums a village may add to a person's year."""

    least_fen: int
    most_fen: int
    standing: Standing
