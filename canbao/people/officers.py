"""Makes actors: an officer at a posting with the own household, a resident at a phone."""

from __future__ import annotations

import datetime
from dataclasses import replace
from uuid import UUID

from canbao.kernel import county, office
from canbao.kernel.actor import Actor, Role
from canbao.people.tables import Contact, Membership


def officer(login: str, posting_id: UUID, on: datetime.date) -> Actor | None:
    """The actor for one of an officer's postings, or None when it does not hold today."""
    actor = office.actor(login, posting_id, on)
    if actor is None or actor.person_id is None:
        return actor
    own = Membership.here.filter(person_id=actor.person_id, to_on=None).values_list(
        "household__village", "household__number"
    )
    return replace(actor, households=frozenset(own))


def resident(contact_id: UUID) -> Actor | None:
    """The actor behind a phone that proved itself by a code."""
    row = Contact.here.filter(id=contact_id).values_list("id", "masked", "person_id").first()
    return phone(*row) if row else None


def phone(contact_id: UUID, masked: str, person_id: UUID | None) -> Actor:
    """The actor behind a phone whose facts are known."""
    return Actor(
        county=county.current(), role=Role.RESIDENT, id=contact_id, name=masked, person_id=person_id,
        villages=None, insurances=frozenset({"170", "390"}),
    )  # fmt: skip


def bearer(of: UUID) -> Actor:
    """Somebody who has nothing but a paper in hand, and is known by it alone."""
    return Actor(county=county.current(), role=Role.RESIDENT, id=of, name="", villages=None)


def system() -> Actor:
    """The system itself: loading, demo and jobs without a person."""
    return Actor(
        county=county.current(), role=Role.SYSTEM, id=UUID(int=0), name="canbao", villages=None,
        insurances=frozenset({"170", "390"}),
    )  # fmt: skip
