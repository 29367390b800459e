"""What lines of the bank are: the same steps for money that came in and money that went out."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Final, NamedTuple, TypeVar
from uuid import UUID

from canbao.kernel import clock, rows
from canbao.kernel.actor import Actor, Role
from canbao.kernel.operation import CONSTRAINTS, LARGEST_SET
from canbao.kernel.refusal import Refused
from canbao.kernel.taken import Taken
from canbao.payments.banking import agency
from canbao.payments.banking.lines import LineView
from canbao.payments.banking.tables import BankLine
from canbao.payments.channels.cash import days

CONSTRAINTS["bank_line_matched_once"] = "line_matched_already"
# What a line may be.
DEPOSIT: Final = "deposit"
PAYOUT: Final = "payout"
RETURN: Final = "payout_returned"

W = TypeVar("W")


class LineRow(NamedTuple):
    """A line of the bank as it is matched; what went out has a negative amount."""

    id: UUID
    account_id: UUID
    insurance: str
    amount_fen: int
    booked_on: datetime.date
    matched_kind: str
    matched_id: UUID | None
    matched_on: datetime.date | None
    matched_by: UUID | None
    matched_by_name: str
    entry_id: UUID | None


def begin(actor: Actor, wanted: Mapping[UUID, object], at: clock.Instant) -> Taken[LineRow]:
    """Take lines of the actor's accounts, which are held until the end; nothing else is matched meanwhile.

    Refuses `not_finance`, `set_too_large`; per line `not_found`, `finance_closed_day`.
    """
    if actor.role is not Role.FINANCE:
        raise Refused("not_finance")
    if len(wanted) > LARGEST_SET:
        raise Refused("set_too_large", largest=LARGEST_SET)
    for insurance in sorted(actor.insurances):
        agency.hold(insurance)
    found = BankLine.here.filter(
        id__in=list(wanted), account__insurance__in=sorted(actor.insurances)
    ).order_by("id")
    columns = [f"account__{one}" if one == "insurance" else one for one in LineRow._fields]
    taken = Taken(map(LineRow._make, found.values_list(*columns)), wanted)
    closed = days.finance_closed(actor.insurances)
    taken.keep(
        "finance_closed_day",
        lambda one: clock.on(at) > closed.get(one.insurance, datetime.date.min),
    )
    return taken


def once_each(taken: Taken[LineRow], pairs: Mapping[UUID, UUID]) -> None:
    """Of two lines chosen for one thing the second is refused."""
    used: set[UUID] = set()
    for one in taken.ids:
        if pairs[one] in used:
            taken.refuse(one, "line_matched_already")
        used.add(pairs[one])


def write(
    actor: Actor, kind: str, pairs: Mapping[UUID, UUID], entries: Sequence[UUID | None], on: datetime.date
) -> None:  # fmt: skip
    """Write on these lines what each is, with the entry that booked it; one statement."""
    rows.update(
        BankLine, list(pairs), matched_kind=kind, matched_id=list(pairs.values()), matched_on=on,
        matched_by=actor.id, matched_by_name=actor.name, entry_id=list(entries),
    )  # fmt: skip


def suggestions(
    lines: Iterable[LineView],
    waiting: Sequence[W],
    fits: Callable[[LineView, W], bool],
    day: Callable[[W], datetime.date],
) -> list[tuple[LineView, list[W]]]:
    """For each open line what it may be, the nearest day first; lines without anything are left out."""
    found = [
        (
            line,
            sorted(
                (one for one in waiting if fits(line, one)),
                key=lambda one: abs((day(one) - line.booked_on).days),
            ),
        )
        for line in lines
        if line.matched_on is None
    ]
    return [(line, fitting) for line, fitting in found if fitting]
