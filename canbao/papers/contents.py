"""What an archive item holds of papers and marks, as plain values that can be hashed and read anywhere."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import Any, Final
from uuid import UUID

from canbao.kernel import office
from canbao.papers import queries
from canbao.papers.queries import PaperRow
from canbao.papers.tables import Blob, Mark

_MARK: Final = (
    "paper_id", "box", "kind", "how", "acted_by_name", "relation", "witness", "office_name", "seal_id",
    "acted_on", "content_sha256", "blob_id",
)  # fmt: skip


def papers(subject_ids: Sequence[UUID]) -> list[PaperRow]:
    """What counts of each subject: papers in force, and sheets of the same round that a correction replaced."""
    every = queries.papers_of(subject_ids, replaced=True)
    rounds = {one.subject_id: one.round for one in every if one.form and one.replaced_by is None}
    return [
        one
        for one in sorted(every, key=lambda paper: paper.id.int)
        if one.replaced_by is None or (one.form and one.round == rounds.get(one.subject_id))
    ]


def entry(paper: PaperRow) -> dict[str, Any]:
    """One paper: a form with its content, a scan by the hash of its file."""
    known = {
        "id": str(paper.id),
        "kind": paper.kind,
        "form": paper.form,
        "page": paper.page,
        "sha256": paper.content_sha256,
    }
    return known | ({"content": json.loads(paper.content)} if paper.content else {})


def marks(paper_ids: Iterable[UUID]) -> list[dict[str, Any]]:
    """Marks on these papers: who, where, on which content, under which seal; three statements."""
    found = list(Mark.here.filter(paper_id__in=list(paper_ids)).order_by("id").values(*_MARK))
    seals = office.seals([one["seal_id"] for one in found if one["seal_id"]])
    drawn = [one["blob_id"] for one in found if one["blob_id"]]
    digests = dict(Blob.here.filter(id__in=drawn).values_list("id", "sha256"))
    return [
        {
            "paper": str(one["paper_id"]),
            "box": one["box"],
            "kind": one["kind"],
            "how": one["how"],
            "by": one["acted_by_name"],
            "relation": one["relation"],
            "witness": one["witness"],
            "office": one["office_name"],
            "seal": seals[one["seal_id"]].name if one["seal_id"] in seals else "",
            "on": one["acted_on"].isoformat(),
            "sha256": one["content_sha256"],
            "picture": digests.get(one["blob_id"], ""),
        }
        for one in found
    ]


def pictures(paper_ids: Iterable[UUID]) -> dict[str, UUID]:
    """Files of drawn signatures on these papers, by the hash of the picture."""
    found = Mark.here.filter(paper_id__in=list(paper_ids)).exclude(blob_id=None)
    ids = list(found.values_list("blob_id", flat=True))
    return {digest: one for one, digest in Blob.here.filter(id__in=ids).values_list("id", "sha256")}
