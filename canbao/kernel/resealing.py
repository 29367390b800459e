"""Sealed columns sealed again with the current key, set by set; may be stopped and run again."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db.models import Count, Q, Value
from django.db.models.functions import StrIndex, Substr

from canbao.kernel import audit, clock, rows, secrets
from canbao.kernel.actor import Actor
from canbao.kernel.operation import LARGEST_SET, operation
from canbao.kernel.taken import Outcome
from canbao.kernel.tenant import Tenant


@dataclass(frozen=True, slots=True)
class Sealed:
    """A column that holds sealed text (in rows of `only`), and what the text of a row is bound to."""

    model: type[Tenant]
    column: str
    bound: Callable[[UUID], str]
    only: Q = field(default_factory=Q)

    @property
    def name(self) -> str:
        """Table and column, for the record and the progress."""
        return f"{self.model._meta.db_table}.{self.column}"

    def waiting(self) -> Any:
        """Rows of the county that another key sealed."""
        done = Q(**{f"{self.column}__startswith": f"{secrets.current()}:"})
        return self.model.here.filter(self.only).exclude(done).exclude(**{self.column: ""})


def in_use(columns: Iterable[Sealed]) -> set[str]:
    """Names of the keys that sealed columns need, of all counties; one statement a column."""
    found: set[str] = set()
    for one in columns:
        name = Substr(one.column, 1, StrIndex(one.column, Value(":")) - 1)
        rows_of: Any = one.model.objects.filter(one.only).exclude(**{one.column: ""})
        found |= set(rows_of.order_by().values_list(name, flat=True).distinct())
    return found


def count(columns: Iterable[Sealed]) -> int:
    """How many rows of the county another key sealed."""
    return sum(int(one.waiting().aggregate(count=Count("id"))["count"]) for one in columns)


@operation
def reseal(actor: Actor, column: Sealed, *, at: clock.Instant) -> Outcome:
    """Seal up to 500 rows of one column again; none are done when none are left. Three statements.

    Raises KeyMissing where the old key is gone.
    """
    held = list(
        column.waiting()
        .order_by("id")
        .select_for_update(no_key=True, skip_locked=True)
        .values_list("id", column.column)[:LARGEST_SET]
    )
    if not held:
        return Outcome(())
    again = [
        secrets.seal(secrets.open_sealed(sealed, bound_to=bound), bound_to=bound)
        for bound, sealed in ((column.bound(one), sealed) for one, sealed in held)
    ]
    ids = [one for one, _ in held]
    rows.update(column.model, ids, **{column.column: again})
    facts = {"column": column.name, "rows": len(ids), "key": secrets.current()}
    audit.record(actor, "key.rotated", ids[:1], at=at, kind="key", facts=facts)
    return Outcome(tuple(ids))
