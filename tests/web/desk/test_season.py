"""The season's pages: each within its reach, few statements, no welfare reason, a list that prints."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from random import Random
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from canbao.insured.tables import EnrolmentYear
from canbao.kernel import clock
from canbao.papers import render
from canbao.papers.forms import FormSheet
from canbao.payments import season
from canbao.payments.tables import Asked, Charge, DropOut, Season
from canbao.people.tables import Person
from canbao.reports import season as reads
from canbao.reports import visits
from canbao.simulate import insured
from tests import small as cast
from tests.small import Small
from tests.web.desk.conftest import Desk, text

VILLAGES = (cast.APRICOT, cast.PEAR, cast.POND)
Sit = Callable[[str], Desk]


@pytest.fixture
def charged(small: Small) -> Small:
    """A county whose season is charged, with a day of the season before."""
    before = clock.now() - timedelta(days=1)
    people = insured.settle(Random(3), 120, VILLAGES, "390", clock.today(), before)
    Person.here.filter(id=people[0].person_id).update(dead_on=None, village=cast.APRICOT)
    EnrolmentYear.here.filter(enrolment_id=people[0].enrolment_id).update(residency="elsewhere")
    year = clock.today().year + 1
    [made] = season.start(small.luo, "390", year, at=clock.now(), key=cast.key()).done
    season.run(cast.COUNTY, made)
    return small


def _unpaid(*villages: str) -> int:
    return Charge.here.filter(state="open", village__in=villages).count()


def test_each_sees_the_counts_of_the_own_reach(charged: Small, desk: Sit) -> None:
    whole, willow = _unpaid(*VILLAGES), _unpaid(cast.APRICOT, cast.PEAR)

    for login, place, count in (
        ("luo", "柳泉镇", whole), ("wei", "芦苇镇", whole), ("meng", "梨树村", willow),
        ("chen", "杏花村", _unpaid(cast.APRICOT)),
    ):  # fmt: skip
        page = text(desk(login).get("season"))
        assert place in page
        assert f"Not paid {count} " in page
    # A place out of reach counts as not asked for.
    assert "荷塘村" not in text(desk("meng").get("season", query=f"?at={cast.POND}"))
    assert "梨树村" not in text(desk("chen").get("season", query=f"?at={cast.PEAR}"))


@pytest.mark.parametrize(
    ("on", "said"),
    [
        ("11-20", "Until 31 December, 41 days left."),
        ("01-10", "Until 31 January, 21 days left."),
    ],
)
def test_the_board_counts_to_the_day_that_the_phone_names(
    small: Small, desk: Sit, settings: Any, on: str, said: str
) -> None:
    settings.CANBAO_BUSINESS_DATE = on
    year = clock.today().year + (on == "11-20")
    [made] = season.start(small.luo, "390", year, at=clock.now(), key=cast.key()).done
    season.run(cast.COUNTY, made)

    assert said in text(desk("luo").get("season", query=f"?insurance=390&year={year}"))


def test_the_slowest_place_comes_first(charged: Small, desk: Sit) -> None:
    Charge.here.filter(village=cast.POND).update(state="settled", settled_on=clock.today())

    page = text(desk("luo").get("season"))

    assert page.rindex("柳泉镇") < page.rindex("芦苇镇")
    assert "100.0" in page


def test_the_visit_list_says_what_follows_and_no_welfare_reason(charged: Small, desk: Sit) -> None:
    chen = desk("chen")
    page = text(chen.get("season_visits"))

    assert (
        f"{len({one.household_number for one in Charge.here.filter(village=cast.APRICOT, state='open')})} households"
        in page
    )
    assert "months for cover" in page
    assert "Who goes 陈秋生" in page
    # Several coordinators of a village must not push the page wider than a phone.
    assert not re.search(r'cb-nowrap">[^<]*陈秋生', chen.get("season_visits").content.decode())
    assert "Not asked yet" in page
    for word in ("low_income", "低保", "destitute", "disab", "Minimum living"):
        assert word not in page
    printed = chen.get("season_visits_print")
    assert printed.headers["Content-Type"] == "application/pdf"
    assert printed.content.startswith(b"%PDF")
    assert desk("luo").get("season_visits_print").status_code == 404


def test_lists_that_are_cut_say_so_on_page_and_paper(
    charged: Small, desk: Sit, monkeypatch: pytest.MonkeyPatch
) -> None:
    open_charges = _unpaid(cast.APRICOT, cast.PEAR)
    dropped = reads.drop_outs("390", clock.today().year + 1, None).total
    assert dropped > 1
    whole = text(desk("luo").get("season_visits", query=f"?at={cast.WILLOW}"))
    assert "Only the first" not in whole
    assert "The list ends" not in whole
    monkeypatch.setattr("canbao.web.desk.season.ON_PAGE", 2)
    monkeypatch.setattr(visits, "visits", partial(visits.visits, limit=10))
    monkeypatch.setattr(reads, "drop_outs", partial(reads.drop_outs, limit=1))
    sheets: list[FormSheet] = []

    def kept(sheet: FormSheet) -> bytes:
        sheets.append(sheet)
        return b"%PDF"

    monkeypatch.setattr(render, "pdf", kept)

    page = text(desk("luo").get("season_visits", query=f"?at={cast.WILLOW}"))
    lost = text(desk("luo").get("season_lost"))
    desk("luo").get("season_visits_print", query=f"?at={cast.WILLOW}")

    assert f"The list ends after 10 of {open_charges} people" in page
    assert "Only the first 2 of" in page
    assert f"Only the first 1 of {dropped} are shown" in lost
    assert f"Only the first 10 of {open_charges} people" in sheets[0].fields["cut"]
    assert {row["who"] for row in sheets[0].rows} <= {"陈秋生", "刘玉兰"}


def test_a_village_notes_what_was_said_and_the_board_counts_the_last_answer(
    charged: Small, desk: Sit
) -> None:
    one = Charge.here.filter(village=cast.APRICOT, state="open").first()
    other = Charge.here.filter(village=cast.PEAR, state="open").first()
    assert one is not None
    assert other is not None
    chen = desk("chen")

    for said in ("too_dear", "year_end"):
        chen.follow("season_visits", charges=str(one.id), how="phone", said=said)
    chen.post("season_visits", charges=str(other.id), how="phone", said="away")
    assert chen.post("season_visits", charges="x", how="phone", said="away").status_code in {
        404,
        409,
    }
    assert chen.post("season_visits", charges=str(one.id), how="x", said="away").status_code == 422

    assert [one.said for one in Asked.here.order_by("id")] == ["too_dear", "year_end"]
    page = text(desk("luo").get("season"))
    assert "Why not paid (1 asked by the villages)" in page
    assert "Pays at the end of the year 1" in page
    assert "Phone call: Pays at the end of the year" in text(chen.get("season_visits"))


def test_who_dropped_out_is_listed_with_the_reason(charged: Small, desk: Sit) -> None:
    dropped = {one.reason: one for one in DropOut.here.all()}
    page = text(desk("luo").get("season_lost"))

    assert "Died" in page
    assert dropped["dead"].household_number in page
    assert Person.here.get(id=dropped["dead"].person_id).name in page
    assert "needs a household registration" in page


def test_finance_starts_stops_and_resumes_and_others_have_no_such_page(
    small: Small, desk: Sit
) -> None:
    luo = desk("luo")
    assert desk("wei").get("season_run").status_code == 404
    key = str(uuid4())

    for other in ("?insurance=390&year=1900", "?insurance=999", "?year=abc"):
        assert luo.post("season_run", query=other, act="start").status_code == 404
    assert not Season.here.exists()
    page = text(luo.follow("season_run", act="start", key=key))
    assert "0 of 0 insured people" in page
    again = luo.post("season_run", act="start")
    assert again.status_code == 422
    assert "under way already" in text(again)
    luo.follow("season_run", act="stop")
    assert Season.here.get().state == "stopped"
    assert "stands still" in text(luo.get("season_run"))
    luo.follow("season_run", act="resume")
    season.run(cast.COUNTY, Season.here.get().id)
    assert "Finished." in text(luo.get("season_run"))


@pytest.mark.parametrize("name", ["season", "season_visits", "season_lost", "season_run"])
def test_statements_of_a_page_do_not_grow(charged: Small, desk: Sit, name: str) -> None:
    luo = desk("luo")
    query = f"?at={cast.WILLOW}"
    luo.get(name, query=query)
    with CaptureQueriesContext(
        connection,
    ) as seen:
        assert luo.get(name, query=query).status_code == 200
    few = len(seen)
    insured.settle(Random(4), 160, VILLAGES, "390", clock.today(), clock.now())
    year = clock.today().year + 1
    [made] = season.start(charged.luo, "390", year, at=clock.now(), key=cast.key()).done
    season.run(cast.COUNTY, made)
    with CaptureQueriesContext(connection) as seen:
        luo.get(name, query=query)

    assert len(seen) == few <= 15


@pytest.mark.parametrize(
    "query", ["?year=x&insurance=999&at=%00", "?year=99999", "?at=370199", "?insurance=170"]
)
def test_garbage_in_the_address_shows_the_page(charged: Small, desk: Sit, query: str) -> None:
    for name in ("season", "season_visits", "season_lost"):
        assert desk("luo").get(name, query=query).status_code == 200
