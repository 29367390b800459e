"""Money is whole fen. Here it is written and read; no float ever touches it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import product
from typing import Final

FEN_PER_YUAN: Final = 100
YUAN_MOST: Final = 10**12 - 1
_FOLD: Final = str.maketrans("０１２３４５６７８９．，￥　圆圓正", "0123456789.,¥ 元元整")
_YUAN: Final = re.compile(
    r"(?:¥ ?)?(0|[1-9][0-9]{0,2}(?:,[0-9]{3})+|[1-9][0-9]{0,11})(?:\.([0-9]{1,2}))?(?: ?元)?"
)
_DIGITS: Final = "零壹贰叁肆伍陆柒捌玖"
_PLACES: Final = ("仟", "佰", "拾", "")
_SECTIONS: Final = ("亿", "万", "")
_SECTION: Final = 10_000
_CAPITALS: Final = re.compile(f"[{_DIGITS}仟佰拾亿万元角分整]{{1,60}}")
_CURRENCY: Final = "人民币"


def in_yuan(fen: int, *, exact: bool = False) -> str:
    """Write fen as yuan: 1,270; with two decimals where they are not zero, or always when `exact`."""
    sign = "-" if fen < 0 else ""
    whole, rest = divmod(abs(fen), FEN_PER_YUAN)
    return f"{sign}{whole:,}.{rest:02d}" if rest or exact else f"{sign}{whole:,}"


def in_capitals(fen: int) -> str:
    """Write fen as a receipt does, 壹仟贰佰柒拾元整, by the rules for bills and settlement vouchers.

    Raises ValueError for less than nothing and from a million million yuan on.
    """
    if not 0 <= fen <= YUAN_MOST * FEN_PER_YUAN + FEN_PER_YUAN - 1:
        message = f"no amount for a receipt: {fen}"
        raise ValueError(message)
    return next(_writings(fen))


def read(text: str) -> int | None:
    """Fen of an amount typed as 1,270, 1270.00, １２７０ or 壹仟贰佰柒拾元整; None where it is not plainly one."""
    folded = text.translate(_FOLD).strip()
    found = _YUAN.fullmatch(folded)
    if found is None:
        return _read_capitals(folded.removeprefix(_CURRENCY))
    whole = int(found[1].replace(",", ""))
    if whole > YUAN_MOST:
        return None
    return whole * FEN_PER_YUAN + int((found[2] or "0").ljust(2, "0"))


def _read_capitals(text: str) -> int | None:
    """Add up the signs as they come, then accept only what the sum may be written as."""
    if _CAPITALS.fullmatch(text) is None:
        return None
    fen = section = yuan = digit = 0
    for sign in text:
        if sign in _DIGITS:
            digit = _DIGITS.index(sign)
        elif sign in _PLACES:
            section, digit = section + digit * 10 ** (3 - _PLACES.index(sign)), 0
        elif sign in _SECTIONS:
            yuan += (section + digit) * _SECTION ** (2 - _SECTIONS.index(sign))
            section = digit = 0
        elif sign == "元":
            yuan, section, digit = yuan + section + digit, 0, 0
        elif sign in "角分":
            fen, digit = fen + digit * (10 if sign == "角" else 1), 0
    total = (yuan + section + digit) * FEN_PER_YUAN + fen
    return total if total <= YUAN_MOST * FEN_PER_YUAN + 99 and text in _accepted(total) else None


def _accepted(fen: int) -> set[str]:
    """Every way an amount may be written; whole yuan also without 整 or 元整."""
    accepted = set(_writings(fen))
    if fen % FEN_PER_YUAN == 0:
        accepted |= {one.removesuffix("整") for one in accepted}
        accepted |= {one.removesuffix("元") for one in accepted}
    return accepted


def _writings(fen: int) -> Iterator[str]:
    """Every full writing of an amount, the usual one first.

    A nought may be written or left out where the rules allow both: before thousands that follow a section
    ending in nought, and before jiao that follow yuan ending in nought. 整 after jiao may be left out.
    """
    yuan, rest = divmod(fen, FEN_PER_YUAN)
    jiao, last = divmod(rest, 10)
    for whole in _wholes(yuan):
        head = f"{whole}元" if whole else ""
        if rest == 0:
            yield f"{head or '零元'}整"
            continue
        if jiao == 0:
            yield f"{head}{'零' if head else ''}{_DIGITS[last]}分"
            continue
        tail = f"{_DIGITS[jiao]}角" + (f"{_DIGITS[last]}分" if last else "")
        for end, nought in product(("",) if last else ("整", ""), ("", "零")):
            if not nought or (head and yuan % 10 == 0):
                yield f"{head}{nought}{tail}{end}"


def _wholes(yuan: int) -> Iterator[str]:
    """Every writing of whole yuan without 元; empty for none."""
    sections = [yuan // _SECTION**2, yuan // _SECTION % _SECTION, yuan % _SECTION]
    pieces: list[tuple[str, ...]] = []
    above = skipped = ends_in_nought = False
    for section, unit in zip(sections, _SECTIONS, strict=True):
        if section == 0:
            skipped = above
            continue
        written = f"{_section(section)}{unit}"
        if above and (skipped or section < _SECTION // 10):
            pieces.append((f"零{written}",))
        elif above and ends_in_nought:
            pieces.append((written, f"零{written}"))
        else:
            pieces.append((written,))
        above, skipped, ends_in_nought = True, False, section % 10 == 0
    for chosen in product(*pieces):
        yield "".join(chosen)


def _section(number: int) -> str:
    """Write one to four digits, noughts between others as one 零."""
    written = ""
    for digit, place in zip(f"{number:04d}", _PLACES, strict=True):
        if digit != "0":
            written += f"{_DIGITS[int(digit)]}{place}"
        elif written and not written.endswith("零"):
            written += "零"
    return written.rstrip("零")
