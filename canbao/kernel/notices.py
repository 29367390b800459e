"""Messages to residents: rows written with the change they tell of; the worker sends them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from canbao.kernel import canonical, clock, rows
from canbao.kernel.tables import Notice


def tell(
    contacts: Sequence[UUID | None],
    template: str,
    *,
    at: clock.Instant,
    subjects: Sequence[UUID],
    facts: Sequence[Mapping[str, Any]],
    kind: str = "case",
) -> None:
    """Write one message a subject; those without a contact get none (their village tells them)."""
    told = [
        (contact, subject, canonical.text(fact))
        for contact, subject, fact in zip(contacts, subjects, facts, strict=True)
        if contact is not None
    ]
    rows.insert(
        Notice,
        contact_id=[one[0] for one in told],
        subject_id=[one[1] for one in told],
        facts=[one[2] for one in told],
        subject_kind=kind,
        template=template,
        at=at,
    )
