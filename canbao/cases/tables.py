"""Tables of cases: one walk over the desks, what was checked and decided, and the bundles between desks."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q

from canbao.kernel.tenant import Tenant, TenantForeignKey
from canbao.people.tables import Person

NO_SUBJECT = uuid.UUID(int=0)


class Draft(Tenant):
    """What somebody has typed so far, sealed; found again by phone or officer."""

    owner_id = models.UUIDField()
    kind = models.CharField(max_length=20)
    insurance = models.CharField(max_length=3)
    sealed = models.TextField()
    at = models.DateTimeField()

    class Meta:
        db_table = "draft"
        indexes = [models.Index(fields=["county", "owner_id"], name="draft_owner")]


class Case(Tenant):
    """One walk over the desks. What was applied for is the content of its registration form."""

    number = models.CharField(max_length=24)
    kind = models.CharField(max_length=20)
    insurance = models.CharField(max_length=3)
    flow = models.CharField(max_length=40)
    year = models.SmallIntegerField()
    subject_id = models.UUIDField(default=NO_SUBJECT)
    person = TenantForeignKey(Person)
    name = models.CharField(max_length=60)
    masked = models.CharField(max_length=30)
    household_number = models.CharField(max_length=40, default="")
    village = models.CharField(max_length=12)
    township = models.CharField(max_length=12)
    level = models.CharField(max_length=20)
    own_fen = models.BigIntegerField()
    pack_sha256 = models.CharField(max_length=64)
    channel = models.CharField(max_length=10)
    contact_id = models.UUIDField(null=True)
    entered_by = models.UUIDField()
    desk = models.CharField(max_length=12)
    status = models.CharField(max_length=12)
    version = models.IntegerField(default=1)
    round = models.SmallIntegerField(default=1)
    is_open = models.BooleanField(default=True)
    family_form = models.BooleanField(default=False)
    findings = models.SmallIntegerField(default=0)
    due_on = models.DateField(null=True)
    bundle_id = models.UUIDField(null=True)
    submitted_at = models.DateTimeField()
    moved_at = models.DateTimeField()

    class Meta:
        db_table = "case_file"
        constraints = [
            models.UniqueConstraint(fields=["county", "number"], name="case_number"),
            models.UniqueConstraint(
                fields=["county", "person", "insurance", "kind", "subject_id"],
                name="case_open",
                condition=Q(is_open=True),
            ),
        ]
        indexes = [
            # Neither status nor due date stands in an index: an act that leaves a case at its desk
            # then touches none of them.
            models.Index(fields=["county", "desk", "village"], name="case_desk"),
            models.Index(
                fields=["county", "contact_id"],
                name="case_contact",
                condition=Q(contact_id__isnull=False),
            ),
            models.Index(
                fields=["county", "bundle_id"],
                name="case_bundle",
                condition=Q(bundle_id__isnull=False),
            ),
        ]


class DeadlineSpan(Tenant):
    """A span in which a desk's clock ran or stood still; the due date is computed from them."""

    case = TenantForeignKey(Case)
    desk = models.CharField(max_length=12)
    round = models.SmallIntegerField()
    running = models.BooleanField()
    from_on = models.DateField()
    to_on = models.DateField(null=True)

    class Meta:
        db_table = "deadline_span"


class Check(Tenant):
    """Append-only: an item, its verdict, both values compared, and who or which rule said so."""

    case = TenantForeignKey(Case)
    round = models.SmallIntegerField()
    desk = models.CharField(max_length=12)
    item = models.CharField(max_length=40)
    verdict = models.CharField(max_length=12)
    given = models.TextField(default="")
    found = models.TextField(default="")
    source = models.CharField(max_length=40)
    note = models.CharField(max_length=200, default="")
    acted_by = models.UUIDField(null=True)
    recorded_by = models.UUIDField(null=True)
    recorded_at = models.DateTimeField()

    class Meta:
        db_table = "case_check"
        indexes = [
            # The suspected duplicates: a handful among millions.
            models.Index(
                fields=["county", "case"],
                name="check_unlike",
                condition=Q(item="unlike_others") & ~Q(verdict="agrees"),
            )
        ]


class SecondEntry(Tenant):
    """Name and number typed again from the paper, without seeing the first; the number sealed."""

    case = TenantForeignKey(Case)
    round = models.SmallIntegerField()
    name = models.CharField(max_length=60)
    number_sealed = models.TextField()
    number_mac = models.CharField(max_length=43)
    agrees = models.BooleanField()
    by_id = models.UUIDField()
    at = models.DateTimeField()

    class Meta:
        db_table = "second_entry"


class Decision(Tenant):
    """Append-only: what a desk decided, with reasons, round, version, who acted and who recorded."""

    case = TenantForeignKey(Case)
    version = models.IntegerField()
    round = models.SmallIntegerField()
    desk = models.CharField(max_length=12)
    verdict = models.CharField(max_length=12)
    to_desk = models.CharField(max_length=12)
    reasons = models.TextField(default="[]")
    acted_by = models.UUIDField()
    acted_by_name = models.CharField(max_length=60)
    office_id = models.UUIDField(null=True)
    office_name = models.CharField(max_length=80, default="")
    stands_in_for = models.UUIDField(null=True)
    acted_on = models.DateField()
    recorded_by = models.UUIDField()
    recorded_at = models.DateTimeField()

    class Meta:
        db_table = "decision"


class Appeal(Tenant):
    """What an applicant said against a refusal, and what another officer answered."""

    case = TenantForeignKey(Case)
    text = models.TextField()
    by_id = models.UUIDField()
    at = models.DateTimeField()
    verdict = models.CharField(max_length=12, default="")
    answer = models.TextField(default="")
    decided_by = models.UUIDField(null=True)
    decided_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "appeal"
        constraints = [
            models.UniqueConstraint(
                fields=["county", "case"], name="appeal_open", condition=Q(verdict="")
            )
        ]


class Bundle(Tenant):
    """A frozen numbered list of one insurance that one office hands to the next."""

    number = models.CharField(max_length=30)
    insurance = models.CharField(max_length=3)
    desk = models.CharField(max_length=12)
    to_desk = models.CharField(max_length=12)
    office_id = models.UUIDField()
    office_name = models.CharField(max_length=80)
    region_code = models.CharField(max_length=12)
    to_region_code = models.CharField(max_length=12)
    cases = models.IntegerField()
    sheets = models.IntegerField()
    state = models.CharField(max_length=12)
    reported_by = models.UUIDField()
    reported_by_name = models.CharField(max_length=60)
    reported_at = models.DateTimeField()
    received_by = models.UUIDField(null=True)
    received_by_name = models.CharField(max_length=60, default="")
    received_at = models.DateTimeField(null=True)
    asks = models.TextField(default="{}")

    class Meta:
        db_table = "bundle"
        constraints = [models.UniqueConstraint(fields=["county", "number"], name="bundle_number")]
        indexes = [
            models.Index(fields=["county", "to_region_code", "state"], name="bundle_inbox"),
            models.Index(fields=["county", "office_id", "reported_at"], name="bundle_outbox"),
            models.Index(fields=["county", "to_desk", "reported_at"], name="bundle_arrivals"),
        ]


class BundleItem(Tenant):
    """One case of a bundle: its place, its sheets, and what the receiver found."""

    bundle = TenantForeignKey(Bundle)
    case = TenantForeignKey(Case)
    position = models.IntegerField()
    sheets = models.SmallIntegerField()
    receipt = models.CharField(max_length=12, default="")
    note = models.CharField(max_length=200, default="")

    class Meta:
        db_table = "bundle_item"
        constraints = [
            models.UniqueConstraint(fields=["county", "bundle", "case"], name="bundle_item_once")
        ]


class SurplusSheet(Tenant):
    """A paper found in a bundle that its list does not name, and what was done with it."""

    bundle = TenantForeignKey(Bundle)
    description = models.CharField(max_length=200)
    by_id = models.UUIDField()
    at = models.DateTimeField()

    class Meta:
        db_table = "surplus_sheet"


class ArchiveItem(Tenant):
    """One filed item (件): form with three opinions, papers, decisions; number, box and retention."""

    case = TenantForeignKey(Case)
    number = models.CharField(max_length=40)
    box = models.CharField(max_length=20)
    position = models.IntegerField()
    retention = models.CharField(max_length=20)
    manifest = models.TextField()
    manifest_sha256 = models.CharField(max_length=64)
    by_id = models.UUIDField()
    by_name = models.CharField(max_length=60)
    at = models.DateTimeField()

    class Meta:
        db_table = "archive_item"
        constraints = [
            models.UniqueConstraint(fields=["county", "number"], name="archive_number"),
            models.UniqueConstraint(fields=["county", "case"], name="archive_once"),
        ]


class Correction(Tenant):
    """A typing error found after approval: proposed by one officer, confirmed by another."""

    case = TenantForeignKey(Case)
    field = models.CharField(max_length=40)
    old = models.TextField()
    new = models.TextField()
    reason = models.CharField(max_length=200)
    proposed_by = models.UUIDField()
    proposed_at = models.DateTimeField()
    verdict = models.CharField(max_length=12, default="")
    decided_by = models.UUIDField(null=True)
    decided_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "correction"


class Export(Tenant):
    """A list of established persons handed to the provincial system, each person once."""

    number = models.CharField(max_length=30)
    insurance = models.CharField(max_length=3)
    by_id = models.UUIDField()
    at = models.DateTimeField()

    class Meta:
        db_table = "export"


class ExportItem(Tenant):
    """One enrolment of an export."""

    export = TenantForeignKey(Export)
    enrolment_id = models.UUIDField()
    case_id = models.UUIDField()

    class Meta:
        db_table = "export_item"
        constraints = [
            models.UniqueConstraint(fields=["county", "enrolment_id"], name="export_item_once")
        ]
