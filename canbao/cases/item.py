"""An archive item as one file: the sheets as they print, the scans, the marks and decisions, the manifest."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any
from uuid import UUID

from django.utils.translation import override

from canbao.cases import proof, queries
from canbao.cases.prints import main
from canbao.cases.queries import CaseView
from canbao.cases.tables import Case
from canbao.kernel import audit, canonical, clock
from canbao.kernel.actor import Actor
from canbao.kernel.operation import operation
from canbao.kernel.refusal import Refused
from canbao.kernel.taken import Outcome
from canbao.papers import contents, render, store
from canbao.papers import queries as papers
from canbao.papers.queries import PaperRow
from canbao.people import documents

LANGUAGE = "zh-hans"


@operation
def exported(actor: Actor, case_id: UUID, *, at: clock.Instant) -> Outcome:
    """Put on record that an item left the house as a file, which holds full numbers."""
    audit.record(actor, "case.item_exported", [case_id], at=at)
    return Outcome((case_id,))


def case_numbered(number: str) -> UUID:
    """The case of a number. Refuses `not_found`."""
    found: UUID | None = Case.here.filter(number=number).values_list("id", flat=True).first()
    if found is None:
        raise Refused("not_found")
    return found


def build(actor: Actor, case_id: UUID, *, at: clock.Instant) -> bytes:
    """The filed item of a case as a ZIP, the same bytes each time until something is added to it.

    What was filed stands as it was then; sheets that a correction made later follow in `later`. Refuses
    `not_found`, `not_filed`, and `paper_damaged` where a scan no longer opens.
    """
    view = queries.view(actor, case_id)
    filed = view.archive
    if filed is None:
        raise Refused("not_filed")
    exported(actor, case_id, at=at)
    known = json.loads(filed.manifest)
    there = {one["id"] for one in known["papers"]}
    held = contents.papers([case_id])
    added = [one for one in held if str(one.id) not in there]
    later = {
        "papers": [contents.entry(one) for one in added],
        "marks": contents.marks(one.id for one in added),
    }
    return proof.pack(
        {
            "item": {
                "number": filed.number,
                "case": view.case.number,
                "box": filed.box,
                "position": filed.position,
                "retention": filed.retention,
                "filed_by": filed.by_name,
                "filed_at": filed.at.isoformat(timespec="seconds"),
            },
            "filed": known,
            "filed_sha256": filed.manifest_sha256,
            "later": [later] if added else [],
        },
        _files(view, held, [*known["papers"], *later["papers"]]),
    )


def _files(view: CaseView, held: list[PaperRow], listed: list[dict[str, Any]]) -> dict[str, bytes]:
    by_id = {str(one.id): one for one in held}
    files = {}
    for entry in listed:
        paper = by_id.get(entry["id"])
        if paper is None:
            raise Refused("paper_damaged")
        if paper.form:
            files[proof.path_of(entry)] = _sheet(view, paper)
        elif paper.blob_id is not None:
            files[proof.path_of(entry)] = store.content(paper.blob_id)
    drawn = contents.pictures(one.id for one in held if one.form)
    for digest, blob_id in drawn.items():
        if digest not in {canonical.sha256_bytes(content) for content in files.values()}:
            files[f"marks/{digest}.jpg"] = store.content(blob_id)
    return files


def _sheet(view: CaseView, form: PaperRow) -> bytes:
    """Copy 1 of a sheet with the number it was made with, which a correction may have changed since."""
    numbers = documents.by_mac([view.case.person_id])
    held = numbers.get(form.fields["number_mac"])
    then = replace(view, form=form, marks=papers.marks_of([form, *view.scans]))
    with override(LANGUAGE):
        return render.pdf(main.sheet(then, 1, held.number if held else "", LANGUAGE))
