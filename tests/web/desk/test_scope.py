"""Lists stay within reach; garbage does nothing; few statements."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID, uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from canbao.cases import worklists
from canbao.cases.claim import Channel
from canbao.cases.worklists import Filter
from canbao.kernel import clock
from canbao.web.desk import urls
from tests import small as cast
from tests.web.desk.conftest import Desk, text

Sit = Callable[[str], Desk]
LOGINS = ("chen", "liu", "he", "meng", "ren", "wei", "shi")


@pytest.fixture
def everywhere(small: cast.Small, desk: Sit) -> tuple[dict[tuple[str, str], UUID], dict[str, Desk]]:
    """A case of each village and insurance, and a browser for each officer."""
    cases = {}
    for serial, village in enumerate((cast.APRICOT, cast.PEAR, cast.POND), 30):
        for insurance in ("390", "170"):
            who = cast.identity(serial, village=village)
            claim = cast.claim(serial, insurance=insurance, identity=who)
            cases[village, insurance] = cast.submit(small.chen, [claim], Channel.PAPER)[0]
    return cases, {login: desk(login) for login in LOGINS}


def test_lists_search_and_counts_stay_within_reach(
    everywhere: tuple[dict[tuple[str, str], UUID], dict[str, Desk]], small: cast.Small
) -> None:
    _cases, seats = everywhere
    here, there = cast.identity(30), cast.identity(31, village=cast.PEAR)
    found = text(seats["chen"].get("worklist", query=f"?q={here.name}"))
    assert here.name in found
    for typed in (there.name, there.number, f"{there.birth_on} {there.number[-4:]}"):
        page = text(seats["chen"].get("worklist", query=f"?q={typed}"))
        assert "Nobody was found" in page
        assert there.name in text(seats["liu"].get("worklist", query=f"?q={typed}"))
    assert seats["chen"].get("worklist", query="?q=王").status_code == 422
    today = clock.today()
    for login in LOGINS:
        actor = small.officers[login]
        counted = worklists.counts(actor, today)
        for tab, number in counts_of(counted):
            assert worklists.page(actor, Filter(tab=tab), 1, today).total == number


def counts_of(counted: dict[str, int]) -> list[tuple[str, int]]:
    return sorted(counted.items())


def test_an_address_with_a_nul_in_it_leads_nowhere(desk: Sit) -> None:
    for place in ("desk/result/%00", "q/%00", "counter/papers/%00"):
        assert desk("chen").client.get(f"/{cast.COUNTY}/{place}").status_code == 404


def test_a_version_that_is_no_digit_of_ours_is_told(
    everywhere: tuple[dict[tuple[str, str], UUID], dict[str, Desk]],
) -> None:
    cases, seats = everywhere
    one = cases[cast.APRICOT, "390"]

    answer = seats["chen"].post("worklist", act="pass", chosen=f"{one}.²")

    assert answer.status_code < 500
    assert "opened too long ago" in text(answer)


def test_garbage_never_breaks_a_page(
    everywhere: tuple[dict[tuple[str, str], UUID], dict[str, Desk]], small: cast.Small, desk: Sit
) -> None:
    cases, seats = everywhere
    seats = {**seats, "luo": desk("luo")}
    one = cases[cast.APRICOT, "390"]
    person = cast.rows(small.wei, [one])[one].person_id
    garbage = [
        "",
        "\0",
        "x" * 5000,
        "-1",
        "９９",
        "' OR 1=1",
        "{{7*7}}",
        "None",
        "🀄",
        str(uuid4()),
    ]
    fields = ("act", "version", "chosen", "selection", "select", "to", "code_0", "about_0", "as_of",
              "sheets", "insurance", "number", "kind", "village", "birth_on_year", "kept", "posting",
              "item_form_complete", "surplus_0", "correction", "appeal", "field",
              "near", "phone", "code", "contact", "source", "reason", "relation", "holder", "bank",
              "proposal", "case")  # fmt: skip
    desks = {"village": "chen", "township": "meng", "county": "wei", "finance": "luo"}
    for pattern in urls.urlpatterns:
        if pattern.name in {"logout", "login", "posting"}:
            continue
        ids = dict.fromkeys(("case_id", "bundle_id", "job_id", "paper_id"), one)
        ids |= {"person_id": person}
        args = [ids.get(name, "copy-1") for name in pattern.pattern.converters]
        address = reverse(pattern.name, args=[cast.COUNTY, *args])
        roles = [str(role) for role in pattern.callback.canbao_roles]  # type: ignore[attr-defined]
        login = next(login for role, login in desks.items() if role in roles)
        seat = seats[login] if login in seats else desk(login)
        for place, bad in enumerate(garbage):
            data = {**dict.fromkeys(fields, bad), "act": ["keep", "pass", "return", bad][place % 4]}
            answers = [seat.client.post(address, {**data, "key": f"key-{uuid4()}"})]
            if not place % 4:
                answers.append(seat.client.post(address, data))
                answers.append(
                    seat.client.get(address, dict.fromkeys(("page", "tab", "zoom", "q"), bad))
                )
            for answer in answers:
                assert answer.status_code < 500, (pattern.name, bad, answer.status_code)
    row = next(iter(cast.rows(small.chen, [one]).values()))
    assert (row.desk, row.status, row.version) == ("village", "checking", 1)


@pytest.mark.parametrize("route", ["worklist", "report", "bundles"])
def test_pages_take_as_many_statements_for_30_rows_as_for_one(
    small: cast.Small, desk: Sit, route: str
) -> None:
    chen = desk("chen")
    ids = cast.submit(small.chen, [cast.claim(40)], Channel.PHONE)
    cast.answer_all(small.chen, ids)
    if route != "worklist":
        cast.decide(small.chen, ids)
    for _warm in range(2):
        chen.get(route)
    few = statements(chen, route)
    more = cast.submit(small.chen, [cast.claim(serial) for serial in range(41, 71)], Channel.PHONE)
    if route != "worklist":
        cast.answer_all(small.chen, more)
        cast.decide(small.chen, more)
    many = statements(chen, route)

    assert few == many
    assert many <= 15


@pytest.mark.parametrize("at", ["village", "township", "county", "archive"])
def test_a_case_page_takes_at_most_15_statements(small: cast.Small, desk: Sit, at: str) -> None:
    ids = cast.bring_to(at, small, [cast.claim(80)])
    seat = desk({"village": "chen", "township": "meng"}.get(at, "wei"))
    seat.get("case", ids[0])

    assert statements(seat, "case", ids[0]) <= 15


def test_the_pages_of_a_bundle_take_as_many_statements_for_30_cases_as_for_one(
    small: cast.Small, desk: Sit
) -> None:
    meng = desk("meng")
    taken: list[list[int]] = []
    for serials in (range(90, 91), range(91, 121)):
        claims = [cast.claim(serial) for serial in serials]
        ids = cast.submit(small.chen, claims, Channel.PHONE)
        cast.answer_all(small.chen, ids)
        cast.decide(small.chen, ids)
        bundle_id = cast.hand_on(small.chen, small.meng, ids)
        routes = ("bundle", "bundle_check", "bundle_close")
        for route in routes:
            meng.get(route, bundle_id)
        taken.append([statements(meng, route, bundle_id) for route in routes])

    assert taken[0] == taken[1]
    assert max(taken[1]) <= 15


def statements(seat: Desk, route: str, *args: object, query: str = "") -> int:
    """How many statements a page takes, without savepoints."""
    with CaptureQueriesContext(connection) as seen:
        response = seat.get(route, *args, query=query)
    assert response.status_code == 200
    told = [one["sql"] for one in seen.captured_queries if "SAVEPOINT" not in one["sql"]]
    return len(told)
