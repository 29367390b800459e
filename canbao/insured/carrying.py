"""Everybody insured before, laid out set by set for a new year: who they are, by kinds that the rules ask about.

People who are alike make one kind; the rules in Python answer for a kind, and SQL joins the answer to its
people. `facts.facts_of` and `covering.begin` say the same for single persons, and a test compares the two.
"""

from __future__ import annotations

import datetime
import json
from collections.abc import Collection
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from canbao.kernel import bulk, canonical, clock
from canbao.policy.rules.answers import History
from canbao.policy.rules.person import Document, GroupEvidence, PersonFacts, Residency, Student
from canbao.policy.rules.resolved import Rules

# The next enrolments after a place, each with the facts of `PersonFacts.alike_on` and their hash.
_LOOK: Final = """
CREATE TEMPORARY TABLE carried ON COMMIT DROP AS
SELECT row_number() OVER (ORDER BY asked.person_id) AS n, asked.*, md5(ROW(
    age, CASE WHEN age < 1 THEN birth_on END, sex, document, residency, student, level, groups
)::text) AS kind
FROM (
    SELECT live.id AS enrolment_id, live.person_id, person.village,
        coalesce(home.number, '') AS household_number,
        CASE WHEN person.dead_on IS NOT NULL THEN 'dead'
             WHEN person.merged_into IS NOT NULL THEN 'merged'
             WHEN left(person.village, 6) <> %(county)s THEN 'moved' ELSE '' END AS gone,
        person.birth_on, person.sex,
        extract(year FROM age(%(on)s::date, person.birth_on))::int AS age,
        coalesce(document.kind, 'id_card') AS document, last.level, last.residency, last.student,
        coalesce(held.groups, '[]') AS groups
    FROM (
        SELECT id, person_id FROM enrolment
        WHERE county = %(county)s AND insurance = %(insurance)s AND state = 'live' AND id > %(after)s
        ORDER BY id LIMIT %(limit)s
    ) live
    JOIN person ON person.county = %(county)s AND person.id = live.person_id
    CROSS JOIN LATERAL (
        SELECT level, residency, student FROM enrolment_year
        WHERE county = %(county)s AND enrolment_id = live.id AND year < %(year)s ORDER BY year DESC LIMIT 1
    ) last
    LEFT JOIN LATERAL (
        SELECT kind FROM identity_document
        WHERE county = %(county)s AND person_id = live.person_id AND to_on IS NULL ORDER BY id DESC LIMIT 1
    ) document ON true
    LEFT JOIN LATERAL (
        SELECT household.number FROM membership JOIN household
            ON household.county = %(county)s AND household.id = membership.household_id
        WHERE membership.county = %(county)s AND membership.person_id = live.person_id AND to_on IS NULL
    ) home ON true
    LEFT JOIN LATERAL (
        SELECT json_agg(json_build_array(code, from_on, to_on, evidence) ORDER BY from_on, code)::text AS groups
        FROM category WHERE county = %(county)s AND person_id = live.person_id
            AND from_on <= %(on)s AND (to_on IS NULL OR to_on >= %(on)s)
    ) held ON true
) asked
"""
_LAST: Final = """
SELECT max(id::text), count(*) FROM (
    SELECT id FROM enrolment
    WHERE county = %(county)s AND insurance = %(insurance)s AND state = 'live' AND id > %(after)s
    ORDER BY id LIMIT %(limit)s
) live
"""
_KINDS: Final = """
SELECT DISTINCT ON (kind) kind, birth_on, sex, document, residency, student, level, groups
FROM carried WHERE gone = '' AND kind <> ALL(%(known)s::text[]) ORDER BY kind
"""
_HISTORY: Final = """
CREATE TEMPORARY TABLE renewed ON COMMIT DROP AS
SELECT free.*, md5(ROW(kind, covered, first_known)::text) AS past FROM (
    SELECT carried.n, carried.enrolment_id, carried.kind, charged.level, charged.own_fen,
        charged.pack_sha256, carried.residency, carried.student,
        ARRAY(SELECT year FROM cover WHERE county = %(county)s AND enrolment_id = carried.enrolment_id
            AND void_at IS NULL ORDER BY year) AS covered,
        (SELECT min(year) FROM enrolment_year
            WHERE county = %(county)s AND enrolment_id = carried.enrolment_id) AS first_known
    FROM carried JOIN charged ON charged.n = carried.n WHERE charged.own_fen = 0
) free
"""
_PASTS: Final = (
    "SELECT DISTINCT ON (past) past, kind, covered, first_known FROM renewed ORDER BY past"
)
_YEARS: Final = """
INSERT INTO enrolment_year (id, county, enrolment_id, year, level, residency, student, own_fen, pack_sha256, at)
SELECT new_id(n), %(county)s, enrolment_id, %(year)s, level, residency, student, own_fen,
    pack_sha256, %(at)s
FROM renewed ORDER BY enrolment_id ON CONFLICT DO NOTHING
"""
_COVERS: Final = """
INSERT INTO cover (id, county, enrolment_id, year, from_on, to_on, why, at)
SELECT new_id(n), %(county)s, enrolment_id, %(year)s, from_on, to_on, why, %(at)s
FROM renewed JOIN cover_answer USING (past)
WHERE NOT %(year)s = ANY(covered)
"""
_ONE_DAY: Final = datetime.timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Looked:
    """How many enrolments a set holds, and the last of them."""

    count: int
    last: UUID | None


def count(insurance: str) -> int:
    """How many enrolments there are to look at."""
    sql = "SELECT count(*) FROM enrolment WHERE county = %(county)s AND insurance = %(i)s AND state = 'live'"
    return int(bulk.fetch(sql, i=insurance)[0][0])


def look(insurance: str, year: int, on: datetime.date, after: UUID, limit: int) -> Looked:
    """Lay the next live enrolments that have an earlier year into `carried`; three statements."""
    given = {"insurance": insurance, "year": year, "on": on, "after": after, "limit": limit}
    bulk.clear("carried")
    bulk.execute(_LOOK, **given)
    last, number = bulk.fetch(_LAST, **given)[0]
    return Looked(number, UUID(last) if last else None)


def kinds(known: Collection[str]) -> dict[str, PersonFacts]:
    """The kinds of people of the set that are not known yet, one person standing for each; one statement."""
    return {
        kind: PersonFacts(
            birth_on=birth_on,
            sex=sex,
            document=Document(document),
            residency=Residency(residency) if residency else Residency.RURAL,
            student=Student(student) if student else Student.NONE,
            groups=tuple(_group(*one) for one in json.loads(groups)),
            last_level=level,
        )
        for kind, birth_on, sex, document, residency, student, level, groups in bulk.fetch(
            _KINDS, known=list(known)
        )
    }


def _group(code: str, from_on: str, to_on: str | None, evidence: str) -> GroupEvidence:
    until = datetime.date.fromisoformat(to_on) if to_on else None
    since = datetime.date.fromisoformat(from_on)
    return GroupEvidence(code, since, until, proven=True, evidence=evidence)


def renew(
    rules: Rules, people: dict[str, PersonFacts], on: datetime.date, at: clock.Instant
) -> None:
    """Renew and cover those of the set who have nothing to pay; `charged` holds what they are charged.

    Seven statements. Who is alike and was covered in the same years gets the same answer, worked out once.
    """
    bulk.clear("renewed")
    bulk.execute(_HISTORY)
    answers = [
        (past, rules.cover(people[kind], on, History(frozenset(covered), first_known=first)))
        for past, kind, covered, first in bulk.fetch(_PASTS)
    ]
    held = [(past, one, one.from_on) for past, one in answers if one and one.from_on]
    bulk.execute(_YEARS, year=rules.year, at=at)
    bulk.put(
        "cover_answer",
        {
            "past": ("text", [past for past, *_ in held]),
            "from_on": ("date", [from_on for *_, from_on in held]),
            "to_on": ("date", [one.to_on + _ONE_DAY for _, one, _ in held]),
            "why": ("text", [canonical.text(one) for _, one, _ in held]),
        },
    )
    bulk.execute(_COVERS, year=rules.year, at=at)
