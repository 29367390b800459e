"""Refunds: due, asked for, paid, and never more than was paid."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

REFUNDS: Final[Mapping[str, str]] = {
    "refunds": """
        SELECT concat_ws(' ', coalesce(kept.insurance, book.insurance), coalesce(kept.year, book.year)),
            coalesce(kept.fen, 0), coalesce(book.fen, 0)
        FROM (
            SELECT insurance, year, sum(amount_fen) AS fen FROM refund_due
            WHERE county = %(county)s AND state NOT IN ('paid', 'written_off', 'taken_back')
            GROUP BY insurance, year
        ) kept FULL JOIN (
            SELECT insurance, year, -sum(side * amount_fen) AS fen FROM ledger_posting
            WHERE county = %(county)s AND account = 'refund_due' GROUP BY insurance, year
        ) book ON book.insurance = kept.insurance AND book.year = kept.year
        WHERE coalesce(kept.fen, 0) <> coalesce(book.fen, 0)
    """,
    # Somebody asks for it from the ask until it is paid, dropped or written off, and nobody else does.
    "refund_open": """
        SELECT back.id::text, (back.state IN ('asked', 'approved', 'sent', 'failed'))::int,
            coalesce(asks.number, 0)
        FROM refund_due back LEFT JOIN (
            SELECT refund_id, count(*) AS number FROM refund_ask
            WHERE county = %(county)s AND is_open AND refund_id IS NOT NULL GROUP BY refund_id
        ) asks ON asks.refund_id = back.id
        WHERE back.county = %(county)s AND coalesce(asks.number, 0)
            <> (back.state IN ('asked', 'approved', 'sent', 'failed'))::int
    """,
    "refund_paid": """
        SELECT coalesce(kept.id, paid.refund_id)::text, coalesce(kept.amount_fen, 0),
            coalesce(paid.fen, 0)
        FROM (
            SELECT id, amount_fen FROM refund_due WHERE county = %(county)s AND state = 'paid'
        ) kept FULL JOIN (
            SELECT refund_id, sum(CASE result WHEN 'paid' THEN amount_fen ELSE -amount_fen END) AS fen
            FROM payout WHERE county = %(county)s AND result <> 'failed' GROUP BY refund_id
        ) paid ON paid.refund_id = kept.id
        WHERE coalesce(kept.amount_fen, 0) <> coalesce(paid.fen, 0)
    """,
    "refund_ended": """
        SELECT concat_ws(' ', coalesce(kept.insurance, book.insurance), coalesce(kept.state, book.state)),
            coalesce(kept.fen, 0), coalesce(book.fen, 0)
        FROM (
            SELECT insurance, state, sum(amount_fen) AS fen FROM refund_due
            WHERE county = %(county)s AND state IN ('paid', 'written_off', 'taken_back')
            GROUP BY insurance, state
        ) kept FULL JOIN (
            SELECT posting.insurance, replace(entry.kind, 'refund_', '') AS state,
                sum(posting.side * posting.amount_fen) AS fen FROM ledger_posting posting
            JOIN entry ON entry.county = %(county)s AND entry.id = posting.entry_id
                AND entry.kind IN ('refund_paid', 'refund_written_off', 'refund_taken_back')
            WHERE posting.county = %(county)s AND posting.account = 'refund_due'
            GROUP BY 1, 2
        ) book ON book.insurance = kept.insurance AND book.state = kept.state
        WHERE coalesce(kept.fen, 0) <> coalesce(book.fen, 0)
    """,
    "refund_line": """
        SELECT line.id::text, line.amount_fen, sum(back.amount_fen) FROM refund_due back
        JOIN receipt_line line ON line.county = %(county)s AND line.id = back.receipt_line_id
        WHERE back.county = %(county)s AND back.state <> 'taken_back'
        GROUP BY line.id, line.amount_fen HAVING sum(back.amount_fen) > line.amount_fen
    """,
    # Money that was given back in cash is not given back a second time.
    "refund_cancelled": """
        SELECT back.id::text, 0, back.amount_fen FROM refund_due back
        JOIN receipt_line line ON line.county = %(county)s AND line.id = back.receipt_line_id
        JOIN receipt_cancelled gone ON gone.county = %(county)s AND gone.receipt_id = line.receipt_id
        WHERE back.county = %(county)s AND back.state <> 'taken_back'
    """,
}
