"""Reads for those who make two rows of one person one: who is suspected, what hangs on each, what was decided."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from django.db.models import Exists, F, OuterRef, Q

from canbao.cases import door
from canbao.cases.tables import Case, Check
from canbao.insured import queries as insured
from canbao.kernel import part
from canbao.kernel.actor import Actor
from canbao.kernel.part import Part
from canbao.kernel.refusal import Refused
from canbao.kernel.tables import Officer
from canbao.people import merged, names
from canbao.people.likeness import Reason
from canbao.people.tables import IdentityDocument, Membership, Merger, Person, RegisterEntry

LOOKED_AT: Final = 300
ITEM: Final = "unlike_others"


@dataclass(frozen=True, slots=True)
class Face:
    """A person's row in one line."""

    id: UUID
    name: str
    birth_on: datetime.date
    masked: str


@dataclass(frozen=True, slots=True)
class Suspected:
    """Two rows that an application made look like one person, and why."""

    one: Face
    other: Face
    reason: str


@dataclass(frozen=True, slots=True)
class OpenCase:
    """A case that hangs on a row."""

    number: str
    insurance: str
    year: int
    desk: str
    status: str


@dataclass(frozen=True, slots=True)
class Side:
    """A person's row with everything that hangs on it."""

    face: Face
    sex: str
    village: str
    address: str
    in_register: bool
    merged_into: UUID | None
    cases: Sequence[OpenCase]
    enrolments: Sequence[tuple[str, datetime.date]]
    account: str
    household: str


@dataclass(frozen=True, slots=True)
class MergerRow:
    """A proposal to merge or to take a merge back, and what became of it."""

    id: UUID
    kept_id: UUID
    gone_id: UUID
    undoes: UUID | None
    reason: str
    proposed_by: UUID
    proposed_at: datetime.datetime
    verdict: str
    decided_by: UUID | None
    decided_at: datetime.datetime | None
    kept_name: str = ""
    gone_name: str = ""
    proposed_by_name: str = ""
    decided_by_name: str = ""


_MERGER: Final = (
    "id", "kept_id", "gone_id", "undoes", "reason", "proposed_by", "proposed_at", "verdict",
    "decided_by", "decided_at",
)  # fmt: skip


def suspected(actor: Actor) -> list[Suspected]:
    """Pairs that applications within reach made look alike, latest first, undecided ones; four statements.

    Persons come into being by applications, and each is compared with all others then: what was found
    stands in its checks, with the other's masked number.
    """
    found = (
        Check.here.filter(item=ITEM, case_id__in=door.visible(actor).values("id"))
        .exclude(verdict="agrees")
        .filter(case__person__merged_into=None)
        .order_by("-recorded_at", "-id")
        .values_list("case__person_id", "found")
    )
    said = [
        (person, *one.split(" ", 1))
        for person, text in found[:LOOKED_AT]
        for one in text.split(", ")
        if " " in one
    ]
    mine = _faces(Q(person_id__in={person for person, *_ in said}))
    others = _like(mine.values(), {masked for *_, masked in said})
    decided = _decided()
    pairs: dict[frozenset[UUID], Suspected] = {}
    for person, reason, masked in said:
        for other in others[masked] if person in mine else ():
            pair = frozenset((person, other.id))
            if len(pair) > 1 and pair not in decided and _is(reason, mine[person], other):
                pairs.setdefault(pair, Suspected(mine[person], other, reason))
    return list(pairs.values())


def _is(reason: str, one: Face, other: Face) -> bool:
    same_name, same_birth = names.same(one.name, other.name), one.birth_on == other.birth_on
    return (same_name and same_birth) if reason == Reason.SAME_NAME_AND_BIRTH else (same_name or same_birth)  # fmt: skip


def _like(mine: Iterable[Face], masks: Iterable[str]) -> dict[str, list[Face]]:
    """Rows with one of these masked numbers and a name or birth date of those asked about, by number."""
    faces = list(mine)
    near = Q(person__name__in={one.name for one in faces})
    near |= Q(person__birth_on__in={one.birth_on for one in faces})
    found: dict[str, list[Face]] = defaultdict(list)
    for face in _faces(near & Q(masked__in=set(masks))).values():
        found[face.masked].append(face)
    return found


def _faces(wanted: Q) -> dict[UUID, Face]:
    found = IdentityDocument.here.filter(wanted, to_on=None, person__merged_into=None)
    rows = found.order_by("id").values_list(
        "person_id", "person__name", "person__birth_on", "masked"
    )
    return {row[0]: Face(*row) for row in rows}


def _decided() -> set[frozenset[UUID]]:
    """Pairs that wait, or of which somebody has said that they are two persons."""
    found = Merger.here.filter(undoes=None).exclude(verdict="confirmed")
    return {frozenset(pair) for pair in found.values_list("kept_id", "gone_id")}


def sides(actor: Actor, ids: Sequence[UUID]) -> list[Side]:
    """The rows with what hangs on each, in the order asked; nine statements. Refuses `not_found`."""
    if not door.visible(actor).filter(person_id__in=merged.survivors(*ids)).exists():
        raise Refused("not_found")
    persons = {one.id: one for one in Person.here.filter(id__in=ids)}
    if len(persons) < len(set(ids)):
        raise Refused("not_found")
    documents: dict[UUID, tuple[str, str]] = {}
    held = IdentityDocument.here.filter(person_id__in=ids, to_on=None).order_by("id")
    for person, masked, mac in held.values_list("person_id", "masked", "number_mac"):
        documents.setdefault(person, (masked, mac))
    macs = [mac for _, mac in documents.values()]
    known = set(RegisterEntry.here.filter(number_mac__in=macs).values_list("number_mac", flat=True))
    cases: dict[UUID, list[OpenCase]] = defaultdict(list)
    found = Case.here.filter(person_id__in=ids).order_by("-submitted_at")
    for person, *facts in found.values_list(
        "person_id", "number", "insurance", "year", "desk", "status"
    ):
        cases[person].append(OpenCase(*facts))
    enrolled: dict[UUID, list[tuple[str, datetime.date]]] = defaultdict(list)
    for row in insured.live(ids):
        enrolled[row.person_id].append((row.insurance, row.from_on))
    accounts = insured.accounts(ids)
    homes = dict(
        Membership.here.filter(person_id__in=ids, to_on=None).values_list(
            "person_id", "household__number"
        )
    )
    return [
        _side(persons[one], documents.get(one, ("", "")), known, cases[one], enrolled[one],
              accounts[one].number if one in accounts else "", homes.get(one, ""))
        for one in ids
    ]  # fmt: skip


def _side(
    person: Person, document: tuple[str, str], known: set[str], cases: Sequence[OpenCase],
    enrolled: Sequence[tuple[str, datetime.date]], account: str, household: str,
) -> Side:  # fmt: skip
    masked, mac = document
    return Side(
        face=Face(person.id, person.name, person.birth_on, masked), sex=person.sex,
        village=person.village, address=person.address, in_register=mac in known,
        merged_into=person.merged_into, cases=tuple(cases), enrolments=tuple(enrolled),
        account=account, household=household,
    )  # fmt: skip


def mergers(actor: Actor, merger_id: UUID | None = None, limit: int = 100) -> Part[MergerRow]:
    """Proposals about persons within reach, those that wait first, then latest; three statements."""
    stands = Person.here.filter(
        id__in=[OuterRef(OuterRef("kept_id")), OuterRef(OuterRef("gone_id"))]
    )
    reached = door.visible(actor).filter(person_id__in=stands.values(found=merged.SURVIVOR))
    found = Merger.here.filter(Exists(reached))
    if merger_id is not None:
        found = found.filter(id=merger_id)
    latest = found.order_by(F("decided_at").desc(nulls_first=True), "-proposed_at")
    rows = part.first(latest, _MERGER, limit, tuple)
    who = dict(
        Officer.here.filter(id__in={one for row in rows for one in (row[5], row[8]) if one})
        .values_list("id", "name")
    )  # fmt: skip
    called = dict(
        Person.here.filter(id__in={one for row in rows for one in row[1:3]}).values_list(
            "id", "name"
        )
    )
    return rows.like(_shown(row, who, called) for row in rows)


def _shown(row: tuple[Any, ...], who: dict[UUID, str], called: dict[UUID, str]) -> MergerRow:
    known = dict(zip(_MERGER, row, strict=True))
    return MergerRow(
        **known, kept_name=called.get(row[1], ""), gone_name=called.get(row[2], ""),
        proposed_by_name=who.get(row[5], ""), decided_by_name=who.get(row[8], ""),
    )  # fmt: skip
