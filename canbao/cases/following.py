"""What a resident may know of an own case: the way over the desks, with date, name and seal of each."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple
from uuid import UUID

from canbao.cases import door, flow, queries
from canbao.cases.door import CaseRow
from canbao.cases.queries import AppealRow, ArchiveRow, DecisionRow
from canbao.cases.tables import Appeal, Case, Check
from canbao.kernel.actor import Actor
from canbao.papers import queries as papers
from canbao.papers.queries import MarkRow, PaperRow

MOST: Final = 200


@dataclass(frozen=True, slots=True)
class FindingRow:
    """A finding of the automatic checks; whose data it compared decides what a phone is told."""

    item: str
    verdict: str
    given: str
    found: str


@dataclass(frozen=True, slots=True)
class Followed:
    """An own case as its page shows it; eight statements."""

    case: CaseRow
    form: PaperRow
    scans: Sequence[PaperRow]
    marks: Sequence[MarkRow]
    decisions: Sequence[DecisionRow]
    findings: Sequence[FindingRow]
    archive: ArchiveRow | None
    appeals: Sequence[AppealRow]

    def mark(self, box: str, kind: str) -> MarkRow | None:
        """The last mark of this kind in a box of the form in force."""
        return next(
            (one for one in reversed(self.marks) if (one.box, one.kind) == (box, kind)), None
        )

    def last(self, verdict: str, desk: str = "") -> DecisionRow | None:
        """The last decision of this kind, at this desk or at any."""
        return next(
            (
                one
                for one in reversed(self.decisions)
                if one.verdict == verdict and desk in {"", one.desk}
            ),
            None,
        )

    @property
    def applied_on(self) -> datetime.date:
        """The day the form in force was signed."""
        mark = next((one for one in self.marks if one.box == flow.APPLICANT), None)
        return mark.acted_on if mark else self.case.submitted_at.date()


def mine(actor: Actor) -> list[CaseRow]:
    """The actor's cases, those that moved last first; one statement."""
    return door.rows_of(door.visible(actor).order_by("-is_open", "-moved_at", "id")[:MOST])


class Standing(NamedTuple):
    """Where a case is, as far as whoever holds its paper may know."""

    kind: str
    desk: str
    status: str
    due_on: datetime.date | None


def standing(case_id: UUID) -> Standing | None:
    """Where the case of a paper is, None where the paper belongs to none; one statement."""
    row = Case.here.filter(id=case_id).values_list(*Standing._fields).first()
    return Standing._make(row) if row else None


def follow(actor: Actor, case_id: UUID) -> Followed:
    """One own case. Refuses `not_found`."""
    case = door.see(actor, case_id)
    every = papers.papers_of([case_id])
    form = papers.form_of(every)
    checks = list(
        Check.here.filter(case_id=case_id, desk=flow.APPLICANT)
        .order_by("id")
        .values_list("round", "item", "verdict", "given", "found")
    )
    latest = max((row[0] for row in checks), default=1)
    return Followed(
        case=case,
        form=form,
        scans=[one for one in every if not one.form],
        marks=papers.marks_of(every, read_files=False),
        decisions=queries.decisions_of([case_id]).get(case_id, []),
        findings=[FindingRow(*row[1:]) for row in checks if row[0] == latest],
        archive=queries.archive_of(case_id),
        appeals=[
            AppealRow(*row)
            for row in Appeal.here.filter(case_id=case_id)
            .order_by("id")
            .values_list("id", "text", "at", "verdict", "answer")
        ],
    )
