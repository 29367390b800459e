"""Phones of contacts in clear, for the sender of messages; each look stands in the record as the sending."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from canbao.kernel import secrets
from canbao.people import identities
from canbao.people.tables import Contact


@dataclass(frozen=True, slots=True)
class Reached:
    """Where a message goes, and in which language."""

    phone: str
    language: str


def reached(ids: Iterable[UUID]) -> dict[UUID, Reached]:
    """Phone and language of contacts, in one statement."""
    bound = identities.bound("phone")
    found = Contact.here.filter(id__in=set(ids)).values_list("id", "phone_sealed", "language")
    return {
        one: Reached(secrets.open_sealed(sealed, bound_to=bound), language)
        for one, sealed, language in found
    }


def code_in(sealed: str) -> str:
    """A one-time code as it was sealed into its message."""
    return secrets.open_sealed(sealed, bound_to=identities.bound("code"))
