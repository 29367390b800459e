"""The first rows of a list that has a cap, with how many there are in all: a page says what it leaves out."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any, TypeVar

T = TypeVar("T")
S = TypeVar("S")


class Part(list[T]):
    """The first rows of a list; `total` is how many the list has in all."""

    def __init__(self, rows: Iterable[T], total: int) -> None:
        super().__init__(rows)
        self.total = total

    def like(self, rows: Iterable[S]) -> Part[S]:
        """The same rows in another form, one for each."""
        return Part(rows, self.total)


def first(
    found: Any, columns: Sequence[str], most: int, make: Callable[[tuple[Any, ...]], T]
) -> Part[T]:
    """At most so many rows of a query, each made of its values; one statement, one more only where it is cut."""
    rows = list(found.values_list(*columns)[: most + 1])
    total = len(rows) if len(rows) <= most else found.count()
    return Part(map(make, rows[:most]), total)
