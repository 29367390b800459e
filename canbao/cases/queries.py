"""Reads of cases, as frozen rows: what a case page, a paper and an archive item show."""

from __future__ import annotations

import datetime
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from canbao.cases import door, inspection
from canbao.cases.door import CaseRow
from canbao.cases.flow import Verdict
from canbao.cases.tables import (
    Appeal,
    ArchiveItem,
    Bundle,
    BundleItem,
    Case,
    Check,
    DeadlineSpan,
    Decision,
    SecondEntry,
)
from canbao.kernel import audit, clock, part
from canbao.kernel.actor import Actor
from canbao.kernel.operation import operation
from canbao.kernel.part import Part
from canbao.kernel.taken import Outcome
from canbao.papers import queries as papers
from canbao.papers.queries import MarkRow, PaperRow


@dataclass(frozen=True, slots=True)
class CheckRow:
    """One check: both values compared, or what a person answered."""

    round: int
    desk: str
    item: str
    verdict: str
    given: str
    found: str
    source: str
    note: str
    recorded_at: datetime.datetime


@dataclass(frozen=True, slots=True)
class DecisionRow:
    """One decision of a desk."""

    id: UUID
    round: int
    desk: str
    verdict: str
    to_desk: str
    reasons: Sequence[Mapping[str, str]]
    acted_by: UUID
    acted_by_name: str
    office_name: str
    acted_on: datetime.date
    recorded_by: UUID
    recorded_at: datetime.datetime


@dataclass(frozen=True, slots=True)
class EntryRow:
    """What was typed a second time; the number stays sealed."""

    round: int
    name: str
    number_sealed: str
    agrees: bool
    by_id: UUID
    at: datetime.datetime


@dataclass(frozen=True, slots=True)
class ArchiveRow:
    """Where a case is filed."""

    case_id: UUID
    number: str
    box: str
    position: int
    retention: str
    manifest: str
    manifest_sha256: str
    by_name: str
    at: datetime.datetime


@dataclass(frozen=True, slots=True)
class AppealRow:
    """An appeal against a refusal, and its answer."""

    id: UUID
    text: str
    at: datetime.datetime
    verdict: str
    answer: str


@dataclass(frozen=True, slots=True)
class BundleRow:
    """A bundle, and how far it is."""

    id: UUID
    number: str
    insurance: str
    desk: str
    to_desk: str
    office_name: str
    cases: int
    sheets: int
    state: str
    reported_by_name: str
    reported_at: datetime.datetime
    received_by_name: str
    received_at: datetime.datetime | None


@dataclass(frozen=True, slots=True)
class ItemRow:
    """One case of a bundle."""

    case_id: UUID
    position: int
    sheets: int
    receipt: str
    note: str
    number: str
    name: str
    masked: str
    household_number: str
    village: str
    desk: str
    status: str


@dataclass(frozen=True, slots=True)
class CaseView:
    """Everything about one case; eight statements."""

    case: CaseRow
    form: PaperRow
    scans: Sequence[PaperRow]
    older_forms: Sequence[PaperRow]
    marks: Sequence[MarkRow]
    checks: Sequence[CheckRow]
    decisions: Sequence[DecisionRow]
    entries: Sequence[EntryRow]
    spans: Sequence[clock.Span]
    archive: ArchiveRow | None
    appeals: Sequence[AppealRow]

    @property
    def fields(self) -> Mapping[str, Any]:
        """What was applied for."""
        return self.form.fields

    @property
    def findings(self) -> list[CheckRow]:
        """Automatic checks of the present round."""
        return [
            one
            for one in self.checks
            if one.source != inspection.OFFICER and one.round == self.latest
        ]

    def refused_at(self, desk: str) -> bool:
        """Whether the last word of this desk is a refusal; its marks on the form say no then."""
        said = [one.verdict for one in self.decisions if one.desk == desk]
        return bool(said) and said[-1] == Verdict.REFUSE

    @property
    def latest(self) -> int:
        """The latest round that has automatic checks; a return to a desk keeps those of the form."""
        return max(
            (one.round for one in self.checks if one.source != inspection.OFFICER), default=1
        )

    def answers(self, desk: str) -> dict[str, CheckRow]:
        """The last answer of a desk to each item in the present round."""
        return {
            one.item: one
            for one in self.checks
            if one.source == inspection.OFFICER
            and one.desk == desk
            and one.round == self.case.round
        }


def view(actor: Actor, case_id: UUID) -> CaseView:
    """One case within reach. Refuses `not_found`."""
    case = door.see(actor, case_id)
    every = papers.papers_of([case_id], replaced=True)
    form = papers.form_of(every)
    scans = [one for one in every if not one.form and one.round == form.round]
    older = [one for one in every if one.form and one.id != form.id]
    return CaseView(
        case=case,
        form=form,
        scans=scans,
        older_forms=older,
        marks=papers.marks_of([form, *scans]),
        checks=_checks(case_id),
        decisions=decisions_of([case_id]).get(case_id, []),
        entries=[
            EntryRow(*row)
            for row in SecondEntry.here.filter(case_id=case_id)
            .order_by("id")
            .values_list("round", "name", "number_sealed", "agrees", "by_id", "at")
        ],
        spans=[
            clock.Span(*row)
            for row in DeadlineSpan.here.filter(case_id=case_id)
            .order_by("id")
            .values_list("from_on", "to_on", "running")
        ],
        archive=archive_of(case_id),
        appeals=[
            AppealRow(*row)
            for row in Appeal.here.filter(case_id=case_id)
            .order_by("id")
            .values_list("id", "text", "at", "verdict", "answer")
        ],
    )


def _checks(case_id: UUID) -> list[CheckRow]:
    found = Check.here.filter(case_id=case_id).order_by("id")
    return [
        CheckRow(*row)
        for row in found.values_list(
            "round", "desk", "item", "verdict", "given", "found", "source", "note", "recorded_at"
        )
    ]


def decisions_of(case_ids: Sequence[UUID]) -> dict[UUID, list[DecisionRow]]:
    """Decisions by case, oldest first; one statement."""
    found: dict[UUID, list[DecisionRow]] = {one: [] for one in case_ids}
    columns = (
        "case_id", "id", "round", "desk", "verdict", "to_desk", "reasons", "acted_by", "acted_by_name",
        "office_name", "acted_on", "recorded_by", "recorded_at",
    )  # fmt: skip
    for case_id, *row in (
        Decision.here.filter(case_id__in=list(case_ids)).order_by("id").values_list(*columns)
    ):
        row[5] = json.loads(row[5])
        found[case_id].append(DecisionRow(*row))
    return found


def archive_of(case_id: UUID) -> ArchiveRow | None:
    """Where a case is filed, if it is."""
    columns = (
        "case_id",
        "number",
        "box",
        "position",
        "retention",
        "manifest",
        "manifest_sha256",
        "by_name",
        "at",
    )
    row = ArchiveItem.here.filter(case_id=case_id).values_list(*columns).first()
    return ArchiveRow(*row) if row else None


_BUNDLE = (
    "id", "number", "insurance", "desk", "to_desk", "office_name", "cases", "sheets", "state",
    "reported_by_name", "reported_at", "received_by_name", "received_at",
)  # fmt: skip


def bundle_of(actor: Actor, bundle_id: UUID) -> BundleRow | None:
    """A bundle the actor sent or may receive."""
    found = Bundle.here.filter(id=bundle_id, insurance__in=sorted(actor.insurances))
    if actor.villages is not None:
        reach = sorted(actor.villages)
        found = found.filter(region_code__in=reach) | found.filter(to_region_code__in=reach)
    row = found.values_list(*_BUNDLE).first()
    return BundleRow(*row) if row else None


def bundles(actor: Actor, *, incoming: bool, limit: int = 100) -> Part[BundleRow]:
    """Bundles on the way to the actor's desk, or those it sent, newest first."""
    found = Bundle.here.filter(insurance__in=sorted(actor.insurances)).order_by("-reported_at")
    if incoming:
        found = found.filter(to_desk=actor.role)
        if actor.villages is not None:
            found = found.filter(to_region_code__in=sorted(actor.villages))
    else:
        found = found.filter(office_id=actor.office_id)
    return part.first(found, _BUNDLE, limit, lambda row: BundleRow(*row))


def items_of(bundle_id: UUID) -> list[ItemRow]:
    """The cases of a bundle in their order; one statement."""
    found = BundleItem.here.filter(bundle_id=bundle_id).order_by("position")
    columns = (
        "case_id", "position", "sheets", "receipt", "note", "case__number", "case__name", "case__masked",
        "case__household_number", "case__village", "case__desk", "case__status",
    )  # fmt: skip
    return [ItemRow(*row) for row in found.values_list(*columns)]


def cases_of(actor: Actor, ids: Sequence[UUID]) -> list[CaseRow]:
    """Light rows of cases within reach."""
    return door.rows_of(door.visible(actor).filter(id__in=list(ids)))


def numbers_of(ids: Sequence[UUID]) -> dict[UUID, tuple[str, str]]:
    """(number, name) of cases, for results that name them."""
    return {
        one: (number, name)
        for one, number, name in Case.here.filter(id__in=list(ids)).values_list(
            "id", "number", "name"
        )
    }


@operation
def looked_at(
    actor: Actor,
    case_id: UUID,
    what: str,
    *,
    at: clock.Instant,
    facts: Mapping[str, object] | None = None,
) -> Outcome:
    """Put a look at a paper, a full number or what a page shows on record; `facts` names what it was."""
    audit.record(actor, f"case.{what}_seen", [case_id], at=at, facts=facts or {})
    return Outcome((case_id,))
