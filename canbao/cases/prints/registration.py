"""The registration form, in two copies, with the marks where they belong (process.txt 1 to 4)."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any, Final

from django.utils.translation import gettext

from canbao.cases.prints import marked, shared
from canbao.cases.queries import CaseView
from canbao.insured import queries as insured
from canbao.kernel import clock, office
from canbao.kernel import queries as kernel
from canbao.kernel.refusal import Refused
from canbao.papers import forms, render, store
from canbao.papers.forms import FormSheet
from canbao.people import codes
from canbao.policy import published

_ID_KINDS: Final = {
    "id_card": "citizen_id", "residence_permit": "hm_permit", "hong_kong_permit": "hm_permit",
    "macau_permit": "hm_permit", "taiwan_permit": "tw_permit", "foreign_card": "foreign_id",
    "passport": "passport", "chinese_passport": "passport", "birth_certificate": "birth_certificate",
}  # fmt: skip
_RESIDENCY: Final = {"rural": "agricultural", "urban": "urban", "unified": "resident"}
_ATTACHED: Final = {
    "id_front": "id_card", "id_back": "id_card", "booklet_first": "booklet", "booklet_own": "booklet",
    "photo": "photo", "group_proof": "special_proof", "guardian_proof": "guardian_proof",
}  # fmt: skip
_PENSIONS: Final = {"employees_pension": "employee", "civil_service_pension": "civil_service"}
_INSURANCES: Final = {"employees_medical": "employee", "residents_elsewhere": "elsewhere"}


def sheet(view: CaseView, copy_no: int, number: str, language: str) -> FormSheet:
    """The form as it stands now, every mark held against its content."""
    kind, _, version = view.form.form.rpartition(".")
    known = {entry.name for entry in forms.form(kind, int(version)).fields}
    said = _fields(view, number)
    return FormSheet(
        kind=kind,
        version=int(version),
        number=view.case.number,
        token_url=shared.token_url(view.form.token),
        copy_no=copy_no,
        copies=2,
        fields={name: value for name, value in said.items() if name in known},
        opinions=marked.opinions(view),
        applicant_mark=marked.applicant(view),
        archive=marked.stamp(view),
        photo_jpeg=_photo(view),
        language=language,
    )


def _fields(view: CaseView, number: str) -> dict[str, str]:
    fields = view.fields
    levels = published.rules(view.case.insurance, view.case.year).levels(
        clock.on(view.case.submitted_at)
    )
    shares = [(payer, fen) for payer, fen in fields["price"] if payer != "own"]
    attached = [_ATTACHED.get(scan.kind, "") for scan in view.scans]
    return {
        "name": fields["name"],
        "sex": fields["sex"] if fields["sex"] in shared.SEX_CODES else "",
        "ethnicity": codes.ETHNIC[fields["ethnic"]].term
        if fields["ethnic"] in codes.ETHNIC
        else "",
        "id_kind": _ID_KINDS.get(fields["document_kind"], "passport"),
        "id_number": number or fields["number_masked"],
        "birth_on": fields["birth_on"],
        "phone": fields["phone"],
        "household_address": fields["address"],
        "living_address": fields["living_address"] or gettext("the same"),
        "household_nature": _RESIDENCY.get(fields["residency"], ""),
        "special_identity": "other" if fields["groups"] else "none",
        **_around(view),
        "attachments": ",".join(dict.fromkeys(one for one in attached if one)),
        "subsidy_fen": str(sum(fen for _, fen in shares)),
        **_of_insurance(view, fields, {one.code: one.own_fen or 0 for one in levels}),
    }


def _around(view: CaseView) -> dict[str, str]:
    """The village, who filled the form in for the applicant, and whom to ask."""
    agency = next(
        (one for one in office.offices(["county"]) if view.case.insurance in one.insurances), None
    )
    mark = next((one for one in view.marks if one.box == "applicant"), None)
    typed = view.case.channel != "phone" and mark is not None
    return {
        "unit": "".join(one.name for one in kernel.regions([view.case.village])),
        "typed_by": office.officer_name(mark.recorded_by) if typed and mark else "",
        "office_name": agency.name if agency else "",
        "office_phone": agency.phone if agency else "",
    }


def _of_insurance(
    view: CaseView, fields: Mapping[str, Any], tiers: Mapping[str, int]
) -> dict[str, str]:
    if view.case.insurance == "390":
        guardian = fields["signed_by"] if fields["signed_by"][1] != "self" else ["", ""]
        return {
            "cover_year": str(view.case.year),
            "category": view.case.level
            if view.case.level in {"adult", "child", "student"}
            else "other",
            "guardian_name": guardian[0],
            "guardian_relation": _relation(guardian[1]),
            "amount_fen": str(view.case.own_fen),
            "other_insurance": _listed(fields["other_insurance"], _INSURANCES),
            "established_on": _established(view),
        }
    account = insured.account_of(view.case.person_id)
    return {
        "enrolled_on": f"{clock.on(view.case.submitted_at):%Y-%m}",
        "tier_options": ",".join(str(fen) for fen in tiers.values()),
        "tier_fen": str(tiers.get(view.case.level, view.case.own_fen)),
        "other_pension": _listed(fields["other_insurance"], _PENSIONS),
        "account_number": account.number if account else "",
        "account_opened_on": account.opened_on.isoformat() if account else "",
    }


def _listed(held: list[str], words: Mapping[str, str]) -> str:
    found = sorted({words[one] for one in held if one in words})
    return ",".join(found) or "none"


def _relation(word: str) -> str:
    return {
        "parent": gettext("Parent"),
        "guardian": gettext("Guardian"),
        "proxy": gettext("Proxy"),
    }.get(word, "")


def _established(view: CaseView) -> str:
    for decision in reversed(view.decisions):
        if (decision.desk, decision.verdict) == ("county", "pass"):
            return decision.acted_on.isoformat()
    return ""


def _photo(view: CaseView) -> bytes | None:
    blob = next(
        (scan.blob_id for scan in view.scans if scan.kind == "photo" and scan.blob_id), None
    )
    try:
        return store.content(blob) if blob else None
    except Refused:
        return None


def blank(insurance: str, language: str = "zh-hans") -> bytes:
    """An empty form to fill in by hand."""
    return render.pdf(FormSheet(kind=f"registration-{insurance}", version=1, language=language))


def opened_on(view: CaseView) -> datetime.date:
    """The business day of the application."""
    return clock.on(view.case.submitted_at)
