"""Identity documents of persons in clear, those that ended included; the caller puts the look on record."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.db.models.functions import Coalesce

from canbao.kernel import secrets
from canbao.people import identities, merged
from canbao.people.numbers import Kind
from canbao.people.tables import IdentityDocument


@dataclass(frozen=True, slots=True)
class Held:
    """A document with its full number."""

    kind: Kind
    number: str


def by_mac(person_ids: Iterable[UUID]) -> dict[str, Held]:
    """Documents of these persons by the hash that a form names, in two statements."""
    bound = identities.bound("document")
    mine = merged.rows_of(person_ids)
    found = IdentityDocument.here.filter(person_id__in=list(mine)).order_by("from_on", "id")
    return {
        mac: Held(Kind(kind), secrets.open_sealed(sealed, bound_to=bound))
        for mac, kind, sealed in found.values_list("number_mac", "kind", "number_sealed")
    }


def holder(kind: Kind, number: str) -> UUID | None:
    """The person who holds a document today; of two rows of one person the one that stayed."""
    found: UUID | None = (
        IdentityDocument.here.filter(number_mac=identities.mac(kind, number), to_on=None)
        .values_list(Coalesce("person__merged_into", "person_id"), flat=True)
        .first()
    )
    return found


def macs(person_ids: Iterable[UUID]) -> dict[tuple[UUID, str], str]:
    """The hash of each document that holds, by person and by how its number is shown; two statements."""
    mine = merged.rows_of(person_ids)
    found = IdentityDocument.here.filter(person_id__in=list(mine), to_on=None)
    return {
        (mine[row], masked): mac
        for row, masked, mac in found.values_list("person_id", "masked", "number_mac")
    }


def number(person_id: UUID, masked: str) -> str:
    """The full number of the person's document that is shown like this; two statements."""
    mine = merged.rows_of([person_id])
    found = IdentityDocument.here.filter(person_id__in=list(mine), to_on=None, masked=masked)
    sealed = found.values_list("number_sealed", flat=True).first()
    return secrets.open_sealed(sealed, bound_to=identities.bound("document")) if sealed else ""
