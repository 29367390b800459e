"""What a desk's page of one case shows, read in few statements: only the parts that the page draws."""

from __future__ import annotations

import datetime
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from django.db.models import CharField, OuterRef, Q, Subquery, TextField, Value
from django.db.models.functions import Coalesce

from canbao.cases import door, flow, four_eyes, inspection, queries, review
from canbao.cases.door import CaseRow
from canbao.cases.flow import ARCHIVE, SHELF, Status
from canbao.cases.queries import AppealRow, CaseView, EntryRow
from canbao.cases.tables import Appeal, Bundle, Case, Check, SecondEntry
from canbao.insured import queries as insured
from canbao.insured.queries import AccountRow
from canbao.kernel import clock, secrets
from canbao.kernel.actor import Actor
from canbao.kernel.tables import Audit, Officer, Region, Seal
from canbao.kernel.taken import Refusal, Taken
from canbao.papers import queries as papers
from canbao.papers.queries import MarkRow
from canbao.papers.tables import Copy
from canbao.people import documents, identities
from canbao.policy import published

LONGEST_TRAIL: Final = 200
ORDER: Final = ("due_on", "village", "household_number", "id")
_levels: dict[tuple[str, str], tuple[str, str]] = {}


@dataclass(frozen=True, slots=True)
class Beside:
    """What stands around a case: its neighbours in the list, its bundle, its village's name."""

    before: UUID | None
    after: UUID | None
    bundle_asks: str
    bundle_number: str
    village: str


@dataclass(frozen=True, slots=True)
class SealOf:
    """The words of a seal that stands on a form."""

    name: str
    purpose: str


@dataclass(frozen=True, slots=True)
class TrailRow:
    """One thing that happened to a case, and who did it."""

    at: datetime.datetime
    event: str
    name: str
    role: str
    facts: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class CopyLine:
    """Where one copy of the form is, and every hand-over it went through."""

    copy_no: int
    holder_kind: str
    holder_name: str
    hand_overs: Sequence[tuple[str, datetime.datetime]]


@dataclass(frozen=True, slots=True)
class Settled:
    """What the overview of a case shows beside the case itself."""

    view: CaseView
    copies: Sequence[CopyLine]
    trail: Sequence[TrailRow]
    seals: Mapping[UUID, SealOf]
    account: AccountRow | None


def beside(actor: Actor, case: CaseRow) -> Beside:
    """Neighbours in the desk's list, the bundle's answers, and the village's name; one statement."""
    same = door.visible(actor).filter(desk=case.desk, status=case.status)
    here = tuple(getattr(case, name) for name in ORDER)
    before = after = Case.here.none()
    if case.due_on is not None:
        before = same.filter(_beyond(here, "lt")).order_by(*(f"-{name}" for name in ORDER))
        after = same.filter(_beyond(here, "gt")).order_by(*ORDER)
    bundle = Bundle.here.filter(id=OuterRef("bundle_id"))
    region = Region.here.filter(code=OuterRef("village"))
    found = (
        Case.here.filter(id=case.id)
        .annotate(
            before=Subquery(before.values("id")[:1]),
            after=Subquery(after.values("id")[:1]),
            asks=Coalesce(Subquery(bundle.values("asks")[:1]), Value(""), output_field=TextField()),
            named=Coalesce(
                Subquery(bundle.values("number")[:1]), Value(""), output_field=CharField()
            ),
            place=Coalesce(
                Subquery(region.values("name")[:1]), Value(""), output_field=CharField()
            ),
        )
        .values_list("before", "after", "asks", "named", "place")
        .get()
    )
    return Beside(*found)


def _beyond(here: Sequence[object], way: str) -> Q:
    found = Q()
    for place, name in enumerate(ORDER):
        same = {ORDER[at]: here[at] for at in range(place)}
        found |= Q(**same, **{f"{name}__{way}": here[place]})
    return found


def checking(case: CaseRow) -> CaseView:
    """A case that came through the door, as the one who checks it sees it; five statements."""
    case_id = case.id
    every = papers.papers_of([case_id], replaced=True)
    form = papers.form_of(every)
    scans = [one for one in every if not one.form and one.round == form.round]
    return CaseView(
        case=case, form=form, scans=scans,
        older_forms=[one for one in every if one.form and one.id != form.id],
        marks=papers.marks_of([form, *scans]),
        checks=queries._checks(case_id),  # noqa: SLF001 - the same room
        decisions=queries.decisions_of([case_id]).get(case_id, []),
        entries=entries_of(case_id) if case.desk in {"township", "county"} else (),
        spans=(), archive=None, appeals=(),
    )  # fmt: skip


def entries_of(case_id: UUID) -> list[EntryRow]:
    """What was typed a second time, oldest first."""
    found = SecondEntry.here.filter(case_id=case_id).order_by("id")
    columns = ("round", "name", "number_sealed", "agrees", "by_id", "at")
    return [EntryRow(*row) for row in found.values_list(*columns)]


def settled(case: CaseRow) -> Settled:
    """A case that came through the door, as those see it who do not check it now; nine statements."""
    case_id = case.id
    every = papers.papers_of([case_id], replaced=True)
    form = papers.form_of(every)
    scans = [one for one in every if not one.form and one.round == form.round]
    marks = papers.marks_of([form, *scans])
    refused = case.status == Status.REFUSED
    view = CaseView(
        case=case, form=form, scans=scans,
        older_forms=[one for one in every if one.form and one.id != form.id],
        marks=marks, checks=(),
        decisions=queries.decisions_of([case_id]).get(case_id, []),
        entries=(), spans=(),
        archive=queries.archive_of(case_id) if case.status == Status.FILED else None,
        appeals=_appeals(case_id) if refused else (),
    )  # fmt: skip
    done = case.desk in {ARCHIVE, SHELF} and case.insurance == "170"
    return Settled(
        view=view,
        copies=copies_of(form.id),
        trail=trail(case_id),
        seals=seals_on(marks),
        account=insured.account_of(case.person_id) if done else None,
    )


def _appeals(case_id: UUID) -> list[AppealRow]:
    found = Appeal.here.filter(case_id=case_id).order_by("id")
    return [AppealRow(*row) for row in found.values_list("id", "text", "at", "verdict", "answer")]


def copies_of(paper_id: UUID) -> list[CopyLine]:
    """Who holds which copy, and how it came there; one statement."""
    found = Copy.here.filter(paper_id=paper_id).order_by("copy_no", "custody__id")
    lines: dict[int, CopyLine] = {}
    for copy_no, first_kind, first_name, kind, name, at in found.values_list(
        "copy_no", "first_kind", "first_name", "custody__to_kind", "custody__to_name", "custody__at"
    ):
        line = lines.get(copy_no) or CopyLine(copy_no, first_kind, first_name, ())
        if at is not None:
            line = CopyLine(copy_no, kind, name, [*line.hand_overs, (name, at)])
        lines[copy_no] = line
    return list(lines.values())


def trail(case_id: UUID) -> list[TrailRow]:
    """What was done about a case, newest first, with officers' names; one statement."""
    name = Officer.here.filter(id=OuterRef("acted_by")).values("name")[:1]
    found = (
        Audit.here.filter(subject_id=case_id)
        .exclude(event__endswith="_seen")
        .annotate(who=Coalesce(Subquery(name), Value(""), output_field=CharField()))
        .order_by("-at", "-id")
    )
    return [
        TrailRow(at, event, who, role, json.loads(facts))
        for at, event, who, role, facts in found.values_list(
            "at", "event", "who", "actor_role", "facts"
        )[:LONGEST_TRAIL]
    ]


def seals_on(marks: Sequence[MarkRow]) -> dict[UUID, SealOf]:
    """The words of the seals among these marks; one statement."""
    ids = {mark.seal_id for mark in marks if mark.seal_id is not None}
    if not ids:
        return {}
    return {
        one: SealOf(name, purpose)
        for one, name, purpose in Seal.here.filter(id__in=ids).values_list("id", "name", "purpose")
    }


def level_name(case: CaseRow, language: str) -> str:
    """The level's name in the pack that priced the case; read once for each pack."""
    known = _levels.get((case.pack_sha256, case.level))
    if known is None:
        level = published.rules(case.insurance, case.year).definitions.get(case.level)
        known = (level.name.zh, level.name.en) if level else (case.level, case.level)
        _levels[case.pack_sha256, case.level] = known
    return known[0] if language.startswith("zh") else known[1]


def number_of(actor: Actor, case_id: UUID) -> str:
    """The full number of the applicant, after `queries.looked_at` put the look on record."""
    case = door.see(actor, case_id)
    return documents.number(case.person_id, case.masked)


def difference(case: CaseRow, entry: EntryRow) -> tuple[str, str]:
    """Both numbers, first and second entry, masked but where they differ; two statements."""
    first = documents.number(case.person_id, case.masked)
    second = secrets.open_sealed(entry.number_sealed, bound_to=identities.bound("document"))
    longest = max(len(first), len(second))
    apart = {
        place for place in range(longest) if first[place : place + 1] != second[place : place + 1]
    }
    if len(first) != len(second):
        apart = set(range(min(len(first), len(second)), longest))
    shown = {*range(4), *range(longest - 4, longest)} | apart
    return tuple(  # type: ignore[return-value]
        "".join(sign if place in shown else "*" for place, sign in enumerate(one))
        for one in (first, second)
    )


def open_here(view: CaseView, around: Beside) -> list[str]:
    """What still stands in the way of passing, from what the page has read already."""
    case = view.case
    answers = view.answers(case.desk)
    missing = [
        item
        for item in inspection.asked(case)
        if item not in answers or answers[item].verdict != inspection.Answer.YES
    ]
    if inspection.needs_second_entry(case):
        now = [one for one in view.entries if one.round == case.round]
        if not now or not now[-1].agrees:
            missing.append("second_entry_differs" if now else "second_entry")
    said = json.loads(around.bundle_asks or "{}")
    missing += [item for item in bundle_asks(case) if said.get(item) != inspection.Answer.YES]
    return missing


def bundle_asks(case: CaseRow) -> tuple[str, ...]:
    """Items that are answered once for the bundle in which the case came."""
    desk = flow.load(case.flow).desks.get(case.desk)
    return desk.asks_bundle if desk and case.bundle_id else ()


def answered(case_ids: Sequence[UUID]) -> dict[UUID, dict[str, tuple[str, str]]]:
    """(verdict, note) of the last answer to each item of cases at the desk and round they are in."""
    found: dict[UUID, dict[str, tuple[str, str]]] = {one: {} for one in case_ids}
    checks = (
        Check.here.filter(case_id__in=list(case_ids), source=inspection.OFFICER)
        .order_by("id")
        .values_list(
            "case_id", "item", "verdict", "note", "round", "desk", "case__round", "case__desk"
        )
    )
    for case_id, item, verdict, note, in_round, desk, now, here in checks:
        if (in_round, desk) == (now, here):
            found[case_id][item] = (verdict, note)
    return found


def stands_in_the_way(actor: Actor, view: CaseView, at: clock.Instant) -> Refusal | None:
    """Why the actor may not decide this case, by the guards of the operation; usually no statement."""
    case = view.case
    held: Taken[CaseRow] = Taken([case], ())
    inspection.guard_desk(actor, held)
    if held.rows and any(
        four_eyes.touched(actor, case.desk, one.desk, (one.acted_by, one.recorded_by), one.verdict)
        for one in view.decisions
    ):
        review.guard(actor, held, at)
    return held.refused.get(case.id)
