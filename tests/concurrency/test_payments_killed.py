"""Eight cashiers pay while the season is charged; cashier, worker and database are killed, and no fen is lost or twice."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from random import Random
from uuid import UUID

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connection, connections
from django.db.models import Count
from pytest_django.plugin import DjangoDbBlocker

from canbao.kernel import clock, county
from canbao.kernel.ids import new_id
from canbao.payments import checking, season
from canbao.payments.charges import ChargeRow, rows_of
from canbao.payments.tables import Charge, Receipt, Season
from canbao.people.tables import Person
from canbao.postgres import supervisor
from canbao.simulate import insured
from canbao.simulate.offices import Worker
from tests import small as cast
from tests.concurrency.test_races import ROOT, until
from tests.concurrency.test_season_killed import WORKER
from tests.payments import money
from tests.small import Small

PAYMENTS = 30
LOGINS = ("chen", "liu", "he", "meng", "ren", "more1", "more2", "more3")


@pytest.fixture
def durable(
    django_db_setup: None, django_db_blocker: DjangoDbBlocker, monkeypatch: pytest.MonkeyPatch
) -> Iterator[supervisor.Server]:
    """A server of one's own that keeps what it committed, as a county's does; Django uses it inside."""
    data = Path(tempfile.mkdtemp(prefix="canbao-killed-"))
    data.chmod(0o711)  # the server's account must pass
    known = dict(connection.settings_dict)
    try:
        with django_db_blocker.unblock(), supervisor.serving(data) as server:
            info = server.info
            connections.close_all()
            connection.settings_dict.update(
                HOST=info.host, PORT=info.port, USER=info.user, PASSWORD=info.password,
                NAME=info.dbname,
            )  # fmt: skip
            monkeypatch.setenv("DATABASE_URL", info.url())
            monkeypatch.setenv("CANBAO_DATA", str(settings.CANBAO_DATA))
            call_command("migrate", verbosity=0)
            yield server
            connections.close_all()
    finally:
        connection.settings_dict.update(known)
        shutil.rmtree(data, ignore_errors=True)


class Cashier:
    """A cashier with a list of payments, who can be killed and begin the list again."""

    def __init__(self, login: str, path: Path) -> None:
        self.login, self.path = login, path
        self.said = path.with_suffix(".said")
        self.start()

    def start(self) -> None:
        with self.said.open("w") as said:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "tests.concurrency.cashier", self.login, str(self.path)],
                cwd=ROOT,
                env={**os.environ, "DJANGO_SETTINGS_MODULE": "canbao.settings"},
                stdout=said,
            )

    def answers(self) -> list[str]:
        return self.said.read_text().splitlines()

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()


@pytest.fixture
def started() -> Iterator[list[Cashier]]:
    """Cashiers whom nobody leaves running."""
    found: list[Cashier] = []
    yield found
    for one in found:
        one.kill()


def _charged(small: Small) -> list[ChargeRow]:
    """Charges that are open and of nobody who died."""
    at, year = clock.now(), clock.today().year + 1
    insured.settle(
        Random(3), 900, (cast.APRICOT, cast.POND), "390", clock.today(), at - timedelta(days=1)
    )
    [made] = season.start(small.luo, "390", year, at=at, key=cast.key()).done
    season.run(cast.COUNTY, made)
    dead = Person.here.exclude(dead_on=None).values("id")
    return rows_of(Charge.here.filter(state="open").exclude(person_id__in=dead).order_by("id"))


def _lists(small: Small, folder: Path) -> list[Path]:
    """For each cashier a file of payments, every one with its number, id and key."""
    owed = _charged(small)
    assert len(owed) >= PAYMENTS * len(LOGINS)
    paths = []
    for place, login in enumerate(LOGINS):
        first = 1_000 * (place + 1)
        block = money.block(small, small.officers[login], first, first + PAYMENTS - 1)
        mine = owed[place :: len(LOGINS)][:PAYMENTS]
        payments = [
            {
                "number": first + turn, "id": str(new_id()), "key": f"{login}/{turn}",
                "due": [(str(one.id), one.due_fen)],
            }
            for turn, one in enumerate(mine)
        ]  # fmt: skip
        path = folder / f"{login}.json"
        path.write_text(json.dumps({"block": str(block), "payments": payments}), encoding="utf-8")
        paths.append(path)
    return paths


def _worker(made: UUID) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-c", WORKER, cast.COUNTY, str(made)],
        cwd=ROOT,
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "canbao.settings"},
        stderr=subprocess.DEVNULL,  # it says how the database went away
    )


def _kill_database(server: supervisor.Server) -> None:
    pid = int((server.cluster.folder / "postmaster.pid").read_text().split("\n", 1)[0])
    os.kill(pid, signal.SIGKILL)
    connections.close_all()
    time.sleep(0.5)
    server.ensure()


def test_no_fen_is_lost_or_taken_twice_when_cashier_worker_and_database_are_killed(
    durable: supervisor.Server, started: list[Cashier], tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.setattr(season, "SET", 100)
    with county.inside(cast.COUNTY):
        more = [Worker(one, f"收款{one}", "village", cast.APRICOT) for one in LOGINS[5:]]
        small = cast.found(*more)
        paths = _lists(small, tmp_path)
        at = clock.now()
        insured.settle(Random(4), 2_000, (cast.POND,), "170", clock.today(), at - timedelta(days=1))
        [made] = season.start(small.cai, "170", clock.today().year, at=at, key=cast.key()).done

        worker = _worker(made)
        until(lambda: Season.here.get(id=made).looked > 0, "the first set of the season")
        worker.send_signal(signal.SIGKILL)
        worker.wait()
        assert Season.here.get(id=made).looked < 2_000
        # Only now, since a list is paid as fast as a set of the season is charged.
        cashiers = [Cashier(login, path) for login, path in zip(LOGINS, paths, strict=True)]
        started += [*cashiers]
        first = cashiers[0]
        until(lambda: len(first.answers()) > PAYMENTS // 4, "a quarter of the payments")
        first.kill()
        held = Receipt.here.filter(collector_id=small.chen.id).count()
        assert 0 < held < PAYMENTS
        first.start()
        until(lambda: len(cashiers[1].answers()) > PAYMENTS // 2, "half of the payments")
        _kill_database(durable)
        season.resume(small.cai, made, at=clock.now(), key=cast.key())
        worker = _worker(made)
        for one in cashiers:
            assert one.process.wait(timeout=120) == 0
        assert worker.wait(timeout=120) == 0

        _everything_once(cashiers)
        done = Season.here.get(id=made)
        assert (done.state, done.looked) == ("done", 2_000)
        for one in cashiers:
            one.start()
        for one in cashiers:
            assert one.process.wait(timeout=120) == 0
            assert one.answers() == ["again"] * PAYMENTS
        _everything_once(cashiers)


def _everything_once(cashiers: list[Cashier]) -> None:
    """Every payment of every list is one receipt, and everything that must hold holds."""
    assert checking.differences() == []
    written = dict(Receipt.here.values_list("collector_name").annotate(number=Count("*")))
    assert set(written.values()) == {PAYMENTS}
    assert len(written) == len(cashiers)
    wanted = {
        one["id"]
        for cashier in cashiers
        for one in json.loads(cashier.path.read_text(encoding="utf-8"))["payments"]
    }
    assert {str(one) for one in Receipt.here.values_list("id", flat=True)} == wanted
    for cashier in cashiers:
        assert len(cashier.answers()) == PAYMENTS
        assert set(cashier.answers()) <= {"done", "again"}
