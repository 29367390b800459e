"""Reads of papers, copies and marks, and whether the marks still hold."""

from __future__ import annotations

import datetime
import json
from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import CharField, OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from canbao.kernel import canonical
from canbao.papers import store
from canbao.papers.tables import Blob, Mark, Paper


class PaperRow(NamedTuple):
    """A form or a scan of a subject."""

    id: UUID
    subject_id: UUID
    kind: str
    form: str
    number: str
    page: int
    round: int
    content_sha256: str
    content: str
    token: str
    blob_id: UUID | None
    replaced_by: UUID | None
    at: datetime.datetime
    blob_key: str

    @property
    def fields(self) -> Mapping[str, Any]:
        """The fields of a form."""
        found: Mapping[str, Any] = json.loads(self.content)["fields"]
        return found

    @property
    def attached(self) -> list[tuple[str, int, str]]:
        """(kind, page, sha256) of what a form's marks cover besides its fields."""
        return [(kind, page, digest) for kind, page, digest in json.loads(self.content)["attached"]]


@dataclass(frozen=True, slots=True)
class MarkRow:
    """A mark and whether it holds: the paper is what it was when the mark was put."""

    id: UUID
    paper_id: UUID
    box: str
    kind: str
    how: str
    acted_by: UUID
    acted_by_name: str
    relation: str
    witness: str
    office_name: str
    seal_id: UUID | None
    acted_on: datetime.date
    recorded_by: UUID
    recorded_at: datetime.datetime
    content_sha256: str
    blob_id: UUID | None
    holds: bool


_PAPER = (
    "id", "subject_id", "kind", "form", "number", "page", "round", "content_sha256", "content", "token",
    "blob_id", "replaced_by", "at",
)  # fmt: skip
_MARK = (
    "id", "paper_id", "box", "kind", "how", "acted_by", "acted_by_name", "relation", "witness", "office_name",
    "seal_id", "acted_on", "recorded_by", "recorded_at", "content_sha256", "blob_id",
)  # fmt: skip


def papers_of(subject_ids: Sequence[UUID], *, replaced: bool = False) -> list[PaperRow]:
    """Forms and scans of these subjects, in force or all; one statement."""
    found = Paper.here.filter(subject_id__in=list(subject_ids)).order_by("kind", "page", "id")
    if not replaced:
        found = found.filter(replaced_by=None)
    return _rows(found)


def form_of(papers: Sequence[PaperRow]) -> PaperRow:
    """The form in force among the papers of one subject."""
    return next(one for one in papers if one.form and one.replaced_by is None)


def by_token(token: str) -> PaperRow | None:
    """The form a QR code names."""
    found = _rows(Paper.here.filter(token=token)) if token else []
    return found[0] if found else None


def _rows(found: QuerySet[Paper]) -> list[PaperRow]:
    """Papers with the key of their file, empty where there is none or it was removed."""
    file = Blob.here.filter(id=OuterRef("blob_id"), removed_at=None).values("key")[:1]
    key = Coalesce(Subquery(file), Value(""), output_field=CharField())
    return list(map(PaperRow._make, found.values_list(*_PAPER, key)))


def marks_of(papers: Sequence[PaperRow], *, read_files: bool = True) -> list[MarkRow]:
    """Marks on these papers, each held against the paper as it is now; one statement.

    With `read_files`, attachments are opened too, so that a byte changed on disk breaks the marks.
    """
    scans = {
        one.blob_id: (one.blob_key, one.content_sha256)
        for one in papers
        if one.blob_id and not one.form
    }
    intact = store.intact(scans) if read_files and scans else set(scans)
    sound = {paper.id: _sound(paper, papers, intact) for paper in papers if paper.form}
    found = Mark.here.filter(paper_id__in=list(sound)).order_by("id").values_list(*_MARK)
    hashes = {paper.id: paper.content_sha256 for paper in papers}
    marks = []
    for row in found:
        known: dict[str, Any] = dict(zip(_MARK, row, strict=True))
        holds = sound[known["paper_id"]] and known["content_sha256"] == hashes[known["paper_id"]]
        marks.append(MarkRow(**known, holds=holds))
    return marks


def _sound(paper: PaperRow, papers: Sequence[PaperRow], intact: Container[UUID]) -> bool:
    if canonical.sha256_text(paper.content) != paper.content_sha256:
        return False
    scans = {
        (one.kind, one.page): one
        for one in papers
        if not one.form and one.subject_id == paper.subject_id and one.round == paper.round
    }
    for kind, page, digest in paper.attached:
        scan = scans.get((kind, page))
        if scan is None or scan.content_sha256 != digest or scan.blob_id not in intact:
            return False
    return True


def verdicts_of(blob_ids: Sequence[UUID]) -> dict[UUID, str]:
    """What was found about photos: good, blurred, dark, glare, small."""
    return dict(Blob.here.filter(id__in=list(blob_ids)).values_list("id", "verdict"))
