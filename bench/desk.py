"""Single acts: one decision, decisions beside a set of 500, a name searched among many."""

from __future__ import annotations

import multiprocessing
import os
import statistics
import time
from collections.abc import Sequence
from typing import Any, Final, Self
from uuid import UUID, uuid4

from django.db import connection, connections

from bench.chain import Chain
from bench.county import CODE, Applicants, County, name
from canbao.cases import review, worklists
from canbao.cases.flow import Verdict
from canbao.cases.review import Choice
from canbao.cases.worklists import Filter
from canbao.kernel import clock, county
from canbao.kernel.actor import Actor

SINGLES: Final = 60
_forks: Final = multiprocessing.get_context("fork")


def prepared(made: County, applicants: Applicants, count: int) -> list[UUID]:
    """Cases at the village's desk with every item answered."""
    chain = Chain(made)
    claims = applicants.next(count)
    ids = chain.submit(applicants, claims)
    chain.answer(made.village, "village", ids, claims, 1, applicants.channel)
    return ids


def _pass(actor: Actor, ids: Sequence[UUID]) -> None:
    chosen = {one: Choice(1, Verdict.PASS) for one in ids}
    outcome = review.decide(actor, chosen, at=clock.now(), key=str(uuid4()))
    if outcome.refused:
        raise RuntimeError(str(next(iter(outcome.refused.values()))))


class Clock:
    """Sums the time statements take, COPY and commit included, by standing at the driver's door."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def __enter__(self) -> Self:
        driver = connection.connection
        self._kind, self._wait = type(driver), type(driver).wait

        def wait(*given: Any, **named: Any) -> Any:
            started = time.perf_counter()
            try:
                return self._wait(*given, **named)
            finally:
                self.seconds += time.perf_counter() - started

        self._kind.wait = wait
        return self

    def __exit__(self, *_: object) -> None:
        self._kind.wait = self._wait


def single_decisions(made: County, ids: Sequence[UUID]) -> dict[str, float]:
    """Milliseconds of one decision: all of it, and what the database takes of it."""
    whole, database = [], []
    connection.ensure_connection()
    for one in ids:
        with Clock() as watch:
            started = time.perf_counter()
            _pass(made.village, [one])
            whole.append((time.perf_counter() - started) * 1000)
        database.append(watch.seconds * 1000)
    return {
        "whole_ms": round(statistics.median(whole), 1),
        "database_ms": round(statistics.median(database), 1),
    }


def _sets(actor: Actor, many: Sequence[Sequence[UUID]], begin: Any) -> None:
    with county.inside(CODE):
        begin.wait()
        for ids in many:
            _pass(actor, ids)
    os._exit(0)


def beside_sets(
    made: County, singles: Sequence[UUID], many: Sequence[Sequence[UUID]]
) -> dict[str, float]:
    """Milliseconds of single decisions while another process decides sets of 500."""
    connections.close_all()
    begin = _forks.Barrier(2)
    other = _forks.Process(target=_sets, args=(made.village, many, begin))
    other.start()
    connection.ensure_connection()
    begin.wait()
    times = []
    for one in singles:
        if not other.is_alive():
            break
        started = time.perf_counter()
        _pass(made.village, [one])
        times.append((time.perf_counter() - started) * 1000)
    other.join()
    return {
        "decisions": len(times),
        "p50_ms": round(statistics.median(times), 1),
        "p95_ms": round(statistics.quantiles(times, n=20)[-1], 1),
    }


def name_search(made: County) -> list[str]:
    """How the database looks for a name of two characters; the lines of its plan."""
    found = worklists.matching(made.village, Filter(search=name(7)[:2]), clock.today())
    plan = found.order_by("due_on", "id")[:50].explain(analyze=True, costs=False, timing=False)
    return [line.strip() for line in plan.splitlines()]
