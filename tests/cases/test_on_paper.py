"""What an entry from paper is held against: the register's household, and the day that stands on the sheet."""

from __future__ import annotations

from datetime import timedelta

import pytest

from canbao.cases import application, queries
from canbao.cases.claim import Channel
from canbao.cases.prints import main
from canbao.kernel import clock
from canbao.papers.marks import Confirmation
from canbao.people.tables import RegisterEntry
from tests import small as cast
from tests.office import scenes
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


@pytest.mark.parametrize(
    ("signer", "verdict"),
    [("王小", "agrees"), ("王守田", "differs"), ("赵雅琴", "unsure"), ("", None)],
)
def test_who_signs_as_a_parent_is_looked_up_in_the_register(
    small: Small, signer: str, verdict: str | None
) -> None:
    """The head of the household is the child's grandfather; somebody else is not known there."""
    head, son = cast.identity(1, name="王守田"), cast.identity(2, name="王小")
    child = cast.identity(3, name="王一诺", birth_on=clock.today() - timedelta(days=3000))
    put_in_register([head, son, child], household="0317")
    RegisterEntry.here.filter(name="王一诺").update(relation="42")
    signed = Confirmation("drawn", signer, "parent")
    if not signer:
        proof = scenes.kept(small.chen, "proof")
        signed = Confirmation("drawn", "邻居", "guardian", evidence_blob_id=proof)
    claim = cast.claim(
        3, identity=child, level="child", household_number="0317", confirmation=signed
    )

    [case] = cast.submit(small.chen, [claim], Channel.VILLAGE)

    found = {one.item: one.verdict for one in queries.view(small.chen, case).findings}
    assert found.get("signer_is_parent") == verdict
