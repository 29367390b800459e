"""A village in the middle of its season: charged, some paid yesterday, some not, and the cash not handed over yet."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from random import Random
from typing import Final
from uuid import UUID

from canbao.kernel import clock
from canbao.payments import blocks, queries
from canbao.payments.blocks import Kind, Run
from canbao.payments.channels.cash import collecting, days
from canbao.payments.channels.cash.collecting import Ticket
from canbao.payments.charges import ChargeRow
from canbao.simulate import before, cast, claims, road
from canbao.simulate.claims import MEDICAL
from canbao.simulate.residents import Household
from canbao.simulate.walks import SEED, Demo

VILLAGE: Final = cast.GROVE
FIRST, LAST = 9101, 9200
_HOUSEHOLDS: Final = 12
_PAID: Final = 8


def others(households: Sequence[Household], village: str) -> list[Household]:
    """The households of a village that neither this story nor one of 杏花村 is about."""
    if village == VILLAGE:
        return list(households[:-_HOUSEHOLDS])
    return [one for one in households if not cast.is_story(one)]


def carried(demo: Demo) -> dict[str, list[UUID]]:
    """Take twelve households of 柳林村 over from the old system; gives the persons of each."""
    # The first households of a village apply; these were insured before.
    homes = demo.households[VILLAGE][-_HOUSEHOLDS:]
    persons: dict[str, list[UUID]] = {}
    for home in homes:
        made = road.once(
            before.carry, demo.system, home.members, {},
            at=demo.at(3, 9), key=f"demo/collecting/{home.number}",
        )  # fmt: skip
        persons[home.number] = list(made.done)
    return persons


def village(demo: Demo, persons: Mapping[str, list[UUID]]) -> None:
    """Of the households that the season charged eight have paid, the notes are counted, nothing is handed over."""
    collector = demo.coordinator(VILLAGE)
    run = Run("25-柳林-01", Kind.OFFICIAL, FIRST, LAST, collector.id)
    finance = demo.actors[cast.FINANCE_OFFICER[MEDICAL]]
    issued = road.once(blocks.issue, finance, [run], at=demo.at(3, 10), key="demo/collecting/block")
    yesterday = demo.at(1, 15)
    owed = queries.owed([one for home in persons.values() for one in home])
    tickets = _tickets(demo, {one.person_id: one for one in owed if one.due_fen}, persons)
    road.once(
        collecting.collect, collector, issued.done[0], tickets, at=yesterday, key="demo/collecting/paid"
    )  # fmt: skip
    day = clock.on(yesterday)
    counted = days.expected_fen(collector.id, MEDICAL, day)
    if counted:
        road.once(
            days.close, collector, MEDICAL, day, notes_of(counted),
            at=demo.at(1, 18), key="demo/collecting/counted",
        )  # fmt: skip


def _tickets(
    demo: Demo, owed: Mapping[UUID, ChargeRow], persons: Mapping[str, list[UUID]]
) -> list[Ticket]:
    """One ticket a household; each household's money is given to the fen."""
    names = {home.number: home.members[0].name for home in demo.households[VILLAGE]}
    due = {
        home: {owed[one].id: owed[one].due_fen for one in some if one in owed}
        for home, some in persons.items()
    }
    paying = [home for home in due if due[home]][:_PAID]
    ids = claims.new_ids(demo.at(1, 15), Random(f"{SEED}/collecting"), len(paying))
    return [
        Ticket(one, FIRST + place, names[home], due[home])
        for place, (one, home) in enumerate(zip(ids, paying, strict=True))
    ]


def notes_of(fen: int) -> dict[int, int]:
    """The fewest notes that make an amount."""
    found = {}
    for value in days.DENOMINATIONS:
        found[value], fen = divmod(fen, value)
    return found
