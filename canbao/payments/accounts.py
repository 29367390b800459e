"""The accounts of the book, by name. Every posting also says its insurance, since each has its own money."""

from __future__ import annotations

from typing import Final
from uuid import UUID

# What came in for a charge, and what was taken before there was one.
PREMIUM: Final = "premium"
ADVANCE: Final = "advance"
# What must be given back.
REFUND_DUE: Final = "refund_due"
# What had to be given back and nobody could be paid; it stays with the fund.
WRITTEN_OFF: Final = "written_off"
# What the bank has said it received.
BANK: Final = "bank"

CASH: Final = "cash"
CASHIER: Final = "cashier"
TRANSIT: Final = "transit"
DIFFERENCE: Final = "difference"


def cash_of(collector_id: UUID) -> str:
    """Cash in a collector's hands."""
    return f"{CASH}/{collector_id}"


def cashier_of(office_id: UUID) -> str:
    """Cash in the safe of an office that took it over."""
    return f"{CASHIER}/{office_id}"


def transit_of(office_id: UUID) -> str:
    """Paid in at the bank by an office, not yet found in the bank's lines."""
    return f"{TRANSIT}/{office_id}"


def difference_of(collector_id: UUID) -> str:
    """Too little (debit) or too much (credit) when a collector's notes were counted."""
    return f"{DIFFERENCE}/{collector_id}"
