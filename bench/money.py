"""Money: a season beside the floor of its rows, and eight cashiers, alone and while a season is charged.

Who is insured before the season is made by SQL and is not measured.
"""

from __future__ import annotations

import multiprocessing
import os
import resource
import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID, uuid4

import psycopg
from django.db import connection, connections

import canbao.cases.checked  # noqa: F401 - what must hold of cases
from bench import county as places
from bench import floor, scratch
from canbao.kernel import clock, county, secrets
from canbao.kernel import statements as watched
from canbao.kernel.actor import Actor
from canbao.kernel.ids import new_id
from canbao.payments import blocks, checking, season
from canbao.payments.blocks import Kind, Run
from canbao.payments.channels.cash import collecting
from canbao.payments.channels.cash.collecting import Ticket
from canbao.payments.tables import Charge, Season
from canbao.people import officers
from canbao.postgres import niceness
from canbao.reports import season as board
from canbao.simulate import offices
from canbao.simulate.offices import Place, Worker

CASHIERS: Final = 8
HOUSEHOLD: Final = 4
# A household every half second at each of the eight counters.
PAUSE: Final = 0.5
PACED: Final = 25
INSURANCE: Final = "390"
Tell = Callable[[str], None]
_forks: Final = multiprocessing.get_context("fork")

# A county of people insured last year: every 15th in a group that others pay for, four to a household.
_PEOPLE: Final = """
CREATE TABLE bench_people AS
SELECT n, {id} AS person_id, {id} AS enrolment_id,
    date '{today}' - (n %% 29000)::int AS birth_on,
    '370199101' || lpad((n / 500 %% 200 + 200)::text, 3, '0') AS village
FROM generate_series({first}, {last}) AS n;
INSERT INTO person (id, county, name, sex, birth_on, ethnic, village, address, living_address,
    household_nature, phone_sealed, four_mac)
SELECT person_id, '{county}', '王' || n, '1', birth_on, '01', village, '', '', '20', '', '' FROM bench_people;
INSERT INTO identity_document (id, county, person_id, kind, number_sealed, number_mac, masked, from_on)
SELECT {id}, '{county}', person_id, 'id_card', '', md5(n::text), '', date '{today}' FROM bench_people;
INSERT INTO household (id, county, number, village, address)
SELECT {id}, '{county}', lpad((n / {household})::text, 7, '0'), min(village), '' FROM bench_people
GROUP BY n / {household}, lpad((n / {household})::text, 7, '0');
INSERT INTO membership (id, county, household_id, person_id, relation, from_on)
SELECT {id}, '{county}', household.id, person_id, '20', date '{today}' FROM bench_people
JOIN household ON household.number = lpad((n / {household})::text, 7, '0');
INSERT INTO enrolment (id, county, person_id, insurance, from_on, state, opened_by_case, at)
SELECT enrolment_id, '{county}', person_id, '390', date '{today}', 'live', {id}, '{today}' FROM bench_people;
INSERT INTO enrolment_year (id, county, enrolment_id, year, level, residency, student, own_fen, pack_sha256, at)
SELECT {id}, '{county}', enrolment_id, {year} - 1, 'adult', 'rural', 'none', 44000, '', '{today}' FROM bench_people;
INSERT INTO cover (id, county, enrolment_id, year, from_on, to_on, why, at)
SELECT {id}, '{county}', enrolment_id, {year} - 1, make_date({year} - 1, 1, 1), make_date({year}, 1, 1), '[]',
    '{today}' FROM bench_people;
INSERT INTO category (id, county, person_id, code, evidence, from_on)
SELECT {id}, '{county}', person_id, 'low_income', '2026-10', date '{today}' - 100 FROM bench_people WHERE n %% 15 = 0;
DROP TABLE bench_people
"""
# Ids of version 7 in the order of the rows, as canbao makes them.
_ID: Final = (
    "(lpad(to_hex((extract(epoch from clock_timestamp()) * 1000)::bigint), 12, '0') || '7'"
    " || substr(replace(gen_random_uuid()::text, '-', ''), 14))::uuid"
)


@dataclass(frozen=True, slots=True)
class Cast:
    """The finance officer and the cashiers."""

    finance: Actor
    cashiers: Sequence[Actor]


def _cast() -> Cast:
    workers = [
        Worker("finance", "罗振邦", "finance", INSURANCE),
        *(Worker(f"cashier{n}", f"收费{n}", "village", places.VILLAGE) for n in range(CASHIERS)),
    ]
    towns, villages = (
        [Place(places.TOWNSHIP, "柳泉镇")],
        [Place(places.VILLAGE, "杏花村", places.TOWNSHIP)],
    )
    postings = offices.found(places.CODE, "明水县", towns, villages, workers, demo=True)
    held = [officers.officer(login, one, clock.today()) for login, one in postings.items()]
    known = {one.name: one for one in held if one is not None}
    return Cast(known["罗振邦"], [known[f"收费{n}"] for n in range(CASHIERS)])


def _settle(raw: psycopg.Connection[Any], first: int, count: int) -> None:
    """So many people insured last year."""
    sql = _PEOPLE.format(
        id=_ID, first=first, last=first + count - 1, county=places.CODE, household=HOUSEHOLD,
        today=clock.today(), year=_year(),
    ).replace("%%", "%")  # fmt: skip
    # What is made here is whole; keys would be checked one by one while nothing is known of the tables.
    raw.execute("SET session_replication_role = replica")
    for one in sql.split(";\n"):
        raw.execute(one.encode())
    raw.execute("SET session_replication_role = origin")
    raw.commit()
    raw.autocommit = True
    raw.execute("VACUUM ANALYZE")
    raw.autocommit = False


def _year() -> int:
    return clock.today().year + 1


def _start(finance: Actor) -> UUID:
    return season.start(finance, INSURANCE, _year(), at=clock.now(), key=str(uuid4())).done[0]


def _season(finance: Actor, beneath: floor.Floor | None, tell: Tell) -> tuple[float, int]:
    """Seconds and charges of a season; each set's rows are written by the floor too, right after it."""
    made, seconds, place = _start(finance), 0.0, 0
    if beneath is not None:
        beneath.skip()
    while True:
        started = time.perf_counter()
        season.carry(finance, made, at=clock.now(), key=f"season/{made}/{place}")
        seconds += time.perf_counter() - started
        row = Season.here.get(id=made)
        if beneath is not None:
            beneath.write(beneath.take())
        place += 1
        tell(f"{row.looked} of {row.total}: {row.charged / seconds:.0f} charges/s")
        if row.state == "done":
            return seconds, row.charged


def _households(count: int, size: int = HOUSEHOLD) -> list[list[tuple[UUID, int]]]:
    """Charges to be paid together: so many groups of this size, each nobody else's."""
    found = Charge.here.filter(state="open").order_by("household_number", "id")
    rows = list(found.values_list("id", "own_fen")[: count * size])
    return [rows[place : place + size] for place in range(0, len(rows), size)]


def _block(finance: Actor, cashier: Actor, first: int, count: int) -> UUID:
    run = Run(f"{cashier.name}-{first}", Kind.ACKNOWLEDGEMENT, first, first + count - 1, cashier.id)
    return blocks.issue(finance, [run], at=clock.now(), key=str(uuid4())).done[0]


def _pay(cashier: Actor, block: UUID, number: int, due: Sequence[tuple[UUID, int]]) -> None:
    ticket = Ticket(new_id(), number, "王守田", dict(due))
    outcome = collecting.collect(cashier, block, [ticket], at=clock.now(), key=str(uuid4()))
    if outcome.refused:
        raise RuntimeError(str(next(iter(outcome.refused.values()))))


def _cashier(
    cashier: Actor,
    block: UUID,
    first: int,
    work: Sequence[Sequence[tuple[UUID, int]]],
    pause: float,
    later: float,
    begin: Any,
    told: Any,
) -> None:
    times = []
    with county.inside(places.CODE):
        connection.ensure_connection()
        begin.wait()
        time.sleep(later)
        for number, due in enumerate(work, first):
            started = time.perf_counter()
            _pay(cashier, block, number, due)
            times.append((time.perf_counter() - started) * 1000)
            time.sleep(pause)
    told.put(times)
    told.close()
    told.join_thread()
    os._exit(0)


def _charging(finance: Actor, made: UUID, begin: Any) -> None:
    # As the queue, which charges a season.
    os.setsid()
    niceness.lower(os.getpid(), niceness.QUEUE)
    with county.inside(places.CODE):
        connection.ensure_connection()
        begin.wait()
    season.run(places.CODE, made)
    del finance
    os._exit(0)


def _eight(
    cast: Cast, each: int, first: int, made: UUID | None = None, pause: float = 0
) -> dict[str, float]:
    """Eight cashiers, each a process, pay households at once; with `made` that season is charged meanwhile.

    Without a pause the next household stands there as soon as one is done, and the machine is full. With
    one the counters do not begin in step.
    """
    work = _households(CASHIERS * each)
    runs = [
        (cashier, _block(cast.finance, cashier, first + place * each, each), first + place * each,
         work[place::CASHIERS], pause, pause * place / CASHIERS)
        for place, cashier in enumerate(cast.cashiers)
    ]  # fmt: skip
    connections.close_all()
    begin = _forks.Barrier(CASHIERS + 1 + (made is not None))
    told = _forks.Queue()
    others = [_forks.Process(target=_cashier, args=(*run, begin, told)) for run in runs]
    if made is not None:
        charging = _forks.Process(target=_charging, args=(cast.finance, made, begin))
        charging.start()
    for one in others:
        one.start()
    begin.wait()
    started = time.perf_counter()
    times = [one for _ in others for one in told.get()]
    seconds = time.perf_counter() - started
    for one in others:
        one.join()
    found: dict[str, float] = {
        "payments": len(times),
        "payments_per_s": round(len(times) / seconds, 1),
        "pay_p50_ms": round(statistics.median(times), 1),
        "pay_p95_ms": round(statistics.quantiles(times, n=20)[-1], 1),
    }
    if made is not None:
        row = Season.here.get(id=made)
        found["charges_made_meanwhile"] = row.charged
        charging.join()
    return found


def _statements(cast: Cast, first: int) -> dict[str, int]:
    """Statements of one payment for households of 1, 4 and 12."""
    counts = {}
    block = _block(cast.finance, cast.cashiers[0], first, 3)
    for number, size in enumerate((1, 4, 12), first):
        [due] = _households(1, size)
        with watched.seen() as seen:
            _pay(cast.cashiers[0], block, number, due)
        counts[str(size)] = len(seen)
    return counts


def _board_ms(actor: Actor) -> float:
    """Milliseconds of everything the season board counts."""
    started = time.perf_counter()
    found = board.places(actor)
    board.tallies(INSURANCE, _year(), list(found.values()), None)
    board.curve(INSURANCE, _year(), None, clock.today())
    board.said(INSURANCE, _year(), None)
    return round((time.perf_counter() - started) * 1000, 1)


def _check_seconds() -> float:
    """Seconds of working everything out from zero, as `canbao ledger check` does; everything must agree."""
    started = time.perf_counter()
    found = checking.differences()
    if found:
        raise RuntimeError(found[0].text)
    return round(time.perf_counter() - started, 2)


def _beside_a_season(people: int, each: int, pause: float) -> dict[str, float]:
    """Cashiers paying what an earlier season charged, while one of so many people is charged."""
    with scratch.database() as name, county.inside(places.CODE):
        cast = _cast()
        with psycopg.connect(**scratch.arguments(name)) as raw:
            before = CASHIERS * each * 2 * HOUSEHOLD
            _settle(raw, 0, before)
            _season(cast.finance, None, lambda _line: None)
            _settle(raw, before, people)
        return _eight(cast, each, 1000, _start(cast.finance), pause)


def figures(people: int, tell: Tell) -> dict[str, Any]:
    """`canbao bench money`: a season of so many people, its floor, cashiers, growth, memory."""
    if not secrets.names():
        secrets.make_key()
    each = max(20, min(250, people // 400))
    with scratch.database() as name, county.inside(places.CODE):
        cast = _cast()
        with psycopg.connect(**scratch.arguments(name)) as raw:
            tell("people")
            _settle(raw, 0, people)
            beneath = floor.Floor(raw)
            seconds, charged = _season(cast.finance, beneath, tell)
            raw.autocommit = True
            raw.execute("VACUUM ANALYZE")
            board_ms = _board_ms(cast.finance)
            tell("cashiers alone")
            statements = _statements(cast, 1)
            alone = _eight(cast, each, 1000)
            paced = _eight(cast, PACED, 500_000, pause=PAUSE)
            tell("ledger check")
            check_seconds = _check_seconds()
    tell("cashiers beside a season")
    beside = _beside_a_season(people, each, 0)
    tell("cashiers beside a season, at the pace of a counter")
    paced_beside = _beside_a_season(people, PACED, PAUSE)
    fewer, more = _growth(people, tell)
    return {
        "people": people,
        "charges_per_s": round(charged / seconds, 1),
        "floor_charges_per_s": round(charged / beneath.seconds, 1),
        "floor_by_copy_charges_per_s": round(charged / beneath.by_copy, 1),
        "floor_by_select_charges_per_s": round(charged / beneath.by_select, 1),
        "ratio": round(beneath.seconds / seconds, 3),
        "rows_per_charge": {
            table: round(count / charged, 2) for table, count in beneath.rows.items() if count
        },
        "season_board_ms": board_ms,
        "ledger_check_seconds": check_seconds,
        "cashiers_alone": alone,
        "cashiers_beside_a_season": beside,
        "at_the_pace_of_a_counter": paced,
        "at_the_pace_of_a_counter_beside_a_season": paced_beside,
        "statements_per_payment": statements,
        "milliseconds_per_charge": {"by_a_tenth": round(fewer, 4), "by_all": round(more, 4)},
        "growth": round(more / fewer, 3),
        "peak_memory_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
    }


def _growth(people: int, tell: Tell) -> tuple[float, float]:
    """Milliseconds a charge of a season of a tenth, and of all, each in a fresh database."""
    found = []
    for count in (people // 10, people):
        with scratch.database() as name, county.inside(places.CODE):
            cast = _cast()
            with psycopg.connect(**scratch.arguments(name)) as raw:
                _settle(raw, 0, count)
            seconds, charged = _season(cast.finance, None, tell)
            found.append(seconds * 1000 / charged)
    return found[0], found[1]
