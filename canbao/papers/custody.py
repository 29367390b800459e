"""Who holds which copy: every hand-over on record, alone or with its bundle."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from canbao.kernel import clock, rows
from canbao.kernel.actor import Actor
from canbao.papers.tables import Copy, Custody


@dataclass(frozen=True, slots=True)
class Holder:
    """An office, an applicant or the archive."""

    kind: str
    id: UUID
    name: str


def hand_over(
    actor: Actor, subject_ids: Sequence[UUID], to: Holder | Mapping[UUID, Holder], *,
    at: clock.Instant, copies: Sequence[int] = (1, 2), bundle_id: UUID | None = None,
) -> None:  # fmt: skip
    """Pass the copies of these subjects' forms to a holder, or to one holder a subject. Three statements.

    Copies that are with the holder already stay there.
    """
    found = Copy.here.filter(
        paper__subject_id__in=list(subject_ids), paper__replaced_by=None, copy_no__in=list(copies)
    ).values_list("id", "paper__subject_id", "holder_kind", "holder_id", "holder_name")
    target = {one: to if isinstance(to, Holder) else to[one] for one in subject_ids}
    moving = [
        (one, target[subject], name)
        for one, subject, kind, holder, name in found
        if (kind, holder) != (target[subject].kind, target[subject].id)
    ]
    if not moving:
        return
    rows.insert(
        Custody,
        copy_id=[one for one, *_ in moving],
        from_name=[name for *_, name in moving],
        to_kind=[holder.kind for _, holder, _ in moving],
        to_id=[holder.id for _, holder, _ in moving],
        to_name=[holder.name for _, holder, _ in moving],
        bundle_id=bundle_id,
        by_id=actor.id,
        at=at,
    )
    rows.update(
        Copy,
        [one for one, *_ in moving],
        holder_kind=[holder.kind for _, holder, _ in moving],
        holder_id=[holder.id for _, holder, _ in moving],
        holder_name=[holder.name for _, holder, _ in moving],
    )
