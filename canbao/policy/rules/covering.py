"""When money is taken, and from when to when it covers: periods, newborns, months of waiting."""

from __future__ import annotations

import calendar
from datetime import date, timedelta
from typing import Final

from canbao.policy.rules import conditions
from canbao.policy.rules.answers import (
    Collects,
    CoverAnswer,
    CoverDays,
    CoverLine,
    CoverStep,
    History,
    Said,
    SeasonDays,
    Standing,
    Window,
)
from canbao.policy.rules.chained import Chained
from canbao.policy.rules.person import PersonFacts
from canbao.policy.rules.terms import AcrossNewYear, CoverStart, From, Newborn, Waiting
from canbao.policy.rules.values import day_in

NOTHING_KNOWN: Final = History()
_MONTHS: Final = 12
_ONE_DAY: Final = timedelta(days=1)


def season(rules: Chained, on: date) -> SeasonDays | None:
    """Give the days of the season; see `Rules.season`."""
    said = rules.said(rules.terms.season, on)
    if said is None:
        return None
    it, year = said.it, rules.year
    late, opening = rules.said(rules.terms.late, on), rules.said(rules.terms.opening, on)
    opens_on = it.opens_on or (opening.it.opens_on if opening else None)
    return SeasonDays(
        opens_on=day_in(opens_on, year) if opens_on else None,
        closes_on=day_in(it.closes_on, year),
        extended_to=day_in(it.extended_to, year) if it.extended_to else None,
        late_to=day_in(late.it.until, year) if late else None,
        standing=said.standing,
    )


def collects(rules: Chained, on: date, person: PersonFacts | None = None) -> Collects:
    """Give the state of collection; see `Rules.collects`."""
    days = season(rules, on)
    if days is None:
        return Collects(Window.UNSAID, None, None)
    state = _period(days, on)
    last = days.late_to or days.in_time_to
    newborn = rules.said(rules.terms.newborn, on)
    if newborn and person and state in {Window.LATE, Window.CLOSED}:
        window = person.birth_on + timedelta(days=newborn.it.days)
        if person.birth_on <= on <= window:
            state, last = Window.NEWBORN, max(last, window)
    if state is Window.EARLY:
        return Collects(state, days.opens_on, days)
    if state is Window.CLOSED or _month_open(rules, on):
        return Collects(state, None, days)
    return Collects(Window.PAUSED, _next_open(rules, on, last), days)


def is_late(rules: Chained, on: date) -> bool:
    """Whether the period and its extension are over on a day."""
    days = season(rules, on)
    return days is not None and on > days.in_time_to


def in_newborn_window(rules: Chained, person: PersonFacts, on: date) -> bool:
    """Whether a day lies within the days after birth in which a payment covers from birth."""
    said = rules.said(rules.terms.newborn, on)
    return said is not None and 0 <= (on - person.birth_on).days <= said.it.days


def cover_days(rules: Chained, on: date) -> CoverDays | None:
    """Give the year's cover for those in time; see `Rules.cover_days`."""
    said = rules.said(rules.terms.cover, on)
    if said is None:
        return None
    return CoverDays(
        day_in(said.it.starts_on, rules.year),
        day_in(said.it.ends_on, rules.year),
        said.it.says,
        said.standing,
    )


def cover(
    rules: Chained, person: PersonFacts, paid_on: date, history: History
) -> CoverAnswer | None:
    """Give the days a payment covers; see `Rules.cover`."""
    days, said = cover_days(rules, paid_on), rules.said(rules.terms.cover, paid_on)
    if days is None or said is None:
        return None
    newborn = rules.said(rules.terms.newborn, paid_on)
    if newborn:
        born = _newborn(newborn, days, person, paid_on)
        if born:
            return _answer(days, *born)
    first, line = _first_day(rules, said, days, paid_on)
    waiting = rules.said(rules.terms.waiting, paid_on)
    if waiting is None:
        return _answer(days, first, line)
    missed = _missed(history, rules.year, waiting.it.gaps_from)
    if line.code is not CoverStep.LATE and not missed:
        return _answer(days, first, line)
    if conditions.met(waiting.it.unless, person.as_proven(), paid_on):
        exempt = CoverLine(CoverStep.EXEMPT, (), waiting.standing)
        return _answer(days, first, line, exempt, gap_years=missed)
    repaid = len(history.repaid.intersection(missed))
    months, lines = _wait(waiting, len(missed), repaid)
    return _answer(days, months_after(first, months), line, *lines, months=months, gap_years=missed)


def months_after(day: date, months: int) -> date:
    """Give the same day some months later, or the last day of a month that has no such day."""
    years, month = divmod(day.month - 1 + months, _MONTHS)
    last = calendar.monthrange(day.year + years, month + 1)[1]
    return date(day.year + years, month + 1, min(day.day, last))


def _period(days: SeasonDays, on: date) -> Window:
    if days.opens_on is not None and on < days.opens_on:
        return Window.EARLY
    if on <= days.closes_on:
        return Window.OPEN
    if on <= days.in_time_to:
        return Window.EXTENDED
    return Window.LATE if days.late_to is not None and on <= days.late_to else Window.CLOSED


def _month_open(rules: Chained, on: date) -> bool:
    said = rules.said(rules.terms.season, on)
    if said is None:
        return True
    named = [one for one in said.it.days if one.months is not None and on.month in one.months]
    found = named or [one for one in said.it.days if one.months is None]
    return not found or any(one.first <= on.day <= one.last for one in found)


def _next_open(rules: Chained, on: date, last: date) -> date | None:
    """Give the next day until the last one on which the month is open, at most two months on."""
    for ahead in range(1, 63):
        day = on + ahead * _ONE_DAY
        if day > last:
            return None
        if _month_open(rules, day):
            return day
    return None


def _newborn(
    said: Said[Newborn], days: CoverDays, person: PersonFacts, paid_on: date
) -> tuple[date, CoverLine] | None:
    """Give the first day of cover of somebody born in the year or just before it; None for others."""
    born, it = person.birth_on, said.it
    within = 0 <= (paid_on - born).days <= it.days
    facts = (("born", born.isoformat()), ("days", str(it.days)))
    if within and born <= days.ends_on:
        crosses = born + timedelta(days=it.days) >= days.starts_on
        from_birth = born >= days.starts_on or (
            crosses and it.across_new_year is AcrossNewYear.ONE_PAYMENT
        )
        first = born if from_birth else days.starts_on
        return first, CoverLine(CoverStep.NEWBORN, facts, said.standing)
    if not within and days.starts_on <= born <= min(days.ends_on, paid_on):
        first = _from(it.later_from, days, paid_on)
        return first, CoverLine(CoverStep.NEWBORN_LATER, facts, said.standing)
    return None


def _first_day(
    rules: Chained, said: Said[CoverStart], days: CoverDays, paid_on: date
) -> tuple[date, CoverLine]:
    """Give the first day of cover before any waiting, by the period in which the payment falls."""
    period = season(rules, paid_on)
    last = period.closes_on if period else days.starts_on - _ONE_DAY
    if paid_on <= last:
        facts = (("closes_on", last.isoformat()),)
        return days.starts_on, CoverLine(CoverStep.IN_TIME, facts, said.standing)
    if period and paid_on <= period.in_time_to:
        facts = (("extended_to", period.in_time_to.isoformat()),)
        first = _from(said.it.extended_from, days, paid_on)
        return first, CoverLine(CoverStep.EXTENDED, facts, said.standing)
    facts = (("closes_on", (period.in_time_to if period else last).isoformat()),)
    return _from(said.it.late_from, days, paid_on), CoverLine(CoverStep.LATE, facts, said.standing)


def _from(start: From, days: CoverDays, paid_on: date) -> date:
    if start is From.START:
        return days.starts_on
    if start is From.PAYMENT_DAY:
        return max(days.starts_on, paid_on)
    return max(days.starts_on, months_after(paid_on.replace(day=1), 1))


def _missed(history: History, year: int, gaps_from: int | None) -> tuple[int, ...]:
    """Give the years missed in a row before a year; without an earlier covered year there is no gap."""
    earlier = [one for one in history.covered if one < year]
    if not earlier:
        return ()
    first = max(max(earlier) + 1, history.first_known or 0, gaps_from or 0)
    return tuple(range(first, year))


def _wait(said: Said[Waiting], gap: int, repaid: int) -> tuple[int, list[CoverLine]]:
    """Add up the months of waiting, each step with its line."""
    it, standing = said.it, said.standing
    lines = [CoverLine(CoverStep.FIXED, (("months", str(it.fixed_months)),), standing)]
    added = gap * it.gap_months
    if added:
        lines.append(_months(CoverStep.GAPS, added, gap, standing))
    taken_off = min(added, repaid * it.repaid_months)
    if taken_off:
        lines.append(_months(CoverStep.REPAID, taken_off, repaid, standing))
    months = it.fixed_months + added - taken_off
    is_long = it.long_gap_years is not None and gap >= it.long_gap_years
    if is_long and months < it.long_gap_months:
        months = it.long_gap_months
        lines.append(_months(CoverStep.LONG_GAP, months, gap, standing))
    return months, lines


def _months(code: CoverStep, months: int, years: int, standing: Standing) -> CoverLine:
    return CoverLine(code, (("months", str(months)), ("years", str(years))), standing)


def _answer(
    days: CoverDays,
    first: date,
    *why: CoverLine,
    months: int = 0,
    gap_years: tuple[int, ...] = (),
) -> CoverAnswer:
    until = (("from_on", first.isoformat()), ("to_on", days.ends_on.isoformat()))
    never = first > days.ends_on
    code = CoverStep.NEVER if never else CoverStep.UNTIL
    return CoverAnswer(
        from_on=None if never else first,
        to_on=days.ends_on,
        waiting_months=months,
        gap_years=gap_years,
        why=(*why, CoverLine(code, until, days.standing)),
    )
