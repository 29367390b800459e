"""Names in any script of the register: one written form, and a key to compare by."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

from canbao.kernel.refusal import Refused

LONGEST: Final = 50
MIDDLE_DOT: Final = "\u00b7"
# Dots that keyboards and old systems put between the parts of an ethnic name.
_DOTS: Final = re.compile(
    "\\s*[\u00b7\u2022\u30fb\uff65\u2027\u2219\u22c5\u25cf\u25aa\u16eb\u0387\u02d9\u2024]+\\s*"
)
_FULL_STOP: Final = re.compile(r"\s*[.\uff0e\u3002]+\s*")
_FOLDED: Final = re.compile("[\uff01-\uff5e\u2e80-\u2fdf\u3000\u00a0\u202f]")
_VARIATION: Final = re.compile("[\ufe00-\ufe0f\U000e0100-\U000e01ef]")
_LOST: Final = frozenset("?\uff1f\ufffd\u25a1\u25a0\u3013\u25cb*")
_PUNCTUATION: Final = frozenset(f"{MIDDLE_DOT} '\u2019-.\u0f0b\u3007")
_LATER_HAN: Final = range(0x20000, 0x3FFFE)  # planes 2 and 3, also what Python does not know yet
_SPACE: Final = re.compile(r"\s+")


def read(text: str) -> str:
    """The name in its one written form.

    Composed (NFC), middle dots as U+00B7, no spaces in Chinese, single ones in Latin; radicals and
    full-width letters that a copy brought along are put right, rare characters stay as they are.
    Refuses `name_missing`, `name_long`, `name_digit`, `name_lost_character`,
    `name_private_character` and `name_character`.
    """
    if len(text) > 4 * LONGEST:
        raise Refused("name_long", length=len(text), limit=LONGEST)
    name = _VARIATION.sub("", unicodedata.normalize("NFC", text))
    name = _FOLDED.sub(lambda found: unicodedata.normalize("NFKC", found[0]), name)
    name = "".join(sign for sign in name if unicodedata.category(sign) != "Cf")
    name = _FULL_STOP.sub(_full_stop, _DOTS.sub(MIDDLE_DOT, name))
    name = _SPACE.sub(_space, name.strip().strip(MIDDLE_DOT))
    name = unicodedata.normalize("NFC", name)
    if not name:
        raise Refused("name_missing")
    if len(name) > LONGEST:
        raise Refused("name_long", length=len(name), limit=LONGEST)
    for position, sign in enumerate(name, 1):
        _check(sign, position)
    if not any(_is_letter(sign) for sign in name):
        raise Refused("name_missing")
    if unicodedata.category(name[0]).startswith("M"):
        raise Refused("name_character", position=1, character=f"U+{ord(name[0]):04X}")
    return name


def key(name: str) -> str:
    """What two spellings of one name have in common: no dots, spaces, hyphens or capitals."""
    folded = unicodedata.normalize("NFKC", name).casefold()
    return "".join(sign for sign in folded if is_han(sign) or unicodedata.category(sign)[0] in "LM")


def same(one: str, other: str) -> bool:
    """Tell whether two names differ at most in dots, spaces, hyphens and capitals."""
    return key(one) == key(other)


def mask(name: str) -> str:
    """A name for strangers: first and last character stay, of a name in parts the first part."""
    parts = re.split(f"[{MIDDLE_DOT} ]", name)
    if len(parts) > 1:
        return f"{parts[0]}{MIDDLE_DOT if MIDDLE_DOT in name else ' '}**"
    if len(name) <= 2:  # noqa: PLR2004 - surname and one more
        return name[:1] + "*" * (len(name) - 1)
    return name[0] + "*" * (len(name) - 2) + name[-1]


def is_han(sign: str) -> bool:
    """Tell whether a character is Chinese, of whatever extension."""
    point = ord(sign)
    return (
        0x4E00 <= point <= 0x9FFF  # noqa: PLR2004 - the blocks of the standard
        or 0x3400 <= point <= 0x4DBF  # noqa: PLR2004
        or 0xF900 <= point <= 0xFAFF  # noqa: PLR2004
        or point in _LATER_HAN
        or sign == "\u3007"
    )


def _is_letter(sign: str) -> bool:
    return is_han(sign) or unicodedata.category(sign).startswith("L")


def _beside(found: re.Match[str]) -> tuple[str, str]:
    text = found.string
    before = text[found.start() - 1] if found.start() else ""
    after = text[found.end()] if found.end() < len(text) else ""
    return before, after


def _full_stop(found: re.Match[str]) -> str:
    """A full stop between two Chinese characters is a middle dot, after a Latin letter it stays."""
    before, after = _beside(found)
    if before and is_han(before) and (not after or is_han(after)):
        return MIDDLE_DOT
    return ". " if found[0][-1:].isspace() else "."


def _space(found: re.Match[str]) -> str:
    before, after = _beside(found)
    closes = any(sign == MIDDLE_DOT or is_han(sign) for sign in (before, after) if sign)
    return "" if closes else " "


def _check(sign: str, position: int) -> None:
    category = unicodedata.category(sign)
    if is_han(sign) or category[0] in "LM" or sign in _PUNCTUATION:
        return
    shown = sign if sign.isprintable() and category != "Co" else f"U+{ord(sign):04X}"
    if sign in _LOST:
        raise Refused("name_lost_character", position=position, character=shown)
    if category == "Co":
        raise Refused("name_private_character", position=position, character=shown)
    if category == "Nd":
        raise Refused("name_digit", position=position, character=shown)
    raise Refused("name_character", position=position, character=shown)
