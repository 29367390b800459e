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
    ("cover_certificate", "number"): "left(number, 18) || '-' || g",
    ("cover_certificate", "token"): "left(token, 26) || '-' || g",
    ("receipt", "token"): "left(token, 26) || '-' || g",
    ("receipt_block", "label"): "left(label, 34) || '-' || g",
    ("receipt_block", "first"): "first + g * 500000",
    ("receipt_block", "last"): "last + g * 500000",
    ("receipt_block", "next"): "next + g * 500000",
    ("receipt", "number"): "number + g * 500000",
    ("receipt_cancelled", "number"): "number + g * 500000",
    ("handover", "number"): "left(number, 34) || '-' || g",
    ("handover", "token"): "left(token, 26) || '-' || g",
    ("deposit", "slip_number"): "left(slip_number, 34) || '-' || g",
    ("bank_line", "reference"): "left(reference, 34) || '-' || g",
    ("tax_receipt", "number"): "left(number, 34) || '-' || g",
}
_KEPT: Final = frozenset({
    "region", "office", "officer", "posting", "seal", "seal_custody", "contact", "counter",
    "bank_account", "finance_day", "season",
})  # fmt: skip
_BY_DAY: Final = frozenset({
    "receipt_block", "cash_day", "handover", "deposit", "bank_line", "bank_unmatched",
})  # fmt: skip
# A copy belongs to the same office and account as its original, so that its officers see it too.
_SHARED: Final = frozenset({"office_id", "season_id"})
_OF_ACCOUNT: Final = frozenset({("bank_line", "account_id"), ("deposit", "account_id")})
# A copy's id is of version 8 and has its number where 12 bits count in the original; keys to it likewise.
_MOST: Final = 0xFFF  # copies that three hex digits can count
_MOVED: Final = "overlay({0}::text placing '8' || lpad(to_hex(g), 3, '0') from 15 for 4)::uuid"


def copy_cases(connection: psycopg.Connection[Any], first: int, last: int) -> None:
    """Copy everything that is there by now for each number from `first` to `last`."""
    _copy(connection, {name: (first, last) for name in tables() if name not in _KEPT})


def fill(connection: psycopg.Connection[Any], count: int) -> None:
    """Copy what is there in each table until it holds about so many rows; the copies of a table stand for themselves.

    What grows with offices and days and not with people gets a twentieth of it.
    """
    spans = {}
    for name in tables():
        found = connection.execute(f"SELECT count(*) FROM public.{name}".encode()).fetchone()
        if found and found[0] and name not in _KEPT:
            wanted = count // 20 if name in _BY_DAY else count
            spans[name] = (1, min(wanted // found[0], _MOST))
    _copy(connection, {name: span for name, span in spans.items() if span[1]})
    # Few of the payers' denials wait at a time; the random seasons leave most of theirs open.
    connection.execute(
        "UPDATE payer_answer SET closed_at = at WHERE substr(id::text, 15, 1) = '8' "
        'AND NOT "right" AND closed_at IS NULL AND hashtext(id::text) % 50 <> 0'
    )
    connection.commit()


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
    same = column in _SHARED or (table, column) in _OF_ACCOUNT
    return _MOVED.format(column) if kind == "uuid" and not same else f'"{column}"'


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
