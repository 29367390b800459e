"""Papers of the chain of custody: the hand-over slip with both names, and the certificate of a closed day."""

from __future__ import annotations

from typing import Final
from uuid import UUID

from django.conf import settings
from django.utils.translation import gettext, override
from django.utils.translation import gettext_lazy as _

from canbao.kernel import audit, clock, county
from canbao.kernel import money as money_text
from canbao.kernel.actor import Actor
from canbao.kernel.operation import operation
from canbao.kernel.taken import Outcome
from canbao.papers import render
from canbao.papers.forms import FormSheet
from canbao.payments import closing, verifying
from canbao.payments.channels.cash import queries
from canbao.payments.closing import Totals

INSURANCES: Final = {
    "390": _("Residents' medical insurance"),
    "170": _("Residents' pension insurance"),
}
STATES: Final = {
    "offered": _("waits for the receiver's signature"),
    "accepted": _("taken over"),
    "refused": _("sent back"),
}
LINES: Final = {
    "receipts": _("Receipts written"),
    "cancelled": _("Receipts cancelled"),
    "differences": _("Differences when counted"),
    "handovers": _("Taken over by townships"),
    "deposits": _("Paid in at the bank"),
    "banked": _("Found in the bank's lines"),
    "unbanked": _("Matches with the bank's lines taken back"),
    "refunds_due": _("Became due to be given back"),
    "refunds_paid": _("Paid back by the bank"),
    "refunds_returned": _("Sent back by the bank or never paid"),
    "refunds_written_off": _("Refunds written off"),
    "refunds_taken_back": _("Refunds that were no longer due"),
    "hands": _("Then in collectors' hands"),
    "safes": _("Then in the townships' safes"),
    "transit": _("Then on the way to the bank"),
    "bank": _("Then in the bank"),
    "owed_back": _("Then still to be given back"),
    "open_slips": _("Open: slips not answered"),
    "open_deposits": _("Open: deposits not found at the bank"),
    "open_lines": _("Open: lines of the bank without a deposit"),
    "open_lines_out": _("Open: lines of the bank that went out, without a refund"),
    "open_sent": _("Open: refunds handed to the bank, not answered"),
    "open_payouts": _("Open: refunds paid, not found in the bank's lines"),
    "open_denials": _("Open: payments that payers deny"),
}


def token_url(token: str) -> str:
    """What the QR of a paper of the cash carries: a random token."""
    return f"{settings.CANBAO_ADDRESS}/{county.current()}/counter/papers/{token}"


@operation
def printed(actor: Actor, subject_id: UUID, form: str, *, at: clock.Instant) -> Outcome:
    """Put on record that somebody printed a paper of the cash."""
    audit.record(actor, "cash.printed", [subject_id], at=at, kind="cash", facts={"form": form})
    return Outcome((subject_id,))


def slip(actor: Actor, slip_id: UUID, *, at: clock.Instant, language: str = "zh-hans") -> bytes:
    """交接单 as PDF. Refuses `not_found`."""
    one = queries.slip(actor, slip_id)
    days = queries.closed_days(handover_id=slip_id)
    printed(actor, slip_id, "handover-slip.1", at=at)
    with override(language):
        return render.pdf(
            FormSheet(
                kind="handover-slip",
                version=1,
                number=one.number,
                token_url=token_url(verifying.token_of(slip_id)),
                fields={
                    "from_name": one.collector_name,
                    "from_office": one.from_office_name,
                    "to_name": one.answered_by_name if one.state == "accepted" else "",
                    "to_office": one.office_name,
                    "insurance": str(INSURANCES.get(one.insurance, one.insurance)),
                    "amount_fen": str(one.amount_fen),
                    "capitals": money_text.in_capitals(one.amount_fen),
                    "offered_on": one.offered_on.isoformat(),
                    "answered_on": clock.on(one.answered_at).isoformat()
                    if one.answered_at and one.state == "accepted"
                    else "",
                    "state": str(STATES[one.state]),
                    "reason": one.reason,
                    "office_name": actor.office_name,
                },
                rows=[
                    {
                        "day": day.day.isoformat(),
                        "receipts": _receipts(day.receipts, day.cancelled),
                        "expected": money_text.in_yuan(day.expected_fen, exact=True),
                        "counted": money_text.in_yuan(day.counted_fen, exact=True),
                        "reason": day.reason,
                    }
                    for day in days
                ],
                language=language,
            )
        )


def _receipts(number: int, cancelled: int) -> str:
    if not cancelled:
        return str(number)
    return gettext("%(number)s, of these %(cancelled)s cancelled") % {
        "number": number, "cancelled": cancelled,
    }  # fmt: skip


def certificate(
    actor: Actor, day_id: UUID, *, at: clock.Instant, language: str = "zh-hans"
) -> bytes:
    """日结单 as PDF. Refuses `not_found`."""
    one = closing.finance_day(actor, day_id)
    totals = Totals.read(one.totals)
    printed(actor, day_id, "day-certificate.1", at=at)
    counted = {**totals.moved, **totals.open}
    with override(language):
        return render.pdf(
            FormSheet(
                kind="day-certificate",
                version=1,
                number=one.number,
                token_url=token_url(verifying.token_of(day_id)),
                fields={
                    "office_name": one.office_name,
                    "insurance": str(INSURANCES.get(one.insurance, one.insurance)),
                    "after_on": one.after_on.isoformat() if one.after_on else "",
                    "day": one.day.isoformat(),
                    "closed_by": one.closed_by_name,
                    "closed_on": clock.on(one.closed_at).isoformat(),
                    "confirmed_by": one.confirmed_by_name,
                    "confirmed_on": clock.on(one.confirmed_at).isoformat()
                    if one.confirmed_at
                    else "",
                    "totals_sha256": verifying.in_groups(one.totals_sha256),
                },
                rows=[
                    {
                        "what": str(said),
                        "number": str(counted[name].number) if name in counted else "",
                        "amount": money_text.in_yuan(
                            counted[name].fen if name in counted else totals.standing[name],
                            exact=True,
                        ),
                    }
                    for name, said in LINES.items()
                    if name in counted or name in totals.standing
                ],
                language=language,
            )
        )
