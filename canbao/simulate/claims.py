"""What made residents say when they apply, and the photos of papers they hand in."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from random import Random
from typing import Any, Final
from uuid import UUID

from canbao.cases.claim import Channel, Claim, FamilyLine
from canbao.kernel import clock
from canbao.kernel.actor import Actor
from canbao.papers import intake, store
from canbao.papers.intake import CleanPage
from canbao.papers.marks import Confirmation
from canbao.papers.sheets import Attached
from canbao.people import phones
from canbao.people.identities import Identity
from canbao.policy import published
from canbao.simulate import drawings, road
from canbao.simulate.residents import Household, Resident

MEDICAL, PENSION = "390", "170"
FULL_AGE: Final = 18
SCHOOL_AGE: Final = 6
_TIERS: Final = ("300", "500", "500", "1000", "1000", "2000", "5000")
_FACES: Final = 12  # portraits that made residents share
SPECIMENS: Final = {
    "id_front": "居民身份证正面", "id_back": "居民身份证背面", "booklet_first": "户口簿首页",
    "booklet_own": "户口簿本人页", "photo": "本人照片", "family_relations": "老年人家庭社会关系表",
    "group_proof": "困难身份证明", "guardian_proof": "监护关系证明",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Applicant:
    """Somebody who applies, with the household and what is special about the application."""

    who: Resident
    household: Household
    insurance: str
    groups: Sequence[str] = ()
    level: str = ""
    year: int = 0
    identity: Mapping[str, Any] = field(default_factory=dict)
    without: Sequence[str] = ()
    # Who signs for a child as its parent, where that is not so.
    signer: str = ""


Photos = Mapping[tuple[str, str], UUID]


def new_ids(at: clock.Instant, random: Random, count: int) -> list[UUID]:
    """Ids of version 7 that are the same in every run from one seed."""
    start = int(at.timestamp() * 1000) << 80
    return [
        UUID(int=start | 7 << 76 | random.getrandbits(12) << 64 | 2 << 62 | random.getrandbits(62))
        for _ in range(count)
    ]


def cover_year(insurance: str, on: datetime.date) -> int:
    """Medical insurance of the coming year is joined from September on; the pension's year is this one."""
    return on.year + 1 if insurance == MEDICAL and on.month >= 9 else on.year  # noqa: PLR2004


def can_apply(who: Resident, household: Household, insurance: str, on: datetime.date) -> bool:
    """Whether the person may apply without further proof: grown up, or with a parent in the booklet."""
    age = who.age_on(on)
    if insurance == PENSION:
        return FULL_AGE <= age < 60  # noqa: PLR2004 - the elderly bring a form of their own
    return age >= FULL_AGE or household.parent_of(who, on) is not None


def claim(
    one: Applicant,
    case_id: UUID,
    channel: Channel,
    photos: Photos,
    random: Random,
    at: clock.Instant,
) -> Claim:
    """The application of one person with the papers the rules ask for."""
    on = clock.on(at)
    who = one.who
    age = who.age_on(on)
    minor = age < FULL_AGE
    parent = one.household.parent_of(who, on) if minor else None
    phone = f"13{random.randrange(10**9):09d}"
    said = {
        "kind": "id_card", "number": who.number, "name": who.name, "sex": str(who.sex),
        "birth_on": who.birth_on, "ethnic": who.ethnic, "village": who.village,
        "address": who.address, "living_address": "", "household_nature": "20", "phone": phone,
    }  # fmt: skip
    how, witness = _signed(channel, random)
    year = one.year or cover_year(one.insurance, on)
    level = one.level or (random.choice(_TIERS) if one.insurance == PENSION else _by_age(age))
    made = Claim(
        id=case_id,
        insurance=one.insurance,
        year=year,
        level=level,
        identity=Identity(**{**said, **one.identity}),
        household_number=who.household,
        relation=who.relation,
        residency="rural",
        student=_student(age) if one.insurance == MEDICAL else "none",
        confirmation=Confirmation(
            how,
            one.signer or (parent.name if parent else who.name),
            "parent" if parent else "self",
            blob_id=photos.get((who.number, "signature")),
            witness=witness,
        ),
        groups=tuple(one.groups),
        phone_masked=phones.mask(phone),
    )
    rules = published.rules(one.insurance, year)
    facts = made.facts(on)
    asked = [paper.code for paper in rules.required_papers(facts, on)]
    attached = [
        Attached(code, 1, _photo(photos, who, code)) for code in asked if code not in one.without
    ]
    family = _family(one) if rules.family_form_required(facts, on) else ()
    return replace(made, attached=tuple(attached), family=tuple(family))


def _photo(photos: Photos, who: Resident, code: str) -> UUID:
    for key in ((who.number, code), (who.household, code), ("", code)):
        if key in photos:
            return photos[key]
    return photos["", "id_back"]


def _signed(channel: Channel, random: Random) -> tuple[str, str]:
    if channel is Channel.PHONE:
        return "drawn", ""
    fingerprint = random.random() < 0.2  # noqa: PLR2004 - one in five does not write
    return ("fingerprint", "林桂英") if fingerprint else ("paper", "")


def _by_age(age: int) -> str:
    return "adult" if age >= FULL_AGE else "child"


def _student(age: int) -> str:
    if age < 3 or age >= FULL_AGE:  # noqa: PLR2004 - kindergarten begins at three
        return "none"
    return "kindergarten" if age < SCHOOL_AGE else "school"


def _family(one: Applicant) -> list[FamilyLine]:
    return [
        FamilyLine(child.name, child.relation, "id_card", child.number, "", "外地务工，未参保")
        for child in one.household.children_of(one.who)
    ]


def specimens(system: Actor, at: clock.Instant) -> dict[tuple[str, str], UUID]:
    """One drawn page of every kind, for the many cases whose papers nobody opens."""

    def pages() -> list[CleanPage]:
        return [_clean(drawings.specimen(title)) for title in SPECIMENS.values()]

    kept = road.once(store.keep, system, pages, at=at, key="demo/papers/specimens")
    return dict(zip([("", code) for code in SPECIMENS], kept.done, strict=True))


def _clean(picture: bytes) -> CleanPage:
    return intake.clean(picture, declared_name="photo.jpg")[0]


@cache
def _card_back(year: int) -> CleanPage:
    return _clean(drawings.id_back(year))


@cache
def _face(which: int) -> CleanPage:
    return _clean(drawings.portrait(Random(which)))


def own_photos(
    actor: Actor, household: Household, people: Sequence[Resident], *, at: clock.Instant, key: str,
    drawn: bool = False,
) -> dict[tuple[str, str], UUID]:  # fmt: skip
    """Papers drawn for these people of a household, kept for whoever sends them in."""
    kinds = ["id_front", "booklet_own", "photo", *(["signature"] if drawn else [])]
    names = [(household.number, "booklet_first"), (household.number, "id_back")]
    names += [(who.number, kind) for who in people for kind in kinds]

    def pages() -> list[CleanPage]:
        random = Random(key)
        made = [_clean(drawings.booklet_first(household, random)), _card_back(clock.on(at).year)]
        for who in people:
            # A child's paper is signed by the parent who stands in the booklet.
            signer = household.parent_of(who, clock.on(at)) or who
            made.append(_clean(drawings.id_front(who, random)))
            made.append(_clean(drawings.booklet_own(who, random)))
            made.append(_face(random.randrange(_FACES)))
            if drawn:
                made.append(_clean(drawings.signature(signer.name, random)))
        return made

    kept = road.once(store.keep, actor, pages, at=at, key=key)
    return dict(zip(names, kept.done, strict=True))


def blurred_photo(actor: Actor, who: Resident, *, at: clock.Instant, key: str) -> UUID:
    """An own page of the booklet that cannot be read."""

    def pages() -> list[CleanPage]:
        return [_clean(drawings.blurred(drawings.booklet_own(who, Random(key))))]

    return road.once(store.keep, actor, pages, at=at, key=key).done[0]
