"""Looks for the same person under another number among the county's persons."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from canbao.people import identities, likeness, names
from canbao.people.identities import Identity
from canbao.people.likeness import Candidate, Reason
from canbao.people.tables import IdentityDocument


@dataclass(frozen=True, slots=True)
class Suspect:
    """Somebody new, and whether the register vouches for the very number under the very name."""

    person_id: UUID
    identity: Identity
    vouched: bool


def alike(new: Sequence[Suspect]) -> dict[UUID, list[str]]:
    """For each person, why somebody else may be the same one: reason and masked number.

    One statement for name and birth date; one more for numbers a digit or a swap apart, asked only for
    numbers the register does not vouch for. No number is read in clear.
    """
    reasons: dict[UUID, list[str]] = defaultdict(list)
    masks: dict[UUID, str] = {}
    existing = []
    births = {one.identity.birth_on for one in new}
    called = {one.identity.name for one in new}
    found = IdentityDocument.here.filter(to_on=None, person__merged_into=None)
    columns = ("person_id", "masked", "person__name", "person__birth_on", "number_mac")
    for person, masked, name, birth, _ in found.filter(
        person__birth_on__in=births, person__name__in=called
    ).values_list(*columns):
        masks[person] = masked
        existing.append(Candidate(person, names.key(name), birth))
    mine = [
        Candidate(one.person_id, names.key(one.identity.name), one.identity.birth_on) for one in new
    ]
    for hit in likeness.find(mine, existing):
        reasons[UUID(str(hit.new_id))].append(f"{hit.reason} {masks[UUID(str(hit.existing_id))]}")
    for person, why in _near([one for one in new if not one.vouched]):
        reasons[person].append(why)
    return reasons


def _near(new: Sequence[Suspect]) -> list[tuple[UUID, str]]:
    wanted: dict[str, list[Suspect]] = defaultdict(list)
    for one in new:
        for number in likeness.near(one.identity.number):
            wanted[identities.mac(one.identity.kind, number)].append(one)
    if not wanted:
        return []
    found = IdentityDocument.here.filter(
        number_mac__in=list(wanted), to_on=None, person__merged_into=None
    ).values_list("number_mac", "masked", "person__name", "person__birth_on")
    return [
        (one.person_id, f"{Reason.NEAR_NUMBER} {masked}")
        for code, masked, name, birth in found
        for one in wanted[code]
        if birth == one.identity.birth_on or names.key(name) == names.key(one.identity.name)
    ]
