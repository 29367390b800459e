"""Pass, return with reasons, refuse: the same act at every desk."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from canbao.cases import deadline, door, flow, four_eyes, inspection, kinds
from canbao.cases.door import CaseRow
from canbao.cases.flow import Desk, Flow, Status, Step, Verdict
from canbao.cases.tables import Case, Decision
from canbao.kernel import audit, canonical, clock, money, notices, office, rows
from canbao.kernel.actor import Actor
from canbao.kernel.operation import LARGEST_SET, operation
from canbao.kernel.refusal import Refused
from canbao.kernel.taken import Outcome, Taken
from canbao.papers import marks


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a case goes back or is refused: a code, the field or paper it is about, a note."""

    code: str
    about: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Choice:
    """What is decided about one case, at the version that was looked at."""

    version: int
    verdict: Verdict
    reasons: Sequence[Reason] = ()
    to: str = ""


Chosen = Mapping[UUID, Choice]


def guard(actor: Actor, cases: Taken[CaseRow], at: clock.Instant) -> None:
    """What must hold before an officer decides; pages ask the same to say why a button is grey."""
    inspection.guard_desk(actor, cases)
    four_eyes.guard(actor, cases, at)


@operation
def decide(actor: Actor, chosen: Chosen, *, at: clock.Instant) -> Outcome:
    """Pass, return or refuse the chosen cases at the desk where they stand, each with its own verdict.

    Refuses per case: `not_at_desk`, `not_being_checked`, `own_household`, `acted_elsewhere`,
    `moved_since`, `checklist_open` (what is open stands in the facts), `reason_needed`,
    `not_for_this_desk`, `busy`, `not_found`, and what the kind of the case refuses (`already_enrolled`,
    `amount_changed_back`); the whole set: `no_seal` when the officer holds no seal of the desk.
    Source: process.txt 2 to 4; DOMAIN 1.1.
    """
    if len(chosen) > LARGEST_SET:
        raise Refused("set_too_large", largest=LARGEST_SET)
    cases = door.take(actor, chosen)
    guard(actor, cases, at)
    cases.keep("moved_since", lambda case: case.version == chosen[case.id].version, _where)
    cases.keep("not_for_this_desk", lambda case: _step(case, chosen[case.id]) is not None)
    cases.keep(
        "reason_needed",
        lambda case: chosen[case.id].verdict is Verdict.PASS or bool(chosen[case.id].reasons),
    )
    cases.keep(
        "ground_needed",
        lambda case: (
            chosen[case.id].verdict is not Verdict.REFUSE
            or all(one.note.strip() for one in chosen[case.id].reasons)
        ),
    )
    passing = [case for case in cases if chosen[case.id].verdict is Verdict.PASS]
    still_open = inspection.open_items(passing) if passing else {}
    cases.keep(
        "checklist_open",
        lambda case: not still_open.get(case.id),
        lambda case: {"items": still_open[case.id]},
    )
    if not cases.rows:
        return cases.outcome()
    steps = {case.id: _step(case, chosen[case.id]) for case in cases}
    noted = {one: _noted(chosen[one]) for one in cases.ids}
    kinds.follow(actor, cases, steps, noted, at)
    if not cases.rows:
        return cases.outcome()
    for route, step, group in _grouped(cases, steps):
        _move(group, step, _due(route, step, clock.on(at)), at)
        if step.marks:
            _mark(actor, group, route.desks[step.desk], at)
    _record(actor, cases, chosen, steps, at)
    _clocks(cases, steps, clock.on(at))
    _tell(cases, steps, at)
    audit.record(
        actor, "case.decided", cases.ids, at=at,
        facts=[{"verdict": chosen[one].verdict, "desk": cases[one].desk} for one in cases.ids],
    )  # fmt: skip
    return cases.outcome()


def _noted(choice: Choice) -> str:
    return "; ".join(one.note or one.code for one in choice.reasons)


def _where(case: CaseRow) -> dict[str, Any]:
    return {"desk": case.desk, "status": case.status}


def _step(case: CaseRow, choice: Choice) -> Step | None:
    return flow.load(case.flow).step(case.desk, choice.verdict, choice.to)


def _grouped(
    cases: Taken[CaseRow], steps: Mapping[UUID, Step | None]
) -> list[tuple[Flow, Step, list[CaseRow]]]:
    groups: dict[tuple[Flow, Step], list[CaseRow]] = defaultdict(list)
    for case in cases:
        step = steps[case.id]
        if step is not None:
            groups[flow.load(case.flow), step].append(case)
    return [(route, step, group) for (route, step), group in groups.items()]


def _move(
    group: Sequence[CaseRow], step: Step, due: datetime.date | None, at: clock.Instant
) -> None:
    closed = step.status in {Status.REFUSED, Status.APPROVED}
    back = step.verdict is Verdict.RETURN
    rows.update(
        Case,
        [case.id for case in group],
        desk=step.to,
        status=step.status,
        version=[case.version + 1 for case in group],
        round=[case.round + back for case in group],
        is_open=not closed,
        due_on=due,
        bundle_id=[None if back else case.bundle_id for case in group],
        moved_at=at,
    )


def _due(route: Flow, step: Step, on: datetime.date) -> datetime.date | None:
    desk = route.desks.get(step.to)
    going_on = step.status in {Status.RETURNED, Status.CHECKING}
    return deadline.first_due(desk, on) if desk and going_on else None


def _mark(actor: Actor, group: Sequence[CaseRow], desk: Desk, at: clock.Instant) -> None:
    seal = office.seal_for(actor, desk.seal, clock.on(at))
    if seal is None:
        raise Refused("no_seal", seal=desk.seal)
    forms = marks.forms_of(case.id for case in group)
    marks.put(actor, desk.name, [forms[case.id] for case in group], seal, at)


def _record(
    actor: Actor,
    cases: Taken[CaseRow],
    chosen: Chosen,
    steps: Mapping[UUID, Step | None],
    at: clock.Instant,
) -> None:
    rows.insert(
        Decision,
        case_id=cases.ids,
        version=[case.version + 1 for case in cases],
        round=cases.column("round"),
        desk=cases.column("desk"),
        verdict=[chosen[one].verdict for one in cases.ids],
        to_desk=[step.to if step else "" for step in (steps[one] for one in cases.ids)],
        reasons=[canonical.text(list(chosen[one].reasons)) for one in cases.ids],
        **actor.stamp(at),
    )


def _clocks(cases: Taken[CaseRow], steps: Mapping[UUID, Step | None], on: datetime.date) -> None:
    deadline.stop(cases.ids, on)
    for route, step, group in _grouped(cases, steps):
        back = step.verdict is Verdict.RETURN
        if step.to == flow.APPLICANT:
            deadline.pause(group, route.first.name, on)
        elif back or step.status is Status.CHECKING:
            rounds = [case.round + back for case in group]
            deadline.start([case.id for case in group], step.to, rounds, on)


def _tell(cases: Taken[CaseRow], steps: Mapping[UUID, Step | None], at: clock.Instant) -> None:
    told: dict[str, list[CaseRow]] = defaultdict(list)
    for case in cases:
        step = steps[case.id]
        template = kinds.told(case, step) if step is not None else ""
        if template:
            told[template].append(case)
    for template, group in told.items():
        notices.tell(
            [case.contact_id for case in group],
            template,
            at=at,
            subjects=[case.id for case in group],
            facts=[{"number": case.number, "yuan": money.in_yuan(case.own_fen)} for case in group],
        )
