"""What the portal says of cases, messages and marks, in the resident's words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from canbao.cases import flow
from canbao.cases.kinds import enrolment, refund
from canbao.cases.messages import TEMPLATES

SHORT: Final = {"390": _("medical insurance"), "170": _("pension")}
STATUS_TAGS: Final = {
    "approved": "insured",
    "filed": "insured",
    "refused": "refused",
    "withdrawn": "withdrawn",
    "returned": "returned",
}
DESKS: Final = {
    "village": _("The village checks the papers"),
    "township": _("The township reviews"),
    "county": _("The county decides"),
    "finance": _("Finance approves"),
    "payout": _("The bank pays"),
}
DONE: Final = {
    "village": _("The village has checked"),
    "township": _("The township has reviewed"),
    "county": _("The county has decided"),
    "finance": _("Finance has approved"),
    "payout": _("The bank has paid"),
}
NOW: Final = {
    "village": _("The village is checking"),
    "township": _("The township is reviewing"),
    "county": _("The county is deciding"),
    "finance": _("Finance is looking at it"),
    "payout": _("The bank is paying"),
}
RETURNED_BY: Final = {
    "village": _("The village sent it back to you"),
    "township": _("The township sent it back to you"),
    "county": _("The county sent it back to you"),
}
BOXES: Final = {
    "applicant": _("Applicant"),
    "village": _("Village"),
    "township": _("Township"),
    "county": _("County"),
    "finance": _("Finance, first"),
    "payout": _("Finance, second"),
}
MARKS: Final = {
    "signature": _("Signature"),
    "seal": _("Seal"),
    "fingerprint": _("Fingerprint"),
}
HOW: Final = {
    "phone": _("signed on the phone"),
    "village": _("signed at the village"),
    "paper": _("signed on paper"),
}
# What a rule compares with the data of others; a phone learns only that the village looks at it.
FROM_OTHERS: Final = frozenset(
    {"register_agrees", "not_enrolled", "unlike_others", "signer_is_parent"}
)


def tag(desk: str, status: str, kind: str = enrolment.KIND) -> str:
    """The word of the theme for where a case stands."""
    if desk == flow.APPLICANT:
        return "returned"
    if kind == refund.KIND and desk in {flow.ARCHIVE, flow.SHELF}:
        return "given_back"
    return STATUS_TAGS.get(status, desk) if status != "returned" else desk


def title(name: str, insurance: str, kind: str = enrolment.KIND) -> str:
    """王守田的医保; 王守田, medical insurance; or the money that is given back."""
    if kind == refund.KIND:
        return gettext("%(name)s: money back, %(insurance)s") % {
            "name": name, "insurance": SHORT[insurance]
        }  # fmt: skip
    return gettext("%(name)s: %(insurance)s") % {"name": name, "insurance": SHORT[insurance]}


def message(template: str, facts: Mapping[str, Any]) -> str:
    """A message as it goes out."""
    sentence = str(TEMPLATES.get(template, template))
    return sentence % {"code": "", "number": "", "yuan": "", **facts}
