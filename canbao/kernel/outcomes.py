"""What became of an act, found again by its key: the result page, and the answer to a second press."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime

from canbao.kernel.actor import Actor
from canbao.kernel.tables import Request
from canbao.kernel.taken import Outcome


@dataclass(frozen=True, slots=True)
class Kept:
    """An act that was done under a key."""

    operation: str
    at: datetime
    outcome: Outcome


def kept(actor: Actor, key: str) -> Kept | None:
    """The actor's act under this key, or None when nothing was done under it."""
    row = (
        Request.here.filter(key=key, actor_id=actor.id)
        .values_list("operation", "at", "outcome")
        .first()
    )
    if row is None or not row[2]:
        return None
    return Kept(row[0], row[1], Outcome.from_json(json.loads(row[2])))
