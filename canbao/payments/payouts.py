"""How far giving back is: approved and booked, paid out once, failed, dropped, and asked again."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping, Sequence
from typing import Final, NamedTuple
from uuid import UUID

from django.db.models import Exists, OuterRef

from canbao.kernel import audit, clock, rows
from canbao.kernel.actor import Actor
from canbao.kernel.operation import CONSTRAINTS
from canbao.kernel.taken import Taken
from canbao.payments import accounts, charges, ledger, refund_requests, refunds
from canbao.payments.banking import agency
from canbao.payments.channels.cash import days
from canbao.payments.ledger import CREDIT, DEBIT, Booking, Side
from canbao.payments.refund_requests import AskRow, Source
from canbao.payments.refunds import Back, DueRow, State
from canbao.payments.tables import Payout, RefundAsk, RefundDue

CONSTRAINTS["refund_paid_once"] = "refunded_already"
PAID: Final = "paid"
FAILED: Final = "failed"
# What was said to be paid and is not: the bank sent it back, or it never left.
RETURNED: Final = "returned"
UNPAID: Final = "unpaid"
NOT_PAID: Final = (RETURNED, UNPAID)
LONGEST_REASON: Final = 200


class Result(NamedTuple):
    """What the bank did, why where it did not, on which day, and with which account."""

    result: str
    reason: str
    on: datetime.date
    masked: str


# What is said of a refund that is not as far, or further than what is wanted.
_LACKS: Final[Mapping[str, str]] = {
    State.APPROVED: "refund_not_sent",
    State.SENT: "refund_sent_already",
}

# What stands in the way, by subject.
Codes = dict[UUID, str]


def approve(actor: Actor, subjects: Iterable[UUID], at: clock.Instant) -> Codes:
    """Say yes to asks that no longer are what they were refused by code; the others wait for their payout.

    What was only wished is booked now: the money leaves the charge, which is ended (or only what lay above
    the own share is taken), the cover, and for the pension the personal account. Codes: `refund_not_asked`,
    `amount_changed_back`, and those of `refund_requests.Source`.
    """
    seen, _ = _open(refund_requests.see(subjects), subjects)
    sources = refund_requests.find(one.source_id for one in seen.values() if one.refund_id is None)
    owed = charges.take(actor, {one.charge_id for one in sources.values() if one.charge_id})
    refund_requests.hold_receipts(sources)
    asks, codes = _open(refund_requests.take(subjects), subjects)
    wishes = [one for one in asks.values() if one.refund_id is None]
    sources = refund_requests.find(one.source_id for one in wishes)
    above = {one.charge_id: one.too_much_fen for one in sources.values()}
    for ask in wishes:
        source = sources[ask.source_id]
        fault = _fault(ask, source)
        if not fault and ask.difference:
            above[source.charge_id] -= ask.amount_fen
            fault = "amount_changed_back" if above[source.charge_id] < 0 else ""
        if fault:
            codes[ask.subject_id] = fault
    booked = {one.refund_id: one.subject_id for one in asks.values() if one.refund_id is not None}
    states = hold_states(booked)
    sound = [ask for ask in wishes if ask.subject_id not in codes]
    _book(actor, [(ask, sources[ask.source_id]) for ask in sound], owed, at)
    codes |= {
        subject: "refund_not_asked"
        for refund, subject in booked.items()
        if states[refund] not in {State.ASKED, State.FAILED}
    }
    ready = [refund for refund, subject in booked.items() if subject not in codes]
    rows.update(RefundDue, ready, state=State.APPROVED)
    return codes


def _fault(ask: AskRow, source: Source) -> str:
    """What the source says against it now; that it is asked already is this very ask."""
    if source.fault not in {"", "refund_asked_already"}:
        return source.fault
    same = source.back_fen(difference=ask.difference) == ask.amount_fen
    return "" if same else "amount_changed_back"


def _open(held: Mapping[UUID, AskRow], wanted: Iterable[UUID]) -> tuple[dict[UUID, AskRow], Codes]:
    asks = {one: held[one] for one in wanted if one in held and held[one].is_open}
    return asks, {one: "refund_not_asked" for one in wanted if one not in asks}


def _book(
    actor: Actor, found: Sequence[tuple[AskRow, Source]], owed: Taken[charges.ChargeRow],
    at: clock.Instant,
) -> None:  # fmt: skip
    """Take the money off the charges and book it as due, approved already."""
    if not found:
        return
    back: dict[UUID, int] = {}
    ended = set()
    for ask, source in found:
        charge = _charge(source)
        back[charge] = back.get(charge, 0) + ask.amount_fen
        if not ask.difference:
            ended.add(charge)
    kept = [one for one in back if one not in ended]
    if kept:
        charges.take_back([owed[one] for one in kept], [back[one] for one in kept], at)
    gone = [one for one in back if one in ended]
    if gone:
        charges.cancel([owed[one] for one in gone], [back[one] for one in gone], at)
    ids = refunds.due(
        actor,
        [
            Back(
                source.person_id, source.insurance, source.year, ask.amount_fen, ask.reason,
                accounts.PREMIUM, source.receipt_line_id, source.charge_id, source.receipt_id,
            )
            for ask, source in found
        ],
        at,
    )  # fmt: skip
    rows.update(RefundAsk, [ask.id for ask, _ in found], refund_id=list(ids))
    rows.update(RefundDue, list(ids), state=State.APPROVED)


def _charge(source: Source) -> UUID:
    if source.charge_id is None:
        raise ValueError(f"{source.id}: the line paid no charge")
    return source.charge_id


def hold_states(ids: Iterable[UUID]) -> dict[UUID, str]:
    """The states of refunds, locked in the order of their ids."""
    found = RefundDue.here.filter(id__in=list(ids)).order_by("id")
    return dict(found.select_for_update(no_key=True).values_list("id", "state"))


def send(actor: Actor, subjects: Iterable[UUID], at: clock.Instant) -> Codes:
    """Note that these refunds go to the bank now, and by whom, so that nobody else transfers them too.

    Whoever wrote an account does not send money to it. Codes: `refund_not_asked`, `refund_sent_already`,
    `refund_not_approved`, `account_by_yourself`. Source: DOMAIN 6 (four eyes on cash).
    """
    asks, codes = _held(subjects, {State.APPROVED})
    for one in list(asks.values()):
        if one.account_by in {actor.id, actor.acted_by}:
            codes[one.subject_id] = "account_by_yourself"
            del asks[one.subject_id]
    due = [one.refund_id for one in asks.values() if one.refund_id is not None]
    rows.update(
        RefundDue, due, state=State.SENT, sent_on=clock.on(at), sent_by=actor.id,
        sent_by_name=actor.name,
    )  # fmt: skip
    if due:
        audit.record(
            actor, "refund.sent", due, at=at, kind="refund",
            facts=[{"fen": one.amount_fen, "account": one.masked} for one in asks.values()],
        )  # fmt: skip
    return codes


def pay(actor: Actor, subjects: Iterable[UUID], at: clock.Instant) -> Codes:
    """Book what the bank has paid out, once, of what was handed to it.

    Codes: `refund_not_asked`, `refund_not_sent`, `refund_not_approved`, `finance_closed_day`.
    """
    asks, codes = _held(subjects, {State.SENT})
    on = clock.on(at)
    for insurance in sorted({one.insurance for one in asks.values()}):
        agency.hold(insurance)
    closed = days.finance_closed({one.insurance for one in asks.values()})
    for one in list(asks.values()):
        if one.insurance in closed and on <= closed[one.insurance]:
            codes[one.subject_id] = "finance_closed_day"
            del asks[one.subject_id]
    if not asks:
        return codes
    held = _with_due(asks.values())
    entries = ledger.book(
        actor, [booking(actor, one, accounts.BANK, "refund_paid", at) for _, one in held], at
    )
    _result(actor, held, PAID, [""] * len(held), entries, at)
    rows.update(RefundDue, [one.id for _, one in held], state=State.PAID)
    rows.update(RefundAsk, [one.id for one, _ in held], is_open=False)
    audit.record(
        actor, "refund.paid", [one.id for _, one in held], at=at, kind="refund",
        facts=[{"fen": one.amount_fen, "account": ask.masked} for ask, one in held],
    )  # fmt: skip
    return codes


def fail(actor: Actor, reasons: Mapping[UUID, str], at: clock.Instant) -> Codes:
    """Note that the bank did not pay, each with its reason: finance needs another account.

    Codes: `refund_not_approved`.
    """
    asks, codes = _held(reasons, {State.APPROVED, State.SENT})
    if not asks:
        return codes
    held = _with_due(asks.values())
    said = [reasons[one.subject_id].strip()[:LONGEST_REASON] for one, _ in held]
    _result(actor, held, FAILED, said, None, at)
    rows.update(RefundDue, [one.id for _, one in held], state=State.FAILED)
    audit.record(
        actor, "refund.failed", [one.id for _, one in held], at=at, kind="refund",
        facts=[{"reason": why, "account": ask.masked} for (ask, _), why in zip(held, said, strict=True)],
    )  # fmt: skip
    return codes


def drop(actor: Actor, subjects: Iterable[UUID], at: clock.Instant) -> Codes:
    """End asks that were refused or taken back; what was due stays due, and may be asked for anew.

    Codes: `refund_sent_already` for what the bank has, since it may still pay it.
    """
    asks, _ = _open(refund_requests.take(subjects), list(subjects))
    booked = {one.refund_id: one for one in asks.values() if one.refund_id is not None}
    states = hold_states(booked)
    away = [one for refund, one in booked.items() if states[refund] == State.SENT]
    codes = {one.subject_id: "refund_sent_already" for one in away}
    ended = [one for one in asks.values() if one.subject_id not in codes]
    rows.update(RefundAsk, [one.id for one in ended], is_open=False)
    due = [one.refund_id for one in ended if one.refund_id is not None]
    rows.update(RefundDue, due, state=State.DUE)
    audit.record(actor, "refund.dropped", due, at=at, kind="refund")
    return codes


def again(actor: Actor, subjects: Iterable[UUID], at: clock.Instant) -> Codes:
    """Open asks again whose refusal was lifted. Codes: those of `refund_requests.Source`."""
    asks = refund_requests.take(subjects)
    hold_states(one.refund_id for one in asks.values() if one.refund_id is not None)
    sources = refund_requests.find(one.source_id for one in asks.values())
    codes = {
        one.subject_id: sources[one.source_id].fault
        for one in asks.values()
        if sources[one.source_id].fault
    }
    held = [one for one in asks.values() if one.subject_id not in codes]
    rows.update(RefundAsk, [one.id for one in held], is_open=True)
    due = [one.refund_id for one in held if one.refund_id is not None]
    rows.update(RefundDue, due, state=State.ASKED)
    audit.record(actor, "refund.asked_again", due, at=at, kind="refund")
    return codes


def _held(subjects: Iterable[UUID], states: set[State]) -> tuple[dict[UUID, AskRow], Codes]:
    """Open asks whose refund is as far as one of these; both are locked. The others by what they lack."""
    wanted = list(subjects)
    asks, codes = _open(refund_requests.take(wanted), wanted)
    held = hold_states(one.refund_id for one in asks.values() if one.refund_id is not None)
    for one in list(asks.values()):
        state = held.get(one.refund_id, "") if one.refund_id is not None else ""
        if state not in states:
            codes[one.subject_id] = _LACKS.get(state, "refund_not_approved")
            del asks[one.subject_id]
    return asks, codes


def _with_due(asks: Iterable[AskRow]) -> list[tuple[AskRow, DueRow]]:
    """Each ask with the refund it is for; one statement."""
    by_refund = {one.refund_id: one for one in asks if one.refund_id is not None}
    return [(by_refund[one.id], one) for one in due_rows(by_refund)]


def due_rows(ids: Iterable[UUID]) -> list[DueRow]:
    """Refunds by id, oldest first; one statement."""
    found = RefundDue.here.filter(id__in=list(ids)).order_by("id")
    return list(map(DueRow._make, found.values_list(*DueRow._fields)))


def booking(actor: Actor, one: DueRow, account: str, kind: str, at: clock.Instant) -> Booking:
    about = ("", one.person_id, one.year)
    return Booking(
        kind=kind,
        insurance=one.insurance,
        effective_on=clock.on(at),
        office_id=actor.office_id,
        sides=[
            Side(accounts.REFUND_DUE, DEBIT, one.amount_fen, *about),
            Side(account, CREDIT, one.amount_fen, *about),
        ],
    )


def _result(
    actor: Actor, held: Sequence[tuple[AskRow, DueRow]], result: str, reasons: list[str],
    entries: list[UUID] | None, at: clock.Instant,
) -> None:  # fmt: skip
    rows.insert(
        Payout,
        refund_id=[one.id for _, one in held],
        ask_id=[ask.id for ask, _ in held],
        result=result,
        amount_fen=[one.amount_fen for _, one in held],
        holder=[ask.holder for ask, _ in held],
        masked=[ask.masked for ask, _ in held],
        reason=reasons,
        entry_id=entries if entries is not None else [None] * len(held),
        by_id=actor.id,
        by_name=actor.name,
        done_on=clock.on(at),
        at=at,
    )


def sent(refund_ids: Iterable[UUID]) -> dict[UUID, tuple[datetime.date, str]]:
    """When, and by whom, those of these refunds were handed to the bank that it has not answered yet."""
    found = RefundDue.here.filter(id__in=list(refund_ids), state=State.SENT)
    return {one: (on, name) for one, on, name in found.values_list("id", "sent_on", "sent_by_name")}


def came_back(refund_ids: Iterable[UUID]) -> dict[UUID, Result]:
    """Why these refunds, once said to be paid, are not: the last time, where it stands; one statement."""
    later = Payout.here.filter(takes_back_id=OuterRef("id"))
    found = Payout.here.filter(
        ~Exists(later), refund_id__in=list(refund_ids), result__in=NOT_PAID
    ).order_by("id")
    return {
        one: Result(*last)
        for one, *last in found.values_list("refund_id", "result", "reason", "done_on", "masked")
    }


def last_results(ask_ids: Iterable[UUID]) -> dict[UUID, Result]:
    """What the bank did last for each of these asks; one statement."""
    found = Payout.here.filter(ask_id__in=list(ask_ids)).order_by("id")
    return {
        ask: Result(*last)
        for ask, *last in found.values_list("ask_id", "result", "reason", "done_on", "masked")
    }
