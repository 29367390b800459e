"""The locks: `make` writes them from the *.in files, `check` finds what was changed by hand or forgotten."""

from __future__ import annotations

import hashlib
import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parent.parent
NAMES: Final = ("requirements", "requirements-dev", "requirements-node")
FIRST_LINE: Final = "# Made by `make locks` from {name}.in; sha256 of its packages: {digest}\n"


def _digest(name: str) -> str:
    """Hash over what a list asks for, comments left out, and over the lists that it includes."""
    lines = (ROOT / f"{name}.in").read_text(encoding="utf-8").splitlines()
    asked = [line.split("#")[0].strip() for line in lines]
    whole = hashlib.sha256("\n".join(filter(None, asked)).encode())
    if name == "requirements-dev":
        whole.update((ROOT / "requirements.lock").read_bytes())
    return whole.hexdigest()


def make(extra: list[str]) -> None:
    for name in NAMES:
        lock = ROOT / f"{name}.lock"
        subprocess.run(
            [
                Path(sys.executable).with_name("uv"),
                *("pip", "compile", "--quiet", "--universal", "--python-version", "3.11"),
                *("--generate-hashes", "--no-header", "--no-annotate", *extra),
                *(f"{name}.in", "--output-file", lock.name),
            ],
            cwd=ROOT,
            check=True,
        )
        body = lock.read_text(encoding="utf-8")
        lock.write_text(FIRST_LINE.format(name=name, digest=_digest(name)) + body, encoding="utf-8")
    subprocess.run(
        ["npm", "install", "--package-lock-only", "--ignore-scripts"], cwd=ROOT, check=True
    )


def check() -> list[str]:
    """What does not agree, in words."""
    faults = []
    for name in NAMES:
        text = (ROOT / f"{name}.lock").read_text(encoding="utf-8")
        if not text.startswith(FIRST_LINE.format(name=name, digest=_digest(name))):
            faults.append(f"{name}.lock was not made from {name}.in as it is: run `make locks`")
        if re.search(r"://|^--|file:", text, re.MULTILINE):
            faults.append(f"{name}.lock holds an address or an option of pip")
        loose = [
            block
            for block in re.split(r"\n(?=\S)", text)
            if "==" in block and "--hash=" not in block
        ]
        faults += [f"{name}.lock: no hash for {block.split()[0]}" for block in loose]
    wanted = json.loads((ROOT / "package.json").read_text(encoding="utf-8"))
    locked = json.loads((ROOT / "package-lock.json").read_text(encoding="utf-8"))["packages"]
    if locked[""]["dependencies"] != wanted["dependencies"]:
        faults.append("package-lock.json was not made from package.json as it is: run `make locks`")
    faults += [
        f"package-lock.json: {name} names the place it came from"
        for name in locked
        if "resolved" in locked[name]
    ]
    faults += [
        f"package-lock.json: no hash for {name}"
        for name in locked
        if name and "integrity" not in locked[name]
    ]
    return faults


def main() -> int:
    match sys.argv[1:]:
        case ["make", *extra]:
            make(extra)
            return 0
        case ["check"]:
            faults = check()
            print("\n".join(faults) or "The locks agree with what they were made from.")
            return min(len(faults), 1)
        case _:
            print(__doc__)
            return 2


if __name__ == "__main__":
    sys.exit(main())
