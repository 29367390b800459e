"""Nobody acts at two desks of one case, neither deciding nor answering what somebody else decides by."""

from __future__ import annotations

import datetime
from typing import Final
from uuid import UUID

from canbao.cases.door import CaseRow
from canbao.cases.flow import Verdict
from canbao.cases.tables import Decision
from canbao.kernel import clock, office
from canbao.kernel.actor import Actor
from canbao.kernel.taken import Taken

RULE: Final = "acted_elsewhere"


def guard(actor: Actor, cases: Taken[CaseRow], at: clock.Instant) -> None:
    """Keep the cases in which the actor has not acted at another desk. Source: DESIGN 5, four eyes."""
    acted = acted_elsewhere(actor, cases, clock.on(at))
    cases.keep(RULE, lambda case: case.id not in acted)


def acted_elsewhere(actor: Actor, cases: Taken[CaseRow], on: datetime.date) -> set[UUID]:
    """Cases in which whoever acts, or records, has decided or recorded at another desk."""
    found = {
        case_id
        for case_id, desk, verdict, *hands in Decision.here.filter(
            case_id__in=cases.ids
        ).values_list("case_id", "desk", "verdict", "acted_by", "recorded_by")
        if case_id in cases.rows
        and touched(actor, cases[case_id].desk, desk, (hands[0], hands[1]), verdict)
    }
    if found and office.waived(actor.acted_by, RULE, on):
        return set()
    return found


def touched(actor: Actor, here: str, desk: str, hands: tuple[UUID, UUID], verdict: str) -> bool:
    """Whether a decision at `desk` keeps the actor from deciding `here`; hands: acted by, recorded by."""
    acted_by, recorded_by = hands
    # After an upheld appeal the case stands where it was refused, before another officer.
    if verdict == Verdict.REFUSE and acted_by in {actor.acted_by, actor.id}:
        return True
    return desk != here and (
        acted_by in {actor.acted_by, actor.id} or (recorded_by == actor.id and actor.behalf is None)
    )
