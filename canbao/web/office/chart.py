"""The chart of a flow, drawn from the same data that cases walk by."""

from __future__ import annotations

from typing import Final

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from canbao.cases import flow
from canbao.cases.flow import Flow
from canbao.web.office import words

_WIDTH: Final = 120
_HEIGHT: Final = 48
_GAP: Final = 60
_TOP: Final = 70
_FONT: Final = 16
_FORWARD: Final = "#12495a"
_BACK: Final = "#744600"
_INK: Final = "#1b2427"


def places(route: Flow) -> list[str]:
    """Desks from left to right: the applicant first, then the road, the archive and what is closed."""
    walked = [flow.APPLICANT]
    here = route.first
    while True:
        walked.append(here.name)
        following = route.desks.get(here.next)
        if following is None:
            walked.append(here.next)
            break
        here = following
    closed = any(end == flow.CLOSED for _start, _verb, end in route.edges())
    return [*walked, flow.CLOSED] if closed else walked


def svg(route: Flow) -> SafeString:
    """The chart; its table stands beside it and says the same in words."""
    found = places(route)
    at = {name: 10 + place * (_WIDTH + _GAP) for place, name in enumerate(found)}
    backs = [(start, end) for start, verb, end in route.edges() if verb == "return"]
    ahead = [(start, end) for start, verb, end in route.edges() if verb != "return"]
    height = _TOP + _HEIGHT + 30 + 22 * len(backs)
    lines = [_forward(at[start], at[end]) for start, end in ahead]
    lines += [_back(at[start], at[end], row) for row, (start, end) in enumerate(backs)]
    boxes = format_html_join("", "{}", ((_box(at[name], name),) for name in found))
    return format_html(
        '<svg class="cb-chart" viewBox="0 0 {} {}" width="100%" role="img" aria-label="{}">'
        '<defs><marker id="{id}-f" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="8"'
        ' markerHeight="8" orient="auto"><path d="M0 0 8 4 0 8z" fill="{forward}"/></marker>'
        '<marker id="{id}-b" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="8" markerHeight="8"'
        ' orient="auto"><path d="M0 0 8 4 0 8z" fill="{back}"/></marker></defs>{lines}{boxes}</svg>',
        at[found[-1]] + _WIDTH + 10,
        height,
        route.name,
        id="chart",
        forward=_FORWARD,
        back=_BACK,
        lines=format_html_join("", "{}", ((line,) for line in lines)),
        boxes=boxes,
    )


def _box(left: int, name: str) -> SafeString:
    return format_html(
        '<rect x="{}" y="{}" width="{}" height="{}" rx="8" fill="#fff" stroke="{}" stroke-width="2"/>'
        '<text x="{}" y="{}" text-anchor="middle" font-size="{}" fill="{}">{}</text>',
        left, _TOP, _WIDTH, _HEIGHT, _FORWARD, left + _WIDTH // 2, _TOP + _HEIGHT // 2 + 6, _FONT, _INK,
        words.DESKS[name],
    )  # fmt: skip


def _forward(start: int, end: int) -> SafeString:
    middle = _TOP + _HEIGHT // 2
    if end - start == _WIDTH + _GAP:
        path = f"M{start + _WIDTH} {middle}H{end - 2}"
    else:  # over the heads of the desks between
        path = f"M{start + _WIDTH // 2} {_TOP}V30H{end + _WIDTH // 2}V{_TOP - 2}"
    return _path(path, _FORWARD, "chart-f")


def _back(start: int, end: int, row: int) -> SafeString:
    under = _TOP + _HEIGHT
    depth = under + 24 + 22 * row
    # Each way back leaves and arrives at a place of its own, so that none hides another.
    leave = start + _WIDTH // 2 - 20 + 10 * (row % 5)
    arrive = end + _WIDTH // 2 - 20 + 10 * (row % 5)
    return _path(f"M{leave} {under}V{depth}H{arrive}V{under + 2}", _BACK, "chart-b")


def _path(path: str, colour: str, marker: str) -> SafeString:
    return format_html(
        '<path d="{}" fill="none" stroke="{}" stroke-width="2" marker-end="url(#{})"/>',
        path, colour, marker,
    )  # fmt: skip
