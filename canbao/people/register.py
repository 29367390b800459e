"""The household register (户籍底册): loaded from outside, looked up by number, never written by a case."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from canbao.kernel import audit, clock, rows, secrets
from canbao.kernel.actor import Actor
from canbao.kernel.operation import operation
from canbao.kernel.taken import Outcome
from canbao.people import identities, numbers
from canbao.people.register_file import RegisterRow, Standing
from canbao.people.tables import RegisterEntry


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the register as checks compare with it; the number only masked."""

    name: str
    sex: str
    birth_on: datetime.date
    village: str
    household_number: str
    relation: str
    address: str
    masked: str
    number_mac: str


_FIELDS = (
    "name", "sex", "birth_on", "village", "household_number", "relation", "address", "masked", "number_mac",
)  # fmt: skip


def lookup(macs: Iterable[str]) -> dict[str, Entry]:
    """Entries of the register by the keyed hash of their number, in one statement."""
    wanted = set(macs)
    if not wanted:
        return {}
    found = RegisterEntry.here.filter(number_mac__in=wanted).values_list(*_FIELDS)
    return {entry.number_mac: entry for entry in (Entry(*row) for row in found)}


def household(village: str, household_number: str) -> list[Entry]:
    """Everybody the register knows in a household."""
    found = (
        RegisterEntry.here.filter(village=village, household_number=household_number)
        .order_by("relation", "birth_on")
        .values_list(*_FIELDS)
    )
    return [Entry(*row) for row in found]


def households(wanted: Iterable[tuple[str, str]]) -> dict[tuple[str, str], list[Entry]]:
    """Everybody the register knows in these households, each a village and a number; one statement, none for none."""
    pairs = set(wanted)
    if not pairs:
        return {}
    found = RegisterEntry.here.filter(
        village__in={village for village, _ in pairs},
        household_number__in={one for _, one in pairs},
    ).order_by("relation", "birth_on")
    held: dict[tuple[str, str], list[Entry]] = {pair: [] for pair in pairs}
    for entry in (Entry(*row) for row in found.values_list(*_FIELDS)):
        if (entry.village, entry.household_number) in held:
            held[entry.village, entry.household_number].append(entry)
    return held


@operation
def load(
    actor: Actor, entries: Sequence[RegisterRow], load_id: UUID, *, at: clock.Instant
) -> Outcome:
    """Put one set of register lines in place of what was known under the same numbers.

    Lines are keyed by document number; a line loaded again replaces the older one. At most 500 a call.
    """
    every = [identities.mac(one.document_kind, one.number) for one in entries]
    RegisterEntry.here.filter(number_mac__in=every).delete()
    # Who died or moved away is no longer in the register that checks compare with.
    kept = [
        pair for pair in zip(entries, every, strict=True) if pair[0].status == Standing.REGISTERED
    ]
    entries = [one for one, _ in kept]
    macs = [code for _, code in kept]
    ids = rows.insert(
        RegisterEntry,
        household_number=[one.household_number for one in entries],
        village=[one.village for one in entries],
        name=[one.name for one in entries],
        sex=[one.sex for one in entries],
        birth_on=[one.birth_on for one in entries],
        ethnic=[one.ethnic for one in entries],
        relation=[one.relation for one in entries],
        address=[one.address for one in entries],
        household_nature=[one.household_nature for one in entries],
        document_kind=[one.document_kind for one in entries],
        number_sealed=secrets.seal_all(
            (one.number for one in entries), bound_to=identities.bound("document")
        ),
        number_mac=macs,
        masked=[numbers.mask(one.number) for one in entries],
        load_id=load_id,
    )
    audit.record(
        actor, "register.loaded", [load_id], at=at, kind="register", facts={"lines": len(ids)}
    )
    return Outcome(tuple(ids))
