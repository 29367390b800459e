"""`canbao policy explain`: what a year costs and why, of facts given by hand and of a person of the records."""

from __future__ import annotations

from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.utils import translation

from canbao.kernel import clock
from canbao.kernel.tables import Audit
from canbao.policy import documents, published
from canbao.policy.rules import trace
from tests import small as make
from tests.office import scenes
from tests.office.test_commands import PACK
from tests.small import Small

BY_HAND = ("--born", "1985-06-04", "--year", "2026", "--place", "370102")


def explain(*words: str, language: str = "en") -> str:
    out = StringIO()
    with translation.override(language):
        call_command("policy", "explain", *words, stdout=out, no_color=True)
    return out.getvalue()


def test_facts_by_hand_are_priced_with_every_source() -> None:
    said = explain(*BY_HAND, "--on", "2025-11-20")

    assert "To pay: 440 yuan. The whole year costs 1,200 yuan." in said
    assert "Own amount for Adult resident: 440 yuan. 40 years old." in said
    assert "share.zqrdlt.cn tid/3302235" in said
    assert "day of publication not found" in said
    assert "Not confirmed." in said
    assert "Covered from 1 January 2026 to 31 December 2026." in said


def test_a_latecomer_reads_the_months_one_by_one() -> None:
    said = explain(*BY_HAND, "--on", "2026-03-02", "--covered", "2022", language="zh-hans")

    assert "固定等待期 3 个月" in said
    assert "断保 3 年，多等 3 个月" in said
    assert "2026 年 9 月 2 日到 2026 年 12 月 31 日可以报销" in said
    assert "yuan" not in said


def test_the_trace_comes_as_it_is_stored() -> None:
    price = trace.read(explain(*BY_HAND, "--on", "2025-11-20", "--json").strip())

    assert (price.own_fen, price.year, price.place) == (44000, 2026, "370102")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--year", "2026"), "Give either --person or --born."),
        ((*BY_HAND, "--person", "1"), "Give either --person or --born."),
        (("--born", "yesterday", "--year", "2026", "--place", "370102"), "yesterday is not a day"),
        ((*BY_HAND, "--on", "1984-01-01"), "Nobody is insured before birth"),
        ((*BY_HAND, "--group", "rich"), "Known are: destitute"),
        ((*BY_HAND, "--category", "baby"), "The level baby does not exist"),
        ((*BY_HAND, "--insurance", "170"), "Say which category or tier with --category: 100, 200"),
        (("--born", "1985-06-04", "--year", "1999"), "The year lies between 2009 and 2100."),
        (("--born", "1985-06-04", "--year", "2010", "--place", "370102"), "Nothing is published"),
        (("--person", "1", "--year", "2026", "--place", "370102"), "--place goes with --born"),
    ],
)
def test_what_is_missing_or_wrong_is_said(words: tuple[str, ...], said: str) -> None:
    with pytest.raises(CommandError) as refused:
        explain(*words)

    assert said in str(refused.value)


def _case(small: Small, **changes: Any) -> tuple[str, str, int]:
    claim = make.claim(3, **changes)
    (case_id,) = make.submit(small.chen, [claim])
    row = make.rows(small.wei, [case_id])[case_id]
    return row.number, claim.identity.number, row.year


def test_a_person_is_found_by_case_and_by_citizen_number_and_the_look_is_on_record(
    small: Small,
) -> None:
    case, number, year = _case(small)
    price = published.rules("390", year).price(
        make.claim(3).facts(clock.today()), "adult", clock.today()
    )

    by_case = explain("--person", case, "--year", str(year))
    by_number = explain("--person", number.lower(), "--year", str(year))

    assert by_case == by_number
    assert f"To pay: {price.own_fen // 100} yuan." in by_case
    assert number not in by_case
    assert Audit.here.filter(event="person.explained").count() == 2


def test_what_was_kept_when_the_year_was_opened_stands_beside_it(small: Small) -> None:
    one = scenes.filed(small, 5, "170")
    row = make.rows(small.shi, [one])[one]
    asked = ("--person", row.number, "--year", str(row.year), "--insurance", "170")

    same = explain(*asked)
    other = explain(*asked, "--category", "1000")

    assert "To pay: 500 yuan." in same
    assert "Kept for this year when it was opened: 500 yuan, the same." in same
    assert "Kept for this year when it was opened: 500 yuan, on other facts." in other


def test_a_stored_price_is_worked_out_again_by_the_packs_of_its_day(small: Small) -> None:
    person = make.claim(3).facts(clock.today())
    stored = published.rules("390", 2031).price(person, "adult", clock.today())
    proposal = documents.propose(small.guan, "2031.toml", PACK, at=clock.now())
    documents.publish(small.li, proposal.done[0], at=clock.now())

    then, now = published.rules_then(stored), published.rules("390", 2031)

    assert trace.again(then, person, stored) == stored
    changed = trace.compare(stored, trace.again(now, person, stored))
    assert ("own_fen", "44000", "12300") in {(one.what, one.stored, one.now) for one in changed}


def test_somebody_who_is_not_known_is_refused(small: Small) -> None:
    stranger = make.identity(77).number

    for wanted in (stranger, "370199-nothing"):
        with pytest.raises(CommandError, match="does not exist"):
            explain("--person", wanted, "--year", "2027")
    assert not Audit.here.filter(event="person.explained").exists()
