"""What a chain of packs says about one county, insurance and cover year: the data, and where each value stands."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from canbao.kernel.refusal import Refused
from canbao.policy.rules.answers import (
    CashLimit,
    CollectiveLimit,
    Level,
    Said,
    Share,
    ShareKind,
    Standing,
)
from canbao.policy.rules.definitions import (
    GroupDefinition,
    LevelDefinition,
    Link,
    Placed,
    PlacedTerms,
)
from canbao.policy.rules.pack import PaperSays, RuleSays
from canbao.policy.rules.person import Insurance
from canbao.policy.rules.values import Payer, Value, day_in, in_force

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Chained:
    """Everything the packs of a chain say about one place, insurance and cover year."""

    place: str
    insurance: Insurance
    year: int
    chain: tuple[Link, ...]
    fingerprint: str
    definitions: Mapping[str, LevelDefinition]
    groups: Mapping[str, GroupDefinition]
    rules: Mapping[str, Placed[RuleSays]]
    papers: Mapping[str, Placed[PaperSays]]
    terms: PlacedTerms

    @property
    def borrowed_from(self) -> int | None:
        """The year whose pack stands in for this one at the most local place that has yearly packs."""
        dated = [link.borrowed_from for link in self.chain if link.pack.years is not None]
        return dated[-1]

    def levels(self, on: date) -> tuple[Level, ...]:
        """Give the levels as they stand on a day, in the order of the packs."""
        return tuple(self._level(definition, on) for definition in self.definitions.values())

    def level(self, code: str, on: date) -> Level:
        """Give one level; refuses one that the packs do not have (`level_unknown`)."""
        if code not in self.definitions:
            raise Refused("level_unknown", level=code, place=self.place, year=self.year)
        return self._level(self.definitions[code], on)

    def cash(self, on: date) -> CashLimit | None:
        """Give how long cash may be in hands before it is banked, None where the packs do not say."""
        said = self.said(self.terms.cash, on)
        return CashLimit(said.it.bank_within_days, said.standing) if said else None

    def collective(self, on: date) -> CollectiveLimit | None:
        """Give the limits of what a village may add, None where it may add nothing."""
        said = self.said(self.terms.collective, on)
        return CollectiveLimit(said.it.least_fen, said.it.most_fen, said.standing) if said else None

    def said(self, placed: Placed[T] | None, on: date) -> Said[T] | None:
        """Give the one value that holds on a day, with where it is said."""
        value = in_force(placed.values, on, self.year) if placed else None
        if value is None or placed is None:
            return None
        return Said(value.it, self.standing_of(value, placed.link))

    def standing_of(self, value: Value[T], link: Link) -> Standing:
        """Say where a value stands; one from a borrowed year is never confirmed."""
        source, pack = value.source, link.pack
        written_for = link.borrowed_from or self.year
        published_on = day_in(source.published_on, written_for) if source.published_on else None
        return Standing(
            title=source.title,
            address=source.address,
            grade=source.grade,
            published_on=published_on,
            confirmed=value.confirmed and link.borrowed_from is None,
            place=pack.place,
            place_name=pack.place_name,
            inherited_from=None if pack.place == self.place else pack.place,
            borrowed_from=link.borrowed_from,
            pack=pack.sha256,
        )

    def _level(self, definition: LevelDefinition, on: date) -> Level:
        own, subsidy = self.said(definition.own, on), self.said(definition.subsidy, on)
        shares = [Share(Payer.OWN, own.it, None, own.standing, ShareKind.OWN)] if own else []
        if own and subsidy:
            for payer, fen in subsidy.it:
                kind = ShareKind.COLLECTIVE if payer is Payer.COLLECTIVE else ShareKind.SUBSIDY
                shares.append(Share(payer, fen, None, subsidy.standing, kind))
        return Level(
            code=definition.code,
            name=definition.name,
            hint=definition.hint,
            person_types=definition.person_types,
            own_fen=own.it if own else None,
            shares=tuple(shares),
            standing=own.standing if own else None,
            not_found=definition.not_found,
        )
