"""An office's round seal as SVG: one drawing for screens and papers.

Characters are drawn as outlines, so that a seal looks the same where no Chinese font is installed.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache
from typing import Final
from xml.sax.saxutils import quoteattr

from django.utils.translation import gettext

from canbao.papers import outlines
from canbao.papers.outlines import Move

DIAMETER_MM: Final = 42.0
CINNABAR: Final = "#c4251a"
FADED: Final = "#7a8385"
FAULT: Final = "#a9231a"
RING_MM: Final = 1.2
NAME_RADIUS: Final = 16.2  # middle of the characters
NAME_HEIGHT: Final = 4.9
NAME_WIDTH: Final = 0.84  # of the height, where there is room
STAR_RADIUS: Final = 6.6
STAR_INNER: Final = STAR_RADIUS * 0.381966  # of the pentagram
WIDEST_STEP: Final = 30.0
SWEEP_ALONE: Final = 276.0
SWEEP_WITH_PURPOSE: Final = 236.0
PURPOSE_Y: Final = 12.6
PURPOSE_WIDTH: Final = 20.0
PURPOSE_HEIGHT: Final = 3.9
ART_CACHE: Final = 1024  # seals of a county and their struck forms


@dataclass(frozen=True, slots=True)
class Seal:
    """What is cut into a seal: the office's full name and, where it has one, its purpose."""

    name: str
    purpose: str = ""


@dataclass(frozen=True, slots=True)
class ArcGlyph:
    """One character of the name, turned by `angle` degrees from the top of the seal."""

    char: str
    angle: float


def arc(seal: Seal) -> tuple[tuple[ArcGlyph, ...], float]:
    """The name along the arc, and its characters' width in mm: less where the name is long."""
    name = [char for char in seal.name if not char.isspace()]
    sweep = SWEEP_WITH_PURPOSE if seal.purpose else SWEEP_ALONE
    step = min(WIDEST_STEP, sweep / max(len(name) - 1, 1))
    first = -step * (len(name) - 1) / 2
    room = math.radians(step) * NAME_RADIUS * 0.94
    glyphs = tuple(ArcGlyph(char, first + place * step) for place, char in enumerate(name))
    return glyphs, min(NAME_HEIGHT * NAME_WIDTH, room)


def star() -> tuple[tuple[float, float], ...]:
    """The ten corners of a five-pointed star that stands on two of its points."""
    corners = []
    for place in range(10):
        radius = STAR_INNER if place % 2 else STAR_RADIUS
        turn = math.radians(36 * place)
        corners.append((round(radius * math.sin(turn), 2), round(-radius * math.cos(turn), 2)))
    return tuple(corners)


def lettering(seal: Seal) -> str:
    """The outlines of name and purpose, in mm around the seal's centre."""
    glyphs, width = arc(seal)
    paths = [
        outlines.path(
            glyph.char,
            Move(height=NAME_HEIGHT, width=width, y=-NAME_RADIUS, turn=glyph.angle),
        )
        for glyph in glyphs
    ]
    size = min(PURPOSE_HEIGHT, PURPOSE_WIDTH / max(outlines.ems(seal.purpose), 1))
    paths += outlines.line(seal.purpose, size=size, y=PURPOSE_Y)
    return "".join(paths)


@lru_cache(maxsize=ART_CACHE)
def art(seal: Seal, void: str = "") -> str:
    """What stands inside the SVG; with a word in `void` the seal is grey and struck out by it."""
    colour = FADED if void else CINNABAR
    ring = DIAMETER_MM / 2 - RING_MM / 2
    corners = " ".join(f"{x},{y}" for x, y in star())
    parts = [
        f'<circle r="{ring}" fill="none" stroke="{colour}" stroke-width="{RING_MM}"/>',
        f'<polygon points="{corners}" fill="{colour}"/>',
        f'<path fill="{colour}" d="{lettering(seal)}"/>',
    ]
    if void:
        reach = round(DIAMETER_MM / 2 * 0.7, 2)
        size = 5.0
        width = outlines.ems(void) * size + 3
        parts += [
            (
                f'<path d="M{-reach} {-reach}L{reach} {reach}M{reach} {-reach}L{-reach} {reach}" '
                f'stroke="{FAULT}" stroke-width="0.9"/>'
            ),
            (
                f'<rect x="{-width / 2}" y="-4" width="{width}" height="8" fill="#fff" '
                f'stroke="{FAULT}" stroke-width="0.5"/>'
            ),
            f'<path fill="{FAULT}" d="{"".join(outlines.line(void, size=size, y=0))}"/>',
        ]
    return "".join(parts)


def drawing(seal: Seal, void: str = "") -> str:
    """The seal as a standing SVG of 42 mm for papers."""
    half = DIAMETER_MM / 2
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{DIAMETER_MM}mm" '
        f'height="{DIAMETER_MM}mm" viewBox="{-half} {-half} {DIAMETER_MM} {DIAMETER_MM}">'
        f"{art(seal, void)}</svg>"
    )


def words(seal: Seal, *, broken: bool = False) -> str:
    """The seal in words, for those who cannot see it."""
    facts = {"name": seal.name, "purpose": seal.purpose}
    if broken:
        return gettext("Seal of %(name)s, no longer valid") % facts
    if seal.purpose:
        return gettext("Seal of %(name)s, %(purpose)s") % facts
    return gettext("Seal of %(name)s") % facts


def svg(name: str, purpose: str = "", *, broken: bool = False) -> str:
    """The seal as an inline SVG with a text alternative; a broken one is grey and struck out.

    The string is safe markup: wrap it in `mark_safe` or `format_html` at the edge.
    """
    seal = Seal(name, purpose)
    half = DIAMETER_MM / 2
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" class="seal" role="img" width="112" '
        f'height="112" viewBox="{-half} {-half} {DIAMETER_MM} {DIAMETER_MM}" '
        f"aria-label={quoteattr(words(seal, broken=broken))}>"
        f"{art(seal, gettext('VOID') if broken else '')}</svg>"
    )
