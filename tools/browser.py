"""The browser of the tests: the system's Chromium, or one unpacked from Debian's packages under build/."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Final

from tools.debian import fetch

FOLDER: Final = Path(__file__).resolve().parent.parent / "build" / "browser"


def locate() -> tuple[Path, dict[str, str]] | None:
    """The browser's program and the environment it needs; none where set-up has not got it yet."""
    system = shutil.which("chromium")
    if system:
        return Path(system), {}
    root = FOLDER / "root"
    program = root / "usr" / "lib" / "chromium" / "chromium"
    if not program.exists():
        return None
    libraries = sorted({os.fspath(found.parent) for found in root.glob("**/*.so*")})
    found = {"LD_LIBRARY_PATH": ":".join(libraries)}
    if not Path("/etc/fonts/fonts.conf").exists():
        found["FONTCONFIG_PATH"] = os.fspath(root / "etc" / "fonts")
    return program, found


def main() -> int:
    if locate() is None:
        # Named apart, because apt leaves out what the system has installed, and the two must lie together.
        fetch(["chromium", "chromium-common"], FOLDER)
    found = locate()
    if found is None:
        print("Debian's chromium package did not bring the program that was expected.")
        return 1
    program, extra = found
    said = subprocess.run(
        [program, "--version"],
        env={**os.environ, **extra},
        check=False,
        capture_output=True,
        text=True,
    )
    print(said.stdout, said.stderr)
    return said.returncode


if __name__ == "__main__":
    sys.exit(main())
