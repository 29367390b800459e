"""The words a page or a command needs for what the rules answer: payers, price lines, reasons, faults."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final

from django.utils.dateformat import format as written
from django.utils.functional import Promise
from django.utils.translation import get_language, pgettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from canbao.kernel import money, refusals
from canbao.policy.rules.answers import (
    Collects,
    CoverAnswer,
    CoverStep,
    Facts,
    Likely,
    Line,
    Price,
    RefundAnswer,
    Share,
    Standing,
    Step,
    Window,
)
from canbao.policy.rules.faults import Fault
from canbao.policy.rules.person import Insurance, Residency, Student
from canbao.policy.rules.values import Grade, Payer, Text

INSURANCES: Final[dict[str, Promise]] = {
    Insurance.PENSION: _("Residents' pension"),
    Insurance.MEDICAL: _("Residents' medical insurance"),
}
PAYERS: Final[dict[str, Promise]] = {
    Payer.OWN: pgettext_lazy("payer", "You"),
    Payer.AID: pgettext_lazy("payer", "Helper"),
    Payer.GOVERNMENT: pgettext_lazy("payer", "Government"),
    Payer.CENTRAL: pgettext_lazy("payer", "Central budget"),
    Payer.PROVINCE: pgettext_lazy("payer", "Provincial budget"),
    Payer.PROVINCE_CITY: pgettext_lazy("payer", "Provincial and city budgets"),
    Payer.CITY: pgettext_lazy("payer", "City budget"),
    Payer.COUNTY: pgettext_lazy("payer", "County budget"),
    Payer.COLLECTIVE: pgettext_lazy("payer", "Village collective"),
}
GRADES: Final[dict[str, Promise]] = {
    Grade.A: _("official site"),
    Grade.B: _("reprint of an official text"),
    Grade.C: _("press or page copy"),
    Grade.D: _("weak or no source"),
}
RESIDENCIES: Final[dict[str, Promise]] = {
    Residency.RURAL: pgettext_lazy("residency", "rural household"),
    Residency.URBAN: pgettext_lazy("residency", "urban household"),
    Residency.UNIFIED: pgettext_lazy("residency", "resident household"),
    Residency.PERMIT: pgettext_lazy("residency", "residence permit"),
    Residency.ELSEWHERE: pgettext_lazy("residency", "registered elsewhere"),
}
REASONS: Final[dict[str, Promise]] = {
    "likely_by_age": _("Chosen for the age of %(age)s and the %(residency)s."),
    "likely_by_student": _("Chosen because the person is in education."),
    "likely_last_year": _("Last year's choice."),
    "likely_paid_for": _("This tier is paid for the person."),
    "likely_none": _("Nothing is chosen yet."),
}
EDUCATION: Final[dict[str, Promise]] = {
    Student.NONE: _("not in education"),
    Student.KINDERGARTEN: _("in kindergarten"),
    Student.SCHOOL: _("at school"),
    Student.UNIVERSITY: _("at a university"),
}
# What a pack writes where a source is known by its title only.
NO_ADDRESS: Final = "-"
LINES: Final[dict[str, Promise]] = {
    Step.OWN_AMOUNT: _("Own amount for %(name)s: %(yuan)s yuan."),
    Step.BACK_PAYMENT: _("Paid now for the missed year %(year)s, at the present amount."),
    Step.TAKEN_OVER: _("%(name)s: %(payer)s pays %(yuan)s yuan of it."),
    Step.PAID_BACK: _("%(name)s: paid in full first; %(payer)s gives %(yuan)s yuan back."),
    Step.GIVES_WAY: _("%(name)s: a group that comes first helps already."),
    Step.LATE: _("The collection period is over: %(yuan)s yuan of public money are paid as well."),
    Step.NOT_PAID: _("Not paid for late payers: %(payer)s, %(yuan)s yuan."),
    Step.SHARE: _("%(payer)s: %(yuan)s yuan."),
}
COVER: Final[dict[str, Promise]] = {
    CoverStep.IN_TIME: _("Paid within the collection period, by %(closes_on)s."),
    CoverStep.EXTENDED: _("Paid within the extension, by %(extended_to)s."),
    CoverStep.LATE: _("Paid after the collection period, which ended on %(closes_on)s."),
    CoverStep.NEWBORN: _("Born on %(born)s and paid within %(days)s days of birth."),
    CoverStep.NEWBORN_LATER: _("Born on %(born)s and paid later than %(days)s days after birth."),
    CoverStep.EXEMPT: _("This group does not have to wait."),
    CoverStep.FIXED: _("Fixed wait: %(months)s months."),
    CoverStep.GAPS: _("%(years)s years without cover: %(months)s months more."),
    CoverStep.REPAID: _("%(years)s missed years are paid back: %(months)s months less."),
    CoverStep.LONG_GAP: _("After %(years)s years without cover at least %(months)s months."),
    CoverStep.NEVER: _(
        "Cover would begin on %(from_on)s, but the year ends on %(to_on)s: this year cannot be used."
    ),
    CoverStep.UNTIL: _("Covered from %(from_on)s to %(to_on)s."),
}
WINDOWS: Final[dict[str, Promise]] = {
    Window.UNSAID: _("No collection period is published; money is not taken yet."),
    Window.EARLY: _("Collection begins on %(next_on)s."),
    Window.OPEN: _("Money is taken until %(closes_on)s."),
    Window.EXTENDED: _("The period is over; money is taken until %(extended_to)s all the same."),
    Window.LATE: _("The period is over; late payment is possible until %(late_to)s."),
    Window.NEWBORN: _("A newborn can be paid for now, whatever the period."),
    Window.PAUSED: _("The tax month is closed; money is taken again on %(next_on)s."),
    Window.CLOSED: _("The period is over; money for this year is not taken any more."),
}
REFUNDS: Final[dict[str, Promise]] = {
    "refund_allowed": _("The money can be given back."),
    "refund_reason_unknown": _("The published rules know no refund for this reason."),
    "refund_cover_begun": _("Cover has begun; for this reason nothing is given back."),
    "refund_cover_not_begun": _("Cover has not begun; this reason counts only afterwards."),
    "refund_benefits_drawn": _("Benefits were drawn this year; nothing is given back."),
    "refund_asked_too_late": _("The days in which it had to be asked for are over."),
}


@dataclass(frozen=True, slots=True)
class Sentence:
    """One line of a why: what is said, the fen it concerns, its source, and what a reader must know of it."""

    said: str
    fen: int
    source: str
    notes: tuple[str, ...]

    @property
    def basis(self) -> str:
        """The source with what a reader must know of it, by which lines that rest on the same are told together."""
        return _joined(self.source, *self.notes)


def in_language(text: Text) -> str:
    """Give a text of a pack in the language of the page."""
    return text.in_language(get_language() or "zh-hans")


def payer(share: Share) -> str:
    """Name who pays a share: the helper by its own name, everybody else by kind."""
    return in_language(share.name) if share.name else str(PAYERS[share.payer])


def line(line: Line) -> str:
    """Say one step of a price, with the evidence behind it."""
    facts = {
        "name": in_language(line.name),
        "yuan": money.in_yuan(line.fen),
        "payer": _payer_of(line),
        **_said(line.because),
    }
    return _joined(str(LINES[line.code]) % facts, *_evidence(line))


def _payer_of(line: Line) -> str:
    return in_language(line.payer_name) if line.payer_name else str(PAYERS[line.payer])


def _evidence(line: Line) -> list[str]:
    """Say the facts of a line: age and schooling for a category, list and days for a group."""
    facts, said = _said(line.because), []
    if "age" in facts:
        said.append(str(_("%(age)s years old.")) % facts)
    if facts.get("student") in EDUCATION:
        said.append(str(_("The person is %(student)s.")) % {"student": EDUCATION[facts["student"]]})
    if "evidence" in facts:
        said.append(str(_("Proof: %(evidence)s.")) % facts)
    if "from_on" in facts:
        said.append(str(_("In this group since %(from_on)s.")) % facts)
    return said


def trace(price: Price) -> list[Sentence]:
    """Say why a price is what it is, line by line with source and notes, for a page or a command."""
    return [
        Sentence(line(one), one.fen, source(one.standing), tuple(notes(one.standing)))
        for one in price.trace
    ]


def cover(answer: CoverAnswer) -> list[Sentence]:
    """Say from when cover counts and why."""
    return [
        Sentence(
            str(COVER[one.code]) % _said(one.facts),
            0,
            source(one.standing),
            tuple(notes(one.standing)),
        )
        for one in answer.why
    ]


def window(collects: Collects) -> str:
    """Say whether money is taken, and until or from when."""
    season = collects.season
    if collects.state is Window.PAUSED and collects.next_on is None:
        return str(WINDOWS[Window.CLOSED])
    days = {
        "next_on": collects.next_on,
        "closes_on": season.closes_on if season else None,
        "extended_to": season.in_time_to if season else None,
        "late_to": season.late_to if season else None,
    }
    said = {name: day(on) if on else "" for name, on in days.items()}
    return str(WINDOWS[collects.state]) % said


def refund(answer: RefundAnswer) -> str:
    """Say whether money is given back: the pack's own sentence where it has one for a refusal."""
    if answer.says and not answer.allowed:
        return in_language(answer.says)
    return str(REFUNDS[answer.code])


def source(standing: Standing) -> str:
    """Name where a value is said: title, address, day of publication or that it was not found."""
    if standing.published_on:
        when = str(_("published on %(day)s")) % {"day": day(standing.published_on)}
    else:
        when = str(_("day of publication not found"))
    title = in_language(standing.title)
    if standing.address == NO_ADDRESS:
        return str(_("%(title)s, %(when)s")) % {"title": title, "when": when}
    return str(_("%(title)s (%(address)s), %(when)s")) % {
        "title": title,
        "address": standing.address,
        "when": when,
    }


def day(on: date) -> str:
    """Write a date with its year."""
    return written(on, pgettext("date", "j F Y"))


def _said(facts: Facts) -> dict[str, str]:
    """The facts of a line with their dates in words."""
    dates = {"born", "closes_on", "extended_to", "from_on", "to_on"}
    return {name: day(date.fromisoformat(v)) if name in dates else v for name, v in facts}


def _joined(*sentences: str) -> str:
    gap = "" if (get_language() or "zh-hans").startswith("zh") else " "
    return gap.join(sentences)


def reason(likely: Likely) -> str:
    """Say why a level is the likely one."""
    residency = RESIDENCIES.get(str(likely.facts.get("residency")), "")
    return str(REASONS[likely.why]) % {**likely.facts, "residency": residency}


def notes(standing: Standing) -> list[str]:
    """Say what a reader must know about a value: unconfirmed, inherited, or from another year."""
    said = []
    if standing.borrowed_from is not None:
        said.append(
            str(_("This year is not published yet; the value is that of %(year)s."))
            % {"year": standing.borrowed_from}
        )
    if standing.inherited_from == "000000":
        said.append(str(_("National value; none of this place was found.")))
    if not standing.confirmed:
        said.append(str(_("Not confirmed.")))
    return said


def fault(found: Fault) -> str:
    """Say a fault as `file:line: sentence`."""
    return f"{found.file}:{found.line}: {refusals.say(found.code, found.facts)}"
