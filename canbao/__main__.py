"""The command `canbao`: every command finds a database, and leaves it running or not as it was."""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path
from types import FrameType
from typing import Final

from psycopg.errors import UndefinedTable

from canbao.postgres import supervisor

# They say something about the program, not about data.
WITHOUT_DATABASE: Final = {"help", "--help", "-h", "version", "--version"}
# They look at a file alone; no database is asked, so any address does.
FILES_ONLY: Final = {("archive", "verify"), ("policy", "check")}
# Both languages: nothing is known yet of who reads it.
NO_TABLES: Final = (
    "数据库里还没有 canbao 的表。先运行 canbao migrate；演示县用 make run。\n"
    "This database has no tables of canbao yet. Run canbao migrate first, or make run for the demo county.\n"
)


def main() -> int:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "canbao.settings")
    for wish in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(wish, _interrupt)
    words = sys.argv[1:] or ["help"]
    wanted = WITHOUT_DATABASE.isdisjoint({words[0], words[-1]})
    if tuple(words[:2]) in FILES_ONLY:
        os.environ["DATABASE_URL"] = "postgresql:///none"
    try:
        if wanted and not os.environ.get("DATABASE_URL"):
            with supervisor.serving(_data()):
                _execute(words)
        else:
            _execute(words)
    except supervisor.ServerRefusal as refusal:
        sys.stderr.write(f"{refusal}\n")
        return 1
    except KeyboardInterrupt:
        return 130
    return 0


def _interrupt(_number: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt


def _data() -> Path:
    root = Path(__file__).resolve().parent.parent
    return Path(os.environ.get("CANBAO_DATA", root / "var")).resolve()


def _execute(words: list[str]) -> None:
    # Settings are read here and not before: they ask the server that now runs for its place.
    from django.core.management import execute_from_command_line  # noqa: PLC0415
    from django.db.utils import ProgrammingError  # noqa: PLC0415

    try:
        execute_from_command_line(["canbao", *words])
    except ProgrammingError as fault:
        if not isinstance(fault.__cause__, UndefinedTable) or _has_tables():
            raise
        sys.stderr.write(NO_TABLES)
        raise SystemExit(1) from None


def _has_tables() -> bool:
    from django.db import connection  # noqa: PLC0415
    from django.db.migrations.recorder import MigrationRecorder  # noqa: PLC0415

    connection.close()
    return MigrationRecorder(connection).has_table()


if __name__ == "__main__":
    sys.exit(main())
