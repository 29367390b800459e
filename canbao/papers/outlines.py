"""Outlines of characters as SVG paths, taken from the papers' bold Song."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Final

from fontTools.misc.transform import Identity
from fontTools.pens.qu2cuPen import Qu2CuPen
from fontTools.pens.svgPathPen import SVGPathPen
from fontTools.pens.transformPen import TransformPen
from fontTools.ttLib import TTFont

from canbao.papers import glyphs

FONT: Final = glyphs.Font.SONG_BOLD
MIDDLE: Final = 0.38  # of the em above the baseline: the optical middle of a Han character
CURVE_ERROR: Final = 0.004  # of the em: a fiftieth of a millimetre on a seal
GLYPH_CACHE: Final = 4096
READING: Final = threading.Lock()  # a lazily read font is no thing for two threads


@dataclass(frozen=True, slots=True)
class Move:
    """Where a character goes: its size, its middle at (x, y), then turned about the origin."""

    height: float
    width: float
    x: float = 0.0
    y: float = 0.0
    turn: float = 0.0  # degrees, clockwise


@cache
def font() -> TTFont:
    """The font, read when first asked for."""
    path = glyphs.FOLDER / f"{FONT}.ttf"
    if not path.is_file():
        message = f"{path} is not there: run tools/build_fonts.py"
        raise glyphs.FontsNotBuilt(message)
    return TTFont(path, lazy=True)


def advance(char: str) -> float:
    """The width of a character in ems."""
    with READING:
        name = font().getBestCmap().get(ord(char), ".notdef")
        width, _ = font()["hmtx"][name]
        return float(width) / float(font()["head"].unitsPerEm)


def ems(text: str) -> float:
    """The width of a line of text in ems."""
    return sum(advance(char) for char in text)


@lru_cache(maxsize=GLYPH_CACHE)
def path(char: str, move: Move) -> str:
    """One character as an SVG path, y growing downwards."""
    share = advance(char)
    with READING:
        shapes = font().getGlyphSet()
        name = font().getBestCmap().get(ord(char), ".notdef")
        unit = 1 / font()["head"].unitsPerEm
        place = (
            Identity.rotate(move.turn * 3.141592653589793 / 180)
            .translate(move.x, move.y)
            .scale(move.width * unit, -move.height * unit)
            .translate(-share / 2 / unit, -MIDDLE / unit)
        )
        pen = SVGPathPen(shapes, ntos=lambda value: f"{value:.2f}".rstrip("0").rstrip("."))
        # Cubic curves say the same in half the numbers, and a page is packed so much faster.
        shapes[name].draw(Qu2CuPen(TransformPen(pen, place), CURVE_ERROR / unit, all_cubic=True))
    return str(pen.getCommands())


def line(text: str, *, size: float, y: float) -> list[str]:
    """A line of text, centred on x = 0 with its middle at y."""
    paths = []
    left = -ems(text) * size / 2
    for char in text:
        width = advance(char) * size
        paths.append(path(char, Move(height=size, width=size, x=left + width / 2, y=y)))
        left += width
    return paths
