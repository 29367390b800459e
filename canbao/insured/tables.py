"""Tables of the insured: the relation, its years, and the pension account."""

from __future__ import annotations

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import F, Func, Q

from canbao.kernel.tenant import Tenant, TenantForeignKey
from canbao.people.tables import Person


class Enrolment(Tenant):
    """A person insured in one insurance, from a day; one live per person and insurance."""

    person = TenantForeignKey(Person)
    insurance = models.CharField(max_length=3)
    from_on = models.DateField()
    to_on = models.DateField(null=True)
    state = models.CharField(max_length=10, default="live")
    opened_by_case = models.UUIDField()
    at = models.DateTimeField()

    class Meta:
        db_table = "enrolment"
        constraints = [
            models.UniqueConstraint(
                fields=["county", "person", "insurance"],
                name="enrolment_live",
                condition=Q(state="live"),
            )
        ]


class EnrolmentYear(Tenant):
    """One year of an enrolment: its level, what it costs and by which pack; the charge keeps how that came out."""

    enrolment = TenantForeignKey(Enrolment)
    year = models.SmallIntegerField()
    level = models.CharField(max_length=20)
    residency = models.CharField(max_length=12, default="")
    student = models.CharField(max_length=14, default="")
    own_fen = models.BigIntegerField()
    pack_sha256 = models.CharField(max_length=64)
    at = models.DateTimeField()

    class Meta:
        db_table = "enrolment_year"
        constraints = [
            models.UniqueConstraint(
                fields=["county", "enrolment", "year"], name="enrolment_year_once"
            ),
            models.CheckConstraint(condition=Q(own_fen__gte=0), name="enrolment_year_own_fen"),
        ]


class Account(Tenant):
    """A personal account of the pension: one per person, for life."""

    person = TenantForeignKey(Person)
    number = models.CharField(max_length=24)
    opened_on = models.DateField()
    opened_by_case = models.UUIDField()
    at = models.DateTimeField()

    class Meta:
        db_table = "account"
        constraints = [
            models.UniqueConstraint(fields=["county", "person"], name="account_once"),
            models.UniqueConstraint(fields=["county", "number"], name="account_number"),
        ]


class AccountBalance(Tenant):
    """What stands in one sub-ledger of a personal account; equals its postings, which rebuild it from zero."""

    account = TenantForeignKey(Account)
    sub_ledger = models.CharField(max_length=20)
    balance_fen = models.BigIntegerField()

    class Meta:
        db_table = "account_balance"
        constraints = [
            models.UniqueConstraint(
                fields=["county", "account", "sub_ledger"], name="account_balance_once"
            ),
            models.CheckConstraint(condition=Q(balance_fen__gte=0), name="account_balance_amount"),
        ]


class Cover(Tenant):
    """From when to when an enrolment covers ([from_on, to_on)), and why; written when the own share is settled."""

    enrolment = TenantForeignKey(Enrolment)
    year = models.SmallIntegerField()
    from_on = models.DateField()
    to_on = models.DateField()
    why = models.TextField()
    at = models.DateTimeField()
    void_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "cover"
        constraints = [
            models.CheckConstraint(condition=Q(to_on__gt=F("from_on")), name="cover_days"),
            ExclusionConstraint(
                name="cover_once",
                expressions=[
                    ("county", RangeOperators.EQUAL),
                    ("enrolment", RangeOperators.EQUAL),
                    (Func("from_on", "to_on", function="daterange"), RangeOperators.OVERLAPS),
                ],
                condition=Q(void_at=None),
            ),
        ]


class CoverCertificate(Tenant):
    """Append-only: a certificate of a cover was given out; its QR code carries the token."""

    cover = TenantForeignKey(Cover)
    number = models.CharField(max_length=24)
    token = models.CharField(max_length=32)
    by_id = models.UUIDField()
    at = models.DateTimeField()

    class Meta:
        db_table = "cover_certificate"
        constraints = [
            models.UniqueConstraint(fields=["county", "token"], name="cover_certificate_token"),
            models.UniqueConstraint(fields=["county", "number"], name="cover_certificate_number"),
        ]
