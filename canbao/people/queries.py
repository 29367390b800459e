"""Reads of people, as frozen rows. Numbers come in clear only from `documents`."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from canbao.kernel import bulk, secrets
from canbao.people import identities
from canbao.people.tables import Category, IdentityDocument, Person, PersonChange

# Asked by every payment.
_DEAD: Final = """
SELECT id, dead_on FROM person
WHERE county = %(county)s AND id = ANY(%(ids)s) AND dead_on IS NOT NULL
"""
_CONTACTS: Final = """
SELECT person_id, id FROM contact
WHERE county = %(county)s AND person_id = ANY(%(ids)s) ORDER BY bound_at
"""


@dataclass(frozen=True, slots=True)
class PersonRow:
    """Current facts of a person; the phone stays sealed."""

    id: UUID
    name: str
    sex: str
    birth_on: datetime.date
    ethnic: str
    village: str
    address: str
    living_address: str
    household_nature: str


@dataclass(frozen=True, slots=True)
class ChangeRow:
    """One change of a person's record."""

    field: str
    old: str
    new: str
    at: datetime.datetime


def persons(ids: Iterable[UUID]) -> dict[UUID, PersonRow]:
    """Persons by id, in one statement."""
    columns = (
        "id", "name", "sex", "birth_on", "ethnic", "village", "address", "living_address", "household_nature",
    )  # fmt: skip
    found = Person.here.filter(id__in=list(ids)).values_list(*columns)
    return {row[0]: PersonRow(*row) for row in found}


def phone_in_clear(person_id: UUID) -> str:
    """The phone of a person, opened. The caller puts the look on record."""
    sealed = Person.here.values_list("phone_sealed", flat=True).filter(id=person_id).first()
    return secrets.open_sealed(sealed, bound_to=identities.bound("phone")) if sealed else ""


def changes_of(person_id: UUID) -> list[ChangeRow]:
    """Every change of a person's record, oldest first."""
    found = PersonChange.here.filter(person_id=person_id).order_by("id")
    return [ChangeRow(*row) for row in found.values_list("field", "old", "new", "at")]


def dead(ids: Iterable[UUID]) -> dict[UUID, datetime.date]:
    """Those of these persons who are known to have died, with the day."""
    return dict(bulk.fetch(_DEAD, ids=list(ids)))


def contacts_of(ids: Iterable[UUID]) -> dict[UUID, UUID]:
    """The phone bound to each of these persons, where there is one: contact ids by person."""
    return dict(bulk.fetch(_CONTACTS, ids=list(ids)))


def masked_of(ids: Iterable[UUID]) -> dict[UUID, str]:
    """The masked document numbers of persons, as pages and papers show them; one statement."""
    found = IdentityDocument.here.filter(person_id__in=list(ids), to_on=None).order_by("from_on")
    return dict(found.values_list("person_id", "masked"))


def groups_changed(most: int) -> list[UUID]:
    """The persons put into a special group last, and those taken out of one last, so many of each; one statement."""
    put = Category.here.order_by("-id").values_list("person_id", flat=True)[:most]
    ended = Category.here.exclude(to_on=None).order_by("-to_on", "-id")
    return list(put.union(ended.values_list("person_id", flat=True)[:most]))
