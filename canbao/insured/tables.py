"""Tables of the insured: the relation, its years, and the pension account."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

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
    """One year of an enrolment: its level and what it costs, by which pack, and how that came out."""

    enrolment = TenantForeignKey(Enrolment)
    year = models.SmallIntegerField()
    level = models.CharField(max_length=20)
    own_fen = models.BigIntegerField()
    pack_sha256 = models.CharField(max_length=64)
    price = models.TextField()
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
