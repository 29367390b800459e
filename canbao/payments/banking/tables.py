"""Tables of the bank: an agency's accounts, the lines the bank wrote, and the days that finance closed."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from canbao.kernel.tenant import Tenant, TenantForeignKey


class BankAccount(Tenant):
    """An account of a county agency at a bank; each insurance has its own."""

    office_id = models.UUIDField()
    insurance = models.CharField(max_length=3)
    holder = models.CharField(max_length=80)
    bank = models.CharField(max_length=80)
    number = models.CharField(max_length=40)
    by_id = models.UUIDField()
    at = models.DateTimeField()
    closed_on = models.DateField(null=True)

    class Meta:
        db_table = "bank_account"
        constraints = [
            models.UniqueConstraint(fields=["county", "number"], name="bank_account_number")
        ]


class BankLine(Tenant):
    """A line of the bank's statement as finance entered it; what went out is negative.

    What it was matched with is named by kind and id.
    """

    account = TenantForeignKey(BankAccount)
    reference = models.CharField(max_length=40)
    booked_on = models.DateField()
    amount_fen = models.BigIntegerField()
    text = models.CharField(max_length=120, default="")
    entered_by = models.UUIDField()
    entered_by_name = models.CharField(max_length=60)
    entered_at = models.DateTimeField()
    matched_kind = models.CharField(max_length=20, default="")
    matched_id = models.UUIDField(null=True)
    matched_on = models.DateField(null=True)
    matched_by = models.UUIDField(null=True)
    matched_by_name = models.CharField(max_length=60, default="")
    entry_id = models.UUIDField(null=True)

    class Meta:
        db_table = "bank_line"
        constraints = [
            models.UniqueConstraint(fields=["county", "account", "reference"], name="bank_line_once"),
            models.UniqueConstraint(
                fields=["county", "matched_kind", "matched_id"], name="bank_line_matched_once",
                condition=Q(matched_id__isnull=False),
            ),
            models.CheckConstraint(condition=~Q(amount_fen=0), name="bank_line_amount"),
        ]  # fmt: skip
        indexes = [models.Index(fields=["county", "booked_on"], name="bank_line_day")]


class Unmatched(Tenant):
    """Append-only: a match of a line that was wrong and was taken back: what it was, by whom, and why."""

    line = TenantForeignKey(BankLine)
    matched_kind = models.CharField(max_length=20)
    matched_id = models.UUIDField()
    matched_on = models.DateField()
    matched_by = models.UUIDField()
    matched_by_name = models.CharField(max_length=60)
    reason = models.CharField(max_length=200)
    entry_id = models.UUIDField(null=True)
    undone_on = models.DateField()
    by_id = models.UUIDField()
    by_name = models.CharField(max_length=60)
    at = models.DateTimeField()

    class Meta:
        db_table = "bank_unmatched"
        indexes = [models.Index(fields=["county", "undone_on"], name="bank_unmatched_day")]


class FinanceDay(Tenant):
    """A day of an insurance that finance closed: totals as they stood, and who confirmed them."""

    office_id = models.UUIDField()
    office_name = models.CharField(max_length=80)
    insurance = models.CharField(max_length=3)
    day = models.DateField()
    after_on = models.DateField(null=True)
    number = models.CharField(max_length=40)
    totals = models.TextField()
    totals_sha256 = models.CharField(max_length=64)
    token = models.CharField(max_length=32)
    closed_by = models.UUIDField()
    closed_by_name = models.CharField(max_length=60)
    closed_at = models.DateTimeField()
    confirmed_by = models.UUIDField(null=True)
    confirmed_by_name = models.CharField(max_length=60, default="")
    confirmed_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "finance_day"
        constraints = [
            models.UniqueConstraint(fields=["county", "insurance", "day"], name="finance_day_once"),
            models.UniqueConstraint(fields=["county", "number"], name="finance_day_number"),
            models.UniqueConstraint(fields=["county", "token"], name="finance_day_token"),
        ]
