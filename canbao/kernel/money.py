"""Money is whole fen. Here it is written and read; no float ever touches it."""

from __future__ import annotations

import re
from typing import Final

FEN_PER_YUAN: Final = 100
_FOLD: Final = str.maketrans("０１２３４５６７８９．，", "0123456789.,", " 　元¥￥")
_YUAN: Final = re.compile(r"(\d{1,3}(?:,\d{3})+|\d{1,12})(?:\.(\d{1,2}))?")


def in_yuan(fen: int, *, exact: bool = False) -> str:
    """Write fen as yuan: 1,270; with two decimals where they are not zero, or always when `exact`."""
    sign = "-" if fen < 0 else ""
    whole, rest = divmod(abs(fen), FEN_PER_YUAN)
    return f"{sign}{whole:,}.{rest:02d}" if rest or exact else f"{sign}{whole:,}"


def read(text: str) -> int | None:
    """Fen of an amount typed as 1,270 or 1270.00 or １２７０; None where it is not plainly one."""
    found = _YUAN.fullmatch(text.translate(_FOLD))
    if found is None:
        return None
    whole = int(found[1].replace(",", ""))
    return whole * FEN_PER_YUAN + int((found[2] or "0").ljust(2, "0"))
