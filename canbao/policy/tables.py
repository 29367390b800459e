"""Tables of policy: packs as they were published, byte for byte."""

from __future__ import annotations

from django.db import models

from canbao.kernel.tenant import Tenant


class PackText(Tenant):
    """The bytes of a pack or flow by hash, proposed by one officer and published by another."""

    sha256 = models.CharField(max_length=64)
    kind = models.CharField(max_length=10)
    name = models.CharField(max_length=80)
    text = models.TextField()
    proposed_by = models.UUIDField()
    proposed_at = models.DateTimeField()
    published_by = models.UUIDField(null=True)
    published_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "pack_text"
        constraints = [models.UniqueConstraint(fields=["county", "sha256"], name="pack_text_once")]
