"""`__in` with many ids or texts as one array parameter: a statement of the same length for any number."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Final, Self
from uuid import UUID

from django.db.models import CharField, QuerySet, UUIDField
from django.db.models.fields.related_lookups import RelatedIn
from django.db.models.lookups import In

from canbao.kernel import literals

FEW: Final = 8
_ARRAYS: Final = {UUID: "uuid[]", str: "varchar[]"}


class Many:
    """Many plain values of one type. Django walks a list thrice to see whether some are expressions."""

    __slots__ = ("kind", "values")

    def __init__(self, values: Sequence[Any], kind: type) -> None:
        self.values = values
        self.kind = kind

    def __iter__(self) -> Iterator[Any]:
        return iter(self.values)

    def __len__(self) -> int:
        return len(self.values)


def gathered(value: Any) -> Any:
    """Many ids or texts as such, and everything else as it is, for Django to write."""
    if not isinstance(value, list | tuple | set | frozenset) or len(value) <= FEW:
        return value
    kinds = set(map(type, value))
    kind = kinds.pop()
    if kinds or kind not in _ARRAYS:
        return value
    return Many(value if isinstance(value, list) else list(value), kind)


class ManySet(QuerySet[Any]):
    """A query whose `__in` takes any number of values as one parameter."""

    def filter(self, *args: Any, **wanted: Any) -> Self:
        """As Django's."""
        return super().filter(*args, **_gathered(wanted))

    def exclude(self, *args: Any, **wanted: Any) -> Self:
        """As Django's."""
        return super().exclude(*args, **_gathered(wanted))


def _gathered(wanted: dict[str, Any]) -> dict[str, Any]:
    return {
        name: gathered(value) if name.endswith("__in") else value for name, value in wanted.items()
    }


class _Array:
    rhs: Any

    def get_prep_lookup(self) -> Any:
        """Plain values need no preparation one by one."""
        return self.rhs if isinstance(self.rhs, Many) else super().get_prep_lookup()  # type: ignore[misc]

    def as_sql(self, compiler: Any, connection: Any) -> Any:
        """`column = ANY(array)`."""
        if not isinstance(self.rhs, Many):
            return super().as_sql(compiler, connection)  # type: ignore[misc]
        left, params = self.process_lhs(compiler, connection)  # type: ignore[attr-defined]
        cast = _ARRAYS[self.rhs.kind]
        return f"{left} = ANY(%s::{cast})", [*params, literals.array(self.rhs.values)]


class Among(_Array, In):
    """For ids and texts."""


class RelatedAmong(_Array, RelatedIn):
    """For foreign keys."""


UUIDField.register_lookup(Among)
CharField.register_lookup(Among)
