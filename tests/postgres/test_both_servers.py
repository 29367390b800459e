"""What must hold on the embedded server and on an installed one alike."""

from __future__ import annotations

import os
import subprocess

import psycopg
import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

pytestmark = pytest.mark.both_databases


@pytest.mark.django_db
def test_every_migration_is_applied() -> None:
    executor = MigrationExecutor(connection)
    assert executor.migration_plan(executor.loader.graph.leaf_nodes()) == []


@pytest.mark.django_db
@pytest.mark.skipif(
    "CANBAO_TEST_PROGRAMS" not in os.environ, reason="DATABASE_URL chose the server"
)
def test_the_run_uses_the_server_it_was_asked_to() -> None:
    programs = os.environ["CANBAO_TEST_PROGRAMS"]
    said = subprocess.run(
        [f"{programs}/postgres", "-V"], check=True, capture_output=True, text=True
    )
    with connection.cursor() as cursor:
        cursor.execute("SHOW server_version")
        row = cursor.fetchone()
    assert row is not None
    assert row[0].split()[0] in said.stdout


def test_a_database_of_ones_own_commits(own_database: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE kept (word text)")
        cursor.execute("INSERT INTO kept VALUES ('参保')")
    with psycopg.connect(own_database) as other:
        assert other.execute("SELECT word FROM kept").fetchone() == ("参保",)
