"""Money to be given back: due, asked for, paid out or written off."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from canbao.kernel.tenant import Tenant, TenantForeignKey
from canbao.payments.tables.owed import Charge
from canbao.payments.tables.received import ReceiptLine
from canbao.people.tables import Person


class RefundDue(Tenant):
    """Money that must be given back to a person, and how far that is; its refund case is built on this row."""

    person = TenantForeignKey(Person)
    insurance = models.CharField(max_length=3)
    year = models.SmallIntegerField()
    amount_fen = models.BigIntegerField()
    reason = models.CharField(max_length=20)
    receipt_line = TenantForeignKey(ReceiptLine, null=True)
    charge = TenantForeignKey(Charge, null=True)
    entry_id = models.UUIDField()
    state = models.CharField(max_length=12, default="due")
    due_on = models.DateField()
    # When and by whom it was handed to the bank last.
    sent_on = models.DateField(null=True)
    sent_by = models.UUIDField(null=True)
    sent_by_name = models.CharField(max_length=60, default="")
    at = models.DateTimeField()

    class Meta:
        db_table = "refund_due"
        constraints = [
            models.CheckConstraint(condition=Q(amount_fen__gt=0), name="refund_due_amount"),
        ]
        indexes = [
            models.Index(fields=["county", "state", "insurance"], name="refund_due_state"),
            models.Index(fields=["county", "person"], name="refund_due_person"),
        ]


class RefundAsk(Tenant):
    """Money that somebody asked for: how much of what, and to which account; `subject_id` says who decides it."""

    subject_id = models.UUIDField()
    refund = TenantForeignKey(RefundDue, null=True)
    receipt_line = TenantForeignKey(ReceiptLine, null=True)
    insurance = models.CharField(max_length=3)
    reason = models.CharField(max_length=20)
    amount_fen = models.BigIntegerField()
    difference = models.BooleanField(default=False)
    holder = models.CharField(max_length=60)
    bank = models.CharField(max_length=80)
    account_sealed = models.TextField()
    masked = models.CharField(max_length=40)
    account_by = models.UUIDField()
    is_open = models.BooleanField(default=True)
    at = models.DateTimeField()

    class Meta:
        db_table = "refund_ask"
        constraints = [
            models.UniqueConstraint(fields=["county", "subject_id"], name="refund_ask_once"),
            models.UniqueConstraint(
                fields=["county", "refund"], name="refund_ask_open",
                condition=Q(is_open=True, refund__isnull=False),
            ),
            models.UniqueConstraint(
                fields=["county", "receipt_line"], name="refund_ask_line",
                condition=Q(is_open=True, refund__isnull=True),
            ),
            models.CheckConstraint(condition=Q(amount_fen__gt=0), name="refund_ask_amount"),
        ]  # fmt: skip


class Payout(Tenant):
    """Append-only: what the bank did with what was asked: paid, once, or not, with its reason.

    What was said and is not so is taken back by another row, `takes_back`: a payment that the bank returned
    or never made, and a return that was none.
    """

    refund = TenantForeignKey(RefundDue)
    ask = TenantForeignKey(RefundAsk)
    takes_back = TenantForeignKey("self", null=True)
    result = models.CharField(max_length=8)
    amount_fen = models.BigIntegerField()
    holder = models.CharField(max_length=60)
    masked = models.CharField(max_length=40)
    reason = models.CharField(max_length=200, default="")
    entry_id = models.UUIDField(null=True)
    by_id = models.UUIDField()
    by_name = models.CharField(max_length=60)
    done_on = models.DateField()
    at = models.DateTimeField()

    class Meta:
        db_table = "payout"
        constraints = [
            models.UniqueConstraint(
                fields=["county", "ask"], name="refund_paid_once",
                condition=Q(result="paid", takes_back__isnull=True),
            ),
            models.UniqueConstraint(
                fields=["county", "takes_back"], name="payout_taken_back_once",
                condition=Q(takes_back__isnull=False),
            ),
            models.CheckConstraint(condition=Q(amount_fen__gt=0), name="payout_amount"),
        ]  # fmt: skip


class WriteOff(Tenant):
    """A refund that nobody can be paid: proposed by one officer of finance, confirmed or declined by another."""

    refund = TenantForeignKey(RefundDue)
    reason = models.CharField(max_length=200)
    proposed_by = models.UUIDField()
    proposed_by_name = models.CharField(max_length=60)
    proposed_at = models.DateTimeField()
    verdict = models.CharField(max_length=12, default="")
    decided_by = models.UUIDField(null=True)
    decided_by_name = models.CharField(max_length=60, default="")
    decided_at = models.DateTimeField(null=True)
    entry_id = models.UUIDField(null=True)

    class Meta:
        db_table = "write_off"
        constraints = [
            models.UniqueConstraint(
                fields=["county", "refund"], name="write_off_open", condition=Q(verdict="")
            )
        ]
