"""Another account of whoever gets money back, where the first one was wrong or the bank did not pay."""

from __future__ import annotations

from uuid import UUID

from canbao.cases import door, roads
from canbao.cases.door import CaseRow
from canbao.cases.flow import Status
from canbao.cases.kinds import refund
from canbao.cases.tables import Case
from canbao.kernel import audit, clock, rows
from canbao.kernel.actor import Actor, Role
from canbao.kernel.operation import operation
from canbao.kernel.taken import Outcome
from canbao.payments import refund_requests
from canbao.payments.refund_requests import Account
from canbao.people import names


def may_change(actor: Actor, case: CaseRow) -> bool:
    """Whether the actor may give another account where the case stands."""
    if case.kind != refund.KIND or not case.is_open:
        return False
    if actor.role is Role.RESIDENT:
        return bank_could_not(case)
    return case.desk != refund.PAYOUT and case.desk in roads.desks_of(actor.role)


def bank_could_not(case: CaseRow) -> bool:
    """Whether the case stands where it came back from the bank, for another account."""
    return (case.desk, case.status) == (refund.FINANCE, Status.RETURNED)


@operation
def change_account(
    actor: Actor, case_id: UUID, version: int, account: Account, *, at: clock.Instant
) -> Outcome:
    """Give another account of the payee while the case stands at the county or with finance's first officer.

    Whoever may see the case on a phone gives it once the bank could not pay; the holder stays the same, so
    the money cannot go to somebody else. Refuses `not_found`, `not_at_desk`, `own_household`, `moved_since`, `refund_not_asked`,
    `account_unclear`, `bank_missing`, `account_of_another`.
    """
    account = refund_requests.read_account(account)
    cases = door.take(actor, [case_id])
    cases.keep("refund_not_asked", lambda case: case.kind == refund.KIND and case.is_open)
    cases.keep("not_at_desk", lambda case: may_change(actor, case))
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
