"""Two rows of one person: what hangs on the one that gives way moves to the other; nothing is deleted.

Its documents stay with the row they were met with, so that both numbers find the person and each case
keeps its own.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from django.db.models.functions import Coalesce

from canbao.kernel import clock, rows
from canbao.kernel.tables import Officer
from canbao.kernel.tenant import Tenant
from canbao.people.tables import Category, Contact, Guardian, Membership, Person, PersonChange

Column = tuple[type[Tenant], str]
# What hangs on a person, in this room and in the order below it.
MOVED: Final[Sequence[Column]] = (
    (Membership, "person_id"),
    (Category, "person_id"),
    (Guardian, "person_id"),
    (Guardian, "guardian_person_id"),
    (Contact, "person_id"),
    (Officer, "person_id"),
    (Person, "merged_into"),
)
SURVIVOR: Final = Coalesce("merged_into", "id")
_ENDED: Final = "membership ended"


@dataclass(frozen=True, slots=True)
class Change:
    """Who gives way to whom, why, and by which two officers."""

    gone_id: UUID
    kept_id: UUID
    reason: str
    proposed_by: UUID
    confirmed_by: UUID


def lock(ids: Iterable[UUID]) -> dict[UUID, UUID | None]:
    """Lock these persons by id; gives for each row what it was merged into."""
    found = Person.here.filter(id__in=set(ids)).order_by("id").select_for_update(no_key=True)
    return dict(found.values_list("id", "merged_into"))


def rows_of(person_ids: Iterable[UUID]) -> dict[UUID, UUID]:
    """Every row of these persons, those merged into them included, with the person; one statement."""
    ids = set(person_ids)
    found = Person.here.filter(merged_into__in=ids).values_list("id", "merged_into")
    return {one: one for one in ids} | dict(found)


def survivors(*person_ids: UUID) -> Any:
    """A subquery for the rows that stand for these persons now."""
    return Person.here.filter(id__in=person_ids).values(found=SURVIVOR)


def move(columns: Sequence[Column], gone: UUID, kept: UUID) -> dict[str, list[UUID]]:
    """Hang everything of one row on another; returns what was moved, by table and column."""
    moved = {}
    for model, column in columns:
        held = model.here.filter(**{column: gone}).order_by("id").select_for_update(no_key=True)
        ids = list(held.values_list("id", flat=True))
        if rows.update(model, ids, **{column: kept}):
            moved[name_of(model, column)] = ids
    return moved


def move_back(columns: Sequence[Column], moved: Mapping[str, Sequence[str]], gone: UUID) -> None:
    """Hang what was moved on its own row again."""
    for model, column in columns:
        rows.update(model, ids_of(model, column, moved), **{column: gone})


def ids_of(model: type[Tenant], column: str, moved: Mapping[str, Sequence[str]]) -> list[UUID]:
    """Which rows of a table were moved, by id."""
    return sorted(UUID(one) for one in moved.get(name_of(model, column), ()))


def name_of(model: type[Tenant], column: str) -> str:
    """How a column stands in what was moved."""
    return f"{model._meta.db_table}.{column}"


def give_way(change: Change, at: clock.Instant) -> dict[str, list[UUID]]:
    """Merge one row into another; returns what was moved or ended."""
    ended = _end_membership(change, clock.on(at))
    moved = move(MOVED, change.gone_id, change.kept_id)
    rows.update(Person, [change.gone_id], merged_into=change.kept_id)
    _note(change, "", str(change.kept_id), at)
    return moved | ({_ENDED: ended} if ended else {})


def come_back(change: Change, moved: Mapping[str, Sequence[str]], at: clock.Instant) -> None:
    """Let a row that gave way stand for itself again, with what hung on it."""
    move_back(MOVED, moved, change.gone_id)
    rows.update(Membership, sorted(UUID(one) for one in moved.get(_ENDED, ())), to_on=None)
    rows.update(Person, [change.gone_id], merged_into=None)
    _note(change, str(change.kept_id), "", at)


def _end_membership(change: Change, on: datetime.date) -> list[UUID]:
    """A person lives in one household: that of the row that stays, where it has one."""
    here = Membership.here.filter(to_on=None)
    if not here.filter(person_id=change.kept_id).exists():
        return []
    ids = list(here.filter(person_id=change.gone_id).values_list("id", flat=True))
    rows.update(Membership, ids, to_on=on)
    return ids


def _note(change: Change, old: str, new: str, at: clock.Instant) -> None:
    rows.insert(
        PersonChange, person_id=change.gone_id, field="merged_into", old=old, new=new,
        proof=change.reason, by_id=change.proposed_by, second_id=change.confirmed_by, at=at,
    )  # fmt: skip
