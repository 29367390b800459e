"""Whether the categories of a chain leave an age without one, or give an age two."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import combinations, pairwise, product
from typing import Final

from canbao.policy.rules.conditions import Condition
from canbao.policy.rules.definitions import LevelDefinition
from canbao.policy.rules.faults import Fault
from canbao.policy.rules.person import Residency, Student

_AGES: Final = range(151)
# Somebody has exactly one answer to these. Groups and other insurances can hold together, so that a level
# which asks for them is meant for a few among the others, and the order of the packs decides.
_PLAIN: Final = frozenset({"age_from", "age_below", "student", "residency"})


@dataclass(frozen=True, slots=True)
class _Fit:
    """The ages that one level takes of people with one answer to each other question."""

    code: str
    ages: range


def faults(levels: Mapping[str, LevelDefinition], at: Mapping[str, tuple[str, int]]) -> list[Fault]:
    """Report ages that no level takes between two that one takes, and ages that two levels take.

    `at` says in which file and line each level tells whom it fits. Each pair of levels is reported once,
    for the first kind of people it concerns.
    """
    found: dict[tuple[str, frozenset[str]], Fault] = {}
    for student, residency in product(Student, Residency):
        fits = sorted(_fits(levels, student, residency), key=lambda fit: (fit.ages.start, fit.code))
        for code, one, other, ages in (*_overlaps(fits), *_gaps(fits)):
            file, line = at[one.code]
            facts: dict[str, str | int] = {
                "key": f"level.{one.code}.fits",
                "other": f"level.{other.code}.fits",
                "first": ages.start,
                "last": ages.stop - 1,
                "student": str(student),
                "residency": str(residency),
            }
            key = (code, frozenset({one.code, other.code}))
            found.setdefault(key, Fault(code, file, line, facts))
    return list(found.values())


def _fits(
    levels: Mapping[str, LevelDefinition], student: Student, residency: Residency
) -> Iterator[_Fit]:
    for code, level in levels.items():
        for one in level.fits:
            if _PLAIN.issuperset(one.asked()) and _asks_for(one, student, residency):
                ages = range(one.age_from or 0, one.age_below or _AGES.stop)
                yield _Fit(code, ages)


def _asks_for(condition: Condition, student: Student, residency: Residency) -> bool:
    return (condition.student is None or student in condition.student) and (
        condition.residency is None or residency in condition.residency
    )


def _overlaps(fits: list[_Fit]) -> Iterator[tuple[str, _Fit, _Fit, range]]:
    for one, other in combinations(fits, 2):
        both = range(max(one.ages.start, other.ages.start), min(one.ages.stop, other.ages.stop))
        if both and one.code != other.code:
            yield "pack_ages_overlap", other, one, both


def _gaps(fits: list[_Fit]) -> Iterator[tuple[str, _Fit, _Fit, range]]:
    taken = {age for fit in fits for age in fit.ages}
    for before, after in pairwise(sorted(taken)):
        if after - before > 1:
            below = next(fit for fit in fits if before in fit.ages)
            above = next(fit for fit in fits if after in fit.ages)
            yield "pack_ages_gap", above, below, range(before + 1, after)
