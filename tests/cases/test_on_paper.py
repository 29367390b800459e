"""What an entry from paper is held against: the register's household, and the day that stands on the sheet."""

from __future__ import annotations

from datetime import timedelta

import pytest

from canbao.cases import application, queries
from canbao.cases.claim import Channel
from canbao.cases.prints import main
from canbao.kernel import clock
from canbao.papers.marks import Confirmation
from tests import small as cast
from tests.papers.test_render import text_of
from tests.small import Small
from tests.web.desk.conftest import put_in_register


@pytest.mark.parametrize(
    ("typed", "verdict"),
    [("0317", "agrees"), ("317", "agrees"), ("0318", "differs"), ("", "differs")],
)
def test_a_household_that_is_not_theirs_stands_beside_the_registers(
    small: Small, typed: str, verdict: str
) -> None:
    claim = cast.claim(1, household_number=typed)
    put_in_register([claim.identity], household="0317")
    [case] = cast.submit(small.chen, [claim], Channel.VILLAGE)

    [found] = [
        one for one in queries.view(small.chen, case).findings if one.item == "register_agrees"
    ]

    assert found.verdict == verdict
    assert found.found.endswith(" 0317")
    assert found.given.endswith(f" {typed or '-'}")


def test_the_mark_bears_the_day_on_the_paper_and_the_sheet_says_who_entered_it(
    small: Small,
) -> None:
    today = clock.today()
    signed_on = today - timedelta(days=3)
    claims = [
        cast.claim(serial, confirmation=Confirmation("paper", "王守田", signed_on=day))
        for serial, day in ((1, signed_on), (2, today + timedelta(days=1)))
    ]

    outcome = application.submit(
        small.meng,
        claims,
        Channel.PAPER,
        at=clock.now(),
        key=cast.key(),
    )

    assert [one.code for one in outcome.refused.values()] == ["signed_ahead"]
    [case] = outcome.done
    [mark] = [one for one in queries.view(small.meng, case).marks if one.box == "applicant"]
    assert (mark.acted_on, clock.on(mark.recorded_at)) == (signed_on, today)
    printed = text_of(main.pdf(small.meng, case, 1, at=clock.now()))
    assert "手签在纸质原件上" in printed
    assert f"代填人：{small.meng.name}" in printed
