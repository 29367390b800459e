"""The hand-over slip (交接单): the collector offers closed days, the township officer counts and signs."""

from __future__ import annotations

import datetime
import secrets as randomness
from dataclasses import dataclass
from typing import Final, NamedTuple
from uuid import UUID

from canbao.kernel import audit, clock, numbering, rows
from canbao.kernel import money as money_text
from canbao.kernel.actor import Actor, Role
from canbao.kernel.operation import operation
from canbao.kernel.refusal import Refused
from canbao.kernel.tables import Office, Region
from canbao.kernel.taken import Outcome
from canbao.payments import accounts, ledger
from canbao.payments.banking import agency
from canbao.payments.channels.cash import days
from canbao.payments.channels.cash.tables import CashDay, HandOver
from canbao.payments.ledger import CREDIT, DEBIT, Booking, Side

OFFERED: Final = "offered"
ACCEPTED: Final = "accepted"
REFUSED: Final = "refused"
LONGEST_REASON: Final = 200


class SlipRow(NamedTuple):
    """A slip as it is answered."""

    id: UUID
    insurance: str
    collector_id: UUID
    office_id: UUID
    amount_fen: int
    state: str


@dataclass(frozen=True, slots=True)
class Receiver:
    """The office that takes a collector's cash over."""

    id: UUID
    name: str


def receiver_of(actor: Actor) -> Receiver | None:
    """The township office of a collector, or the own one of somebody who collects there; one statement at most."""
    if actor.role is Role.TOWNSHIP and actor.office_id is not None:
        return Receiver(actor.office_id, actor.office_name)
    village = Office.here.filter(id=actor.office_id).values("region_code")
    above = Region.here.filter(code__in=village).values("parent_code")
    found = Office.here.filter(kind="township", region_code__in=above, to_on=None)
    row = found.order_by("from_on", "id").values_list("id", "name").first()
    return Receiver(*row) if row else None


@operation
def offer(actor: Actor, insurance: str, *, at: clock.Instant) -> Outcome:
    """Write a slip over all closed days of an insurance that were not handed over yet, and sign it.

    The amount is what the closed days say. Refuses `not_collector`, `nothing_to_hand_over`,
    `no_office_takes_cash`. Source: DOMAIN 6 (hand-over slip).
    """
    if actor.role not in days.COLLECTORS:
        raise Refused("not_collector")
    held = list(
        CashDay.here.filter(collector_id=actor.id, insurance=insurance, handover=None)
        .order_by("id")
        .select_for_update(no_key=True)
        .values_list("id", "counted_fen", "oldest_on")
    )
    amount = sum(fen for _, fen, _ in held)
    if not amount:
        raise Refused("nothing_to_hand_over")
    to = receiver_of(actor)
    if to is None:
        raise Refused("no_office_takes_cash")
    on = clock.on(at)
    serial = numbering.take(f"handover/{on.year}")[0]
    ids = rows.insert(
        HandOver, number=f"{actor.county}-JJ-{on.year}-{serial:06d}", collector_id=actor.id,
        collector_name=actor.name, from_office_name=actor.office_name, office_id=to.id,
        office_name=to.name, insurance=insurance, amount_fen=amount,
        oldest_on=min(oldest for _, fen, oldest in held if fen), offered_on=on, offered_at=at,
        token=randomness.token_urlsafe(16),
    )  # fmt: skip
    rows.update(CashDay, [one for one, *_ in held], handover_id=ids[0])
    audit.record(
        actor, "handover.offered", ids, at=at, kind="handover", facts={"fen": amount, "to": to.id}
    )
    return Outcome(tuple(ids))


def _take(actor: Actor, slip_id: UUID) -> SlipRow:
    """Lock a slip that was offered to the actor's office. Refuses `not_cashier`, `not_found`, `slip_answered_already`, `own_cash`."""
    if actor.role is not Role.TOWNSHIP:
        raise Refused("not_cashier")
    found = (
        HandOver.here.filter(id=slip_id, office_id=actor.office_id)
        .select_for_update(no_key=True)
        .values_list(*SlipRow._fields)
        .first()
    )
    if found is None:
        raise Refused("not_found")
    slip = SlipRow._make(found)
    if slip.state != OFFERED:
        raise Refused("slip_answered_already")
    if slip.collector_id == actor.id:
        raise Refused("own_cash")
    return slip


@operation
def accept(actor: Actor, slip_id: UUID, counted_fen: int, *, at: clock.Instant) -> Outcome:
    """Take the cash of a slip over, counted once more, and sign it: it lies in the office's safe now.

    Refuses `not_cashier`, `not_found`, `slip_answered_already`, `own_cash`, `counted_differs`,
    `finance_closed_day`.
    """
    slip = _take(actor, slip_id)
    if counted_fen != slip.amount_fen:
        raise Refused(
            "counted_differs", amount=money_text.in_yuan(slip.amount_fen),
            counted=money_text.in_yuan(counted_fen),
        )  # fmt: skip
    on = clock.on(at)
    agency.hold(slip.insurance)
    days.require_open(slip.insurance, on)
    sides = [
        Side(accounts.cashier_of(slip.office_id), DEBIT, slip.amount_fen, channel="cash"),
        Side(accounts.cash_of(slip.collector_id), CREDIT, slip.amount_fen, channel="cash"),
    ]
    booking = Booking(days.HANDED, slip.insurance, on, sides, slip.office_id)
    [entry] = ledger.book(actor, [booking], at)
    _answer(actor, slip, ACCEPTED, on, at, entry_id=entry)
    audit.record(
        actor, "handover.accepted", [slip.id], at=at, kind="handover",
        facts={"fen": slip.amount_fen, "from": slip.collector_id},
    )  # fmt: skip
    return Outcome((slip.id,))


@operation
def refuse(actor: Actor, slip_id: UUID, reason: str, *, at: clock.Instant) -> Outcome:
    """Send a slip back with a reason: its days are to be handed over again.

    Refuses `not_cashier`, `not_found`, `slip_answered_already`, `own_cash`, `say_why`.
    """
    slip = _take(actor, slip_id)
    if not reason.strip():
        raise Refused("say_why")
    _answer(actor, slip, REFUSED, clock.on(at), at, reason=reason.strip()[:LONGEST_REASON])
    CashDay.here.filter(handover_id=slip.id).update(handover=None)
    audit.record(actor, "handover.refused", [slip.id], at=at, kind="handover")
    return Outcome((slip.id,))


def _answer(
    actor: Actor, slip: SlipRow, state: str, on: datetime.date, at: clock.Instant, **more: object
) -> None:
    rows.update(
        HandOver, [slip.id], state=state, answered_by=actor.id, answered_by_name=actor.name,
        answered_on=on, answered_at=at, **more,
    )  # fmt: skip
