"""What a resident has typed so far, as frozen values: the household's persons and how each one signs."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import Any, Final
from uuid import UUID

from canbao.cases import drafts
from canbao.kernel import clock
from canbao.kernel.actor import Actor
from canbao.kernel.ids import new_id
from canbao.kernel.refusal import Refused
from canbao.papers.intake import CleanPage
from canbao.people import numbers

LARGEST: Final = 20
NEW: Final = "enrolment"
AMEND: Final = "amendment"


@dataclass(frozen=True, slots=True)
class Sign:
    """How somebody signed: drawn or paper, in whose name, with which proof."""

    how: str
    name: str
    relation: str = "self"
    blob: str = ""
    evidence: str = ""


@dataclass(frozen=True, slots=True)
class Photo:
    """A paper that was sent: its pages and what a machine sees wrong with them."""

    blobs: tuple[str, ...]
    fault: str = ""
    thumb: str = ""


@dataclass(frozen=True, slots=True)
class Kin:
    """A child of an elderly applicant, as the family form asks for it."""

    name: str
    relation: str
    kind: str
    number: str
    enrolled: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """One person of the basket. The id becomes the id of the case."""

    id: UUID
    name: str = ""
    kind: str = "id_card"
    number: str = ""
    relation: str = ""
    birth_on: str = ""
    sex: str = ""
    village: str = ""
    household_number: str = ""
    address: str = ""
    living_address: str = ""
    residency: str = ""
    ethnic: str = ""
    student: str = "none"
    groups: tuple[str, ...] = ()
    other: tuple[str, ...] = ()
    guardian: str = ""
    guardian_is: str = ""
    level: str = ""
    photos: Mapping[str, Photo] = field(default_factory=dict)
    brings: bool = False
    family: tuple[Kin, ...] = ()
    family_done: bool = False
    sign: Sign | None = None

    @property
    def masked(self) -> str:
        """The number as a page may show it."""
        return numbers.mask(self.number)

    @property
    def born(self) -> datetime.date | None:
        """The date of birth, typed or read from the number."""
        return datetime.date.fromisoformat(self.birth_on) if self.birth_on else None

    def age_on(self, on: datetime.date) -> int:
        """Whole years; an unknown birth date counts as grown up."""
        born = self.born
        if born is None:
            return 200
        return on.year - born.year - ((on.month, on.day) < (born.month, born.day))

    def minor_on(self, on: datetime.date) -> bool:
        """Whether somebody else signs; full age is 18 (Civil Code, article 17)."""
        return self.age_on(on) < 18  # noqa: PLR2004


@dataclass(frozen=True, slots=True)
class Basket:
    """A draft, opened: who applies for which insurance and year."""

    id: UUID | None
    kind: str
    insurance: str
    year: int
    phone: str
    persons: tuple[Person, ...] = ()
    version: int = 0
    sent: tuple[str, ...] = ()

    def person(self, person_id: UUID) -> Person:
        """One person. Refuses `not_found`."""
        for one in self.persons:
            if one.id == person_id:
                return one
        raise Refused("not_found")

    def put(self, person: Person) -> Basket:
        """The basket with this person new or changed; a change undoes the signature."""
        person = replace(person, sign=None)
        kept = [person if one.id == person.id else one for one in self.persons]
        if all(one.id != person.id for one in self.persons):
            if len(kept) >= LARGEST:
                raise Refused("set_too_large", largest=LARGEST)
            kept.append(person)
        return replace(self, persons=tuple(kept))

    def signed(self, signs: Mapping[UUID, Sign]) -> Basket:
        """The basket with these signatures."""
        return replace(
            self,
            persons=tuple(replace(one, sign=signs.get(one.id, one.sign)) for one in self.persons),
        )

    def without(self, ids: Sequence[UUID]) -> Basket:
        """The basket without these persons."""
        return replace(self, persons=tuple(one for one in self.persons if one.id not in ids))

    def typed(self) -> dict[str, Any]:
        """The draft as it is stored."""
        plain = asdict(self)
        return {
            "year": self.year,
            "phone": self.phone,
            "version": self.version,
            "sent": list(self.sent),
            "persons": plain["persons"],
        }


def opened(row: drafts.DraftRow) -> Basket:
    """A stored draft as a basket."""
    said = row.typed
    return Basket(
        row.id,
        row.kind,
        row.insurance,
        int(said["year"]),
        said["phone"],
        tuple(_person(one) for one in said["persons"]),
        int(said["version"]),
        tuple(said["sent"]),
    )


def _person(said: Mapping[str, Any]) -> Person:
    sign = said["sign"]
    return Person(
        **{
            **said,
            "id": UUID(said["id"]),
            "groups": tuple(said["groups"]),
            "other": tuple(said["other"]),
            "photos": {
                kind: Photo(tuple(one["blobs"]), one["fault"], one["thumb"])
                for kind, one in said["photos"].items()
            },
            "family": tuple(Kin(**one) for one in said["family"]),
            "sign": Sign(**sign) if sign else None,
        }
    )


def see(actor: Actor, draft_id: UUID) -> Basket:
    """A basket of the actor. Refuses `not_found`."""
    kept = drafts.see(actor, draft_id)
    if kept.kind not in {NEW, AMEND}:
        raise Refused("not_found")
    return opened(kept)


def every(actor: Actor) -> list[Basket]:
    """The actor's baskets that hold somebody, newest first."""
    kept = [one for one in drafts.of(actor) if one.kind in {NEW, AMEND}]
    return [one for one in map(opened, kept) if one.persons]


def save(actor: Actor, basket: Basket, *, at: clock.Instant) -> UUID:
    """Keep the basket; returns its id."""
    outcome = drafts.save(actor, basket.id, basket.kind, basket.insurance, basket.typed(), at=at)
    return outcome.done[0]


def fresh() -> Person:
    """Somebody new."""
    return Person(id=new_id())


def attach(
    actor: Actor, basket: Basket, pages: Mapping[UUID, CleanPage], *, at: clock.Instant
) -> None:
    """Keep the basket together with the pages that it names."""
    if basket.id is None:
        raise Refused("not_found")
    drafts.attach(actor, basket.id, basket.typed(), list(pages), list(pages.values()), at=at)
