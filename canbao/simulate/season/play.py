"""Plays a random season: begins it, does one act after the other, repeats, and lets the power go off in any of them."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from random import Random
from typing import Final
from uuid import UUID

from django.db.models import Count, Q, Sum

from canbao.kernel import clock
from canbao.kernel.refusal import Refused
from canbao.payments import payouts
from canbao.payments.banking import agency
from canbao.payments.banking.agency import Given
from canbao.payments.charges import State
from canbao.payments.tables import Charge, Payout, Receipt
from canbao.people import officers
from canbao.simulate import cast, counters, insured, offices
from canbao.simulate.insured import Insured

# Each names its acts.
from canbao.simulate.season import counter, custody, people, refunds, walks
from canbao.simulate.season.world import (
    ACTS,
    MEDICAL,
    PENSION,
    Crash,
    World,
    act,
    one_of,
    power_off,
)

ROOMS: Final = (counter, custody, walks, refunds, people)
# Statements of an act before the power goes off, on average.
_STATEMENTS: Final = 12
# So many acts make a season in which most have paid; a larger county does more in each.
MOST_ACTS: Final = 1_000
_HOUSEHOLDS: Final = 500


def autumn(today: datetime.date) -> clock.Instant:
    """The first of November at nine, when the money of both insurances is taken."""
    start = datetime.datetime(today.year, 11, 1, 9, tzinfo=clock.SHANGHAI)
    return clock.instant(start)


def acts_of(people: int) -> int:
    """How many acts a season of so many people has."""
    return min(MOST_ACTS, 2 * people)


def begin(seed: int, people: int, now: clock.Instant) -> World:
    """Make the county, its officers and everybody insured before, and charge them; to be called inside it."""
    rng = Random(seed)
    postings = offices.found(
        cast.CODE, cast.NAME, cast.TOWNSHIPS, cast.VILLAGES, cast.WORKERS, demo=True
    )
    on, before = clock.on(now), now - datetime.timedelta(days=1)
    held = {login: officers.officer(login, one, on) for login, one in postings.items()}
    actors = {login: one for login, one in held.items() if one is not None}
    villages = [one.code for one in cast.VILLAGES]
    medical = people - people // 5
    homes = {
        insurance: _homes(insured.settle(rng, count, villages, insurance, on, before))
        for insurance, count in ((MEDICAL, medical), (PENSION, people - medical))
    }
    accounts: dict[str, UUID] = {}
    for insurance, number in counters.ACCOUNTS.items():
        officer = actors[cast.FINANCE_OFFICER[insurance]]
        given = Given(insurance, officer.office_name, counters.BANK, number)
        made = agency.add_account(officers.system(), officer.office_id, given, at=now)
        accounts[insurance] = made.done[0]
    size = max(1, people // _HOUSEHOLDS)
    world = World(rng, actors, homes, accounts, now, people, size)
    for insurance in homes:
        counter.start(world, insurance)
    return world


def _homes(made: Sequence[Insured]) -> list[list[UUID]]:
    found: dict[str, list[UUID]] = {}
    for one in made:
        found.setdefault(one.household_number, []).append(one.person_id)
    return list(found.values())


def step(world: World, name: str = "") -> str:
    """Do one act, by chance where none is named; returns its name. A refusal is an answer like another."""
    chosen = name or one_of(world.rng, ACTS)
    world.now += datetime.timedelta(seconds=1)
    world.acts[chosen] = world.acts.get(chosen, 0) + 1
    _do(world, chosen)
    return chosen


def _do(world: World, name: str) -> None:
    try:
        ACTS[name][1](world)
    except Refused as refused:
        world.note(refused.code)


@act(10)
def do_it_again(world: World) -> None:
    """Something done before is sent again, with its key."""
    if world.done:
        world.told(world.rng.choice(world.done)())


@act(15)
def crash(world: World) -> None:
    """The power goes off between two statements of any act; it is sent again, or nobody comes back to it."""
    name = one_of(world.rng, set(ACTS) - {"crash"})
    before = len(world.done)
    try:
        with power_off(1 + int(world.rng.expovariate(1 / _STATEMENTS))):
            _do(world, name)
    except Crash:
        world.note("crashed")
    if world.maybe(0.8) and len(world.done) > before:
        world.told(world.done[-1]())


def sums() -> dict[str, int]:
    """How many charges, receipts and refunds there are now, and over how much; three statements."""
    charges = Charge.here.aggregate(
        charges=Count("id"), settled=Count("id", filter=Q(state=State.SETTLED))
    )
    receipts = Receipt.here.aggregate(receipts=Count("id"), received=Sum("amount_fen"))
    paid = Payout.here.filter(result=payouts.PAID, payout=None)
    refunds_paid = paid.aggregate(refunds=Count("id"), returned=Sum("amount_fen"))
    found = charges | receipts | refunds_paid
    return {name: int(value or 0) for name, value in found.items()}
