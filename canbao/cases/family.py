"""The children whom an elderly applicant names, beside what the county knows of each."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from canbao.cases.queries import CaseView
from canbao.cases.tables import Case
from canbao.insured import queries as insured
from canbao.people import identities, register
from canbao.people.register import Entry


@dataclass(frozen=True, slots=True)
class Insured:
    """A live enrolment of a child."""

    insurance: str
    from_on: datetime.date


@dataclass(frozen=True, slots=True)
class Applied:
    """An open case of a child."""

    insurance: str
    desk: str


@dataclass(frozen=True, slots=True)
class Child:
    """What the form says of a child, and what was found under the child's number."""

    name: str
    masked: str
    relation: str
    enrolled: str
    reason: str
    entry: Entry | None
    insured: Sequence[Insured]
    applied: Sequence[Applied]

    @property
    def name_agrees(self) -> bool:
        """Whether the register has this number under this name."""
        return self.entry is not None and self.entry.name == self.name

    @property
    def cover_agrees(self) -> bool | None:
        """Whether what is said of insurance agrees; None where only a proof can tell.

        An insurance of another county, or of employees, does not stand in canbao.
        """
        if self.insured:
            return bool(self.enrolled)
        return None if self.enrolled or not self.reason else True

    @property
    def differs(self) -> bool:
        """Whether what the form says contradicts a record."""
        return (self.entry is not None and not self.name_agrees) or self.cover_agrees is False


def children(view: CaseView) -> list[Child]:
    """The children on the form of a case, looked up; four statements, none where nobody is named.

    The caller puts the look at their records on record, as `queries.looked_at(.., "family")`.
    """
    said: list[dict[str, Any]] = view.fields["family"]
    if not said:
        return []
    macs = [one["number_mac"] for one in said]
    entries = register.lookup(macs)
    persons = identities.holders(macs)
    covers: dict[UUID, list[Insured]] = defaultdict(list)
    for enrolment in insured.live(persons.values()):
        covers[enrolment.person_id].append(Insured(enrolment.insurance, enrolment.from_on))
    cases = _open_cases(list(persons.values()))
    return [
        Child(
            one["name"], one["number_masked"], one["relation"], one["enrolled"], one["reason"],
            entries.get(mac),
            covers[persons[mac]] if mac in persons else (),
            cases[persons[mac]] if mac in persons else (),
        )
        for one, mac in zip(said, macs, strict=True)
    ]  # fmt: skip


def _open_cases(person_ids: Sequence[UUID]) -> dict[UUID, list[Applied]]:
    found: dict[UUID, list[Applied]] = defaultdict(list)
    cases = Case.here.filter(person_id__in=person_ids, is_open=True).order_by("id")
    for person, insurance, desk in cases.values_list("person_id", "insurance", "desk"):
        found[person].append(Applied(insurance, desk))
    return found
