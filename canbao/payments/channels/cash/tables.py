"""Tables of the chain of custody: the collector's closed days, hand-overs, and what was paid in at the bank."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from canbao.kernel.tenant import Tenant, TenantForeignKey
from canbao.payments.banking.tables import BankAccount


class HandOver(Tenant):
    """A hand-over slip (交接单): whole closed days of one collector and insurance, signed by both."""

    number = models.CharField(max_length=40)
    collector_id = models.UUIDField()
    collector_name = models.CharField(max_length=60)
    from_office_name = models.CharField(max_length=80)
    office_id = models.UUIDField()
    office_name = models.CharField(max_length=80)
    insurance = models.CharField(max_length=3)
    amount_fen = models.BigIntegerField()
    oldest_on = models.DateField()
    token = models.CharField(max_length=32)
    offered_on = models.DateField()
    offered_at = models.DateTimeField()
    state = models.CharField(max_length=10, default="offered")
    answered_by = models.UUIDField(null=True)
    answered_by_name = models.CharField(max_length=60, default="")
    answered_on = models.DateField(null=True)
    answered_at = models.DateTimeField(null=True)
    reason = models.CharField(max_length=200, default="")
    entry_id = models.UUIDField(null=True)

    class Meta:
        db_table = "handover"
        constraints = [
            models.UniqueConstraint(fields=["county", "number"], name="handover_number"),
            models.UniqueConstraint(fields=["county", "token"], name="handover_token"),
            models.CheckConstraint(condition=Q(amount_fen__gt=0), name="handover_amount"),
        ]
        indexes = [models.Index(fields=["county", "office_id", "state"], name="handover_office")]


class CashDay(Tenant):
    """A collector's day of one insurance, closed by counting the notes; it holds all cash since the one before."""

    collector_id = models.UUIDField()
    collector_name = models.CharField(max_length=60)
    office_id = models.UUIDField(null=True)
    office_name = models.CharField(max_length=80, default="")
    insurance = models.CharField(max_length=3)
    day = models.DateField()
    receipts = models.IntegerField()
    cancelled = models.IntegerField()
    oldest_on = models.DateField()
    expected_fen = models.BigIntegerField()
    counted_fen = models.BigIntegerField()
    notes = models.TextField()
    reason = models.CharField(max_length=200, default="")
    entry_id = models.UUIDField(null=True)
    closed_at = models.DateTimeField()
    handover = TenantForeignKey(HandOver, null=True)

    class Meta:
        db_table = "cash_day"
        constraints = [
            models.UniqueConstraint(
                fields=["county", "collector_id", "insurance", "day"], name="cash_day_once"
            ),
            models.CheckConstraint(condition=Q(counted_fen__gte=0), name="cash_day_counted"),
            models.CheckConstraint(
                condition=Q(counted_fen=models.F("expected_fen")) | ~Q(reason=""),
                name="cash_day_difference_has_reason",
            ),
        ]


class Deposit(Tenant):
    """Cash that an office paid in at the bank, by its deposit slip."""

    account = TenantForeignKey(BankAccount)
    insurance = models.CharField(max_length=3)
    office_id = models.UUIDField()
    office_name = models.CharField(max_length=80)
    slip_number = models.CharField(max_length=40)
    paid_in_on = models.DateField()
    amount_fen = models.BigIntegerField()
    booked_on = models.DateField()
    by_id = models.UUIDField()
    by_name = models.CharField(max_length=60)
    at = models.DateTimeField()
    entry_id = models.UUIDField()
    banked_on = models.DateField(null=True)

    class Meta:
        db_table = "deposit"
        constraints = [
            models.UniqueConstraint(
                fields=["county", "account", "slip_number"], name="deposit_slip_once"
            ),
            models.CheckConstraint(condition=Q(amount_fen__gt=0), name="deposit_amount"),
        ]
        indexes = [models.Index(fields=["county", "office_id", "booked_on"], name="deposit_office")]
