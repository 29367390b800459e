"""What hangs on a person here, for those who make two rows of one person one. Receipts and the book stay as written."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final
from uuid import UUID

from django.db.models import Count

from canbao.payments.tables import Charge, RefundDue
from canbao.people.merged import Column

MOVED: Final[Sequence[Column]] = ((Charge, "person_id"), (RefundDue, "person_id"))


def charged_twice(person_ids: Sequence[UUID]) -> list[tuple[str, int]]:
    """(insurance, year) for which more than one of these persons has a charge; one statement."""
    found = Charge.here.filter(person_id__in=list(person_ids)).values_list("insurance", "year")
    return list(
        found.annotate(times=Count("id")).filter(times__gt=1).values_list("insurance", "year")
    )
