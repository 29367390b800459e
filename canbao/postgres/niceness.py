"""Work that nobody waits for gives way: a background process, and the server's process that works for it."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path
from typing import Any, Final

# The queue gets what the counters leave, and all of an idle machine: eight cashiers without a pause waited 80 ms
# beside a season of 600,000, and 118 ms at the niceness 10.
QUEUE: Final = 19


def lower(process: int, nice: int) -> None:
    """Let a process of this machine give way; never lets it come forward again.

    Where Linux groups processes by session, as PostgreSQL's are, only the niceness of the group counts.
    """
    # A process that has gone meanwhile says so itself; a system may know no groups.
    with suppress(OSError):
        if os.getpriority(os.PRIO_PROCESS, process) < nice:
            os.setpriority(os.PRIO_PROCESS, process, nice)
            Path(f"/proc/{process}/autogroup").write_text(str(nice), encoding="ascii")


def share(connection: Any) -> None:
    """Let the server's process for this connection give way as this process does; for a server on this machine.

    Measured with eight counters beside a season: each of the thirty statements of a payment waited for a
    turn of the season's process.
    """
    lower(connection.info.backend_pid, os.getpriority(os.PRIO_PROCESS, 0))
