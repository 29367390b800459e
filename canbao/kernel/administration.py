"""The county's own order, kept by administrators: regions and the offices that serve them."""

from __future__ import annotations

import datetime
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from django.db.models import Q

from canbao.kernel import audit, clock, county, rows
from canbao.kernel.actor import Actor, Role
from canbao.kernel.operation import CONSTRAINTS, operation
from canbao.kernel.refusal import Refused
from canbao.kernel.tables import County, Office, Posting, Region, Seal, SealCustody
from canbao.kernel.taken import Outcome

CONSTRAINTS["region_code"] = "region_known_already"
# So many places of a code name the township.
_TOWNSHIP: Final = 9
_CODE: Final = re.compile(r"\d{12}")
# The kinds of office there are, and the level of region each of them serves.
OFFICE_KINDS: Final[Mapping[str, str]] = {
    "village": "village",
    "township": "township",
    "county": "county",
    "office": "county",
}
PARENT_LEVEL: Final[Mapping[str, str]] = {"village": "township", "township": "county"}
INSURANCES: Final = ("170", "390")
_NAME_MAX: Final = 60


@dataclass(frozen=True, slots=True)
class OfficeGiven:
    """What is said of an office; `insurances` are those it serves."""

    name: str
    kind: str
    region_code: str
    insurances: tuple[str, ...]
    address: str = ""
    phone: str = ""
    hours: str = ""


def may(actor: Actor) -> None:
    """Only administrators, and the system for the first of them. Refuses `not_administrator`."""
    if actor.role not in {Role.ADMINISTRATOR, Role.SYSTEM}:
        raise Refused("not_administrator")


def holds_after(on: datetime.date) -> Q:
    """Rows that still hold after this day begins."""
    return Q(to_on__isnull=True) | Q(to_on__gt=on)


@operation
def found_county(actor: Actor, name: str, office_name: str, *, at: clock.Instant) -> Outcome:
    """Open a county on this installation: its row, its region, and the office of its administrators.

    Refuses `not_administrator` (only the system founds), `name_needed`, `region_known_already`.
    """
    if actor.role is not Role.SYSTEM:
        raise Refused("not_administrator")
    _named(name)
    _named(office_name)
    code = f"{county.current()}000000"
    ids = rows.insert_new(
        Region, ["code"], code=code, name=name.strip(), level="county", parent_code="",
        from_on=clock.on(at),
    )  # fmt: skip
    if not ids:
        raise Refused("region_known_already", region=code)
    County.objects.update_or_create(
        code=county.current(), defaults={"name": name.strip(), "demo": False}
    )
    given = OfficeGiven(office_name, "office", code, INSURANCES)
    made = rows.insert(
        Office, **_columns(given), insurances=_listed(given.insurances), from_on=clock.on(at)
    )
    audit.record(actor, "county.founded", made, at=at, kind="office", facts={"code": code})
    return Outcome(tuple(made))


@operation
def add_region(
    actor: Actor, code: str, name: str, level: str, parent_code: str, *, at: clock.Instant
) -> Outcome:
    """Add a township or village by its 12-digit code, from today.

    Refuses `region_code_unclear` (12 digits that begin with the county), `region_parent_unknown`,
    `region_elsewhere` (a village's code begins with its township's),     `name_needed`, `region_known_already`. Source: DOMAIN 4.2 (statistical division codes).
    """
    may(actor)
    if not _CODE.fullmatch(code) or not code.startswith(county.current()):
        raise Refused("region_code_unclear", county=county.current())
    _named(name)
    parent = Region.here.filter(code=parent_code, to_on=None).values_list("level", flat=True)
    if list(parent) != [PARENT_LEVEL.get(level)]:
        raise Refused("region_parent_unknown", parent=parent_code)
    if level == "village" and code[:_TOWNSHIP] != parent_code[:_TOWNSHIP]:
        raise Refused("region_elsewhere", region=code, parent=parent_code)
    ids = rows.insert_new(
        Region, ["code"], code=code, name=name.strip(), level=level, parent_code=parent_code,
        from_on=clock.on(at),
    )  # fmt: skip
    if not ids:
        raise Refused("region_known_already", region=code)
    audit.record(actor, "region.added", list(ids), at=at, kind="region", facts={"code": code})
    return Outcome(tuple(ids))


@operation
def rename_region(actor: Actor, code: str, name: str, *, at: clock.Instant) -> Outcome:
    """Give a region another name; its code, and what was printed with the old name, stay.

    Refuses `not_found`, `name_needed` and `nothing_changes`.
    """
    may(actor)
    _named(name)
    row = Region.here.select_for_update(no_key=True).filter(code=code, to_on=None).first()
    if row is None:
        raise Refused("not_found")
    if row.name == name.strip():
        raise Refused("nothing_changes")
    rows.update(Region, [row.id], name=name.strip())
    facts = {"code": code, "old": row.name, "new": name.strip()}
    audit.record(actor, "region.renamed", [row.id], at=at, kind="region", facts=facts)
    return Outcome((row.id,))


@operation
def merge_regions(
    actor: Actor, codes: Sequence[str], into: str, on: datetime.date, *, at: clock.Instant
) -> Outcome:
    """Let regions of one level merge into another from a day; cases keep the code of their day.

    Whoever works for the region merged into reaches the cases of the merged ones from then on.
    Refuses `not_found`, `region_into_itself`, `region_levels_differ`.
    """
    may(actor)
    if into in codes or not codes:
        raise Refused("region_into_itself")
    wanted = [*codes, into]
    found = {
        row.code: row
        for row in Region.here.filter(code__in=wanted, to_on=None)
        .order_by("id")
        .select_for_update(no_key=True)
    }
    if set(found) != set(wanted):
        raise Refused("not_found")
    if len({row.level for row in found.values()}) > 1:
        raise Refused("region_levels_differ")
    ids = [found[code].id for code in codes]
    rows.update(Region, ids, succeeded_by=into, to_on=on)
    facts = [{"code": code, "into": into, "on": on} for code in codes]
    audit.record(actor, "region.merged", ids, at=at, kind="region", facts=facts)
    return Outcome(tuple(ids))


def _named(name: str) -> None:
    if not name.strip() or len(name) > _NAME_MAX:
        raise Refused("name_needed", most=_NAME_MAX)


@operation
def open_office(
    actor: Actor, given: OfficeGiven, from_on: datetime.date, *, at: clock.Instant
) -> Outcome:
    """Open an office that serves named insurances in a region, from a day.

    Refuses `name_needed`, `office_kind_unfit`, `insurance_unknown`. Source: DESIGN 4 (offices).
    """
    may(actor)
    _office_fits(given)
    ids = rows.insert(
        Office, **_columns(given), insurances=_listed(given.insurances), from_on=from_on
    )
    audit.record(
        actor, "office.opened", ids, at=at, kind="office",
        facts={"region": given.region_code, "insurances": list(given.insurances), "from": from_on},
    )  # fmt: skip
    return Outcome(tuple(ids))


@operation
def change_office(
    actor: Actor, office_id: UUID, given: OfficeGiven, *, at: clock.Instant
) -> Outcome:
    """Change name, address, phone, hours or insurances of an open office; kind and region stay.

    Refuses as `open_office`, and `not_found`, `nothing_changes`.
    """
    may(actor)
    row = Office.here.select_for_update(no_key=True).filter(id=office_id, to_on=None).first()
    if row is None:
        raise Refused("not_found")
    if (row.kind, row.region_code) != (given.kind, given.region_code):
        raise Refused("office_kind_unfit")
    _office_fits(given)
    new = _columns(given)
    old = {name: getattr(row, name) for name in new}
    changed = {name: value for name, value in new.items() if old[name] != value}
    if sorted(row.insurances) != sorted(given.insurances):
        changed["insurances"] = _listed(given.insurances)
        old["insurances"] = _listed(row.insurances)
    if not changed:
        raise Refused("nothing_changes")
    Office.here.filter(id=office_id).update(**new, insurances=sorted(given.insurances))
    facts = {name: [old[name], value] for name, value in changed.items()}
    audit.record(actor, "office.changed", [office_id], at=at, kind="office", facts=facts)
    return Outcome((office_id,))


@operation
def close_office(actor: Actor, office_id: UUID, on: datetime.date, *, at: clock.Instant) -> Outcome:
    """Close an office from a day; its postings, seals and their custody end with it.

    Refuses `not_found`, `dates_reversed`, and `office_own` for the actor's own office.
    """
    may(actor)
    if office_id == actor.office_id:
        raise Refused("office_own")
    row = Office.here.select_for_update(no_key=True).filter(id=office_id, to_on=None).first()
    if row is None:
        raise Refused("not_found")
    if on <= row.from_on:
        raise Refused("dates_reversed")
    rows.update(Office, [office_id], to_on=on)
    ended = Posting.here.filter(holds_after(on), office_id=office_id).update(to_on=on)
    SealCustody.here.filter(holds_after(on), seal__office_id=office_id).update(to_on=on)
    seals = Seal.here.filter(holds_after(on), office_id=office_id).update(to_on=on)
    facts = {"on": on, "postings": ended, "seals": seals}
    audit.record(actor, "office.closed", [office_id], at=at, kind="office", facts=facts)
    return Outcome((office_id,))


def _office_fits(given: OfficeGiven) -> None:
    _named(given.name)
    level = Region.here.filter(code=given.region_code, to_on=None).values_list("level", flat=True)
    if list(level) != [OFFICE_KINDS.get(given.kind, "")]:
        raise Refused("office_kind_unfit")
    if not given.insurances or set(given.insurances) - set(INSURANCES):
        raise Refused("insurance_unknown")


def _listed(insurances: Sequence[str]) -> str:
    return "{" + ",".join(sorted(insurances)) + "}"


def _columns(given: OfficeGiven) -> dict[str, str]:
    return {
        "name": given.name.strip(),
        "kind": given.kind,
        "region_code": given.region_code,
        "address": given.address.strip(),
        "phone": given.phone.strip(),
        "hours": given.hours.strip(),
    }
