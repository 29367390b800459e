"""Reading dated values with their source, and the conditions that ask about a person."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import timedelta
from itertools import pairwise
from typing import Final, TypeVar

from canbao.policy.rules.conditions import Condition
from canbao.policy.rules.person import Document, OtherInsurance, Residency, Signer, Student
from canbao.policy.rules.reading import Table, suggestion
from canbao.policy.rules.values import Grade, Source, Text, Value

T = TypeVar("T")

NOWHERE: Final = Text("", "")
_ONE_DAY: Final = timedelta(days=1)


class Reader:
    """Reads dated values and checks them against each other in every cover year of the pack."""

    def __init__(self, years: range) -> None:
        self.years = years

    def values(self, tables: Iterable[Table], read: Callable[[Table], T]) -> tuple[Value[T], ...]:
        values: list[Value[T]] = []
        read_from = tuple(tables)
        for table in read_from:
            values.append(_value(table, read))
            table.close()
            self.check_overlap(table, values)
        self.check_gaps(read_from, values)
        return tuple(values)

    def check_overlap(self, table: Table, values: list[Value[T]]) -> None:
        newest = values[-1]
        for year in self.years:
            first, last = newest.span(year)
            if last < first:
                table.fault("pack_ends_before_start")
                return
            for other in values[:-1]:
                start, end = other.span(year)
                if first <= end and start <= last:
                    table.fault("pack_overlap", year=year, other=other.line)
                    return

    def check_gaps(self, tables: Sequence[Table], values: Sequence[Value[T]]) -> None:
        """Report days between two dated values on which none holds."""
        for year in self.years:
            spans = sorted((*value.span(year), place) for place, value in enumerate(values))
            for (_, last, before), (first, _, place) in pairwise(spans):
                if first - last > _ONE_DAY:
                    tables[place].fault("pack_gap", year=year, other=values[before].line)
                    return


def _value(table: Table, read: Callable[[Table], T]) -> Value[T]:
    code = table.text("source", required=True)
    source = table.sheet.sources.get(code or "")
    if code and source is None:
        near = suggestion(code, table.sheet.sources) or ", ".join(table.sheet.sources)
        table.fault("pack_unknown_source", "source", value=code, near=near)
    confirmed = table.flag("confirmed")
    if confirmed and source is not None:
        if source.grade not in {Grade.A, Grade.B}:
            table.fault("pack_confirmed_weak", "confirmed", source=source.code, grade=source.grade)
        elif source.published_on is None:
            table.fault("pack_confirmed_undated", "confirmed", source=source.code)
    return Value(
        it=read(table),
        source=source or Source("", NOWHERE, "", Grade.D, None),
        confirmed=confirmed,
        from_on=table.day("from_on"),
        to_on=table.day("to_on"),
        line=table.line,
    )


def _condition(table: Table) -> Condition:
    groups = table.codes("groups")
    condition = Condition(
        age_from=table.whole("age_from", least=0, most=150),
        age_below=table.whole("age_below", least=1, most=150),
        residency=table.choices("residency", Residency),
        student=table.choices("student", Student),
        document=table.choices("document", Document),
        signer=table.choices("signer", Signer),
        other_insurance=table.choices("other_insurance", OtherInsurance),
        groups=None if groups is None else frozenset(groups),
        group_unproven=True if table.flag("group_unproven") else None,
    )
    table.close()
    if not condition.asked():
        table.fault("pack_empty_condition")
    return condition


def conditions(table: Table, key: str) -> tuple[Condition, ...]:
    return tuple(_condition(one) for one in table.tables(key))
