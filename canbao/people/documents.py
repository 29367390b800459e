"""Identity documents of persons in clear, those that ended included; the caller puts the look on record."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from canbao.kernel import secrets
from canbao.people import identities
from canbao.people.numbers import Kind
from canbao.people.tables import IdentityDocument


@dataclass(frozen=True, slots=True)
class Held:
    """A document with its full number."""

    kind: Kind
    number: str


def by_mac(person_ids: Iterable[UUID]) -> dict[str, Held]:
    """Documents of these persons by the hash that a form names, in one statement."""
    bound = identities.bound("document")
    found = IdentityDocument.here.filter(person_id__in=set(person_ids)).order_by("from_on", "id")
    return {
        mac: Held(Kind(kind), secrets.open_sealed(sealed, bound_to=bound))
        for mac, kind, sealed in found.values_list("number_mac", "kind", "number_sealed")
    }


def holder(kind: Kind, number: str) -> UUID | None:
    """The person who holds a document today."""
    found: UUID | None = (
        IdentityDocument.here.filter(number_mac=identities.mac(kind, number), to_on=None)
        .values_list("person_id", flat=True)
        .first()
    )
    return found
