"""Writes that persons have died: the day, and the paper that proves it."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping
from uuid import UUID

from canbao.kernel import clock, rows
from canbao.kernel.actor import Actor
from canbao.people.tables import Person, PersonChange


def take(person_ids: Iterable[UUID]) -> dict[UUID, datetime.date | None]:
    """Lock these persons in the order of their ids; the day of death where one is known."""
    found = Person.here.filter(id__in=list(person_ids)).order_by("id")
    return dict(found.select_for_update(no_key=True).values_list("id", "dead_on"))


def write(actor: Actor, died: Mapping[UUID, datetime.date], proof: str, at: clock.Instant) -> None:
    """Write the day of death of taken persons, with what it said before; two statements."""
    ids = list(died)
    rows.update(Person, ids, dead_on=list(died.values()))
    rows.insert(
        PersonChange,
        person_id=ids,
        field="dead_on",
        new=[on.isoformat() for on in died.values()],
        proof=proof,
        by_id=actor.id,
        at=at,
    )
