"""Why amounts are what they are: traces as text by their hash, since people who are alike share one."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from django.db.models import OuterRef, Subquery

from canbao.kernel import canonical, clock, rows
from canbao.payments.tables import Charge, PriceTrace


def keep(texts: Iterable[str], at: clock.Instant) -> dict[str, str]:
    """Keep these traces where they are not kept yet; returns the hash of each. One statement."""
    hashes = {text: canonical.sha256_text(text) for text in texts}
    rows.insert_new(
        PriceTrace, ["sha256"], sha256=list(hashes.values()), text=list(hashes), at=at
    )  # fmt: skip
    return hashes


def of(charge_ids: Iterable[UUID]) -> dict[UUID, str]:
    """The traces of these charges, as text; one statement."""
    kept = PriceTrace.here.filter(sha256=OuterRef("trace_sha256")).values("text")
    found = Charge.here.filter(id__in=list(charge_ids)).annotate(text=Subquery(kept))
    return dict(found.values_list("id", "text"))
