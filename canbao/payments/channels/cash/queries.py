"""Reads of the chain of custody: whose hands the cash is in, since when, and what is overdue."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, NamedTuple
from uuid import UUID

from django.db.models import Case, Exists, Min, OuterRef, Q, Sum, When

from canbao.kernel import part
from canbao.kernel.actor import Actor, Role
from canbao.kernel.part import Part
from canbao.kernel.refusal import Refused
from canbao.kernel.tables import Office
from canbao.payments.channels.cash import days
from canbao.payments.channels.cash.handing import ACCEPTED, OFFERED
from canbao.payments.channels.cash.tables import CashDay, Deposit, HandOver
from canbao.payments.tables import Cancelled, Receipt
from canbao.policy import published

SHOWN: Final = 200
# So many where somebody asks for more of a list.
MORE: Final = 5_000


@dataclass(frozen=True, slots=True)
class Held:
    """Cash of one insurance with one collector or in one safe: how much, and since when the oldest."""

    holder_id: UUID
    holder_name: str
    office_name: str
    insurance: str
    fen: int
    oldest_on: datetime.date
    not_counted_fen: int = 0
    safe: bool = False

    def days_on(self, on: datetime.date) -> int:
        """How many days the oldest of it has been there."""
        return (on - self.oldest_on).days


class SlipLine(NamedTuple):
    """A hand-over slip as lists show it."""

    id: UUID
    number: str
    collector_id: UUID
    collector_name: str
    from_office_name: str
    office_id: UUID
    office_name: str
    insurance: str
    amount_fen: int
    oldest_on: datetime.date
    offered_on: datetime.date
    offered_at: datetime.datetime
    state: str
    answered_by_name: str
    answered_at: datetime.datetime | None
    reason: str


class DayLine(NamedTuple):
    """A closed day as lists show it."""

    id: UUID
    collector_name: str
    office_name: str
    insurance: str
    day: datetime.date
    receipts: int
    cancelled: int
    expected_fen: int
    counted_fen: int
    reason: str
    notes: str
    oldest_on: datetime.date
    closed_at: datetime.datetime
    handover_id: UUID | None

    @property
    def difference_fen(self) -> int:
        """Too much, or too little where negative."""
        return self.counted_fen - self.expected_fen


class DepositLine(NamedTuple):
    """A deposit as lists show it."""

    id: UUID
    account_id: UUID
    insurance: str
    office_name: str
    slip_number: str
    paid_in_on: datetime.date
    amount_fen: int
    by_name: str
    banked_on: datetime.date | None


def offices_within(actor: Actor) -> list[UUID] | None:
    """Offices whose collectors' cash the actor sees: the own, those below, or all of the county."""
    if actor.villages is None:
        return None
    codes = sorted(actor.villages)
    found = list(Office.here.filter(region_code__in=codes).values_list("id", flat=True))
    return [*found, *([actor.office_id] if actor.office_id else [])]


def in_hands(
    insurances: Iterable[str], *, offices: Sequence[UUID] | None = None,
    collector_id: UUID | None = None,
) -> list[Held]:  # fmt: skip
    """Cash in collectors' hands, the oldest first: receipts not closed yet, and days not taken over. Three statements."""
    insurances = sorted(insurances)
    who = Q() if offices is None else Q(office_id__in=offices)
    if collector_id is not None:
        who &= Q(collector_id=collector_id)
    group = ("collector_id", "collector_name", "office_name", "insurance")
    open_ = (
        _not_closed(insurances)
        .filter(who)
        .values(*group)
        .annotate(fen=Sum("amount_fen"), oldest=Min("paid_on"))
    )
    closed = (
        CashDay.here.filter(who, insurance__in=insurances, counted_fen__gt=0)
        .exclude(handover__state=ACCEPTED)
        .values(*group)
        .annotate(fen=Sum("counted_fen"), oldest=Min("oldest_on"))
    )
    fen: dict[tuple[Any, ...], int] = defaultdict(int)
    uncounted: dict[tuple[Any, ...], int] = {}
    oldest: dict[tuple[Any, ...], datetime.date] = {}
    for found, counted in ((open_, False), (closed, True)):
        for one in found:
            key = tuple(one[name] for name in group)
            fen[key] += int(one["fen"])
            oldest[key] = min(oldest.get(key, one["oldest"]), one["oldest"])
            if not counted:
                uncounted[key] = int(one["fen"])
    held = [
        Held(one, name, office, insurance, fen[key], oldest[key], uncounted.get(key, 0))
        for key in fen
        for one, name, office, insurance in [key]
    ]
    return sorted(held, key=lambda one: (one.oldest_on, one.holder_name, one.insurance))


def _not_closed(insurances: Sequence[str]) -> Any:
    """Receipts for cash that stand, of days that neither the collector nor finance has closed."""
    until = days.finance_closed(insurances)
    since = Q()
    for insurance in insurances:
        one = Q(insurance=insurance)
        since |= one & Q(booked_on__gt=until[insurance]) if insurance in until else one
    closed = CashDay.here.filter(
        collector_id=OuterRef("collector_id"), insurance=OuterRef("insurance"),
        day__gte=OuterRef("booked_on"),
    )  # fmt: skip
    gone = Cancelled.here.filter(receipt_id=OuterRef("id"))
    return Receipt.here.filter(since, ~Exists(closed), ~Exists(gone), channel="cash")


def not_counted(insurance: str, until: datetime.date) -> list[str]:
    """Names of collectors with cash up to a day that they have not counted; two statements."""
    found = _not_closed([insurance]).filter(booked_on__lte=until, amount_fen__gt=0)
    return sorted(set(found.values_list("collector_name", flat=True)))


def in_safes(insurances: Iterable[str], *, office_id: UUID | None = None) -> list[Held]:
    """Cash in the safes of offices, the oldest first; what came first is taken to be paid in first. Two statements."""
    insurances = sorted(insurances)
    taken = HandOver.here.filter(state=ACCEPTED, insurance__in=insurances)
    paid = Deposit.here.filter(insurance__in=insurances)
    if office_id is not None:
        taken, paid = taken.filter(office_id=office_id), paid.filter(office_id=office_id)
    left = {
        (one["office_id"], one["insurance"]): int(one["fen"])
        for one in paid.values("office_id", "insurance").annotate(fen=Sum("amount_fen"))
    }
    fen: dict[tuple[UUID, str], int] = defaultdict(int)
    first: dict[tuple[UUID, str], tuple[str, datetime.date]] = {}
    order = taken.order_by("answered_at", "id")
    for office, name, insurance, amount, oldest in order.values_list(
        "office_id", "office_name", "insurance", "amount_fen", "oldest_on"
    ):
        key = (office, insurance)
        banked = min(left.get(key, 0), amount)
        left[key] = left.get(key, 0) - banked
        if amount > banked:
            fen[key] += amount - banked
            _, known = first.get(key, (name, oldest))
            first[key] = (name, min(known, oldest))
    return [
        Held(office, first[office, insurance][0], first[office, insurance][0], insurance, amount,
             first[office, insurance][1], safe=True)
        for (office, insurance), amount in fen.items()
    ]  # fmt: skip


def limits(insurances: Iterable[str], on: datetime.date) -> dict[str, int]:
    """Within how many days cash must be banked, by the packs in force; one statement an insurance."""
    found = {}
    for insurance in sorted(insurances):
        try:
            limit = published.rules(insurance, on.year).cash(on)
        except Refused:
            continue
        if limit is not None:
            found[insurance] = limit.bank_within_days
    return found


def overdue(held: Iterable[Held], limit: Mapping[str, int], on: datetime.date) -> list[Held]:
    """Of this cash, what should have been in the bank before this day."""
    return [
        one for one in held if one.insurance in limit and one.days_on(on) > limit[one.insurance]
    ]


def slips(
    *, collector_id: UUID | None = None, office_id: UUID | None = None,
    insurances: Iterable[str] | None = None, offered: bool = False, most: int = SHOWN,
) -> Part[SlipLine]:  # fmt: skip
    """Hand-over slips of a collector, to an office or of insurances; one statement, two where cut.

    Those that wait for their answer stand first, then the latest.
    """
    answered = Case(When(state=OFFERED, then=0), default=1)
    found = HandOver.here.order_by(answered, "-offered_at", "-id")
    if collector_id is not None:
        found = found.filter(collector_id=collector_id)
    if office_id is not None:
        found = found.filter(office_id=office_id)
    if insurances is not None:
        found = found.filter(insurance__in=sorted(insurances))
    if offered:
        found = found.filter(state=OFFERED)
    return part.first(found, SlipLine._fields, most, SlipLine._make)


def slip(actor: Actor, slip_id: UUID) -> SlipLine:
    """A slip of the actor: as collector, as the office it goes to, or as finance. Refuses `not_found`."""
    mine = Q(collector_id=actor.id)
    if actor.role is Role.TOWNSHIP:
        mine |= Q(office_id=actor.office_id)
    if actor.role is Role.FINANCE:
        mine |= Q(insurance__in=sorted(actor.insurances))
    row = HandOver.here.filter(mine, id=slip_id).values_list(*SlipLine._fields).first()
    if row is None:
        raise Refused("not_found")
    return SlipLine._make(row)


def closed_days(
    *, collector_id: UUID | None = None, handover_id: UUID | None = None,
    insurances: Iterable[str] | None = None, different: bool = False, open_only: bool = False,
    most: int = SHOWN,
) -> Part[DayLine]:  # fmt: skip
    """Closed days, the latest first; `open_only` those that nobody has taken over yet. One statement, two where cut."""
    found = CashDay.here.order_by("-day", "-closed_at")
    if collector_id is not None:
        found = found.filter(collector_id=collector_id)
    if handover_id is not None:
        found = found.filter(handover_id=handover_id)
    if insurances is not None:
        found = found.filter(insurance__in=sorted(insurances))
    if different:
        found = found.exclude(entry_id=None)
    if open_only:
        found = found.exclude(handover__state=ACCEPTED)
    return part.first(found, DayLine._fields, most, DayLine._make)


def deposits(
    *, office_id: UUID | None = None, insurances: Iterable[str] | None = None,
    waiting: bool = False, fens: Collection[int] | None = None, most: int = SHOWN,
) -> Part[DepositLine]:  # fmt: skip
    """Deposits of an office or of insurances; one statement, two where cut.

    The latest first, of those that wait for their line of the bank the oldest; only those of one of these
    amounts, where some are named.
    """
    found = Deposit.here.order_by(*(("booked_on", "id") if waiting else ("-booked_on", "-id")))
    if office_id is not None:
        found = found.filter(office_id=office_id)
    if insurances is not None:
        found = found.filter(insurance__in=sorted(insurances))
    if waiting:
        found = found.filter(banked_on=None)
    if fens is not None:
        found = found.filter(amount_fen__in=sorted(fens))
    return part.first(found, DepositLine._fields, most, DepositLine._make)


def deposit(deposit_id: UUID) -> DepositLine:
    """One deposit; one statement. Refuses `not_found`."""
    row = Deposit.here.filter(id=deposit_id).values_list(*DepositLine._fields).first()
    if row is None:
        raise Refused("not_found")
    return DepositLine._make(row)


def on_the_way_fen(insurances: Iterable[str]) -> int:
    """How much was paid in at the bank and not found among its lines yet; one statement."""
    found = Deposit.here.filter(insurance__in=sorted(insurances), banked_on=None)
    return int(found.aggregate(fen=Sum("amount_fen"))["fen"] or 0)
