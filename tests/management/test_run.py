"""`canbao run` as its user sees it: one start, clear refusals, parts that are killed, and Ctrl-C."""

from __future__ import annotations

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import pytest
from django.conf import settings

from canbao.kernel import clock
from canbao.management.commands import run

ROOT = Path(__file__).resolve().parents[2]
SENDER = "smtps://canbao:secret@mail.example.cn?from=canbao@example.cn&to={phone}@sms.example.cn"


@dataclass
class Started:
    """A `canbao run` and the ways to look at it from outside."""

    process: subprocess.Popen[bytes]
    data: Path
    port: int
    environment: dict[str, str]

    def answers(self) -> bool:
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{self.port}/", timeout=5).close()
        except urllib.error.HTTPError as error:
            error.close()
            return error.code < 500
        except OSError:
            return False
        return True

    def processes(self, pattern: str = "") -> list[int]:
        """All that belongs to it: its own session's children carry its data folder in the environment."""
        found = []
        for folder in Path("/proc").iterdir():
            if not folder.name.isdigit() or int(folder.name) == os.getpid():
                continue
            try:
                environment = (folder / "environ").read_bytes()
                command = (folder / "cmdline").read_bytes()
            except OSError:
                continue
            told = os.fsencode(self.data)
            mine = told in environment.split(b"\0") or told in command or told in environment
            if mine and re.search(pattern.encode(), command):
                found.append(int(folder.name))
        return found


def eventually(holds: Callable[[], bool], seconds: float = 30) -> bool:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if holds():
            return True
        time.sleep(0.1)
    return False


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def start(data: Path, port: int, **extra: str) -> Started:
    environment = {
        "PATH": os.environ["PATH"],
        "CANBAO_DATA": os.fspath(data),
        "CANBAO_KEYS": os.fspath(settings.CANBAO_KEYS),
        "CANBAO_SENDER": SENDER,
        "PORT": str(port),
        **extra,
    }
    process = subprocess.Popen(
        [sys.executable, "-m", "canbao", "run", "--processes", "1"],
        cwd=ROOT,
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        start_new_session=True,
    )
    return Started(process, data, port, environment)


def wait_for(started: Started) -> None:
    """Until its first page; fails with its words when it ends before."""
    came = eventually(lambda: started.answers() or started.process.poll() is not None, 90)
    if started.process.poll() is not None:
        pytest.fail(started.process.communicate()[1].decode())
    if not came:
        end(started)
        pytest.fail("no page after 90 seconds")


def refusal(started: Started) -> str:
    """What it says when it does not start."""
    said = started.process.communicate(timeout=60)[1].decode()
    assert started.process.returncode != 0
    return said


def end(started: Started) -> None:
    if started.process.poll() is None:
        started.process.send_signal(signal.SIGINT)
    started.process.communicate(timeout=60)


@pytest.fixture(scope="module")
def folder() -> Iterator[Path]:
    made = Path(tempfile.mkdtemp(prefix="canbao-test-"))
    made.chmod(0o711)
    yield made
    shutil.rmtree(made)


@pytest.fixture(scope="module")
def running(folder: Path, keys: None) -> Iterator[Started]:
    started = start(folder / "数据 一", free_port())
    wait_for(started)
    yield started
    end(started)


def test_a_second_run_on_the_same_data_is_refused_and_harms_nothing(running: Started) -> None:
    said = refusal(start(running.data, free_port()))
    assert str(running.data) in said
    assert str(running.process.pid) in said
    assert running.answers()


def test_a_taken_port_is_named(running: Started, folder: Path) -> None:
    said = refusal(start(folder / "other", running.port))
    assert f" {running.port} " in said
    assert "Traceback" not in said


def test_a_port_that_is_no_number_is_refused(folder: Path) -> None:
    started = start(folder / "other", 0, PORT="eight")
    assert "eight" in refusal(started)


@pytest.mark.parametrize("part", ["gunicorn", "procrastinate", "canbao.postgres.keeper"])
def test_a_part_that_is_killed_is_started_again(running: Started, part: str) -> None:
    assert eventually(lambda: bool(running.processes(part)))  # the page server may be the first
    killed = running.processes(part)
    for pid in killed:
        os.kill(pid, signal.SIGKILL)
    assert eventually(lambda: bool(set(running.processes(part)) - set(killed)))
    assert eventually(running.answers)


def test_a_killed_database_comes_back_under_the_pages(running: Started) -> None:
    lock = running.data / "postgres" / "cluster" / "postmaster.pid"
    old = int(lock.read_text().split("\n", 1)[0])
    os.kill(old, signal.SIGKILL)
    assert eventually(lambda: lock.exists() and int(lock.read_text().split("\n", 1)[0]) != old)
    assert eventually(running.answers)


@pytest.mark.parametrize("wish", [signal.SIGINT, signal.SIGTERM])
def test_it_ends_with_all_its_parts(folder: Path, keys: None, wish: signal.Signals) -> None:
    started = start(folder / "ends", free_port())
    wait_for(started)
    assert len(started.processes()) > 4
    started.process.send_signal(wish)
    started.process.communicate(timeout=30)
    assert started.process.returncode == 0
    assert started.processes() == []


def test_when_it_is_killed_itself_nothing_stays_and_the_next_start_works(
    folder: Path, keys: None
) -> None:
    started = start(folder / "killed", free_port())
    wait_for(started)
    started.process.kill()
    started.process.communicate()
    assert eventually(lambda: started.processes() == [])
    again = start(folder / "killed", started.port)
    wait_for(again)
    end(again)
    assert again.processes() == []


def test_a_run_hands_its_beginning_to_everything_it_starts() -> None:
    for child in (run._pages(8000, 1, 1), run._queue()):
        assert datetime.fromisoformat(child.environment["CANBAO_RUN_BEGAN"]) == clock.began()
