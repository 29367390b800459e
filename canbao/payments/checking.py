"""Recomputes from the book what is kept beside it, and asks what must never be false. Changes nothing."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from django.db.models import Count
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from canbao.kernel import bulk
from canbao.payments.invariants import INVARIANTS
from canbao.payments.tables import Block, Charge, Entry, Receipt

MOST_SHOWN: Final = 1000
_PAPERS: Final = _("%(of)s: %(kept)s fen by the papers, %(book)s in the book")
WORDS: Final[dict[str, Promise]] = {
    "entry": _("entry %(of)s does not balance: %(book)s fen too much on one side"),
    "entry_empty": _("entry %(of)s has no postings"),
    "account": _("personal account %(of)s: %(kept)s fen kept, %(book)s in the book"),
    "negative": _("%(of)s: %(book)s fen in the book; cash is never below nothing"),
    "charge": _("charge %(of)s: %(kept)s fen kept as paid, %(book)s in the book"),
    "share": _("charge %(of)s: %(kept)s fen kept as own share, its shares say %(book)s"),
    "settled": _("charge %(of)s: its state is not what %(book)s of %(kept)s fen paid makes it"),
    "paid_twice": _("charge %(of)s: %(book)s fen paid, no more than %(kept)s asked, and no refund"),
    "cover": _("cover %(of)s of %(kept)s stands while the own share is open"),
    "renewed": _("charge %(of)s is settled, and the enrolment has no year %(kept)s"),
    "not_enrolled": _("charge %(of)s: %(kept)s fen paid for somebody who was never enrolled"),
    "block": _("block %(of)s: %(kept)s numbers passed, %(book)s accounted for"),
    "block_repeat": _("block %(of)s: number %(kept)s is used twice"),
    "receipt": _("receipt %(of)s: %(kept)s fen, its lines say %(book)s"),
    "receipt_entry": _("receipt %(of)s: %(kept)s fen, its entry says %(book)s"),
    "line": _("receipt line %(of)s: %(kept)s fen for neither a charge nor a case"),
    "advance": _("advances %(of)s: %(kept)s fen held by receipts, %(book)s in the book"),
    "advance_turned": _("advance %(of)s: %(kept)s fen taken, %(book)s paid or given back"),
    "cash": _PAPERS,
    "cash_receipts": _("%(of)s: %(kept)s fen by receipts, %(book)s in their entries"),
    "difference": _PAPERS,
    "handover": _("hand-over slip %(of)s: %(kept)s fen, its closed days say %(book)s"),
    "safe": _PAPERS,
    "transit": _PAPERS,
    "bank": _("bank %(of)s: %(kept)s fen by matched lines, %(book)s in the book"),
    "bank_back": _("refund %(of)s: %(kept)s fen came back, the bank's lines say %(book)s"),
    "bank_out": _("bank line %(of)s: %(kept)s fen went out, its refund says %(book)s"),
    "finance_day": _("closed day %(of)s: %(kept)s fen certified, %(book)s in the book"),
    "finance_day_after": _("closed day %(of)s: something was booked on it after it was closed"),
    "refunds": _("refunds %(of)s: %(kept)s fen wait, the book owes %(book)s"),
    "refund_open": _("refund %(of)s: %(book)s open asks, as far as it is there must be %(kept)s"),
    "refund_paid": _("refund %(of)s: %(kept)s fen to be paid once, %(book)s paid out"),
    "refund_ended": _("refunds %(of)s: %(kept)s fen ended, %(book)s in the book"),
    "refund_line": _("receipt line %(of)s: it brought %(kept)s fen, %(book)s are given back"),
    "refund_cancelled": _("refund %(of)s: %(book)s fen of a receipt that was taken back"),
}


@dataclass(frozen=True, slots=True)
class Difference:
    """A record that breaks an invariant: which one, of which record, as kept, and as the book says."""

    what: str
    of: str
    kept: int
    book: int

    @property
    def text(self) -> str:
        """What is wrong, in a sentence."""
        return str(WORDS[self.what]) % {"of": self.of, "kept": self.kept, "book": self.book}


def differences(names: Iterable[str] = INVARIANTS, most: int = MOST_SHOWN) -> list[Difference]:
    """Everything in the county that does not agree, so many records of each kind; one statement a name."""
    return [
        Difference(name, str(of), int(kept), int(book))
        for name in names
        for of, kept, book in bulk.fetch(f"{INVARIANTS[name]} LIMIT {int(most)}")
    ]


def counted() -> dict[str, int]:
    """How much was looked at: entries, receipts, charges and blocks; four statements."""
    tables = {"entries": Entry, "receipts": Receipt, "charges": Charge, "blocks": Block}
    return {name: int(table.here.aggregate(n=Count("id"))["n"]) for name, table in tables.items()}
