"""What payers say to a receipt. A no is a task, closed by somebody else than who wrote the receipt."""

from __future__ import annotations

import datetime
from typing import Any, Final, NamedTuple
from uuid import UUID

from canbao.kernel import audit, clock, part, rows
from canbao.kernel.actor import Actor, Role
from canbao.kernel.operation import operation
from canbao.kernel.part import Part
from canbao.kernel.refusal import Refused
from canbao.kernel.taken import Outcome
from canbao.payments.tables import PayerAnswer

LONGEST_FINDING: Final = 200
MOST_DENIALS: Final = 200


@operation
def close(actor: Actor, answer_id: UUID, finding: str, *, at: clock.Instant) -> Outcome:
    """Close a denial with what was found out.

    Refuses `not_finance`, `not_found`, `answer_closed_already`, `own_receipt_denied`, `finding_missing`.
    Source: DOMAIN 6 (four eyes on cash).
    """
    if actor.role is not Role.FINANCE:
        raise Refused("not_finance")
    found = (
        PayerAnswer.here.filter(
            id=answer_id, right=False, receipt__insurance__in=sorted(actor.insurances)
        )
        .select_for_update(no_key=True, of=("self",))
        .values_list("closed_at", "receipt__collector_id")
        .first()
    )
    if found is None:
        raise Refused("not_found")
    closed_at, collector = found
    if closed_at is not None:
        raise Refused("answer_closed_already")
    if collector == actor.id:
        raise Refused("own_receipt_denied")
    if not finding.strip():
        raise Refused("finding_missing")
    rows.update(
        PayerAnswer, [answer_id], finding=finding.strip()[:LONGEST_FINDING], closed_by=actor.id,
        closed_by_name=actor.name, closed_at=at,
    )  # fmt: skip
    audit.record(actor, "payment.denial_closed", [answer_id], at=at, kind="answer")
    return Outcome((answer_id,))


class Denial(NamedTuple):
    """A receipt that its payer says is wrong, and nobody has closed yet."""

    id: UUID
    receipt_id: UUID
    receipt_number: int
    payer_name: str
    amount_fen: int
    collector_name: str
    note: str
    at: datetime.datetime


_COLUMNS: Final = (
    "id", "receipt_id", "receipt__number", "receipt__payer_name", "receipt__amount_fen",
    "receipt__collector_name", "note", "at",
)  # fmt: skip


def denials(insurances: frozenset[str]) -> Part[Denial]:
    """Denials that wait for somebody, the oldest first; one statement, two where cut."""
    found = _open(insurances).order_by("at", "id")
    return part.first(found, _COLUMNS, MOST_DENIALS, Denial._make)


def denial(insurances: frozenset[str], answer_id: UUID) -> Denial:
    """One denial that waits for somebody; one statement. Refuses `not_found`."""
    row = _open(insurances).filter(id=answer_id).values_list(*_COLUMNS).first()
    if row is None:
        raise Refused("not_found")
    return Denial._make(row)


def _open(insurances: frozenset[str]) -> Any:
    return PayerAnswer.here.filter(
        right=False, closed_at=None, receipt__insurance__in=sorted(insurances)
    )
