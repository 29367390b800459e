"""Tables of papers: sealed files, printed and scanned sheets, their copies, hand-overs and marks."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from canbao.kernel.tenant import Tenant, TenantForeignKey


class Blob(Tenant):
    """A file kept encrypted in the data folder; the row names its key and the hash of its content."""

    sha256 = models.CharField(max_length=64)
    key = models.CharField(max_length=20)
    size_bytes = models.IntegerField()
    media_type = models.CharField(max_length=40)
    width = models.IntegerField(default=0)
    height = models.IntegerField(default=0)
    verdict = models.CharField(max_length=20, default="")
    by_id = models.UUIDField()
    at = models.DateTimeField()
    removed_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "blob"
        indexes = [models.Index(fields=["county", "key"], name="blob_key")]


class Paper(Tenant):
    """One printed or scanned thing about a subject, with number, form version and content hash."""

    subject_kind = models.CharField(max_length=20)
    subject_id = models.UUIDField()
    kind = models.CharField(max_length=30)
    form = models.CharField(max_length=40, default="")
    number = models.CharField(max_length=40, default="")
    page = models.IntegerField(default=1)
    round = models.IntegerField(default=1)
    content_sha256 = models.CharField(max_length=64)
    content = models.TextField(default="")
    token = models.CharField(max_length=32, default="")
    blob_id = models.UUIDField(null=True)
    replaced_by = models.UUIDField(null=True)
    at = models.DateTimeField()

    class Meta:
        db_table = "paper"
        indexes = [models.Index(fields=["county", "subject_id"], name="paper_subject")]
        constraints = [
            models.UniqueConstraint(
                fields=["county", "token"], name="paper_token", condition=~Q(token="")
            )
        ]


class Copy(Tenant):
    """Sheet 1 or 2 of a printed form, and who held it first; who holds it now says its last hand-over."""

    paper = TenantForeignKey(Paper)
    copy_no = models.SmallIntegerField()
    first_kind = models.CharField(max_length=20)
    first_id = models.UUIDField()
    first_name = models.CharField(max_length=80)

    class Meta:
        db_table = "copy"
        constraints = [
            models.UniqueConstraint(fields=["county", "paper", "copy_no"], name="copy_once")
        ]


class Custody(Tenant):
    """Append-only: a hand-over of one copy, alone or with a bundle."""

    copy = TenantForeignKey(Copy)
    to_kind = models.CharField(max_length=20)
    to_id = models.UUIDField()
    to_name = models.CharField(max_length=80)
    bundle_id = models.UUIDField(null=True)
    by_id = models.UUIDField()
    at = models.DateTimeField()

    class Meta:
        db_table = "custody"


class Mark(Tenant):
    """Append-only: a signature, seal or fingerprint in a box, bound to the exact content it stands on."""

    paper = TenantForeignKey(Paper)
    copy_no = models.SmallIntegerField(null=True)
    box = models.CharField(max_length=20)
    kind = models.CharField(max_length=20)
    how = models.CharField(max_length=20)
    acted_by = models.UUIDField()
    acted_by_name = models.CharField(max_length=60)
    for_person_id = models.UUIDField(null=True)
    relation = models.CharField(max_length=20, default="")
    evidence_paper_id = models.UUIDField(null=True)
    witness = models.CharField(max_length=60, default="")
    office_id = models.UUIDField(null=True)
    office_name = models.CharField(max_length=80, default="")
    seal_id = models.UUIDField(null=True)
    stands_in_for = models.UUIDField(null=True)
    acted_on = models.DateField()
    recorded_by = models.UUIDField()
    recorded_at = models.DateTimeField()
    content_sha256 = models.CharField(max_length=64)
    blob_id = models.UUIDField(null=True)

    class Meta:
        db_table = "mark"
