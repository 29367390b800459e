from __future__ import annotations

import pytest
from PIL import Image

from canbao.papers import photo
from tests.papers import uploads


@pytest.mark.parametrize(
    "image",
    [
        uploads.paper(),
        uploads.paper(3000, 2200),
        uploads.paper(900, 1200),
        uploads.paper(tone=255),
        uploads.paper(tone=190),
        uploads.scan(),
        uploads.blurred(0.7),
        uploads.dark(0.7),
        uploads.glaring(40),
    ],
    ids=["plain", "large", "upright", "white", "grey", "scan", "soft", "dusk", "small spot"],
)
def test_a_good_photo_is_readable(image: Image.Image) -> None:
    assert photo.verdict(image).faults == ()
    assert photo.verdict(image).readable


@pytest.mark.parametrize(
    ("image", "fault"),
    [
        (uploads.blurred(4), "blurred"),
        (uploads.blurred(9), "blurred"),
        (uploads.dark(0.2), "dark"),
        (uploads.dark(0.1), "dark"),
        (uploads.glaring(260), "glare"),
        (uploads.glaring(420), "glare"),
        (uploads.paper(500, 380), "too_small"),
        (uploads.paper(2000, 250), "too_small"),
        (Image.new("RGB", (1600, 1200), "black"), "dark"),
        (Image.new("RGB", (1600, 1200), (200, 200, 200)), "empty"),
    ],
)
def test_a_bad_photo_says_what_to_mend_first(image: Image.Image, fault: str) -> None:
    found = photo.verdict(image)
    assert found.faults[0] == fault
    assert not found.readable


def test_every_fault_has_a_sentence() -> None:
    everything = photo.Verdict(size_ok=False, sharp=False, glare=True, dark=True, empty=False)
    assert {*everything.faults, "blurred", "empty"} == set(photo.FAULTS)
