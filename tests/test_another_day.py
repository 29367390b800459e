"""The suite starts on another day with every program that it starts: CANBAO_TEST_START=12-31 pytest."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import datetime, timedelta

import pytest
from django.utils import timezone

from canbao.kernel import clock
from tests.databases import ANOTHER_DAY

pytestmark = pytest.mark.any_date
ASKS = (
    "from datetime import date; import time; print(date.today(), time.gmtime(time.time()).tm_year)"
)


def day_in_a_program(**environment: str) -> list[str]:
    ran = subprocess.run(
        [sys.executable, "-c", ASKS],
        env={**os.environ, "TZ": "UTC", **environment},
        check=True, capture_output=True, text=True,
    )  # fmt: skip
    return ran.stdout.split()


def test_programs_of_a_run_stand_on_its_day() -> None:
    now = timezone.now().date()
    assert day_in_a_program() == [str(now), str(now.year)]


def test_a_shift_reaches_every_program() -> None:
    shifted = int(os.environ.get("CANBAO_TEST_SHIFT_DAYS", "0"))
    there = timezone.now().date() + timedelta(days=1000 - shifted)
    path = {"PYTHONPATH": os.fspath(ANOTHER_DAY), "CANBAO_TEST_SHIFT_DAYS": "1000"}
    assert day_in_a_program(**path) == [str(there), str(there.year)]


def test_the_run_itself_stands_on_the_day_that_was_asked_for() -> None:
    asked = os.environ.get("CANBAO_TEST_START")
    if not asked:
        pytest.skip("started on no other day")
    here = datetime.now(clock.SHANGHAI).date()
    wanted = clock.business_date(asked, datetime.now().astimezone())
    assert here - wanted in {timedelta(0), timedelta(days=1)}  # a run may cross midnight
