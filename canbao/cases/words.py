"""The words of cases for people: papers, items, reasons, fields, in the reader's language."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from typing import Any, Final, Protocol

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from canbao.cases.door import CaseRow
from canbao.kernel import clock
from canbao.policy import published
from canbao.policy.rules.values import Text
from canbao.policy.words import in_language

PAPERS: Final[dict[str, Any]] = {
    "registration-390": _("Registration form, medical insurance"),
    "registration-170": _("Registration form, pension"),
    "id_front": _("ID card, portrait side"),
    "id_back": _("ID card, emblem side"),
    "booklet_first": _("Household booklet, first page"),
    "booklet_own": _("Household booklet, own page"),
    "photo": _("Photo"),
    "group_proof": _("Proof of a special group"),
    "guardian_proof": _("Proof of guardianship"),
    "signed_sheet": _("Signed sheet"),
    "proxy_proof": _("Proof of the proxy"),
    "family_relations": _("Family relations of an elderly resident"),
    "refund": _("Application for money back"),
    "refund_proof": _("Proof of the reason"),
    "receipt": _("Receipt of the payment"),
    "account_card": _("Bank card or passbook"),
    "death_proof": _("Death certificate"),
}
ITEMS: Final[dict[str, Any]] = {
    "complete": _("Every field is filled"),
    "number_valid": _("The number is valid"),
    "birth_sex_agree": _("Birth date and sex agree with the number"),
    "register_agrees": _("Agrees with the household register"),
    "eligible": _("May join this insurance"),
    "not_enrolled": _("Not insured already"),
    "unlike_others": _("Nobody else looks like the same person"),
    "level_in_pack": _("The level is in force and confirmed"),
    "signer_is_parent": _("Who signs for the child is a parent"),
    "papers_present": _("All papers are there"),
    "papers_readable": _("All photos can be read"),
    "form_complete": _("The form is filled completely"),
    "identity_agrees": _("Name and number are those of the papers"),
    "applicant_signed": _("Signed, sealed or fingerprinted in person"),
    "originals_seen": _("The originals were seen"),
    "papers_attached": _("Copies of all papers are attached"),
    "photo_is_person": _("The photo shows this person"),
    "ink_copy_1": _("Ink on copy 1"),
    "ink_copy_2": _("Ink on copy 2"),
    "family_form_complete": _("The family relation form is complete and true"),
    "village_marks": _("The village has signed and sealed"),
    "materials_complete": _("All materials are there"),
    "eligible_confirmed": _("The person belongs here and may join"),
    "list_agrees": _("The papers agree with the list"),
    "entry_confirmed": _("The township's entry is right, field by field"),
    "township_marks": _("The township has signed and sealed"),
    "receipt_linked": _("The receipt it was paid with is known"),
    "reason_allowed": _("The rules give money back for this reason"),
    "cover_not_begun": _("Cover has not begun"),
    "benefits_not_drawn": _("No benefits were drawn"),
    "amount_agrees": _("The amount is what may be given back"),
    "account_own": _("The account is the insured person's own"),
    "reason_proven": _("The paper that proves the reason was seen"),
    "receipt_seen": _("The original receipt was seen, or it is known to be lost"),
    "nothing_drawn": _("Looked up: benefits of this year are as the form says"),
    "account_seen": _("Bank card or passbook was seen: holder and number are right"),
    "county_marks": _("The county has signed and sealed"),
    "refund_agrees": _("Amount, receipt and account agree with the book"),
    "finance_marks": _("Another officer of finance has signed and sealed"),
    "payout_agrees": _("The bank has paid exactly this amount to this account"),
    "second_entry": _("Name and number typed a second time"),
    "second_entry_differs": _("The second entry differs from the first"),
}
REASONS: Final[dict[str, Any]] = {
    "paper_missing": _("A paper is missing"),
    "paper_unreadable": _("A paper cannot be read"),
    "paper_wrong": _("It is another paper, or somebody else's"),
    "field_wrong": _("A field is wrong"),
    "field_empty": _("A field is empty"),
    "not_signed": _("The applicant has not signed"),
    "number_differs": _("The number differs from the paper"),
    "name_differs": _("The name differs from the paper"),
    "register_differs": _("It differs from the household register"),
    "mark_missing": _("A signature or seal is missing"),
    "not_eligible": _("The conditions are not met"),
    "insured_already": _("Insured already"),
    "not_this_county": _("Belongs to another county"),
    "reason_not_proven": _("The reason is not proven"),
    "benefits_drawn": _("Benefits were drawn"),
    "account_wrong": _("The bank account is wrong"),
    "bank_did_not_pay": _("The bank did not pay"),
    "other": _("Another reason"),
}
FIELDS: Final[dict[str, Any]] = {
    "name": _("Name"),
    "number": _("Number"),
    "sex": _("Sex"),
    "birth_on": _("Date of birth"),
    "ethnic": _("Ethnic group"),
    "address": _("Registered address"),
    "living_address": _("Home address"),
    "phone": _("Phone"),
    "level": _("Level"),
    "household_number": _("Household number"),
    "relation": _("Relation to the householder"),
    "guardian": _("Guardian"),
    "signature": _("Signature"),
    "account": _("Bank account"),
    "amount": _("Amount"),
}
# As they are printed in the boxes of the form.
OPINIONS: Final[dict[str, Any]] = {
    "village": _("Papers complete, the person is who the papers say. Agreed to report."),
    "township": _("First review passed, the facts agree. Agreed to report to the county."),
    "county": _("Review passed. Enrolment established."),
}
REFUND_OPINIONS: Final[dict[str, Any]] = {
    "county": _("Reason and papers checked. Agreed to give the money back."),
    "finance": _("Amount, receipt and account agree with the book. Agreed to pay out."),
    "payout": _("Checked again. Paid out by the bank."),
}
REFUSED_OPINION: Final = _("Not approved. The reasons stand in the written decision.")
_reasons: dict[tuple[str, str], Text | None] = {}
# Why money is given back without a reason of the packs.
REFUND_REASONS: Final[dict[str, Any]] = {
    "too_much": _("More was paid than is owed"),
    "refused": _("Paid in advance; the application was refused"),
    "withdrawn": _("Paid in advance; the application was taken back"),
    "died": _("Died before the year began"),
}


# What only money given back can lack, and what it cannot; the others fit both kinds of cases.
_REFUND_ONLY: Final = frozenset({
    "reason_not_proven", "benefits_drawn", "account_wrong", "bank_did_not_pay", "account", "amount",
    "refund", "refund_proof", "receipt", "account_card", "death_proof",
})  # fmt: skip
_ENROLMENT_ONLY: Final = frozenset({
    "register_differs", "not_eligible", "insured_already", "not_this_county", "level", "relation",
    "guardian", "household_number", "ethnic", "living_address", "photo", "booklet_first", "booklet_own",
    "group_proof", "guardian_proof", "family_relations",
})  # fmt: skip


def _fits(code: str, kind: str) -> bool:
    return code not in (_ENROLMENT_ONLY if kind == "refund" else _REFUND_ONLY)


def reasons_of(kind: str) -> list[tuple[str, Any]]:
    """The reasons for which a case of this kind goes back or is refused, with their words."""
    return [(code, said) for code, said in REASONS.items() if _fits(code, kind)]


def abouts_of(case: CaseRow, sent: Collection[str]) -> list[tuple[str, Any]]:
    """The fields and papers that such a reason can be about: those of its kind, and what was sent in."""
    fields = [(code, said) for code, said in FIELDS.items() if _fits(code, case.kind)]
    other = {"registration-390", "registration-170"} - {f"registration-{case.insurance}"}
    papers = {one for one in PAPERS if _fits(one, case.kind) and one not in other}
    return [*fields, *((one, paper(one)) for one in sorted({*papers, *sent}))]


RETENTIONS: Final[dict[str, Any]] = {"permanent": _("permanent"), "30 years": _("30 years")}


def retention(code: str) -> str:
    """How long a filed item is kept."""
    return str(RETENTIONS.get(code, code))


def paper(kind: str) -> str:
    """A paper by its kind."""
    return str(PAPERS.get(kind, kind))


def item(code: str) -> str:
    """An item of a checklist."""
    return str(ITEMS.get(code, code))


def reason(code: str) -> str:
    """A reason of a return or refusal."""
    return str(REASONS.get(code, code))


def about(code: str) -> str:
    """The field or paper a reason is about."""
    return str(FIELDS.get(code) or PAPERS.get(code) or code)


def opinion(
    desk: str, fields: Mapping[str, Any], kind: str = "enrolment", *, refused: bool = False
) -> str:
    """A desk's opinion as it stands on the form of these fields; page and paper say the same.

    On a sheet that a correction made, what was corrected stands in its place. A desk that refused has
    signed and sealed too, and says so.
    """
    if refused:
        return str(REFUSED_OPINION)
    if kind == "refund":
        return str(REFUND_OPINIONS[desk])
    corrected = _corrected(fields.get("corrected", ()))
    return corrected or str(OPINIONS[desk])


def refund_reason(case: CaseRow, reason: str) -> str:
    """Why money is given back: in the words of the pack, read once for each, or for what was due unasked."""
    key = (case.pack_sha256, reason)
    if key not in _reasons:
        asked_on = clock.on(clock.instant(case.submitted_at))
        rules = published.rules(case.insurance, case.year)
        _reasons[key] = dict(rules.refund_reasons(asked_on)).get(reason)
    named = _reasons[key]
    return in_language(named) if named else str(REFUND_REASONS.get(reason, reason))


class Due(Protocol):
    """Money that is due to somebody, as its reason is said."""

    @property
    def insurance(self) -> str:
        """The insurance it was paid for."""

    @property
    def year(self) -> int:
        """The cover year it was paid for."""

    @property
    def reason(self) -> str:
        """Why: a code of canbao, or of the packs where somebody asked and the bank sent it back."""


def due_reasons(found: Iterable[Due]) -> Callable[[Due], str]:
    """What says of each of these why it is due; at most one statement."""
    asked = {(one.insurance, one.year) for one in found if one.reason not in REFUND_REASONS}
    packs = published.rules_of(asked) if asked else {}
    named = {one: dict(rules.refund_reasons(clock.today())) for one, rules in packs.items()}

    def said(one: Due) -> str:
        name = named.get((one.insurance, one.year), {}).get(one.reason)
        return (
            in_language(name)
            if name
            else str(REFUND_REASONS.get(one.reason, gettext("It was asked for")))
        )

    return said


def reason_names(year: int) -> dict[str, str]:
    """The reasons for which money is asked back, by their codes in the packs of a year; at most one statement."""
    packs = published.rules_of({(one, year) for one in ("390", "170")})
    return {
        code: in_language(name)
        for rules in packs.values()
        for code, name in rules.refund_reasons(clock.today())
    }


def _corrected(changes: Sequence[Mapping[str, str]]) -> str:
    if not changes:
        return ""
    return gettext("Corrected: %(fields)s. The earlier sheet with its marks stays in the file.") % {
        "fields": gettext(", ").join(about(one["field"]) for one in changes)
    }
