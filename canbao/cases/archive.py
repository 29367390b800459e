"""File what is established: number, box, retention, and a manifest that verifies without the live case."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID

from canbao.cases import copies, door, flow
from canbao.cases.flow import Status
from canbao.cases.tables import ArchiveItem, Case, Decision
from canbao.kernel import audit, canonical, clock, numbering, rows
from canbao.kernel.actor import Actor, Role
from canbao.kernel.operation import LARGEST_SET, operation
from canbao.kernel.refusal import Refused
from canbao.kernel.taken import Outcome
from canbao.papers import contents, custody
from canbao.papers.custody import Holder

BOX_HOLDS: Final = 50
RETENTION: Final = {"170": "permanent", "390": "30 years"}
_DECISION: Final = (
    "desk", "verdict", "reasons", "acted_by_name", "office_name", "acted_on", "round",
)  # fmt: skip


@operation
def file(actor: Actor, chosen: Mapping[UUID, int], *, at: clock.Instant) -> Outcome:
    """File approved cases: one item each, numbered without gaps, with a manifest of hashes.

    Copy 1 goes to the archive and copy 2 back to the applicant, over the village. Refuses per case `not_approved` and
    `moved_since`; the whole set `not_archivist`. Source: process.txt 4; DOMAIN 7 (archives).
    """
    if actor.role not in {Role.ARCHIVIST, Role.COUNTY}:
        raise Refused("not_archivist")
    if len(chosen) > LARGEST_SET:
        raise Refused("set_too_large", largest=LARGEST_SET)
    cases = door.take(actor, chosen)
    cases.keep(
        "not_approved", lambda case: (case.desk, case.status) == (flow.ARCHIVE, Status.APPROVED)
    )
    cases.keep("moved_since", lambda case: case.version == chosen[case.id])
    if not cases.rows:
        return cases.outcome()
    manifests = _manifests(cases.ids)
    texts = {
        one: canonical.text({"case": cases[one].number, **manifests[one]}) for one in cases.ids
    }
    rows.update(
        Case,
        cases.ids,
        desk=flow.SHELF,
        status=Status.FILED,
        version=[case.version + 1 for case in cases],
        moved_at=at,
    )
    _copies(actor, cases, at)
    serials: dict[UUID, int] = {}
    for insurance in {case.insurance for case in cases}:
        mine = [case.id for case in cases if case.insurance == insurance]
        # The last numbers taken before the audit: the county's one archive series stays gapless.
        serials |= zip(
            mine, numbering.take(f"archive/{insurance}/{clock.on(at).year}", len(mine)), strict=True
        )
    rows.insert(
        ArchiveItem,
        case_id=cases.ids,
        number=[
            f"{actor.county}-{clock.on(at).year}-{cases[one].insurance}-{serials[one]:06d}"
            for one in cases.ids
        ],
        box=[
            f"{cases[one].insurance}-{(serials[one] - 1) // BOX_HOLDS + 1:04d}" for one in cases.ids
        ],
        position=[(serials[one] - 1) % BOX_HOLDS + 1 for one in cases.ids],
        retention=[RETENTION[case.insurance] for case in cases],
        manifest=[texts[one] for one in cases.ids],
        manifest_sha256=[canonical.sha256_text(texts[one]) for one in cases.ids],
        by_id=actor.id,
        by_name=actor.name,
        at=at,
    )
    audit.record(actor, "case.filed", cases.ids, at=at)
    return cases.outcome()


def _copies(actor: Actor, cases: Any, at: clock.Instant) -> None:
    archive = Holder("archive", actor.office_id or actor.id, actor.office_name)
    custody.hand_over(actor, cases.ids, archive, at=at, copies=(1,))
    copies.send_back(actor, cases, at)


def _manifests(case_ids: list[UUID]) -> dict[UUID, dict[str, Any]]:
    """Papers, marks and decisions of each case with their hashes; five statements."""
    found: dict[UUID, dict[str, Any]] = {one: defaultdict(list) for one in case_ids}
    held = contents.papers(case_ids)
    for paper in held:
        found[paper.subject_id]["papers"].append(contents.entry(paper))
    owners = {paper.id: paper.subject_id for paper in held}
    for mark in contents.marks(owners):
        found[owners[mark["paper"]]]["marks"].append(mark)
    decisions = Decision.here.filter(case_id__in=case_ids).order_by("id")
    for row in decisions.values("case_id", *_DECISION):
        case_id = row.pop("case_id")
        found[case_id]["decisions"].append({**row, "reasons": canonical.ready(row["reasons"])})
    return found
