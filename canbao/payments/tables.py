"""Tables of payments: what is owed and by whom, receipts and their blocks, and the book.

Payments do not know cases: what another room asked for is named by an id that only that room reads.
"""

from __future__ import annotations

import uuid

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import F, Func, Q, Value

from canbao.kernel.tenant import Tenant, TenantForeignKey
from canbao.people.tables import Person

NOBODY = uuid.UUID(int=0)


class Charge(Tenant):
    """What is owed for a person, insurance and year. Its shares say who pays; the own share is one of them."""

    person = TenantForeignKey(Person)
    insurance = models.CharField(max_length=3)
    year = models.SmallIntegerField()
    level = models.CharField(max_length=20)
    village = models.CharField(max_length=12)
    household_number = models.CharField(max_length=40, default="")
    revision = models.SmallIntegerField(default=1)
    own_fen = models.BigIntegerField()
    paid_fen = models.BigIntegerField(default=0)
    state = models.CharField(max_length=10, default="open")
    pack_sha256 = models.CharField(max_length=64)
    trace_sha256 = models.CharField(max_length=64)
    made_by = models.CharField(max_length=10)
    made_at = models.DateTimeField()
    settled_on = models.DateField(null=True)

    class Meta:
        db_table = "charge"
        constraints = [
            models.UniqueConstraint(
                fields=["county", "person", "insurance", "year"], name="charge_once"
            ),
            models.CheckConstraint(
                condition=Q(own_fen__gte=0, paid_fen__gte=0), name="charge_not_negative"
            ),
        ]
        indexes = [
            # Holds all that the season board counts, so that it need not read the charges themselves.
            models.Index(
                fields=["county", "insurance", "year", "village"],
                include=["state", "own_fen", "settled_on"],
                name="charge_season",
            ),
        ]


class PriceTrace(Tenant):
    """Append-only: why an amount is what it is, as text by its hash. Many charges share one."""

    sha256 = models.CharField(max_length=64)
    text = models.TextField()
    at = models.DateTimeField()

    class Meta:
        db_table = "price_trace"
        constraints = [
            models.UniqueConstraint(fields=["county", "sha256"], name="price_trace_once"),
        ]


class ChargeShare(Tenant):
    """Append-only: what one payer pays of a charge. A correction writes the shares of the next revision."""

    charge = TenantForeignKey(Charge)
    revision = models.SmallIntegerField()
    payer = models.CharField(max_length=20)
    kind = models.CharField(max_length=12)
    sub_ledger = models.CharField(max_length=20)
    amount_fen = models.BigIntegerField()
    evidence = models.CharField(max_length=120, default="")

    class Meta:
        db_table = "charge_share"
        constraints = [
            models.CheckConstraint(condition=Q(amount_fen__gte=0), name="charge_share_amount"),
        ]


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
        indexes = [models.Index(fields=["county", "subject_id"], name="receipt_line_subject")]


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
    # The officer of finance who said yes last; who finds it in the bank's lines is somebody else.
    approved_by = models.UUIDField(null=True)
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
    """Append-only: what the bank did with a refund: paid, once, or not, with its reason."""

    refund = TenantForeignKey(RefundDue)
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
                fields=["county", "refund"], name="refund_paid_once", condition=Q(result="paid")
            ),
            models.CheckConstraint(condition=Q(amount_fen__gt=0), name="payout_amount"),
        ]


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


class Season(Tenant):
    """One round of charging everybody insured before for a new year: how far it is, and what came of it."""

    insurance = models.CharField(max_length=3)
    year = models.SmallIntegerField()
    priced_on = models.DateField()
    at = models.DateTimeField()
    actor = models.TextField()
    started_by_name = models.CharField(max_length=60)
    state = models.CharField(max_length=10, default="waiting")
    fault = models.CharField(max_length=60, default="")
    sets = models.IntegerField(default=0)
    after = models.UUIDField(default=NOBODY)
    total = models.IntegerField()
    looked = models.IntegerField(default=0)
    charged = models.IntegerField(default=0)
    settled = models.IntegerField(default=0)
    dropped = models.IntegerField(default=0)
    moved_at = models.DateTimeField()

    class Meta:
        db_table = "season"
        constraints = [
            models.UniqueConstraint(
                fields=["county", "insurance", "year"],
                name="season_one_at_a_time",
                condition=~Q(state="done"),
            )
        ]


class DropOut(Tenant):
    """Append-only: somebody insured before whom a season did not charge, and why."""

    season = TenantForeignKey(Season)
    person = TenantForeignKey(Person)
    village = models.CharField(max_length=12)
    household_number = models.CharField(max_length=40, default="")
    reason = models.CharField(max_length=30)
    detail = models.CharField(max_length=40, default="")

    class Meta:
        db_table = "season_drop_out"
        constraints = [
            models.UniqueConstraint(fields=["county", "season", "person"], name="drop_out_once")
        ]
        indexes = [
            models.Index(
                fields=["county", "season", "village", "household_number"], name="drop_out_village"
            )
        ]


class Asked(Tenant):
    """Append-only: somebody who has not paid was asked, and what they said."""

    charge = TenantForeignKey(Charge)
    insurance = models.CharField(max_length=3)
    year = models.SmallIntegerField()
    village = models.CharField(max_length=12)
    how = models.CharField(max_length=10)
    said = models.CharField(max_length=20)
    by_id = models.UUIDField()
    by_name = models.CharField(max_length=60)
    asked_on = models.DateField()
    at = models.DateTimeField()

    class Meta:
        db_table = "season_asked"
        indexes = [
            models.Index(fields=["county", "insurance", "year", "village"], name="asked_season")
        ]
