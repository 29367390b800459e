"""A refund that nobody can be paid: one officer of finance proposes to write it off, another decides."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, NamedTuple
from uuid import UUID

from canbao.kernel import audit, clock, part, rows
from canbao.kernel.actor import Actor, Role
from canbao.kernel.operation import CONSTRAINTS, LARGEST_SET, operation
from canbao.kernel.part import Part
from canbao.kernel.refusal import Refused
from canbao.kernel.taken import Outcome, Taken
from canbao.payments import accounts, ledger, payouts
from canbao.payments.banking import agency
from canbao.payments.channels.cash import days
from canbao.payments.payouts import LONGEST_REASON
from canbao.payments.refunds import DueRow, State
from canbao.payments.tables import RefundDue, WriteOff

CONSTRAINTS["write_off_open"] = "write_off_proposed_already"
CONFIRMED: Final = "confirmed"
DECLINED: Final = "declined"
# So many proposals stand on a page.
MOST: Final = 200


class WriteOffRow(NamedTuple):
    """A proposal that a refund is written off, as the second officer sees it."""

    id: UUID
    refund_id: UUID
    reason: str
    proposed_by: UUID
    proposed_by_name: str
    refund__insurance: str
    refund__amount_fen: int
    refund__person__name: str
    refund__state: str


@operation
def propose_write_off(actor: Actor, reasons: Mapping[UUID, str], *, at: clock.Instant) -> Outcome:
    """Propose that refunds which nobody can be paid are written off, each with its reason.

    Refuses `not_finance`, `set_too_large`; per refund `not_found`, `say_why`, `refund_not_due` (asked for,
    paid or written off), `write_off_proposed_already`. Source: issue 4, section 6.
    """
    taken = _take_due(actor, reasons)
    taken.keep("say_why", lambda one: bool(reasons[one.id].strip()))
    taken.keep("refund_not_due", lambda one: one.state == State.DUE)
    there = set(
        WriteOff.here.filter(refund_id__in=taken.ids, verdict="").values_list(
            "refund_id", flat=True
        )
    )
    taken.keep("write_off_proposed_already", lambda one: one.id not in there)
    if not taken.rows:
        return taken.outcome()
    ids = rows.insert(
        WriteOff,
        refund_id=taken.ids,
        reason=[reasons[one].strip()[:LONGEST_REASON] for one in taken.ids],
        proposed_by=actor.id,
        proposed_by_name=actor.name,
        proposed_at=at,
    )
    audit.record(actor, "refund.write_off_proposed", taken.ids, at=at, kind="refund")
    return taken.outcome(write_offs=[str(one) for one in ids])


@operation
def decide_write_off(actor: Actor, verdicts: Mapping[UUID, bool], *, at: clock.Instant) -> Outcome:
    """Confirm or decline what another officer proposed; a confirmed one stays with the fund.

    Refuses `not_finance`, `set_too_large`; per proposal `not_found`, `write_off_answered`,
    `second_person_needed`, `refund_not_due`, `finance_closed_day`.
    """
    if actor.role is not Role.FINANCE:
        raise Refused("not_finance")
    if len(verdicts) > LARGEST_SET:
        raise Refused("set_too_large", largest=LARGEST_SET)
    held = _proposals(actor).filter(id__in=list(verdicts)).values_list(*WriteOffRow._fields)
    taken = Taken(map(WriteOffRow._make, held), verdicts)
    taken.keep("second_person_needed", lambda one: one.proposed_by != actor.id)
    states = payouts.hold_states(one.refund_id for one in taken)
    taken.keep(
        "refund_not_due",
        lambda one: not verdicts[one.id] or states[one.refund_id] == State.DUE,
    )
    for insurance in sorted({one.refund__insurance for one in taken}):
        agency.hold(insurance)
    closed = days.finance_closed({one.refund__insurance for one in taken})
    taken.keep(
        "finance_closed_day",
        lambda one: (
            one.refund__insurance not in closed or clock.on(at) > closed[one.refund__insurance]
        ),
    )
    if not taken.rows:
        return taken.outcome()
    entries = _book(actor, [one.refund_id for one in taken if verdicts[one.id]], at)
    rows.update(
        WriteOff,
        taken.ids,
        verdict=[CONFIRMED if verdicts[one] else DECLINED for one in taken.ids],
        decided_by=[actor.id for _ in taken.ids],
        decided_by_name=actor.name,
        decided_at=[at for _ in taken.ids],
        entry_id=[entries.get(one.refund_id) for one in taken],
    )
    rows.update(RefundDue, list(entries), state=State.WRITTEN_OFF)
    audit.record(
        actor, "refund.write_off_decided", [one.refund_id for one in taken], at=at, kind="refund",
        facts=[{"verdict": CONFIRMED if verdicts[one.id] else DECLINED} for one in taken],
    )  # fmt: skip
    return taken.outcome()


def _book(actor: Actor, refunds: list[UUID], at: clock.Instant) -> dict[UUID, UUID]:
    """Book these refunds as written off; the entry of each."""
    due = payouts.due_rows(refunds)
    if not due:
        return {}
    bookings = [
        payouts.booking(actor, one, accounts.WRITTEN_OFF, "refund_written_off", at) for one in due
    ]
    return dict(zip([one.id for one in due], ledger.book(actor, bookings, at), strict=True))


def _take_due(actor: Actor, wanted: Mapping[UUID, str]) -> Taken[DueRow]:
    if actor.role is not Role.FINANCE:
        raise Refused("not_finance")
    if len(wanted) > LARGEST_SET:
        raise Refused("set_too_large", largest=LARGEST_SET)
    found = RefundDue.here.filter(id__in=list(wanted), insurance__in=sorted(actor.insurances))
    held = found.order_by("id").select_for_update(no_key=True).values_list(*DueRow._fields)
    return Taken(map(DueRow._make, held), wanted)


def _proposals(actor: Actor) -> Any:
    """Proposals of the actor's insurances that nobody has decided yet, oldest first."""
    found = WriteOff.here.filter(refund__insurance__in=sorted(actor.insurances), verdict="")
    return found.order_by("id")


def proposed(actor: Actor) -> Part[WriteOffRow]:
    """Proposals that wait for a second officer, oldest first; one statement, two where cut."""
    return part.first(_proposals(actor), WriteOffRow._fields, MOST, WriteOffRow._make)
