"""The payer's answer: the money is right, or it is not; a no is a task that somebody else closes."""

from __future__ import annotations

from enum import StrEnum
from typing import Final
from uuid import UUID

from canbao.kernel import audit, clock, rows
from canbao.kernel.actor import Actor, Role
from canbao.kernel.operation import operation
from canbao.kernel.refusal import Refused
from canbao.kernel.taken import Outcome
from canbao.payments import seeing, shown
from canbao.payments.tables import PayerAnswer, Receipt

LONGEST: Final = 200


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
