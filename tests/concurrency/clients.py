"""Clients as processes of their own, each with its own connection, that begin at the same moment."""

from __future__ import annotations

import multiprocessing
import os
import signal
import time
from collections.abc import Callable, Sequence
from multiprocessing.context import ForkProcess
from typing import Any, Final

import psycopg
from django.db import connection, connections

from canbao.kernel import county
from canbao.kernel.refusal import Refused
from tests import small as cast

_forks: Final = multiprocessing.get_context("fork")
PATIENCE: Final = 60.0
Act = Callable[[], Any]


def _run(act: Act, begin: Any, answers: Any, place: int) -> None:
    # Nothing of the parent may end with this process: neither pytest nor its plugins.
    code = 1
    try:
        with county.inside(cast.COUNTY):
            connection.ensure_connection()
            begin.wait(PATIENCE)
            answers.put((place, act()))
        code = 0
    except Refused as refused:
        answers.put((place, refused))
        code = 0
    except BaseException as fault:  # noqa: BLE001 - the parent fails with it
        answers.put((place, RuntimeError(f"{type(fault).__name__}: {fault}")))
    finally:
        answers.close()
        answers.join_thread()
        os._exit(code)


def together(acts: Sequence[Act]) -> list[Any]:
    """Run every act in a process of its own, all at once; their answers in order."""
    connections.close_all()  # a forked connection would be shared
    begin = _forks.Barrier(len(acts))
    answers = _forks.Queue()
    running = [
        _forks.Process(target=_run, args=(act, begin, answers, place))
        for place, act in enumerate(acts)
    ]
    for one in running:
        one.start()
    found = dict(answers.get(timeout=PATIENCE) for _ in running)
    for one in running:
        one.join(PATIENCE)
    faults = [answer for answer in found.values() if isinstance(answer, RuntimeError)]
    assert not faults, faults
    return [found[place] for place in range(len(acts))]


def begun(act: Act) -> ForkProcess:
    """Start an act in a process that is going to be killed."""
    connections.close_all()
    process = _forks.Process(target=_run, args=(act, _forks.Barrier(1), _forks.Queue(), 0))
    process.start()
    return process


def kill(process: ForkProcess) -> None:
    """kill -9, and wait until the server has noticed."""
    assert process.pid is not None
    os.kill(process.pid, signal.SIGKILL)
    process.join(PATIENCE)
    assert process.exitcode == -signal.SIGKILL


def until(holds: Callable[[], bool], what: str) -> None:
    """Wait for something that other processes bring about."""
    ends = time.monotonic() + PATIENCE
    while not holds():
        assert time.monotonic() < ends, f"never came: {what}"
        time.sleep(0.01)


def others(url: str, condition: str = "true") -> list[tuple[str, str]]:
    """(state, statement) of the other connections to this database for which a condition holds."""
    with psycopg.connect(url) as watch:
        return watch.execute(
            b"SELECT state, query FROM pg_stat_activity WHERE datname = current_database() "
            b"AND pid <> pg_backend_pid() AND backend_type = 'client backend' AND "
            + condition.encode()
        ).fetchall()


def until_idle(url: str) -> None:
    """Wait until the server has noticed that a killed client is gone."""
    until(lambda: not others(url, "state <> 'idle'"), f"quiet, but {others(url)}")
