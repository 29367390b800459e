"""Households that were insured in the old system, among them that of the paying story, and the season that charges them."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from typing import Final
from uuid import UUID

from canbao.insured.facts import facts_of
from canbao.insured.tables import Cover, Enrolment, EnrolmentYear
from canbao.kernel import audit, canonical, clock, rows
from canbao.kernel.actor import Actor
from canbao.kernel.ids import new_id, new_ids
from canbao.kernel.operation import operation
from canbao.kernel.taken import Outcome
from canbao.payments import season as charging
from canbao.people import confirmed, identities, phones
from canbao.people.identities import Identity
from canbao.people.tables import Category
from canbao.policy import published
from canbao.simulate import cast, road, walks
from canbao.simulate.claims import FULL_AGE, MEDICAL, cover_year
from canbao.simulate.residents import Household, Resident
from canbao.simulate.walks import Demo

# Whom the disabled persons' federation pays for.
PAID_FOR: Final = "胡秀英"
# Who is helped, and by which list of last month.
LISTS: Final = {
    "destitute": "县民政局特困人员名单",
    "low_income": "县民政局低保对象名单",
    "disability_severe": "县残联重度残疾人名单",
}


def paying_story(demo: Demo) -> None:
    """Make the household of four whose phone opens to 1,270 yuan."""
    household, head = cast.member(demo.households[cast.APRICOT], cast.PAYER)
    outcome = road.once(
        carry,
        demo.system,
        household.members,
        helped(household),
        at=demo.at(2, 10),
        key="demo/carried",
    )
    actor = walks.resident(demo, cast.PHONE_OF_PAYER, demo.at(1, 10), "payer")
    person = outcome.done[household.members.index(head)]
    road.once(
        phones.bind, demo.system, actor.id, person, "counter", at=demo.at(1, 11), key="demo/payer/bind"
    )  # fmt: skip


def helped(household: Household) -> dict[str, str]:
    """Who of the story's household is paid for, by number."""
    return {one.number: "disability_severe" for one in household.members if one.name == PAID_FOR}


def season(demo: Demo) -> None:
    """Charge everybody carried over for the coming year; who has nothing to pay is renewed by it."""
    finance = demo.actors[cast.FINANCE_OFFICER[MEDICAL]]
    at = demo.at(2, 12)
    year = cover_year(MEDICAL, clock.on(at))
    started = road.once(charging.start, finance, MEDICAL, year, at=at, key="demo/season")
    charging.run(cast.CODE, started.done[0])


@operation
def carry(
    actor: Actor, people: Sequence[Resident], listed: Mapping[str, str], *, at: clock.Instant
) -> Outcome:
    """Take people over from the old system as insured this year; the season charges them for the next.

    `listed` says by number on whose list somebody stands. The persons come in the order of the people. They are on the province's side already and are never handed over.
    """
    on = clock.on(at)
    known = identities.settle([_identity(one) for one in people], at)
    persons = {who.number: one.id for who, one in zip(people, known, strict=True)}
    confirmed.write(
        [
            confirmed.Confirmed(persons[who.number], new_id(), who.village, _fields(who))
            for who in people
        ],
        at,
    )
    _insured(people, persons, on, at)
    rows.insert(
        Category,
        person_id=[persons[number] for number in listed],
        code=list(listed.values()),
        evidence=[LISTS[code] for code in listed.values()],
        from_on=(on.replace(day=1) - datetime.timedelta(days=1)).replace(day=1),
    )
    ids = list(persons.values())
    audit.record(actor, "demo.carried", ids, at=at, kind="person")
    return Outcome(tuple(ids))


def _insured(
    people: Sequence[Resident], persons: Mapping[str, UUID], on: datetime.date, at: clock.Instant
) -> None:
    """Enrolment, this year and its cover, as they stood in the old system."""
    year = cover_year(MEDICAL, on) - 1
    rules = published.rules(MEDICAL, year)
    paid_on = datetime.date(year - 1, 11, 20)
    facts = facts_of(list(persons.values()), MEDICAL)
    ids = new_ids(len(people))
    rows.insert(
        Enrolment,
        id=ids,
        person_id=[persons[who.number] for who in people],
        insurance=MEDICAL,
        from_on=datetime.date(year, 1, 1),
        opened_by_case=new_ids(len(people)),
        at=at,
    )
    prices = [rules.price(facts[persons[who.number]], _level(who, on), paid_on) for who in people]
    rows.insert(
        EnrolmentYear,
        enrolment_id=ids,
        year=year,
        level=[one.level for one in prices],
        residency="rural",
        student=[_student(who, on) for who in people],
        own_fen=[one.own_fen for one in prices],
        pack_sha256=[one.fingerprint for one in prices],
        at=at,
    )
    covers = [rules.cover(facts[persons[who.number]], paid_on) for who in people]
    rows.insert(
        Cover,
        enrolment_id=ids,
        year=year,
        from_on=[one.from_on if one else None for one in covers],
        to_on=[one.to_on + clock.ONE_DAY if one else None for one in covers],
        why=[canonical.text(one) for one in covers],
        at=at,
    )


def _identity(who: Resident) -> Identity:
    return Identity(
        "id_card", who.number, who.name, str(who.sex), who.birth_on, who.ethnic, who.village,
        who.address, "", "20", "",
    )  # fmt: skip


def _fields(who: Resident) -> dict[str, object]:
    return {
        "name": who.name,
        "sex": str(who.sex),
        "birth_on": who.birth_on.isoformat(),
        "ethnic": who.ethnic,
        "village": who.village,
        "address": who.address,
        "living_address": "",
        "household_nature": "20",
        "household_number": who.household,
        "relation": who.relation,
        "groups": [],
    }


def _level(who: Resident, on: datetime.date) -> str:
    return "adult" if who.age_on(on) >= FULL_AGE else "child"


def _student(who: Resident, on: datetime.date) -> str:
    return "none" if who.age_on(on) >= FULL_AGE else "school"
