"""A charge that a refund ended is owed again: the person changed their mind, and a person has one charge a year."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from uuid import UUID

from canbao.kernel import audit, clock
from canbao.kernel.actor import Actor
from canbao.kernel.operation import operation
from canbao.kernel.taken import Outcome
from canbao.payments import changing, charges
from canbao.payments.changing import Shown
from canbao.payments.charges import State
from canbao.people import queries as people


@operation
def reopen(
    actor: Actor, charge_ids: Sequence[UUID], shown: Mapping[UUID, Shown] | None = None,
    *, at: clock.Instant,
) -> Outcome:  # fmt: skip
    """Open cancelled charges again at the price of today's record; the earlier shares stay.

    What is still paid in one counts: where it is all of the own share the year is settled and covered, and
    what lies above it becomes due to be given back. What was given back is owed anew. With what was `shown`
    by charge it does that or nothing. Refuses the set: `not_finance`, `set_too_large`; per charge:
    `not_found`, `charge_not_cancelled`, `person_dead`, `amount_changed`, and what the rules refuse:
    `not_eligible_any_more`, `level_unknown`, `level_without_amount`. Source: DOMAIN 2.6.
    """
    changing.may(actor, charge_ids)
    taken = charges.take(actor, charge_ids)
    taken.keep("charge_not_cancelled", lambda row: row.state == State.CANCELLED)
    dead = people.dead({row.person_id for row in taken})
    taken.keep("person_dead", lambda row: row.person_id not in dead)
    changes = changing.priced(taken, clock.on(at))
    changing.as_shown(taken, changes, shown)
    if not taken.rows:
        return taken.outcome()
    found = [changes[row.id] for row in taken]
    changing.put(actor, found, at)
    audit.record(
        actor, "charge.reopened", taken.ids, at=at, kind="charge",
        facts=[{"own_fen": one.price.own_fen, "paid_fen": one.left_fen} for one in found],
    )  # fmt: skip
    return taken.outcome()
