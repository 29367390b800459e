"""People insured before, made at once: of every age and group, with gaps, and some who are gone. For seasons."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from random import Random
from typing import Final
from uuid import UUID

from canbao.insured.tables import Account, Cover, Enrolment, EnrolmentYear
from canbao.kernel import canonical, clock, county, numbering, rows
from canbao.kernel.ids import new_ids
from canbao.people.tables import Category, Household, IdentityDocument, Membership, Person
from canbao.policy.rules.answers import CoverAnswer

MEDICAL: Final = "390"
PENSION: Final = "170"
LEVELS: Final = {MEDICAL: ("adult", "child", "gone"), PENSION: ("300", "500", "1000", "gone")}
GROUPS: Final = (
    "destitute", "low_income", "disability_severe", "family_planning", "monitored", "low_income_margin",
)  # fmt: skip
_HOUSEHOLD: Final = 4
_LONGEST: Final = 33_000


@dataclass(frozen=True, slots=True)
class Insured:
    """Somebody insured before: person, enrolment and household number."""

    person_id: UUID
    enrolment_id: UUID
    household_number: str


def settle(
    rng: Random,
    count: int,
    villages: Sequence[str],
    insurance: str,
    on: datetime.date,
    at: clock.Instant,
) -> list[Insured]:
    """Make so many people with a live enrolment of an earlier year; a fixed number of statements."""
    label = chr(rng.randrange(65, 91)) + chr(rng.randrange(65, 91))
    homes = [f"{label}{place // _HOUSEHOLD:06d}" for place in range(count)]
    places = [rng.choice(villages) for _ in range(0, count + _HOUSEHOLD, _HOUSEHOLD)]
    persons = _persons(rng, [places[place // _HOUSEHOLD] for place in range(count)], on)
    _homes(persons, homes, places, on)
    _groups(rng, persons, on)
    enrolments = _enrolments(rng, persons, insurance, on, at)
    if insurance == PENSION:
        rows.insert(
            Account,
            person_id=list(persons),
            number=[
                f"{county.current()}{serial:012d}" for serial in numbering.take("account", count)
            ],
            opened_on=on,
            opened_by_case=new_ids(count),
            at=at,
        )
    return [Insured(*one) for one in zip(persons, enrolments, homes, strict=True)]


def _persons(rng: Random, villages: Sequence[str], on: datetime.date) -> list[UUID]:
    count = len(villages)
    born = [on - datetime.timedelta(days=_days(rng)) for _ in range(count)]
    moved = [rng.random() < 0.01 for _ in range(count)]  # noqa: PLR2004 - how many moved away
    persons = rows.insert(
        Person,
        name=[
            f"{chr(0x4E00 + place % 4000)}{chr(0x5E00 + place % 3999)}" for place in range(count)
        ],
        sex=[rng.choice("12") for _ in range(count)],
        birth_on=born,
        village=[
            "999999" + village[6:] if gone else village
            for village, gone in zip(villages, moved, strict=True)
        ],
        dead_on=[on if rng.random() < 0.02 else None for _ in range(count)],  # noqa: PLR2004
    )
    rows.insert(
        IdentityDocument,
        person_id=list(persons),
        kind=[rng.choice(("id_card", "id_card", "id_card", "residence_permit")) for _ in persons],
        number_sealed="",
        number_mac=[one.hex for one in persons],
        masked="",
        from_on=on,
    )
    return list(persons)


def _days(rng: Random) -> int:
    """Days lived: some newborns, some with a birthday about today, and everybody else."""
    kind = rng.random()
    if kind < 0.03:  # noqa: PLR2004
        return rng.randrange(0, 400)
    if kind < 0.2:  # noqa: PLR2004
        return round(rng.randrange(1, 90) * 365.25) + rng.randrange(-2, 3)
    return rng.randrange(400, _LONGEST)


def _homes(
    persons: Sequence[UUID], homes: Sequence[str], places: Sequence[str], on: datetime.date
) -> None:
    numbers = list(dict.fromkeys(homes))
    made = rows.insert(
        Household, number=numbers, village=[places[place] for place in range(len(numbers))]
    )
    by_number = dict(zip(numbers, made, strict=True))
    rows.insert(
        Membership,
        household_id=[by_number[one] for one in homes],
        person_id=list(persons),
        relation=["02" if place % _HOUSEHOLD == 0 else "20" for place in range(len(persons))],
        from_on=on,
    )


def _groups(rng: Random, persons: Sequence[UUID], on: datetime.date) -> None:
    """A tenth stands on a list, some on two, some no longer or not yet."""
    held = [(one, rng.choice(GROUPS)) for one in persons for _ in range(2) if rng.random() < 0.06]  # noqa: PLR2004
    from_on = [on + datetime.timedelta(days=rng.choice((-800, -40, 0, 1))) for _ in held]
    rows.insert(
        Category,
        person_id=[one for one, _ in held],
        code=[code for _, code in held],
        evidence=[f"{since:%Y-%m} {code}" for (_, code), since in zip(held, from_on, strict=True)],
        from_on=from_on,
        to_on=[
            rng.choice((None, None, max(since, on), max(since, on - datetime.timedelta(days=1))))
            for since in from_on
        ],
    )


def _enrolments(
    rng: Random, persons: Sequence[UUID], insurance: str, on: datetime.date, at: clock.Instant
) -> list[UUID]:
    cover_year = on.year + (insurance == MEDICAL)
    enrolments = rows.insert(
        Enrolment,
        person_id=list(persons),
        insurance=insurance,
        from_on=on,
        opened_by_case=new_ids(len(persons)),
        at=at,
    )
    # Everybody was in last year, but for some whose last year lies further back.
    last = [cover_year - 1 - (rng.random() < 0.05) * rng.randrange(1, 6) for _ in persons]  # noqa: PLR2004
    years = [
        (one, year)
        for one, until in zip(enrolments, last, strict=True)
        for year in range(until - rng.randrange(0, 3), until + 1)
    ]
    *most, rare = LEVELS[insurance]
    rows.insert(
        EnrolmentYear,
        enrolment_id=[one for one, _ in years],
        year=[year for _, year in years],
        level=[rare if rng.random() < 0.02 else rng.choice(most) for _ in years],  # noqa: PLR2004
        residency=[
            rng.choices(("rural", "urban", "permit", "elsewhere"), (80, 10, 8, 2))[0] for _ in years
        ],
        student=[rng.choices(("none", "school", "university"), (80, 15, 5))[0] for _ in years],
        own_fen=40_000,
        pack_sha256="",
        at=at,
    )
    if insurance == MEDICAL:
        rows.insert(
            Cover,
            enrolment_id=[one for one, _ in years],
            year=[year for _, year in years],
            from_on=[datetime.date(year, 1, 1) for _, year in years],
            to_on=[datetime.date(year + 1, 1, 1) for _, year in years],
            why=[_of_year(year) for _, year in years],
            at=at,
        )
    return list(enrolments)


def _of_year(year: int) -> str:
    """Why somebody who paid in time was covered: the whole year, after no months of waiting."""
    first, last = datetime.date(year, 1, 1), datetime.date(year, 12, 31)
    return canonical.text(CoverAnswer(first, last, 0, (), ()))
