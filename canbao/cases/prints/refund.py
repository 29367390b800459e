"""What is printed of money asked back: the form in two copies, and the written decision."""

from __future__ import annotations

from canbao.cases import words
from canbao.cases.flow import Status, Verdict
from canbao.cases.kinds.refund import PAYOUT
from canbao.cases.prints import marked, shared
from canbao.cases.queries import CaseView, DecisionRow
from canbao.papers.forms import FormSheet
from canbao.payments import refund_requests


def sheet(view: CaseView, copy_no: int, number: str, language: str) -> FormSheet:
    """The form as it stands now, every mark held against its content."""
    kind, _, version = view.form.form.rpartition(".")
    said = view.fields
    return FormSheet(
        kind=kind,
        version=int(version),
        number=view.case.number,
        token_url=shared.token_url(view.form.token),
        copy_no=copy_no,
        copies=2,
        fields={
            "name": said["name"],
            "id_number": number or said["number_masked"],
            "insurance": str(shared.INSURANCES[said["insurance"]]),
            "cover_year": str(said["year"]),
            "receipt_number": str(said["receipt_number"] or ""),
            "paid_on": said["paid_on"] or "",
            "paid_fen": str(said["paid_fen"]),
            "back_fen": str(said["back_fen"]),
            "reason": words.refund_reason(view.case, said["reason"]),
            "cover_from_on": said["cover_from_on"] or "",
            "drawn": "yes" if said["drawn"] else "no",
            "holder": said["holder"],
            "bank": said["bank"],
            "account": said["account_masked"],
            "paid_out_on": _paid_out(view),
        },
        opinions=marked.opinions(view),
        applicant_mark=marked.applicant(view),
        archive=marked.stamp(view),
        language=language,
    )


def decision(view: CaseView, language: str) -> FormSheet:
    """The letter: not given back, with the reasons and the way to appeal, or given back to which account.

    Refuses `not_found` while neither is so.
    """
    refused = view.case.status == Status.REFUSED
    last = (
        shared.decision(view, Verdict.REFUSE)
        if refused
        else shared.decision(view, Verdict.PASS, PAYOUT)
    )
    return FormSheet(
        kind="refund-decision",
        version=1,
        number=f"{view.case.number}-{last.round}",
        token_url=shared.token_url(view.form.token),
        fields={
            **shared.heading(view),
            **shared.decided(view, last),
            "cover_year": str(view.case.year),
            "why": words.refund_reason(view.case, view.fields["reason"]),
            "receipt_number": str(view.fields["receipt_number"] or ""),
            "amount_fen": str(view.case.own_fen),
            **(_refused(last) if refused else _given(view)),
        },
        rows=shared.reasons(last) if refused else [],
        opinions=[shared.signed(view, last)],
        language=language,
    )


def _refused(last: DecisionRow) -> dict[str, str]:
    return {"outcome": "refused", **shared.appeal(last)}


def _given(view: CaseView) -> dict[str, str]:
    # The account as it stands now: the bank may not have paid to the first one.
    ask = refund_requests.see([view.case.id])[view.case.id]
    account = f"{ask.bank} {ask.masked}"
    return {"outcome": "given_back", "holder": ask.holder, "account": account}


def _paid_out(view: CaseView) -> str:
    for one in reversed(view.decisions):
        if (one.desk, one.verdict) == (PAYOUT, Verdict.PASS):
            return one.acted_on.isoformat()
    return ""
