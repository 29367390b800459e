"""Looking something up in the record: who did what, when, about what."""

from __future__ import annotations

import datetime
import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from canbao.kernel import clock
from canbao.kernel.tables import Audit, Office, Officer

PAGE: Final = 50
_ID: Final = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
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


def names_in(entries: Iterable[Entry]) -> dict[str, str]:
    """Names of the officers and offices that stand in the facts of these entries, by id; two statements."""
    ids = set()
    for one in entries:
        for value in one.facts.values():
            if isinstance(value, str) and _ID.fullmatch(value):
                ids.add(UUID(value))
    if not ids:
        return {}
    return {
        str(one): name
        for table in (Officer, Office)
        for one, name in table.here.filter(id__in=ids).values_list("id", "name")
    }
