"""Reads of the insured, as frozen rows."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from canbao.insured.tables import Account, Enrolment


@dataclass(frozen=True, slots=True)
class EnrolmentRow:
    """A live enrolment and its latest year."""

    id: UUID
    person_id: UUID
    insurance: str
    from_on: datetime.date
    case_id: UUID


@dataclass(frozen=True, slots=True)
class AccountRow:
    """A personal account."""

    number: str
    opened_on: datetime.date


def live(person_ids: Iterable[UUID], insurance: str = "") -> list[EnrolmentRow]:
    """Live enrolments of these persons, in one statement."""
    found = Enrolment.here.filter(person_id__in=list(person_ids), state="live")
    if insurance:
        found = found.filter(insurance=insurance)
    return [
        EnrolmentRow(*row)
        for row in found.values_list("id", "person_id", "insurance", "from_on", "opened_by_case")
    ]


def accounts(person_ids: Iterable[UUID]) -> dict[UUID, AccountRow]:
    """The personal accounts of these persons, in one statement."""
    found = Account.here.filter(person_id__in=list(person_ids))
    return {
        one: AccountRow(number, opened)
        for one, number, opened in found.values_list("person_id", "number", "opened_on")
    }


def account_of(person_id: UUID) -> AccountRow | None:
    """The personal account, where the person has one."""
    row = Account.here.filter(person_id=person_id).values_list("number", "opened_on").first()
    return AccountRow(*row) if row else None
