"""Offices and postings: who may act where on a given day."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from django.contrib.postgres.aggregates import StringAgg
from django.db import connection
from django.db.models import OuterRef, Q, Subquery

from canbao.kernel import county
from canbao.kernel.actor import Actor, Role
from canbao.kernel.tables import Office, Officer, Posting, Seal, SealCustody, Waiver

COUNTY_WIDE: Final = frozenset(
    {Role.COUNTY, Role.ARCHIVIST, Role.FINANCE, Role.AUDITOR, Role.ADMINISTRATOR}
)


@dataclass(frozen=True, slots=True)
class PostingRow:
    """A posting as the choice after logging in shows it."""

    id: UUID
    role: Role
    office_name: str
    office_kind: str


@dataclass(frozen=True, slots=True)
class OfficeRow:
    """An office as pages and papers name it."""

    id: UUID
    name: str
    kind: str
    region_code: str
    insurances: tuple[str, ...]
    address: str
    phone: str
    hours: str


@dataclass(frozen=True, slots=True)
class SealRow:
    """A seal an officer may use today."""

    id: UUID
    kind: str
    name: str
    purpose: str


def _valid(on: datetime.date) -> Q:
    return Q(from_on__lte=on) & (Q(to_on__isnull=True) | Q(to_on__gt=on))


def postings_of(login: str, on: datetime.date) -> list[PostingRow]:
    """Postings that hold on this day, of an officer who has not left."""
    found = (
        Posting.here.filter(_valid(on), officer__login=login)
        .filter(Q(officer__left_on__isnull=True) | Q(officer__left_on__gt=on))
        .order_by("from_on", "id")
        .values_list("id", "role", "office__name", "office__kind")
    )
    return [PostingRow(one, Role(role), name, kind) for one, role, name, kind in found]


def codes_within(region_code: str, on: datetime.date) -> frozenset[str]:
    """All codes below a region on a day, codes that have merged into it by then included."""
    with connection.cursor() as cursor:
        cursor.execute(
            "WITH RECURSIVE reach AS (SELECT %s::varchar AS code UNION SELECT region.code FROM region "
            "JOIN reach ON region.county = %s "
            "AND (region.parent_code = reach.code OR region.succeeded_by = reach.code AND region.to_on <= %s)) "
            "SELECT code FROM reach",
            [region_code, county.current(), on],
        )
        return frozenset(row[0] for row in cursor.fetchall())


def actor(login: str, posting_id: UUID, on: datetime.date) -> Actor | None:
    """The actor for one of the officer's postings, or None when it does not hold today."""
    row = (
        Posting.here.filter(_valid(on), id=posting_id, officer__login=login)
        .filter(Q(officer__left_on__isnull=True) | Q(officer__left_on__gt=on))
        .select_related("officer", "office")
        .first()
    )
    if row is None:
        return None
    wide = row.role in COUNTY_WIDE
    return _actor(row, None if wide else codes_within(row.office.region_code, on))


def _actor(row: Posting, villages: frozenset[str] | None) -> Actor:
    return Actor(
        county=row.county,
        role=Role(row.role),
        id=row.officer.id,
        name=row.officer.name,
        office_id=row.office.id,
        office_name=row.office.name,
        office_kind=row.office.kind,
        posting_id=row.id,
        villages=villages,
        insurances=frozenset(row.office.insurances),
        person_id=row.officer.person_id,
        stands_in_for=row.stands_in_for,
    )


def offices(kinds: Sequence[str] = (), region_codes: Sequence[str] = ()) -> list[OfficeRow]:
    """Offices of the county, of these kinds and regions where given."""
    found = Office.here.filter(to_on__isnull=True).order_by("region_code", "name")
    if kinds:
        found = found.filter(kind__in=kinds)
    if region_codes:
        found = found.filter(region_code__in=region_codes)
    return [
        OfficeRow(
            one.id,
            one.name,
            one.kind,
            one.region_code,
            tuple(one.insurances),
            one.address,
            one.phone,
            one.hours,
        )
        for one in found
    ]


def officers_at(office_ids: Sequence[UUID], on: datetime.date) -> list[tuple[UUID, UUID, str, str]]:
    """(office, officer, name, phone) of those posted there on this day, first posted first."""
    return list(
        Posting.here.filter(_valid(on), office_id__in=office_ids)
        .order_by("from_on", "id")
        .values_list("office_id", "officer_id", "officer__name", "officer__phone")
    )


def village_officers(on: datetime.date) -> Subquery:
    """Who is posted at the village office of a region on a day, as one text; stands in a query of regions."""
    found = Posting.here.filter(
        _valid(on), role=Role.VILLAGE, office__region_code=OuterRef("code")
    ).order_by()
    names = StringAgg("officer__name", "、", order_by=["from_on", "id"])
    return Subquery(found.values("office__region_code").annotate(names=names).values("names"))


def collectors(on: datetime.date) -> list[tuple[UUID, str]]:
    """(officer, name and office) of everybody whose post takes cash on this day, by office; one statement."""
    found = Posting.here.filter(_valid(on), role__in=[Role.VILLAGE, Role.TOWNSHIP])
    rows = found.order_by("office__region_code", "officer__name").values_list(
        "officer_id", "officer__name", "office__name"
    )
    return [(one, f"{name}, {office}") for one, name, office in rows]


def seal_for(actor: Actor, kind: str, on: datetime.date) -> SealRow | None:
    """The seal of this kind of the actor's office that is in the acting officer's custody today."""
    office_id = actor.behalf.office_id if actor.behalf else actor.office_id
    held = (
        SealCustody.here.filter(
            _valid(on), officer_id=actor.acted_by, seal__office_id=office_id, seal__kind=kind
        )
        .filter(seal__from_on__lte=on)
        .filter(Q(seal__to_on__isnull=True) | Q(seal__to_on__gt=on))
        .values_list("seal_id", "seal__kind", "seal__name", "seal__purpose")
        .first()
    )
    return SealRow(*held) if held else None


def waived(officer_id: UUID, rule: str, on: datetime.date) -> bool:
    """Whether a named, logged waiver lets this officer pass this rule today."""
    granted = Waiver.here.filter(_valid(on), officer_id=officer_id, rule=rule)
    return bool(granted.exclude(granted_by=None).exists())


def officer_name(officer_id: UUID) -> str:
    """The name of an officer, those who left included."""
    return str(Officer.here.values_list("name", flat=True).get(id=officer_id))


def seals(ids: Sequence[UUID]) -> dict[UUID, SealRow]:
    """Seals by id, those no longer in use included."""
    found = Seal.here.filter(id__in=list(ids)).values_list("id", "kind", "name", "purpose")
    return {row[0]: SealRow(*row) for row in found}
