"""The words of payments for residents' pages and papers: what entered an account, who pays into it."""

from __future__ import annotations

from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from canbao.policy.words import PAYERS

SUB_LEDGERS: Final[dict[str, Promise]] = {
    "own": pgettext_lazy("sub-ledger", "Own money"),
    "paid_for": pgettext_lazy("sub-ledger", "Paid by the government in your stead"),
    "aid": pgettext_lazy("sub-ledger", "Paid by others in your stead"),
}
ENTRIES: Final[dict[str, Promise]] = {
    "cash_payment": _("Paid in cash"),
    "advance_turned": _("Paid in advance, entered when approved"),
    "refund_due": _("Taken out, to be given back"),
    "refund_taken_back": _("Put in again, not given back"),
}
REASONS: Final[dict[str, Promise]] = {
    "too_much": pgettext_lazy("refund", "More was paid than was due"),
    "refused": pgettext_lazy("refund", "The application was refused"),
    "withdrawn": pgettext_lazy("refund", "The application was taken back"),
    "died": pgettext_lazy("refund", "The person has died"),
}
STATES: Final[dict[str, Promise]] = {
    "due": pgettext_lazy("refund", "to be asked for"),
    "asked": pgettext_lazy("refund", "asked for"),
    "approved": pgettext_lazy("refund", "approved"),
    "sent": pgettext_lazy("refund", "handed to the bank"),
    "paid": pgettext_lazy("refund", "paid back"),
    "failed": pgettext_lazy("refund", "could not be paid out"),
    "written_off": pgettext_lazy("refund", "written off"),
    "taken_back": pgettext_lazy("refund", "no longer due"),
}


def sub_ledger(code: str) -> str:
    """Whose money a sub-ledger holds."""
    found = SUB_LEDGERS.get(code) or PAYERS.get(code)
    return str(found) if found else code


def entry(kind: str, of: str) -> str:
    """What one line of a statement is: how own money came, or who else paid."""
    if of != "own":
        return sub_ledger(of)
    return str(ENTRIES.get(kind, _("Entered in the book")))


def state(code: str) -> str:
    """How far giving back is."""
    return str(STATES.get(code, code))
