"""Looking something up in the record: who did what, when, about what."""

from __future__ import annotations

import datetime
import json
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from canbao.kernel import clock
from canbao.kernel.tables import Audit, Officer

PAGE: Final = 50
_COLUMNS: Final = (
    "id", "at", "event", "actor_id", "actor_role", "acted_by", "subject_kind", "subject_id", "facts",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is looked for; a day is a business day. Without a subject a span of days is needed."""

    event: str = ""
    actor_id: UUID | None = None
    subject_id: UUID | None = None
    from_on: datetime.date | None = None
    to_on: datetime.date | None = None


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of the record."""

    id: UUID
    at: datetime.datetime
    event: str
    actor_id: UUID
    actor_role: str
    acted_by: UUID
    subject_kind: str
    subject_id: UUID
    actor_name: str
    facts: dict[str, Any]


def _begins(on: datetime.date) -> datetime.datetime:
    return datetime.datetime.combine(on, datetime.time(), clock.SHANGHAI)


def search(wanted: Wanted, page: int = 1) -> tuple[list[Entry], bool]:
    """One page of entries, latest first, and whether more follow; two statements."""
    found = Audit.here.order_by("-at", "-id")
    if wanted.subject_id is not None:
        found = found.filter(subject_id=wanted.subject_id)
    if wanted.from_on is not None:
        found = found.filter(at__gte=_begins(wanted.from_on))
    if wanted.to_on is not None and wanted.to_on < datetime.date.max - clock.ONE_DAY:
        found = found.filter(at__lt=_begins(wanted.to_on + clock.ONE_DAY))
    if wanted.event:
        found = found.filter(event__startswith=wanted.event)
    if wanted.actor_id is not None:
        found = found.filter(actor_id=wanted.actor_id)
    rows = list(found.values(*_COLUMNS)[(page - 1) * PAGE : page * PAGE + 1])
    actors = {row["actor_id"] for row in rows}
    who = dict(Officer.here.filter(id__in=actors).values_list("id", "name"))
    return [
        Entry(**{**row, "facts": json.loads(row["facts"])}, actor_name=who.get(row["actor_id"], ""))
        for row in rows[:PAGE]
    ], len(rows) > PAGE
