"""Steps of paying that tests share: approved people, blocks, tickets."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from canbao.cases.claim import Claim
from canbao.kernel import clock
from canbao.kernel.actor import Actor
from canbao.kernel.ids import new_id
from canbao.kernel.taken import Outcome
from canbao.payments import blocks, queries
from canbao.payments.blocks import Kind, Run
from canbao.payments.channels.cash import collecting
from canbao.payments.channels.cash.collecting import Ticket
from canbao.payments.charges import ChargeRow
from tests import small as cast
from tests.small import Small


def approved(
    small: Small, count: int = 2, insurance: str = "390", claims: Sequence[Claim] = ()
) -> list[ChargeRow]:
    """People whom the county said yes to; their charges."""
    # The pension's money is taken within the year, the medical insurance's in the autumn before.
    year = clock.today().year + (insurance == "390")
    wanted = claims or [
        cast.claim(serial, insurance=insurance, year=year) for serial in range(count)
    ]
    county = small.wei if insurance == "390" else small.shi
    ids = cast.bring_to("archive", small, wanted, insurance)
    persons = [row.person_id for row in cast.rows(county, ids).values()]
    return queries.owed(persons)


def block(small: Small, holder: Actor, first: int = 1, last: int = 50, **changes: Any) -> UUID:
    """A block of receipts in a collector's hands."""
    run = Run(changes.get("label", f"25-杏花-{first}"), Kind.OFFICIAL, first, last, holder.id)
    at = changes.get("at", clock.now())
    return blocks.issue(small.luo, [run], at=at, key=cast.key()).done[0]


def ticket(number: int, charges: Sequence[ChargeRow], **changes: Any) -> Ticket:
    """One ticket over these charges, as the page shows them."""
    due = {one.id: one.due_fen for one in charges}
    paid_on: date | None = changes.get("paid_on")
    return Ticket(
        changes.get("id", new_id()), number, "王守田", changes.get("due_fen", due),
        changes.get("given_fen", 0), paid_on,
    )  # fmt: skip


def collect(actor: Actor, block_id: UUID, *tickets: Ticket, key: str = "") -> Outcome:
    """Take the money of these tickets."""
    return collecting.collect(actor, block_id, tickets, at=clock.now(), key=key or cast.key())
