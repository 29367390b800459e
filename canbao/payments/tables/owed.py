"""What is owed and why, by person, insurance and year; how a season came to it, and what people said."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q

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
