"""What the rules ask about insured persons, gathered from their records."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from typing import Any, Final
from uuid import UUID

from canbao.kernel import bulk
from canbao.policy.rules.person import Document, GroupEvidence, PersonFacts, Residency, Student

# Every payment asks this, and building four querysets took longer than the database with all four.
_FACTS: Final = """
SELECT person.id, person.birth_on, person.sex, document.kind, last.level, last.residency, last.student,
    (SELECT json_agg(json_build_array(code, from_on, to_on, evidence) ORDER BY from_on, code)
     FROM category WHERE category.county = %(county)s AND category.person_id = person.id)
FROM person
LEFT JOIN LATERAL (
    SELECT kind FROM identity_document AS held
    WHERE held.county = %(county)s AND held.person_id = person.id AND held.to_on IS NULL
    ORDER BY held.id DESC LIMIT 1
) AS document ON true
LEFT JOIN LATERAL (
    SELECT said.level, said.residency, said.student FROM enrolment_year AS said
    JOIN enrolment ON enrolment.county = said.county AND enrolment.id = said.enrolment_id
    WHERE enrolment.county = %(county)s AND enrolment.person_id = person.id
        AND enrolment.insurance = %(insurance)s
    ORDER BY said.year DESC, said.enrolment_id DESC LIMIT 1
) AS last ON true
WHERE person.county = %(county)s AND person.id = ANY(%(ids)s)
"""


def facts_of(person_ids: Sequence[UUID], insurance: str) -> dict[UUID, PersonFacts]:
    """Facts of these persons as their records have them: one statement.

    Groups in the record are proven: a list or the county's decision put them there. Residency, schooling
    and level are those of the last year of this insurance.
    """
    found = bulk.fetch(_FACTS, ids=list(person_ids), insurance=insurance)
    return {person: _facts(*facts) for person, *facts in found}


def _facts(
    birth_on: datetime.date, sex: str, kind: str | None, level: str | None, residency: str | None,
    student: str | None, groups: Sequence[Sequence[Any]] | None,
) -> PersonFacts:  # fmt: skip
    return PersonFacts(
        birth_on=birth_on,
        sex=sex,
        document=Document(kind) if kind else Document.ID_CARD,
        residency=Residency(residency) if residency else Residency.RURAL,
        student=Student(student) if student else Student.NONE,
        groups=tuple(_group(*one) for one in groups or ()),
        last_level=level,
    )


def _group(code: str, from_on: str, to_on: str | None, evidence: str) -> GroupEvidence:
    until = datetime.date.fromisoformat(to_on) if to_on else None
    since = datetime.date.fromisoformat(from_on)
    return GroupEvidence(code, since, until, proven=True, evidence=evidence)
