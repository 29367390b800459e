"""The append-only record of every act and every reading of personal data."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from canbao.kernel import canonical, clock, rows, running
from canbao.kernel.actor import Actor
from canbao.kernel.tables import Audit


def record(
    actor: Actor,
    event: str,
    subjects: Sequence[UUID],
    *,
    at: clock.Instant,
    kind: str = "case",
    facts: Mapping[str, Any] | Sequence[Mapping[str, Any]] = (),
) -> None:
    """Write one entry a subject. `facts` stands in every entry, or is a list with one a subject.

    An operation that wrote no entry is undone: nothing happens unseen.
    """
    if not subjects:
        return
    if isinstance(facts, Mapping) or not facts:
        texts: Any = canonical.text(facts or {})
        hashes: Any = canonical.sha256_text(texts)
    else:
        texts = [canonical.text(each) for each in facts]
        known = {one: canonical.sha256_text(one) for one in set(texts)}
        hashes = [known[one] for one in texts]
    rows.insert(
        Audit,
        at=at,
        event=event,
        actor_role=actor.role,
        actor_id=actor.id,
        office_id=actor.office_id,
        stands_in_for=actor.stands_in_for,
        acted_by=actor.acted_by,
        subject_kind=kind,
        subject_id=list(subjects),
        facts=texts,
        facts_sha256=hashes,
    )
    running.recorded()
