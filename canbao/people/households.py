"""The own household of a person whom a phone is bound to: who belongs to it, and who is insured."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from uuid import UUID

from canbao.people.tables import IdentityDocument, Membership


@dataclass(frozen=True, slots=True)
class Member:
    """One person of a household; the number only as its keyed hash."""

    person_id: UUID
    name: str
    relation: str
    birth_on: datetime.date
    number_macs: frozenset[str]


def of(person_id: UUID) -> list[Member]:
    """Everybody of the person's household today; two statements."""
    found = list(
        Membership.here.filter(
            to_on=None,
            household_id__in=Membership.here.filter(person_id=person_id, to_on=None).values(
                "household_id"
            ),
        )
        .order_by("relation", "person__birth_on")
        .values_list("person_id", "person__name", "relation", "person__birth_on")
    )
    macs: dict[UUID, set[str]] = {row[0]: set() for row in found}
    documents = IdentityDocument.here.filter(person_id__in=list(macs), to_on=None)
    for person, mac in documents.values_list("person_id", "number_mac"):
        macs[person].add(mac)
    return [
        Member(person, name, relation, born, frozenset(macs[person]))
        for person, name, relation, born in found
    ]
