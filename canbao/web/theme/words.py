"""One word, one meaning: how a case's status and flags are called, and the colour beside the word."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


@dataclass(frozen=True, slots=True)
class Word:
    """What a resident and an officer read for the same thing, and its tag's colour."""

    resident: StrOrPromise
    officer: StrOrPromise
    colour: str

    def to(self, audience: str) -> StrOrPromise:
        """Return the word for `resident` or `officer`."""
        return self.resident if audience == "resident" else self.officer


def _word(resident: StrOrPromise, officer: StrOrPromise, colour: str) -> Word:
    return Word(resident=resident, officer=officer, colour=colour)


STATUS: Final = {
    "draft": _word(pgettext_lazy("resident", "Draft"), pgettext_lazy("officer", "Draft"), "grey"),
    "village": _word(
        pgettext_lazy("resident", "At the village"),
        pgettext_lazy("officer", "At the village"),
        "blue",
    ),
    "township": _word(
        pgettext_lazy("resident", "At the township"),
        pgettext_lazy("officer", "At the township"),
        "blue",
    ),
    "county": _word(
        pgettext_lazy("resident", "At the county"),
        pgettext_lazy("officer", "At the county"),
        "blue",
    ),
    "finance": _word(
        pgettext_lazy("resident", "At finance"), pgettext_lazy("officer", "Finance, first"), "blue"
    ),
    "payout": _word(
        pgettext_lazy("resident", "Being paid out"),
        pgettext_lazy("officer", "Finance, second"),
        "blue",
    ),
    "given_back": _word(
        pgettext_lazy("resident", "Paid back"), pgettext_lazy("officer", "Paid back"), "green"
    ),
    "returned": _word(
        pgettext_lazy("resident", "Returned"), pgettext_lazy("officer", "Returned"), "amber"
    ),
    "insured": _word(
        pgettext_lazy("resident", "Insured"), pgettext_lazy("officer", "Insured"), "green"
    ),
    "refused": _word(
        pgettext_lazy("resident", "Refused"), pgettext_lazy("officer", "Refused"), "red"
    ),
    "withdrawn": _word(
        pgettext_lazy("resident", "Withdrawn"), pgettext_lazy("officer", "Withdrawn"), "grey"
    ),
}

FLAG: Final = {
    "ready": _word(_("Ready"), _("Ready"), "teal"),
    "overdue": _word(_("Overdue"), _("Overdue"), "red-outline"),
    "due_soon": _word(_("Due soon"), _("Due soon"), "amber"),
    "unpaid": _word(_("Unpaid"), _("Unpaid"), "amber"),
    "paid": _word(_("Paid"), _("Paid"), "green"),
    "paid_for": _word(_("Paid for"), _("Paid for"), "teal"),
    "filed": _word(_("Filed"), _("Filed"), "green"),
    "record_without_paper": _word(_("Record without paper"), _("Record without paper"), "amber"),
    "paper_without_record": _word(_("Paper without record"), _("Paper without record"), "amber"),
    "copy_not_handed_over": _word(
        _("Copy not yet handed over"), _("Copy not yet handed over"), "amber"
    ),
}
