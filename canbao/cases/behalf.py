"""Records what a village's officer did on paper: who may be named, and the actor that acts for them."""

from __future__ import annotations

import datetime
from dataclasses import dataclass, replace
from uuid import UUID

from django.db.models import Q

from canbao.kernel import clock
from canbao.kernel.actor import Actor, Behalf, Role
from canbao.kernel.refusal import Refused
from canbao.kernel.tables import Posting
from canbao.people.tables import Membership

DESK = "village"


@dataclass(frozen=True, slots=True)
class Candidate:
    """A village officer who may have signed on a day."""

    posting_id: UUID
    officer_id: UUID
    name: str
    office_id: UUID
    office_name: str
    village: str


def candidates(actor: Actor, on: datetime.date, village: str = "") -> list[Candidate]:
    """Officers with a village posting within the actor's reach on a day; one statement."""
    valid = Q(from_on__lte=on) & (Q(to_on__isnull=True) | Q(to_on__gt=on))
    found = Posting.here.filter(valid, role=Role.VILLAGE).filter(
        Q(officer__left_on__isnull=True) | Q(officer__left_on__gt=on)
    )
    if actor.villages is not None:
        found = found.filter(office__region_code__in=sorted(actor.villages))
    if village:
        found = found.filter(office__region_code=village)
    return [
        Candidate(*row)
        for row in found.exclude(officer_id=actor.id)
        .order_by("office__region_code", "from_on", "id")
        .values_list(
            "id", "officer_id", "officer__name", "office_id", "office__name", "office__region_code"
        )
    ]


def acting(actor: Actor, posting_id: UUID, acted_on: datetime.date, *, at: clock.Instant) -> Actor:
    """The actor who records what the officer of a posting did on paper on a day.

    Refuses `behalf_not_township` to all but the township, `behalf_date_ahead` for a day to come, and
    `behalf_not_posted` when the officer held no village posting within reach on that day. Households of
    both count as own. Source: DESIGN 5, four eyes.
    """
    if actor.role is not Role.TOWNSHIP:
        raise Refused("behalf_not_township")
    if acted_on > clock.on(at):
        raise Refused("behalf_date_ahead")
    found = next((one for one in candidates(actor, acted_on) if one.posting_id == posting_id), None)
    if found is None:
        raise Refused("behalf_not_posted")
    theirs = Membership.here.filter(
        to_on=None, person_id__in=_person_of(found.posting_id)
    ).values_list("household__village", "household__number")
    behalf = Behalf(
        DESK, found.officer_id, found.name, found.office_id, found.office_name, acted_on
    )
    return replace(actor, households=actor.households | frozenset(theirs)).for_another(behalf)


def _person_of(posting_id: UUID) -> object:
    return Posting.here.filter(id=posting_id).values("officer__person_id")
