"""The items of a checklist with what the rules found beside each, and both values they compared."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.utils.translation import gettext

from canbao.cases import closing, flow, inspection, pages
from canbao.cases import words as terms
from canbao.cases.family import Child
from canbao.cases.inspection import Said
from canbao.cases.kinds import refund
from canbao.cases.pages import Beside
from canbao.cases.queries import CaseView, CheckRow
from canbao.kernel import clock
from canbao.papers.queries import MarkRow
from canbao.people import codes
from canbao.people.numbers import KINDS
from canbao.policy.words import RESIDENCIES
from canbao.web.desk import giving, kin, words
from canbao.web.theme import format as say
from canbao.web.theme.pieces import Compared, Row

# Which findings of the rules stand beside which item; the person answers each.
BESIDE: Final[Mapping[str, Sequence[str]]] = {
    "form_complete": ("complete",),
    "identity_agrees": ("number_valid", "birth_sex_agree", "register_agrees", "unlike_others"),
    "applicant_signed": ("signer_is_parent",),
    "papers_attached": ("papers_present",),
    "photo_is_person": ("papers_readable",),
    "materials_complete": ("papers_present", "papers_readable"),
    "eligible_confirmed": ("eligible", "not_enrolled", "level_in_pack"),
    "reason_proven": ("reason_allowed",),
    "receipt_seen": ("receipt_linked",),
    "nothing_drawn": ("cover_not_begun", "benefits_not_drawn"),
    "account_seen": ("account_own",),
    "refund_agrees": ("amount_agrees", "account_own"),
    "entry_confirmed": ("complete", "number_valid", "birth_sex_agree", "register_agrees"),
}
MARKS_OF: Final[Mapping[str, str]] = {
    "village_marks": "village",
    "township_marks": "township",
    "county_marks": "county",
    "finance_marks": "finance",
}
SIGNED_SHEET: Final = "signed_sheet"
COMPARED: Final = {"identity_agrees", "entry_confirmed"}


@dataclass(frozen=True, slots=True)
class Finding:
    """What stands beside an item: a sentence and its tone."""

    text: str
    tone: str


@dataclass(frozen=True, slots=True)
class Line:
    """One item of the checklist as it is drawn."""

    number: int
    item: str
    title: str
    answer: str
    note: str
    findings: Sequence[Finding]
    hint: str
    settled: str
    compared: Sequence[Compared]
    sources: Sequence[str]


def lines(
    view: CaseView, around: Beside, typed: Mapping[str, Said] | None = None,
    children: Sequence[Child] = (),
) -> list[Line]:  # fmt: skip
    """The items that the desk is asked, with answers kept or typed."""
    del around
    kept = view.answers(view.case.desk)
    found = []
    asked = list(inspection.asked(view.case))
    if view.case.desk == "village" and "family_form_complete" not in asked:
        asked.append("family_form_complete")
    for number, item in enumerate(asked, 1):
        said = (typed or {}).get(item)
        answer = str(said.answer) if said else kept[item].verdict if item in kept else ""
        note = said.note if said else kept[item].note if item in kept else ""
        settled = item == "family_form_complete" and not view.case.family_form
        compared = comparison(view) if item in COMPARED else ()
        found.append(
            Line(
                number, item, terms.item(item), answer, note,
                [] if settled else _findings(view, item, children), _hint(item),
                gettext("not asked for at this age") if settled else "",
                compared, sources(view) if compared else (),
            )
        )  # fmt: skip
    return found


def _findings(view: CaseView, item: str, children: Sequence[Child]) -> list[Finding]:
    checks = {one.item: one for one in view.findings}
    wanted = [
        checks[one]
        for one in BESIDE.get(item, ())
        # Of photos that nobody sent none is hard to read either.
        if one in checks and (one != "papers_readable" or view.scans)
    ]
    found = [Finding(words.finding(one), words.TONES.get(one.verdict, "warning")) for one in wanted]
    if item in {"applicant_signed", "ink_copy_1", "ink_copy_2"}:
        found += _marked(view, "applicant")
    if item in MARKS_OF:
        found += _marked(view, MARKS_OF[item])
    if item == "family_form_complete":
        found += [Finding(text, "error") for text in kin.differences(children)]
    return found


def _marked(view: CaseView, box: str) -> list[Finding]:
    mine = [one for one in view.marks if one.box == box and one.paper_id == view.form.id]
    if not mine:
        return [Finding(gettext("By record: no mark here"), "error")]
    broken = [one for one in mine if not one.holds]
    if broken:
        return [Finding(gettext("By record: the form was changed after this mark"), "error")]
    if box == flow.APPLICANT and not _seen_signed(view, mine):
        said = gettext(
            "Entered: %(name)s, %(how)s, %(day)s. Look at the paper, no scan of it is here."
        )
        tone = "warning"
    else:
        said, tone = gettext("By record: %(name)s, %(how)s, %(day)s"), "right"
    return [
        Finding(
            said
            % {
                "name": one.acted_by_name,
                "how": (
                    gettext("seal of %(office)s") % {"office": one.office_name}
                    if one.kind == "seal"
                    else words.HOW.get(one.how, one.how)
                ),
                "day": say.day(one.acted_on, today=clock.today()),
            },
            tone,
        )
        for one in mine
    ]


def _seen_signed(view: CaseView, marks: Sequence[MarkRow]) -> bool:
    """Whether the signature is here to be looked at: given on a screen, or on a sheet that was scanned."""
    signed = any(one.kind == SIGNED_SHEET for one in view.scans)
    return signed or not any(one.how in {"paper", "fingerprint"} for one in marks)


def _hint(item: str) -> str:
    if item == "originals_seen":
        return gettext("Only you can say: are ID card and booklet here in the original?")
    if item in {"ink_copy_1", "ink_copy_2"}:
        return gettext("Look at this copy on paper: is the ink of the applicant on it?")
    return ""


def _register(view: CaseView) -> CheckRow | None:
    return next((one for one in view.findings if one.item == "register_agrees"), None)


def sources(view: CaseView) -> list[str]:
    """The heads of the comparison's columns."""
    heads = [gettext("Form"), gettext("Register")]
    return [*heads, gettext("Second entry")] if _entry(view) else heads


def _entry(view: CaseView) -> Any:
    if view.case.desk == "village":
        return None
    return view.entries[-1] if view.entries else None


def comparison(view: CaseView) -> list[Compared]:
    """Name, number, birth date, sex and household from the form, the register and the second entry."""
    check = _register(view)
    form, register = _parts(check.given if check else ""), _parts(check.found if check else "")
    entry = _entry(view)
    numbers = (
        pages.difference(view.case, entry)
        if entry and not entry.agrees
        else (view.case.masked, view.case.masked)
    )
    rows = []
    for label, name in (
        (gettext("Name"), "name"), (gettext("Born"), "birth"), (gettext("Sex"), "sex"),
        (gettext("Household"), "household"),
    ):  # fmt: skip
        values = [form.get(name), register.get(name)]
        if entry:
            values.append(entry.name if name == "name" else None)
        if entry and name != "name":
            rows.append(Compared(label, values, same=values[0] == values[1]))
        else:
            rows.append(Compared(label, values))
    known = view.case.masked if register else None
    number: list[str | None] = [numbers[0], known]
    if entry:
        number.append(numbers[1])
    agrees = bool(register) and (entry is None or entry.agrees)
    rows.insert(1, Compared(gettext("Number"), number, same=agrees))
    return rows


def _parts(text: str) -> dict[str, str]:
    """Name, birth date, sex and household as the rule kept them: the name may hold blanks, the rest may not."""
    found = text.rsplit(" ", 4)
    if len(found) != 5:  # noqa: PLR2004 - name, birth date, sex, village, household
        return {}
    name, birth, sex, _village, household = found
    return {"name": name, "birth": birth, "sex": codes.SEX.label(sex), "household": household}


def others(view: CaseView) -> list[Finding]:
    """What the rules found that stands beside no item of this desk."""
    asked = inspection.asked(view.case)
    beside = {one for item in asked for one in BESIDE.get(item, ())}
    return [
        Finding(words.finding(one), words.TONES.get(one.verdict, "warning"))
        for one in view.findings
        if one.item not in beside and (one.item != "papers_readable" or view.scans)
    ]


def reason_rows(view: CaseView) -> list[dict[str, Any]]:
    """Rows of the return form: one for each item answered with no, and two more; never less than three."""
    kept = view.answers(view.case.desk)
    rows: list[dict[str, Any]] = []
    for item, check in kept.items():
        if check.verdict == inspection.Answer.NO:
            code, about = closing.FROM_NO.get(item, ("other", ""))
            rows.append({"place": len(rows), "code": code, "about": about, "note": check.note})
    places = range(len(rows), max(len(rows) + 2, 3))
    return [*rows, *({"place": one, "code": "", "about": "", "note": ""} for one in places)]


def against(view: CaseView) -> list[Finding]:
    """What the rules found wrong, whatever was answered: who signs sees it once more."""
    return [
        Finding(words.finding(one), words.TONES[one.verdict])
        for one in view.findings
        if words.TONES.get(one.verdict) == "error"
    ]


def facts(view: CaseView, around: Beside) -> list[Row]:
    """What was applied for, field by field; the number only masked."""
    if view.case.kind == refund.KIND:
        return giving.facts(view, around)
    said = view.fields
    ethnic = codes.ETHNIC.label(said["ethnic"])
    lines = [
        (gettext("Document"), f"{KINDS.label(said['document_kind'])} {said['number_masked']}"),
        (gettext("Sex, ethnic group, born"),
         f"{words.sex(said['sex'])} · {ethnic} · {said['birth_on']}"),
        (gettext("Village and household"),
         f"{around.village} · {said['household_number']} · {codes.RELATION.label(said['relation'])}"),
        (gettext("Registered address"), said["address"]),
        (gettext("Home address"), said["living_address"]),
        (gettext("Kind of household"), str(RESIDENCIES.get(said["residency"], said["residency"]))),
        (gettext("Phone"), said["phone"]),
        (gettext("Level and own share"),
         f"{words.insurance(view.case)} · {say.money(view.case.own_fen)}"),
        (gettext("Signed by"),
         f"{said['signed_by'][0]} · {words.RELATIONS.get(said['signed_by'][1], '')}"),
        (gettext("Came by"), str(words.CHANNELS.get(view.case.channel, view.case.channel))),
    ]  # fmt: skip
    return [Row(key=key, value=value) for key, value in lines if value]
