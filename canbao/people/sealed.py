"""Which columns of people hold sealed text, for those who change keys."""

from __future__ import annotations

from typing import Final

from canbao.kernel.resealing import Sealed
from canbao.people import identities
from canbao.people.tables import Contact, IdentityDocument, Person, RegisterEntry

COLUMNS: Final = (
    Sealed(IdentityDocument, "number_sealed", lambda _id: identities.bound("document")),
    Sealed(Person, "phone_sealed", lambda _id: identities.bound("phone")),
    Sealed(Contact, "phone_sealed", lambda _id: identities.bound("phone")),
    Sealed(RegisterEntry, "number_sealed", lambda _id: identities.bound("document")),
)
