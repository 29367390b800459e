"""What the rules answer: values with their standing, prices with their trace, findings and papers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from canbao.policy.rules.pack import Grade, Help, Payer, Text


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
class Share:
    """What one payer pays of a year's whole cost, in fen."""

    payer: Payer
    fen: int
    name: Text | None
    standing: Standing


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


@dataclass(frozen=True, slots=True)
class Line:
    """One step of a price; `code` names a sentence in `canbao.policy.words`."""

    code: str
    fen: int
    name: Text
    standing: Standing


@dataclass(frozen=True, slots=True)
class Price:
    """What a person pays for a year and who pays the rest; the shares add up to the whole cost."""

    level: str
    own_fen: int
    shares: tuple[Share, ...]
    group: str | None
    trace: tuple[Line, ...]
    packs: tuple[str, ...]
    fingerprint: str

    @property
    def whole_fen(self) -> int:
        return sum(share.fen for share in self.shares)

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
    """The days between which the year's money is taken, both included; the first may be unknown."""

    opens_on: date | None
    closes_on: date
    standing: Standing


@dataclass(frozen=True, slots=True)
class CoverDays:
    """When the year's cover begins for those in time, and what the late ones wait."""

    starts_on: date
    late_wait_months: int | None
    says: Text | None
    standing: Standing


@dataclass(frozen=True, slots=True)
class Helped:
    """The help that counts, and where it is said."""

    it: Help
    standing: Standing
