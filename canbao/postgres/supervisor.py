"""The embedded PostgreSQL: started by whoever needs it first, shared, and gone with the last user.

A user holds a shared lock on the database's folder. A keeper process owns the server, starts it
again when it dies, and ends it when no such lock is left, however its holders ended.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import psycopg

from canbao.postgres.account import ServerRefusal
from canbao.postgres.cluster import NAME, SOCKET_PORT, Cluster, ConnectionInfo, read_state
from canbao.postgres.keeper import READY_SECONDS_MAX, STOP_SECONDS_MAX, locked, log_in
from canbao.postgres.places import home_of
from canbao.postgres.words import gettext as _

__all__ = [
    "ConnectionInfo",
    "Server",
    "ServerRefusal",
    "connection",
    "only_run",
    "scratch",
    "serving",
]

_ROOT: Final = Path(__file__).resolve().parents[2]
# Keepers that this process started, so that each is taken note of when it ends.
_started: Final[dict[Path, subprocess.Popen[str]]] = {}


def connection(data: Path) -> ConnectionInfo:
    """How the embedded server of a data folder is reached; never starts it and never refuses.

    Before the first start it names a folder that does not exist, so that a program which needs
    no database can be set up and one which does fails with a path that explains itself.
    """
    home = home_of(data)
    return read_state(home) or ConnectionInfo(
        os.fspath(home / "not-started"), SOCKET_PORT, NAME, "", NAME
    )


@dataclass(frozen=True, slots=True)
class Server:
    """An embedded server in use."""

    cluster: Cluster
    data: Path

    @property
    def info(self) -> ConnectionInfo:
        return connection(self.data)

    def ensure(self) -> None:
        """Start the server if nobody keeps it; cheap when it is up. Refuses with the reason it gave."""
        deadline = time.monotonic() + READY_SECONDS_MAX
        self._started_is_alive()
        while not self._is_ready():
            if time.monotonic() > deadline:
                raise ServerRefusal(
                    _(
                        "PostgreSQL did not start in %(seconds)s seconds. The last lines of %(file)s are: %(lines)s"
                    )
                    % {
                        "seconds": READY_SECONDS_MAX,
                        "file": self.cluster.log_file,
                        "lines": self.cluster.log_tail(),
                    }
                )
            if self._is_kept():
                time.sleep(0.05)
            else:
                self._start_keeper()

    def _started_is_alive(self) -> bool:
        """Whether a keeper that this process started still runs; takes note of one that ended."""
        keeper = _started.get(self.cluster.home)
        if keeper is not None and keeper.poll() is not None:
            del _started[self.cluster.home]
        return self.cluster.home in _started

    def _is_kept(self) -> bool:
        with locked(self.cluster.home / "keeper.lock", fcntl.LOCK_EX | fcntl.LOCK_NB) as free:
            return not free

    def _is_ready(self) -> bool:
        if not (self.cluster.home / "ready").exists() or not self._is_kept():
            return False
        try:
            log_in(self.info).close()
        except psycopg.OperationalError:
            return False
        return True

    def _start_keeper(self) -> None:
        cluster = self.cluster
        command = [sys.executable, "-m", "canbao.postgres.keeper", os.fspath(self.data)]
        command += ["scratch" if cluster.scratch else "lasting", os.fspath(cluster.binaries)]
        keeper = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            text=True,
            cwd=_ROOT,
            start_new_session=True,  # Ctrl-C is for the program at the terminal
        )
        _started[cluster.home] = keeper
        assert keeper.stdout is not None
        with keeper.stdout:
            said = keeper.stdout.read()
        if said.startswith("refused "):
            raise ServerRefusal(said.removeprefix("refused ").strip())
        if not said:
            keeper.wait()
            raise ServerRefusal(
                _("The keeper of the database ended at once; its message stands above.")
            )

    def leave(self) -> None:
        """After the lock was given up: if no user is left, wait until the keeper has ended the server."""
        deadline = time.monotonic() + STOP_SECONDS_MAX
        users = self.cluster.home / "users.lock"
        while time.monotonic() < deadline and users.exists() and self._is_kept():
            with locked(users, fcntl.LOCK_EX | fcntl.LOCK_NB) as nobody:
                pass
            with locked(users, fcntl.LOCK_SH | fcntl.LOCK_NB) as shared:
                pass
            if shared and not nobody:
                return
            time.sleep(0.02)
        # The lock goes a moment before the process does; whoever leaves last leaves nothing behind.
        while time.monotonic() < deadline and self._started_is_alive():
            time.sleep(0.02)


@contextmanager
def _using(server: Server) -> Iterator[Server]:
    with locked(server.cluster.home / "users.lock", fcntl.LOCK_SH):
        server.ensure()
        yield server
    server.leave()


@contextmanager
def serving(data: Path) -> Iterator[Server]:
    """Use the embedded server of a data folder, starting it if it is not up; leave things as found."""
    with _using(Server(Cluster.of(data), data)) as server:
        yield server


@contextmanager
def scratch(binaries: Path | None = None) -> Iterator[Server]:
    """Use a server of one's own that is fast, forgets everything, and is removed even after a kill.

    `binaries` names another PostgreSQL's programs; without it the embedded ones run.
    """
    data = Path(tempfile.mkdtemp(prefix="canbao-"))
    data.chmod(0o711)  # the server's account must pass
    try:
        with _using(Server(Cluster.of(data, scratch=True, binaries=binaries), data)) as server:
            yield server
    finally:
        shutil.rmtree(data, ignore_errors=True)


@contextmanager
def only_run(data: Path) -> Iterator[None]:
    """Hold the one place of `canbao run` on a data folder; refuses, naming the process that has it."""
    data.mkdir(parents=True, exist_ok=True)
    place = data / "run.lock"
    with locked(place, fcntl.LOCK_EX | fcntl.LOCK_NB) as mine:
        if not mine:
            raise ServerRefusal(
                _(
                    "canbao already runs on the data folder %(folder)s (process %(process)s). "
                    "Use it there, stop it, or name another folder in CANBAO_DATA."
                )
                % {"folder": data, "process": place.read_text().strip()}
            )
        place.write_text(f"{os.getpid()}\n")
        yield
