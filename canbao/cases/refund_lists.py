"""What finance sees of refunds: to approve, to pay out, due, written off; and the accounts, each look on record."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from django.db.models import Count, Q

from canbao.cases import door
from canbao.cases.door import CaseRow
from canbao.cases.kinds import refund
from canbao.kernel import audit, clock
from canbao.kernel.actor import Actor, Role
from canbao.kernel.operation import LARGEST_SET, operation
from canbao.kernel.part import Part
from canbao.kernel.refusal import Refused
from canbao.kernel.taken import Outcome
from canbao.payments import payouts, refund_requests, refunds
from canbao.payments.payouts import Result
from canbao.payments.refund_requests import AskRow
from canbao.payments.refunds import DueRow, State
from canbao.people import queries as people

MOST: Final = 200
# So many where somebody asks for more of what was paid.
MORE: Final = 5_000


@dataclass(frozen=True, slots=True)
class Line:
    """A case that gives money back, with its account, what the bank did last, and since when it has it now."""

    case: CaseRow
    ask: AskRow
    result: Result | None
    sent_on: datetime.date | None
    sent_by: str


@dataclass(frozen=True, slots=True)
class DueLine:
    """Money that is due and that nobody asks for, and whose it is."""

    due: DueRow
    name: str
    came_back: Result | None


def at(actor: Actor, desk: str) -> Part[Line]:
    """The refunds that stand at a desk of finance, those due first on top; four statements, five where cut."""
    return _first(_at(actor, desk).order_by("due_on", "id"), MOST)


def paid(actor: Actor, *, more: bool = False) -> Part[Line]:
    """The refunds that were paid out last, `more` of them where wanted; four statements, five where cut."""
    found = door.visible(actor).filter(kind=refund.KIND, desk__in=["archive", "shelf"])
    return _first(found.order_by("-moved_at", "id"), MORE if more else MOST)


def _first(found: Any, most: int) -> Part[Line]:
    rows = door.rows_of(found[: most + 1])
    total = len(rows) if len(rows) <= most else found.count()
    return Part(_lines(rows[:most]), total)


def _at(actor: Actor, desk: str) -> Any:
    return door.visible(actor).filter(kind=refund.KIND, desk=desk)


def _lines(rows: Sequence[CaseRow]) -> list[Line]:
    asks = refund_requests.see(row.id for row in rows)
    known = [one.refund_id for one in asks.values() if one.refund_id is not None]
    results, sent = payouts.last_results(ask.id for ask in asks.values()), payouts.sent(known)
    waits = (None, "")
    return [
        Line(
            row, ask, results.get(ask.id), *sent.get(ask.refund_id or row.id, waits),
        )
        for row, ask in ((row, asks[row.id]) for row in rows)
    ]  # fmt: skip


def due(actor: Actor) -> Part[DueLine]:
    """What is due and nobody asks for, oldest first; three statements, four where cut."""
    found = refunds.waiting(actor, (State.DUE,))
    names = people.persons({one.person_id for one in found})
    back = payouts.came_back(one.id for one in found)
    return found.like(DueLine(one, names[one.person_id].name, back.get(one.id)) for one in found)


def counts(actor: Actor) -> dict[str, int]:
    """How many refunds stand at each desk of finance, and how many are due that nobody asks for; two statements."""
    desks = (refund.FINANCE, refund.PAYOUT)
    found = door.visible(actor).filter(kind=refund.KIND, desk__in=desks)
    counted: dict[str, int] = found.aggregate(
        **{one: Count("id", filter=Q(desk=one)) for one in desks}
    )
    return {**counted, "due": refunds.count_due(actor)}


@operation
def accounts_seen(actor: Actor, case_ids: Sequence[UUID], *, at: clock.Instant) -> Outcome:
    """Put on record that the full account numbers of these refunds were shown.

    Only to finance, and only of what was handed to the bank and not answered by it yet; refuses `not_finance`, `set_too_large`,
    and per case `not_found`.
    """
    if actor.role is not Role.FINANCE:
        raise Refused("not_finance")
    if len(case_ids) > LARGEST_SET:
        raise Refused("set_too_large", largest=LARGEST_SET)
    found = _at(actor, refund.PAYOUT).filter(id__in=list(case_ids)).order_by("id")
    ids = [one.case.id for one in _lines(door.rows_of(found)) if one.sent_on]
    audit.record(actor, "case.account_seen", ids, at=at)
    return Outcome(tuple(ids))


def accounts(case_ids: Sequence[UUID]) -> dict[UUID, str]:
    """The full account numbers of cases, after `accounts_seen` put the look on record."""
    return refund_requests.numbers_in_clear(case_ids)
