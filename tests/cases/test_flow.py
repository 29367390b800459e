"""A flow that does not hold together is refused where it is loaded, with what to mend."""

from __future__ import annotations

import pytest

from canbao.cases import flow
from canbao.cases.flow import FlowFault

pytestmark = pytest.mark.any_date

SOUND = (flow.FOLDER / "enrolment.390.1.toml").read_text(encoding="utf-8")


def test_the_shipped_flows_hold_together() -> None:
    assert [one.name for one in flow.shipped()] == ["enrolment.170.1", "enrolment.390.1"]


@pytest.mark.parametrize(
    ("broken", "with_this", "says"),
    [
        ('seal = "village_committee"', 'seel = "village_committee"', "did you mean 'seal'"),
        ('next = "township"', 'next = "town"', "leads to 'town', which is no desk"),
        ('next = "archive"', 'next = "village"', "lead in a circle"),
        ('next = "township"', 'next = "county"', "returns to 'township'|nothing leads to desk"),
        ('returns_to = ["applicant", "village"]', 'returns_to = ["county"]', "no earlier desk"),
        ('"originals_seen"', '"originals_sen"', "did you mean 'originals_seen'"),
        ('second_entry = "paper"', 'second_entry = "sometimes"', "always, paper or never"),
        ("version = 1", "", "'version' is missing"),
        ("deadline = { working_days = 3 }", "deadline = { days = 3 }", "unknown 'days'"),
        ("version = 1", "version = ", "enrolment.toml"),
    ],
)
def test_a_broken_flow_is_refused_with_what_to_mend(broken: str, with_this: str, says: str) -> None:
    assert broken in SOUND

    with pytest.raises(FlowFault, match=says):
        flow.parse(SOUND.replace(broken, with_this), "enrolment.toml")
