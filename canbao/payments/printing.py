"""Every print of a receipt is counted: each one after the first is a reprint (补打)."""

from __future__ import annotations

from uuid import UUID

from django.db.models import Max

from canbao.kernel import audit, clock, rows
from canbao.kernel.actor import Actor
from canbao.kernel.operation import operation
from canbao.kernel.refusal import Refused
from canbao.kernel.taken import Outcome
from canbao.payments.tables import Receipt, ReceiptPrint


@operation
def count(actor: Actor, receipt_id: UUID, *, at: clock.Instant) -> Outcome:
    """Note one more print of a receipt that the caller may see; `made` says which one it is. Refuses `not_found`."""
    held = Receipt.here.filter(id=receipt_id).select_for_update(no_key=True).values_list("id")
    if held.first() is None:
        raise Refused("not_found")
    number = times_printed(receipt_id) + 1
    rows.insert(ReceiptPrint, receipt_id=receipt_id, number=number, by_id=actor.id, at=at)
    audit.record(
        actor, "receipt.printed", [receipt_id], at=at, kind="receipt", facts={"print": number}
    )
    return Outcome((receipt_id,), made={"print": number})


def times_printed(receipt_id: UUID) -> int:
    """How often a receipt was printed; one statement."""
    found = ReceiptPrint.here.filter(receipt_id=receipt_id).aggregate(last=Max("number"))
    return found["last"] or 0
