"""What hangs on a person here, for those who make two rows of one person one. Receipts and the book stay as written."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from typing import Final
from uuid import UUID

from django.db.models import Count

from canbao.insured import crediting
from canbao.insured.tables import Account
from canbao.payments import accounts
from canbao.payments.receiving import PENSION
from canbao.payments.tables import Charge, LedgerPosting, Payout, ReceiptLine, RefundDue
from canbao.people import merged
from canbao.people.merged import Column

MOVED: Final[Sequence[Column]] = ((Charge, "person_id"), (RefundDue, "person_id"))


def charged_twice(person_ids: Sequence[UUID]) -> list[tuple[str, int]]:
    """(insurance, year) for which more than one of these persons has a charge; one statement."""
    found = Charge.here.filter(person_id__in=list(person_ids)).values_list("insurance", "year")
    return list(
        found.annotate(times=Count("id")).filter(times__gt=1).values_list("insurance", "year")
    )


def booked_since(
    kept: UUID, gone: UUID, moved: Mapping[str, Sequence[str]], subjects: Sequence[UUID],
    since: datetime.datetime,
) -> tuple[str, int | None] | None:  # fmt: skip
    """(insurance, year) of money that was booked after a merge for what could then not be told apart.

    `moved` says what moved, `subjects` which applications did. That is money booked for the row that stayed
    of what moved to it, and for the row that gave way of what did not move. The charges that moved and the
    accounts are locked, so that none comes meanwhile. Five statements.
    """
    found = Charge.here.filter(id__in=merged.ids_of(Charge, "person_id", moved)).order_by("id")
    keys = set(found.select_for_update(no_key=True).values_list("insurance", "year"))
    account_too = bool(merged.ids_of(Account, "person_id", moved))
    crediting.hold([kept, gone])
    ahead = ReceiptLine.here.filter(subject_id__in=subjects, receipt__recorded_at__gt=since)
    for insurance, year in ahead.values_list("receipt__insurance", "year")[:1]:
        return insurance, year
    refunds = merged.ids_of(RefundDue, "person_id", moved)
    paid = Payout.here.filter(refund_id__in=refunds, at__gt=since)
    for insurance, year in paid.values_list("refund__insurance", "refund__year")[:1]:
        return insurance, year
    postings = LedgerPosting.here.filter(
        person_id__in=[kept, gone],
        account__in=[accounts.PREMIUM, accounts.REFUND_DUE],
        entry__booked_at__gt=since,
    )
    for person, insurance, year, account in postings.values_list(
        "person_id", "insurance", "year", "account"
    ).distinct():
        with_account = account_too and insurance == PENSION and account == accounts.PREMIUM
        moved_too = (insurance, year) in keys or with_account
        if moved_too == (person == kept):
            return insurance, year
    return None
