"""Receipts, blocks and advances: every number accounted for, every fen on a paper."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from canbao.payments.invariants.shared import STANDS

RECEIPTS: Final[Mapping[str, str]] = {
    # In numbers: those passed, and those that a receipt or a statement stands for.
    "block": """
        SELECT block.label, block.next - block.first, count(used.number) FROM receipt_block block
        LEFT JOIN (
            SELECT block_id, number FROM receipt WHERE county = %(county)s
            UNION
            SELECT block_id, number FROM receipt_cancelled
            WHERE county = %(county)s AND receipt_id IS NULL
        ) used ON used.block_id = block.id
        WHERE block.county = %(county)s
        GROUP BY block.id, block.label, block.first, block.last, block.next
        HAVING count(used.number) <> block.next - block.first OR block.next - 1 > block.last
            OR coalesce(min(used.number) < block.first OR max(used.number) >= block.next, false)
    """,
    "block_repeat": """
        SELECT block.label, receipt.number, 2 FROM receipt
        JOIN receipt_cancelled gone ON gone.county = %(county)s AND gone.block_id = receipt.block_id
            AND gone.number = receipt.number AND gone.receipt_id IS DISTINCT FROM receipt.id
        JOIN receipt_block block ON block.county = %(county)s AND block.id = receipt.block_id
        WHERE receipt.county = %(county)s
    """,
    "receipt": """
        SELECT receipt.id::text, receipt.amount_fen, coalesce(lines.fen, 0) FROM receipt
        LEFT JOIN (
            SELECT receipt_id, sum(amount_fen) AS fen FROM receipt_line
            WHERE county = %(county)s GROUP BY receipt_id
        ) lines ON lines.receipt_id = receipt.id
        WHERE receipt.county = %(county)s AND receipt.amount_fen <> coalesce(lines.fen, 0)
    """,
    "receipt_entry": """
        SELECT receipt.id::text, receipt.amount_fen, coalesce(booked.fen, 0) FROM receipt
        LEFT JOIN (
            SELECT entry_id, receipt_id, sum(amount_fen) AS fen FROM ledger_posting
            WHERE county = %(county)s AND side = 1 AND receipt_id IS NOT NULL
            GROUP BY entry_id, receipt_id
        ) booked ON booked.entry_id = receipt.entry_id AND booked.receipt_id = receipt.id
        WHERE receipt.county = %(county)s AND receipt.amount_fen <> coalesce(booked.fen, 0)
    """,
    # A payment names its charge, an advance what it waits for.
    "line": """
        SELECT line.id::text, line.amount_fen, 0 FROM receipt_line line
        JOIN receipt ON receipt.county = %(county)s AND receipt.id = line.receipt_id
        WHERE line.county = %(county)s
            AND (receipt.kind = 'payment') <> (line.charge_id IS NOT NULL)
    """,
    "advance": f"""
        SELECT concat_ws(' ', coalesce(kept.insurance, book.insurance), coalesce(kept.year, book.year)),
            coalesce(kept.fen, 0), coalesce(book.fen, 0)
        FROM (
            SELECT receipt.insurance, line.year, sum(line.amount_fen) AS fen FROM receipt_line line
            JOIN receipt ON receipt.county = %(county)s AND receipt.id = line.receipt_id
                AND receipt.kind = 'advance'
            WHERE line.county = %(county)s AND {STANDS} AND NOT EXISTS (
                SELECT FROM advance_turned turned WHERE turned.county = %(county)s
                    AND turned.receipt_line_id = line.id)
            GROUP BY receipt.insurance, line.year
        ) kept FULL JOIN (
            SELECT insurance, year, -sum(side * amount_fen) AS fen FROM ledger_posting
            WHERE county = %(county)s AND account = 'advance' GROUP BY insurance, year
        ) book ON book.insurance = kept.insurance AND book.year = kept.year
        WHERE coalesce(kept.fen, 0) <> coalesce(book.fen, 0)
    """,  # noqa: S608 - made of the words above
    "advance_turned": """
        SELECT line.id::text, line.amount_fen, turned.paid_fen + turned.back_fen
        FROM advance_turned turned
        JOIN receipt_line line ON line.county = %(county)s AND line.id = turned.receipt_line_id
        WHERE turned.county = %(county)s AND line.amount_fen <> turned.paid_fen + turned.back_fen
    """,
}
