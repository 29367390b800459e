from __future__ import annotations

import re
from xml.etree import ElementTree as ET

import pytest
from django.utils.translation import override
from hypothesis import given
from hypothesis import strategies as st

from canbao.papers import seals
from canbao.papers.seals import Seal

NAME = "明水县柳泉镇杏花村村民委员会"


def test_a_seal_has_a_text_alternative_in_the_page_language() -> None:
    with override("en"):
        assert 'aria-label="Seal of ' + NAME in seals.svg(NAME)
    with override("zh-hans"):
        assert "aria-label=" in seals.svg(NAME, "参保专用章")


def test_a_seal_on_a_screen_is_well_formed_and_needs_no_font() -> None:
    tree = ET.fromstring(seals.svg(NAME, "参保专用章"))
    assert tree.attrib["role"] == "img"
    assert [one for one in tree.iter() if one.tag.endswith("text")] == []
    assert len([one for one in tree.iter() if one.tag.endswith("polygon")]) == 1


def test_what_an_office_is_called_cannot_break_out_of_the_picture() -> None:
    made = seals.svg('"><script>alert(1)</script>', "<b>&")
    assert "<script" not in made
    ET.fromstring(made)


def test_a_broken_seal_is_struck_and_not_red() -> None:
    whole, broken = seals.svg(NAME), seals.svg(NAME, broken=True)
    assert seals.CINNABAR in whole
    assert seals.CINNABAR not in broken
    assert seals.FADED in broken


@given(st.integers(1, 60), st.sampled_from(["", "参保专用章"]))
def test_the_name_lies_even_on_the_arc_and_never_over_itself(length: int, purpose: str) -> None:
    seal = Seal("县" * length, purpose)
    glyphs, width = seals.arc(seal)
    angles = [glyph.angle for glyph in glyphs]
    assert sum(angles) == pytest.approx(0, abs=1e-6)
    sweep = seals.SWEEP_WITH_PURPOSE if purpose else seals.SWEEP_ALONE
    assert angles[-1] - angles[0] <= sweep + 1e-6
    if length > 1:
        step = (angles[-1] - angles[0]) / (length - 1)
        assert width <= step * 3.1416 / 180 * seals.NAME_RADIUS


def test_the_star_has_ten_corners_and_stands_upright() -> None:
    corners = seals.star()
    assert len(corners) == 10
    assert corners[0] == (0.0, -seals.STAR_RADIUS)
    assert min(y for _, y in corners) == corners[0][1]


def test_the_lettering_stays_inside_the_ring() -> None:
    seal = Seal(NAME, "参保专用章")
    numbers = [float(part) for part in re.findall(r"-?\d+\.?\d*", seals.lettering(seal))]
    assert max(abs(number) for number in numbers) < seals.DIAMETER_MM / 2
