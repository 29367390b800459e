"""What one office sent back to the people of one household on one day: told once, for all of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from canbao.cases import door, flow, queries
from canbao.cases.door import CaseRow
from canbao.cases.flow import Verdict
from canbao.cases.queries import DecisionRow
from canbao.kernel.actor import Actor
from canbao.kernel.refusal import Refused


@dataclass(frozen=True, slots=True)
class Returned:
    """A case and the decision that sent it back."""

    case: CaseRow
    decision: DecisionRow


def together(actor: Actor, case: CaseRow, decisions: Sequence[DecisionRow]) -> list[Returned]:
    """The last return of a case, with those of its household that the same office sent back that day.

    In the order of their numbers, and only what the actor may see: a phone bound to nobody sees no more
    than it entered. Two statements. Refuses `not_found` when nothing was returned.
    """
    mine = _last(decisions)
    if mine is None:
        raise Refused("not_found")
    alone = [Returned(case, mine)]
    if mine.to_desk != flow.APPLICANT or not case.household_number:
        return alone
    household = door.visible(actor).filter(
        village=case.village, household_number=case.household_number
    )
    others = door.rows_of(household.exclude(id=case.id))
    if not others:
        return alone
    found = queries.decisions_of([one.id for one in others])
    for other in others:
        theirs = _last([one for one in found[other.id] if _same_act(one, mine)])
        if theirs is not None:
            alone.append(Returned(other, theirs))
    return sorted(alone, key=lambda one: one.case.number)


def _last(decisions: Sequence[DecisionRow]) -> DecisionRow | None:
    return next((one for one in reversed(decisions) if one.verdict == Verdict.RETURN), None)


def _same_act(one: DecisionRow, mine: DecisionRow) -> bool:
    return (one.to_desk, one.office_name, one.acted_on) == (
        mine.to_desk,
        mine.office_name,
        mine.acted_on,
    )
