"""What people owe for a year, and why: each charge with its price, who pays the rest, and the cover it brings."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from canbao.insured import covering
from canbao.insured import queries as insured
from canbao.insured.facts import facts_of
from canbao.payments import queries, traces
from canbao.payments.charges import ChargeRow, State
from canbao.people import queries as people
from canbao.policy.rules import trace
from canbao.policy.rules.answers import (
    Collects,
    CoverAnswer,
    CoverStep,
    History,
    Price,
    Share,
    ShareKind,
)
from canbao.policy.rules.person import PersonFacts
from canbao.policy.rules.resolved import Rules

GROWN_UP: Final = 40


@dataclass(frozen=True, slots=True)
class Owed:
    """One charge: whose, its price as it was stored, and the cover that paying today would bring."""

    charge: ChargeRow
    name: str
    birth_on: datetime.date
    price: Price
    cover: CoverAnswer | None
    collects: Collects

    @property
    def settled(self) -> bool:
        """Whether nothing of the own share is open."""
        return self.charge.state == State.SETTLED

    @property
    def due_fen(self) -> int:
        """What the person still has to pay."""
        return self.charge.due_fen

    @property
    def helpers(self) -> list[Share]:
        """Who pays in the person's stead."""
        return [one for one in self.price.shares if one.kind is ShareKind.HELP and one.fen]

    @property
    def public_fen(self) -> int:
        """What public money adds for everybody alike."""
        return sum(
            one.fen
            for one in self.price.shares
            if one.kind in {ShareKind.SUBSIDY, ShareKind.COLLECTIVE}
        )

    @property
    def differs(self) -> bool:
        """Whether paying today brings other cover than the ordinary year: a latecomer, or a newborn."""
        return self.cover is not None and (
            self.cover.waiting_months > 0 or self.cover.why[0].code is not CoverStep.IN_TIME
        )


@dataclass(frozen=True, slots=True)
class Season:
    """By when a year's money is to be paid, the last day that is not late, and the months without cover after it.

    `covered_from` is the first day that money paid today covers of somebody grown up without a gap.
    """

    pay_by: datetime.date | None
    in_time_to: datetime.date | None
    waiting_months: int
    covered_from: datetime.date | None


def groups(person_ids: Iterable[UUID], on: datetime.date) -> dict[tuple[str, int], list[ChargeRow]]:
    """The charges of these persons for this year and later, by (insurance, year); one statement."""
    found: dict[tuple[str, int], list[ChargeRow]] = defaultdict(list)
    for one in queries.owed(person_ids):
        if one.year >= on.year:
            found[one.insurance, one.year].append(one)
    return dict(found)


def of(rules: Rules, charges: Sequence[ChargeRow], on: datetime.date) -> list[Owed]:
    """These charges of the rules' insurance and year with everything their page says; eight statements."""
    insurance, year = str(rules.insurance), rules.year
    persons = [one.person_id for one in charges]
    names = people.persons(persons)
    texts = traces.of(one.id for one in charges)
    facts = facts_of(persons, insurance)
    enrolments = {row.person_id: row.id for row in insured.live(persons, insurance)}
    histories = covering.histories(list(enrolments.values()))
    return [
        Owed(
            charge=one,
            name=names[one.person_id].name,
            birth_on=names[one.person_id].birth_on,
            price=trace.read(texts[one.id]),
            cover=rules.cover(
                facts[one.person_id],
                on,
                _before(histories, enrolments.get(one.person_id), year),
            )
            if one.state == State.OPEN
            else None,
            collects=rules.collects(on, facts[one.person_id]),
        )
        for one in charges
    ]


def _before(histories: Mapping[UUID, History], enrolment: UUID | None, year: int) -> History:
    """What is known of the years before; who never had cover has no gap."""
    known = histories.get(enrolment, History()) if enrolment else History()
    return History(
        frozenset(one for one in known.covered if one < year), known.repaid, known.first_known
    )


def season(rules: Rules, on: datetime.date) -> Season:
    """By when the year's money is to be paid, and how many months somebody waits who pays later."""
    days = rules.season(on)
    if days is None:
        return Season(None, None, 0, None)
    late = days.in_time_to + datetime.timedelta(days=1)
    # Anybody grown up, without a gap and in no group: what the ordinary reader has to expect.
    anybody = PersonFacts(birth_on=datetime.date(rules.year - GROWN_UP, 1, 1))
    answer, today = rules.cover(anybody, late), rules.cover(anybody, on)
    pay_by = days.closes_on if on <= days.closes_on else days.in_time_to
    return Season(
        pay_by,
        days.in_time_to,
        answer.waiting_months if answer else 0,
        today.from_on if today and rules.collects(on).takes else None,
    )
