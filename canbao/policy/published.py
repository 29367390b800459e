"""The packs in force in a county: the shipped ones, and those two officers published, byte for byte."""

from __future__ import annotations

import hashlib
from functools import lru_cache
from uuid import UUID

from django.conf import settings

from canbao.kernel import audit, clock, county, rows
from canbao.kernel.actor import Actor, Role
from canbao.kernel.operation import operation
from canbao.kernel.refusal import Refused
from canbao.kernel.taken import Outcome
from canbao.policy.rules import packs
from canbao.policy.rules.answers import Price
from canbao.policy.rules.library import Library, places_of
from canbao.policy.rules.resolved import Rules
from canbao.policy.tables import PackText


@lru_cache(maxsize=2)
def _shipped(demo: bool) -> Library:  # noqa: FBT001 - the cache's key
    return packs.load_shipped(demo=demo)


@lru_cache(maxsize=8)
def _library(texts: tuple[tuple[str, str], ...], demo: bool) -> Library:  # noqa: FBT001
    library = _shipped(demo)
    for name, text in texts:
        library = packs.admit(library, packs.parse(text.encode(), name=name))
    return library


@lru_cache(maxsize=256)
def _resolved(
    library_key: tuple[tuple[str, str], ...],
    demo: bool,  # noqa: FBT001
    place: str,
    insurance: str,
    year: int,
) -> Rules:
    return _library(library_key, demo).resolve(place, insurance, year)


def _own() -> tuple[tuple[str, str], ...]:
    return tuple(
        PackText.here.filter(kind="pack")
        .exclude(published_at=None)
        .order_by("published_at")
        .values_list("name", "text")
    )


def rules(insurance: str, year: int) -> Rules:
    """The rules of the county being worked on; one statement. Refuses `policy_not_published`."""
    return _resolved(_own(), bool(settings.CANBAO_DEMO), county.current(), insurance, year)


def rules_then(price: Price) -> Rules:
    """The rules by which a stored price was made, from the packs it names; one statement.

    Refuses `packs_gone` when one of them is not there any more.
    """
    return in_force().only(price.packs).resolve(price.place, price.insurance, price.year)


def in_force() -> Library:
    """Every pack in force in the county being worked on; one statement."""
    return _library(_own(), bool(settings.CANBAO_DEMO))


@operation
def propose(actor: Actor, name: str, text: str, *, at: clock.Instant) -> Outcome:
    """Put a pack before a second officer.

    Refuses `not_administrator`, `pack_of_another_place`, and a pack with faults (`pack_faulty`).
    """
    if actor.role is not Role.ADMINISTRATOR:
        raise Refused("not_administrator")
    pack = packs.parse(text.encode(), name=name)
    if pack.place not in places_of(actor.county):
        raise Refused("pack_of_another_place", place=pack.place)
    packs.admit(in_force(), pack)
    digest = hashlib.sha256(text.encode()).hexdigest()
    written = rows.insert_new(
        PackText,
        ["sha256"],
        sha256=digest,
        kind="pack",
        name=name,
        text=text,
        proposed_by=actor.id,
        proposed_at=at,
    )
    if not written:
        raise Refused("pack_known_already")
    audit.record(
        actor, "pack.proposed", list(written), at=at, kind="pack", facts={"sha256": digest}
    )
    return Outcome(tuple(written))


@operation
def publish(actor: Actor, pack_id: UUID, *, at: clock.Instant) -> Outcome:
    """Put a proposed pack into force. Refuses `second_person_needed` to whoever proposed it."""
    if actor.role is not Role.ADMINISTRATOR:
        raise Refused("not_administrator")
    row = PackText.here.select_for_update(no_key=True).filter(id=pack_id, published_at=None).first()
    if row is None:
        raise Refused("not_found")
    if row.proposed_by == actor.id:
        raise Refused("second_person_needed")
    pack = packs.parse(row.text.encode(), name=row.name)
    packs.admit(in_force(), pack)
    PackText.here.filter(id=pack_id).update(published_by=actor.id, published_at=at)
    audit.record(
        actor, "pack.published", [pack_id], at=at, kind="pack", facts={"sha256": row.sha256}
    )
    return Outcome((pack_id,))
