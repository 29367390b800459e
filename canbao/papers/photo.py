"""What can be said of a photo of a paper without reading it: size, sharpness, glare, darkness.

Rules of thumb, tuned on made pictures; a person decides, the verdict only asks for another try.
"""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from PIL import Image, ImageChops, ImageFilter, ImageOps, ImageStat

THUMBNAIL_EDGE: Final = 400
JPEG_QUALITY: Final = 85
LOOK_EDGE: Final = 1000  # a verdict is made on a picture of this size
SMALLEST_EDGE: Final = 600  # an identity card of 86 mm needs about this for its number
SHARP_EDGES: Final = 26.0  # how steep the steepest hundredth of the picture must be
EDGE_SHARE: Final = 0.01
GLARE_LEVEL: Final = 252
GLARE_LARGEST: Final = 0.04  # of the picture, as one bright patch on darker paper
GLARE_CELL: Final = 25  # a patch is counted in cells of this many pixels
PAPER_IS_BRIGHT: Final = 245  # a scan is white all over; that is no glare
DARK_LEVEL: Final = 70.0
BRIGHT_END: Final = 95  # percentile taken as the colour of the paper
FLAT: Final = 12.0  # spread of tones below which nothing is written there


@dataclass(frozen=True, slots=True)
class Verdict:
    """What was found; a picture without a fault is readable as far as a machine can tell."""

    size_ok: bool
    sharp: bool
    glare: bool
    dark: bool
    empty: bool

    @property
    def readable(self) -> bool:
        """Whether nothing speaks against the picture."""
        return self.size_ok and self.sharp and not (self.glare or self.dark or self.empty)

    @property
    def faults(self) -> tuple[str, ...]:
        """The codes of the faults, the one to mend first in front."""
        found = {
            "dark": self.dark,
            "empty": self.empty,
            "too_small": not self.size_ok,
            "glare": self.glare,
            "blurred": not (self.sharp or self.empty or self.dark),
        }
        return tuple(code for code, so in found.items() if so)


FAULTS: Final[dict[str, Promise]] = {
    "empty": _("Nothing can be seen on it. Take the photo again with the paper in the middle."),
    "too_small": _("Too small to read. Go closer, so that the paper fills the picture."),
    "dark": _("Too dark. Take it again by the window or under a lamp."),
    "glare": _("There is a bright reflection on it. Turn off the flash and tilt the paper."),
    "blurred": _("It is blurred. Hold the phone still and tap on the writing before you press."),
}


def verdict(image: Image.Image) -> Verdict:
    """Look at one upright picture."""
    look = ImageOps.contain(image.convert("L"), (LOOK_EDGE, LOOK_EDGE))
    spread = ImageStat.Stat(look).stddev[0]
    paper = percentile(look, BRIGHT_END)
    return Verdict(
        size_ok=max(image.size) >= SMALLEST_EDGE and min(image.size) >= SMALLEST_EDGE // 2,
        sharp=steepness(look) >= SHARP_EDGES,
        glare=has_glare(look),
        dark=paper < DARK_LEVEL,
        empty=paper >= DARK_LEVEL and spread < FLAT and steepness(look) < SHARP_EDGES,
    )


def percentile(grey: Image.Image, percent: int) -> int:
    """The tone below which so many per cent of the pixels lie."""
    counts = grey.histogram()
    wanted = sum(counts) * percent / 100
    seen = 0
    for tone, count in enumerate(counts):
        seen += count
        if seen >= wanted:
            return tone
    return 255


def steepness(grey: Image.Image) -> float:
    """How steep the steepest edges are: the tone step between a picture and its blurred self."""
    soft = grey.filter(ImageFilter.GaussianBlur(2))
    return float(percentile(ImageChops.difference(grey, soft), 100 - round(100 * EDGE_SHARE)))


def has_glare(grey: Image.Image) -> bool:
    """Whether a patch is burnt out while the paper around it is not white."""
    if median(grey) >= PAPER_IS_BRIGHT:
        return False
    burnt = grey.point([255 if tone >= GLARE_LEVEL else 0 for tone in range(256)])
    # A cell counts when it is burnt all over: white paper between letters never is.
    cells = burnt.resize(
        (max(grey.width // GLARE_CELL, 1), max(grey.height // GLARE_CELL, 1)), Image.Resampling.BOX
    )
    full = sum(cells.histogram()[GLARE_LEVEL:])
    return full / (cells.width * cells.height) > GLARE_LARGEST


def median(grey: Image.Image) -> int:
    """The middle tone."""
    return percentile(grey, 50)


def thumbnail(jpeg: bytes, edge: int = THUMBNAIL_EDGE) -> bytes:
    """A small JPEG of a clean page, its longer edge at most `edge` pixels."""
    with Image.open(io.BytesIO(jpeg), formats=("JPEG",)) as image:
        image.draft("RGB", (edge * 2, edge * 2))
        small = image.convert("RGB")
    small.thumbnail((edge, edge))
    return encoded(small, quality=80)


def rotate(jpeg: bytes, degrees: int) -> bytes:
    """A clean page turned clockwise by 90, 180 or 270 degrees; any other turn is a ValueError."""
    turns = {
        90: Image.Transpose.ROTATE_270,
        180: Image.Transpose.ROTATE_180,
        270: Image.Transpose.ROTATE_90,
    }
    if degrees not in turns:
        raise ValueError(f"{degrees} is not a quarter turn")
    with Image.open(io.BytesIO(jpeg), formats=("JPEG",)) as image:
        return encoded(image.convert("RGB").transpose(turns[degrees]))


def encoded(image: Image.Image, *, quality: int = JPEG_QUALITY) -> bytes:
    """An RGB picture as JPEG bytes without any metadata."""
    target = io.BytesIO()
    bare = Image.new("RGB", image.size)
    bare.paste(image)
    bare.save(target, "JPEG", quality=quality, optimize=True)
    return target.getvalue()
