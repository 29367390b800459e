"""Paying for somebody of another household: parents elsewhere in the county, found by their exact number."""

from __future__ import annotations

import datetime
from typing import Final

from canbao.kernel import audit, clock
from canbao.kernel.actor import Actor
from canbao.kernel.operation import operation
from canbao.kernel.refusal import Refused
from canbao.kernel.tables import Audit
from canbao.kernel.taken import Outcome
from canbao.payments import owing
from canbao.people import documents, numbers

EVENT: Final = "charge.looked_up"
# A family has few parents; whoever tries numbers meets the end soon.
A_DAY: Final = 10


@operation
def find(actor: Actor, number: str, *, at: clock.Instant) -> Outcome:
    """Find by the exact number somebody for whom money is asked; every look is on record.

    Unknown, and known without anything to pay, look alike: `made` holds a person only where something is
    owed. Refuses `phone_of_nobody`, `looked_up_too_often` after ten a day, and a number that cannot be one.
    """
    if actor.person_id is None:
        raise Refused("phone_of_nobody")
    earlier = Audit.here.filter(
        subject_id=actor.id, event=EVENT, at__gte=at - datetime.timedelta(days=1)
    )
    if earlier.count() >= A_DAY:
        raise Refused("looked_up_too_often", most=A_DAY)
    document = numbers.read(numbers.Kind.ID_CARD, number, on=clock.on(at))
    person = documents.holder(document.kind, document.number)
    groups = owing.groups([person], clock.on(at)) if person else {}
    # Only who still owes something is found: nobody reads here who pays for a stranger, or that all is paid.
    owed = any(one.due_fen for rows in groups.values() for one in rows)
    audit.record(actor, EVENT, [actor.id], at=at, kind="contact", facts={"found": owed})
    if person is None or not owed:
        return Outcome(())
    audit.record(actor, EVENT, [person], at=at, kind="person")
    return Outcome((person,), made={"person": str(person)})
