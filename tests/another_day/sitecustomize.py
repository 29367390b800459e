"""Moves the clock of every Python program that a test run starts on another day; see tests/databases.py.

It lies in a folder of its own, which stands on the path of such a run only: Python looks for this name at its start.
"""

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta

import time_machine

if found := os.environ.get("CANBAO_TEST_SHIFT_DAYS"):
    there = datetime.now(UTC) + timedelta(days=int(found))
    time_machine.travel(there, tick=True).start()
