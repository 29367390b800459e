"""How money, days and deadlines are said on pages, in the language of the request."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime
from typing import Final
from zoneinfo import ZoneInfo

from django.utils.translation import get_language, gettext, ngettext, pgettext

from canbao.kernel.money import in_yuan

SHANGHAI: Final = ZoneInfo("Asia/Shanghai")
NEAR_DAYS: Final = 7
_WEEKDAYS_EN: Final = (
    "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday",
)  # fmt: skip
_MONTHS_EN: Final = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
_WEEKDAYS_ZH: Final = "一二三四五六日"


def _chinese() -> bool:
    return (get_language() or "").startswith("zh")


def sentence_gap() -> str:
    """Return what stands between two sentences: a space, or nothing in Chinese."""
    return "" if _chinese() else " "


def facts(*said: object) -> str:
    """Facts of one thing in a row, with the language's comma."""
    return pgettext("between facts", ", ").join(map(str, said))


def listed(names: Iterable[object]) -> str:
    """Things of one kind in a row, as the language lists them: 、 in Chinese."""
    return gettext(", ").join(map(str, names))


def money(fen: int, *, exact: bool = False) -> str:
    """Say fen with the unit in words: 1,270 元, 1,270 yuan."""
    return gettext("%(amount)s yuan") % {"amount": in_yuan(fen, exact=exact)}


def day(on: date, *, today: date | None = None) -> str:
    """Say a business date: the year where it is not this year's, the weekday where it is near.

    Near is a week or less from today; without today the year is always said.
    """
    if isinstance(on, datetime):
        on = on.astimezone(SHANGHAI).date()
    with_year = today is None or on.year != today.year
    near = today is not None and abs((on - today).days) <= NEAR_DAYS
    if _chinese():
        said = f"{on.month} 月 {on.day} 日"
        said = f"{on.year} 年 {said}" if with_year else said
        return f"{said}（周{_WEEKDAYS_ZH[on.weekday()]}）" if near else said
    said = f"{on.day} {_MONTHS_EN[on.month - 1]}"
    said = f"{said} {on.year}" if with_year else said
    return f"{_WEEKDAYS_EN[on.weekday()]} {said}" if near else said


def moment(at: datetime, *, today: date | None = None, seconds: bool = False) -> str:
    """Say an instant as the clock in China shows it: 11 月 24 日 15:06."""
    local = (at if at.tzinfo else at.replace(tzinfo=UTC)).astimezone(SHANGHAI)
    clock = local.strftime("%H:%M:%S" if seconds else "%H:%M")
    said = day(local.date(), today=local.date() if today and today.year == local.year else None)
    if today and today.year == local.year:
        said = month_day(local.date())
    return f"{said} {clock}" if _chinese() else f"{said}, {clock}"


def ago(at: datetime, now: datetime, *, today: date) -> str:
    """Say how long ago an instant is, by its clock where that is longer than an hour."""
    minutes = int((now - at).total_seconds()) // 60
    if minutes < 1:
        return gettext("just now")
    if minutes < 60:  # noqa: PLR2004 - an hour
        said = ngettext("%(minutes)s minute ago", "%(minutes)s minutes ago", minutes)
        return said % {"minutes": minutes}
    return moment(at, today=today)


def month_day(on: date) -> str:
    """Say a day of the year: 9 月 1 日, 1 September."""
    if _chinese():
        return f"{on.month} 月 {on.day} 日"
    return f"{on.day} {_MONTHS_EN[on.month - 1]}"


def days_left(days: int) -> str:
    """Say in a sentence how many working days are left, that it is due today, or how late it is."""
    if days == 0:
        return gettext("due today")
    if days < 0:
        late = ngettext(
            "overdue by %(days)s working day", "overdue by %(days)s working days", -days
        )
        return late % {"days": -days}
    return ngettext("%(days)s working day left", "%(days)s working days left", days) % {
        "days": days
    }


def days_left_short(days: int) -> str:
    """Say the same for a cell of a table: 剩 3 天, 今天到期, 超期 1 天."""
    if days == 0:
        return pgettext("table", "Due today")
    if days < 0:
        return gettext("Overdue %(days)s d") % {"days": -days}
    return gettext("%(days)s d left") % {"days": days}
