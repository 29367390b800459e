"""Who holds which copy: every hand-over on record, alone or with its bundle."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import F, OuterRef, Subquery
from django.db.models.functions import Coalesce

from canbao.kernel import clock, rows
from canbao.kernel.actor import Actor
from canbao.papers.tables import Copy, Custody


@dataclass(frozen=True, slots=True)
class Holder:
    """An office, an applicant or the archive."""

    kind: str
    id: UUID
    name: str


def held_by(subject_ids: Sequence[UUID], copy_no: int) -> dict[UUID, str]:
    """What kind of holder has this copy of each subject's form in force; one statement."""
    last = Custody.here.filter(copy_id=OuterRef("id")).order_by("-id").values("to_kind")[:1]
    found = Copy.here.filter(
        paper__subject_id__in=list(subject_ids), paper__replaced_by=None, copy_no=copy_no
    ).annotate(kind=Coalesce(Subquery(last), F("first_kind")))
    return dict(found.values_list("paper__subject_id", "kind"))


def hand_over(
    actor: Actor, subject_ids: Sequence[UUID], to: Holder | Mapping[UUID, Holder], *,
    at: clock.Instant, copies: Sequence[int] = (1, 2), bundle_id: UUID | None = None,
) -> None:  # fmt: skip
    """Pass the copies of these subjects' forms to a holder, or to one holder a subject. Two statements."""
    found = Copy.here.filter(
        paper__subject_id__in=list(subject_ids), paper__replaced_by=None, copy_no__in=list(copies)
    ).values_list("id", "paper__subject_id")
    moved = [(one, to if isinstance(to, Holder) else to[subject]) for one, subject in found]
    rows.insert(
        Custody,
        copy_id=[one for one, _ in moved],
        to_kind=[holder.kind for _, holder in moved],
        to_id=[holder.id for _, holder in moved],
        to_name=[holder.name for _, holder in moved],
        bundle_id=bundle_id,
        by_id=actor.id,
        at=at,
    )
