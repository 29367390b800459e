"""The database of a test run: one scratch cluster, one migrated template, one copy for each process.

Loaded by pytest before Django's settings are read. DATABASE_URL, where set, is used as it is;
CANBAO_TEST_POSTGRES names the programs of another PostgreSQL for the scratch cluster.
CANBAO_TEST_START starts the run on another day, `MM-DD` of the running year or `YYYY-MM-DD`, with every
program that it starts; the database keeps the real clock, as a server of its own would.
"""

from __future__ import annotations

import fcntl
import os
import runpy
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import psycopg
import pytest

from canbao.kernel import clock
from canbao.postgres import supervisor

TEMPLATE: Final = "canbao_template"
ANOTHER_DAY: Final = Path(__file__).with_name("another_day")
_stack: Final = ExitStack()


def worker() -> str:
    """The name of this process within the run."""
    return os.environ.get("PYTEST_XDIST_WORKER", "main")


def start_on(day: str) -> None:
    """Move the clock of this process by whole days, and of all that inherit its environment."""
    real = datetime.now(UTC)
    moved = clock.business_date(day, real) - clock.on(real)
    path = os.pathsep.join(filter(None, (os.fspath(ANOTHER_DAY), os.environ.get("PYTHONPATH"))))
    os.environ.update(PYTHONPATH=path, CANBAO_TEST_SHIFT_DAYS=str(moved.days))
    runpy.run_path(os.fspath(ANOTHER_DAY / "sitecustomize.py"))


def pytest_addoption() -> None:
    """Put day and database into the environment; this is the last hook before the settings are read."""
    if worker() == "main" and (day := os.environ.get("CANBAO_TEST_START")):
        start_on(day)
    if worker() == "main" and "DATABASE_URL" not in os.environ:
        named = os.environ.get("CANBAO_TEST_POSTGRES")
        server = _stack.enter_context(supervisor.scratch(Path(named) if named else None))
        os.environ["DATABASE_URL"] = server.info.url()
        os.environ["CANBAO_TEST_PROGRAMS"] = os.fspath(server.cluster.binaries)
        _stack.callback(os.environ.pop, "DATABASE_URL")
    # Each process has its own keys and papers.
    folder = tempfile.mkdtemp(prefix="canbao-test-")
    _stack.callback(shutil.rmtree, folder, ignore_errors=True)
    os.environ["CANBAO_DATA"] = folder
    os.environ["CANBAO_DEMO"] = "1"  # the cast of the tests is the demo county
    os.environ["CANBAO_SECRET_KEY"] = "only for tests"
    os.environ.setdefault("CANBAO_TEST_FOLDER", folder)


def pytest_unconfigure() -> None:
    _stack.close()


def _info(name: str) -> supervisor.ConnectionInfo:
    from django.db import connection

    known = connection.settings_dict
    port = int(known["PORT"] or 5432)
    return supervisor.ConnectionInfo(known["HOST"], port, known["USER"], known["PASSWORD"], name)


def _administer(*statements: str) -> None:
    with psycopg.connect(_info("postgres").url(), autocommit=True) as administrator:
        for statement in statements:
            administrator.execute(statement.encode())


def _use(name: str) -> None:
    from django.db import connection

    connection.close()
    connection.settings_dict["NAME"] = name


def make_template() -> None:
    """Migrate an empty database once for all processes of the run."""
    from django.core.management import call_command

    folder = Path(os.environ["CANBAO_TEST_FOLDER"])
    with (folder / "template.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        done = folder / "template.done"
        if done.exists():
            return
        _administer(f"DROP DATABASE IF EXISTS {TEMPLATE}", f"CREATE DATABASE {TEMPLATE}")
        _use(TEMPLATE)
        call_command("migrate", verbosity=0)
        _use("postgres")
        done.touch()


@contextmanager
def copy_of_template(name: str) -> Iterator[str]:
    """A migrated database of this name, used by Django inside; yields its URL."""
    from django.db import connection

    before = connection.settings_dict["NAME"]
    _administer(
        f"DROP DATABASE IF EXISTS {name} WITH (FORCE)",
        f"CREATE DATABASE {name} TEMPLATE {TEMPLATE}",
    )
    _use(name)
    try:
        yield _info(name).url()
    finally:
        _use(before)
        _administer(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What lies in tests/browser is marked as such."""
    for item in items:
        if "browser" in item.path.parent.parts:
            item.add_marker(pytest.mark.browser)
