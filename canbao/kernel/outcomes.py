"""What became of an act, found again by its key: the result page, and the answer to a second press."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime

from canbao.kernel.actor import Actor
from canbao.kernel.refusal import Refused
from canbao.kernel.tables import Request
from canbao.kernel.taken import Outcome


class FormKey(str):
    """The key of a form, with the digest of everything that was sent with it."""

    __slots__ = ("form_sha256",)
    form_sha256: str

    @classmethod
    def of(cls, key: str, form_sha256: str) -> FormKey:
        """Join both."""
        made = cls(key)
        made.form_sha256 = form_sha256
        return made


@dataclass(frozen=True, slots=True)
class Kept:
    """An act that was done under a key."""

    operation: str
    at: datetime
    outcome: Outcome


def kept(actor: Actor, key: str) -> Kept | None:
    """The actor's act under this key, or None when nothing was done under it.

    With the key of a form that was sent before with something else in it: `key_used_for_other_input`.
    """
    row = (
        Request.here.filter(key=str(key), actor_id=actor.id)
        .values_list("operation", "at", "outcome", "form_sha256")
        .first()
    )
    if row is None or not row[2]:
        return None
    if isinstance(key, FormKey) and row[3] not in {"", key.form_sha256}:
        raise Refused("key_used_for_other_input")
    return Kept(row[0], row[1], Outcome.from_json(json.loads(row[2])))
