"""Makes a county look years old: copies of a set that walked the road, and many more persons. Scratch only."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import psycopg

from bench.floor import tables

# What is unique besides ids gets the number of the copy; lengths leave room for it.
_UNIQUE: Final = {
    ("case_file", "number"): "left(number, 18) || '-' || g",
    ("identity_document", "number_mac"): "left(number_mac, 38) || '-' || g",
    ("register_entry", "number_mac"): "left(number_mac, 38) || '-' || g",
    ("paper", "token"): "CASE token WHEN '' THEN '' ELSE left(token, 27) || g END",
    ("household", "number"): "number || '-' || g",
    ("bundle", "number"): "left(number, 24) || '-' || g",
    ("archive_item", "number"): "left(number, 34) || '-' || g",
    ("price_trace", "sha256"): "left(sha256, 58) || '-' || g",
    ("request", "key"): "left(key, 70) || '-' || g",
    ("account", "number"): "left(number, 19) || '-' || g",
}
_KEPT: Final = frozenset(
    {"region", "office", "officer", "posting", "seal", "seal_custody", "contact", "counter"}
)
# A copy's id is of version 8 and has its number where 12 bits count in the original; keys to it likewise.
_MOST: Final = 0xFFF  # copies that three hex digits can count
_MOVED: Final = "overlay({0}::text placing '8' || lpad(to_hex(g), 3, '0') from 15 for 4)::uuid"


def copy_cases(connection: psycopg.Connection[Any], first: int, last: int) -> None:
    """Copy everything that is there by now for each number from `first` to `last`."""
    _copy(connection, {name: (first, last) for name in tables() if name not in _KEPT})


def fill(connection: psycopg.Connection[Any], count: int) -> None:
    """Copy what is there in each table until it holds about so many rows; the copies of a table stand for themselves."""
    spans = {}
    for name in tables():
        found = connection.execute(f"SELECT count(*) FROM public.{name}".encode()).fetchone()
        if found and found[0] and name not in _KEPT:
            spans[name] = (1, min(count // found[0], _MOST))
    _copy(connection, spans)


def _copy(connection: psycopg.Connection[Any], spans: Mapping[str, tuple[int, int]]) -> None:
    connection.execute("SET session_replication_role = replica")
    for name, (first, last) in spans.items():
        columns = connection.execute(
            "SELECT column_name, data_type FROM information_schema.columns "
            "WHERE table_schema = 'public' AND table_name = %s ORDER BY ordinal_position",
            [name],
        ).fetchall()
        chosen = ", ".join(_copied(name, column, kind) for column, kind in columns)
        origin = f"(SELECT * FROM public.{name} WHERE substr(id::text, 15, 1) = '7' AND id < %s)"
        connection.execute(
            f"INSERT INTO public.{name} SELECT {chosen} FROM {origin} AS origin, "
            f"generate_series({first}, {last}) AS g".encode(),
            [_limit(connection)],
        )
    connection.execute("SET session_replication_role = origin")
    connection.commit()
    connection.execute("ANALYZE")
    connection.commit()


def _limit(connection: psycopg.Connection[Any]) -> Any:
    """Only the first set is copied: its ids are those before the mark."""
    found = connection.execute("SELECT id FROM bench_mark").fetchone()
    assert found is not None
    return found[0]


def mark(connection: psycopg.Connection[Any]) -> None:
    """From here on nothing is copied."""
    from canbao.kernel.ids import new_id  # noqa: PLC0415 - only where it is asked for

    connection.execute("CREATE TABLE bench_mark (id uuid)")
    connection.execute("INSERT INTO bench_mark VALUES (%s)", [new_id()])
    connection.commit()


def _copied(table: str, column: str, kind: str) -> str:
    special = _UNIQUE.get((table, column))
    if special:
        return special
    return _MOVED.format(column) if kind == "uuid" else f'"{column}"'


def many_persons(connection: psycopg.Connection[Any], county: str, count: int) -> None:
    """So many persons with names of three characters out of some ten thousand families and given names."""
    connection.execute("SET session_replication_role = replica")
    connection.execute(
        "INSERT INTO person (id, county, name, sex, birth_on, ethnic, village, address, living_address, "
        "household_nature, phone_sealed, four_mac) SELECT gen_random_uuid(), %s, "
        "chr(19968 + n %% 300) || chr(20480 + n / 7 %% 900) || chr(24576 + n / 11 %% 2000), '1', "
        "date '1940-01-01' + n %% 30000, '01', '370199101201', '', '', '20', '', md5(n::text) "
        "FROM generate_series(1, %s) AS n",
        [county, count],
    )
    connection.execute("SET session_replication_role = origin")
    connection.commit()
    connection.execute("ANALYZE person")
    connection.commit()
