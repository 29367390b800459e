"""Taking a wrong match of a bank line back: by another officer, booked by reversal, kept for everybody to see."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping
from typing import Final, NamedTuple
from uuid import UUID

from canbao.kernel import audit, clock, part, rows
from canbao.kernel.actor import Actor
from canbao.kernel.operation import operation
from canbao.kernel.part import Part
from canbao.kernel.taken import Outcome, Taken
from canbao.payments import ledger
from canbao.payments.banking import bounced, lines, matched
from canbao.payments.banking.matched import LineRow
from canbao.payments.banking.tables import BankLine, Unmatched
from canbao.payments.channels.cash import matching
from canbao.payments.channels.cash.tables import Deposit
from canbao.payments.refunds import State

LONGEST_REASON: Final = 200
# A match of cash is taken back by an entry of the same kind that reverses it: together they are nothing.
BANKED: Final = "cash_banked"
SHOWN: Final = 60


class UnmatchedRow(NamedTuple):
    """A match that was taken back, as pages show it."""

    line__reference: str
    line__booked_on: datetime.date
    line__amount_fen: int
    matched_kind: str
    matched_on: datetime.date
    matched_by_name: str
    undone_on: datetime.date
    by_name: str
    reason: str


@operation
def unmatch(actor: Actor, reasons: Mapping[UUID, str], *, at: clock.Instant) -> Outcome:
    """Take matches back, each with its reason; line and deposit or refund are open again.

    It is booked on the day it is done, never on the day of the match, and counted there: a day that finance
    has closed keeps what its certificate says, and an error that is found later can still be put right. A
    refund that had not come back is paid again, as it was. Refuses `not_finance`, `set_too_large`; per line
    `not_found`, `finance_closed_day` (today is closed), `line_not_matched`, `say_why`,
    `unmatched_by_matcher`, `matched_by_collector`, `refund_moved_on` (somebody has asked for it again, or it was written off).
    Source: DOMAIN 6 (four eyes on cash).
    """
    came_back = bounced.hold(reasons)
    taken = matched.begin(actor, reasons, at)
    taken.keep("line_not_matched", lambda one: one.matched_id is not None)
    taken.keep("say_why", lambda one: bool(reasons[one.id].strip()))
    taken.keep("unmatched_by_matcher", lambda one: one.matched_by != actor.id)
    taken.keep(
        "refund_moved_on",
        lambda one: one.matched_kind != matched.RETURN or came_back.get(one.id) == State.DUE,
    )
    cash = [one.matched_id for one in taken if one.matched_kind == matched.DEPOSIT]
    own = matching.handled(actor, matching.deposits_of(actor, filter(None, cash)).values())
    taken.keep("matched_by_collector", lambda one: one.matched_id not in own)
    if not taken.rows:
        return taken.outcome()
    returned = [one for one in taken if one.matched_kind == matched.RETURN]
    entries = _reverse(actor, taken, at) | bounced.restore(actor, returned, at)
    rows.insert(
        Unmatched,
        line_id=taken.ids,
        matched_kind=taken.column("matched_kind"),
        matched_id=taken.column("matched_id"),
        matched_on=taken.column("matched_on"),
        matched_by=taken.column("matched_by"),
        matched_by_name=taken.column("matched_by_name"),
        reason=[reasons[one].strip()[:LONGEST_REASON] for one in taken.ids],
        entry_id=[entries.get(one) for one in taken.ids],
        undone_on=clock.on(at),
        by_id=actor.id,
        by_name=actor.name,
        at=at,
    )
    nothing = [None for _ in taken.ids]
    rows.update(
        BankLine, taken.ids, matched_kind="", matched_id=nothing, matched_on=nothing,
        matched_by=nothing, matched_by_name="", entry_id=nothing,
    )  # fmt: skip
    deposits = [one.matched_id for one in taken if one.matched_kind == matched.DEPOSIT]
    rows.update(
        Deposit, [one for one in deposits if one is not None], banked_on=[None for _ in deposits]
    )
    audit.record(
        actor, "bank_line.unmatched", taken.ids, at=at, kind="bank_line",
        facts=[{"fen": one.amount_fen, one.matched_kind: one.matched_id} for one in taken],
    )  # fmt: skip
    return taken.outcome()


def _reverse(actor: Actor, taken: Taken[LineRow], at: clock.Instant) -> dict[UUID, UUID]:
    """Book the reversals of the matches of deposits; the new entry by line."""
    booked = {
        one.entry_id: one.id
        for one in taken
        if one.entry_id is not None and one.matched_kind == matched.DEPOSIT
    }
    if not booked:
        return {}
    made = ledger.reverse(actor, dict.fromkeys(booked, BANKED), clock.on(at), at)
    return dict(zip(booked.values(), made, strict=True))


def undone(insurances: Iterable[str], wanted: str = "") -> Part[UnmatchedRow]:
    """Matches of lines like those wanted that were taken back, the latest first; one statement, two where cut."""
    found = Unmatched.here.filter(
        lines.like(wanted, "line__"), line__account__insurance__in=sorted(insurances)
    )
    return part.first(found.order_by("-id"), UnmatchedRow._fields, SHOWN, UnmatchedRow._make)
