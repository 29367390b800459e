"""An applicant contradicts a refusal in writing; another officer answers, and may open the case again."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from canbao.cases import deadline, door, flow, kinds
from canbao.cases.flow import Status, Verdict
from canbao.cases.tables import Appeal, Case, Decision
from canbao.kernel import audit, clock, notices, rows
from canbao.kernel.actor import Actor, Role
from canbao.kernel.operation import CONSTRAINTS, operation
from canbao.kernel.refusal import Refused
from canbao.kernel.taken import Outcome

# Administrative Reconsideration Law: 60 days from knowing of the decision.
DAYS: Final = 60
LONGEST: Final = 2000
UPHELD: Final = "upheld"
REJECTED: Final = "rejected"
DESK: Final = "county"
CONSTRAINTS["appeal_open"] = "appealed_already"


@dataclass(frozen=True, slots=True)
class OpenAppeal:
    """An appeal that waits for its answer."""

    id: UUID
    case_id: UUID
    number: str
    name: str
    text: str
    at: datetime.datetime


@operation
def lodge(actor: Actor, case_id: UUID, text: str, *, at: clock.Instant) -> Outcome:
    """Keep what an applicant says against a refusal.

    Refuses `not_refused`, `appeal_too_late` after 60 days, `appealed_already` while one is open or was
    answered for the same decision, `appeal_empty`, `not_found`. Source: DOMAIN 1.1; DESIGN 4.
    """
    said = text.strip()
    if not said:
        raise Refused("appeal_empty")
    cases = door.take(actor, [case_id])
    cases.keep("not_refused", lambda case: case.status == Status.REFUSED)
    if not cases.rows:
        return cases.outcome()
    refused = _refusals([case_id])[case_id]
    earlier = Appeal.here.filter(case_id=case_id, at__gte=refused[-1].recorded_at).exists()
    cases.keep("appealed_already", lambda _case: not earlier)
    last_day = refused[-1].acted_on + datetime.timedelta(days=DAYS)
    cases.keep("appeal_too_late", lambda _case: clock.on(at) <= last_day)
    if not cases.rows:
        return cases.outcome()
    ids = rows.insert(Appeal, case_id=[case_id], text=said[:LONGEST], by_id=actor.id, at=at)
    audit.record(actor, "case.appealed", [case_id], at=at, facts={"appeal": ids[0]})
    return cases.outcome(appeal=str(ids[0]))


@operation
def decide(
    actor: Actor, appeal_id: UUID, upheld: bool, answer: str, *, at: clock.Instant  # noqa: FBT001 - the verdict
) -> Outcome:  # fmt: skip
    """Answer an appeal; an upheld one puts the case before the county again, for another officer.

    Refuses `not_found`, `not_for_this_desk` to all but the county, `refused_by_yourself` to whoever refused,
    `own_household`, `appeal_answered`, `reason_needed` without an answer, and `already_open` where the
    person applied anew meanwhile. Source: issue 3, section 7: an upheld appeal goes to another officer.
    """
    if actor.role is not Role.COUNTY:
        raise Refused("not_for_this_desk")
    said = answer.strip()
    if not said:
        raise Refused("reason_needed")
    row = Appeal.here.values_list("case_id", flat=True).filter(id=appeal_id).first()
    if row is None:
        raise Refused("not_found")
    cases = door.take(actor, [row])
    cases.keep(
        "own_household", lambda case: (case.village, case.household_number) not in actor.households
    )
    refused = _refusals([row])[row]
    hands = {actor.acted_by, actor.id}
    cases.keep("refused_by_yourself", lambda _case: refused[-1].by not in hands)
    cases.keep("appeal_answered", lambda case: case.status == Status.REFUSED)
    if upheld:
        kinds.reopened(actor, cases, at)
    if not cases.rows:
        return cases.outcome()
    changed = Appeal.here.filter(id=appeal_id, verdict="").update(
        verdict=UPHELD if upheld else REJECTED,
        answer=said[:LONGEST],
        decided_by=actor.id,
        decided_at=at,
    )
    if not changed:
        raise Refused("appeal_answered")
    case = cases[row]
    if upheld:
        desk = flow.load(case.flow).desks[DESK]
        due = deadline.first_due(desk, clock.on(at))
        rows.update(
            Case, [row], desk=DESK, status=Status.CHECKING, is_open=True, due_on=[due],
            version=[case.version + 1], round=[case.round + 1], moved_at=at,
        )  # fmt: skip
        deadline.start([row], DESK, [case.round + 1], clock.on(at))
    verdict = UPHELD if upheld else REJECTED
    notices.tell(
        [case.contact_id],
        f"appeal_{verdict}",
        at=at,
        subjects=[row],
        facts=[{"number": case.number}],
    )
    audit.record(actor, "appeal.decided", [row], at=at, facts={"verdict": verdict})
    return cases.outcome(verdict=verdict)


@dataclass(frozen=True, slots=True)
class _Refusing:
    by: UUID
    acted_on: datetime.date
    recorded_at: datetime.datetime


def _refusals(case_ids: list[UUID]) -> dict[UUID, list[_Refusing]]:
    found: dict[UUID, list[_Refusing]] = {one: [] for one in case_ids}
    made = Decision.here.filter(case_id__in=case_ids, verdict=Verdict.REFUSE).order_by("id")
    for case_id, *row in made.values_list("case_id", "acted_by", "acted_on", "recorded_at"):
        found[case_id].append(_Refusing(*row))
    return found


def waiting(actor: Actor) -> list[OpenAppeal]:
    """Appeals within reach that wait for an answer, oldest first; one statement."""
    found = Appeal.here.filter(verdict="", case_id__in=door.visible(actor).values("id"))
    columns = ("id", "case_id", "case__number", "case__name", "text", "at")
    return [OpenAppeal(*row) for row in found.order_by("at", "id").values_list(*columns)]


def appealable(decided_on: datetime.date, on: datetime.date) -> bool:
    """Whether a refusal of a day may still be appealed on another."""
    return on <= until(decided_on)


def until(decided_on: datetime.date) -> datetime.date:
    """The last day on which a refusal of a day may be appealed."""
    return decided_on + datetime.timedelta(days=DAYS)
