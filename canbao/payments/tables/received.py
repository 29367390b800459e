"""Receipt numbers issued, receipts written on them, and what became of both."""

from __future__ import annotations

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import F, Func, Q, Value

from canbao.kernel.tenant import Tenant, TenantForeignKey
from canbao.payments.tables.owed import NOBODY, Charge
from canbao.people.tables import Person


class Block(Tenant):
    """A run of receipt numbers, issued to one collector and accounted for number by number."""

    label = models.CharField(max_length=40)
    kind = models.CharField(max_length=16)
    issuer_office_id = models.UUIDField()
    issuer_name = models.CharField(max_length=80)
    # The charging seal that stands on its sheets, struck when it was issued.
    seal_id = models.UUIDField(null=True)
    first = models.BigIntegerField()
    last = models.BigIntegerField()
    next = models.BigIntegerField()
    holder_id = models.UUIDField()
    holder_name = models.CharField(max_length=60)
    issued_by = models.UUIDField()
    issued_at = models.DateTimeField()
    returned_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "receipt_block"
        constraints = [
            models.UniqueConstraint(fields=["county", "label"], name="block_label"),
            models.CheckConstraint(
                condition=Q(first__gte=1, last__gte=F("first"), next__gte=F("first")),
                name="block_whole",
            ),
            # Two blocks never hold the same number, so a number names one receipt.
            ExclusionConstraint(
                name="block_numbers",
                expressions=[
                    ("county", RangeOperators.EQUAL),
                    ("kind", RangeOperators.EQUAL),
                    (
                        Func("first", "last", Value("[]"), function="int8range"),
                        RangeOperators.OVERLAPS,
                    ),
                ],
            ),
        ]
        indexes = [models.Index(fields=["county", "holder_id"], name="block_holder")]


class Receipt(Tenant):
    """Append-only: one numbered receipt of one insurance, for one household or payer (one household, one ticket)."""

    block = TenantForeignKey(Block)
    number = models.BigIntegerField()
    kind = models.CharField(max_length=10)
    channel = models.CharField(max_length=12)
    insurance = models.CharField(max_length=3)
    payer_name = models.CharField(max_length=60)
    village = models.CharField(max_length=12)
    household_number = models.CharField(max_length=40, default="")
    amount_fen = models.BigIntegerField()
    given_fen = models.BigIntegerField(default=0)
    paid_on = models.DateField()
    # The day whose cash it lies in; later than paid_on where that day was counted and closed already.
    booked_on = models.DateField()
    collector_id = models.UUIDField()
    collector_name = models.CharField(max_length=60)
    office_id = models.UUIDField(null=True)
    office_name = models.CharField(max_length=80, default="")
    from_paper = models.BooleanField(default=False)
    entry_id = models.UUIDField()
    token = models.CharField(max_length=32)
    recorded_by = models.UUIDField()
    recorded_at = models.DateTimeField()

    class Meta:
        db_table = "receipt"
        constraints = [
            models.UniqueConstraint(fields=["county", "block", "number"], name="receipt_number"),
            models.UniqueConstraint(fields=["county", "token"], name="receipt_token"),
            models.CheckConstraint(condition=Q(amount_fen__gte=0), name="receipt_amount"),
        ]
        indexes = [
            models.Index(fields=["county", "collector_id", "booked_on"], name="receipt_collector"),
        ]


class ReceiptLine(Tenant):
    """Append-only: one person on a receipt. An advance has no charge yet; `subject_id` says what it waits for."""

    receipt = TenantForeignKey(Receipt)
    person = TenantForeignKey(Person)
    charge = TenantForeignKey(Charge, null=True)
    subject_id = models.UUIDField(default=NOBODY)
    year = models.SmallIntegerField()
    level = models.CharField(max_length=20)
    due_fen = models.BigIntegerField()
    others_fen = models.BigIntegerField(default=0)
    amount_fen = models.BigIntegerField()

    class Meta:
        db_table = "receipt_line"
        constraints = [
            models.CheckConstraint(
                condition=Q(due_fen__gte=0, others_fen__gte=0, amount_fen__gte=0),
                name="receipt_line_amounts",
            ),
        ]
        indexes = [
            models.Index(fields=["county", "subject_id"], name="receipt_line_subject"),
            # Advances: few among the lines, looked through for those that still wait.
            models.Index(
                fields=["county", "receipt"], name="receipt_line_advance", condition=Q(charge=None)
            ),
        ]


class ReceiptPrint(Tenant):
    """Append-only: a receipt was printed; every one after the first is a reprint (补打)."""

    receipt = TenantForeignKey(Receipt)
    number = models.IntegerField()
    by_id = models.UUIDField()
    at = models.DateTimeField()

    class Meta:
        db_table = "receipt_print"
        constraints = [
            models.UniqueConstraint(
                fields=["county", "receipt", "number"], name="receipt_print_number"
            ),
        ]


class Cancelled(Tenant):
    """Append-only: the negative document of a number; the original stays. Without a receipt, a sheet spoilt or lost."""

    block = TenantForeignKey(Block)
    number = models.BigIntegerField()
    receipt = TenantForeignKey(Receipt, null=True)
    why = models.CharField(max_length=12)
    reason = models.CharField(max_length=200)
    entry_id = models.UUIDField(null=True)
    by_id = models.UUIDField()
    by_name = models.CharField(max_length=60)
    cancelled_on = models.DateField()
    at = models.DateTimeField()

    class Meta:
        db_table = "receipt_cancelled"
        constraints = [
            models.UniqueConstraint(
                fields=["county", "block", "number"], name="receipt_cancelled_once"
            ),
        ]


class TaxReceipt(Tenant):
    """Append-only: the number that the tax office gave a receipt afterwards."""

    receipt = TenantForeignKey(Receipt)
    number = models.CharField(max_length=40)
    by_id = models.UUIDField()
    at = models.DateTimeField()

    class Meta:
        db_table = "tax_receipt"
        constraints = [
            models.UniqueConstraint(fields=["county", "receipt"], name="tax_receipt_once"),
            models.UniqueConstraint(fields=["county", "number"], name="tax_receipt_number"),
        ]


class PayerAnswer(Tenant):
    """Whether the payer says that a receipt is right; a no is a task that somebody else closes."""

    receipt = TenantForeignKey(Receipt)
    right = models.BooleanField()
    how = models.CharField(max_length=12)
    note = models.CharField(max_length=200, default="")
    by_id = models.UUIDField()
    at = models.DateTimeField()
    finding = models.CharField(max_length=200, default="")
    closed_by = models.UUIDField(null=True)
    closed_by_name = models.CharField(max_length=60, default="")
    closed_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "payer_answer"
        constraints = [
            models.UniqueConstraint(fields=["county", "receipt"], name="payer_answer_once")
        ]
        indexes = [
            models.Index(
                fields=["county", "at", "id"], condition=Q(right=False, closed_at=None),
                name="payer_answer_waits",
            )
        ]  # fmt: skip


class AdvanceTurned(Tenant):
    """Append-only: what became of an advance: paid into a charge, a refund due, or some of both; once."""

    receipt_line = TenantForeignKey(ReceiptLine)
    charge = TenantForeignKey(Charge, null=True)
    paid_fen = models.BigIntegerField()
    back_fen = models.BigIntegerField()
    at = models.DateTimeField()

    class Meta:
        db_table = "advance_turned"
        constraints = [
            models.UniqueConstraint(fields=["county", "receipt_line"], name="advance_turned_once"),
            models.CheckConstraint(
                condition=Q(paid_fen__gte=0, back_fen__gte=0), name="advance_turned_amounts"
            ),
        ]
