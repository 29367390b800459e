"""Numbers of the county's counters. Gaps are allowed; take them last, since the counter stays locked."""

from __future__ import annotations

from django.db import connection

from canbao.kernel import county
from canbao.kernel.ids import new_id


def take(series: str, count: int = 1) -> range:
    """Return the next `count` numbers of the series, in one statement."""
    if count == 0:
        return range(0)
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO counter (id, county, series, last) VALUES (%s, %s, %s, %s) "
            "ON CONFLICT (county, series) DO UPDATE SET last = counter.last + excluded.last "
            "RETURNING last",
            [new_id(), county.current(), series, count],
        )
        last = int(cursor.fetchone()[0])
    return range(last - count + 1, last + 1)
