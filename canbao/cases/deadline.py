"""A desk's clock: spans that run or stand still, from which the due date is computed."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Sequence
from uuid import UUID

from canbao.cases.door import CaseRow
from canbao.cases.flow import Desk
from canbao.cases.tables import DeadlineSpan
from canbao.kernel import clock, rows


def _rule(desk: Desk) -> clock.Deadline:
    return clock.Deadline(**desk.deadline)


def first_due(desk: Desk, on: datetime.date) -> datetime.date:
    """When a case that reaches a desk today must be answered."""
    return clock.due_on(_rule(desk), [clock.Span(on)], on, clock.official())


def start(case_ids: Sequence[UUID], desk: str, rounds: Sequence[int], on: datetime.date) -> None:
    """Start a desk's clock."""
    rows.insert(
        DeadlineSpan,
        case_id=list(case_ids),
        desk=desk,
        round=list(rounds),
        running=True,
        from_on=on,
    )


def stop(case_ids: Sequence[UUID], on: datetime.date) -> None:
    """End the open spans of these cases."""
    DeadlineSpan.here.filter(case_id__in=case_ids, to_on=None).update(to_on=on)


def pause(cases: Sequence[CaseRow], desk: str, on: datetime.date) -> None:
    """The desk waits for somebody else: its clock stands still."""
    rows.insert(
        DeadlineSpan,
        case_id=[case.id for case in cases],
        desk=desk,
        round=[case.round for case in cases],
        running=False,
        from_on=on,
    )


def resume(cases: Sequence[CaseRow], desk: Desk, on: datetime.date) -> dict[UUID, datetime.date]:
    """Let the clock run on after a correction; returns the new due dates. Three statements."""
    ids = [case.id for case in cases]
    spans: dict[UUID, list[clock.Span]] = defaultdict(list)
    found = DeadlineSpan.here.filter(case_id__in=ids, desk=desk.name).order_by("id")
    for case_id, from_on, to_on, running in found.values_list(
        "case_id", "from_on", "to_on", "running"
    ):
        spans[case_id].append(clock.Span(from_on, to_on or on, running))
    stop(ids, on)
    start(ids, desk.name, [case.round for case in cases], on)
    calendar = clock.official()
    return {
        one: clock.due_on(_rule(desk), [*spans[one], clock.Span(on)], on, calendar) for one in ids
    }
