"""The rules that hold for one county, insurance and cover year: levels, prices, who is refused, papers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final, Generic, TypeVar

from canbao.kernel.refusal import Refused
from canbao.policy.rules import conditions
from canbao.policy.rules.answers import (
    CoverDays,
    Helped,
    Level,
    Likely,
    Line,
    PaperRequirement,
    Price,
    RuleFinding,
    SeasonDays,
    Share,
    Standing,
)
from canbao.policy.rules.conditions import Condition
from canbao.policy.rules.pack import (
    CoverStart,
    Help,
    Pack,
    PaperSays,
    Payer,
    RuleSays,
    Season,
    Text,
    Value,
    day_in,
    in_force,
)
from canbao.policy.rules.person import Insurance, PersonFacts, Student

T = TypeVar("T")

FAMILY_FORM: Final = "family_relations"


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
    priority: int
    help: Placed[Help] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
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
    season_said: Placed[Season] | None
    cover_said: Placed[CoverStart] | None

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

    def price(self, person: PersonFacts, level: str, on: date) -> Price:
        """Work out what a person pays for a level on a day, and who pays the rest (DOMAIN 2.6).

        Refuses a level that the packs do not have (`level_unknown`) or for which no amount was found
        (`level_without_amount`). Of several groups the first by priority whose help counts for this level wins;
        one that is only claimed lowers no price.
        """
        chosen = self.level(level, on)
        if chosen.own_fen is None or chosen.standing is None:
            raise Refused("level_without_amount", level=level, place=self.place, year=self.year)
        trace = [Line("own_amount", chosen.own_fen, chosen.name, chosen.standing)]
        own_fen = chosen.own_fen
        shares = []
        held = {evidence.code for evidence in person.groups_on(on) if evidence.proven}
        group, helped = self._helper(held, level, on)
        if group is not None and helped is not None:
            taken_over_fen = helped.it.taken_over_fen(own_fen)
            own_fen -= taken_over_fen
            standing = helped.standing
            if taken_over_fen:
                shares.append(Share(Payer.AID, taken_over_fen, helped.it.paid_by, standing))
            trace.append(Line("taken_over", taken_over_fen, group.name, standing))
        shares.insert(0, Share(Payer.OWN, own_fen, None, chosen.standing))
        for share in chosen.shares[1:]:
            shares.append(share)
            trace.append(
                Line(f"share_{share.payer}", share.fen, share.standing.place_name, share.standing)
            )
        return Price(
            level=level,
            own_fen=own_fen,
            shares=tuple(shares),
            group=group.code if group else None,
            trace=tuple(trace),
            packs=tuple(link.pack.sha256 for link in self.chain),
            fingerprint=self.fingerprint,
        )

    def likely_level(self, person: PersonFacts, on: date) -> Likely:
        """Name the level a person probably takes: last year's tier, the tier paid for them, or by age."""
        if person.last_level in self.definitions and self.insurance == Insurance.PENSION:
            return Likely(person.last_level, "likely_last_year", {})
        for code, definition in self.definitions.items():
            if conditions.met(definition.fits, person, on):
                by_age = person.student == Student.NONE
                facts: dict[str, str | int] = {
                    "age": person.age_on(on),
                    "residency": str(person.residency),
                }
                return Likely(code, "likely_by_age" if by_age else "likely_by_student", facts)
        claimed = {evidence.code for evidence in person.groups_on(on)}
        for code in self.definitions:
            group, helped = self._helper(claimed, code, on)
            if group is not None and helped is not None and helped.it.levels is not None:
                return Likely(code, "likely_paid_for", {"group": group.code})
        return Likely(None, "likely_none", {})

    def checks(self, person: PersonFacts, on: date) -> tuple[RuleFinding, ...]:
        """Hold every rule of eligibility in force against a person."""
        findings = []
        for code, placed in self.rules.items():
            value = in_force(placed.values, on, self.year)
            if value is None:
                continue
            met = conditions.met(value.it.refuse_when, person, on)
            shown = (met,) if met else value.it.refuse_when
            findings.append(
                RuleFinding(
                    code=code,
                    refuses=met is not None,
                    says=value.it.says,
                    wanted=" | ".join(f"not {condition.wanted()}" for condition in shown),
                    found=" | ".join(dict.fromkeys(c.found(person, on) for c in shown)),
                    standing=self.standing_of(value, placed.link),
                )
            )
        return tuple(findings)

    def refusals(self, person: PersonFacts, on: date) -> tuple[RuleFinding, ...]:
        """Give the rules that refuse a person; none means eligible."""
        return tuple(finding for finding in self.checks(person, on) if finding.refuses)

    def papers_asked(self, person: PersonFacts, on: date) -> tuple[PaperRequirement, ...]:
        """Give all papers asked for, the family-relation form among them."""
        asked = []
        for code, placed in self.papers.items():
            value = in_force(placed.values, on, self.year)
            if value and (not value.it.when or conditions.met(value.it.when, person, on)):
                standing = self.standing_of(value, placed.link)
                asked.append(PaperRequirement(code, value.it.name, value.it.hint, standing))
        return tuple(asked)

    def required_papers(self, person: PersonFacts, on: date) -> tuple[PaperRequirement, ...]:
        """Give the papers asked for, in the order of the packs, without the family-relation form."""
        return tuple(paper for paper in self.papers_asked(person, on) if paper.code != FAMILY_FORM)

    def family_form_required(self, person: PersonFacts, on: date) -> PaperRequirement | None:
        """Give the rule that asks for the elderly family-relation form (DOMAIN 5), or None."""
        return next(
            (paper for paper in self.papers_asked(person, on) if paper.code == FAMILY_FORM), None
        )

    def season(self, on: date) -> SeasonDays | None:
        """Give the days on which money is taken, None where the packs do not say."""
        value = in_force(self.season_said.values, on, self.year) if self.season_said else None
        if value is None or self.season_said is None:
            return None
        opens_on = day_in(value.it.opens_on, self.year) if value.it.opens_on else None
        closes_on = day_in(value.it.closes_on, self.year)
        return SeasonDays(opens_on, closes_on, self.standing_of(value, self.season_said.link))

    def cover(self, on: date) -> CoverDays | None:
        """Give when the year's cover begins, None where the packs do not say."""
        value = in_force(self.cover_said.values, on, self.year) if self.cover_said else None
        if value is None or self.cover_said is None:
            return None
        standing = self.standing_of(value, self.cover_said.link)
        starts_on = day_in(value.it.starts_on, self.year)
        return CoverDays(starts_on, value.it.late_wait_months, value.it.says, standing)

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
        own = in_force(definition.own.values, on, self.year) if definition.own else None
        standing = self.standing_of(own, definition.own.link) if own and definition.own else None
        shares = []
        if own and standing:
            shares.append(Share(Payer.OWN, own.it, None, standing))
            said = (
                in_force(definition.subsidy.values, on, self.year) if definition.subsidy else None
            )
            if said and definition.subsidy:
                from_ = self.standing_of(said, definition.subsidy.link)
                shares.extend(Share(payer, fen, None, from_) for payer, fen in said.it)
        return Level(
            code=definition.code,
            name=definition.name,
            hint=definition.hint,
            person_types=definition.person_types,
            own_fen=own.it if own else None,
            shares=tuple(shares),
            standing=standing,
            not_found=definition.not_found,
        )

    def _helper(
        self, held: set[str], level: str, on: date
    ) -> tuple[GroupDefinition | None, Helped | None]:
        """Find the group whose help counts: the first by priority among those held."""
        groups = sorted(
            (group for group in self.groups.values() if group.code in held),
            key=lambda group: group.priority,
        )
        for group in groups:
            value = in_force(group.help.values, on, self.year) if group.help else None
            if value and group.help and (value.it.levels is None or level in value.it.levels):
                return group, Helped(value.it, self.standing_of(value, group.help.link))
        return None, None
