"""“Select all over all pages”: a stored filter, as of an instant, with exceptions."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from canbao.cases import worklists
from canbao.cases.worklists import Filter
from canbao.kernel import audit, canonical, clock, rows
from canbao.kernel.actor import Actor
from canbao.kernel.operation import operation
from canbao.kernel.refusal import Refused
from canbao.kernel.tables import Selection
from canbao.kernel.taken import Outcome


@dataclass(frozen=True, slots=True)
class SelectionRow:
    """A stored selection of its owner."""

    id: UUID
    wanted: Filter
    as_of: clock.Instant
    exceptions: frozenset[UUID]


@operation
def choose(
    actor: Actor, wanted: Filter, exceptions: Sequence[UUID] = (), *, at: clock.Instant
) -> Outcome:
    """Keep a filter as what is chosen; cases that come or move later are not in it."""
    one = rows.insert(
        Selection,
        actor_id=actor.id,
        filter=canonical.text(wanted.kept()),
        as_of=at,
        exceptions=canonical.text([str(case) for case in exceptions]),
    )[0]
    audit.record(actor, "selection.chosen", [one], at=at, kind="selection")
    return Outcome((one,))


def see(actor: Actor, selection_id: UUID) -> SelectionRow:
    """A selection of this officer. Refuses `not_found`."""
    row = (
        Selection.here.filter(id=selection_id, actor_id=actor.id)
        .values_list("id", "filter", "as_of", "exceptions")
        .first()
    )
    if row is None:
        raise Refused("not_found")
    one, wanted, as_of, exceptions = row
    return SelectionRow(
        one,
        Filter(**json.loads(wanted)),
        as_of,
        frozenset(UUID(case) for case in json.loads(exceptions)),
    )


def versions(actor: Actor, chosen: SelectionRow) -> dict[UUID, int]:
    """Ids and versions of the cases of a selection that have not moved since."""
    found = worklists.all_versions(actor, chosen.wanted, chosen.as_of)
    return {one: version for one, version in found.items() if one not in chosen.exceptions}
