"""The process that keeps one embedded server running while anybody uses it, and ends it after the last."""

from __future__ import annotations

import ctypes
import fcntl
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import psycopg

from canbao.postgres.account import ENVIRONMENT, ServerRefusal
from canbao.postgres.cluster import Cluster, ConnectionInfo
from canbao.postgres.words import gettext as _

READY_SECONDS_MAX: Final = 60
STOP_SECONDS_MAX: Final = 30
LOOK_SECONDS: Final = 0.1
CRASHES_MAX: Final = 5
CRASH_SPAN_SECONDS: Final = 60
LOG_BYTES_MAX: Final = 10_000_000
# Above the largest process number Linux gives.
NO_PROCESS: Final = 2**22 + 1
_PR_SET_PDEATHSIG: Final = 1
_libc = ctypes.CDLL(None, use_errno=True)


@contextmanager
def locked(path: Path, kind: int) -> Iterator[bool]:
    """Hold a lock of a kind of fcntl.flock; yields whether it was had. It goes with its process."""
    handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        try:
            fcntl.flock(handle, kind)
        except BlockingIOError:
            yield False
        else:
            yield True
    finally:
        os.close(handle)


def end_with_parent() -> None:
    """Called in a new child: ask the kernel to end it with SIGINT, a fast shutdown, if its keeper is killed."""
    _libc.prctl(_PR_SET_PDEATHSIG, signal.SIGINT)


def log_in(info: ConnectionInfo) -> psycopg.Connection:
    """A connection to the database that every server has."""
    return psycopg.connect(info.url("postgres"), autocommit=True, connect_timeout=5)


@dataclass(slots=True)
class Keeper:
    """One server process and what happened to it."""

    cluster: Cluster
    info: ConnectionInfo
    process: subprocess.Popen[bytes] | None = None
    crashed_at: list[float] = field(default_factory=list)
    asked_to_stop: bool = False

    def start(self) -> None:
        """Start the server and wait until it answers; a database left by a kill is let die first."""
        self._end_orphan()
        deadline = time.monotonic() + READY_SECONDS_MAX
        while True:
            self.process = self._spawn()
            if self._answers_before(deadline):
                return
            # Backends of a killed server hold its shared memory a moment longer.
            if time.monotonic() > deadline or "shared memory" not in self.cluster.log_tail():
                raise ServerRefusal(
                    _("PostgreSQL did not start. The last lines of %(file)s are: %(lines)s")
                    % {"file": self.cluster.log_file, "lines": self.cluster.log_tail()}
                )
            time.sleep(0.5)

    def _spawn(self) -> subprocess.Popen[bytes]:
        user, group, groups = self.cluster.account.dropped_to
        with self.cluster.log_file.open("ab") as log:
            if log.tell() > LOG_BYTES_MAX:
                log.truncate(0)
            return subprocess.Popen(
                self.cluster.command(self.info),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                env=ENVIRONMENT,
                cwd=self.cluster.home,
                preexec_fn=end_with_parent,  # noqa: PLW1509 - the keeper has one thread
                user=user,
                group=group,
                extra_groups=groups,
                umask=0o077,
            )

    def _answers_before(self, deadline: float) -> bool:
        assert self.process is not None
        while time.monotonic() < deadline:
            if self.process.poll() is not None:
                return False
            try:
                with log_in(self.info) as connection:
                    found = connection.execute(
                        "SELECT 1 FROM pg_database WHERE datname = %s", [self.info.dbname]
                    )
                    if not found.fetchone():
                        connection.execute(f'CREATE DATABASE "{self.info.dbname}"')
            except psycopg.OperationalError:
                time.sleep(0.05)
            else:
                return True
        return False

    def _end_orphan(self) -> None:
        """End a server that lost its keeper, and keep a dead one's number from stopping the next.

        The number in a left lock file may be a zombie's or by now another program's, which
        PostgreSQL takes for a running server. The rest of the file stays: by it PostgreSQL
        finds out whether a killed server's processes still write.
        """
        pid_file = self.cluster.folder / "postmaster.pid"
        try:
            number, rest = pid_file.read_text().split("\n", 1)
            pid = int(number)
        except (OSError, ValueError):
            return
        if _works_in(pid, self.cluster.folder):
            _end(pid, self.cluster.folder, STOP_SECONDS_MAX)
        if pid_file.exists():
            self.cluster.put(pid_file, f"{NO_PROCESS}\n{rest}")
        if self.info.host.startswith("/"):
            Path(self.info.host, f".s.PGSQL.{self.info.port}.lock").unlink(missing_ok=True)

    def watch(self) -> None:
        """Return when nobody uses the server any more; start it again when it died."""
        while not self.asked_to_stop:
            assert self.process is not None
            if self.process.poll() is not None:
                self._start_again()
            with locked(self.cluster.home / "users.lock", fcntl.LOCK_EX | fcntl.LOCK_NB) as alone:
                if alone:
                    self.stop()
                    return
            time.sleep(LOOK_SECONDS)
        self.stop()

    def _start_again(self) -> None:
        self.say_ready(ready=False)
        now = time.monotonic()
        self.crashed_at = [at for at in self.crashed_at if now - at < CRASH_SPAN_SECONDS] + [now]
        if len(self.crashed_at) > CRASHES_MAX:
            raise ServerRefusal(
                _("PostgreSQL ended %(times)s times within a minute.") % {"times": CRASHES_MAX}
            )
        self.start()
        self.say_ready(ready=True)

    def say_ready(self, *, ready: bool) -> None:
        """Leave or take away the file by which users know that the server answers."""
        place = self.cluster.home / "ready"
        if ready:
            self.cluster.put(place, str(os.getpid()))
        else:
            place.unlink(missing_ok=True)

    def stop(self) -> None:
        """End the server: cleanly, or at once if its files are about to go."""
        if self.process is None or self.process.poll() is not None:
            return
        gently = signal.SIGQUIT if self.cluster.scratch else signal.SIGINT
        for wish in (gently, signal.SIGQUIT, signal.SIGKILL):
            self.process.send_signal(wish)
            try:
                self.process.wait(STOP_SECONDS_MAX)
            except subprocess.TimeoutExpired:
                continue
            return


def _works_in(pid: int, folder: Path) -> bool:
    """Whether a process stands in a folder; one that ended and waits to be taken note of does not."""
    try:
        return Path(f"/proc/{pid}/cwd").resolve(strict=True) == folder.resolve()
    except OSError:
        return False


def _end(pid: int, folder: Path, seconds: float) -> None:
    for wish in (signal.SIGINT, signal.SIGKILL):
        if not _works_in(pid, folder):
            return
        try:
            os.kill(pid, wish)
            deadline = time.monotonic() + seconds
            while time.monotonic() < deadline and _works_in(pid, folder):
                time.sleep(0.1)
        except ProcessLookupError:
            return


def keep(cluster: Cluster) -> int:
    """Serve one cluster until its last user has gone; speaks to whoever started it in one line."""
    with locked(cluster.home / "keeper.lock", fcntl.LOCK_EX | fcntl.LOCK_NB) as mine:
        if not mine:
            print("other", flush=True)
            return 0
        keeper = Keeper(cluster, cluster.place())
        keeper.say_ready(ready=False)

        def asked(_number: int, _frame: object) -> None:
            keeper.asked_to_stop = True

        signal.signal(signal.SIGTERM, asked)
        try:
            cluster.fill(keeper.info.password)
            keeper.start()
            keeper.say_ready(ready=True)
            _say("ready", cluster)
            keeper.watch()
        except ServerRefusal as refusal:
            _say(f"refused {refusal}", cluster)
            return 1
        finally:
            keeper.stop()
            keeper.say_ready(ready=False)
            _tidy(keeper)
    return 0


def _say(line: str, cluster: Cluster) -> None:
    """Answer the starter once; afterwards its pipe and terminal are left alone."""
    print(line, flush=True)
    with Path(os.devnull).open("rb") as nothing, cluster.log_file.open("ab") as log:
        os.dup2(nothing.fileno(), 0)
        os.dup2(log.fileno(), 1)
        os.dup2(log.fileno(), 2)


def _tidy(keeper: Keeper) -> None:
    folder = Path(keeper.info.host)
    outside = folder.is_absolute() and folder.parent != keeper.cluster.home
    if outside and folder.is_dir() and not any(folder.iterdir()):
        folder.rmdir()
    if keeper.cluster.scratch:
        shutil.rmtree(keeper.cluster.home, ignore_errors=True)


def main() -> int:
    data, kind, binaries = sys.argv[1:]
    cluster = Cluster.of(
        Path(data), scratch=kind == "scratch", binaries=Path(binaries) if binaries else None
    )
    return keep(cluster)


if __name__ == "__main__":
    sys.exit(main())
