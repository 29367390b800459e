"""Which columns of cases hold sealed text, for those who change keys."""

from __future__ import annotations

from typing import Final

from django.db.models import Q

from canbao.cases import drafts
from canbao.cases.tables import Correction, Draft, SecondEntry
from canbao.kernel.resealing import Sealed
from canbao.people import identities

COLUMNS: Final = (
    Sealed(SecondEntry, "number_sealed", lambda _id: identities.bound("document")),
    Sealed(Draft, "sealed", drafts.bound),
    Sealed(
        Correction, "new", lambda _id: identities.bound("document"), Q(field="number", verdict="")
    ),
)
