"""Whether the house stands: database, queue, messages, keys, calendar."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import Final

from django.db import connection
from django.db.models import BigIntegerField, Count, Func, Max, Min
from procrastinate.contrib.django.models import ProcrastinateJob, ProcrastinateWorker

from canbao.kernel import clock, secrets
from canbao.kernel.tables import County, Notice

# The queue's worker says every ten seconds that it lives.
SILENT_AFTER: Final = datetime.timedelta(seconds=60)
_AHEAD_DAYS: Final = 400


@dataclass(frozen=True, slots=True)
class Health:
    """What an administrator wants to know at a glance."""

    database: str
    size_bytes: int
    worker_at: datetime.datetime | None
    jobs_waiting: int
    jobs_failed: int
    notices_waiting: int
    notices_oldest: datetime.datetime | None
    notices_failed: int
    keys: tuple[str, ...]
    unpublished_years: tuple[int, ...]

    def worker_lives(self, real: datetime.datetime) -> bool:
        """Whether the queue's worker was heard lately; in real time, not on the business date."""
        return self.worker_at is not None and real - self.worker_at < SILENT_AFTER


def look(today: datetime.date) -> Health:
    """Look at everything once; five statements."""
    jobs = {
        row["status"]: row["count"]
        for row in ProcrastinateJob.objects.filter(status__in=["todo", "failed"])
        .values("status")
        .annotate(count=Count("id"))
    }
    waiting = Notice.here.filter(state="waiting").aggregate(count=Count("id"), oldest=Min("at"))
    ahead = today + datetime.timedelta(days=_AHEAD_DAYS)
    return Health(
        database=str(connection.pg_version // 10_000),  # type: ignore[attr-defined]
        size_bytes=_size(),
        worker_at=ProcrastinateWorker.objects.aggregate(at=Max("last_heartbeat"))["at"],
        jobs_waiting=jobs.get("todo", 0),
        jobs_failed=jobs.get("failed", 0),
        notices_waiting=waiting["count"],
        notices_oldest=waiting["oldest"],
        notices_failed=Notice.here.filter(state="failed").count(),
        keys=secrets.names(),
        unpublished_years=clock.unpublished_years(today, ahead, clock.official()),
    )


def _size() -> int:
    here = Func(function="current_database")
    size = Func(here, function="pg_database_size", output_field=BigIntegerField())
    return int(County.objects.annotate(size=size).values_list("size", flat=True).first() or 0)
