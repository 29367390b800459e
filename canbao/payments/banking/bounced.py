"""Refunds said to be paid that are not: the bank sent the money back (退汇), or it never left."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any, Final
from uuid import UUID

from django.db.models import Exists, OuterRef

from canbao.kernel import audit, clock, money, notices, part, rows
from canbao.kernel.actor import Actor, Role
from canbao.kernel.operation import CONSTRAINTS, LARGEST_SET, operation
from canbao.kernel.part import Part
from canbao.kernel.refusal import Refused
from canbao.kernel.taken import Outcome, Taken
from canbao.payments import accounts, ledger, payouts
from canbao.payments.banking import agency, matched, outgoing
from canbao.payments.banking.matched import LineRow
from canbao.payments.banking.outgoing import SHOWN, PayoutRow
from canbao.payments.banking.tables import BankLine
from canbao.payments.channels.cash import days
from canbao.payments.payouts import LONGEST_REASON, PAID, RETURNED, UNPAID
from canbao.payments.refunds import State
from canbao.payments.tables import Payout, RefundDue
from canbao.people import queries as people

CONSTRAINTS["payout_taken_back_once"] = "payout_taken_back"
# What a payment is taken back by has the kind of its entry: the sum of a kind is what stands (decision 0012).
_KIND: Final = "refund_paid"


@operation
def came_back(actor: Actor, pairs: Mapping[UUID, UUID], *, at: clock.Instant) -> Outcome:
    """Say which line of the bank is which refund that it sent back: the money is in the bank, and due again.

    The case that asked for it stays closed; whoever the money is for asks anew, with another account. The
    bank's words on the line are the reason. Refuses `not_finance`, `set_too_large`; per line `not_found`,
    `finance_closed_day`, `line_matched_already`, `line_differs_back`, `payout_taken_back`,
    `matched_by_payer` (who said that it was paid). Source: DOMAIN 6 (four eyes on cash).
    """
    seen = outgoing.paid(actor.insurances).filter(id__in=list(pairs.values()))
    found = {one.id: one for one in outgoing.rows_of(seen)}
    states = payouts.hold_states(one.refund_id for one in found.values())
    taken = matched.begin(actor, pairs, at)
    still = set(_standing(actor.insurances, found).values_list("id", flat=True))
    taken.keep("not_found", lambda one: pairs[one.id] in found)
    taken.keep(
        "payout_taken_back",
        lambda one: pairs[one.id] in still and states[found[pairs[one.id]].refund_id] == State.PAID,
    )
    taken.keep("line_matched_already", lambda one: one.matched_id is None)
    taken.keep("line_differs_back", lambda one: fits(one, found[pairs[one.id]]))
    matched.once_each(taken, pairs)
    taken.keep("matched_by_payer", lambda one: actor.id != found[pairs[one.id]].by_id)
    if not taken.rows:
        return taken.outcome()
    words = dict(BankLine.here.filter(id__in=taken.ids).values_list("id", "text"))
    chosen = [found[pairs[one]] for one in taken.ids]
    made, entries = _take_back(actor, chosen, RETURNED, [words[one] for one in taken.ids], at)
    backs = dict(zip(taken.ids, made, strict=True))
    matched.write(actor, matched.RETURN, backs, entries, clock.on(at))
    audit.record(
        actor, "bank_line.matched", taken.ids, at=at, kind="bank_line",
        facts=[{"returned": pairs[one.id], "fen": one.amount_fen} for one in taken],
    )  # fmt: skip
    return taken.outcome()


def fits(line: outgoing.Out, paid: PayoutRow) -> bool:
    """Whether a line may be this refund on its way back."""
    return (line.insurance, line.amount_fen) == (paid.insurance, paid.amount_fen)


@operation
def never_left(actor: Actor, reasons: Mapping[UUID, str], *, at: clock.Instant) -> Outcome:
    """Say of refunds said to be paid, each with its reason, that the bank never paid them: they are due again.

    Only while no line of the bank shows them. Refuses `not_finance`, `set_too_large`; per payout
    `not_found`, `say_why`, `payout_has_line`, `payout_taken_back`, `matched_by_payer`, `finance_closed_day`.
    """
    if actor.role is not Role.FINANCE:
        raise Refused("not_finance")
    if len(reasons) > LARGEST_SET:
        raise Refused("set_too_large", largest=LARGEST_SET)
    seen = outgoing.rows_of(outgoing.paid(actor.insurances).filter(id__in=list(reasons)))
    states = payouts.hold_states(one.refund_id for one in seen)
    for insurance in sorted({one.insurance for one in seen}):
        agency.hold(insurance)
    taken = Taken(seen, reasons)
    still = set(_standing(actor.insurances, reasons).values_list("id", flat=True))
    waits = set(outgoing.unseen(actor.insurances).filter(id__in=list(reasons)).values_list("id", flat=True))  # fmt: skip
    closed = days.finance_closed({one.insurance for one in taken})
    taken.keep("say_why", lambda one: bool(reasons[one.id].strip()))
    taken.keep(
        "payout_taken_back", lambda one: one.id in still and states[one.refund_id] == State.PAID
    )
    taken.keep("payout_has_line", lambda one: one.id in waits)
    taken.keep("matched_by_payer", lambda one: actor.id != one.by_id)
    taken.keep(
        "finance_closed_day",
        lambda one: one.insurance not in closed or clock.on(at) > closed[one.insurance],
    )
    if not taken.rows:
        return taken.outcome()
    said = [reasons[one].strip()[:LONGEST_REASON] for one in taken.ids]
    _take_back(actor, [taken[one] for one in taken.ids], UNPAID, said, at)
    return taken.outcome()


def _take_back(
    actor: Actor, paid: Sequence[PayoutRow], result: str, reasons: Sequence[str], at: clock.Instant
) -> tuple[Sequence[UUID], list[UUID]]:
    """Book that these refunds were not paid after all, and tell whom they are for; the rows and their entries."""
    entries = ledger.reverse(
        actor, dict.fromkeys((one.entry_id for one in paid), _KIND), clock.on(at), at
    )
    made = _write(actor, paid, result, reasons, entries, at)
    refunds = [one.refund_id for one in paid]
    rows.update(RefundDue, refunds, state=State.DUE)
    audit.record(
        actor, f"refund.{result}", refunds, at=at, kind="refund",
        facts=[
            {"fen": one.amount_fen, "account": one.masked, "reason": why}
            for one, why in zip(paid, reasons, strict=True)
        ],
    )  # fmt: skip
    phones = people.contacts_of({one.refund__person_id for one in paid})
    notices.tell(
        [phones.get(one.refund__person_id) for one in paid], "refund_returned", at=at, kind="refund",
        subjects=refunds, facts=[{"yuan": money.in_yuan(one.amount_fen)} for one in paid],
    )  # fmt: skip
    return made, entries


def hold(line_ids: Iterable[UUID]) -> dict[UUID, str]:
    """The states of the refunds that these lines brought back, locked; by line, before the lines are taken."""
    lines = BankLine.here.filter(id__in=list(line_ids), matched_kind=matched.RETURN)
    backs = dict(lines.values_list("id", "matched_id"))
    refunds = dict(Payout.here.filter(id__in=backs.values()).values_list("id", "refund_id"))
    states = payouts.hold_states(refunds.values())
    return {line: states[refunds[back]] for line, back in backs.items()}


def restore(actor: Actor, lines: Sequence[LineRow], at: clock.Instant) -> dict[UUID, UUID]:
    """Book that these refunds had been paid all the same: the line was another's. The new entry by line.

    The caller holds the refunds, which nobody asks for yet, and the lines.
    """
    by_back = {one.matched_id: one.id for one in lines}
    backs = outgoing.rows_of(Payout.here.filter(id__in=by_back).order_by("id"))
    if not backs:
        return {}
    due = {one.id: one for one in payouts.due_rows(one.refund_id for one in backs)}
    entries = ledger.book(
        actor,
        [payouts.booking(actor, due[one.refund_id], accounts.BANK, _KIND, at) for one in backs],
        at,
    )
    _write(actor, backs, PAID, ["" for _ in backs], entries, at)
    rows.update(RefundDue, [one.refund_id for one in backs], state=State.PAID)
    audit.record(
        actor, "refund.paid_after_all", [one.refund_id for one in backs], at=at, kind="refund",
        facts=[{"fen": one.amount_fen, "account": one.masked} for one in backs],
    )  # fmt: skip
    return dict(zip((by_back[one.id] for one in backs), entries, strict=True))


def _write(
    actor: Actor, said: Sequence[PayoutRow], result: str, reasons: Sequence[str],
    entries: list[UUID], at: clock.Instant,
) -> Sequence[UUID]:  # fmt: skip
    return rows.insert(
        Payout,
        refund_id=[one.refund_id for one in said],
        ask_id=[one.ask_id for one in said],
        takes_back_id=[one.id for one in said],
        result=result,
        amount_fen=[one.amount_fen for one in said],
        holder=[one.holder for one in said],
        masked=[one.masked for one in said],
        reason=list(reasons),
        entry_id=entries,
        by_id=actor.id,
        by_name=actor.name,
        done_on=clock.on(at),
        at=at,
    )


def standing(insurances: Iterable[str], fens: Collection[int]) -> Part[PayoutRow]:
    """Refunds that were paid and may come back, of one of these amounts, the last first; one statement, two where cut."""
    found = _standing(insurances).filter(amount_fen__in=sorted(fens))
    return part.first(found.order_by("-id"), PayoutRow._fields, SHOWN, PayoutRow._make)


def may_never_have_left(insurances: Iterable[str]) -> Part[PayoutRow]:
    """Refunds that were paid and no line of the bank shows, the oldest first; one statement, two where cut."""
    found = outgoing.unseen(insurances).filter(_stands())
    return part.first(found.order_by("done_on", "id"), PayoutRow._fields, SHOWN, PayoutRow._make)


def _standing(insurances: Iterable[str], ids: Iterable[UUID] | None = None) -> Any:
    """What was said to be paid and was not taken back."""
    found = outgoing.paid(insurances).filter(_stands())
    return found if ids is None else found.filter(id__in=list(ids))


def _stands() -> Any:
    return ~Exists(Payout.here.filter(takes_back_id=OuterRef("id")))
