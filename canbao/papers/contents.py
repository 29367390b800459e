"""What an archive item holds of papers and marks, as plain values that can be hashed and read anywhere."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Final
from uuid import UUID

from canbao.kernel import canonical, office
from canbao.papers import queries
from canbao.papers.queries import PaperRow
from canbao.papers.tables import Blob, Mark

_MARK: Final = (
    "paper_id", "box", "kind", "how", "acted_by_name", "relation", "witness", "office_name", "acted_on",
    "content_sha256", "seal_id", "blob_id",
)  # fmt: skip
_SAID: Final = (
    "paper", "box", "kind", "how", "by", "relation", "witness", "office", "on", "sha256",
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
    return known | ({"content": canonical.ready(paper.content)} if paper.content else {})


def marks(paper_ids: Iterable[UUID]) -> list[dict[str, Any]]:
    """Marks on these papers: who, where, on which content, under which seal; three statements."""
    found = list(Mark.here.filter(paper_id__in=list(paper_ids)).order_by("id").values_list(*_MARK))
    seals = office.seals(list({seal for *_, seal, _blob in found if seal}))
    drawn = {blob for *_, blob in found if blob}
    digests = dict(Blob.here.filter(id__in=drawn).values_list("id", "sha256"))
    return [
        {
            **dict(zip(_SAID, said, strict=True)),
            "seal": seals[seal].name if seal in seals else "",
            "picture": digests.get(blob, ""),
        }
        for *said, seal, blob in found
    ]


def pictures(paper_ids: Iterable[UUID]) -> dict[str, UUID]:
    """Files of drawn signatures on these papers, by the hash of the picture."""
    found = Mark.here.filter(paper_id__in=list(paper_ids)).exclude(blob_id=None)
    ids = list(found.values_list("blob_id", flat=True))
    return {digest: one for one, digest in Blob.here.filter(id__in=ids).values_list("id", "sha256")}
