"""Finds persons by what is said at a counter: a whole number, birth date and last four, or a name."""

from __future__ import annotations

import datetime
import re
import unicodedata
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from canbao.kernel import audit, clock, secrets
from canbao.kernel.actor import Actor
from canbao.kernel.operation import operation
from canbao.kernel.part import Part
from canbao.kernel.refusal import Refused
from canbao.kernel.taken import Outcome
from canbao.people import identities, merged, numbers
from canbao.people.tables import Contact, IdentityDocument, Person

SHORTEST_NAME: Final = 2
MOST: Final = 20
_BIRTH_FOUR: Final = re.compile(r"(\d{4})-?(\d{2})-?(\d{2})[ ,，]+(\d{3}[\dX])")


@dataclass(frozen=True, slots=True)
class Found:
    """A person within reach, and the phones bound to them: contact and masked number."""

    id: UUID
    name: str
    birth_on: datetime.date
    village: str
    masked: str
    phones: Sequence[tuple[UUID, str]]


def folded(text: str) -> str:
    """What was typed into a search box, in one written form."""
    return unicodedata.normalize("NFKC", text).strip().upper().replace("\0", "")


def ids(text: str) -> Any:
    """The persons meant by a folded text, as a query of ids. Refuses `search_too_short`, `search_unclear`."""
    both = _BIRTH_FOUR.fullmatch(text)
    if both:
        try:
            birth_on = datetime.date(int(both[1]), int(both[2]), int(both[3]))
        except ValueError as fault:
            raise Refused("search_unclear") from fault
        four = secrets.fingerprint("four", both[4])
        return _survivors(Person.here.filter(birth_on=birth_on, four_mac=four))
    if any(sign.isdigit() for sign in text):
        macs = [identities.mac(kind, text.replace(" ", "")) for kind in numbers.Kind]
        found = IdentityDocument.here.filter(number_mac__in=macs, to_on=None)
        return _survivors(Person.here.filter(id__in=found.values("person_id")))
    if len(text) < SHORTEST_NAME:
        raise Refused("search_too_short")
    return _survivors(Person.here.filter(name__startswith=text))


def _survivors(persons: Any) -> Any:
    return persons.values(found=merged.SURVIVOR)


def found(actor: Actor, text: str) -> Part[Found]:
    """The first persons within the actor's reach whom a text means; three statements, four where cut."""
    persons = _within(actor).filter(id__in=ids(folded(text))).order_by("name", "id")
    held = _rows(persons[: MOST + 1])
    return Part(held[:MOST], len(held) if len(held) <= MOST else persons.count())


def see(actor: Actor, person_id: UUID) -> Found:
    """One person within reach. Refuses `not_found` for unknown and forbidden alike."""
    rows = _rows(_within(actor).filter(id=person_id))
    if not rows:
        raise Refused("not_found")
    return rows[0]


@operation
def seen(actor: Actor, person_ids: Sequence[UUID], *, at: clock.Instant) -> Outcome:
    """Put on record that persons were shown to somebody."""
    audit.record(actor, "person.seen", person_ids, at=at, kind="person")
    return Outcome(tuple(person_ids))


def _within(actor: Actor) -> Any:
    persons = Person.here.filter(merged_into=None)
    return persons if actor.villages is None else persons.filter(village__in=sorted(actor.villages))


def _rows(persons: Any) -> list[Found]:
    lines = list(persons.values_list("id", "name", "birth_on", "village"))
    who = [row[0] for row in lines]
    masks = dict(
        IdentityDocument.here.filter(person_id__in=who, to_on=None).values_list(
            "person_id", "masked"
        )
    )
    bound: dict[UUID, list[tuple[UUID, str]]] = defaultdict(list)
    contacts = Contact.here.filter(person_id__in=who).order_by("bound_at", "id")
    for contact, person, masked in contacts.values_list("id", "person_id", "masked"):
        bound[person].append((contact, masked))
    return [
        Found(one, name, born, village, masks.get(one, ""), bound[one])
        for one, name, born, village in lines
    ]
