"""What is genuine about a paper of the cash, for whoever has it in hand: a hand-over slip or a day's certificate."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Sum

from canbao.kernel import canonical
from canbao.payments.banking.tables import FinanceDay
from canbao.payments.channels.cash.tables import CashDay, HandOver


@dataclass(frozen=True, slots=True)
class Slip:
    """A hand-over slip as its QR shows it; `sound` where the closed days it carries come to its sum."""

    number: str
    insurance: str
    amount_fen: int
    from_name: str
    from_office: str
    offered_on: datetime.date
    to_office: str
    state: str
    answered_by: str
    answered_on: datetime.date | None
    sound: bool


@dataclass(frozen=True, slots=True)
class Certificate:
    """A day's certificate as its QR shows it; `sound` where its totals still have the hash that is printed."""

    number: str
    insurance: str
    office: str
    day: datetime.date
    closed_by: str
    confirmed_by: str
    sha256: str
    sound: bool


def token_of(subject_id: UUID) -> str:
    """The token of a slip or of a closed day, empty where there is no such paper."""
    for table in (HandOver, FinanceDay):
        token = table.here.filter(id=subject_id).values_list("token", flat=True).first()
        if token:
            return str(token)
    return ""


def in_groups(sha256: str) -> str:
    """A fingerprint in groups of eight signs, which the eye compares one by one."""
    return " ".join(sha256[at : at + 8] for at in range(0, len(sha256), 8))


def slip(token: str) -> Slip | None:
    """The slip whose QR carries this token; two statements at most."""
    row = HandOver.here.filter(token=token).first()
    if row is None:
        return None
    days = CashDay.here.filter(handover_id=row.id).aggregate(fen=Sum("counted_fen"))
    return Slip(
        row.number, row.insurance, row.amount_fen, row.collector_name, row.from_office_name,
        row.offered_on, row.office_name, row.state, row.answered_by_name, row.answered_on,
        # A slip that was sent back carries no days any more; they go on another.
        sound=row.state == "refused" or int(days["fen"] or 0) == row.amount_fen,
    )  # fmt: skip


def certificate(token: str) -> Certificate | None:
    """The certificate whose QR carries this token; one statement."""
    row = FinanceDay.here.filter(token=token).first()
    if row is None:
        return None
    return Certificate(
        row.number, row.insurance, row.office_name, row.day, row.closed_by_name,
        row.confirmed_by_name, row.totals_sha256,
        sound=canonical.sha256_text(row.totals) == row.totals_sha256,
    )  # fmt: skip
