"""Reads of the county's order for the administration: regions, offices, officers, seals, waivers, jobs."""

from __future__ import annotations

import datetime
import json
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Final
from uuid import UUID

from django.db.models import Q

from canbao.kernel.tables import (
    Job,
    Office,
    Officer,
    Posting,
    Region,
    Seal,
    SealCustody,
    Waiver,
)

PAGE: Final = 50


@dataclass(frozen=True, slots=True)
class RegionLine:
    """A region, in force or merged into another."""

    code: str
    name: str
    level: str
    parent_code: str
    from_on: datetime.date
    to_on: datetime.date | None
    succeeded_by: str


@dataclass(frozen=True, slots=True)
class OfficeLine:
    """An office, open or closed."""

    id: UUID
    name: str
    kind: str
    region_code: str
    insurances: tuple[str, ...]
    address: str
    phone: str
    hours: str
    from_on: datetime.date
    to_on: datetime.date | None


@dataclass(frozen=True, slots=True)
class PostingLine:
    """One posting of an officer."""

    id: UUID
    officer_id: UUID
    officer_name: str
    office_id: UUID
    office_name: str
    role: str
    from_on: datetime.date
    to_on: datetime.date | None
    stands_in_for: UUID | None


@dataclass(frozen=True, slots=True)
class OfficerLine:
    """An officer with the postings that hold or are to come."""

    id: UUID
    login: str
    name: str
    phone: str
    left_on: datetime.date | None
    postings: tuple[PostingLine, ...] = ()


@dataclass(frozen=True, slots=True)
class CustodyLine:
    """Who may use a seal, from when to when."""

    id: UUID
    seal_id: UUID
    officer_id: UUID
    officer_name: str
    from_on: datetime.date
    to_on: datetime.date | None


@dataclass(frozen=True, slots=True)
class SealLine:
    """A seal, in use or retired, with those who held it."""

    id: UUID
    kind: str
    name: str
    purpose: str
    office_id: UUID
    office_name: str
    from_on: datetime.date
    to_on: datetime.date | None
    custody: tuple[CustodyLine, ...] = ()


@dataclass(frozen=True, slots=True)
class WaiverLine:
    """A waiver, proposed or granted."""

    id: UUID
    officer_id: UUID
    officer_name: str
    rule: str
    reason: str
    proposed_by: UUID
    granted_by: UUID | None
    from_on: datetime.date
    to_on: datetime.date


@dataclass(frozen=True, slots=True)
class JobLine:
    """A job, whoever started it."""

    id: UUID
    operation: str
    by: str
    total: int
    done: int
    refused: int
    state: str
    at: datetime.datetime


_REGION: Final = ("code", "name", "level", "parent_code", "from_on", "to_on", "succeeded_by")
_OFFICE: Final = (
    "id", "name", "kind", "region_code", "insurances", "address", "phone", "hours", "from_on", "to_on",
)  # fmt: skip
_OFFICER: Final = ("id", "login", "name", "phone", "left_on")
_POSTING: Final = (
    "id", "officer_id", "officer__name", "office_id", "office__name", "role", "from_on", "to_on",
    "stands_in_for",
)  # fmt: skip
_SEAL: Final = ("id", "kind", "name", "purpose", "office_id", "office__name", "from_on", "to_on")
_CUSTODY: Final = ("id", "seal_id", "officer_id", "officer__name", "from_on", "to_on")
_WAIVER: Final = (
    "id", "officer_id", "officer__name", "rule", "reason", "proposed_by", "granted_by", "from_on", "to_on",
)  # fmt: skip


def regions(parent: str = "", level: str = "") -> list[RegionLine]:
    """Regions below one, or of one level, those that merged included."""
    found = Region.here.order_by("code")
    if parent:
        found = found.filter(Q(parent_code=parent) | Q(code=parent))
    if level:
        found = found.filter(level=level)
    return [RegionLine(*row) for row in found.values_list(*_REGION)]


def region(code: str) -> RegionLine | None:
    """One region by its code."""
    row = Region.here.filter(code=code).values_list(*_REGION).first()
    return RegionLine(*row) if row else None


def _office(row: Sequence[Any]) -> OfficeLine:
    one = dict(zip(_OFFICE, row, strict=True))
    return OfficeLine(**{**one, "insurances": tuple(one["insurances"])})


def offices(search: str = "", page: int = 1) -> tuple[list[OfficeLine], int]:
    """One page of offices, open ones first, and how many there are."""
    found = Office.here.order_by("to_on", "region_code", "name")
    if search:
        found = found.filter(Q(name__contains=search) | Q(region_code__startswith=search))
    total = found.count()
    rows = found.values_list(*_OFFICE)[(page - 1) * PAGE : page * PAGE]
    return [_office(row) for row in rows], total


def office(office_id: UUID) -> OfficeLine | None:
    """One office."""
    row = Office.here.filter(id=office_id).values_list(*_OFFICE).first()
    return _office(row) if row else None


def open_offices() -> list[tuple[UUID, str]]:
    """(id, name) of open offices, for a choice."""
    return list(
        Office.here.filter(to_on=None).order_by("region_code", "name").values_list("id", "name")
    )


def postings(
    *, officer_ids: Sequence[UUID] | None = None, office_id: UUID | None = None
) -> list[PostingLine]:
    """Postings of these officers or at this office, latest first."""
    found = Posting.here.order_by("-from_on", "id")
    if officer_ids is not None:
        found = found.filter(officer_id__in=list(officer_ids))
    if office_id is not None:
        found = found.filter(office_id=office_id)
    return [PostingLine(*row) for row in found.values_list(*_POSTING)]


def officers(search: str = "", page: int = 1) -> tuple[list[OfficerLine], int]:
    """One page of officers by name, those who left last, with their postings; three statements."""
    found = Officer.here.order_by("-left_on", "name", "id")
    if search:
        found = found.filter(Q(name__startswith=search) | Q(login__startswith=search))
    total = found.count()
    rows = list(found.values_list(*_OFFICER)[(page - 1) * PAGE : page * PAGE])
    held: dict[UUID, list[PostingLine]] = defaultdict(list)
    for one in postings(officer_ids=[row[0] for row in rows]):
        held[one.officer_id].append(one)
    return [replace(OfficerLine(*row), postings=tuple(held[row[0]])) for row in rows], total


def officer(officer_id: UUID) -> OfficerLine | None:
    """One officer with every posting."""
    row = Officer.here.filter(id=officer_id).values_list(*_OFFICER).first()
    return (
        replace(OfficerLine(*row), postings=tuple(postings(officer_ids=[officer_id])))
        if row
        else None
    )


def officer_by_login(login: str) -> OfficerLine | None:
    """One officer by login, as commands name them."""
    row = Officer.here.filter(login=login).values_list(*_OFFICER).first()
    return (
        replace(OfficerLine(*row), postings=tuple(postings(officer_ids=[row[0]]))) if row else None
    )


def names(ids: Sequence[UUID | None]) -> dict[UUID, str]:
    """Names of officers by id, in one statement."""
    wanted = {one for one in ids if one is not None}
    return dict(Officer.here.filter(id__in=wanted).values_list("id", "name")) if wanted else {}


def seals(office_id: UUID | None = None, page: int = 1) -> tuple[list[SealLine], int]:
    """One page of seals with everybody who held them, and how many there are; three statements."""
    found = Seal.here.order_by("to_on", "kind", "name")
    if office_id is not None:
        found = found.filter(office_id=office_id)
    total = found.count()
    rows = list(found.values_list(*_SEAL)[(page - 1) * PAGE : page * PAGE])
    held: dict[UUID, list[CustodyLine]] = defaultdict(list)
    custody = SealCustody.here.filter(seal_id__in=[row[0] for row in rows]).order_by("-from_on")
    for line in custody.values_list(*_CUSTODY):
        held[line[1]].append(CustodyLine(*line))
    return [replace(SealLine(*row), custody=tuple(held[row[0]])) for row in rows], total


def seal(seal_id: UUID) -> SealLine | None:
    """One seal with everybody who held it."""
    row = Seal.here.filter(id=seal_id).values_list(*_SEAL).first()
    if row is None:
        return None
    custody = SealCustody.here.filter(seal_id=seal_id).order_by("-from_on").values_list(*_CUSTODY)
    return replace(SealLine(*row), custody=tuple(CustodyLine(*line) for line in custody))


def waivers() -> list[WaiverLine]:
    """Waivers, latest first."""
    found = Waiver.here.order_by("-from_on", "-id").values_list(*_WAIVER)
    return [WaiverLine(*row) for row in found[:200]]


def jobs(limit: int = 50) -> list[JobLine]:
    """Latest jobs of everybody."""
    found = Job.here.order_by("-at", "-id").values_list(
        "id", "operation", "actor", "total", "done", "refused", "state", "at"
    )
    return [
        JobLine(row[0], row[1], str(json.loads(row[2])["name"]), *row[3:]) for row in found[:limit]
    ]
