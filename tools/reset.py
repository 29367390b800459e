"""Removes the data of this folder's canbao: only while it does not run, and only after a yes."""

from __future__ import annotations

import fcntl
import os
import shutil
import sys
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parent.parent


def main() -> int:
    data = Path(os.environ.get("CANBAO_DATA", ROOT / "var")).resolve()
    if not data.exists():
        print(f"There is no data in {data}.")
        return 0
    pointer = data / "postgres.place"
    folders = [data]
    if pointer.exists():
        folders.insert(0, Path(pointer.read_text(encoding="utf-8").strip()))
    home = folders[0] if pointer.exists() else data / "postgres"
    for place in (data / "run.lock", home / "users.lock", home / "keeper.lock"):
        if not place.exists():
            continue
        with place.open("r+") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                print(f"canbao runs on {data}. Stop it first.")
                return 1
    said = os.environ.get("YES") or input(
        f"Everything in {' and '.join(map(str, folders))} will be gone: people, papers, keys. Type yes: "
    )
    if said.strip() not in {"yes", "1"}:
        print("Nothing was removed.")
        return 1
    for folder in folders:
        shutil.rmtree(folder)
    print("Removed. The next `make run` fills the demo county anew.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
