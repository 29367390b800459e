"""The words of the desks: lists, places, what happened, what was found."""

from __future__ import annotations

import datetime
import json
from collections.abc import Callable, Mapping
from typing import Any, Final

from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from canbao.cases import pages, words
from canbao.cases.door import CaseRow
from canbao.cases.flow import Status
from canbao.cases.kinds import enrolment
from canbao.cases.queries import CheckRow
from canbao.kernel import clock
from canbao.people import codes
from canbao.web.theme import format as say

TABS: Final[Mapping[str, Any]] = {
    "checking": _("To check"),
    "returned": _("Sent back"),
    "ready": _("Ready to report"),
    "incoming": _("On the way to us"),
    "sent": _("Reported"),
    "overdue": _("Overdue"),
    "soon": _("Due soon"),
    "approved": _("To file"),
    "filed": _("Filed"),
}
INSURANCES: Final[Mapping[str, Any]] = {"390": _("Medical"), "170": _("Pension")}
CHANNELS: Final[Mapping[str, Any]] = {
    "phone": _("Phone or web"),
    "village": _("Helped at the village"),
    "paper": _("Paper"),
}
DESKS: Final[Mapping[str, Any]] = {
    "applicant": _("Applicant"),
    "village": _("Village"),
    "township": _("Township"),
    "county": _("County"),
    "finance": _("Finance, first"),
    "payout": _("Finance, second"),
    "archive": _("Archive"),
    "shelf": _("Archive"),
    "closed": _("Closed"),
}
STEPS: Final[Mapping[str, Any]] = {
    "village": _("1 Village inspection"),
    "township": _("2 Township review"),
    "county": _("3 County decision"),
}
REFUND_STEPS: Final[Mapping[str, Any]] = {
    "county": _("1 County check"),
    "finance": _("2 Finance, first approval"),
    "payout": _("3 Finance, paid out"),
}
FOUND: Final[Mapping[str, Any]] = {
    "agrees": _("Agrees"),
    "differs": _("Does not agree"),
    "missing": _("Missing"),
    "unsure": _("To be looked at"),
}
# What is so when a rule does not find an item in order.
PROBLEMS: Final[Mapping[str, Any]] = {
    "complete": _("Fields left empty"),
    "number_valid": _("The number is not valid"),
    "birth_sex_agree": _("Birth date or sex differ from the number"),
    "register_agrees": _("Differs from the household register"),
    "eligible": _("May not join by the rules"),
    "not_enrolled": _("Insured in it already"),
    "unlike_others": _("Looks like somebody else"),
    "level_in_pack": _("The level is not confirmed"),
    "signer_is_parent": _("Who signs as a parent is not known as one"),
    "papers_present": _("Papers are missing"),
    "papers_readable": _("Photos are hard to read"),
    "receipt_linked": _("No receipt is linked"),
    "reason_allowed": _("The rule for this reason is not confirmed"),
    "cover_not_begun": _("Cover has begun"),
    "benefits_not_drawn": _("Benefits were drawn, by the form"),
    "amount_agrees": _("The amount differs"),
    "account_own": _("The account is not in the insured person's own name"),
}
LIKE: Final[Mapping[str, Any]] = {
    "same_name_and_birth": _("same name and birth date"),
    "near_number": _("a number almost the same"),
}
TONES: Final = {"agrees": "right", "differs": "error", "missing": "error", "unsure": "warning"}
HOW: Final[Mapping[str, Any]] = {
    "drawn": _("signature drawn on the screen"),
    "paper": _("signed on paper"),
    "photo": _("photo of a signed sheet"),
    "fingerprint": _("fingerprint before a witness"),
    "account": _("own login"),
}
RELATIONS: Final[Mapping[str, Any]] = {
    "self": _("the person"),
    "parent": _("a parent"),
    "guardian": _("a guardian with proof"),
    "proxy": _("somebody asked to, with proof"),
}
EVENTS: Final[Mapping[str, Any]] = {
    "case.submitted": _("%(name)s handed the application in"),
    "case.amended": _("%(name)s put right what was returned"),
    "case.withdrawn": _("%(name)s took the application back"),
    "case.advance_taken": _("%(name)s took the money for it in advance"),
    "case.copy_given": _("%(name)s gave copy 2 to the applicant"),
    "case.death_known": _("%(name)s recorded that the person has died"),
    "case.person_died": _("%(name)s recorded that the person has died; the case was closed"),
    "case.answered": _("%(name)s answered items of the checklist"),
    "case.typed_again": _("%(name)s typed name and number a second time"),
    "case.reported": _("%(name)s reported it in a bundle"),
    "case.received": _("%(name)s counted its papers in"),
    "case.missing_at_receipt": _("%(name)s missed its papers in the bundle"),
    "case.filed": _("%(name)s filed it in the archive"),
    "case.scanned": _("%(name)s added scanned sheets"),
    "case.form_printed": _("%(name)s printed a paper of it"),
    "case.appealed": _("The applicant appealed"),
    "appeal.decided": _("%(name)s decided the appeal"),
    "case.corrected": _("%(name)s put a typing error right"),
    "case.person_merged": _("%(name)s made two rows of the person one"),
    "case.person_parted": _("%(name)s parted two rows of the person again"),
    "case.exported": _("%(name)s handed it to the provincial system"),
    "case.handed_over": _("%(name)s handed a copy over"),
    "case.refund_asked": _("%(name)s asked for the money back"),
    "case.account_changed": _("%(name)s entered another bank account"),
}
DECIDED: Final[Mapping[tuple[str, str], Any]] = {
    ("village", "pass"): _("%(name)s inspected, signed and sealed"),
    ("village", "return"): _("%(name)s sent it back from the village"),
    ("township", "pass"): _("%(name)s reviewed, signed and sealed"),
    ("township", "return"): _("%(name)s sent it back from the township"),
    ("county", "pass"): _("%(name)s approved it; the enrolment was opened"),
    ("county", "return"): _("%(name)s sent it back from the county"),
    ("county", "refuse"): _("%(name)s refused it in writing"),
}
# What the bank did with money that is given back.
BANK_DID: Final[Mapping[str, Any]] = {
    "paid": _("paid it"),
    "failed": _("could not pay it"),
    "returned": _("sent it back"),
    "unpaid": _("never paid it"),
}
GIVEN_BACK: Final[Mapping[tuple[str, str], Any]] = {
    ("county", "pass"): _("%(name)s checked it, signed and sealed"),
    ("county", "refuse"): _("%(name)s refused it in writing"),
    ("finance", "pass"): _("%(name)s of finance approved it"),
    ("finance", "return"): _("%(name)s sent it back to the county"),
    ("finance", "refuse"): _("%(name)s refused it in writing"),
    ("payout", "pass"): _("%(name)s confirmed it; the bank has paid"),
    ("payout", "return"): _("%(name)s sent it back: the bank did not pay"),
}
HOLDERS: Final[Mapping[str, Any]] = {
    "applicant": _("with the applicant"),
    "office": _("at the office"),
    "archive": _("in the archive"),
    "shelf": _("in the archive"),
}


def language() -> str:
    """The language of the page."""
    return get_language() or "zh-hans"


def status(case: CaseRow) -> str:
    """The name of the tag for where a case is."""
    if case.status in {Status.RETURNED, Status.REFUSED, Status.WITHDRAWN}:
        return str(case.status)
    done = "insured" if case.kind == enrolment.KIND else "given_back"
    return done if case.desk in {"archive", "shelf"} else case.desk


def steps(case: CaseRow) -> Mapping[str, Any]:
    """The desks of a case's kind, as headings of their opinions."""
    return STEPS if case.kind == enrolment.KIND else REFUND_STEPS


def insurance(case: CaseRow) -> str:
    """Insurance and level in a few words."""
    said = f"{INSURANCES.get(case.insurance, case.insurance)} {pages.level_name(case, language())}"
    if case.kind == enrolment.KIND:
        return said
    return gettext("Money back, %(insurance)s") % {"insurance": said}


def due(case: CaseRow, today: datetime.date) -> tuple[str, str]:
    """The deadline in words and its tone: late, soon or empty."""
    if case.due_on is None:
        return "", ""
    days = clock.working_days_between(today, case.due_on, clock.official())
    if case.due_on < today:
        return say.days_left_short(min(days, -1)), "late"
    return say.days_left_short(days), "soon" if days <= 1 else ""


def reason(said: Mapping[str, str]) -> str:
    """One reason of a decision: what, about which field or paper, and the note."""
    text = words.reason(said.get("code", ""))
    if said.get("about"):
        text = f"{text} ({words.about(said['about'])})"
    note = said.get("note", "")
    return gettext("%(reason)s: %(note)s") % {"reason": text, "note": note} if note else text


def reasons(text: str) -> list[str]:
    """The reasons of a stored decision."""
    return [reason(one) for one in json.loads(text)] if text else []


def event(row: pages.TrailRow, kind: str = enrolment.KIND) -> str:
    """What happened, in one plain sentence."""
    name = row.name or (gettext("The applicant") if row.role == "resident" else gettext("canbao"))
    if row.event == "case.decided":
        pair = (str(row.facts.get("desk")), str(row.facts.get("verdict")))
        decided = DECIDED if kind == enrolment.KIND else GIVEN_BACK
        sentence = decided.get(pair, _("%(name)s decided"))
    else:
        sentence = EVENTS.get(row.event, _("%(name)s worked on it"))
    return str(sentence) % {"name": name}


def problem(item: str, verdict: str) -> str:
    """What a rule found wrong with an item, in a few words."""
    if item == "register_agrees" and verdict == "missing":
        return gettext("Not in the household register")
    return str(PROBLEMS.get(item, words.item(item)))


def finding(check: CheckRow) -> str:
    """What a rule found about one item, with both values it compared."""
    if check.verdict == "agrees":
        return gettext("By rule: %(item)s") % {"item": words.item(check.item)}
    said = gettext("By rule: %(item)s") % {"item": problem(check.item, check.verdict)}
    given, found = _values(check)
    if given and found:
        return gettext("%(said)s: “%(given)s” against “%(found)s”") % {
            "said": said, "given": given, "found": found,
        }  # fmt: skip
    more = given or found
    return gettext("%(reason)s: %(note)s") % {"reason": said, "note": more} if more else said


def _values(check: CheckRow) -> tuple[str, str]:
    """Both values in words; what the comparison beside it shows already is left out."""
    if check.item in {"register_agrees", "level_in_pack", "reason_allowed"}:
        return "", ""
    if check.item == "birth_sex_agree":
        return _birth_sex(check.given), _birth_sex(check.found)
    if check.item in LISTED:
        text = check.given if check.item in {"complete", "papers_readable"} else check.found
        named = [LISTED[check.item](one) for one in text.split(", ") if one]
        return "", say.listed(named)
    return check.given, check.found


def _alike(text: str) -> str:
    code, _blank, number = text.partition(" ")
    return f"{LIKE.get(code, code)} {number}".strip()


def _insured(code: str) -> str:
    return str(INSURANCES.get(code, code))


def _relations(text: str) -> str:
    """Of the signer and of the child to the householder, as the register has them."""
    signer, _blank, child = text.partition(" ")
    return gettext("by the register %(signer)s, the child is %(child)s") % {
        "signer": codes.RELATION.label(signer), "child": codes.RELATION.label(child),
    }  # fmt: skip


def _blurred(text: str) -> str:
    return words.paper(text.partition(" ")[0])


# How each part of what a rule kept as a list is said.
LISTED: Final[Mapping[str, Callable[[str], str]]] = {
    "complete": words.about,
    "papers_present": words.paper,
    "papers_readable": _blurred,
    "not_enrolled": _insured,
    "signer_is_parent": _relations,
    "unlike_others": _alike,
}


def _birth_sex(text: str) -> str:
    birth, _blank, code = text.partition(" ")
    return f"{birth} {sex(code)}" if code else birth


def sex(code: str) -> str:
    """A sex in words."""
    return codes.SEX.label(code)
