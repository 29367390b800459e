"""Debian packages without root: downloaded by apt into a private folder and unpacked there, never installed."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import sys
from pathlib import Path


def fetch(packages: list[str], folder: Path) -> Path:
    """Unpack packages and what they need that the system lacks; returns the root of the unpacked tree."""
    if not shutil.which("apt-get") or not shutil.which("dpkg"):
        sys.exit(f"This is no Debian: install {', '.join(packages)} by your system's own means.")
    for name in ("lists/partial", "archives/partial"):
        (folder / name).mkdir(parents=True, exist_ok=True)
    # Paths from here: apt takes those that begin with a dot as they are, spaces above them or not.
    options = [
        "Dir::State::lists=./lists",
        "Dir::State::status=/var/lib/dpkg/status",
        "Dir::Cache=./",
        "Dir::Cache::archives=./archives",
        "Dir::Cache::pkgcache=",
        "Dir::Cache::srcpkgcache=",
        "Dir::Log=./",
        "Debug::NoLocking=1",
        f"APT::Sandbox::User={pwd.getpwuid(os.geteuid()).pw_name}",
        "Acquire::Languages=none",
    ]
    apt = ["apt-get", "-q", "-y", *(word for option in options for word in ("-o", option))]
    wanted = ["--reinstall", "--download-only", "--no-install-recommends", *packages]
    for words in (["update"], ["install", *wanted]):
        said = subprocess.run(
            [*apt, *words], cwd=folder, check=False, capture_output=True, text=True
        )
        if said.returncode:
            sys.exit(f"{said.stdout[-500:]}\n{said.stderr[-1000:]}\napt-get {words[0]} failed.")
    root = folder / "root"
    root.mkdir(exist_ok=True)
    for archive in sorted((folder / "archives").glob("*.deb")):
        subprocess.run(["dpkg", "-x", archive, root], check=True)
        archive.unlink()
    shutil.rmtree(folder / "lists")
    return root
