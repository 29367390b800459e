"""Filters: money, days and deadlines in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from canbao.web.theme import format as words
from canbao.web.theme.tags.library import register

if TYPE_CHECKING:
    from datetime import date, datetime


@register.filter
def money(fen: int | None) -> str:
    """Say fen as 1,270 元; nothing for None."""
    return "" if fen is None else words.money(fen)


@register.filter
def money_fen(fen: int | None) -> str:
    """Say fen as 1,270.00 元, as papers and counters do; nothing for None."""
    return "" if fen is None else words.money(fen, exact=True)


@register.filter
def day(on: date | None, today: date | None = None) -> str:
    """Say a date; with today as argument without this year and with the weekday when near."""
    return words.day(on, today=today) if on else ""


@register.filter
def moment(at: datetime | None, today: date | None = None) -> str:
    """Say an instant in the time of China."""
    return words.moment(at, today=today) if at else ""


@register.filter
def days_left(days: int | None) -> str:
    """Say working days left as part of a sentence."""
    return "" if days is None else words.days_left(days)


@register.filter
def days_left_short(days: int | None) -> str:
    """Say working days left for a cell of a table."""
    return "" if days is None else words.days_left_short(days)
