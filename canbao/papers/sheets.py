"""Printed and scanned sheets of a subject: made with the record, in sets."""

from __future__ import annotations

import secrets as randomness
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple
from uuid import UUID

from canbao.kernel import canonical, clock, rows
from canbao.kernel.ids import new_ids
from canbao.papers.tables import Blob, Copy, Paper


@dataclass(frozen=True, slots=True)
class Attached:
    """A photo or scan that belongs to a subject; `kind` is the paper the rules ask for."""

    kind: str
    page: int
    blob_id: UUID


class BlobRow(NamedTuple):
    """A stored file as checks and pages see it."""

    id: UUID
    sha256: str
    verdict: str
    by_id: UUID


@dataclass(frozen=True, slots=True)
class Sheet:
    """One form to be made: its content is what marks are bound to."""

    subject_id: UUID
    form: str
    number: str
    fields: Mapping[str, Any]
    attached: Sequence[Attached] = field(default=())
    copies: Sequence[int] = (1, 2)
    round: int = 1


class Made(NamedTuple):
    """A form as it was stored."""

    id: UUID
    subject_id: UUID
    content_sha256: str
    round: int = 1


def blobs(ids: Sequence[UUID]) -> dict[UUID, BlobRow]:
    """Stored files by id, in one statement."""
    if not ids:
        return {}
    found = Blob.here.filter(id__in=ids, removed_at=None).values_list(
        "id", "sha256", "verdict", "by_id"
    )
    return {row[0]: BlobRow(*row) for row in found}


def content_of(
    form: str, fields: Mapping[str, Any], attached: Sequence[tuple[str, int, str]]
) -> str:
    """The canonical text of a form: its version, every field, and the hash of every attachment."""
    return canonical.text({"form": form, "fields": fields, "attached": sorted(attached)})


def make(
    sheets: Sequence[Sheet],
    files: Mapping[UUID, BlobRow],
    holder: tuple[str, UUID, str],
    at: clock.Instant,
) -> list[Made]:
    """Store forms with their copies and attachments: two statements whatever the number.

    `holder` is the kind, id and name of whoever holds both copies at first.
    """
    contents = [
        content_of(
            one.form, one.fields, [(a.kind, a.page, files[a.blob_id].sha256) for a in one.attached]
        )
        for one in sheets
    ]
    hashes = [canonical.sha256_text(content) for content in contents]
    made = [
        Made(paper_id, sheet.subject_id, digest, sheet.round)
        for paper_id, sheet, digest in zip(new_ids(len(sheets)), sheets, hashes, strict=True)
    ]
    scans = [(sheet, one) for sheet in sheets for one in sheet.attached]
    rows.insert(
        Paper,
        id=[one.id for one in made] + new_ids(len(scans)),
        subject_kind="case",
        subject_id=[one.subject_id for one in sheets] + [sheet.subject_id for sheet, _ in scans],
        kind=[one.form.split(".")[0] for one in sheets] + [one.kind for _, one in scans],
        form=[one.form for one in sheets] + [""] * len(scans),
        number=[one.number for one in sheets] + [""] * len(scans),
        page=[1] * len(sheets) + [one.page for _, one in scans],
        round=[one.round for one in sheets] + [sheet.round for sheet, _ in scans],
        content_sha256=hashes + [files[one.blob_id].sha256 for _, one in scans],
        content=contents + [""] * len(scans),
        token=[randomness.token_urlsafe(16) for _ in sheets] + [""] * len(scans),
        blob_id=[None] * len(sheets) + [one.blob_id for _, one in scans],
        at=at,
    )
    pairs = [
        (one, copy_no) for one, sheet in zip(made, sheets, strict=True) for copy_no in sheet.copies
    ]
    kind, holder_id, name = holder
    rows.insert(
        Copy,
        paper_id=[one.id for one, _ in pairs],
        copy_no=[copy_no for _, copy_no in pairs],
        first_kind=kind,
        first_id=holder_id,
        first_name=name,
    )
    return made


def replace(made: Sequence[Made]) -> None:
    """Mark the papers of earlier rounds as replaced by the new form; two statements."""
    newer = {one.subject_id: one for one in made}
    older = [
        (paper, subject)
        for paper, subject, in_round in Paper.here.filter(
            subject_id__in=list(newer), replaced_by=None
        ).values_list("id", "subject_id", "round")
        if in_round < newer[subject].round
    ]
    rows.update(
        Paper, [one for one, _ in older], replaced_by=[newer[subject].id for _, subject in older]
    )
