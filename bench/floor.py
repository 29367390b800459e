"""The floor: the very rows that a set left, written by nothing but the database.

Two schemas hold identical tables with all their keys and indexes. Each set's rows are read out after the
chain and written there in one transaction: once by COPY, once by INSERT .. SELECT from a staging table.
The better of the two is the floor.
"""

from __future__ import annotations

import time
from typing import Any, Final
from uuid import UUID

import psycopg

from canbao.kernel.tenant import Tenant

NOTHING: Final = UUID(int=0)
_SCHEMAS: Final = ("by_copy", "by_select", "stage")


def tables() -> list[str]:
    """Every tenant table."""
    from django.apps import apps  # noqa: PLC0415 - only once Django is up

    return sorted(
        model._meta.db_table
        for model in apps.get_app_config("canbao").get_models()
        if issubclass(model, Tenant)
    )


class Floor:
    """Reads out what a set left and writes it again."""

    def __init__(self, connection: psycopg.Connection[Any]) -> None:
        self._connection = connection
        self._names = tables()
        self._last: dict[str, UUID] = {}
        self.by_copy = 0.0
        self.by_select = 0.0
        self.rows: dict[str, int] = dict.fromkeys(self._names, 0)
        self._make()
        self.skip()

    def _make(self) -> None:
        run = self._connection.execute
        for schema in _SCHEMAS:
            run(f"CREATE SCHEMA {schema}".encode())
        for name in self._names:
            run(f"CREATE TABLE stage.{name} (LIKE public.{name})".encode())
            for schema in _SCHEMAS[:2]:
                run(f"CREATE TABLE {schema}.{name} (LIKE public.{name} INCLUDING ALL)".encode())
        keys = run(
            "SELECT relname, conname, pg_get_constraintdef(pg_constraint.oid) FROM pg_constraint "
            "JOIN pg_class ON pg_class.oid = conrelid WHERE contype = 'f' AND relname = ANY(%s) "
            "AND relnamespace = 'public'::regnamespace",
            [self._names],
        ).fetchall()
        for schema in _SCHEMAS[:2]:
            for name, constraint, definition in keys:
                moved = definition.replace("REFERENCES ", f"REFERENCES {schema}.", 1)
                run(f"ALTER TABLE {schema}.{name} ADD CONSTRAINT {constraint} {moved}".encode())
        self._connection.commit()

    def skip(self) -> None:
        """Leave out what is there by now; rows that later ones point to are written as they are."""
        for name in self._names:
            self._last[name] = self._newest(name)
            for schema in _SCHEMAS[:2]:
                self._connection.execute(
                    f"INSERT INTO {schema}.{name} SELECT * FROM public.{name} ON CONFLICT DO NOTHING".encode()
                )
        self._connection.commit()

    def _newest(self, name: str) -> UUID:
        found = self._connection.execute(
            f"SELECT id FROM public.{name} ORDER BY id DESC LIMIT 1".encode()
        ).fetchone()
        return found[0] if found else NOTHING

    def take(self) -> dict[str, list[memoryview]]:
        """The rows written since the last call, by table, as COPY gives them."""
        found: dict[str, list[memoryview]] = {}
        for name in self._names:
            last = self._last[name]
            sql = f"COPY (SELECT * FROM public.{name} WHERE id > '{last}' ORDER BY id) TO STDOUT"
            with self._connection.cursor() as cursor:
                with cursor.copy(sql.encode()) as copy:
                    blocks = [memoryview(bytes(block)) for block in copy]
                count = cursor.rowcount
            if count:
                found[name] = blocks
                self.rows[name] += count
                self._last[name] = self._newest(name)
        self._connection.commit()
        return found

    def write(self, found: dict[str, list[memoryview]]) -> None:
        """Write one set both ways, each in one transaction."""
        bodies = {name: b"".join(blocks) for name, blocks in found.items()}
        started = time.perf_counter()
        self._copy("by_copy", bodies)
        self._connection.commit()
        self.by_copy += time.perf_counter() - started
        self._copy("stage", bodies)
        self._connection.commit()
        started = time.perf_counter()
        for name in bodies:
            self._connection.execute(
                f"INSERT INTO by_select.{name} SELECT * FROM stage.{name}".encode()
            )
        self._connection.commit()
        self.by_select += time.perf_counter() - started
        stages = ", ".join(f"stage.{name}" for name in bodies)
        self._connection.execute(f"TRUNCATE {stages}".encode())
        self._connection.commit()

    def _copy(self, schema: str, bodies: dict[str, bytes]) -> None:
        for name, body in bodies.items():
            with (
                self._connection.cursor() as cursor,
                cursor.copy(f"COPY {schema}.{name} FROM STDIN".encode()) as copy,
            ):
                copy.write(body)

    @property
    def seconds(self) -> float:
        """The better way's seconds."""
        return min(self.by_copy, self.by_select)
