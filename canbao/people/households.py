"""The own household of a person whom a phone is bound to: who belongs to it, and who is insured."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from uuid import UUID

from django.db.models import QuerySet

from canbao.people.tables import IdentityDocument, Membership


@dataclass(frozen=True, slots=True)
class Member:
    """One person of a household; the number only as its keyed hash."""

    person_id: UUID
    name: str
    relation: str
    birth_on: datetime.date
    number_macs: frozenset[str]


def _members(person_id: UUID) -> QuerySet[Membership]:
    own = Membership.here.filter(person_id=person_id, to_on=None)
    return Membership.here.filter(to_on=None, household_id__in=own.values("household_id"))


def born_after(person_id: UUID, on: datetime.date) -> set[UUID]:
    """Who of the person's household today was born after a day; one statement."""
    found = _members(person_id).filter(person__birth_on__gt=on)
    return set(found.values_list("person_id", flat=True))


def of(person_id: UUID) -> list[Member]:
    """Everybody of the person's household today; two statements."""
    found = list(
        _members(person_id)
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
