"""Tables of people: the person, how they are known, the household, and the register kept apart."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from canbao.kernel.tenant import Tenant, TenantForeignKey


class Person(Tenant):
    """Current facts of a person; every change stands in `person_change`."""

    name = models.CharField(max_length=60)
    sex = models.CharField(max_length=1)
    birth_on = models.DateField()
    ethnic = models.CharField(max_length=2, default="01")
    village = models.CharField(max_length=12)
    address = models.CharField(max_length=200, default="")
    living_address = models.CharField(max_length=200, default="")
    household_nature = models.CharField(max_length=2, default="")
    phone_sealed = models.TextField(default="")
    four_mac = models.CharField(max_length=43, default="")
    dead_on = models.DateField(null=True)
    merged_into = models.UUIDField(null=True)

    class Meta:
        db_table = "person"
        indexes = [
            models.Index(
                fields=["county", "name"],
                opclasses=["varchar_ops", "varchar_pattern_ops"],
                name="person_name",
            ),
            models.Index(fields=["county", "birth_on", "four_mac"], name="person_birth_four"),
            models.Index(
                fields=["county", "merged_into"],
                name="person_merged",
                condition=Q(merged_into__isnull=False),
            ),
        ]


class Merger(Tenant):
    """Two rows of one person made one, or that taken back: proposed by one officer, confirmed by another.

    `moved` names what hung on the row that gave way, by table and column.
    """

    kept_id = models.UUIDField()
    gone_id = models.UUIDField()
    undoes = models.UUIDField(null=True)
    reason = models.CharField(max_length=200)
    proposed_by = models.UUIDField()
    proposed_at = models.DateTimeField()
    verdict = models.CharField(max_length=12, default="")
    decided_by = models.UUIDField(null=True)
    decided_at = models.DateTimeField(null=True)
    moved = models.TextField(default="{}")

    class Meta:
        db_table = "merger"
        constraints = [
            models.UniqueConstraint(
                fields=["county", "gone_id"], name="merger_open", condition=Q(verdict="")
            )
        ]


class IdentityDocument(Tenant):
    """A document kind and number: sealed, and found by its HMAC. Unique in the county while it holds."""

    person = TenantForeignKey(Person)
    kind = models.CharField(max_length=20)
    number_sealed = models.TextField()
    number_mac = models.CharField(max_length=43)
    masked = models.CharField(max_length=30)
    from_on = models.DateField()
    to_on = models.DateField(null=True)

    class Meta:
        db_table = "identity_document"
        constraints = [
            models.UniqueConstraint(
                fields=["county", "number_mac"], name="document_once", condition=Q(to_on=None)
            )
        ]


class PersonChange(Tenant):
    """Append-only: a field, its old and new value (numbers sealed), the proof, and by whom."""

    person = TenantForeignKey(Person)
    field = models.CharField(max_length=40)
    old = models.TextField(default="")
    new = models.TextField(default="")
    proof = models.CharField(max_length=200, default="")
    case_id = models.UUIDField(null=True)
    by_id = models.UUIDField()
    second_id = models.UUIDField(null=True)
    at = models.DateTimeField()

    class Meta:
        db_table = "person_change"


class Household(Tenant):
    """A household of a village, by the number of its booklet where there is one."""

    number = models.CharField(max_length=40)
    village = models.CharField(max_length=12)
    address = models.CharField(max_length=200, default="")

    class Meta:
        db_table = "household"
        constraints = [
            models.UniqueConstraint(fields=["county", "village", "number"], name="household_once")
        ]


class Membership(Tenant):
    """Who belongs to a household as what (GB/T 4761; 02 is the householder), from and to."""

    household = TenantForeignKey(Household)
    person = TenantForeignKey(Person)
    relation = models.CharField(max_length=2)
    from_on = models.DateField()
    to_on = models.DateField(null=True)

    class Meta:
        db_table = "membership"
        constraints = [
            models.UniqueConstraint(
                fields=["county", "person"], name="membership_once", condition=Q(to_on=None)
            )
        ]


class Category(Tenant):
    """A special group a person belongs to, with its evidence and dates."""

    person = TenantForeignKey(Person)
    code = models.CharField(max_length=20)
    evidence = models.CharField(max_length=120, default="")
    from_on = models.DateField()
    to_on = models.DateField(null=True)

    class Meta:
        db_table = "category"


class Guardian(Tenant):
    """Who signs for a minor: relation, and the proof where it is not a parent."""

    person = TenantForeignKey(Person)
    guardian_name = models.CharField(max_length=60)
    guardian_person_id = models.UUIDField(null=True)
    relation = models.CharField(max_length=2)
    proof_paper_id = models.UUIDField(null=True)
    from_on = models.DateField()
    to_on = models.DateField(null=True)

    class Meta:
        db_table = "guardian"


class Contact(Tenant):
    """A phone from which somebody applies; bound to a person at a counter or by a confirmed case."""

    phone_sealed = models.TextField()
    phone_mac = models.CharField(max_length=43)
    masked = models.CharField(max_length=20)
    person_id = models.UUIDField(null=True)
    bound_at = models.DateTimeField(null=True)
    bound_by = models.CharField(max_length=20, default="")
    language = models.CharField(max_length=10, default="zh-hans")

    class Meta:
        db_table = "contact"
        constraints = [models.UniqueConstraint(fields=["county", "phone_mac"], name="contact_once")]


class OneTimeCode(Tenant):
    """A code sent to a phone: hashed, with an expiry and a count of tries."""

    phone_mac = models.CharField(max_length=43)
    code_mac = models.CharField(max_length=43)
    purpose = models.CharField(max_length=20)
    at = models.DateTimeField()
    expires_at = models.DateTimeField()
    tries = models.IntegerField(default=0)
    used_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "one_time_code"
        indexes = [models.Index(fields=["county", "phone_mac", "at"], name="one_time_code_phone")]


class Consent(Tenant):
    """Append-only: who agreed to which notice on the use of personal data, and how."""

    contact_id = models.UUIDField(null=True)
    person_id = models.UUIDField(null=True)
    notice = models.CharField(max_length=40)
    how = models.CharField(max_length=20)
    at = models.DateTimeField()

    class Meta:
        db_table = "consent"


class RegisterEntry(Tenant):
    """One line of the household register (户籍底册): loaded from outside, never written by an application."""

    household_number = models.CharField(max_length=40)
    village = models.CharField(max_length=12)
    name = models.CharField(max_length=60)
    sex = models.CharField(max_length=1)
    birth_on = models.DateField()
    ethnic = models.CharField(max_length=2, default="")
    relation = models.CharField(max_length=2)
    address = models.CharField(max_length=200, default="")
    household_nature = models.CharField(max_length=2, default="")
    document_kind = models.CharField(max_length=20)
    number_sealed = models.TextField()
    number_mac = models.CharField(max_length=43)
    masked = models.CharField(max_length=30)
    load_id = models.UUIDField()

    class Meta:
        db_table = "register_entry"
        constraints = [
            models.UniqueConstraint(fields=["county", "number_mac"], name="register_entry_once")
        ]
        indexes = [
            models.Index(fields=["county", "birth_on", "name"], name="register_birth_name"),
            models.Index(
                fields=["county", "village", "household_number"], name="register_household"
            ),
        ]
