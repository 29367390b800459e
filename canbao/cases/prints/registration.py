"""The registration form, in two copies, with the marks where they belong (process.txt 1 to 4)."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID

from django.utils.translation import gettext, override

from canbao.cases import queries, words
from canbao.cases.prints import shared
from canbao.cases.queries import CaseView
from canbao.insured import queries as insured
from canbao.kernel import clock
from canbao.kernel.actor import Actor
from canbao.kernel.refusal import Refused
from canbao.papers import forms, render, store
from canbao.papers.forms import ApplicantMark, ArchiveStamp, Desk, FormSheet, HowMarked, Opinion
from canbao.papers.queries import MarkRow
from canbao.people import codes, documents
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
_HOW: Final = {
    "drawn": HowMarked.DRAWN,
    "paper": HowMarked.PHOTO,
    "fingerprint": HowMarked.FINGERPRINT,
}
_PENSIONS: Final = {"employees_pension": "employee", "civil_service_pension": "civil_service"}
_INSURANCES: Final = {"employees_medical": "employee", "residents_elsewhere": "elsewhere"}


def pdf(
    actor: Actor, case_id: UUID, copy_no: int, *, at: clock.Instant, language: str = "zh-hans"
) -> bytes:
    """One copy as PDF/A, with the full number; that it was printed goes on record."""
    view = queries.view(actor, case_id)
    if copy_no not in (1, 2):
        raise Refused("not_found")
    shared.printed(actor, [case_id], f"{view.form.form}/{copy_no}", at=at)
    number = documents.number(view.case.person_id, view.case.masked)
    with override(language):
        return render.pdf(sheet(view, copy_no, number, language))


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
        opinions=_opinions(view),
        applicant_mark=_applicant(view),
        archive=_stamp(view),
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
        "attachments": ",".join(dict.fromkeys(one for one in attached if one)),
        "subsidy_fen": str(sum(fen for _, fen in shares)),
        **_of_insurance(view, fields, {one.code: one.own_fen or 0 for one in levels}),
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


def _opinions(view: CaseView) -> list[Opinion]:
    seals = shared.seals_of(view.marks)
    found = []
    for desk in Desk:
        mine = [mark for mark in view.marks if mark.box == desk and mark.paper_id == view.form.id]
        signature = _last(mine, "signature")
        seal = _last(mine, "seal")
        if signature is None:
            continue
        found.append(
            Opinion(
                desk=desk,
                text=words.opinion(desk, view.fields),
                officer_name=signature.acted_by_name,
                office_name=signature.office_name,
                on=signature.acted_on,
                seal=seals.get(seal.id) if seal else None,
                broken=not (signature.holds and (seal is None or seal.holds)),
                note=gettext("from the paper") if signature.how == "paper" else "",
            )
        )
    return found


def _last(marks: list[MarkRow], kind: str) -> MarkRow | None:
    return next((mark for mark in reversed(marks) if mark.kind == kind), None)


def _applicant(view: CaseView) -> ApplicantMark | None:
    mine = [one for one in view.marks if one.box == "applicant" and one.paper_id == view.form.id]
    if not mine:
        return None
    mark = mine[-1]
    picture = store.content(mark.blob_id) if mark.blob_id and mark.how == "drawn" else None
    return ApplicantMark(
        how=_HOW.get(mark.how, HowMarked.INK),
        name=mark.acted_by_name,
        on=mark.acted_on,
        signature_png=picture,
        witness_name=mark.witness,
        broken=not mark.holds,
    )


def _photo(view: CaseView) -> bytes | None:
    blob = next(
        (scan.blob_id for scan in view.scans if scan.kind == "photo" and scan.blob_id), None
    )
    try:
        return store.content(blob) if blob else None
    except Refused:
        return None


def _stamp(view: CaseView) -> ArchiveStamp | None:
    if view.archive is None:
        return None
    number = view.archive.number.split("-")
    return ArchiveStamp(
        fonds=number[0],
        year=number[1],
        series=number[2],
        retention=view.archive.retention,
        box=view.archive.box,
        item=number[-1],
    )


def blank(insurance: str, language: str = "zh-hans") -> bytes:
    """An empty form to fill in by hand."""
    return render.pdf(FormSheet(kind=f"registration-{insurance}", version=1, language=language))


def opened_on(view: CaseView) -> datetime.date:
    """The business day of the application."""
    return clock.on(view.case.submitted_at)
