"""The embedded server as its users find it: shared, restarted, ended, wherever it must lie."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest

from canbao.postgres import cluster, places, supervisor

ROOT = Path(__file__).resolve().parents[2]
needs_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root must give its rights away")


@pytest.fixture(scope="module")
def reachable() -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix="canbao-test-"))
    folder.chmod(0o711)
    yield folder
    shutil.rmtree(folder)


@pytest.fixture(scope="module")
def data(reachable: Path) -> Path:
    """One data folder for the tests that leave it as they found it; its name has a space and Chinese."""
    return reachable / "数据 一"


def ask(server: supervisor.Server, sql: str) -> str:
    with psycopg.connect(server.info.url(), autocommit=True) as connection:
        row = connection.execute(sql.encode()).fetchone()
    assert row is not None
    return str(row[0])


def eventually(holds: Callable[[], bool], seconds: float = 20) -> bool:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if holds():
            return True
        time.sleep(0.05)
    return False


def postmaster(server: supervisor.Server) -> int:
    return int((server.cluster.folder / "postmaster.pid").read_text().split("\n", 1)[0])


def keeper(server: supervisor.Server) -> int:
    return int((server.cluster.home / "ready").read_text())


def lives(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0]
    except (FileNotFoundError, ProcessLookupError):  # gone, or gone while it was read
        return False
    return state != "Z"


def another_user(data: Path, **environment: str) -> subprocess.Popen[str]:
    """A second program that uses the server until its input ends."""
    program = (
        "import sys, pathlib\n"
        "from canbao.postgres import supervisor\n"
        "with supervisor.serving(pathlib.Path(sys.argv[1])) as server:\n"
        "    print(server.info.host, flush=True)\n"
        "    sys.stdin.read()\n"
    )
    started = subprocess.Popen(
        [sys.executable, "-c", program, data],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], **environment},
    )
    assert started.stdout is not None
    assert started.stdout.readline().strip()
    return started


def test_the_first_user_starts_it_and_the_last_one_ends_it(data: Path) -> None:
    with supervisor.serving(data) as server:
        pid = postmaster(server)
        assert ask(server, "SELECT 1") == "1"
        with supervisor.serving(data) as second:
            assert postmaster(second) == pid
        assert ask(server, "SELECT 1") == "1"
    assert not lives(pid)


def test_data_outlives_the_server(data: Path) -> None:
    with supervisor.serving(data) as server, psycopg.connect(server.info.url()) as connection:
        connection.execute("CREATE TABLE IF NOT EXISTS kept (word text)")
        connection.execute("INSERT INTO kept VALUES ('参保')")
    with supervisor.serving(data) as server:
        assert ask(server, "SELECT max(word) FROM kept") == "参保"


def test_it_writes_through_to_disk_and_sorts_by_code_point(data: Path) -> None:
    with supervisor.serving(data) as server:
        assert ask(server, "SHOW fsync") == "on"
        assert ask(server, "SHOW synchronous_commit") == "on"
        assert ask(server, "SHOW timezone") == "UTC"
        assert ask(server, "SHOW server_encoding") == "UTF8"
        found = ask(
            server,
            "SELECT datlocprovider::text || datlocale FROM pg_database WHERE datname = 'canbao'",
        )
        assert found == "bC.UTF-8"


def test_its_folder_is_nobody_elses(data: Path) -> None:
    with supervisor.serving(data) as server:
        assert server.cluster.home.stat().st_mode & 0o777 == 0o700
        assert Path(server.info.host).stat().st_mode & 0o777 == 0o700
        assert ask(server, "SHOW listen_addresses") == ""


def test_a_killed_user_leaves_no_server_behind(data: Path) -> None:
    user = another_user(data)
    server = supervisor.Server(cluster.Cluster.of(data), data)
    pid = postmaster(server)
    user.kill()
    user.communicate()
    assert eventually(lambda: not lives(pid))


def test_a_killed_user_does_not_end_the_server_of_another(data: Path) -> None:
    with supervisor.serving(data) as server:
        pid = postmaster(server)
        user = another_user(data)
        user.kill()
        user.communicate()
        time.sleep(0.5)
        assert lives(pid)
        assert ask(server, "SELECT 1") == "1"


def test_a_killed_server_comes_back_where_it_was_with_what_was_committed(data: Path) -> None:
    with supervisor.serving(data) as server:
        with psycopg.connect(server.info.url()) as connection:
            connection.execute("CREATE TABLE IF NOT EXISTS counted (n int)")
            connection.execute("INSERT INTO counted VALUES (7)")
        pid, place = postmaster(server), server.info
        os.kill(pid, signal.SIGKILL)
        assert eventually(lambda: not lives(pid))
        server.ensure()
        assert server.info == place
        assert ask(server, "SELECT max(n) FROM counted") == "7"


def test_a_killed_keeper_takes_its_server_along_and_is_replaced(data: Path) -> None:
    with supervisor.serving(data) as server:
        pid, old = postmaster(server), keeper(server)
        os.kill(old, signal.SIGKILL)
        assert eventually(lambda: not lives(pid) and not lives(old))
        server.ensure()
        assert keeper(server) != old
        assert ask(server, "SELECT 1") == "1"
        last = postmaster(server)
    assert not lives(last)


def test_keeper_and_server_killed_at_once_are_replaced(data: Path) -> None:
    with supervisor.serving(data) as server:
        killed = keeper(server), postmaster(server)
        for pid in killed:
            os.kill(pid, signal.SIGKILL)
        assert eventually(lambda: not any(map(lives, killed)))
        server.ensure()
        assert ask(server, "SELECT 1") == "1"


def test_a_lock_file_left_by_a_crash_may_name_another_program(data: Path) -> None:
    with supervisor.serving(data) as server:
        folder = server.cluster.folder
    (folder / "postmaster.pid").write_text(f"{os.getpid()}\n{folder}\n")
    with supervisor.serving(data) as server:
        assert ask(server, "SELECT 1") == "1"


def test_it_needs_no_home_and_no_language(data: Path) -> None:
    user = another_user(data, LC_ALL="C")
    user.communicate()
    assert user.returncode == 0


def test_a_second_run_on_one_data_folder_is_refused_and_names_the_first(data: Path) -> None:
    data.mkdir(exist_ok=True)
    with (
        supervisor.only_run(data),
        pytest.raises(supervisor.ServerRefusal, match=str(os.getpid())),
        supervisor.only_run(data),
    ):
        pytest.fail("two were let in")
    with supervisor.only_run(data):
        pass


def test_a_deep_folder_gets_a_short_socket(reachable: Path) -> None:
    deep = reachable.joinpath(*["很长的名字"] * 8, "data")
    with supervisor.serving(deep) as server:
        place = Path(server.info.host)
        assert len(os.fsencode(place / ".s.PGSQL.5432")) <= cluster.SOCKET_PATH_BYTES_MAX
        assert place.stat().st_mode & 0o777 == 0o700
        assert ask(server, "SELECT 1") == "1"
    assert not place.exists()


def test_where_no_socket_fits_it_listens_on_loopback_with_a_password(
    reachable: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = reachable / "loopback"
    with monkeypatch.context() as patched:
        patched.setattr(cluster, "_fits", lambda _folder: False)
        assert cluster.Cluster.of(folder).place().host == "127.0.0.1"
    with supervisor.serving(folder) as server:
        info = server.info
        assert ask(server, "SHOW listen_addresses") == info.host == "127.0.0.1"
        with pytest.raises(psycopg.OperationalError, match="password"):
            psycopg.connect(info.url().replace(info.password, "guess"))


def test_a_database_of_another_version_is_refused(reachable: Path) -> None:
    folder = reachable / "old"
    home = cluster.Cluster.of(folder).home
    (home / "cluster").mkdir()
    (home / "cluster" / "PG_VERSION").write_text("15\n")
    with pytest.raises(supervisor.ServerRefusal, match="15"), supervisor.serving(folder):
        pytest.fail("it started")


def test_a_data_folder_that_cannot_be_made_is_named(reachable: Path) -> None:
    (reachable / "file").touch()
    place = reachable / "file" / "data"
    with pytest.raises(supervisor.ServerRefusal, match=str(place)), supervisor.serving(place):
        pytest.fail("it started")


def test_asking_for_the_place_before_the_first_start_explains_itself(reachable: Path) -> None:
    info = supervisor.connection(reachable / "never")
    assert info.host.endswith("never/postgres/not-started")
    with pytest.raises(psycopg.OperationalError, match="not-started"):
        psycopg.connect(info.url())


@needs_root
def test_root_gives_the_server_to_an_account_without_rights(data: Path) -> None:
    with supervisor.serving(data) as server:
        owner = Path(f"/proc/{postmaster(server)}").stat().st_uid
        assert owner == server.cluster.account.uid != 0
        status = Path(f"/proc/{postmaster(server)}/status").read_text()
        assert "Groups:\t \n" in status or "Groups:\t\n" in status


@needs_root
def test_below_a_folder_only_root_enters_the_database_lies_where_its_account_can(
    reachable: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    closed = reachable / "closed"
    closed.mkdir(mode=0o700)
    system = reachable / "system"
    monkeypatch.setattr(places, "SYSTEM_FOLDER", system)
    for _start in range(2):
        with supervisor.serving(closed / "data") as server:
            assert server.cluster.home.parent == system
            assert (closed / "data" / "postgres.place").read_text().strip() == str(
                server.cluster.home
            )
            assert ask(server, "SELECT 1") == "1"


@needs_root
def test_binaries_only_root_can_reach_are_copied(
    reachable: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    system = reachable / "copies"
    monkeypatch.setattr(places, "SYSTEM_FOLDER", system)
    real = places._runs
    monkeypatch.setattr(
        places, "_runs", lambda account, path: real(account, path) and system in path.parents
    )
    with supervisor.serving(reachable / "copied") as server:
        assert system in server.cluster.binaries.parents
        assert ask(server, "SELECT 1") == "1"


def test_a_scratch_server_leaves_no_trace() -> None:
    with supervisor.scratch() as server:
        assert ask(server, "SHOW fsync") == "off"
        data = server.data
    assert not data.exists()


def test_the_server_gives_way_where_its_client_does(data: Path) -> None:
    asks = """
import os, sys, psycopg
from canbao.postgres import niceness
with psycopg.connect(sys.argv[1]) as before, psycopg.connect(sys.argv[1]) as after:
    niceness.share(before)
    niceness.lower(os.getpid(), 7)
    niceness.share(after)
    for one in (before, after):
        print(os.getpriority(os.PRIO_PROCESS, one.info.backend_pid))
"""
    own = os.getpriority(os.PRIO_PROCESS, 0)
    with supervisor.serving(data) as server:
        command = [sys.executable, "-c", asks, server.info.url()]
        told = subprocess.run(command, capture_output=True, text=True, check=True, cwd=ROOT)

    assert told.stdout.split() == [str(own), str(max(own, 7))]
