"""What must never be false about money and cases together; asked with what `payments.invariants` holds."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from canbao.payments.checking import WORDS
from canbao.payments.invariants import INVARIANTS

# Once a case is decided or taken back, its advance is a payment or a refund due.
INVARIANTS["advance_decided"] = """
    SELECT line.id::text, line.amount_fen, 0 FROM receipt_line line
    JOIN case_file ON case_file.county = %(county)s AND case_file.id = line.subject_id
        AND NOT case_file.is_open
    WHERE line.county = %(county)s AND NOT EXISTS (
        SELECT FROM advance_turned turned
        WHERE turned.county = %(county)s AND turned.receipt_line_id = line.id
    ) AND NOT EXISTS (
        SELECT FROM receipt_cancelled gone
        WHERE gone.county = %(county)s AND gone.receipt_id = line.receipt_id)
"""
WORDS["advance_decided"] = _(
    "advance %(of)s: %(kept)s fen are still held for a case that is decided"
)
# Money is asked back by an open case, and by no other.
INVARIANTS["refund_asked"] = """
    SELECT case_file.number, ask.amount_fen, 0 FROM refund_ask ask
    JOIN case_file ON case_file.county = %(county)s AND case_file.id = ask.subject_id
    WHERE ask.county = %(county)s AND ask.is_open <> case_file.is_open
"""
WORDS["refund_asked"] = _("case %(of)s: open or closed, unlike its ask for %(kept)s fen")
