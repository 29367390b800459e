"""The rules that hold for one county, insurance and cover year, asked about people: prices, refusals, papers, cover."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final, TypeVar

from canbao.kernel.refusal import Refused
from canbao.policy.rules import conditions, covering, pricing, refunding
from canbao.policy.rules.answers import (
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
    SeasonDays,
)
from canbao.policy.rules.chained import Chained
from canbao.policy.rules.person import Insurance, PersonFacts, Student
from canbao.policy.rules.values import Text

K = TypeVar("K", bound=Hashable)

FAMILY_FORM: Final = "family_relations"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules(Chained):
    """What follows for people from everything the packs of a chain say."""

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

    def levels_open_to(self, person: PersonFacts, on: date) -> tuple[Level, ...]:
        """Give the priced levels that take a person: what a level says of whom it fits holds, or it says nothing.

        Where none does, as for somebody whose own level has no amount yet, all of them: the village decides.
        """
        priced = [one for one in self.levels(on) if one.own_fen is not None]
        mine = [
            one for one in priced
            if not (fits := self.definitions[one.code].fits) or conditions.met(fits, person, on)
        ]  # fmt: skip
        return tuple(mine or priced)

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
