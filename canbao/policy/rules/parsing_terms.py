"""From TOML tables to what a pack says about time and money beside the amounts."""

from __future__ import annotations

from datetime import date
from typing import Final

from canbao.policy.rules.dated import NOWHERE, Reader, conditions
from canbao.policy.rules.reading import Table
from canbao.policy.rules.terms import (
    AcrossNewYear,
    BackPayment,
    Cash,
    Collective,
    CoverStart,
    From,
    Gives,
    Late,
    MonthDays,
    Newborn,
    RefundSays,
    Season,
    Terms,
    Waiting,
)
from canbao.policy.rules.values import Day, SeasonDay, day_in

_MONTHS_MOST: Final = 24
_DAYS_MOST: Final = 366
_FEN_MOST: Final = 10_000_000
_YEAR_LEAST: Final = 1980
_ANY_YEAR: Final = 2026
_END_OF_YEAR: Final = SeasonDay(0, 12, 31)


def terms(root: Table, reader: Reader) -> Terms:
    """Read the sections that stand once in a pack."""
    return Terms(
        season=reader.values(root.tables("season"), _season),
        cover=reader.values(root.tables("cover"), _cover),
        waiting=reader.values(root.tables("waiting"), _waiting),
        newborn=reader.values(root.tables("newborn"), _newborn),
        late=reader.values(root.tables("late"), _late),
        cash=reader.values(root.tables("cash"), _cash),
        back_payment=reader.values(root.tables("back_payment"), _back_payment),
        collective=reader.values(root.tables("collective"), _collective),
    )


def refund(table: Table) -> RefundSays:
    """Read one reason of a refund."""
    return RefundSays(
        name=table.words("name", required=True) or NOWHERE,
        before_cover=table.flag("before_cover"),
        after_cover=table.flag("after_cover"),
        after_benefits=table.flag("after_benefits"),
        gives=table.choice("gives", Gives) or Gives.ALL,
        ask_within_days=table.whole("ask_within_days", least=1, most=10 * _DAYS_MOST),
        done_in_working_days=table.whole("done_in_working_days", least=1, most=_DAYS_MOST),
        says=table.words("says"),
    )


def _season(table: Table) -> Season:
    season = Season(
        opens_on=table.day("opens_on"),
        closes_on=table.day("closes_on", required=True) or date.max,
        extended_to=table.day("extended_to"),
        days=tuple(_month_days(one) for one in table.tables("days")),
    )
    named = (season.opens_on, season.closes_on, season.extended_to)
    _in_order(table, [day for day in named if day is not None])
    return season


def _month_days(table: Table) -> MonthDays:
    months = table.wholes("months", least=1, most=12)
    first = table.whole("first", least=1, most=31, required=True) or 1
    last = table.whole("last", least=1, most=31, required=True) or 31
    table.close()
    if last < first:
        table.fault("pack_days_out_of_order")
    return MonthDays(None if months is None else frozenset(months), first, last)


def _in_order(table: Table, days: list[Day]) -> None:
    placed = [day_in(day, _ANY_YEAR) for day in days]
    if placed != sorted(placed):
        table.fault("pack_days_out_of_order")


def _cover(table: Table) -> CoverStart:
    cover = CoverStart(
        starts_on=table.day("starts_on", required=True) or date.min,
        ends_on=table.day("ends_on") or _END_OF_YEAR,
        extended_from=table.choice("extended_from", From) or From.START,
        late_from=table.choice("late_from", From) or From.PAYMENT_DAY,
        says=table.words("says"),
    )
    _in_order(table, [cover.starts_on, cover.ends_on])
    return cover


def _waiting(table: Table) -> Waiting:
    long_gap_years = table.whole("long_gap_years", least=1, most=99)
    long_gap_months = table.whole("long_gap_months", least=0, most=_MONTHS_MOST)
    if (long_gap_years is None) != (long_gap_months is None):
        table.fault("pack_missing_key", "long_gap_months" if long_gap_years else "long_gap_years")
    return Waiting(
        fixed_months=table.whole("fixed_months", least=0, most=_MONTHS_MOST, required=True) or 0,
        gap_months=table.whole("gap_months", least=0, most=_MONTHS_MOST) or 0,
        repaid_months=table.whole("repaid_months", least=0, most=_MONTHS_MOST) or 0,
        long_gap_years=long_gap_years,
        long_gap_months=long_gap_months or 0,
        gaps_from=table.whole("gaps_from", least=_YEAR_LEAST, most=2100),
        unless=conditions(table, "unless"),
    )


def _newborn(table: Table) -> Newborn:
    return Newborn(
        days=table.whole("days", least=1, most=_DAYS_MOST, required=True) or 1,
        across_new_year=table.choice("across_new_year", AcrossNewYear, required=True)
        or AcrossNewYear.EACH_YEAR,
        later_from=table.choice("later_from", From, required=True) or From.NEXT_MONTH,
    )


def _late(table: Table) -> Late:
    if "pays_subsidy" not in table.data:
        table.fault("pack_missing_key", "pays_subsidy")
    return Late(
        until=table.day("until") or _END_OF_YEAR,
        pays_subsidy=table.flag("pays_subsidy"),
        unless=conditions(table, "unless"),
    )


def _cash(table: Table) -> Cash:
    return Cash(table.whole("bank_within_days", least=0, most=_DAYS_MOST, required=True) or 0)


def _back_payment(table: Table) -> BackPayment:
    if "subsidised" not in table.data:
        table.fault("pack_missing_key", "subsidised")
    years_most = table.whole("years_most", least=0, most=60)
    return BackPayment(years_most, table.flag("subsidised"))


def _collective(table: Table) -> Collective:
    least = table.whole("least_fen", least=1, most=_FEN_MOST, required=True) or 1
    most = table.whole("most_fen", least=1, most=_FEN_MOST, required=True) or 1
    if most < least:
        table.fault("pack_limits_out_of_order", "most_fen")
    return Collective(least, most)
