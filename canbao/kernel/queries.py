"""Reads of the kernel's tables, as frozen rows."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from canbao.kernel.tables import Audit, County, Notice, Officer, Region


@dataclass(frozen=True, slots=True)
class AuditRow:
    """One entry of the record, with the name of whoever acted."""

    at: datetime
    event: str
    actor_id: UUID
    actor_role: str
    actor_name: str
    subject_id: UUID
    facts: dict[str, Any]


@dataclass(frozen=True, slots=True)
class NoticeRow:
    """One message, as the outbox shows it."""

    id: UUID
    contact_id: UUID
    template: str
    facts: dict[str, Any]
    subject_id: UUID | None
    at: datetime
    state: str


@dataclass(frozen=True, slots=True)
class RegionRow:
    """A region in force."""

    code: str
    name: str
    level: str
    parent_code: str


_names: dict[str, str] = {}


def county_name(code: str) -> str | None:
    """The name of a county served here; names are kept, since they hardly ever change."""
    if code not in _names:
        found = County.objects.filter(code=code).values_list("name", flat=True).first()
        if found is None:
            return None
        _names[code] = found
    return _names[code]


def counties() -> list[tuple[str, str]]:
    """(code, name) of all counties served here."""
    return list(County.objects.order_by("code").values_list("code", "name"))


def regions(codes: Iterable[str] | None = None, level: str = "") -> list[RegionRow]:
    """Regions in force, of these codes or of one level."""
    found = Region.here.filter(to_on=None).order_by("code")
    if codes is not None:
        found = found.filter(code__in=list(codes))
    if level:
        found = found.filter(level=level)
    return [RegionRow(*row) for row in found.values_list("code", "name", "level", "parent_code")]


def trail(subject_ids: Sequence[UUID], limit: int = 200) -> list[AuditRow]:
    """What was done about these records, oldest first, with officers' names; two statements."""
    found = list(
        Audit.here.filter(subject_id__in=list(subject_ids))
        .order_by("at", "id")
        .values_list("at", "event", "actor_id", "actor_role", "subject_id", "facts")[:limit]
    )
    names = dict(Officer.here.filter(id__in={row[2] for row in found}).values_list("id", "name"))
    return [
        AuditRow(at, event, actor, role, names.get(actor, ""), subject, json.loads(facts))
        for at, event, actor, role, subject, facts in found
    ]


def notices_of(contact_ids: Sequence[UUID] | None = None, limit: int = 100) -> list[NoticeRow]:
    """Latest messages, of these contacts or of all."""
    found = Notice.here.order_by("-at", "-id")
    if contact_ids is not None:
        found = found.filter(contact_id__in=list(contact_ids))
    columns = ("id", "contact_id", "template", "facts", "subject_id", "at", "state")
    return [
        NoticeRow(one, contact, template, json.loads(facts), subject, at, state)
        for one, contact, template, facts, subject, at, state in found.values_list(*columns)[:limit]
    ]
