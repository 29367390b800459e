"""Finding a household at a counter: by a full number anywhere in the county, by a name within one's villages."""

from __future__ import annotations

import unicodedata
from collections.abc import Collection
from typing import Final, NamedTuple
from uuid import UUID

from canbao.kernel.part import Part
from canbao.kernel.refusal import Refused
from canbao.people import identities, numbers
from canbao.people.tables import IdentityDocument, Membership

SHORTEST_NAME: Final = 2
MOST_FOUND: Final = 20
# Several people of a household may have a name that begins alike.
_MOST_ROWS: Final = 4 * MOST_FOUND


class HouseholdRow(NamedTuple):
    """A household that was found, by one of its people."""

    id: UUID
    number: str
    village: str
    name: str


class MemberRow(NamedTuple):
    """One person of a household."""

    person_id: UUID
    name: str
    relation: str


def households(text: str, villages: Collection[str] | None) -> Part[HouseholdRow]:
    """Households with a person of this number, or of a name that begins so; one statement, two where cut.

    A household number of the own villages is understood too. Refuses `search_too_short`.
    """
    text = unicodedata.normalize("NFKC", text).strip().upper().replace("\0", "").replace(" ", "")
    held = Membership.here.filter(to_on=None, person__merged_into=None)
    if len(text) > len("00000000") and any(sign.isdigit() for sign in text):
        macs = [identities.mac(kind, text) for kind in numbers.Kind]
        known = IdentityDocument.here.filter(number_mac__in=macs, to_on=None).values("person_id")
        held = held.filter(person_id__in=known)
    else:
        if len(text) < SHORTEST_NAME:
            raise Refused("search_too_short")
        held = (
            held.filter(household__number=text)
            if text.isdigit()
            else held.filter(person__name__startswith=text)
        )
        if villages is not None:
            held = held.filter(household__village__in=sorted(villages))
    found: dict[UUID, HouseholdRow] = {}
    columns = ("household_id", "household__number", "household__village", "person__name")
    rows = list(held.order_by("relation", "person__name").values_list(*columns)[:_MOST_ROWS])
    for row in rows:
        found.setdefault(row[0], HouseholdRow._make(row))
    whole = len(found) <= MOST_FOUND and len(rows) < _MOST_ROWS
    total = len(found) if whole else held.values("household_id").distinct().count()
    return Part(list(found.values())[:MOST_FOUND], total)


def household(household_id: UUID) -> tuple[HouseholdRow, list[MemberRow]]:
    """A household with its people of today, the head first; one statement. Refuses `not_found`."""
    rows = list(
        Membership.here.filter(household_id=household_id, to_on=None)
        .order_by("relation", "person__birth_on")
        .values_list(
            "household__number", "household__village", "person_id", "person__name", "relation"
        )
    )
    if not rows:
        raise Refused("not_found")
    number, village, _, name, _ = rows[0]
    members = [MemberRow(person, who, relation) for _, _, person, who, relation in rows]
    return HouseholdRow(household_id, number, village, name), members
