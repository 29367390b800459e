"""What is measured is what the pages do: one person over the pages and one over the bench leave the same rows."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable, Mapping
from typing import Any, Final
from uuid import UUID

from django.db import connection

from bench import floor
from bench.chain import Chain
from bench.county import Applicants, County
from canbao.cases import bundle, door, inspection
from canbao.cases.claim import Channel, Claim
from canbao.people import numbers, officers
from tests import small as cast
from tests.small import Small
from tests.web.desk.conftest import Desk, text, version, yes
from tests.web.portal.resident import (
    HOME,
    Cast,
    Resident,
    begin,
    here,
    send_photos,
    sign_all,
)

Sit = Callable[[str], Desk]
Row = dict[str, Any]

# What differs for a good reason.
TABLES: Final[Mapping[str, str]] = {
    "blob": "the bench stores its files before it begins, since their bytes are no part of an act",
    "counter": "whoever comes first opens the series of a year",
    "price_trace": "people who are alike share one; whoever comes first leaves it",
    "draft": "a page keeps what was typed until it is handed in; the bench hands in at once",
}
SUBJECTS: Final[Mapping[str, str]] = {"draft": "what a page keeps of a draft is on record too"}
COLUMNS: Final[Mapping[tuple[str, str], str]] = {
    ("archive_item", "position"): "two items lie one after the other in a box",
    ("mark", "blob_id"): "on a page the drawn name is a picture; the bench draws none",
    ("paper", "token"): "random",
    ("request", "key"): "made by each caller",
    ("request", "form_sha256"): "of a page's form; who calls without a page has none",
}
# What is another one for each person or time, wherever it stands in a text.
WORDS: Final = (
    (r"k\d{4}:[\w+/=]+", "(sealed)"),
    (r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f-]{22}", "(id)"),
    (r"\b[0-9a-f]{64}\b", "(hash)"),
    (r"(?<![\w-])[\w-]{43}(?![\w-])", "(mac)"),
    (r"\b1\d\d\*{4}\d{4}\b", "(phone)"),
    (r"\b(\d{6,12}(?:-\d{2,4})+)-0*\d+\b", r"\1-(number)"),
    (r"\d{4}-\d\d-\d\d[ T]\d\d:\d\d:[\d.]+\S*", "(instant)"),
    (r'"picture":"[^"]*"', '"picture":"(drawn or not)"'),
)


def ids_by_table() -> dict[str, set[UUID]]:
    found = {}
    with connection.cursor() as cursor:
        for name in floor.tables():
            cursor.execute(f"SELECT id FROM {name}")
            found[name] = {one for (one,) in cursor.fetchall()}
    return found


def left_by(walk: Callable[[], object]) -> dict[str, list[Row]]:
    before = ids_by_table()
    walk()
    found: dict[str, list[Row]] = {}
    with connection.cursor() as cursor:
        for name in floor.tables():
            cursor.execute(
                f"SELECT * FROM {name} WHERE NOT id = ANY(%s) ORDER BY id", [list(before[name])]
            )
            columns = [one.name for one in cursor.description]
            found[name] = [dict(zip(columns, row, strict=True)) for row in cursor.fetchall()]
    return found


def apply(browser: Resident, claim: Claim) -> None:
    who = claim.identity
    home = {**HOME, "address": who.address, "household_number": claim.household_number}
    one = Cast(who.name, who.number, claim.relation)
    page = browser.step(here(begin(browser)), one.who)
    page = browser.step(here(page), home)
    page = browser.step(here(page), one.answers)
    page = browser.step(here(page), {"level": claim.level})
    page = browser.step(here(page))
    draft = re.findall(r"[0-9a-f-]{36}", here(page))[0]
    send_photos(browser, page)
    page = browser.step(here(sign_all(browser, draft)))
    assert here(page).endswith("/done")


def over_the_pages(small: Small, sit: Sit, browser: Resident, claim: Claim) -> None:
    apply(browser, claim)
    case_id = next(row.id for row in door.rows_of(door.visible(small.chen)))
    chen, meng, wei = sit("chen"), sit("meng"), sit("wei")
    inspect(chen, small.chen, case_id)
    hand_on(chen, meng, case_id)
    inspect(meng, small.meng, case_id)
    hand_on(meng, wei, case_id)
    inspect(wei, small.wei, case_id)
    seen = cast.versions(small.wei, [case_id])[case_id]
    filed = wei.follow("archive", query="?tab=approved", act="file", chosen=f"{case_id}.{seen}")
    assert "Done: 1" in text(filed)


def inspect(seat: Desk, actor: Any, case_id: UUID) -> None:
    items = yes(*inspection.asked(cast.rows(actor, [case_id])[case_id]))
    seen = version(seat.get("case", case_id))
    seat.follow("case", case_id, act="pass", version=seen, **items)
    seat.follow("case", case_id, act="pass", version=seen, **items)


def hand_on(sender: Desk, receiver: Desk, case_id: UUID) -> None:
    page = sender.get("report", query="?insurance=390")
    sheets = str(bundle.sheet_counts([case_id])[case_id])
    sent = sender.follow("report", insurance="390", as_of=page.context["as_of"], sheets=sheets)
    receiver.follow("bundle", sent.context["bundle"].id, sheets=sheets)


def alike(table: str, row: Row, claim: Claim) -> str:
    """A row in words, without what belongs to one person, one id or one moment."""
    who = claim.identity
    own = {
        who.name: "(name)", who.address: "(address)", str(who.birth_on): "(birth)",
        numbers.mask(who.number): "(masked)", claim.household_number: "(household)",
    }  # fmt: skip
    said = []
    for column, value in row.items():
        if (table, column) in COLUMNS:
            continue
        words = str(value)
        if column == "manifest":
            # Papers of one application come at one moment and lie in any order.
            known = json.loads(words)
            known["papers"].sort(key=lambda paper: paper["kind"])
            words = json.dumps(known, ensure_ascii=False, separators=(",", ":"))
        for pattern, instead in WORDS:
            words = re.sub(pattern, instead, words)
        for one, instead in own.items():
            words = re.sub(rf"(?<!\d){re.escape(one)}(?!\d)", instead, words)
        said.append(f"{column}={words}")
    return "\n  ".join([table, *said])


def test_one_person_over_the_pages_leaves_the_rows_that_one_over_the_bench_leaves(
    small: Small, desk: Sit
) -> None:
    browser = Resident("13800001427").logged_in()
    phone = officers.resident(browser.contact)
    assert phone
    made = County(small.chen, small.meng, small.wei, phone)
    applicants = Applicants(made, Channel.PHONE)
    first, _, _, _, second = applicants.next(5)  # of two households

    pages = left_by(lambda: over_the_pages(small, desk, browser, first))
    bench = left_by(lambda: Chain(made).walk(applicants, [second]))

    assert {row["subject_kind"] for row in bench["audit"]}.isdisjoint(SUBJECTS)
    # Who opens a paper leaves an entry; the bench decides without looking.
    pages["audit"] = [
        row
        for row in pages["audit"]
        if row["subject_kind"] not in SUBJECTS and not row["event"].endswith("_seen")
    ]
    for name in floor.tables():
        if name not in TABLES:
            by_pages = Counter(alike(name, row, first) for row in pages[name])
            by_bench = Counter(alike(name, row, second) for row in bench[name])
            assert list((by_pages - by_bench).elements()) == list((by_bench - by_pages).elements())
    walked = {name for name, rows in bench.items() if rows}
    assert walked >= {"case_file", "decision", "mark", "enrolment", "archive_item", "custody"}
    assert not walked & TABLES.keys()
