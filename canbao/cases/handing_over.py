"""Refunds handed to the bank: said before the transfer is made, so that no colleague makes it too."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from canbao.cases import door, review
from canbao.cases.kinds import refund
from canbao.kernel import clock
from canbao.kernel.actor import Actor
from canbao.kernel.operation import LARGEST_SET, operation
from canbao.kernel.refusal import Refused
from canbao.kernel.taken import Outcome
from canbao.payments import payouts


@operation
def hand_over(actor: Actor, chosen: Mapping[UUID, int], *, at: clock.Instant) -> Outcome:
    """Say that these refunds, at the version looked at, go to the bank now; they stay where they stand.

    Whoever may say what the bank did may say this, but for whoever wrote the account. Refuses the set:
    `set_too_large`; per case: `not_found`, `busy`, `not_at_desk`, `not_being_checked`, `own_household`,
    `acted_elsewhere`, `moved_since`, `refund_not_asked`, `refund_sent_already`, `refund_not_approved`,
    `account_by_yourself`.
    """
    if len(chosen) > LARGEST_SET:
        raise Refused("set_too_large", largest=LARGEST_SET)
    cases = door.take(actor, chosen)
    cases.keep("not_at_desk", lambda case: case.kind == refund.KIND and case.desk == refund.PAYOUT)
    review.guard(actor, cases, at)
    cases.keep("moved_since", lambda case: case.version == chosen[case.id])
    for one, code in payouts.send(actor, cases.ids, at).items():
        cases.refuse(one, code)
    return cases.outcome()
