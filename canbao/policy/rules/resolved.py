"""The rules that hold for one county, insurance and cover year: levels, prices, who is refused, papers."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final, TypeVar

from canbao.kernel.refusal import Refused
from canbao.policy.rules import conditions, covering, pricing, refunding
from canbao.policy.rules.answers import (
    CashLimit,
    CollectiveLimit,
    Collects,
    CoverAnswer,
    CoverDays,
    History,
    Level,
    Likely,
    PaperRequirement,
    Price,
    RefundAnswer,
    RefundFacts,
    RuleFinding,
    Said,
    SeasonDays,
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
from canbao.policy.rules.person import Insurance, PersonFacts, Student
from canbao.policy.rules.values import Payer, Text, Value, day_in, in_force

K = TypeVar("K", bound=Hashable)
T = TypeVar("T")

FAMILY_FORM: Final = "family_relations"


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

    def price(self, person: PersonFacts, level: str, on: date, *, collective_fen: int = 0) -> Price:
        """Work out what a person pays for a level on a day, and who pays the rest (DOMAIN 2.6).

        Of several groups the first by priority whose help counts for this level wins; one that is only
        claimed lowers no price. Refuses a level that the packs do not have (`level_unknown`) or for which
        no amount was found (`level_without_amount`), and a village's addition outside its limits
        (`collective_outside_limits`).
        """
        return pricing.price(self, person, level, on, collective_fen=collective_fen)

    def price_all(
        self, people: Mapping[K, tuple[PersonFacts, str]], on: date
    ) -> tuple[dict[K, Price], dict[K, Refused]]:
        """Price many people with their levels; those who are alike are worked out once and share one price.

        Gives the prices, and for whom `price` refuses, the refusal.
        """
        return pricing.price_all(self, people, on)

    def back_payment(self, person: PersonFacts, level: str, missed_year: int, on: date) -> Price:
        """Work out what one missed year costs when it is paid now, at the present amount (DOMAIN 1.3, 2.2).

        Refuses as `price`, and `back_payment_not_offered`, `back_payment_not_missed`,
        `back_payment_too_old`.
        """
        return pricing.back_payment(self, person, level, missed_year, on)

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
            group, helped = pricing.helper(self, claimed, code, on)
            if group is not None and helped is not None and helped.it.levels is not None:
                return Likely(code, "likely_paid_for", {"group": group.code})
        return Likely(None, "likely_none", {})

    def checks(self, person: PersonFacts, on: date) -> tuple[RuleFinding, ...]:
        """Hold every rule of eligibility in force against a person."""
        findings = []
        for code, placed in self.rules.items():
            said = self.said(placed, on)
            if said is None:
                continue
            met = conditions.met(said.it.refuse_when, person, on)
            shown = (met,) if met else said.it.refuse_when
            findings.append(
                RuleFinding(
                    code=code,
                    refuses=met is not None,
                    says=said.it.says,
                    wanted=" | ".join(f"not {condition.wanted()}" for condition in shown),
                    found=" | ".join(dict.fromkeys(c.found(person, on) for c in shown)),
                    standing=said.standing,
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
            said = self.said(placed, on)
            if said and (not said.it.when or conditions.met(said.it.when, person, on)):
                asked.append(PaperRequirement(code, said.it.name, said.it.hint, said.standing))
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
        return covering.season(self, on)

    def collects(self, on: date, person: PersonFacts | None = None) -> Collects:
        """Say whether money of this year is taken on a day; a newborn's window is open all year."""
        return covering.collects(self, on, person)

    def cover_days(self, on: date) -> CoverDays | None:
        """Give the year's cover for those in time, None where the packs do not say."""
        return covering.cover_days(self, on)

    def cover(
        self, person: PersonFacts, paid_on: date, history: History = covering.NOTHING_KNOWN
    ) -> CoverAnswer | None:
        """Say from when to when a payment covers, and why (DOMAIN 2.2, 2.3); None without cover (pension).

        Works before anything is paid, too: `paid_on` is then the day of asking.
        """
        return covering.cover(self, person, paid_on, history)

    def refund(self, reason: str, facts: RefundFacts) -> RefundAnswer:
        """Say whether a reason gives money back as things stand (DOMAIN 2.5)."""
        return refunding.refund(self, reason, facts)

    def refund_reasons(self, on: date) -> tuple[tuple[str, Text], ...]:
        """Give the reasons that the packs know on a day, by code and name."""
        return refunding.reasons(self, on)

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
