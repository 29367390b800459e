"""Reads of the insured, as frozen rows."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from canbao.insured.tables import Account, AccountBalance, Cover, Enrolment, EnrolmentYear


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


@dataclass(frozen=True, slots=True)
class CoverRow:
    """From when to when a person is covered, the last day included, and why, as the rules answered."""

    id: UUID
    person_id: UUID
    insurance: str
    year: int
    from_on: datetime.date
    to_on: datetime.date
    why: str

    @property
    def last_on(self) -> datetime.date:
        """The last day of cover."""
        return self.to_on - datetime.timedelta(days=1)


def covers(person_ids: Iterable[UUID], insurance: str = "") -> list[CoverRow]:
    """The cover of these persons that stands, newest first; one statement."""
    found = Cover.here.filter(enrolment__person_id__in=list(person_ids), void_at=None)
    if insurance:
        found = found.filter(enrolment__insurance=insurance)
    columns = (
        "id",
        "enrolment__person_id",
        "enrolment__insurance",
        "year",
        "from_on",
        "to_on",
        "why",
    )
    return [CoverRow(*row) for row in found.order_by("-from_on", "id").values_list(*columns)]


@dataclass(frozen=True, slots=True)
class PaidYearRow:
    """One year of an enrolment, of one insurance."""

    insurance: str
    year: int
    level: str
    own_fen: int


def years_of(person_id: UUID) -> list[PaidYearRow]:
    """Every year a person was enrolled for, newest first; one statement."""
    found = EnrolmentYear.here.filter(enrolment__person_id=person_id).order_by(
        "-year", "enrolment__insurance"
    )
    return [
        PaidYearRow(*row)
        for row in found.values_list("enrolment__insurance", "year", "level", "own_fen")
    ]


def balances_of(person_id: UUID) -> dict[str, int]:
    """What is stored in each sub-ledger of a person's account; one statement."""
    found = AccountBalance.here.filter(account__person_id=person_id)
    return dict(found.values_list("sub_ledger", "balance_fen"))
