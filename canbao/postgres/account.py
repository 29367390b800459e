"""As whom PostgreSQL runs: ourselves, or for root a user without rights."""

from __future__ import annotations

import os
import pwd
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from canbao.postgres.words import gettext as _

ENVIRONMENT: Final = {"PATH": "/usr/bin:/bin", "LC_ALL": "C", "TZ": "UTC"}


class ServerRefusal(Exception):
    """The embedded server cannot be had; the sentence says why and what to do."""


@dataclass(frozen=True, slots=True)
class Account:
    """The operating system's user as whom PostgreSQL runs; it refuses to run as root."""

    uid: int
    gid: int
    name: str

    @property
    def borrowed(self) -> bool:
        return self.uid != os.geteuid()

    def can(self, test: str, path: Path) -> bool:
        """Ask the kernel, as this account, whether `test` (a flag of sh's test) holds for a path."""
        if not self.borrowed:
            return subprocess.run(["test", test, path], check=False).returncode == 0
        asked = ["/bin/sh", "-c", 'test "$0" "$1"', test, os.fspath(path)]
        return self.run(asked).returncode == 0

    def run(self, command: list[str], cwd: Path = Path("/")) -> subprocess.CompletedProcess[str]:
        """Run a command as this account in a clean environment; never raises for its exit status."""
        user, group, groups = self.dropped_to
        return subprocess.run(
            command,
            cwd=cwd,
            env=ENVIRONMENT,
            check=False,
            capture_output=True,
            text=True,
            errors="replace",
            stdin=subprocess.DEVNULL,
            user=user,
            group=group,
            extra_groups=groups,
            umask=0o077,
        )

    @property
    def dropped_to(self) -> tuple[int, int, list[int]] | tuple[None, None, None]:
        """User, group and further groups for a new process; nothing where no rights are to drop."""
        return (self.uid, self.gid, []) if self.borrowed else (None, None, None)


def account_for(home: Path) -> Account:
    uid = os.geteuid()
    if uid == 0 and home.exists():
        uid = home.stat().st_uid
    try:
        if uid:
            entry = pwd.getpwuid(uid)
        else:
            entry = pwd.getpwnam(os.environ.get("CANBAO_DATABASE_ACCOUNT", "nobody"))
    except KeyError:
        raise ServerRefusal(
            _(
                "PostgreSQL needs a user that is listed in /etc/passwd and is not root, and found none. "
                "Name one in CANBAO_DATABASE_ACCOUNT, or start canbao as a listed user."
            )
        ) from None
    if entry.pw_uid == 0:
        raise ServerRefusal(
            _(
                "CANBAO_DATABASE_ACCOUNT names root; PostgreSQL does not run as root. Name another user."
            )
        )
    return Account(entry.pw_uid, entry.pw_gid, entry.pw_name)
