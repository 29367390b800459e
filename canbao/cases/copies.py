"""Copy 2 on its way back: from the archive's desk over the village into the applicant's hands."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final
from uuid import UUID

from canbao.cases import door
from canbao.cases.door import CaseRow
from canbao.cases.flow import Status
from canbao.kernel import audit, clock, office
from canbao.kernel.actor import Actor, Role
from canbao.kernel.operation import LARGEST_SET, operation
from canbao.kernel.refusal import Refused
from canbao.kernel.taken import Outcome, Taken
from canbao.papers import custody
from canbao.papers.custody import Holder

GIVERS: Final = frozenset({Role.VILLAGE, Role.TOWNSHIP, Role.COUNTY, Role.ARCHIVIST})
BACK: Final = 2


def send_back(actor: Actor, cases: Taken[CaseRow], at: clock.Instant) -> None:
    """Let copy 2 of filed cases go to the village, which gives it to the applicant; to the filing office where there is none."""
    found = office.offices(["village"], sorted({case.village for case in cases}))
    villages = {one.region_code: Holder("office", one.id, one.name) for one in found}
    here = Holder("office", actor.office_id or actor.id, actor.office_name)
    homes = {case.id: villages.get(case.village, here) for case in cases}
    custody.hand_over(actor, cases.ids, homes, at=at, copies=(BACK,))


@operation
def give(actor: Actor, case_ids: Sequence[UUID], *, at: clock.Instant) -> Outcome:
    """Put on record that the applicants have copy 2 in hand.

    Refuses the set: `not_for_this_desk`, `set_too_large`; per case `not_found`, `not_filed`, `copy_given_already`.
    Source: issue 3, section 6 (every hand-over of every copy is on record).
    """
    if actor.role not in GIVERS:
        raise Refused("not_for_this_desk")
    if len(case_ids) > LARGEST_SET:
        raise Refused("set_too_large", largest=LARGEST_SET)
    cases = door.take(actor, case_ids)
    cases.keep("not_filed", lambda case: case.status == Status.FILED)
    held = custody.held_by(cases.ids, BACK)
    cases.keep("copy_given_already", lambda case: held.get(case.id) != "applicant")
    if not cases.rows:
        return cases.outcome()
    homes = {case.id: Holder("applicant", case.person_id, case.name) for case in cases}
    custody.hand_over(actor, cases.ids, homes, at=at, copies=(BACK,))
    audit.record(actor, "case.copy_given", cases.ids, at=at)
    return cases.outcome()
