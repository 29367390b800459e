"""Statements over more rows than Python should see: the database makes rows from rows, for the county at hand.

For work on a whole county, where rules became a small table that the rows are joined with, and for the few
reads that every payment does, where a queryset takes longer to build than to run. Everything else is written
by `kernel.rows` and read by the queries of its room.
"""

from __future__ import annotations

import os
import re
import time
from collections.abc import Mapping, Sequence
from typing import Any, Final

from django.db import connection

from canbao.kernel import county, literals

# An id of version 7 made from the number of a row: as `kernel.ids` makes them, which PostgreSQL 15 cannot.
_NEW_ID: Final = re.compile(r"new_id\(([^()]*)\)")
_ID: Final = (
    r"(lpad(to_hex(((%(id_start)s + (\1) / 4096) << 16) | 28672 | ((\1) %% 4096)), 16, '0')"
    # 60 bits that look random, behind the two that mark the variant.
    r" || to_hex(hashint8extended(\1, %(id_seed)s) & 1152921504606846975 | (1::bigint << 63)))::uuid"
)


def execute(sql: str, **given: Any) -> int:
    """Run one statement; returns how many rows it wrote.

    `%(county)s` is the county being worked on; `new_id(n)` stands for a fresh id, made from an expression
    that gives each row of the statement its own number.
    """
    with connection.cursor() as cursor:
        cursor.execute(_NEW_ID.sub(_ID, sql), _parameters(given))
        return int(cursor.rowcount)


def fetch(sql: str, **given: Any) -> list[tuple[Any, ...]]:
    """Read the rows of one statement."""
    with connection.cursor() as cursor:
        cursor.execute(_NEW_ID.sub(_ID, sql), _parameters(given))
        return list(cursor.fetchall())


def put(name: str, columns: Mapping[str, tuple[str, Sequence[object]]]) -> None:
    """Lay a small table of this transaction beside the others: columns by name with type and values."""
    clear(name)
    arrays = {
        f"c{place}": literals.array(list(values))
        for place, (_, values) in enumerate(columns.values())
    }
    source = ", ".join(
        f"%(c{place})s::{kind}[]" for place, (kind, _) in enumerate(columns.values())
    )
    clear(name)
    execute(
        f"CREATE TEMPORARY TABLE {name} ON COMMIT DROP AS "  # noqa: S608 - the names are the caller's own
        f"SELECT * FROM unnest({source}) AS given({', '.join(columns)})",
        **arrays,
    )


def clear(name: str) -> None:
    """Take away a small table, where an earlier set of the same transaction left it."""
    execute(f"DROP TABLE IF EXISTS pg_temp.{name}")


def _parameters(given: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "county": county.current(),
        "id_start": time.time_ns() // 1_000_000,
        "id_seed": int.from_bytes(os.urandom(8), signed=True),
        **given,
    }
