"""The pension account as the book tells it: every posting, the balance of any day, what others still owe."""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import F, QuerySet

from canbao.payments import accounts
from canbao.payments.charges import State
from canbao.payments.receiving import OWN, PENSION
from canbao.payments.tables import ChargeShare, LedgerPosting, Receipt


@dataclass(frozen=True, slots=True)
class StatementLine:
    """One posting of a person's account and the balance of all sub-ledgers after it."""

    on: datetime.date
    kind: str
    year: int | None
    sub_ledger: str
    fen: int
    balance_fen: int
    receipt_number: int | None


@dataclass(frozen=True, slots=True)
class OwedByOthers:
    """What a payer has still to pay into somebody's account for a year."""

    year: int
    payer: str
    sub_ledger: str
    fen: int


def lines(person_id: UUID, until: datetime.date) -> list[StatementLine]:
    """Everything that entered or left a person's account up to a day, oldest first; two statements."""
    found = list(
        _postings(person_id)
        .filter(effective_on__lte=until)
        .order_by("effective_on", "id")
        .values_list(
            "effective_on", "entry__kind", "year", "sub_ledger", "side", "amount_fen", "receipt_id"
        )
    )
    numbers = dict(
        Receipt.here.filter(id__in={row[-1] for row in found if row[-1]}).values_list(
            "id", "number"
        )
    )
    made, balance = [], 0
    for on, kind, year, sub_ledger, side, fen, receipt in found:
        balance -= side * fen
        made.append(
            StatementLine(on, kind, year, sub_ledger, -side * fen, balance, numbers.get(receipt))
        )
    return made


def balances(of: Sequence[StatementLine]) -> dict[str, int]:
    """What these lines leave in each sub-ledger, from zero."""
    sums: Counter[str] = Counter()
    for one in of:
        sums[one.sub_ledger] += one.fen
    return {name: fen for name, fen in sums.items() if fen}


def owed_by_others(person_id: UUID) -> list[OwedByOthers]:
    """What others have to add for years whose own share is settled, and have not yet; two statements."""
    came: Counter[tuple[int | None, str]] = Counter()
    for year, sub_ledger, side, fen in _postings(person_id).values_list(
        "year", "sub_ledger", "side", "amount_fen"
    ):
        came[year, sub_ledger] -= side * fen
    shares = (
        ChargeShare.here.filter(
            charge__person_id=person_id,
            charge__insurance=PENSION,
            charge__state=State.SETTLED,
            revision=F("charge__revision"),
        )
        .exclude(sub_ledger=OWN)
        .order_by("-charge__year", "id")
    )
    found = []
    for year, payer, sub_ledger, fen in shares.values_list(
        "charge__year", "payer", "sub_ledger", "amount_fen"
    ):
        paid = min(fen, came[year, sub_ledger])
        came[year, sub_ledger] -= paid
        if fen > paid:
            found.append(OwedByOthers(year, payer, sub_ledger, fen - paid))
    return found


def _postings(person_id: UUID) -> QuerySet[LedgerPosting]:
    return LedgerPosting.here.filter(
        person_id=person_id, insurance=PENSION, account=accounts.PREMIUM
    )
