"""The words of the counter: insurances, what became of numbers, slips and days."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from canbao.payments import blocks
from canbao.payments.channels.cash.queries import Held
from canbao.web.theme import format as say

INSURANCES: Final[Mapping[str, Any]] = {
    "390": _("Medical insurance"),
    "170": _("Pension insurance"),
}
KINDS: Final[Mapping[str, Any]] = {
    "official": _("Preprinted receipts"),
    "acknowledgement": _("Acknowledgements"),
}
# What became of a number, and the colour of its tag.
NUMBERS: Final[Mapping[str, tuple[Any, str]]] = {
    "used": (_("Used"), "green"),
    "cancelled": (_("Cancelled"), "amber"),
    "spoilt": (_("Spoilt"), "amber"),
    "lost": (_("Lost"), "amber"),
    "unused": (_("Unused"), "grey"),
    "gap": (_("Left out"), "red"),
    "repeat": (_("Used twice"), "red"),
}
SLIPS: Final[Mapping[str, tuple[Any, str]]] = {
    "offered": (_("Waits for the township"), "blue"),
    "accepted": (_("Taken over"), "green"),
    "refused": (_("Sent back"), "red"),
}
# What a certificate counts.
TOTALS: Final[Mapping[str, Any]] = {
    "receipts": _("Receipts written"),
    "cancelled": _("Receipts cancelled"),
    "differences": _("Differences when counted"),
    "handovers": _("Taken over by townships"),
    "deposits": _("Paid in at the bank"),
    "banked": _("Found in the bank's lines"),
    "unbanked": _("Matches with the bank's lines taken back"),
    "refunds_due": _("Became due to be given back"),
    "refunds_paid": _("Paid back by the bank"),
    "refunds_returned": _("Sent back by the bank or never paid"),
    "refunds_written_off": _("Refunds written off"),
    "refunds_taken_back": _("Refunds that were no longer due"),
    "hands": _("In collectors' hands"),
    "safes": _("In the townships' safes"),
    "transit": _("On the way to the bank"),
    "bank": _("In the bank"),
    "owed_back": _("Still to be given back"),
    "open_slips": _("Slips not answered"),
    "open_deposits": _("Deposits not found at the bank"),
    "open_lines": _("Lines of the bank without a deposit"),
    "open_lines_out": _("Lines of the bank that went out, without a refund"),
    "open_sent": _("Refunds handed to the bank, not answered"),
    "open_payouts": _("Refunds paid, not found in the bank's lines"),
    "open_denials": _("Payments that payers deny"),
}


def insurance(code: str) -> str:
    """The name of an insurance."""
    return str(INSURANCES.get(code, code))


def number(value: int) -> str:
    """A receipt number as it is printed."""
    return blocks.in_places(value)


def age(held: Held, limit: Mapping[str, int], today: Any) -> tuple[str, str]:
    """How old the oldest cash is, with the colour of its tag: red where it should be in the bank."""
    days = held.days_on(today)
    if held.insurance in limit and days > limit[held.insurance]:
        return gettext("overdue, since %(day)s") % {"day": say.day(held.oldest_on)}, "red"
    return gettext("since %(day)s") % {"day": say.day(held.oldest_on)}, "grey"


def language() -> str:
    """The reader's language."""
    return get_language() or "zh-hans"
