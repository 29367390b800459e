"""What the records know of one person that the rules ask for, so that an amount can be explained."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from canbao.cases import door, item
from canbao.cases.door import CaseRow
from canbao.cases.kinds import enrolment
from canbao.cases.tables import Case
from canbao.insured import years
from canbao.insured.years import YearRow
from canbao.kernel import audit, clock
from canbao.kernel.actor import Actor
from canbao.kernel.operation import operation
from canbao.kernel.refusal import Refused
from canbao.kernel.taken import Outcome
from canbao.papers import queries as papers
from canbao.people import documents, numbers, queries
from canbao.people.numbers import Kind
from canbao.policy.rules.answers import History
from canbao.policy.rules.person import (
    Document,
    GroupEvidence,
    OtherInsurance,
    PersonFacts,
    Residency,
    Signer,
    Student,
)

_NATURES: Final = {"10": Residency.URBAN, "20": Residency.RURAL, "50": Residency.UNIFIED}
_SIGNERS: Final = {"self": Signer.SELF, "parent": Signer.PARENT}


@dataclass(frozen=True, slots=True)
class Known:
    """A person's facts, the level of the year where there is one, and the years insured before it."""

    person_id: UUID
    facts: PersonFacts
    level: str
    history: History
    charged: YearRow | None


@operation
def looked(actor: Actor, person_id: UUID, *, at: clock.Instant) -> Outcome:
    """Put on record that somebody had a person's amount explained."""
    audit.record(actor, "person.explained", [person_id], at=at, kind="person")
    return Outcome((person_id,))


def person_of(text: str, on: datetime.date) -> UUID:
    """The person of a citizen number or a case number. Refuses `not_found`."""
    try:
        number = numbers.read(Kind.ID_CARD, text, on=on).number
    except Refused:
        case_id = item.case_numbered(text.strip())
        return UUID(str(Case.here.values_list("person_id", flat=True).get(id=case_id)))
    found = documents.holder(Kind.ID_CARD, number)
    if found is None:
        raise Refused("not_found")
    return found


def known_of(actor: Actor, person_id: UUID, insurance: str, year: int) -> Known:
    """Gather what is known of a person: their newest application, else the record alone; five statements.

    Refuses `not_found`.
    """
    person = queries.persons([person_id]).get(person_id)
    if person is None:
        raise Refused("not_found")
    found = door.visible(actor).filter(
        person_id=person_id, insurance=insurance, kind=enrolment.KIND
    )
    cases = door.rows_of(found.order_by("-submitted_at")[:1])
    insured = years.of([person_id], insurance)
    charged = next((one for one in insured if one.year == year), None)
    fields: Mapping[str, Any] = {}
    if cases:
        fields = papers.form_of(papers.papers_of([cases[0].id])).fields
    level = charged.level if charged else (cases[0].level if cases else "")
    return Known(
        person_id=person_id,
        facts=_facts(person, fields, cases[0] if cases else None),
        level=level,
        history=History(frozenset(one.year for one in insured if one.year < year)),
        charged=charged,
    )


def _facts(
    person: queries.PersonRow, fields: Mapping[str, Any], case: CaseRow | None
) -> PersonFacts:
    """The facts of an application with what the record says by now; groups are claimed, not proven."""
    nature = _NATURES.get(person.household_nature, Residency.RURAL)
    since = clock.on(clock.instant(case.submitted_at)) if case else datetime.date.min
    return PersonFacts(
        birth_on=person.birth_on,
        sex=person.sex,
        document=Document(fields.get("document_kind", "id_card")),
        residency=Residency(fields.get("residency") or nature),
        student=Student(fields.get("student") or "none"),
        signer=_SIGNERS.get((fields.get("signed_by") or ["", "self"])[1], Signer.OTHER),
        other_insurance=frozenset(OtherInsurance(one) for one in fields.get("other_insurance", ())),
        groups=tuple(GroupEvidence(code, since) for code in fields.get("groups", ())),
    )
