"""What several statements of the invariants say."""

from __future__ import annotations

from typing import Final

# Of two rows of one person the book keeps the one that gave way, the charge the one that stayed.
PERSON: Final = "coalesce(gone.merged_into, posting.person_id)"
POSTINGS: Final = """
    ledger_posting posting LEFT JOIN person gone ON gone.county = %(county)s
        AND gone.id = posting.person_id AND gone.merged_into IS NOT NULL
"""
STANDS: Final = """
    NOT EXISTS (SELECT FROM receipt_cancelled gone
        WHERE gone.county = %(county)s AND gone.receipt_id = receipt.id)
"""
