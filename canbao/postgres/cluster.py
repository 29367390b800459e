"""One embedded database: where it listens, its first filling, its settings."""

from __future__ import annotations

import json
import os
import secrets
import shutil
import socket
import stat
import tempfile
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final, Self
from urllib.parse import quote

from canbao.postgres.account import Account, ServerRefusal, account_for
from canbao.postgres.places import binaries_for, make_home
from canbao.postgres.words import gettext as _

# A socket path ends in a field of 108 bytes of the kernel, the last of them zero.
SOCKET_PATH_BYTES_MAX: Final = 107
SOCKET_PORT: Final = 5432
BUILTIN_LOCALES_SINCE: Final = 17
NAME: Final = "canbao"


@dataclass(frozen=True, slots=True)
class ConnectionInfo:
    """How to reach a PostgreSQL server."""

    host: str
    port: int
    user: str
    password: str
    dbname: str

    def url(self, dbname: str = "") -> str:
        """The same as a URL; a socket folder goes into the query, where its letters keep their case."""
        name = quote(dbname or self.dbname)
        login = f"{quote(self.user)}:{quote(self.password)}"
        if self.host.startswith("/"):
            place = f"@/{name}?host={quote(self.host, safe='')}&port={self.port}"
        else:
            place = f"@{self.host}:{self.port}/{name}"
        return f"postgresql://{login}{place}"


@dataclass(frozen=True, slots=True)
class Cluster:
    """One embedded database: its folder, its account, its binaries; a scratch one forgets and is fast."""

    home: Path
    account: Account
    binaries: Path
    scratch: bool = False

    @classmethod
    def of(cls, data: Path, *, scratch: bool = False, binaries: Path | None = None) -> Self:
        """The cluster of a data folder, its folders made and reachable for the account it runs as."""
        home = make_home(data.resolve())
        account = account_for(home)
        return cls(home, account, binaries or binaries_for(account), scratch)

    @property
    def folder(self) -> Path:
        return self.home / "cluster"

    @property
    def state_file(self) -> Path:
        return self.home / "server.json"

    @property
    def log_file(self) -> Path:
        return self.home / "server.log"

    def put(self, path: Path, text: str) -> None:
        """Write a file for the account only, whole or not at all."""
        fresh = path.with_name(f"{path.name}.{os.getpid()}")
        fresh.touch(mode=0o600)
        fresh.write_text(text, encoding="utf-8")
        if self.account.borrowed:
            os.chown(fresh, self.account.uid, self.account.gid)
        fresh.replace(path)

    def place(self) -> ConnectionInfo:
        """Where the server will listen: as last time if that still holds, so that clients find it again."""
        known = read_state(self.home)
        if known and self._holds(known):
            return known
        password = known.password if known else secrets.token_urlsafe(24)
        folder = self._socket_folder()
        if folder:
            info = ConnectionInfo(os.fspath(folder), SOCKET_PORT, NAME, password, NAME)
        else:
            info = ConnectionInfo("127.0.0.1", _free_port(), NAME, password, NAME)
        self.put(self.state_file, json.dumps(asdict(info)))
        return info

    def _holds(self, info: ConnectionInfo) -> bool:
        if not info.host.startswith("/"):
            return _is_free(info.port)
        folder = Path(info.host)
        try:
            found = folder.lstat()
        except OSError:
            return False
        mine = found.st_uid == self.account.uid and stat.S_IMODE(found.st_mode) == stat.S_IRWXU
        return mine and not folder.is_symlink() and _fits(folder)

    def _socket_folder(self) -> Path | None:
        own = self.home / "socket"
        if _fits(own):
            own.mkdir(mode=0o700, exist_ok=True)
            self.give(own)
            return own
        for parent in (Path("/tmp"), Path(tempfile.gettempdir())):  # noqa: S108 - mkdtemp below
            try:
                folder = Path(tempfile.mkdtemp(prefix="canbao-", dir=parent))
            except OSError:
                continue
            self.give(folder)
            if _fits(folder) and self.account.can("-w", folder):
                return folder
            folder.rmdir()
        return None

    def give(self, path: Path) -> None:
        """Hand a file or folder to the account."""
        if self.account.borrowed:
            os.chown(path, self.account.uid, self.account.gid)

    def fill(self, password: str) -> None:
        """Make the database files once; a start that is cut off leaves nothing half made."""
        if self.folder.exists():
            self._check_version()
            return
        fresh = self.home / "cluster.new"
        shutil.rmtree(fresh, ignore_errors=True)
        secret = self.home / "password"
        self.put(secret, password)
        try:
            made = self.account.run(
                [
                    os.fspath(self.binaries / "initdb"),
                    f"--pgdata={fresh}",
                    f"--username={NAME}",
                    f"--pwfile={secret}",
                    "--encoding=UTF8",
                    "--auth=scram-sha-256",
                    *self._locale(),
                    *(["--no-sync"] if self.scratch else []),
                ],
                cwd=self.home,
            )
        finally:
            secret.unlink()
        if made.returncode:
            raise ServerRefusal(
                _("The database could not be made in %(folder)s: %(reason)s")
                % {"folder": self.home, "reason": made.stderr.strip()[-1000:]}
            )
        self.put(
            fresh / "pg_hba.conf",
            "local all all trust\nhost all all 127.0.0.1/32 scram-sha-256\n",
        )
        fresh.rename(self.folder)

    def _locale(self) -> list[str]:
        if self.major >= BUILTIN_LOCALES_SINCE:
            return ["--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
        return ["--locale=C.UTF-8"]

    @property
    def major(self) -> int:
        said = self.account.run([os.fspath(self.binaries / "postgres"), "--version"]).stdout
        return int(said.split()[2].split(".")[0])

    def _check_version(self) -> None:
        made_by = int((self.folder / "PG_VERSION").read_text().strip())
        if made_by != self.major:
            raise ServerRefusal(
                _(
                    "The database in %(folder)s was made by PostgreSQL %(made_by)s and canbao now brings "
                    "%(major)s. Start the canbao that made it, save the database with pg_dump, and restore it here."
                )
                % {"folder": self.folder, "made_by": made_by, "major": self.major}
            )

    def command(self, info: ConnectionInfo) -> list[str]:
        """The command line of the server."""
        by_socket = info.host.startswith("/")
        settings = {
            "timezone": "UTC",
            "log_timezone": "UTC",
            "listen_addresses": "" if by_socket else info.host,
            "port": str(info.port),
            "unix_socket_directories": _quoted(info.host) if by_socket else "",
            "max_connections": "100",
            "shared_buffers": f"{_shared_megabytes()}MB",
            "max_wal_size": "4GB",
            "checkpoint_timeout": "15min",
            "random_page_cost": "1.1",
            "jit": "off",
        }
        if self.scratch:
            settings |= {
                "fsync": "off",
                "synchronous_commit": "off",
                "full_page_writes": "off",
                "shared_buffers": "128MB",
                "autovacuum": "off",
            }
        flags = [f"--{name}={value}" for name, value in settings.items()]
        return [os.fspath(self.binaries / "postgres"), "-D", os.fspath(self.folder), *flags]

    def log_tail(self) -> str:
        """The last lines the server wrote."""
        try:
            return "\n".join(self.log_file.read_text(errors="replace").splitlines()[-8:])
        except OSError:
            return ""


def read_state(home: Path) -> ConnectionInfo | None:
    """How the server of a folder was last reached; none before its first start."""
    try:
        return ConnectionInfo(**json.loads((home / "server.json").read_text(encoding="utf-8")))
    except (FileNotFoundError, ValueError, TypeError):
        return None
    except PermissionError:
        raise ServerRefusal(
            _(
                "The database in %(folder)s belongs to another user. Start canbao as that user, or as root."
            )
            % {"folder": home}
        ) from None


def _quoted(folder: str) -> str:
    return '"' + folder.replace('"', '""') + '"'


def _fits(folder: Path) -> bool:
    # libpq reads a comma in a host as the start of the next host.
    whole = os.fsencode(folder / f".s.PGSQL.{SOCKET_PORT}")
    return len(whole) <= SOCKET_PATH_BYTES_MAX and b"," not in whole


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


def _shared_megabytes() -> int:
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // 2**20
    return max(64, min(512, memory // 8))
