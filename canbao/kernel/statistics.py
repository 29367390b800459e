"""Tells the database to look again at what its tables hold, after much was written at once."""

from __future__ import annotations

from django.db import connection


def refresh() -> None:
    """Measure the tables anew. Outside any transaction; a few seconds for a county.

    A table that grew from nothing is looked up by the county alone until then, since the planner takes every
    index for equally good; keys are checked that way too, at a cost that grows with the table.
    """
    with connection.cursor() as cursor:  # noqa: TID251 - no rows are read or written
        cursor.execute("ANALYZE")
