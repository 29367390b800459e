"""Another account of whoever gets money back, where the first one was wrong or the bank did not pay."""

from __future__ import annotations

from uuid import UUID

from canbao.cases import door, roads
from canbao.cases.kinds import refund
from canbao.cases.tables import Case
from canbao.kernel import audit, clock, rows
from canbao.kernel.actor import Actor
from canbao.kernel.operation import operation
from canbao.kernel.taken import Outcome
from canbao.payments import refund_requests
from canbao.payments.refund_requests import Account
from canbao.people import names


@operation
def change_account(
    actor: Actor, case_id: UUID, version: int, account: Account, *, at: clock.Instant
) -> Outcome:
    """Give another account of the payee while the case stands at the county or with finance's first officer.

    Refuses `not_found`, `not_at_desk`, `own_household`, `moved_since`, `refund_not_asked`,
    `account_unclear`, `bank_missing`, `account_of_another`.
    """
    account = refund_requests.read_account(account)
    cases = door.take(actor, [case_id])
    cases.keep("refund_not_asked", lambda case: case.kind == refund.KIND and case.is_open)
    cases.keep(
        "not_at_desk",
        lambda case: case.desk != refund.PAYOUT and case.desk in roads.desks_of(actor.role),
    )
    cases.keep(
        "own_household", lambda case: (case.village, case.household_number) not in actor.households
    )
    cases.keep("moved_since", lambda case: case.version == version)
    held = refund_requests.take(cases.ids)
    cases.keep(
        "account_of_another",
        lambda case: names.key(held[case.id].holder) == names.key(account.holder),
    )
    if not cases.rows:
        return cases.outcome()
    refund_requests.change_account(actor, held[case_id], account)
    rows.update(Case, [case_id], version=[cases[case_id].version + 1], moved_at=at)
    audit.record(
        actor,
        "case.account_changed",
        [case_id],
        at=at,
        facts={"account": refund_requests.mask(account.number)},
    )
    return cases.outcome()
