"""A collector's day's end: notes counted against the book, a difference with its reason, the day closed."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping
from typing import Final
from uuid import UUID

from django.db.models import Count, Exists, F, Max, Min, OuterRef, Sum

from canbao.kernel import audit, bulk, canonical, clock, rows
from canbao.kernel import money as money_text
from canbao.kernel.actor import Actor, Role
from canbao.kernel.operation import CONSTRAINTS, operation
from canbao.kernel.refusal import Refused
from canbao.kernel.taken import Outcome
from canbao.payments import accounts, ledger
from canbao.payments.banking import agency
from canbao.payments.banking.tables import FinanceDay
from canbao.payments.channels.cash.tables import CashDay
from canbao.payments.ledger import CREDIT, DEBIT, Booking, Side
from canbao.payments.tables import Block, Cancelled, LedgerPosting, Receipt

CONSTRAINTS["cash_day_once"] = "day_closed_already"
CONSTRAINTS["receipt_day_open"] = "day_closed_already"
COLLECTORS: Final = frozenset({Role.VILLAGE, Role.TOWNSHIP})
# Notes and coins of the renminbi in use, in fen, as they are counted.
DENOMINATIONS: Final = (10_000, 5_000, 2_000, 1_000, 500, 100, 50, 10)
# The kind of entry by which cash leaves a collector's hands.
HANDED: Final = "cash_handover"
MOST_NOTES: Final = 100_000
# Asked by every payment.
_CLOSED: Final = """
SELECT collector_id, insurance, max(day) FROM (
    SELECT collector_id, insurance, day FROM cash_day
    WHERE county = %(county)s AND collector_id = ANY(%(collectors)s) AND insurance = ANY(%(insurances)s)
    UNION ALL
    SELECT collector.id, insurance, day FROM finance_day
    CROSS JOIN unnest(%(collectors)s::uuid[]) AS collector(id)
    WHERE county = %(county)s AND insurance = ANY(%(insurances)s)
) AS closed GROUP BY collector_id, insurance
"""
LONGEST_REASON: Final = 200


@operation
def close(
    actor: Actor, insurance: str, day: datetime.date, notes: Mapping[int, int], reason: str = "",
    *, at: clock.Instant,
) -> Outcome:  # fmt: skip
    """Count the notes in hand and close the day; it holds all cash since the day closed before.

    Refuses `not_collector`, `not_found` (another insurance), `date_in_future`, `date_long_ago`, `day_closed_already`,
    `notes_unclear`, `nothing_to_close`, `difference_needs_reason`. Source: DOMAIN 6 (village cash).
    """
    if actor.role not in COLLECTORS:
        raise Refused("not_collector")
    if insurance not in actor.insurances:
        raise Refused("not_found")
    if day > clock.on(at):
        raise Refused("date_in_future")
    if clock.long_ago(day, clock.on(at)):
        raise Refused("date_long_ago")
    hold(actor.id)
    agency.hold(insurance)
    if day <= closed_until([actor.id], [insurance]).get((actor.id, insurance), datetime.date.min):
        raise Refused("day_closed_already")
    counted = counted_fen(notes)
    expected = expected_fen(actor.id, insurance, day)
    number, cancelled, oldest = _receipts_since(actor.id, insurance, day)
    if not (number or counted or expected):
        raise Refused("nothing_to_close")
    reason = reason.strip()[:LONGEST_REASON] if counted != expected else ""
    if counted != expected and not reason:
        raise Refused(
            "difference_needs_reason", expected=money_text.in_yuan(expected),
            counted=money_text.in_yuan(counted),
        )  # fmt: skip
    entry = _difference(actor, insurance, day, counted - expected, at)
    ids = rows.insert(
        CashDay, collector_id=actor.id, collector_name=actor.name, office_id=actor.office_id,
        office_name=actor.office_name, insurance=insurance, day=day, receipts=number, cancelled=cancelled,
        oldest_on=oldest or day, expected_fen=expected, counted_fen=counted,
        notes=canonical.text({str(value): count for value, count in notes.items() if count}),
        reason=reason, entry_id=entry, closed_at=at,
    )  # fmt: skip
    audit.record(
        actor, "cash_day.closed", ids, at=at, kind="cash_day",
        facts={"day": day, "expected_fen": expected, "counted_fen": counted},
    )  # fmt: skip
    return Outcome(tuple(ids), made={"counted_fen": counted, "difference_fen": counted - expected})


def counted_fen(notes: Mapping[int, int]) -> int:
    """The sum of counted notes. Refuses `notes_unclear`."""
    if any(
        value not in DENOMINATIONS or not 0 <= count <= MOST_NOTES for value, count in notes.items()
    ):
        raise Refused("notes_unclear")
    return sum(value * count for value, count in notes.items())


def hold(collector_id: UUID) -> None:
    """Lock a collector's blocks, as taking money does: a day is not closed while money is taken into it.

    Those given back too, since their receipts can still be cancelled.
    """
    list(
        Block.here.filter(holder_id=collector_id)
        .order_by("id")
        .select_for_update(no_key=True)
        .values_list("id")
    )


def closed_until(
    collectors: Iterable[UUID], insurances: Iterable[str]
) -> dict[tuple[UUID, str], datetime.date]:
    """Up to which day the cash of (collector, insurance) is closed, by the collector or by finance; one statement."""
    closed = bulk.fetch(
        _CLOSED, collectors=list(set(collectors)), insurances=sorted(set(insurances))
    )
    return {(collector, insurance): last for collector, insurance, last in closed}


def finance_closed(insurances: Iterable[str]) -> dict[str, datetime.date]:
    """The last day that finance closed, by insurance; one statement."""
    found = FinanceDay.here.filter(insurance__in=list(insurances))
    return {
        one["insurance"]: one["last"]
        for one in found.values("insurance").annotate(last=Max("day"))
    }  # fmt: skip


def require_open(insurance: str, on: datetime.date) -> None:
    """Refuse `finance_closed_day` for a booking on a day that finance closed."""
    if on <= finance_closed([insurance]).get(insurance, datetime.date.min):
        raise Refused("finance_closed_day")


def expected_fen(collector_id: UUID, insurance: str, until: datetime.date) -> int:
    """What the book says came into the collector's hands since the day closed before; two statements.

    What was handed over came from days that were closed already, so it counts for none of these.
    """
    before = _last_closed(collector_id, insurance)
    found = LedgerPosting.here.filter(
        account=accounts.cash_of(collector_id), insurance=insurance, effective_on__gt=before,
        effective_on__lte=until,
    ).exclude(entry__kind=HANDED)  # fmt: skip
    return int(found.aggregate(fen=Sum(F("side") * F("amount_fen")))["fen"] or 0)


def _last_closed(collector_id: UUID, insurance: str) -> datetime.date:
    found = CashDay.here.filter(collector_id=collector_id, insurance=insurance)
    return found.aggregate(last=Max("day"))["last"] or datetime.date.min


def _receipts_since(
    collector_id: UUID, insurance: str, day: datetime.date
) -> tuple[int, int, datetime.date | None]:
    """How many receipts were written since the day closed before, of these cancelled, and when the first was paid."""
    found = Receipt.here.filter(
        collector_id=collector_id, insurance=insurance, channel="cash", booked_on__lte=day,
        booked_on__gt=_last_closed(collector_id, insurance),
    )  # fmt: skip
    gone = Count("id", filter=Exists(Cancelled.here.filter(receipt_id=OuterRef("id"))))
    seen = found.aggregate(number=Count("id"), gone=gone, oldest=Min("paid_on"))
    return seen["number"], seen["gone"], seen["oldest"]


def _difference(
    actor: Actor, insurance: str, day: datetime.date, fen: int, at: clock.Instant
) -> UUID | None:
    """Book what is too much or too little, so that the book says what is in the hand."""
    if fen == 0:
        return None
    cash, other = (DEBIT, CREDIT) if fen > 0 else (CREDIT, DEBIT)
    sides = [
        Side(accounts.cash_of(actor.id), cash, abs(fen), channel="cash"),
        Side(accounts.difference_of(actor.id), other, abs(fen), channel="cash"),
    ]
    booking = Booking("cash_difference", insurance, day, sides, actor.office_id)
    return ledger.book(actor, [booking], at)[0]
