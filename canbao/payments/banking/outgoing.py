"""Money that went out: which line of the bank is which refund that was said to be paid."""

from __future__ import annotations

import datetime
from collections.abc import Collection, Iterable, Mapping
from typing import Any, Final, NamedTuple, Protocol
from uuid import UUID

from django.db.models import Exists, OuterRef

from canbao.kernel import audit, clock, part
from canbao.kernel.actor import Actor
from canbao.kernel.operation import operation
from canbao.kernel.part import Part
from canbao.kernel.refusal import Refused
from canbao.kernel.taken import Outcome
from canbao.payments import payouts
from canbao.payments.banking import matched
from canbao.payments.banking.tables import BankLine
from canbao.payments.tables import Payout

SHOWN: Final = 200


class PayoutRow(NamedTuple):
    """A refund that was said to be paid, as it is matched and as pages show it."""

    id: UUID
    refund_id: UUID
    ask_id: UUID
    refund__person_id: UUID
    refund__insurance: str
    refund__year: int
    refund__person__name: str
    amount_fen: int
    holder: str
    masked: str
    by_id: UUID
    by_name: str
    done_on: datetime.date
    entry_id: UUID

    @property
    def insurance(self) -> str:
        """The insurance whose account it left."""
        return self.refund__insurance


class Out(Protocol):
    """An amount of a line, and the insurance of its account."""

    @property
    def insurance(self) -> str:
        """The insurance."""

    @property
    def amount_fen(self) -> int:
        """How much; negative for what went out."""


@operation
def match(actor: Actor, pairs: Mapping[UUID, UUID], *, at: clock.Instant) -> Outcome:
    """Say which line of the bank is which refund: the money has left the bank.

    Nothing is booked, since the book had it leave when finance said that it was paid. Refuses `not_finance`,
    `set_too_large`; per line `not_found`, `finance_closed_day`, `line_matched_already`, `line_differs_out`,
    `matched_by_payer` (who said that it was paid). Source: DOMAIN 6 (four eyes on cash).
    """
    taken = matched.begin(actor, pairs, at)
    found = {one.id: one for one in rows_of(paid(actor.insurances).filter(id__in=pairs.values()))}
    open_ = {one.id for one in rows_of(unseen(actor.insurances).filter(id__in=pairs.values()))}
    taken.keep("not_found", lambda one: pairs[one.id] in found)
    taken.keep(
        "line_matched_already",
        lambda one: one.matched_id is None and pairs[one.id] in open_,
    )
    taken.keep("line_differs_out", lambda one: fits(one, found[pairs[one.id]]))
    matched.once_each(taken, pairs)
    taken.keep(
        "matched_by_payer",
        lambda one: actor.id != found[pairs[one.id]].by_id,
    )
    if not taken.rows:
        return taken.outcome()
    chosen = {one: pairs[one] for one in taken.ids}
    matched.write(actor, matched.PAYOUT, chosen, [None] * len(chosen), clock.on(at))
    audit.record(
        actor, "bank_line.matched", taken.ids, at=at, kind="bank_line",
        facts=[{"payout": pairs[one.id], "fen": one.amount_fen} for one in taken],
    )  # fmt: skip
    return taken.outcome()


def fits(line: Out, paid: PayoutRow) -> bool:
    """Whether a line may be this refund."""
    return (line.insurance, -line.amount_fen) == (paid.insurance, paid.amount_fen)


def waiting(insurances: Iterable[str], fens: Collection[int] | None = None) -> Part[PayoutRow]:
    """Refunds said to be paid that no line of the bank shows yet, the oldest first; one statement, two where cut.

    Only those of one of these amounts, where some are named.
    """
    found = unseen(insurances)
    if fens is not None:
        found = found.filter(amount_fen__in=sorted(fens))
    return part.first(found.order_by("done_on", "id"), PayoutRow._fields, SHOWN, PayoutRow._make)


def without_line(insurance: str, day: datetime.date) -> Any:
    """The payouts of an insurance up to a day that no line of the bank shows yet."""
    return unseen([insurance]).filter(done_on__lte=day)


def paid(insurances: Iterable[str]) -> Any:
    """What was said to be paid in these insurances, also what was taken back since."""
    return Payout.here.filter(result=payouts.PAID, refund__insurance__in=sorted(insurances))


def unseen(insurances: Iterable[str]) -> Any:
    """What was said to be paid and no line shows yet.

    What the bank never paid has no line to wait for. Neither has what was paid after all, when a return
    turned out to be another's: it left with the line that it left with first.
    """
    line = BankLine.here.filter(matched_kind=matched.PAYOUT, matched_id=OuterRef("id"))
    never = Payout.here.filter(takes_back_id=OuterRef("id"), result=payouts.UNPAID)
    return paid(insurances).filter(~Exists(line), ~Exists(never), takes_back=None)


def payout(payout_id: UUID) -> PayoutRow:
    """One refund that was paid or came back; one statement. Refuses `not_found`."""
    found = rows_of(Payout.here.filter(id=payout_id))
    if not found:
        raise Refused("not_found")
    return found[0]


def rows_of(found: Any) -> list[PayoutRow]:
    """Payouts as they are matched and shown; one statement."""
    return list(map(PayoutRow._make, found.values_list(*PayoutRow._fields)))
