"""Walks a group of the demo county's cases from its application to where it stands."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Final
from uuid import UUID

from canbao.cases.claim import Channel, Claim
from canbao.kernel import clock, queries, secrets
from canbao.kernel.actor import Actor
from canbao.people import identities, officers, phones
from canbao.simulate import cast, claims, road
from canbao.simulate.claims import Applicant
from canbao.simulate.plan import DAY, Group, Stop
from canbao.simulate.residents import Household

SEED: Final = 20261120
OPENS: Final = 8  # offices work from eight
NOTICE: Final = "privacy.1"


@dataclass(slots=True)
class Demo:
    """The county being filled: who acts, who lives there, and what was handed in."""

    now: clock.Instant
    actors: Mapping[str, Actor]
    system: Actor
    households: Mapping[str, Sequence[Household]]
    photos: dict[tuple[str, str], UUID]
    claims: dict[UUID, Claim] = field(default_factory=dict)

    def at(self, days: int, hour: int = 9, minute: int = 0) -> clock.Instant:
        """So many working days ago at this hour; never after now."""
        on = clock.on(self.now)
        calendar = clock.official()
        while days:
            on -= clock.ONE_DAY
            days -= calendar.is_working(on)
        local = datetime.datetime.combine(on, datetime.time(hour, minute), clock.SHANGHAI)
        return min(clock.instant(local), self.now)

    def coordinator(self, village: str) -> Actor:
        """Who sits at the village's desk."""
        return self.actors[cast.COORDINATOR[village]]

    def township(self, village: str) -> Actor:
        """Who sits at the desk of the village's township."""
        return self.actors[cast.TOWNSHIP_OFFICER[f"{village[:9]}000"]]

    def county(self, insurance: str) -> Actor:
        """Who decides about an insurance."""
        return self.actors[cast.COUNTY_OFFICER[insurance]]

    def submit(
        self, actor: Actor, people: Sequence[Applicant], channel: Channel, *, at: clock.Instant,
        name: str, photos: Mapping[tuple[str, str], UUID] | None = None,
    ) -> list[UUID]:  # fmt: skip
        """Hand in applications of these people; the same ones in every run from one seed."""
        random = Random(f"{SEED}/{name}")
        ids = claims.new_ids(at, random, len(people))
        shown = {**self.photos, **(photos or {})}
        made = [
            claims.claim(one, case_id, channel, shown, random, at)
            for one, case_id in zip(people, ids, strict=True)
        ]
        self.claims |= {one.id: one for one in made}
        return road.submit(actor, made, channel, at=at, key=f"demo/{name}/submit")


def walk(
    demo: Demo, group: Group, people: Mapping[str, Sequence[Applicant]]
) -> dict[str, list[UUID]]:
    """Bring a group to where it stands; returns its cases by village."""
    ids: dict[str, list[UUID]] = {}
    for place, (village, some) in enumerate(people.items()):
        at = demo.at(group.ago, OPENS + 1, 7 * place % 60)
        if group.channel is Channel.PHONE:
            ids[village] = _by_phone(demo, group, village, some, at)
        else:
            photos = _papers(demo, group, some, at) if group.own_photos else {}
            ids[village] = demo.submit(
                demo.coordinator(village), some, group.channel, at=at,
                name=f"{group.name}/{village}", photos=photos,
            )  # fmt: skip
    bundles = {one: _village(demo, group, one, ids[one]) for one in ids}
    _township(demo, group, ids, bundles)
    return ids


def _by_household(people: Sequence[Applicant]) -> list[tuple[Household, list[Applicant]]]:
    found: dict[str, list[Applicant]] = defaultdict(list)
    for one in people:
        found[one.household.number].append(one)
    return [(some[0].household, some) for some in found.values()]


def _papers(
    demo: Demo, group: Group, people: Sequence[Applicant], at: clock.Instant
) -> dict[tuple[str, str], UUID]:
    photos: dict[tuple[str, str], UUID] = {}
    for household, some in _by_household(people):
        photos |= claims.own_photos(
            demo.coordinator(household.village), household, [one.who for one in some], at=at,
            key=f"demo/{group.name}/papers/{household.number}",
        )  # fmt: skip
    return photos


def _by_phone(
    demo: Demo, group: Group, village: str, people: Sequence[Applicant], at: clock.Instant
) -> list[UUID]:
    ids = []
    for place, (household, some) in enumerate(_by_household(people)):
        name = f"{group.name}/{village}/{household.number}"
        phone = f"139{Random(name).randrange(10**8):08d}"
        actor = resident(demo, phone, at + datetime.timedelta(minutes=11 * place), name)
        photos = claims.own_photos(
            actor,
            household,
            [one.who for one in some],
            at=at,
            key=f"demo/{name}/papers",
            drawn=True,
        )
        ids += demo.submit(actor, some, Channel.PHONE, at=at, name=name, photos=photos)
    return ids


def resident(demo: Demo, phone: str, at: clock.Instant, name: str) -> Actor:
    """Somebody at a phone, proved by the code that was sent, who agreed to the notice."""
    asked = road.once(phones.ask, demo.system, phone, at=at, key=f"demo/{name}/ask")
    contact = asked.done[0]

    def code() -> str:
        sealed = next(
            one.facts["code"] for one in queries.notices_of([contact]) if one.template == "code"
        )
        return secrets.open_sealed(str(sealed), bound_to=identities.bound("code"))

    road.once(phones.prove, demo.system, phone, code, at=at, key=f"demo/{name}/prove")
    actor = officers.resident(contact)
    assert actor is not None
    road.once(phones.consent, actor, NOTICE, "phone", at=at, key=f"demo/{name}/consent")
    return actor


def _village(demo: Demo, group: Group, village: str, ids: Sequence[UUID]) -> UUID | None:
    if group.stop < Stop.VILLAGE_READY:
        return None
    key = f"demo/{group.name}/{village}"
    actor = demo.coordinator(village)
    at = demo.at(group.ago - DAY[Stop.VILLAGE_READY], OPENS + 2)
    road.answer(actor, ids, at=at, key=f"{key}/answer")
    road.decide(actor, ids, at=at, key=f"{key}/pass")
    if group.stop < Stop.TO_TOWNSHIP:
        return None
    at = demo.at(group.ago - DAY[Stop.TO_TOWNSHIP], OPENS + 8)
    return road.report(actor, ids, at=at, key=f"{key}/report")


def _township(
    demo: Demo, group: Group, ids: Mapping[str, Sequence[UUID]], bundles: Mapping[str, UUID | None]
) -> None:
    if group.stop < Stop.TOWNSHIP:
        return
    key = f"demo/{group.name}"
    every = [one for some in ids.values() for one in some]
    actor = demo.township(next(iter(ids)))
    at = demo.at(group.ago - DAY[Stop.TOWNSHIP], OPENS + 1, 30)
    for village, bundle_id in bundles.items():
        if bundle_id is not None:
            road.receive(actor, bundle_id, at=at, key=f"{key}/{village}/receive")
    if group.stop < Stop.TOWNSHIP_ANSWERED:
        return
    at = demo.at(group.ago - DAY[Stop.TOWNSHIP_READY], OPENS + 3)
    road.answer(actor, every, at=at, key=f"{key}/township/answer")
    road.type_again(actor, demo.claims, every, at=at, key=f"{key}/township/typed")
    if group.stop < Stop.TOWNSHIP_READY:
        return
    road.decide(actor, every, at=at, key=f"{key}/township/pass")
    if group.stop < Stop.TO_COUNTY:
        return
    at = demo.at(group.ago - DAY[Stop.TO_COUNTY], OPENS + 8)
    bundle_id = road.report(actor, every, at=at, key=f"{key}/township/report")
    _county(demo, group, every, bundle_id)


def _county(demo: Demo, group: Group, every: Sequence[UUID], bundle_id: UUID) -> None:
    if group.stop < Stop.COUNTY:
        return
    key = f"demo/{group.name}/county"
    actor = demo.county(group.insurance)
    at = demo.at(group.ago - DAY[Stop.COUNTY], OPENS + 1)
    road.receive(actor, bundle_id, at=at, key=f"{key}/receive")
    if group.stop < Stop.APPROVED:
        return
    at = demo.at(group.ago - DAY[Stop.APPROVED], OPENS + 2)
    road.answer(actor, every, at=at, key=f"{key}/answer")
    road.decide(actor, every, at=at, key=f"{key}/pass")
    if group.stop < Stop.FILED:
        return
    at = demo.at(group.ago - DAY[Stop.FILED], OPENS + 7)
    road.file(demo.actors["zhongwen"], every, at=at, key=f"{key}/file")
