"""What a chain of packs says, gathered: levels, groups and terms, each with the pack that says it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Generic, TypeVar

from canbao.policy.rules.conditions import Condition
from canbao.policy.rules.pack import Help, Pack
from canbao.policy.rules.terms import (
    BackPayment,
    Cash,
    Collective,
    CoverStart,
    Late,
    Newborn,
    RefundSays,
    Season,
    Waiting,
)
from canbao.policy.rules.values import Payer, Text, Value

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Link:
    """One pack of a chain; `borrowed_from` is its year when the year asked for is not published."""

    pack: Pack
    borrowed_from: int | None


@dataclass(frozen=True, slots=True)
class Placed(Generic[T]):
    """Values of one kind together with the pack of the chain that says them."""

    values: tuple[Value[T], ...]
    link: Link


@dataclass(frozen=True, slots=True)
class LevelDefinition:
    """A category or tier, gathered over the chain."""

    code: str
    name: Text
    hint: Text | None
    person_types: tuple[str, ...]
    fits: tuple[Condition, ...]
    own: Placed[int] | None
    subsidy: Placed[tuple[tuple[Payer, int], ...]] | None
    not_found: Text | None


@dataclass(frozen=True, slots=True)
class GroupDefinition:
    """A special group, gathered over the chain."""

    code: str
    name: Text
    place: Placed[int]
    help: Placed[Help] | None

    @property
    def priority(self) -> int:
        """1 comes first."""
        return self.place.values[0].it


@dataclass(frozen=True, slots=True, kw_only=True)
class PlacedTerms:
    """What the chain says about time and money beside the amounts; None where no pack says it."""

    season: Placed[Season] | None
    opening: Placed[Season] | None
    cover: Placed[CoverStart] | None
    waiting: Placed[Waiting] | None
    newborn: Placed[Newborn] | None
    late: Placed[Late] | None
    cash: Placed[Cash] | None
    back_payment: Placed[BackPayment] | None
    collective: Placed[Collective] | None
    refunds: Mapping[str, Placed[RefundSays]]
