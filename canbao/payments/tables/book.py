"""The book: entries and their postings, which only grow."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from canbao.kernel.tenant import Tenant, TenantForeignKey


class Entry(Tenant):
    """Append-only: one entry of the book. Its postings arrive in one statement and add up to nothing."""

    kind = models.CharField(max_length=30)
    office_id = models.UUIDField(null=True)
    effective_on = models.DateField()
    booked_at = models.DateTimeField()
    reverses = models.UUIDField(null=True)
    by_id = models.UUIDField()

    class Meta:
        db_table = "entry"
        constraints = [
            models.UniqueConstraint(
                fields=["county", "reverses"],
                name="entry_reversed_once",
                condition=Q(reverses__isnull=False),
            )
        ]


class LedgerPosting(Tenant):
    """Append-only: one side of an entry: an account, debit (+1) or credit (-1), and what it is about."""

    entry = TenantForeignKey(Entry)
    account = models.CharField(max_length=60)
    insurance = models.CharField(max_length=3)
    side = models.SmallIntegerField()
    amount_fen = models.BigIntegerField()
    sub_ledger = models.CharField(max_length=20, default="")
    person_id = models.UUIDField(null=True)
    year = models.SmallIntegerField(null=True)
    receipt_id = models.UUIDField(null=True)
    channel = models.CharField(max_length=12, default="")
    effective_on = models.DateField()

    class Meta:
        db_table = "ledger_posting"
        constraints = [
            models.CheckConstraint(
                condition=Q(amount_fen__gt=0) & Q(side__in=[1, -1]), name="ledger_posting_amount"
            ),
        ]
        indexes = [
            models.Index(fields=["county", "account", "effective_on"], name="ledger_account"),
            models.Index(
                fields=["county", "person_id"],
                name="ledger_person",
                condition=Q(person_id__isnull=False),
            ),
        ]
