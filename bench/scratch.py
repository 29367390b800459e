"""A migrated database beside the configured one, for measuring only; dropped afterwards."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
from django.core.management import call_command
from django.db import connection, connections


def arguments(name: str) -> dict[str, Any]:
    """What psycopg needs to reach a database of the configured server."""
    known = connection.settings_dict
    found = {
        "host": known["HOST"],
        "port": known["PORT"],
        "user": known["USER"],
        "password": known["PASSWORD"],
        "dbname": name,
    }
    return {key: value for key, value in found.items() if value}


def _administer(statement: str) -> None:
    with psycopg.connect(**arguments("postgres"), autocommit=True) as administrator:
        administrator.execute(statement.encode())


@contextmanager
def database() -> Iterator[str]:
    """A fresh migrated database that Django uses inside; yields its name."""
    name = f"canbao_bench_{os.getpid()}"
    before = connection.settings_dict["NAME"]
    connection.close()
    _administer(f"CREATE DATABASE {name} TEMPLATE template0")
    try:
        connection.settings_dict["NAME"] = name
        call_command("migrate", verbosity=0, interactive=False)
        yield name
    finally:
        connections.close_all()
        connection.settings_dict["NAME"] = before
        _administer(f"DROP DATABASE {name} WITH (FORCE)")
