"""Fills the demo county 明水县 through the operations: cases at every stage, and one for each fault."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from typing import Final
from uuid import UUID, uuid5

from django.utils.translation import gettext as _

from canbao.kernel import audit, clock, outcomes, secrets, statistics
from canbao.kernel.actor import Actor
from canbao.kernel.operation import LARGEST_SET, operation
from canbao.kernel.taken import Outcome
from canbao.people import officers, register
from canbao.simulate import (
    before,
    cast,
    claims,
    collecting,
    counters,
    faults,
    offices,
    plan,
    refunds_demo,
    road,
    two_seasons,
    walks,
)
from canbao.simulate.plan import Pools
from canbao.simulate.residents import Household, Numbers
from canbao.simulate.walks import SEED, Demo

FILLED: Final = "demo/filled"
_OFFICES: Final = "demo/offices"
_MEASURED: Final = (0, 2, 8)  # groups after which the tables have grown most
_SPACE: Final = UUID(int=int(cast.CODE))


def is_filled() -> bool:
    """Whether the demo county stands already; to be asked inside it."""
    return outcomes.kept(officers.system(), FILLED) is not None


def fill(now: clock.Instant) -> None:
    """Fill the county; to be called inside it. What an earlier run did stays, and the rest follows."""
    demo = _begin(now)
    on = clock.on(now)
    before_now = two_seasons.homes_of(demo.households)
    pools = Pools(demo.households, on, _kept(demo.households, before_now))
    groups = sorted(plan.GROUPS, key=lambda group: -group.ago)
    people = {
        group.name: {one: pools.take(one, group.insurance, group.count) for one in group.villages}
        for group in (*groups, plan.CLOSING)
    }
    counters.make_ready(demo)
    # In the order of time: the season charges whom it finds.
    two_seasons.play(demo, before_now)
    faults.insured_story(demo)
    before.paying_story(demo)
    homes = collecting.carried(demo)
    before.season(demo)
    collecting.village(demo, homes)
    for place, group in enumerate(groups):
        walks.walk(demo, group, people[group.name])
        if place in _MEASURED:
            statistics.refresh()
    closing = walks.walk(demo, plan.CLOSING, people["closing"])
    faults.township_answers(demo, [one for ids in closing.values() for one in ids])
    faults.returned(demo, pools)
    faults.ended(demo, pools)
    faults.checks(demo, pools)
    faults.on_paper(demo, pools)
    faults.sheets(demo, pools)
    refunds_demo.stand(demo, pools)
    road.once(filled, demo.system, at=now, key=FILLED)


def _kept(
    households: Mapping[str, Sequence[Household]], before_now: Mapping[str, Sequence[Household]]
) -> frozenset[str]:
    """Households in which nobody applies for the first time: those of the stories, and those insured before."""
    stories = [one for many in households.values() for one in many if cast.is_story(one)]
    insured = [one for many in before_now.values() for one in many]
    return frozenset(f"{one.village}/{one.number}" for one in (*stories, *insured))


def hints() -> list[str]:
    """What somebody who tries the county wants to know; asked again it says the same."""
    chen = _actors(clock.today())["chenqiusheng"]
    known = outcomes.kept(chen, f"demo/envelope/{cast.APRICOT}/report")
    number = known.outcome.made["number"] if known else ""
    return [
        _(
            "Story: 王守田 (household 0317, 杏花村) applies by phone %(phone)s, 周长河 at the village,"
            " 贺秀兰 of 梨树村 on paper:"
        )
        % {"phone": cast.PHONE_OF_STORY},
        *_numbers(),
        _("Paying: 郑保田 (household 0319, 杏花村) opens %(phone)s; 1,270 yuan are due for four.")
        % {"phone": cast.PHONE_OF_PAYER},
        _("In bundle %(number)s, on the way to 柳泉镇, copy 2 of the first case is missing.")
        % {"number": number},
    ]


def _numbers() -> list[str]:
    """The numbers of those who apply in the tutorial, who are as invented as the others."""
    known = outcomes.kept(officers.system(), _OFFICES)
    told = cast.story(Numbers(), clock.on(known.at) if known else clock.today())
    found = [cast.member(told, name) for name in cast.APPLICANTS]
    return [
        f"  {who.name}  {who.number}  {cast.VILLAGE_NAMES[home.village]} {home.number}"
        for home, who in found
    ]


@operation
def filled(actor: Actor, *, at: clock.Instant) -> Outcome:
    """Note that the demo county is complete, so that nothing is done a second time."""
    audit.record(actor, "demo.filled", [_SPACE], at=at, kind="county")
    return Outcome((_SPACE,))


def _begin(now: clock.Instant) -> Demo:
    if not secrets.names():
        secrets.make_key()
    system = officers.system()
    on = clock.on(now)
    road.once(
        offices.establish, system, cast.NAME, cast.TOWNSHIPS, cast.VILLAGES, cast.WORKERS,
        at=now, key=_OFFICES,
    )  # fmt: skip
    households = cast.households(SEED, on)
    _load_register(system, households, now)
    return Demo(
        now=now,
        actors=_actors(on),
        system=system,
        households=households,
        photos=claims.specimens(system, now),
    )


def _actors(on: datetime.date) -> dict[str, Actor]:
    known = outcomes.kept(officers.system(), _OFFICES)
    postings = known.outcome.made if known else {}
    found = {login: officers.officer(login, UUID(one), on) for login, one in postings.items()}
    return {login: actor for login, actor in found.items() if actor is not None}


def _load_register(
    system: Actor, households: Mapping[str, Sequence[Household]], now: clock.Instant
) -> None:
    lines = [
        who.row(place)
        for place, who in enumerate(
            (who for many in households.values() for one in many for who in one.members), 2
        )
    ]
    for start in range(0, len(lines), LARGEST_SET):
        part = lines[start : start + LARGEST_SET]
        load_id = uuid5(_SPACE, f"register {start}")
        road.once(register.load, system, part, load_id, at=now, key=f"demo/register/{start}")
