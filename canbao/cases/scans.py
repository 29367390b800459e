"""Sheets scanned after an application was handed in: the signed copies, beside what the form covers."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from canbao.cases import door, flow
from canbao.cases.door import CaseRow
from canbao.cases.kinds import refund
from canbao.cases.tables import Case
from canbao.kernel import audit, clock, rows
from canbao.kernel.actor import Actor, Role
from canbao.kernel.ids import new_ids
from canbao.kernel.operation import operation
from canbao.kernel.refusal import Refused
from canbao.kernel.taken import Outcome
from canbao.papers import sheets
from canbao.papers.sheets import Attached
from canbao.papers.tables import Paper


def takes(case: CaseRow) -> bool:
    """Whether a case still takes sheets: an application up to the township, money back while the county checks."""
    if case.kind == refund.KIND:
        return case.desk == refund.CHECKED_AT
    return case.desk in {"village", "township", flow.APPLICANT}


@operation
def add(
    actor: Actor, case_id: UUID, version: int, attached: Sequence[Attached], *, at: clock.Instant
) -> Outcome:
    """Add scans to a case that stands where `takes` says; its marks stay as they are.

    The form's marks cover what was attached when it was signed; these sheets show the ink on it.
    Refuses `moved_since`, `paper_unknown`, and `wrong_desk_for_scan` later than that.
    """
    cases = door.take(actor, [case_id])
    cases.keep("wrong_desk_for_scan", takes)
    cases.keep("moved_since", lambda case: case.version == version)
    if not cases.rows:
        return cases.outcome()
    files = sheets.blobs([one.blob_id for one in attached])
    if actor.role is Role.RESIDENT or any(one.blob_id not in files for one in attached):
        raise Refused("paper_unknown")
    case = cases[case_id]
    newest = (
        Paper.here.filter(subject_id=case_id, replaced_by=None)
        .exclude(form="")
        .values_list("round", flat=True)
        .get()
    )
    before: dict[str, int] = {}
    for kind, page in Paper.here.filter(subject_id=case_id, form="").values_list("kind", "page"):
        before[kind] = max(before.get(kind, 0), page)
    pages = []
    for one in attached:
        before[one.kind] = before.get(one.kind, 0) + 1
        pages.append(before[one.kind])
    rows.insert(
        Paper,
        id=new_ids(len(attached)),
        subject_kind="case",
        subject_id=case_id,
        kind=[one.kind for one in attached],
        form="",
        number="",
        page=pages,
        round=newest,
        content_sha256=[files[one.blob_id].sha256 for one in attached],
        content="",
        token="",
        blob_id=[one.blob_id for one in attached],
        at=at,
    )
    rows.update(Case, [case_id], version=[case.version + 1], moved_at=at)
    audit.record(actor, "case.scanned", [case_id], at=at, facts={"sheets": len(attached)})
    return cases.outcome()
