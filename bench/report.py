"""Runs the measurements and gathers their figures."""

from __future__ import annotations

import resource
import statistics
import time
from collections.abc import Callable
from typing import Any, Final
from uuid import UUID

import psycopg
from django.utils.translation import override

from bench import chain, desk, floor, growth, scratch
from bench.chain import Chain
from bench.county import CODE, Applicants, County, found
from canbao.cases import queries
from canbao.cases.claim import Channel
from canbao.cases.prints import registration
from canbao.kernel import county, secrets
from canbao.papers import render

SET: Final = 500
Tell = Callable[[str], None]


def chain_figures(cases: int, channel: Channel, tell: Tell) -> dict[str, Any]:
    """`canbao bench chain`: what the road of so many cases costs beside the floor of its rows."""
    if not secrets.names():
        secrets.make_key()
    with scratch.database() as name, county.inside(CODE):
        tell("county")
        made = found()
        applicants = Applicants(made, channel)
        tell("statements at 1, 30 and 500")
        statements = chain.statements_by_size(made, applicants)
        with psycopg.connect(**scratch.arguments(name)) as connection:
            beneath = floor.Floor(connection)
            # A living county has statistics; a fresh one gets them from autovacuum within a minute.
            connection.execute("ANALYZE")
            connection.commit()
            run = Chain(made)
            for start in range(0, cases, SET):
                claims = applicants.next(min(SET, cases - start))
                beneath.skip()
                if start in {SET, 4 * SET, 20 * SET}:
                    connection.execute("ANALYZE")
                    connection.commit()
                run.walk(applicants, claims)
                beneath.write(beneath.take())
                tell(
                    f"{start + len(claims)} of {cases}: {(start + len(claims)) / run.total:.0f} cases/s"
                )
        printed = _pdf_ms(made, claims[0].id)
    rows = sum(beneath.rows.values())
    return {
        "cases": cases,
        "channel": str(channel),
        "cases_per_s": round(cases / run.total, 1),
        "rows_per_s": round(rows / run.total),
        "floor_cases_per_s": round(cases / beneath.seconds, 1),
        "floor_by_copy_cases_per_s": round(cases / beneath.by_copy, 1),
        "floor_by_select_cases_per_s": round(cases / beneath.by_select, 1),
        "ratio": round(beneath.seconds / run.total, 3),
        "rows_per_case": {
            "all": round(rows / cases, 2),
            **{name: round(count / cases, 2) for name, count in beneath.rows.items() if count},
        },
        "milliseconds_per_set": {
            name: round(seconds * 1000 * SET / cases, 1) for name, seconds in run.seconds.items()
        },
        "statements": dict(statements),
        "pdf_page_ms": printed,
        "peak_memory_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
    }


def _pdf_ms(made: County, case_id: UUID) -> float:
    """Milliseconds of one page as PDF/A, made outside of any act; the first one, which loads fonts, is left out."""
    view = queries.view(made.county, case_id)
    with override("zh-hans"):
        sheet = registration.sheet(view, 1, view.case.masked, "zh-hans")
    times = []
    for _ in range(11):
        started = time.perf_counter()
        render.pdf(sheet)
        times.append((time.perf_counter() - started) * 1000)
    return round(statistics.median(times[1:]), 1)


def desk_figures(cases: int, persons: int, tell: Tell) -> dict[str, Any]:
    """`canbao bench desk`: growth of the chain, single decisions alone and beside sets, search by name."""
    if not secrets.names():
        secrets.make_key()
    with scratch.database() as name, county.inside(CODE):
        made = found()
        applicants = Applicants(made, Channel.VILLAGE)
        Chain(made).walk(applicants, applicants.next(SET))
        with psycopg.connect(**scratch.arguments(name)) as connection:
            growth.mark(connection)
            fewer, more = cases // 10 // SET, cases // SET
            growth.copy_cases(connection, 1, fewer - 1)
            tell(f"{fewer * SET} cases are there")
            small = _seconds_per_case(made, applicants)
            growth.copy_cases(connection, fewer, more - 1)
            tell(f"{more * SET} cases are there")
            large = _seconds_per_case(made, applicants)
            tell("single decisions")
            alone = desk.single_decisions(made, desk.prepared(made, applicants, desk.SINGLES))
            singles = desk.prepared(made, applicants, 10 * desk.SINGLES)
            sets = [desk.prepared(made, applicants, SET) for _ in range(4)]
            beside = desk.beside_sets(made, singles, sets)
            growth.many_persons(connection, CODE, persons)
            tell(f"{persons} persons are there")
            plan = desk.name_search(made)
    return {
        "cases_before": [fewer * SET, more * SET],
        "milliseconds_per_case": [round(small * 1000, 3), round(large * 1000, 3)],
        "growth": round(large / small, 3),
        "single_decision": alone,
        "beside_a_set_of_500": beside,
        "persons": persons,
        "name_search": plan,
    }


def _seconds_per_case(made: County, applicants: Applicants, sets: int = 4) -> float:
    Chain(made).walk(applicants, applicants.next(SET))
    run = Chain(made)
    for _ in range(sets):
        run.walk(applicants, applicants.next(SET))
    return run.total / (sets * SET)
