"""No page reads a table from end to end, however many rows it holds.

CANBAO_PLAN_ROWS=600000 asks the same of a county's whole season; the tables are filled by SQL.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any, Final
from uuid import UUID

import psycopg
import pytest
from django.db import connection

from bench import growth
from canbao.cases import archive, flow, queries
from canbao.cases.door import CaseRow
from canbao.cases.worklists import tabs_of
from canbao.kernel import clock, county
from canbao.kernel.actor import Actor
from canbao.people import officers, phones
from tests import small as cast
from tests.small import Small
from tests.web.desk.conftest import Desk
from tests.web.portal.resident import Resident

Sit = Callable[[str], Desk]
ROWS: Final = int(os.environ.get("CANBAO_PLAN_ROWS", "20000"))
PLACES: Final = 300  # villages of a county
ASKED: Final = ("SELECT", "WITH")
# Nearly every case of an old county is filed: to count that list is to read the table.
COUNTS_ALL: Final = frozenset({"wei ?tab=filed"})


@pytest.fixture
def small(own_database: str) -> Iterator[Small]:
    with county.inside(cast.COUNTY):
        yield cast.found()


@contextmanager
def selects() -> Iterator[list[tuple[str, Any]]]:
    """The reading statements of what is done inside, with their values."""
    found: list[tuple[str, Any]] = []

    def wrapper(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:  # noqa: FBT001
        if sql.lstrip().upper().startswith(ASKED):
            found.append((sql, params))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(wrapper):
        yield found


def read_whole(sql: str, params: Any) -> set[str]:
    """The tables that a statement would read from end to end."""
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN (FORMAT JSON) {sql}", params)
        plan = cursor.fetchone()[0]
    found = set()
    nodes = [one["Plan"] for one in (json.loads(plan) if isinstance(plan, str) else plan)]
    while nodes:
        node = nodes.pop()
        nodes += node.get("Plans", [])
        if node["Node Type"] == "Seq Scan":
            found.add(node["Relation Name"])
    return found


def grown(url: str) -> set[str]:
    """Fill the tables, spread the copies over the villages; returns the tables that are large now."""
    with psycopg.connect(url) as driver:
        growth.mark(driver)
        growth.fill(driver, ROWS)
        placed = driver.execute(
            "SELECT table_name FROM information_schema.columns WHERE table_schema = 'public' "
            "AND column_name = 'village' AND table_name <> 'draft'"
        ).fetchall()
        driver.execute("SET session_replication_role = replica")
        for (name,) in placed:
            driver.execute(
                f"UPDATE {name} SET village = '37019910' || (1000 + abs(hashtext(id::text)) % {PLACES}) "
                "WHERE substr(id::text, 15, 1) = '8'".encode()
            )
        driver.execute("SET session_replication_role = origin")
        driver.commit()
        driver.autocommit = True
        driver.execute("VACUUM ANALYZE")
        found = driver.execute(
            "SELECT relname FROM pg_class WHERE relkind = 'r' AND reltuples > %s", [ROWS // 4]
        ).fetchall()
    return {name for (name,) in found}


Opens = Callable[[], Any]


def walked(small: Small) -> tuple[dict[str, UUID], CaseRow, str]:
    """A case at each desk and many in the archive, enough to be copied; returns one of each, the last one's row and its token."""
    at = {}
    for place, stage in enumerate(("village", "township", "county")):
        claims = [cast.claim(serial) for serial in range(10 * place, 10 * place + 4)]
        at[stage] = cast.bring_to(stage, small, claims)[0]
    filed = cast.bring_to(
        flow.ARCHIVE, small, [cast.claim(serial) for serial in range(50, 80 + ROWS // 4500)]
    )
    archive.file(small.wei, cast.versions(small.wei, filed), at=clock.now())
    view = queries.view(small.wei, filed[0])
    return at, view.case, view.form.token


def lists_of(seat: Desk, actor: Actor, words: Iterable[str]) -> dict[str, Opens]:
    """Every list of a desk, and a search by each of the words."""
    asked = [f"?tab={tab}" for tab in tabs_of(actor)] + [f"?q={word}" for word in words]
    return {f"{seat.login} {one}": partial(seat.get, "worklist", query=one) for one in asked}


def test_pages_read_no_table_from_end_to_end(own_database: str, small: Small, desk: Sit) -> None:
    at, filed, token = walked(small)
    browser = Resident("13800001427").logged_in()
    phones.bind(officers.system(), browser.contact, filed.person_id, "counter", at=clock.now())
    who = cast.identity(50)
    words = (who.name, who.number, f"{who.birth_on} {who.number[-4:]}", filed.number)
    pages: dict[str, Opens] = {
        one: partial(browser.get, one) for one in ("", "cases/", f"cases/{filed.id}", f"q/{token}")
    }
    for login, stage in (("chen", "village"), ("meng", "township"), ("wei", "county")):
        seat = desk(login)
        pages |= lists_of(seat, small.officers[login], words)
        pages[f"{login} case"] = partial(seat.get, "case", at[stage])
        pages[f"{login} filed case"] = partial(seat.get, "case", filed.id)
        pages[f"{login} bundles"] = partial(seat.get, "bundles")
        if stage != "county":
            pages[f"{login} report"] = partial(seat.get, "report", query="?insurance=390")

    large = grown(own_database)

    assert large >= {"case_file", "case_check", "decision", "mark", "paper", "audit", "person"}
    for name, opened in pages.items():
        with selects() as seen:
            assert opened().status_code == 200, name
        for sql, params in seen:
            if not (name in COUNTS_ALL and "COUNT(*)" in sql):
                assert not read_whole(sql, params) & large, (name, sql)
