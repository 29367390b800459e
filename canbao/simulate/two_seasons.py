"""Two seasons of the villages: last year's, paid to the fen and in the bank, and this year's, half way.

So that the season's board has a curve beside last year's, households to visit, and what these said.
"""

from __future__ import annotations

import datetime
import itertools
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from random import Random
from typing import Final
from uuid import UUID

from canbao.kernel import clock
from canbao.payments import asking, blocks, closing, queries, season
from canbao.payments.asking import How, Said
from canbao.payments.banking import agency, lines
from canbao.payments.banking.lines import Line
from canbao.payments.blocks import Kind, Run
from canbao.payments.channels.cash import collecting as cash
from canbao.payments.channels.cash import days, depositing, handing, matching
from canbao.payments.channels.cash.collecting import Ticket
from canbao.simulate import before, cast, claims, collecting, road
from canbao.simulate.claims import MEDICAL
from canbao.simulate.residents import Household
from canbao.simulate.walks import SEED, Demo

# How many households of each village were insured before; the others apply for the first time.
HOUSEHOLDS: Final = {
    cast.APRICOT: 14, cast.PEAR: 10, cast.STONE: 16, cast.GROVE: 8,
    "370199102201": 12, "370199102202": 12, "370199102203": 12, "370199102204": 12,
    "370199103201": 14, "370199103202": 14, "370199103203": 14, "370199103204": 14,
}  # fmt: skip
_HELPED: Final = 0.06
# Who of those that have not paid was asked, and how often each answer is given.
_ASKED: Final = 0.6
_ANSWERS: Final = {
    Said.YEAR_END: 8, Said.AWAY: 6, Said.CASH: 3, Said.OTHER_INSURANCE: 3, Said.TOO_DEAR: 2,
    Said.MOVED_OR_DIED: 1,
}  # fmt: skip
# On so many days the coordinator of a village collects.
_VISITS: Final = 3
_KEY: Final = "demo/seasons"
# A household by its village and number.
Home = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Past:
    """A season of the villages, `name` in the keys of its acts.

    `book` names each village's receipts, `first` is the first number of all; `dates` are the days of collecting,
    in the autumn before the cover year. Of a hundred households of a village at least `least` pay, at most `most`.
    """

    name: str
    year: int
    book: str
    first: int
    dates: Sequence[tuple[int, int]]
    least: int
    most: int

    def on(self, month: int, day: int) -> datetime.date:
        """A day in the autumn before the cover year."""
        return datetime.date(self.year - 1, month, day)


def _at(on: datetime.date, hour: int = 9) -> clock.Instant:
    """An hour of a day."""
    return clock.instant(datetime.datetime.combine(on, datetime.time(hour), clock.SHANGHAI))


@dataclass(frozen=True, slots=True)
class Visit:
    """A day of collecting in a village: the block, the first number, who pays, and for which charges how many fen."""

    village: str
    block: UUID
    first: int
    payers: Sequence[tuple[str, Mapping[UUID, int]]]

    @property
    def fen(self) -> int:
        """All the cash of the day."""
        return sum(sum(due.values()) for _, due in self.payers)


def homes_of(households: Mapping[str, Sequence[Household]]) -> dict[str, list[Household]]:
    """The households that were insured before, by village: the last ones that nobody else needs."""
    return {
        village: collecting.others(many, village)[-HOUSEHOLDS[village] :]
        for village, many in households.items()
    }


def play(demo: Demo, homes: Mapping[str, Sequence[Household]]) -> None:
    """Carry everybody over from the old system, and play both seasons as far as they have come."""
    year = claims.cover_year(MEDICAL, clock.on(demo.now))
    last = Past(
        "last", year - 1, "24-%s-01", 1001,
        ((9, 16), (10, 12), (10, 26), (11, 9), (11, 18), (11, 30), (12, 14), (12, 24)), 100, 100,
    )  # fmt: skip
    this = Past("this", year, "25-%s-02", 4001, ((9, 14), (10, 13), (10, 27), (11, 10)), 35, 85)
    persons = _carry(demo, homes, last)
    _season(demo, last, homes, persons)
    unpaid = _season(demo, this, homes, persons)
    _ask(demo, unpaid)


def _carry(
    demo: Demo, homes: Mapping[str, Sequence[Household]], last: Past
) -> dict[Home, list[UUID]]:
    """As insured in the year before; gives the persons of each household."""
    random = Random(f"{SEED}/seasons/carried")
    born_before = datetime.date(last.year - 1, 1, 1)
    persons: dict[Home, list[UUID]] = defaultdict(list)
    for village, many in homes.items():
        people = [who for one in many for who in one.members if who.birth_on < born_before]
        helped = {
            who.number: random.choice(tuple(before.LISTS))
            for who in people
            if random.random() < _HELPED
        }
        made = road.once(
            before.carry,
            demo.system,
            people,
            helped,
            at=_at(last.on(8, 20)),
            key=f"{_KEY}/{village}",
        )
        for who, person in zip(people, made.done, strict=True):
            persons[village, who.household].append(person)
    return persons


def _season(
    demo: Demo, one: Past, homes: Mapping[str, Sequence[Household]],
    persons: Mapping[Home, Sequence[UUID]],
) -> dict[str, list[UUID]]:  # fmt: skip
    """Charge everybody, let the villages collect and bring the cash to the bank; gives who has not paid, by village."""
    finance = demo.actors[cast.FINANCE_OFFICER[MEDICAL]]
    key = f"{_KEY}/{one.name}/charged"
    started = road.once(season.start, finance, MEDICAL, one.year, at=_at(one.on(9, 1)), key=key)
    season.run(cast.CODE, started.done[0])
    visits, unpaid = _plan(demo, one, homes, persons)
    for day in sorted(visits):
        _bank(demo, day, visits[day])
    _close(demo, one)
    return unpaid


def _plan(
    demo: Demo, one: Past, homes: Mapping[str, Sequence[Household]],
    persons: Mapping[Home, Sequence[UUID]],
) -> tuple[dict[datetime.date, list[Visit]], dict[str, list[UUID]]]:  # fmt: skip
    """Who pays on which day, and the charges of those who do not; the same in every run."""
    random = Random(f"{SEED}/seasons/{one.name}")
    dates = [on for on in itertools.starmap(one.on, one.dates) if on < clock.on(demo.at(5))]
    visits: dict[datetime.date, list[Visit]] = defaultdict(list)
    unpaid: dict[str, list[UUID]] = defaultdict(list)
    first = one.first
    for village, many in homes.items():
        owed = queries.owed(
            [who for home in many for who in persons[village, home.number]], one.year
        )
        charges = {row.person_id: row for row in owed if row.own_fen}
        paying: dict[datetime.date, list[tuple[str, Mapping[UUID, int]]]] = defaultdict(list)
        days_of = random.sample(dates, min(_VISITS, len(dates)))
        most = len(many) * random.randint(one.least, one.most) // 100
        for place, home in enumerate(random.sample(list(many), len(many))):
            mine = [charges[who] for who in persons[village, home.number] if who in charges]
            if mine and days_of and place < most:
                due = {row.id: row.own_fen for row in mine}
                paying[random.choice(days_of)].append((home.members[0].name, due))
            else:
                unpaid[village] += [row.id for row in mine]
        block = _block(demo, one, village, first, sum(map(len, paying.values())))
        for date in sorted(paying):
            visits[date].append(Visit(village, block, first, paying[date]))
            first += len(paying[date])
    return visits, unpaid


def _block(demo: Demo, one: Past, village: str, first: int, count: int) -> UUID:
    """Receipts for the season in a village, as many as it needs."""
    label = one.book % cast.VILLAGE_NAMES[village].removesuffix("村")
    run = Run(label, Kind.OFFICIAL, first, first + count - 1, demo.coordinator(village).id)
    finance = demo.actors[cast.FINANCE_OFFICER[MEDICAL]]
    return road.once(
        blocks.issue, finance, [run], at=_at(one.on(9, 2)), key=f"{_KEY}/block/{label}"
    ).done[0]


def _bank(demo: Demo, day: datetime.date, visits: Sequence[Visit]) -> None:
    """A day's cash from the payers over the townships' safes to lines of the bank that are matched."""
    safes: dict[str, int] = defaultdict(int)
    key, next_day = f"{_KEY}/{day}", day + clock.ONE_DAY
    for visit in visits:
        collector, mine = demo.coordinator(visit.village), f"{key}/{visit.village}"
        ids = claims.new_ids(_at(day), Random(mine), len(visit.payers))
        tickets = [
            Ticket(ticket, visit.first + place, name, due)
            for place, (ticket, (name, due)) in enumerate(zip(ids, visit.payers, strict=True))
        ]
        at = _at(day, 10)
        road.whole(road.once(cash.collect, collector, visit.block, tickets, at=at, key=mine), mine)
        at, notes = _at(day, 17), collecting.notes_of(visit.fen)
        road.once(days.close, collector, MEDICAL, day, notes, at=at, key=f"{mine}/counted")
        slip = road.once(handing.offer, collector, MEDICAL, at=at, key=f"{mine}/slip").done[0]
        township, at = demo.township(visit.village), _at(next_day)
        road.once(handing.accept, township, slip, visit.fen, at=at, key=f"{mine}/taken-over")
        safes[visit.village] += visit.fen
    _deposit(demo, next_day, safes, key)


def _deposit(demo: Demo, day: datetime.date, safes: Mapping[str, int], key: str) -> None:
    """Each township pays in what it took over, and finance finds it in the bank's lines."""
    finance, at = demo.actors[cast.FINANCE_OFFICER[MEDICAL]], _at(day, 11)
    [account] = agency.accounts_of(frozenset({MEDICAL}))
    paid_in: dict[str, int] = defaultdict(int)
    for village, fen in safes.items():
        paid_in[f"{village[:9]}000"] += fen
    found, matched = [], {}
    ids = claims.new_ids(at, Random(key), len(paid_in))
    for line, (township, fen) in zip(ids, sorted(paid_in.items()), strict=True):
        slip = f"{township[6:9]}-{day:%m%d}"
        deposit = road.once(
            depositing.pay_in, demo.actors[cast.TOWNSHIP_OFFICER[township]], account.id, slip, fen,
            day, at=at, key=f"{key}/{township}",
        )  # fmt: skip
        found.append(Line(line, f"{day:%Y}-{slip}", day, fen, "现金存入"))
        matched[line] = deposit.done[0]
    at = _at(day, 15)
    road.whole(road.once(lines.enter, finance, account.id, found, at=at, key=f"{key}/lines"), key)
    road.whole(road.once(matching.match, finance, matched, at=at, key=f"{key}/matched"), key)


def _close(demo: Demo, one: Past) -> None:
    """Finance closes the last month that is over, and a colleague confirms it."""
    finance, second = demo.actors[cast.FINANCE_OFFICER[MEDICAL]], demo.actors["guqing"]
    ends = (one.on(10, 31), one.on(12, 31))
    over = [on for on in ends if on < clock.on(demo.at(10))]
    if not over:
        return
    at = _at(over[-1] + datetime.timedelta(days=3))
    key = f"{_KEY}/{one.name}/closed"
    day = road.once(closing.close, finance, MEDICAL, over[-1], at=at, key=key).done[0]
    road.once(closing.confirm, second, day, at=at, key=f"{key}/confirmed")


def _ask(demo: Demo, unpaid: Mapping[str, Sequence[UUID]]) -> None:
    """What those who have not paid said when the coordinators asked them."""
    random = Random(f"{SEED}/seasons/asked")
    answers = [one for one, often in _ANSWERS.items() for _ in range(often)]
    for village, charges in unpaid.items():
        said: dict[Said, list[UUID]] = defaultdict(list)
        for one in charges:
            if random.random() < _ASKED:
                said[random.choice(answers)].append(one)
        for answer in sorted(said):
            how, at = random.choice(tuple(How)), demo.at(random.randint(1, 4), 16)
            road.once(
                asking.note, demo.coordinator(village), said[answer], how, answer, clock.on(at), at=at,
                key=f"{_KEY}/asked/{village}/{answer}",
            )  # fmt: skip
