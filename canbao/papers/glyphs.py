"""Which characters the fonts of the papers can draw.

Typst prints an empty box for a missing glyph and says nothing, so text is checked beforehand.
"""

from __future__ import annotations

import json
import unicodedata
from bisect import bisect_right
from collections.abc import Iterable
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Final

FOLDER: Final = Path(__file__).resolve().parents[2] / "build" / "fonts"
UNSEEN: Final = {"Cc", "Cf", "Cs", "Co", "Cn"}  # control, format, surrogate, private, unassigned


class Font(StrEnum):
    """The families papers are set in."""

    KAI = "LXGWWenKai-Regular"
    SONG = "NotoSerifSC-Regular"
    SONG_BOLD = "NotoSerifSC-Bold"
    SANS = "NotoSansSC-Regular"


class FontsNotBuilt(RuntimeError):
    """The fonts were not cut at set-up."""


@cache
def coverage(font: Font) -> tuple[tuple[int, int], ...]:
    """The code points of a font as (first, last) runs in order."""
    path = FOLDER / "coverage.json"
    if not path.is_file():
        message = f"{path} is not there: run tools/build_fonts.py"
        raise FontsNotBuilt(message)
    runs = json.loads(path.read_text(encoding="ascii"))[font]
    return tuple((int(first), int(last)) for first, last in runs)


@cache
def draws(font: Font, char: str) -> bool:
    """Whether the font has a visible shape for one character."""
    if unicodedata.category(char) in UNSEEN:
        return False
    runs = coverage(font)
    place = bisect_right(runs, (ord(char), 0x110000)) - 1
    return place >= 0 and runs[place][1] >= ord(char)


def missing(text: str, font: Font = Font.KAI) -> list[str]:
    """The characters of a text that the font cannot draw, each once, in order; newlines are fine.

    Invisible characters count as missing: on a paper nobody could see that they are there.
    """
    return list(
        dict.fromkeys(char for char in text if char != "\n" and not draws(font, char)),
    )


def missing_in(texts: Iterable[str], font: Font = Font.KAI) -> list[str]:
    """The characters of several texts that the font cannot draw, each once, in order."""
    return missing("".join(texts), font)


def shown(char: str) -> str:
    """A character for a message: itself with its number, or the number alone when invisible."""
    number = f"U+{ord(char):04X}"
    return number if unicodedata.category(char) in UNSEEN else f"{char} ({number})"
