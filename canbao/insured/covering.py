"""Renewal and cover: written when a person's own share of a year is settled, 0 included."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from canbao.insured.facts import facts_of
from canbao.insured.tables import Cover, EnrolmentYear
from canbao.kernel import bulk, canonical, clock, rows
from canbao.policy import published
from canbao.policy.rules.answers import CoverAnswer, History
from canbao.policy.rules.person import PersonFacts
from canbao.policy.rules.resolved import Rules

_ONE_DAY: Final = datetime.timedelta(days=1)
# Asked by every payment, as the next.
_LIVE: Final = """
SELECT person_id, id FROM enrolment
WHERE county = %(county)s AND person_id = ANY(%(persons)s) AND insurance = %(insurance)s AND state = 'live'
"""
_HISTORIES: Final = """
SELECT enrolment_id, min(year), ARRAY(
    SELECT year FROM cover
    WHERE cover.county = %(county)s AND cover.enrolment_id = said.enrolment_id AND void_at IS NULL
)
FROM enrolment_year AS said
WHERE county = %(county)s AND enrolment_id = ANY(%(enrolments)s) GROUP BY enrolment_id
"""


@dataclass(frozen=True, slots=True)
class Settled:
    """A person whose own share of a year is settled: by which price, and on which day."""

    person_id: UUID
    insurance: str
    year: int
    level: str
    own_fen: int
    pack_sha256: str
    settled_on: datetime.date


def begin(settled: Sequence[Settled], at: clock.Instant) -> None:
    """Write the year of an enrolment where it is not there yet, and its cover; seven statements an insurance.

    Who has no live enrolment gets neither (a payment without enrolment stands on its live list). Cover
    that stands already stays as it is. Source: DOMAIN 2.2 and 2.3.
    """
    by_insurance: dict[str, list[Settled]] = defaultdict(list)
    for one in settled:
        by_insurance[one.insurance].append(one)
    for insurance, group in by_insurance.items():
        persons = [one.person_id for one in group]
        enrolments: dict[UUID, UUID] = dict(bulk.fetch(_LIVE, persons=persons, insurance=insurance))
        held = [one for one in group if one.person_id in enrolments]
        if held:
            facts = facts_of([one.person_id for one in held], insurance)
            _years(held, enrolments, facts, at)
            _covers(held, enrolments, facts, at)


def void(unsettled: Collection[tuple[UUID, str, int]], at: clock.Instant) -> None:
    """Take back the cover of (person, insurance, year) whose own share is open again; two statements.

    The year stays: it says what the enrolment is in, and paying again covers it anew.
    """
    found = Cover.here.filter(
        void_at=None,
        enrolment__person_id__in=[person for person, *_ in unsettled],
        enrolment__insurance__in=sorted({insurance for _, insurance, _ in unsettled}),
    ).values_list("id", "enrolment__person_id", "enrolment__insurance", "year")
    wanted = set(unsettled)
    rows.update(Cover, [one for one, *key in found if tuple(key) in wanted], void_at=at)


def begins(person_ids: Collection[UUID]) -> dict[tuple[UUID, str, int], datetime.date]:
    """From when each (person, insurance, year) is covered, where it is; one statement."""
    found = Cover.here.filter(enrolment__person_id__in=list(person_ids), void_at=None)
    return {
        (person, insurance, year): from_on
        for person, insurance, year, from_on in found.values_list(
            "enrolment__person_id", "enrolment__insurance", "year", "from_on"
        )
    }


def _years(
    settled: Sequence[Settled],
    enrolments: Mapping[UUID, UUID],
    facts: Mapping[UUID, PersonFacts],
    at: clock.Instant,
) -> None:
    rows.insert_new(
        EnrolmentYear,
        ["enrolment_id", "year"],
        enrolment_id=[enrolments[one.person_id] for one in settled],
        year=[one.year for one in settled],
        level=[one.level for one in settled],
        residency=[str(facts[one.person_id].residency) for one in settled],
        student=[str(facts[one.person_id].student) for one in settled],
        own_fen=[one.own_fen for one in settled],
        pack_sha256=[one.pack_sha256 for one in settled],
        at=at,
    )


def _covers(
    settled: Sequence[Settled],
    enrolments: Mapping[UUID, UUID],
    facts: Mapping[UUID, PersonFacts],
    at: clock.Instant,
) -> None:
    known = histories(list(enrolments.values()))
    found = [
        (enrolments[one.person_id], one.year, answer)
        for one, answer in zip(settled, _answers(settled, enrolments, facts, known), strict=True)
        if answer is not None
        and answer.from_on is not None
        and one.year not in known[enrolments[one.person_id]].covered
    ]
    rows.insert(
        Cover,
        enrolment_id=[enrolment for enrolment, *_ in found],
        year=[year for _, year, _ in found],
        from_on=[answer.from_on for *_, answer in found],
        to_on=[answer.to_on + _ONE_DAY for *_, answer in found],
        why=[canonical.text(answer) for *_, answer in found],
        at=at,
    )


def _answers(
    settled: Sequence[Settled],
    enrolments: Mapping[UUID, UUID],
    facts: Mapping[UUID, PersonFacts],
    known: Mapping[UUID, History],
) -> list[CoverAnswer | None]:
    """The cover of each; those who are alike are worked out once."""
    rules: dict[tuple[str, int], Rules] = {}
    seen: dict[tuple[object, ...], CoverAnswer | None] = {}
    answers = []
    for one in settled:
        pair = (one.insurance, one.year)
        if pair not in rules:
            rules[pair] = published.rules(*pair)
        person = facts[one.person_id]
        history = known.get(enrolments[one.person_id], History())
        alike = (*pair, one.settled_on, person.alike_on(one.settled_on), history)
        if alike not in seen:
            seen[alike] = rules[pair].cover(person, one.settled_on, history)
        answers.append(seen[alike])
    return answers


def histories(enrolment_ids: Sequence[UUID]) -> dict[UUID, History]:
    """Which years these enrolments covered, and since when they are known; one statement."""
    known = bulk.fetch(_HISTORIES, enrolments=list(enrolment_ids))
    return {one: History(frozenset(covered), first_known=first) for one, first, covered in known}
