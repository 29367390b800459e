"""QR codes of papers as SVG, and the matrix a reader sees."""

from __future__ import annotations

import io
from typing import Final

import segno

QUIET_ZONE: Final = 4
PAPER_LEVEL: Final = "M"  # 15 % of the code may be soiled, as paper in a village is
# Every mask is valid; weighing all eight takes five times as long as the rest of the code, and the
# random token in the address leaves no large even areas for a mask to break up.
MASK: Final = 2


def code_of(url: str) -> segno.QRCode:
    """The code for an address; the same address always gives the same code."""
    return segno.make(url, error=PAPER_LEVEL, mask=MASK, micro=False, boost_error=False)


def matrix(url: str) -> tuple[tuple[bool, ...], ...]:
    """The dark modules of the code for an address, without the quiet zone."""
    code = code_of(url)
    return tuple(tuple(bool(module) for module in row) for row in code.matrix)


def svg(url: str, *, title: str = "", border: int = QUIET_ZONE) -> str:
    """The code for an address as a standing SVG of one path; `title` is its text alternative."""
    code = code_of(url)
    target = io.BytesIO()
    code.save(
        target,
        kind="svg",
        border=border,
        xmldecl=False,
        svgclass="qr",
        lineclass=None,
        omitsize=True,
        title=title or None,
    )
    return target.getvalue().decode()
