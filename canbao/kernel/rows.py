"""The only writer of sets. It adds county and id, and reports itself to whoever counts statements.

A column is a `list` with one value a row, or a scalar that stands in every row. Rows that cannot collide
go in by COPY; rows a unique key decides on go in sorted by that key, so that two writers cannot deadlock.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import repeat
from typing import Any, overload
from uuid import UUID

from django.db import connection, models
from django.db.models.fields import NOT_PROVIDED

from canbao.kernel import county, ids, literals, statements
from canbao.kernel.tenant import Tenant


class _Made(Sequence[UUID]):
    """Ids made here as texts; few callers look at them, so they become UUIDs only then."""

    def __init__(self, texts: list[str]) -> None:
        self._texts = texts

    def __len__(self) -> int:
        return len(self._texts)

    @overload
    def __getitem__(self, place: int) -> UUID: ...
    @overload
    def __getitem__(self, place: slice) -> Sequence[UUID]: ...
    def __getitem__(self, place: int | slice) -> UUID | Sequence[UUID]:
        if isinstance(place, slice):
            return _Made(self._texts[place])
        return ids.of_text(self._texts[place])


def _columns(
    model: type[Tenant], given: dict[str, object]
) -> tuple[int, list[models.Field[Any, Any]], list[Any], Sequence[UUID]]:
    sizes = {len(values) for values in given.values() if isinstance(values, list)}
    if len(sizes) > 1:
        raise ValueError(f"{model.__name__}: columns of different length {sorted(sizes)}")
    size = sizes.pop() if sizes else 1
    fresh = "id" not in given
    keys: Any = ids.new_texts(size) if fresh else given.pop("id")
    given = {"id": keys, "county": county.current(), **given}
    fields = []
    values = []
    for field in model._meta.concrete_fields:
        name = field.attname if field.attname in given else field.name
        if name in given:
            values.append(given.pop(name))
        elif field.default is not NOT_PROVIDED:
            values.append(field.get_default())
        elif field.null:
            continue
        else:
            raise ValueError(f"{model.__name__}.{field.name} has no value")
        fields.append(field)
    if given:
        raise ValueError(f"{model.__name__} has no column {sorted(given)}")
    return size, fields, values, _Made(keys) if fresh else keys


def _names(fields: Iterable[models.Field[Any, Any]]) -> str:
    return ", ".join(f'"{field.column}"' for field in fields)


def insert(model: type[Tenant], **columns: object) -> Sequence[UUID]:
    """Write one row per list element in one COPY; a scalar stands in every row. Returns the ids."""
    size, fields, values, written = _columns(model, columns)
    if size == 0:
        return []
    texts = [
        literals.copied_column(column)
        if isinstance(column, list)
        else repeat(literals.copied(column), size)
        for column in values
    ]
    body = "\n".join(map("\t".join, zip(*texts, strict=False)))
    sql = f'COPY "{model._meta.db_table}" ({_names(fields)}) FROM STDIN'
    with connection.wrap_database_errors, connection.cursor() as cursor, cursor.copy(sql) as copy:
        copy.write(body.encode())
    statements.note(sql)
    return written


def _given(
    fields: Sequence[models.Field[Any, Any]], values: Sequence[Any]
) -> tuple[str, list[str], list[Any]]:
    """Columns as one FROM item: arrays unnested side by side, scalars once. Returns it, names, parameters."""
    arrays = [pair for pair in zip(fields, values, strict=True) if isinstance(pair[1], list)]
    unnested = ", ".join(f"%s::{_type(field)}[]" for field, _ in arrays)
    source = f"unnest({unnested}) AS given({_names(field for field, _ in arrays)})"
    listed = [
        f'given."{field.column}"' if isinstance(column, list) else f"%s::{_type(field)}"
        for field, column in zip(fields, values, strict=True)
    ]
    return source, listed, [literals.array(column) for _, column in arrays]


def _type(field: models.Field[Any, Any]) -> str:
    # Without its length: a cast to varchar(60) would cut a text where an assignment refuses it.
    return str(field.db_type(connection)).partition("(")[0]


def _scalars(values: Sequence[Any]) -> list[Any]:
    return [
        str(column) if isinstance(column, str) else column
        for column in values
        if not isinstance(column, list)
    ]


def insert_new(model: type[Tenant], unique: Sequence[str], **columns: object) -> set[UUID]:
    """Write the rows whose key nobody has taken, in one statement. Returns the ids that were written.

    `unique` names the columns of the unique key, county apart; rows go in sorted by it.
    """
    size, fields, values, _ = _columns(model, columns)
    if size == 0:
        return set()
    source, listed, arrays = _given(fields, values)
    by_name = {field.column: one for field, one in zip(fields, listed, strict=True)}
    # A scalar is the same in every row and orders nothing.
    order = [by_name[_field(model, name).column] for name in unique]
    sql = (
        f'INSERT INTO "{model._meta.db_table}" ({_names(fields)}) '  # noqa: S608 - names come from the models
        f"SELECT {', '.join(listed)} FROM {source} "
        f"ORDER BY {', '.join([one for one in order if one.startswith('given')] or ['1'])} "
        'ON CONFLICT DO NOTHING RETURNING "id"'
    )
    with connection.cursor() as cursor:
        cursor.execute(sql, [*_scalars(values), *arrays])
        return {row[0] for row in cursor.fetchall()}


def update(model: type[Tenant], changed: list[UUID], **columns: object) -> int:
    """Change these rows of the county in one statement; a list gives each id its own value."""
    if not changed:
        return 0
    fields = [_field(model, name) for name in columns]
    key: Any = model._meta.pk
    source, listed, arrays = _given([key, *fields], [changed, *columns.values()])
    sets = ", ".join(
        f'"{field.column}" = {one}' for field, one in zip(fields, listed[1:], strict=True)
    )
    table = model._meta.db_table
    sql = (
        f'UPDATE "{table}" SET {sets} FROM {source} '  # noqa: S608 - names come from the models
        f'WHERE "{table}"."id" = given."id" AND "{table}"."county" = %s'
    )
    with connection.cursor() as cursor:
        cursor.execute(sql, [*_scalars(list(columns.values())), *arrays, county.current()])
        return int(cursor.rowcount)


def _field(model: type[Tenant], name: str) -> models.Field[Any, Any]:
    for field in model._meta.concrete_fields:
        if name in (field.name, field.attname):
            return field
    raise ValueError(f"{model.__name__} has no column {name}")
