"""A season whose workers are killed goes on where it was; two workers at once do it once."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from datetime import timedelta
from pathlib import Path
from random import Random
from uuid import UUID

import pytest
from django.db.models import Count

from canbao.kernel import clock, county
from canbao.payments import checking, season
from canbao.payments.tables import Charge, ChargeShare, DropOut, Season
from canbao.simulate import insured
from tests import small as cast

ROOT = Path(__file__).resolve().parents[2]
PEOPLE = 3_000
WORKER = (
    "import sys, uuid, django; django.setup()\n"
    "from canbao.payments import season\n"
    "season.SET = 100\n"
    "season.run(sys.argv[1], uuid.UUID(sys.argv[2]))\n"
)


def _worker(made: UUID) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-c", WORKER, cast.COUNTY, str(made)],
        cwd=ROOT,
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "canbao.settings"},
    )


def _looked(made: UUID) -> int:
    return int(Season.here.values_list("looked", flat=True).get(id=made))


def test_killed_workers_leave_a_season_that_goes_on_once(
    own_database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(season, "SET", 100)
    with county.inside(cast.COUNTY):
        small = cast.found()
        villages, at = (cast.APRICOT, cast.POND), clock.now()
        insured.settle(Random(2), PEOPLE, villages, "390", clock.today(), at - timedelta(days=1))
        year = clock.today().year + 1
        [made] = season.start(small.luo, "390", year, at=at, key=cast.key()).done
        seen = 0
        for _ in range(3):
            workers = [_worker(made), _worker(made)]
            deadline = time.monotonic() + 60
            while _looked(made) <= seen and time.monotonic() < deadline:
                time.sleep(0.02)
            for one in workers:
                one.kill()
                one.wait()
            assert seen < _looked(made)
            seen = _looked(made)
        season.resume(small.luo, made, at=clock.now(), key=cast.key())
        season.run(cast.COUNTY, made)

        done = Season.here.get(id=made)
        assert (done.state, done.looked) == ("done", PEOPLE)
        assert done.charged == Charge.here.count()
        assert done.charged + DropOut.here.count() == PEOPLE
        own = ChargeShare.here.filter(kind="own").values("charge_id").annotate(number=Count("*"))
        assert {one["number"] for one in own} == {1}
        assert len(own) == done.charged
        assert checking.differences() == []
