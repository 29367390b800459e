"""Cash from the collector to the bank, and the days that finance closed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from canbao.payments.invariants.shared import STANDS

CASH: Final[Mapping[str, str]] = {
    # Receipts that stand, with what was counted too much or too little, less what was handed over.
    "cash": f"""
        SELECT concat_ws(' ', coalesce(kept.account, book.account),
            coalesce(kept.insurance, book.insurance)), coalesce(kept.fen, 0), coalesce(book.fen, 0)
        FROM (
            SELECT 'cash/' || collector_id AS account, insurance, sum(fen) AS fen FROM (
                SELECT collector_id, insurance, sum(amount_fen) AS fen FROM receipt
                WHERE county = %(county)s AND channel = 'cash' AND {STANDS} GROUP BY 1, 2
                UNION ALL
                SELECT collector_id, insurance, sum(counted_fen - expected_fen) FROM cash_day
                WHERE county = %(county)s GROUP BY 1, 2
                UNION ALL
                SELECT collector_id, insurance, -sum(amount_fen) FROM handover
                WHERE county = %(county)s AND state = 'accepted' GROUP BY 1, 2
            ) papers GROUP BY collector_id, insurance
        ) kept FULL JOIN (
            SELECT account, insurance, sum(side * amount_fen) AS fen FROM ledger_posting
            WHERE county = %(county)s AND account LIKE 'cash/%%' GROUP BY account, insurance
        ) book ON book.account = kept.account AND book.insurance = kept.insurance
        WHERE coalesce(kept.fen, 0) <> coalesce(book.fen, 0)
    """,  # noqa: S608 - made of the words above
    # Postings that name a receipt are its money; the others on a collector's account are not.
    "cash_receipts": f"""
        SELECT concat_ws(' ', coalesce(kept.account, book.account),
            coalesce(kept.insurance, book.insurance)), coalesce(kept.fen, 0), coalesce(book.fen, 0)
        FROM (
            SELECT 'cash/' || collector_id AS account, insurance, sum(amount_fen) AS fen FROM receipt
            WHERE county = %(county)s AND channel = 'cash' AND {STANDS} GROUP BY 1, 2
        ) kept FULL JOIN (
            SELECT account, insurance, sum(side * amount_fen) AS fen FROM ledger_posting
            WHERE county = %(county)s AND account LIKE 'cash/%%' AND receipt_id IS NOT NULL
            GROUP BY account, insurance
        ) book ON book.account = kept.account AND book.insurance = kept.insurance
        WHERE coalesce(kept.fen, 0) <> coalesce(book.fen, 0)
    """,  # noqa: S608 - made of the words above
    "difference": """
        SELECT concat_ws(' ', coalesce(kept.account, book.account),
            coalesce(kept.insurance, book.insurance)), coalesce(kept.fen, 0), coalesce(book.fen, 0)
        FROM (
            SELECT 'difference/' || collector_id AS account, insurance,
                sum(expected_fen - counted_fen) AS fen FROM cash_day
            WHERE county = %(county)s GROUP BY 1, 2
        ) kept FULL JOIN (
            SELECT account, insurance, sum(side * amount_fen) AS fen FROM ledger_posting
            WHERE county = %(county)s AND account LIKE 'difference/%%' GROUP BY account, insurance
        ) book ON book.account = kept.account AND book.insurance = kept.insurance
        WHERE coalesce(kept.fen, 0) <> coalesce(book.fen, 0)
    """,
    "handover": """
        SELECT slip.number, slip.amount_fen, coalesce(sum(day.counted_fen), 0) FROM handover slip
        LEFT JOIN cash_day day ON day.county = %(county)s AND day.handover_id = slip.id
        WHERE slip.county = %(county)s AND slip.state <> 'refused'
        GROUP BY slip.id, slip.number, slip.amount_fen
        HAVING slip.amount_fen <> coalesce(sum(day.counted_fen), 0)
    """,
    "safe": """
        SELECT concat_ws(' ', coalesce(kept.account, book.account),
            coalesce(kept.insurance, book.insurance)), coalesce(kept.fen, 0), coalesce(book.fen, 0)
        FROM (
            SELECT 'cashier/' || office_id AS account, insurance, sum(fen) AS fen FROM (
                SELECT office_id, insurance, sum(amount_fen) AS fen FROM handover
                WHERE county = %(county)s AND state = 'accepted' GROUP BY 1, 2
                UNION ALL
                SELECT office_id, insurance, -sum(amount_fen) FROM deposit
                WHERE county = %(county)s GROUP BY 1, 2
            ) papers GROUP BY office_id, insurance
        ) kept FULL JOIN (
            SELECT account, insurance, sum(side * amount_fen) AS fen FROM ledger_posting
            WHERE county = %(county)s AND account LIKE 'cashier/%%' GROUP BY account, insurance
        ) book ON book.account = kept.account AND book.insurance = kept.insurance
        WHERE coalesce(kept.fen, 0) <> coalesce(book.fen, 0)
    """,
    "transit": """
        SELECT concat_ws(' ', coalesce(kept.account, book.account),
            coalesce(kept.insurance, book.insurance)), coalesce(kept.fen, 0), coalesce(book.fen, 0)
        FROM (
            SELECT 'transit/' || office_id AS account, insurance, sum(amount_fen) AS fen FROM deposit
            WHERE county = %(county)s AND banked_on IS NULL GROUP BY 1, 2
        ) kept FULL JOIN (
            SELECT account, insurance, sum(side * amount_fen) AS fen FROM ledger_posting
            WHERE county = %(county)s AND account LIKE 'transit/%%' GROUP BY account, insurance
        ) book ON book.account = kept.account AND book.insurance = kept.insurance
        WHERE coalesce(kept.fen, 0) <> coalesce(book.fen, 0)
    """,
    "bank": """
        SELECT coalesce(kept.insurance, book.insurance), coalesce(kept.fen, 0), coalesce(book.fen, 0)
        FROM (
            SELECT account.insurance, sum(line.amount_fen) AS fen FROM bank_line line
            JOIN bank_account account ON account.county = %(county)s AND account.id = line.account_id
            WHERE line.county = %(county)s AND line.matched_kind = 'deposit' GROUP BY account.insurance
        ) kept FULL JOIN (
            SELECT posting.insurance, sum(side * amount_fen) AS fen FROM ledger_posting posting
            JOIN entry ON entry.county = %(county)s AND entry.id = posting.entry_id
                AND entry.kind = 'cash_banked'
            WHERE posting.county = %(county)s AND posting.account = 'bank' GROUP BY posting.insurance
        ) book ON book.insurance = kept.insurance
        WHERE coalesce(kept.fen, 0) <> coalesce(book.fen, 0)
    """,
    "bank_out": """
        SELECT line.reference, -line.amount_fen, coalesce(paid.amount_fen, 0) FROM bank_line line
        JOIN bank_account account ON account.county = %(county)s AND account.id = line.account_id
        LEFT JOIN (
            SELECT payout.id, payout.amount_fen, back.insurance FROM payout
            JOIN refund_due back ON back.county = %(county)s AND back.id = payout.refund_id
            WHERE payout.county = %(county)s AND payout.result = 'paid'
        ) paid ON paid.id = line.matched_id AND paid.insurance = account.insurance
        WHERE line.county = %(county)s AND line.matched_kind = 'payout'
            AND -line.amount_fen <> coalesce(paid.amount_fen, 0)
    """,
    # What the bank sent back came in by a line, unless it turned out to be another's.
    "bank_back": """
        SELECT coalesce(came.reference, back.id::text), coalesce(back.fen, 0), coalesce(came.fen, 0)
        FROM (
            SELECT payout.id, payout.amount_fen AS fen, due.insurance FROM payout
            JOIN refund_due due ON due.county = %(county)s AND due.id = payout.refund_id
            WHERE payout.county = %(county)s AND payout.result = 'returned' AND NOT EXISTS (
                SELECT FROM payout later WHERE later.county = %(county)s
                    AND later.takes_back_id = payout.id)
        ) back FULL JOIN (
            SELECT line.reference, line.matched_id, line.amount_fen AS fen, account.insurance
            FROM bank_line line JOIN bank_account account
                ON account.county = %(county)s AND account.id = line.account_id
            WHERE line.county = %(county)s AND line.matched_kind = 'payout_returned'
        ) came ON came.matched_id = back.id AND came.insurance = back.insurance
        WHERE coalesce(back.fen, 0) <> coalesce(came.fen, 0)
    """,
    # What a certificate says stands where; once a day is closed nothing is booked on it or before.
    "finance_day": """
        SELECT closed.number || ' ' || place.name,
            coalesce((closed.totals::jsonb -> 'standing' ->> place.name)::bigint, 0),
            place.side * coalesce(sum(moved.fen), 0)
        FROM finance_day closed
        CROSS JOIN (VALUES ('hands', 'cash', 1), ('safes', 'cashier', 1), ('transit', 'transit', 1),
            ('bank', 'bank', 1), ('owed_back', 'refund_due', -1)) AS place(name, family, side)
        LEFT JOIN (
            SELECT insurance, split_part(account, '/', 1) AS family, effective_on,
                sum(side * amount_fen) AS fen FROM ledger_posting
            WHERE county = %(county)s AND account NOT IN ('premium', 'advance') GROUP BY 1, 2, 3
        ) moved ON moved.insurance = closed.insurance AND moved.family = place.family
            AND moved.effective_on <= closed.day
        WHERE closed.county = %(county)s
        GROUP BY closed.id, closed.number, closed.totals, place.name, place.side
        HAVING (closed.totals::jsonb -> 'standing' ->> place.name)::bigint
            IS DISTINCT FROM place.side * coalesce(sum(moved.fen), 0)
    """,
    # Ids rise with time as rows are written; an instant is taken before the lock under which they are.
    "finance_day_after": """
        SELECT closed.number, 0, count(*) FROM finance_day closed
        JOIN (
            SELECT insurance, effective_on, split_part(account, '/', 1) AS family,
                max(id::text COLLATE "C") AS last FROM ledger_posting
            WHERE county = %(county)s AND account NOT IN ('premium', 'advance') GROUP BY 1, 2, 3
        ) moved ON moved.insurance = closed.insurance AND moved.effective_on <= closed.day
            AND moved.effective_on > coalesce(closed.after_on, '-infinity')
            AND moved.family IN ('cash', 'cashier', 'transit', 'bank', 'refund_due')
            AND moved.last > closed.id::text COLLATE "C"
        WHERE closed.county = %(county)s GROUP BY closed.id, closed.number
    """,
}
