"""Why somebody has not paid: who was asked, when and how, and what they said; entered by the village."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from enum import StrEnum
from typing import Final
from uuid import UUID

from canbao.kernel import audit, clock, rows
from canbao.kernel.actor import Actor, Role
from canbao.kernel.operation import LARGEST_SET, operation
from canbao.kernel.refusal import Refused
from canbao.kernel.taken import Outcome, Taken
from canbao.payments import charges
from canbao.payments.charges import State
from canbao.payments.tables import Asked, Charge

_ASKERS: Final = frozenset({Role.VILLAGE, Role.TOWNSHIP})


class How(StrEnum):
    """How somebody was asked."""

    VISIT = "visit"
    PHONE = "phone"


class Said(StrEnum):
    """What somebody said who has not paid yet, or that nobody was met."""

    YEAR_END = "year_end"
    CASH = "cash"
    AWAY = "away"
    OTHER_INSURANCE = "other_insurance"
    TOO_DEAR = "too_dear"
    MOVED_OR_DIED = "moved_or_died"
    NOBODY = "nobody"


@operation
def note(
    actor: Actor,
    charge_ids: Sequence[UUID],
    how: How,
    said: Said,
    asked_on: datetime.date,
    *,
    at: clock.Instant,
) -> Outcome:
    """Note what was said about charges that are not paid; earlier answers stay.

    Refuses the set: `not_asker`, `set_too_large`, `date_in_future`; per charge: `not_found` (another village
    too), `paid_already`, `charge_cancelled`.
    """
    if actor.role not in _ASKERS or actor.villages is None:
        raise Refused("not_asker")
    if len(charge_ids) > LARGEST_SET:
        raise Refused("set_too_large", largest=LARGEST_SET)
    if asked_on > clock.on(at):
        raise Refused("date_in_future")
    found = Charge.here.filter(
        id__in=list(charge_ids),
        insurance__in=sorted(actor.insurances),
        village__in=sorted(actor.villages),
    )
    taken = Taken(charges.rows_of(found.order_by("id")), charge_ids)
    taken.keep("charge_cancelled", lambda row: row.state != State.CANCELLED)
    taken.keep("paid_already", lambda row: row.state != State.SETTLED)
    rows.insert(
        Asked,
        charge_id=taken.column("id"),
        insurance=taken.column("insurance"),
        year=taken.column("year"),
        village=taken.column("village"),
        how=how,
        said=said,
        by_id=actor.acted_by,
        by_name=actor.name,
        asked_on=asked_on,
        at=at,
    )
    audit.record(
        actor, "charge.asked", taken.ids, at=at, kind="charge", facts={"how": how, "said": said}
    )
    return taken.outcome()
