"""Records taken through a door: light rows that shrink as guards refuse, and what becomes of each."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Generic, Protocol, TypeVar
from uuid import UUID


class Row(Protocol):
    """Anything with an id."""

    @property
    def id(self) -> UUID:
        """The row's id."""


R = TypeVar("R", bound=Row)


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why one record of a set was not acted on."""

    code: str
    facts: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a set: the ids acted on, the others by id with their reason, and what was made."""

    done: tuple[UUID, ...]
    refused: Mapping[UUID, Refusal] = field(default_factory=dict)
    made: Mapping[str, Any] = field(default_factory=dict)
    again: bool = False

    def to_json(self) -> dict[str, Any]:
        """The outcome as it is kept with its key."""
        return {
            "done": [str(one) for one in self.done],
            "refused": {
                str(one): [refusal.code, dict(refusal.facts)]
                for one, refusal in self.refused.items()
            },
            "made": dict(self.made),
        }

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> Outcome:
        """The first outcome of a repeated act."""
        return cls(
            done=tuple(UUID(one) for one in kept["done"]),
            refused={UUID(one): Refusal(*pair) for one, pair in kept["refused"].items()},
            made=kept["made"],
            again=True,
        )


class Taken(Generic[R]):
    """Light rows by id, in the order taken. `keep` removes what does not hold and notes the code."""

    def __init__(
        self, rows: Iterable[R], wanted: Iterable[UUID], missing: str = "not_found"
    ) -> None:
        self.rows: dict[UUID, R] = {row.id: row for row in rows}
        self.refused: dict[UUID, Refusal] = {
            one: Refusal(missing) for one in wanted if one not in self.rows
        }

    def __iter__(self) -> Iterator[R]:
        return iter(self.rows.values())

    def __len__(self) -> int:
        return len(self.rows)

    def __getitem__(self, one: UUID) -> R:
        return self.rows[one]

    @property
    def ids(self) -> list[UUID]:
        """Ids still held."""
        return list(self.rows)

    def keep(
        self,
        code: str,
        holds: Callable[[R], bool],
        facts: Callable[[R], Mapping[str, Any]] | None = None,
    ) -> None:
        """Refuse with this code every row for which the guard does not hold."""
        for row in [row for row in self.rows.values() if not holds(row)]:
            self.refuse(row.id, code, facts(row) if facts else None)

    def refuse(self, one: UUID, code: str, facts: Mapping[str, Any] | None = None) -> None:
        """Refuse one record, held or missing."""
        self.rows.pop(one, None)
        self.refused[one] = Refusal(code, facts or {})

    def column(self, name: str) -> list[Any]:
        """One value a row, as `rows.insert` wants it."""
        return [getattr(row, name) for row in self.rows.values()]

    def outcome(self, **made: object) -> Outcome:
        """Moved, and refused by id with its code."""
        return Outcome(tuple(self.rows), self.refused, made)
