"""What the rules ask about insured persons, gathered from their records."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Sequence
from typing import Final
from uuid import UUID

from canbao.insured.tables import EnrolmentYear
from canbao.people.tables import Category, IdentityDocument, Person
from canbao.policy.rules.person import Document, GroupEvidence, PersonFacts, Residency, Student

_GROUP: Final = ("person_id", "code", "from_on", "to_on", "evidence")


def facts_of(person_ids: Sequence[UUID], insurance: str) -> dict[UUID, PersonFacts]:
    """Facts of these persons as their records have them: four statements.

    Groups in the record are proven: a list or the county's decision put them there. Residency, schooling
    and level are those of the last year of this insurance.
    """
    ids = list(person_ids)
    groups: dict[UUID, list[GroupEvidence]] = defaultdict(list)
    held = Category.here.filter(person_id__in=ids).order_by("from_on", "code")
    for person, code, from_on, to_on, evidence in held.values_list(*_GROUP):
        groups[person].append(GroupEvidence(code, from_on, to_on, proven=True, evidence=evidence))
    kinds = dict(
        IdentityDocument.here.filter(person_id__in=ids, to_on=None)
        .order_by("id")
        .values_list("person_id", "kind")
    )
    years = EnrolmentYear.here.filter(
        enrolment__person_id__in=ids, enrolment__insurance=insurance
    ).order_by("year", "enrolment_id")
    last = {
        person: said
        for person, *said in years.values_list(
            "enrolment__person_id", "level", "residency", "student"
        )
    }
    persons = Person.here.filter(id__in=ids).values_list("id", "birth_on", "sex")
    return {
        person: _facts(birth_on, sex, kinds.get(person), last.get(person), groups[person])
        for person, birth_on, sex in persons
    }


def _facts(
    birth_on: datetime.date,
    sex: str,
    kind: str | None,
    last: list[str] | None,
    groups: list[GroupEvidence],
) -> PersonFacts:
    level, residency, student = last or (None, "", "")
    return PersonFacts(
        birth_on=birth_on,
        sex=sex,
        document=Document(kind) if kind else Document.ID_CARD,
        residency=Residency(residency) if residency else Residency.RURAL,
        student=Student(student) if student else Student.NONE,
        groups=tuple(groups),
        last_level=level,
    )
