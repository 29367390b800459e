"""The number that was meant: somebody in the household register one digit or one swap away."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final
from uuid import UUID

from canbao.kernel import audit, clock
from canbao.kernel.actor import Actor
from canbao.kernel.operation import operation
from canbao.kernel.taken import Outcome
from canbao.people import identities, likeness, numbers
from canbao.people.tables import Membership, RegisterEntry

# A wrong digit shows as one of these; other faults of a number are not one digit's.
DOUBTFUL: Final = frozenset(
    {"number_check_digit", "number_birth_date", "number_birth_future", "number_birth_early"}
)


@dataclass(frozen=True, slots=True)
class Near:
    """Somebody of the register who may be meant; the full number is for taking it over only."""

    id: UUID
    name: str
    masked: str
    village: str
    household_number: str
    number: str = field(repr=False)


def near(kind: str, typed: str) -> list[Near]:
    """Who in the register has a number one digit or swap away from a wrong one; one statement.

    No number is opened: the one that fits is made from what was typed. The caller puts on record
    whom it shows, with `seen`.
    """
    if kind not in numbers.CHECKED:
        return []
    made = {identities.mac(kind, one): one for one in likeness.neighbours(numbers.tidy(typed))}
    if not made:
        return []
    found = RegisterEntry.here.filter(number_mac__in=list(made)).order_by("village", "name", "id")
    columns = ("id", "name", "masked", "village", "household_number", "number_mac")
    return [
        Near(one, name, masked, village, household_number, made[mac])
        for one, name, masked, village, household_number, mac in found.values_list(*columns)
    ]


def near_own(person_id: UUID, kind: str, typed: str) -> list[Near]:
    """The same, for whom a phone is bound to: only members of the household that person belongs to."""
    own = set(
        Membership.here.filter(person_id=person_id, to_on=None).values_list(
            "household__village", "household__number"
        )
    )
    if not own:
        return []
    return [one for one in near(kind, typed) if (one.village, one.household_number) in own]


@operation
def seen(actor: Actor, entries: Sequence[UUID], what: str, *, at: clock.Instant) -> Outcome:
    """Put on record that near misses of a number were shown (`near_seen`), or one taken over (`near_taken`)."""
    audit.record(actor, f"register.{what}", entries, at=at, kind="register_entry")
    return Outcome(tuple(entries))
