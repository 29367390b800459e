"""The payer's answer: the money is right, or it is not; a no is a task that somebody else closes."""

from __future__ import annotations

import datetime
from enum import StrEnum
from typing import Final, NamedTuple
from uuid import UUID

from canbao.kernel import audit, clock, rows
from canbao.kernel.actor import Actor, Role
from canbao.kernel.operation import operation
from canbao.kernel.refusal import Refused
from canbao.kernel.taken import Outcome
from canbao.payments import seeing, shown
from canbao.payments.tables import PayerAnswer, Receipt

LONGEST: Final = 200
MOST_DENIALS: Final = 200


class How(StrEnum):
    """How the payer answered: by the bound phone, with the receipt in hand, or by signing the slip."""

    PHONE = "phone"
    RECEIPT = "receipt"
    SLIP = "slip"


@operation
def answer(
    actor: Actor, receipt_id: UUID, right: bool, note: str, *, at: clock.Instant  # noqa: FBT001 - the answer
) -> Outcome:  # fmt: skip
    """Keep what the payer says of a receipt: on the bound phone, or as signed on the slip.

    Only whoever took the money enters a signed slip. What the payer says afterwards counts more than a
    slip, and a no counts more than a yes; a no stays until somebody else has closed it. Refuses
    `not_found`, `answered_already`, `receipt_cancelled`, `slip_by_collector`. Source: issue 4, section 4.
    """
    view = seeing.see(actor, receipt_id)
    if actor.role is not Role.RESIDENT and view.receipt.collector_id != actor.id:
        raise Refused("slip_by_collector")
    how = How.PHONE if actor.role is Role.RESIDENT else How.SLIP
    return _keep(actor, receipt_id, how, right=right, note=note, at=at)


@operation
def answer_in_hand(
    actor: Actor, token: str, right: bool, note: str, *, at: clock.Instant  # noqa: FBT001 - the answer
) -> Outcome:  # fmt: skip
    """Keep what somebody says who has nothing but the receipt: its token is the right to answer.

    Refuses `not_found`, `answered_already`, `receipt_cancelled`.
    """
    view = shown.receipt_by_token(token)
    if view is None:
        raise Refused("not_found")
    return _keep(actor, view.receipt.id, How.RECEIPT, right=right, note=note, at=at)


def may_answer(kept: shown.AnswerRow | None, how: How, *, right: bool) -> bool:
    """Whether an answer may follow what is kept; pages ask the same to show their buttons."""
    if kept is None:
        return True
    return kept.right and (not right or (kept.how == How.SLIP and how is not How.SLIP))


def _keep(
    actor: Actor, receipt_id: UUID, how: How, *, right: bool, note: str, at: clock.Instant
) -> Outcome:
    # One answer after the other: the receipt's row is what they wait for.
    list(Receipt.here.filter(id=receipt_id).select_for_update(no_key=True).values_list("id"))
    if shown.cancelled_of([receipt_id]):
        raise Refused("receipt_cancelled")
    if not may_answer(shown.answers_of([receipt_id]).get(receipt_id), how, right=right):
        raise Refused("answered_already")
    said = {
        "right": right, "how": how, "note": note.strip()[:LONGEST], "by_id": actor.id, "at": at,
    }  # fmt: skip
    if not rows.insert_new(PayerAnswer, ["receipt_id"], receipt_id=[receipt_id], **said):
        PayerAnswer.here.filter(receipt_id=receipt_id).update(**said)
    audit.record(
        actor, "payment.answered", [receipt_id], at=at, kind="receipt",
        facts={"right": right, "how": how},
    )  # fmt: skip
    return Outcome((receipt_id,))


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
        PayerAnswer, [answer_id], finding=finding.strip()[:LONGEST], closed_by=actor.id,
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


def denials(insurances: frozenset[str]) -> list[Denial]:
    """Denials that wait for somebody, the oldest first; one statement."""
    found = PayerAnswer.here.filter(
        right=False, closed_at=None, receipt__insurance__in=sorted(insurances)
    ).order_by("at")
    columns = (
        "id", "receipt_id", "receipt__number", "receipt__payer_name", "receipt__amount_fen",
        "receipt__collector_name", "note", "at",
    )  # fmt: skip
    return list(map(Denial._make, found.values_list(*columns)[:MOST_DENIALS]))
