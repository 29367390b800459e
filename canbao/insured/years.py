"""The years of a person's enrolments, as frozen rows."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from canbao.insured.tables import EnrolmentYear


@dataclass(frozen=True, slots=True)
class YearRow:
    """One year of an enrolment: its level, what it cost the person, and by which packs."""

    person_id: UUID
    year: int
    level: str
    own_fen: int
    pack_sha256: str


def of(person_ids: Iterable[UUID], insurance: str) -> list[YearRow]:
    """Every year of these persons in one insurance, oldest first; one statement."""
    found = EnrolmentYear.here.filter(
        enrolment__person_id__in=list(person_ids), enrolment__insurance=insurance
    ).order_by("year")
    columns = ("enrolment__person_id", "year", "level", "own_fen", "pack_sha256")
    return [YearRow(*row) for row in found.values_list(*columns)]
