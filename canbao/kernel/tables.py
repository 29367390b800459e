"""Tables of words that every room speaks: offices and officers, requests, jobs, counters, audit, notices."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models

from canbao.kernel.tenant import Tenant, TenantForeignKey


class County(models.Model):
    """A county served by this installation. A small reference table, the same everywhere."""

    code = models.CharField(max_length=6, primary_key=True)
    name = models.CharField(max_length=60)
    demo = models.BooleanField(default=False)

    class Meta:
        db_table = "county"


class Region(Tenant):
    """A county, township or village by its 12-digit code, with the code that follows it after a merger."""

    code = models.CharField(max_length=12)
    name = models.CharField(max_length=60)
    level = models.CharField(max_length=10)
    parent_code = models.CharField(max_length=12)
    from_on = models.DateField()
    to_on = models.DateField(null=True)
    succeeded_by = models.CharField(max_length=12, default="")

    class Meta:
        db_table = "region"
        constraints = [models.UniqueConstraint(fields=["county", "code"], name="region_code")]


class Office(Tenant):
    """A village committee, township office or county centre; it serves named insurances."""

    name = models.CharField(max_length=80)
    kind = models.CharField(max_length=20)
    region_code = models.CharField(max_length=12)
    insurances = ArrayField(models.CharField(max_length=3))
    address = models.CharField(max_length=200, default="")
    phone = models.CharField(max_length=40, default="")
    hours = models.CharField(max_length=80, default="")
    from_on = models.DateField()
    to_on = models.DateField(null=True)

    class Meta:
        db_table = "office"
        indexes = [models.Index(fields=["county", "region_code"], name="office_region")]


class Officer(Tenant):
    """Somebody who works for an office. Django's user only logs in and is found by name."""

    login = models.CharField(max_length=60)
    name = models.CharField(max_length=60)
    person_id = models.UUIDField(null=True)
    phone = models.CharField(max_length=40, default="")
    left_on = models.DateField(null=True)

    class Meta:
        db_table = "officer"
        constraints = [models.UniqueConstraint(fields=["county", "login"], name="officer_login")]


class Posting(Tenant):
    """An officer's role at an office, with dates; for whom one stands in."""

    officer = TenantForeignKey(Officer)
    office = TenantForeignKey(Office)
    role = models.CharField(max_length=20)
    from_on = models.DateField()
    to_on = models.DateField(null=True)
    stands_in_for = models.UUIDField(null=True)

    class Meta:
        db_table = "posting"


class Seal(Tenant):
    """A seal of an office: its name on the arc, its purpose below."""

    office = TenantForeignKey(Office)
    kind = models.CharField(max_length=20)
    name = models.CharField(max_length=80)
    purpose = models.CharField(max_length=40, default="")
    from_on = models.DateField()
    to_on = models.DateField(null=True)

    class Meta:
        db_table = "seal"


class SealCustody(Tenant):
    """Who may use a seal, and from when to when."""

    seal = TenantForeignKey(Seal)
    officer = TenantForeignKey(Officer)
    from_on = models.DateField()
    to_on = models.DateField(null=True)

    class Meta:
        db_table = "seal_custody"


class Waiver(Tenant):
    """A named exception to four eyes: for one officer, until a day, by two others, with the reason.

    Without `granted_by` it is only proposed and holds for nothing.
    """

    officer = TenantForeignKey(Officer)
    rule = models.CharField(max_length=40)
    reason = models.CharField(max_length=200)
    proposed_by = models.UUIDField()
    granted_by = models.UUIDField(null=True)
    from_on = models.DateField()
    to_on = models.DateField()

    class Meta:
        db_table = "waiver"


class Request(Tenant):
    """What was done under a key: doing it again gives the first outcome."""

    key = models.CharField(max_length=80)
    actor_id = models.UUIDField()
    operation = models.CharField(max_length=80)
    input_sha256 = models.CharField(max_length=64)
    # What the form held that carried the key, so that a page tells a second press from another input.
    form_sha256 = models.CharField(max_length=64, default="")
    outcome = models.TextField(default="")
    at = models.DateTimeField()

    class Meta:
        db_table = "request"
        constraints = [models.UniqueConstraint(fields=["county", "key"], name="request_key")]


class Selection(Tenant):
    """All rows of a filter over all pages, as of an instant, with exceptions."""

    actor_id = models.UUIDField()
    filter = models.TextField()
    as_of = models.DateTimeField()
    exceptions = models.TextField(default="[]")

    class Meta:
        db_table = "selection"


class Job(Tenant):
    """An act on more cases than one transaction holds: its input, and how far it has come."""

    operation = models.CharField(max_length=80)
    input = models.TextField()
    actor = models.TextField()
    at = models.DateTimeField()
    total = models.IntegerField()
    done = models.IntegerField(default=0)
    refused = models.IntegerField(default=0)
    state = models.CharField(max_length=12, default="waiting")
    made = models.TextField(default="{}")
    fault = models.CharField(max_length=200, default="")

    class Meta:
        db_table = "job"


class JobResult(Tenant):
    """What became of one record of a job; commits with the change."""

    job = TenantForeignKey(Job)
    subject_id = models.UUIDField()
    code = models.CharField(max_length=60, default="")
    facts = models.TextField(default="{}")

    class Meta:
        db_table = "job_result"
        constraints = [
            models.UniqueConstraint(fields=["county", "job", "subject_id"], name="job_result_once")
        ]


class Counter(Tenant):
    """The last number given out in a series of the county."""

    series = models.CharField(max_length=60)
    last = models.BigIntegerField(default=0)

    class Meta:
        db_table = "counter"
        constraints = [models.UniqueConstraint(fields=["county", "series"], name="counter_series")]


class Audit(Tenant):
    """Append-only: who did what, when, at which desk, about which record. Ids and codes, never names."""

    at = models.DateTimeField()
    event = models.CharField(max_length=60)
    actor_role = models.CharField(max_length=20)
    actor_id = models.UUIDField()
    office_id = models.UUIDField(null=True)
    stands_in_for = models.UUIDField(null=True)
    acted_by = models.UUIDField()
    subject_kind = models.CharField(max_length=20)
    subject_id = models.UUIDField()
    facts = models.TextField(default="{}")
    facts_sha256 = models.CharField(max_length=64)

    class Meta:
        db_table = "audit"
        indexes = [
            models.Index(fields=["county", "subject_id", "at"], name="audit_subject"),
            models.Index(fields=["county", "at"], name="audit_at"),
        ]


class Notice(Tenant):
    """A message to a resident: written with the change it tells of, sent by the worker."""

    contact_id = models.UUIDField()
    template = models.CharField(max_length=60)
    facts = models.TextField(default="{}")
    subject_kind = models.CharField(max_length=20, default="")
    subject_id = models.UUIDField(null=True)
    at = models.DateTimeField()
    state = models.CharField(max_length=12, default="waiting")
    tries = models.IntegerField(default=0)

    class Meta:
        db_table = "notice"
        indexes = [
            models.Index(
                fields=["county", "at"], name="notice_waiting", condition=models.Q(state="waiting")
            ),
            models.Index(fields=["county", "contact_id", "at"], name="notice_contact"),
        ]
