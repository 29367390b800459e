"""The curve of a season beside the one before, drawn on the server; its table stands below it."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from typing import Final

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from canbao.reports.season import Point
from canbao.web.theme import format as say

# On a phone the picture is drawn half as large and its words are twice as large: they need this room.
_WIDTH: Final = 520
_HEIGHT: Final = 260
_LEFT: Final = 84
_RIGHT: Final = 76
_TOP: Final = 18
_BOTTOM: Final = 40
_LINES: Final = 4
# A line of the grid stands for one of these, in tenths, times a power of ten.
_STEPS: Final = (10, 15, 20, 25, 30, 40, 50, 60, 80)


def svg(
    points: Sequence[Point], target: int, first: datetime.date, last: datetime.date
) -> SafeString:
    """Draw this season as a line to today, the one before dotted if there is any, the target dashed."""
    most = max(
        [target, *(point.before for point in points), *(point.settled or 0 for point in points), 1]
    )
    top = _round_up(most)
    days = max((last - first).days, 1)

    def across(on: datetime.date) -> float:
        part = min(max((on - first).days / days, 0), 1)
        return round(_LEFT + part * (_WIDTH - _LEFT - _RIGHT), 1)

    def up(count: int) -> float:
        return round(_HEIGHT - _BOTTOM - count / top * (_HEIGHT - _TOP - _BOTTOM), 1)

    now = [(across(one.on), up(one.settled)) for one in points if one.settled is not None]
    before = [(across(one.on), up(one.before)) for one in points] if points[-1].before else []
    return format_html(
        '<svg class="cb-curve" viewBox="0 0 {} {}" width="100%" role="img" aria-label="{}">{}{}{}{}{}</svg>',
        _WIDTH, _HEIGHT, gettext("Settled day by day, this season and the one before"),
        _grid(top, up),
        _ends(first, last, across),
        format_html(
            '<path class="cb-curve__target" d="M{} {}H{}"/><text x="{}" y="{}">{}</text>',
            _LEFT, up(target), _WIDTH - _RIGHT, _WIDTH - _RIGHT + 6, up(target) + 5, gettext("Target"),
        ),
        _line("cb-curve__before", before),
        format_html("{}{}", _line("cb-curve__now", now), _dot(now)),
    )  # fmt: skip


def _round_up(most: int) -> int:
    """A round number at or above, that four lines divide."""
    scale = 1
    while True:
        for tenths in _STEPS:
            step, rest = divmod(tenths * scale, 10)
            if not rest and step * _LINES >= most:
                return step * _LINES
        scale *= 10


def _grid(top: int, up: object) -> SafeString:
    assert callable(up)
    rows = [(_LEFT, up(count), _WIDTH - _RIGHT, _LEFT - 8, up(count) + 5, f"{count:,}")
            for count in range(0, top + 1, top // _LINES)]  # fmt: skip
    return format_html_join(
        "",
        '<path class="cb-curve__grid" d="M{} {}H{}"/><text x="{}" y="{}" text-anchor="end">{}</text>',
        rows,
    )


def _ends(first: datetime.date, last: datetime.date, across: object) -> SafeString:
    assert callable(across)
    rows = [
        (across(on), _HEIGHT - 10, anchor, say.month_day(on))
        for on, anchor in ((first, "start"), (last, "end"))
    ]
    return format_html_join("", '<text x="{}" y="{}" text-anchor="{}">{}</text>', rows)


def _line(kind: str, places: Sequence[tuple[float, float]]) -> SafeString:
    path = "L".join(f"{x} {y}" for x, y in places)
    return format_html('<path class="{}" d="M{}"/>', kind, path) if places else SafeString("")


def _dot(places: Sequence[tuple[float, float]]) -> SafeString:
    if not places:
        return SafeString("")
    return format_html('<circle class="cb-curve__dot" cx="{}" cy="{}" r="5"/>', *places[-1])
