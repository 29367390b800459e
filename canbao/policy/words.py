"""The words a page or a command needs for what the rules answer: payers, price lines, reasons, faults."""

from __future__ import annotations

from typing import Final

from django.utils.functional import Promise
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from canbao.kernel import money
from canbao.policy.refusals import REFUSALS
from canbao.policy.rules.answers import Likely, Line, Share, Standing
from canbao.policy.rules.faults import Fault
from canbao.policy.rules.pack import Grade, Payer, Text
from canbao.policy.rules.person import Insurance, Residency

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
LINES: Final[dict[str, Promise]] = {
    "own_amount": _("Own amount for %(name)s: %(yuan)s yuan."),
    "taken_over": _("Taken over for %(name)s: %(yuan)s yuan."),
    "share": _("%(payer)s pays %(yuan)s yuan."),
}


def in_language(text: Text) -> str:
    """Give a text of a pack in the language of the page."""
    return text.in_language(get_language() or "zh-hans")


def payer(share: Share) -> str:
    """Name who pays a share: the helper by its own name, everybody else by kind."""
    return in_language(share.name) if share.name else str(PAYERS[share.payer])


def line(line: Line) -> str:
    """Say one step of a price."""
    kind, _, code = line.code.partition("_")
    facts = {"name": in_language(line.name), "yuan": money.in_yuan(line.fen)}
    if kind == "share":
        return str(LINES["share"]) % (facts | {"payer": str(PAYERS[code])})
    return str(LINES[line.code]) % facts


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
    return f"{found.file}:{found.line}: {str(REFUSALS[found.code]) % found.facts}"
