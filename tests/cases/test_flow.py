"""A flow that does not hold together is refused where it is loaded, with what to mend."""

from __future__ import annotations

import re

import pytest
from django.utils.translation import override

from canbao.cases import flow
from canbao.policy import words
from canbao.policy.rules.faults import PackFault

pytestmark = pytest.mark.any_date

SOUND = (flow.FOLDER / "enrolment.390.1.toml").read_text(encoding="utf-8")
REFUND = (flow.FOLDER / "refund.390.1.toml").read_text(encoding="utf-8")
TOWNSHIP = SOUND[
    SOUND.index('[[desk]]\nname = "township"') : SOUND.index('[[desk]]\nname = "county"')
]
# The road from the village straight to the county.
SHORT = (
    SOUND.replace(TOWNSHIP, "")
    .replace('second_entry = "paper"', 'second_entry = "never"')
    .replace('next = "township"', 'next = "county"')
    .replace('"entry_confirmed", "township_marks"', '"entry_confirmed", "village_marks"')
    .replace('"village", "township"]', '"village"]')
)


def test_the_shipped_flows_hold_together() -> None:
    assert [one.name for one in flow.shipped()] == [
        "enrolment.170.1", "enrolment.390.1", "refund.170.1", "refund.390.1",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("broken", "with_this", "says"),
    [
        ('name = "payout"', 'name = "finance"', "order of the road"),
        ('role = "finance"', 'role = "county"', "finance"),
        ('form = "refund.1"', 'form = "registration-390.1"', "refund.1"),
        ('asks = ["county_marks"', 'asks = ["township_marks"', "not on the road"),
        ("refuses = false", "refuses = true", r"^mine.toml:50: .*payout cannot refuse"),
    ],
)
def test_money_leaves_only_through_two_desks_of_finance(
    broken: str, with_this: str, says: str
) -> None:
    assert broken in REFUND
    with pytest.raises(PackFault) as refused:
        flow.parse(REFUND.replace(broken, with_this, 1).encode(), "mine.toml")

    with override("en"):
        said = [words.fault(one) for one in refused.value.faults]
    assert any(re.search(says, one) for one in said), said


def test_a_flow_may_leave_the_township_out() -> None:
    assert list(flow.parse(SHORT.encode(), "short.toml").desks) == ["village", "county"]


@pytest.mark.parametrize(
    ("broken", "with_this", "says"),
    [
        ('seal = "village_committee"', 'seel = "village_committee"', r"'seel'|Did you mean seal"),
        ('seal = "village_committee"', 'seal = "township_office"', "village_committee"),
        ('next = "township"', 'next = "town"', "Did you mean: township"),
        ('next = "archive"', 'next = "village"', "county leads to village. After it comes archive"),
        ('next = "township"', 'next = "county"', "village leads to county. After it comes township"),
        ('returns_to = ["applicant", "village"]', 'returns_to = ["county"]', "no earlier desk"),
        ('returns_to = ["applicant"]', "returns_to = []", "send nothing back"),
        ('"originals_seen"', '"originals_sen"', "Did you mean: originals_seen"),
        ('"originals_seen"', '"form_complete"', "list of different code words"),
        ('second_entry = "paper"', 'second_entry = "sometimes"', "always, never, paper"),
        ("version = 1", "", "version is missing"),
        ("version = 1", 'version = "2"', "whole number"),
        ("deadline = { working_days = 3 }", "deadline = { days = 3 }", "desk.village.deadline.days is not known"),
        ("deadline = { working_days = 3 }", "deadline = 3", "has to be a table"),
        ("deadline = { working_days = 3 }", "deadline = { working_days = 3, day_of_month = 5 }", "one of"),
        ("version = 1", "version = ", "not TOML"),
        ('name = "township"', 'name = "twonship"', "Did you mean: township"),
        (TOWNSHIP, TOWNSHIP + TOWNSHIP, "order of the road"),
        ('form = "registration-390.1"', 'form = "registration-170.1"', "registration-390.1"),
        ("copies = { 1", "copies = { 3", "copies.1 is missing"),
        ('kind = "enrolment"', 'kind = "Enrolment"', "Did you mean: enrolment"),
        (TOWNSHIP, "", "leads to township|not on the road|no earlier desk"),
    ],
)  # fmt: skip
def test_a_broken_flow_is_refused_with_line_and_what_to_mend(
    broken: str, with_this: str, says: str
) -> None:
    assert broken in SOUND
    text = SOUND.replace(broken, with_this, 1)

    with pytest.raises(PackFault) as refused:
        flow.parse(text.encode(), "mine.toml")

    with override("en"):
        said = [words.fault(one) for one in refused.value.faults]
    assert any(one.startswith("mine.toml:") for one in said)
    assert any(re.search(says, one) for one in said), said


def test_junk_instead_of_a_flow_is_refused_and_never_a_crash() -> None:
    for junk in (
        "[[desk]]", "desk = 1", "[[desk]]\nname = 3", "[desk]\nname = []", "kind = [1]\n[[desk]]",
        SOUND.replace("automatic = [", "automatic = [[1], "), SOUND.replace('"390"', "390"),
        SOUND.replace("copies = { 1 =", "copies = { 1 = 7, 3 ="), "\x00", "[[desk]]\n" * 300,
    ):  # fmt: skip
        with pytest.raises(PackFault):
            flow.parse(junk.encode(), "junk.toml")
