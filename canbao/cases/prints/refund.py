"""The form on which money is asked back, in two copies, with the marks where they belong."""

from __future__ import annotations

from canbao.cases import words
from canbao.cases.flow import Verdict
from canbao.cases.kinds.refund import PAYOUT
from canbao.cases.prints import marked, shared
from canbao.cases.queries import CaseView
from canbao.papers.forms import FormSheet


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


def _paid_out(view: CaseView) -> str:
    for one in reversed(view.decisions):
        if (one.desk, one.verdict) == (PAYOUT, Verdict.PASS):
            return one.acted_on.isoformat()
    return ""
