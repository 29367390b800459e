"""Packs and flows that two officers of a county published: bytes by hash, one way into force for every kind."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final, NamedTuple
from uuid import UUID

from canbao.kernel import audit, bulk, clock, rows, running
from canbao.kernel.actor import Actor, Role
from canbao.kernel.operation import operation
from canbao.kernel.refusal import Refused
from canbao.kernel.taken import Outcome
from canbao.policy.tables import PackText


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of document: how its text is told from others, and what must hold before it may stand here.

    `check` is given text and file, and raises PackFault or Refused.
    """

    recognises: Callable[[str], bool]
    check: Callable[[str, str], None]


# Each room registers its own; what no other kind recognises is a pack.
KINDS: Final[dict[str, Kind]] = {}
PACK: Final = "pack"


def kind_of(text: str) -> str:
    """Which kind of document a text is."""
    return next((name for name, kind in KINDS.items() if kind.recognises(text)), PACK)


class Held(NamedTuple):
    """A document in force: the hash of its bytes, and the file it came as."""

    sha256: str
    name: str


# Asked by every operation that needs rules.
_IN_FORCE: Final = """
SELECT kind, sha256, name FROM pack_text
WHERE county = %(county)s AND published_at IS NOT NULL ORDER BY published_at, id
"""


def _published() -> list[tuple[Any, ...]]:
    return bulk.fetch(_IN_FORCE)


def in_force(kind: str) -> tuple[Held, ...]:
    """The county's own documents of a kind, oldest first; one statement, and one for a whole operation."""
    found = running.once("documents", _published)
    return tuple(Held(sha256, name) for one, sha256, name in found if one == kind)


def text_of(kind: str, sha256: str) -> str:
    """The text behind a hash, or behind its first digits. Refuses `not_found`."""
    found = PackText.here.filter(kind=kind, sha256__startswith=sha256).exclude(published_at=None)
    text = found.order_by("published_at", "id").values_list("text", flat=True).first()
    if text is None:
        raise Refused("not_found")
    return str(text)


@operation
def propose(actor: Actor, name: str, text: str, *, at: clock.Instant) -> Outcome:
    """Put a pack or a flow before a second officer.

    Refuses `not_administrator`, `pack_known_already`, and what the kind refuses: `pack_faulty` with every
    fault, `pack_of_another_place`.
    """
    if actor.role is not Role.ADMINISTRATOR:
        raise Refused("not_administrator")
    kind = kind_of(text)
    KINDS[kind].check(text, name)
    digest = hashlib.sha256(text.encode()).hexdigest()
    written = rows.insert_new(
        PackText,
        ["sha256"],
        sha256=digest,
        kind=kind,
        name=name,
        text=text,
        proposed_by=actor.id,
        proposed_at=at,
    )
    if not written:
        raise Refused("pack_known_already")
    audit.record(
        actor, f"{kind}.proposed", list(written), at=at, kind=kind, facts={"sha256": digest}
    )
    return Outcome(tuple(written))


@operation
def publish(actor: Actor, document_id: UUID, *, at: clock.Instant) -> Outcome:
    """Put a proposed pack or flow into force.

    Refuses `not_found`, `second_person_needed` to whoever proposed it, and what `propose` refuses: another
    document may have come into force meanwhile.
    """
    if actor.role is not Role.ADMINISTRATOR:
        raise Refused("not_administrator")
    # All of the county at once: what one document may say depends on the others.
    locked = PackText.here.order_by("id").select_for_update(no_key=True)
    row = next((one for one in locked if one.id == document_id and one.published_at is None), None)
    if row is None:
        raise Refused("not_found")
    if row.proposed_by == actor.id:
        raise Refused("second_person_needed")
    KINDS[row.kind].check(row.text, row.name)
    PackText.here.filter(id=document_id).update(published_by=actor.id, published_at=at)
    audit.record(
        actor, f"{row.kind}.published", [document_id], at=at, kind=row.kind,
        facts={"sha256": row.sha256},
    )  # fmt: skip
    return Outcome((document_id,))
