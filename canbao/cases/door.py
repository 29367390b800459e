"""The only way to a case: within the actor's scope, locked, as light rows. Unknown and forbidden look alike."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from typing import Any, Final, NamedTuple
from uuid import UUID

from django.db.models import Q, QuerySet

from canbao.cases.tables import Case
from canbao.kernel.actor import Actor, Role
from canbao.kernel.refusal import Refused
from canbao.kernel.taken import Taken


class CaseRow(NamedTuple):
    """A case as operations and guards see it."""

    id: UUID
    number: str
    kind: str
    insurance: str
    flow: str
    year: int
    person_id: UUID
    name: str
    masked: str
    household_number: str
    village: str
    township: str
    level: str
    own_fen: int
    pack_sha256: str
    channel: str
    contact_id: UUID | None
    entered_by: UUID
    desk: str
    status: str
    version: int
    round: int
    is_open: bool
    family_form: bool
    findings: int
    due_on: datetime.date | None
    bundle_id: UUID | None
    submitted_at: datetime.datetime
    moved_at: datetime.datetime
    subject_id: UUID


FIELDS: Final = CaseRow._fields


def within(actor: Actor) -> Q:
    """Which cases this actor may see: by phone, or by posting, region and insurance."""
    if actor.role is Role.RESIDENT:
        # Two plain equalities: the database answers each from its index.
        mine = Q(contact_id=actor.id)
        return mine | Q(person_id=actor.person_id) if actor.person_id else mine
    if actor.role is Role.SYSTEM:
        return Q()
    scope = Q(insurance__in=sorted(actor.insurances))
    if actor.villages is not None:
        scope &= Q(village__in=sorted(actor.villages))
    return scope


def visible(actor: Actor) -> QuerySet[Case]:
    """The cases this actor may see."""
    return Case.here.filter(within(actor))


def rows_of(found: QuerySet[Case]) -> list[CaseRow]:
    """Light rows of a query."""
    return list(map(CaseRow._make, found.values_list(*FIELDS)))


def see(actor: Actor, case_id: UUID) -> CaseRow:
    """One case for reading. Refuses `not_found` for unknown and forbidden alike."""
    found = rows_of(visible(actor).filter(id=case_id))
    if not found:
        raise Refused("not_found")
    return found[0]


def take(actor: Actor, wanted: Iterable[UUID]) -> Taken[CaseRow]:
    """Take cases for a change, in the order of their ids; what another holds is refused as `busy`."""
    ids = list(wanted)
    locked: Any = (
        visible(actor)
        .filter(id__in=ids)
        .order_by("id")
        .select_for_update(skip_locked=True, no_key=True)
    )
    taken = Taken(rows_of(locked), ids)
    if taken.refused:
        held = visible(actor).filter(id__in=list(taken.refused)).values_list("id", flat=True)
        for one in held:
            taken.refuse(one, "busy")
    return taken
