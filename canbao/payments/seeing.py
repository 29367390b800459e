"""The only way to a receipt: who paid, who took the money, and who looks after it. Others do not learn of it."""

from __future__ import annotations

from typing import Final
from uuid import UUID

from canbao.kernel.actor import Actor, Role
from canbao.kernel.refusal import Refused
from canbao.payments import shown
from canbao.payments.shown import ReceiptView
from canbao.people import households

OFFICERS: Final = frozenset({Role.VILLAGE, Role.TOWNSHIP, Role.COUNTY, Role.FINANCE, Role.AUDITOR})


def see(actor: Actor, receipt_id: UUID) -> ReceiptView:
    """One receipt for reading. Refuses `not_found` for unknown and forbidden alike.

    A phone sees those on which its person or somebody of the own household stands; an officer those they
    took, and those of the posting's villages and insurances.
    """
    view = shown.receipt(receipt_id)
    if view is None or not _may(actor, view):
        raise Refused("not_found")
    return view


def _may(actor: Actor, view: ReceiptView) -> bool:
    if actor.role is Role.RESIDENT:
        if actor.person_id is None:
            return False
        own = {actor.person_id, *(one.person_id for one in households.of(actor.person_id))}
        return any(line.person_id in own for line in view.lines)
    return actor.role in OFFICERS and (
        view.receipt.collector_id == actor.id
        or actor.reaches(view.receipt.village, view.receipt.insurance)
    )
