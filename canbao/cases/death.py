"""Somebody died: the open applications are closed, and what was paid in advance is given back."""

from __future__ import annotations

import datetime
from typing import Final
from uuid import UUID

from canbao.cases import advance, deadline, door, flow
from canbao.cases.flow import Status
from canbao.cases.kinds import enrolment
from canbao.cases.tables import Case
from canbao.kernel import audit, clock, rows
from canbao.kernel.actor import Actor, Role
from canbao.kernel.operation import operation
from canbao.kernel.refusal import Refused
from canbao.kernel.taken import Outcome
from canbao.payments.refunds import Reason
from canbao.people import deaths
from canbao.people import queries as people

RECORDERS: Final = frozenset({Role.TOWNSHIP, Role.COUNTY})
LONGEST: Final = 200


@operation
def record(
    actor: Actor, case_id: UUID, died_on: datetime.date, proof: str, *, at: clock.Instant
) -> Outcome:
    """Record that the person of a case has died, by which paper, and close what is on its way.

    Every open application of the person is closed, of the other insurance too: a death is a fact of the
    person. Money that is being given back goes on its way.
    Refuses `not_for_this_desk` to all but township and county, `not_found`, `died_in_future`, `died_before_birth`,
    `proof_needed` without a paper, `dead_already`. Source: issue 4, section 1.
    """
    if actor.role not in RECORDERS:
        raise Refused("not_for_this_desk")
    if died_on > clock.on(at):
        raise Refused("died_in_future")
    if not proof.strip():
        raise Refused("proof_needed")
    person = door.see(actor, case_id).person_id
    if died_on < people.persons([person])[person].birth_on:
        raise Refused("died_before_birth")
    if deaths.take([person])[person] is not None:
        raise Refused("dead_already")
    deaths.write(actor, {person: died_on}, proof.strip()[:LONGEST], at)
    found = Case.here.filter(person_id=person, kind=enrolment.KIND, is_open=True).order_by("id")
    cases = door.rows_of(found.select_for_update(no_key=True))
    ids = [case.id for case in cases]
    rows.update(
        Case, ids, desk=flow.CLOSED, status=Status.WITHDRAWN, is_open=False,
        version=[case.version + 1 for case in cases], due_on=None, moved_at=at,
    )  # fmt: skip
    deadline.stop(ids, clock.on(at))
    advance.fall_due(actor, dict.fromkeys(ids, Reason.DIED), at)
    audit.record(actor, "person.died", [person], at=at, kind="person")
    audit.record(actor, "case.person_died", ids, at=at)
    others = Case.here.filter(person_id=person).exclude(id__in=ids).order_by("id")
    audit.record(actor, "case.death_known", list(others.values_list("id", flat=True)), at=at)
    return Outcome((person,), made={"closed": [str(one) for one in ids]})
