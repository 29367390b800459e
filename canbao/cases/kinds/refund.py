"""Money given back: the checks a rule can make, and what follows at each desk of the road."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from canbao.cases.door import CaseRow
from canbao.cases.flow import CLOSED, Step, Verdict
from canbao.cases.kinds.verdicts import AGREES, DIFFERS, UNSURE, Finding
from canbao.kernel import clock, money
from canbao.kernel.actor import Actor
from canbao.kernel.refusal import Refused
from canbao.kernel.taken import Taken
from canbao.payments import payouts
from canbao.payments.refund_requests import Account, Source
from canbao.people import names
from canbao.policy.rules.answers import RefundAnswer

KIND: Final = "refund"
CHECKED_AT: Final = "county"
FINANCE: Final = "finance"
PAYOUT: Final = "payout"
# Once finance has the case, the money may be on its way.
FIXED_AT: Final = frozenset({FINANCE, PAYOUT})


@dataclass(frozen=True, slots=True)
class Compared:
    """Everything the rules compare an ask with; `answer` is missing where the money is due already."""

    source: Source
    fen: int
    wanted_fen: int
    account: Account
    person: str
    payee: str
    drawn: bool
    cover_from_on: datetime.date | None
    asked_on: datetime.date
    answer: RefundAnswer | None


def _receipt(it: Compared) -> Finding:
    number = "" if it.source.receipt_number is None else str(it.source.receipt_number)
    return Finding("receipt_linked", AGREES if number else UNSURE, number, number)


def _reason(it: Compared) -> Finding:
    if it.answer is None:
        return Finding("reason_allowed", AGREES, it.source.reason, "")
    sure = it.answer.standing is not None and it.answer.standing.confirmed
    if not it.answer.allowed:
        return Finding("reason_allowed", DIFFERS, it.answer.reason, "", it.answer.code)
    return Finding(
        "reason_allowed", AGREES if sure else UNSURE, it.answer.reason, "", it.answer.code
    )


def _cover(it: Compared) -> Finding:
    begins = "" if it.cover_from_on is None else it.cover_from_on.isoformat()
    begun = it.cover_from_on is not None and it.cover_from_on <= it.asked_on
    return Finding("cover_not_begun", UNSURE if begun else AGREES, it.asked_on.isoformat(), begins)


def _drawn(it: Compared) -> Finding:
    return Finding("benefits_not_drawn", UNSURE if it.drawn else AGREES, "", "")


def _amount(it: Compared) -> Finding:
    both = money.in_yuan(it.fen), money.in_yuan(it.wanted_fen)
    return Finding("amount_agrees", AGREES if it.fen == it.wanted_fen else DIFFERS, *both)


def _account(it: Compared) -> Finding:
    own = names.key(it.account.holder) == names.key(it.person)
    return Finding("account_own", AGREES if own else UNSURE, it.account.holder, it.person)


CHECKS: Final[Mapping[str, Callable[[Compared], Finding]]] = {
    "receipt_linked": _receipt,
    "reason_allowed": _reason,
    "cover_not_begun": _cover,
    "benefits_not_drawn": _drawn,
    "amount_agrees": _amount,
    "account_own": _account,
}


def check(items: Sequence[str], compared: Compared) -> list[Finding]:
    """Make the automatic checks of a flow on one ask."""
    return [CHECKS[item](compared) for item in items]


def follow(
    actor: Actor,
    cases: Taken[CaseRow],
    steps: Mapping[UUID, Step],
    noted: Mapping[UUID, str],
    at: clock.Instant,
) -> None:
    """What follows from a decision, by desk.

    Finance's first yes books what was only wished; the second says that the bank has paid. What the bank did
    not pay comes back to the first for another account. A refusal leaves due what is due.
    """
    said: dict[tuple[str, Verdict], list[UUID]] = defaultdict(list)
    for one, step in steps.items():
        said[step.desk, step.verdict].append(one)
    _refuse(cases, payouts.approve(actor, said[FINANCE, Verdict.PASS], at))
    _refuse(cases, payouts.pay(actor, said[PAYOUT, Verdict.PASS], at))
    failed = {one: noted[one] for one in said[PAYOUT, Verdict.RETURN]}
    _refuse(cases, payouts.fail(actor, failed, at))
    closed = [one for one, step in steps.items() if step.to == CLOSED]
    _refuse(cases, payouts.drop(actor, closed, at))


def _refuse(cases: Taken[CaseRow], codes: Mapping[UUID, str]) -> None:
    for one, code in codes.items():
        cases.refuse(one, code)


def withdrawn(actor: Actor, case_ids: Sequence[UUID], at: clock.Instant) -> None:
    """End asks that were taken back. Refuses the set where the bank has one: `refund_sent_already`."""
    if payouts.drop(actor, case_ids, at):
        raise Refused("refund_sent_already")


def reopened(actor: Actor, cases: Taken[CaseRow], at: clock.Instant) -> None:
    """Ask again for what was refused, unless it was given back in another way meanwhile."""
    _refuse(cases, payouts.again(actor, cases.ids, at))


def told(step: Step) -> str:
    """The message that a decision sends, if it sends one."""
    if step.to == CLOSED:
        return "refund_refused"
    return {
        (FINANCE, Verdict.PASS): "refund_approved",
        (PAYOUT, Verdict.PASS): "refund_paid",
        (PAYOUT, Verdict.RETURN): "refund_failed",
    }.get((step.desk, step.verdict), "")
