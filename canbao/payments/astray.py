"""Charges that no longer agree with the record: looked for where groups of persons changed last."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from canbao.kernel.actor import Actor
from canbao.kernel.operation import LARGEST_SET
from canbao.payments import changing, charges
from canbao.payments.changing import Look
from canbao.payments.charges import State
from canbao.payments.tables import Charge
from canbao.people import queries as people

# Persons put on a list last, and persons taken off one last; more would make the page slow.
MOST: Final = 200


@dataclass(frozen=True, slots=True)
class Astray:
    """Charges that repricing would change, their persons by name, and how many persons were looked at."""

    looks: Sequence[Look]
    names: dict[UUID, str]
    people: int


def find(actor: Actor, on: datetime.date) -> Astray:
    """The charges of this year and later that repricing would change today, of the persons changed last.

    Whoever is not among them is found by name or number. Refuses `not_finance`.
    """
    persons = people.groups_changed(MOST)
    found = Charge.here.filter(
        person_id__in=persons, insurance__in=sorted(actor.insurances), year__gte=on.year
    ).exclude(state=State.CANCELLED)
    rows = charges.rows_of(found.order_by("id"))[:LARGEST_SET]
    looks = [one for one in changing.preview(actor, rows, on) if one.refusal is None]
    known = people.persons({one.charge.person_id for one in looks})
    return Astray(looks, {one: known[one].name for one in known}, len(persons))
