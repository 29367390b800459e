"""What somebody has typed so far, kept sealed at every step and found again."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from canbao.cases.tables import Draft
from canbao.kernel import audit, canonical, clock, county, rows, secrets
from canbao.kernel.actor import Actor
from canbao.kernel.ids import new_id
from canbao.kernel.operation import operation
from canbao.kernel.refusal import Refused
from canbao.kernel.taken import Outcome
from canbao.papers import store
from canbao.papers.intake import CleanPage


@dataclass(frozen=True, slots=True)
class DraftRow:
    """A draft, opened for its owner."""

    id: UUID
    kind: str
    insurance: str
    typed: Mapping[str, Any]
    at: datetime


def bound(draft_id: UUID) -> str:
    """What a draft is bound to: it opens in no other row."""
    return f"{county.current()}/draft/{draft_id}"


@operation
def save(
    actor: Actor,
    draft_id: UUID | None,
    kind: str,
    insurance: str,
    typed: Mapping[str, Any],
    *,
    at: clock.Instant,
) -> Outcome:
    """Keep a draft, new or changed. Refuses `not_found` for somebody else's."""
    one = draft_id or new_id()
    sealed = secrets.seal(canonical.text(typed), bound_to=bound(one))
    if draft_id is None:
        rows.insert(
            Draft, id=[one], owner_id=actor.id, kind=kind, insurance=insurance, sealed=sealed, at=at
        )
    elif not Draft.here.filter(id=one, owner_id=actor.id).update(
        sealed=sealed, insurance=insurance, at=at
    ):
        raise Refused("not_found")
    audit.record(actor, "draft.saved", [one], at=at, kind="draft")
    return Outcome((one,))


@operation
def attach(
    actor: Actor,
    draft_id: UUID,
    typed: Mapping[str, Any],
    blob_ids: Sequence[UUID],
    pages: Sequence[CleanPage],
    *,
    at: clock.Instant,
) -> Outcome:
    """Keep cleaned pages under these ids, and the draft that names them. Refuses `not_found`."""
    sealed = secrets.seal(canonical.text(typed), bound_to=bound(draft_id))
    if not Draft.here.filter(id=draft_id, owner_id=actor.id).update(sealed=sealed, at=at):
        raise Refused("not_found")
    store.put(actor, blob_ids, pages, at)
    audit.record(
        actor, "draft.paper_kept", [draft_id], at=at, kind="draft", facts={"blobs": list(blob_ids)}
    )
    return Outcome(tuple(blob_ids))


@operation
def drop(actor: Actor, draft_ids: Sequence[UUID], *, at: clock.Instant) -> Outcome:
    """Throw own drafts away, because they were submitted or are not wanted."""
    Draft.here.filter(id__in=list(draft_ids), owner_id=actor.id).delete()
    audit.record(actor, "draft.dropped", list(draft_ids), at=at, kind="draft")
    return Outcome(tuple(draft_ids))


def of(actor: Actor) -> list[DraftRow]:
    """The actor's drafts, newest first."""
    found = Draft.here.filter(owner_id=actor.id).order_by("-at")
    return [_opened(row) for row in found.values_list("id", "kind", "insurance", "sealed", "at")]


def see(actor: Actor, draft_id: UUID) -> DraftRow:
    """One draft of the actor. Refuses `not_found`."""
    found = Draft.here.filter(owner_id=actor.id, id=draft_id)
    row = found.values_list("id", "kind", "insurance", "sealed", "at").first()
    if row is None:
        raise Refused("not_found")
    return _opened(row)


def _opened(row: tuple[UUID, str, str, str, datetime]) -> DraftRow:
    one, kind, insurance, sealed, at = row
    return DraftRow(
        one, kind, insurance, json.loads(secrets.open_sealed(sealed, bound_to=bound(one))), at
    )
