"""Signatures, seals and fingerprints: each bound to the exact content of the paper it stands on."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from canbao.kernel import clock, office, rows
from canbao.kernel.actor import Actor
from canbao.papers.sheets import Made
from canbao.papers.tables import Mark, Paper


@dataclass(frozen=True, slots=True)
class Confirmation:
    """How somebody confirmed an application: for themself, as a parent, or by a proxy with evidence.

    `how` is drawn, paper or fingerprint; `blob_id` the drawing or the scan of the sheet; `relation` is
    self, parent, guardian or proxy; `evidence_blob_id` proves a guardian or proxy. `signed_on` is the day that
    stands on a paper signed before, None for today.
    """

    how: str
    name: str
    relation: str = "self"
    blob_id: UUID | None = None
    evidence_blob_id: UUID | None = None
    witness: str = ""
    signed_on: datetime.date | None = None


def forms_of(subject_ids: Iterable[UUID]) -> dict[UUID, Made]:
    """The form in force of each subject, in one statement."""
    held = Paper.here.filter(subject_id__in=list(subject_ids), replaced_by=None)
    found = held.exclude(form="").values_list("id", "subject_id", "content_sha256")
    return {subject: Made(one, subject, digest) for one, subject, digest in found}


def confirm(
    actor: Actor,
    made: Sequence[Made],
    confirmations: Sequence[Confirmation],
    persons: Sequence[UUID],
    at: clock.Instant,
) -> None:
    """Put the applicant's mark on each form."""
    stamp = actor.stamp(at)
    rows.insert(
        Mark,
        paper_id=[one.id for one in made],
        box="applicant",
        kind=["fingerprint" if one.how == "fingerprint" else "signature" for one in confirmations],
        how=[one.how for one in confirmations],
        acted_by=list(persons),
        acted_by_name=[one.name for one in confirmations],
        for_person_id=list(persons),
        relation=[one.relation for one in confirmations],
        witness=[one.witness for one in confirmations],
        acted_on=[one.signed_on or stamp["acted_on"] for one in confirmations],
        recorded_by=actor.id,
        recorded_at=at,
        content_sha256=[one.content_sha256 for one in made],
        blob_id=[one.blob_id for one in confirmations],
    )


def put(
    actor: Actor, box: str, forms: Sequence[Made], seal: office.SealRow, at: clock.Instant
) -> None:
    """Sign and seal these forms in a desk's box: one statement, two marks a form."""
    stamp = actor.stamp(at)
    how = "paper" if actor.behalf else "account"
    rows.insert(
        Mark,
        paper_id=[one.id for one in forms] * 2,
        box=box,
        kind=["signature"] * len(forms) + ["seal"] * len(forms),
        how=how,
        seal_id=[None] * len(forms) + [seal.id] * len(forms),
        content_sha256=[one.content_sha256 for one in forms] * 2,
        **stamp,
    )
