"""What must never be false about money: one statement each, which gives the records that break it.

`canbao ledger check` asks all of them, `canbao simulate season` and the tests between acts. Each gives three
columns: which record, as it is kept, and as the book says, in fen unless its words say otherwise. No row at
all is how it must be. A new table that holds money adds its own here.
Source: issue 4, sections 5 and 8.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

# Of two rows of one person the book keeps the one that gave way, the charge the one that stayed.
_PERSON: Final = "coalesce(gone.merged_into, posting.person_id)"
_POSTINGS: Final = """
    ledger_posting posting LEFT JOIN person gone ON gone.county = %(county)s
        AND gone.id = posting.person_id AND gone.merged_into IS NOT NULL
"""
_STANDS: Final = """
    NOT EXISTS (SELECT FROM receipt_cancelled gone
        WHERE gone.county = %(county)s AND gone.receipt_id = receipt.id)
"""

_BOOK: Final[Mapping[str, str]] = {
    "entry": """
        SELECT entry_id::text, 0, sum(side * amount_fen) FROM ledger_posting
        WHERE county = %(county)s GROUP BY entry_id HAVING sum(side * amount_fen) <> 0
    """,
    "entry_empty": """
        SELECT entry.id::text, 1, 0 FROM entry WHERE county = %(county)s AND NOT EXISTS (
            SELECT FROM ledger_posting side WHERE side.county = %(county)s AND side.entry_id = entry.id)
    """,
    "account": f"""
        SELECT concat_ws(' ', coalesce(kept.person_id, book.person_id),
            coalesce(kept.sub_ledger, book.sub_ledger)), coalesce(kept.fen, 0), coalesce(book.fen, 0)
        FROM (
            SELECT account.person_id, sub_ledger, sum(balance_fen) AS fen FROM account_balance
            JOIN account ON account.county = %(county)s AND account.id = account_balance.account_id
            WHERE account_balance.county = %(county)s GROUP BY account.person_id, sub_ledger
        ) kept FULL JOIN (
            SELECT {_PERSON} AS person_id, sub_ledger, -sum(side * amount_fen) AS fen FROM {_POSTINGS}
            WHERE posting.county = %(county)s AND account = 'premium' AND sub_ledger <> '' GROUP BY 1, 2
        ) book ON book.person_id = kept.person_id AND book.sub_ledger = kept.sub_ledger
        WHERE coalesce(kept.fen, 0) <> coalesce(book.fen, 0)
    """,  # noqa: S608 - made of the words above
    "negative": """
        SELECT account || ' ' || insurance, 0, sum(side * amount_fen) FROM ledger_posting
        WHERE county = %(county)s AND (account LIKE 'cash/%%' OR account LIKE 'cashier/%%'
            OR account LIKE 'transit/%%')
        GROUP BY account, insurance HAVING sum(side * amount_fen) < 0
    """,
}

_CHARGES: Final[Mapping[str, str]] = {
    "charge": f"""
        SELECT concat_ws(' ', coalesce(kept.person_id, book.person_id),
            coalesce(kept.insurance, book.insurance), coalesce(kept.year, book.year)),
            coalesce(kept.paid_fen, 0), coalesce(book.fen, 0)
        FROM (
            SELECT person_id, insurance, year, paid_fen FROM charge
            WHERE county = %(county)s AND paid_fen <> 0
        ) kept FULL JOIN (
            SELECT {_PERSON} AS person_id, insurance, year, -sum(side * amount_fen) AS fen
            FROM {_POSTINGS}
            WHERE posting.county = %(county)s AND account = 'premium' GROUP BY 1, 2, 3
        ) book ON book.person_id = kept.person_id AND book.insurance = kept.insurance
            AND book.year = kept.year
        WHERE coalesce(kept.paid_fen, 0) <> coalesce(book.fen, 0)
    """,  # noqa: S608 - made of the words above
    "share": """
        SELECT charge.id::text, charge.own_fen, coalesce(own.amount_fen, 0) FROM charge
        LEFT JOIN charge_share own ON own.county = %(county)s AND own.charge_id = charge.id
            AND own.kind = 'own' AND own.revision = charge.revision
        WHERE charge.county = %(county)s AND own.amount_fen IS DISTINCT FROM charge.own_fen
    """,
    "settled": """
        SELECT id::text, own_fen, paid_fen FROM charge WHERE county = %(county)s
            AND (state = 'settled') <> (paid_fen >= own_fen AND state <> 'cancelled')
    """,
    # What was paid above the own share has left the charge, and is a refund.
    "paid_twice": """
        SELECT id::text, own_fen, paid_fen FROM charge
        WHERE county = %(county)s AND paid_fen > own_fen AND state <> 'cancelled'
    """,
    "cover": """
        SELECT cover.id::text, cover.year, 0 FROM cover
        JOIN enrolment ON enrolment.county = %(county)s AND enrolment.id = cover.enrolment_id
        JOIN charge ON charge.county = %(county)s AND charge.person_id = enrolment.person_id
            AND charge.insurance = enrolment.insurance AND charge.year = cover.year
        WHERE cover.county = %(county)s AND cover.void_at IS NULL
            AND charge.state IN ('open', 'cancelled')
    """,
    "renewed": """
        SELECT charge.id::text, charge.year, 0 FROM charge
        JOIN enrolment ON enrolment.county = %(county)s AND enrolment.person_id = charge.person_id
            AND enrolment.insurance = charge.insurance AND enrolment.state = 'live'
        WHERE charge.county = %(county)s AND charge.state = 'settled' AND NOT EXISTS (
            SELECT FROM enrolment_year held WHERE held.county = %(county)s
                AND held.enrolment_id = enrolment.id AND held.year = charge.year)
    """,
    "not_enrolled": """
        SELECT charge.id::text, charge.paid_fen, 0 FROM charge
        WHERE charge.county = %(county)s AND charge.paid_fen > 0 AND charge.state <> 'cancelled'
            AND NOT EXISTS (
                SELECT FROM enrolment WHERE enrolment.county = %(county)s
                    AND enrolment.person_id = charge.person_id
                    AND enrolment.insurance = charge.insurance)
    """,
}

_RECEIPTS: Final[Mapping[str, str]] = {
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
            WHERE line.county = %(county)s AND {_STANDS} AND NOT EXISTS (
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

_CASH: Final[Mapping[str, str]] = {
    # Receipts that stand, with what was counted too much or too little, less what was handed over.
    "cash": f"""
        SELECT concat_ws(' ', coalesce(kept.account, book.account),
            coalesce(kept.insurance, book.insurance)), coalesce(kept.fen, 0), coalesce(book.fen, 0)
        FROM (
            SELECT 'cash/' || collector_id AS account, insurance, sum(fen) AS fen FROM (
                SELECT collector_id, insurance, sum(amount_fen) AS fen FROM receipt
                WHERE county = %(county)s AND channel = 'cash' AND {_STANDS} GROUP BY 1, 2
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
            WHERE county = %(county)s AND channel = 'cash' AND {_STANDS} GROUP BY 1, 2
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

_REFUNDS: Final[Mapping[str, str]] = {
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
            SELECT refund_id, sum(amount_fen) AS fen FROM payout
            WHERE county = %(county)s AND result = 'paid' GROUP BY refund_id
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
                sum(posting.amount_fen) AS fen FROM ledger_posting posting
            JOIN entry ON entry.county = %(county)s AND entry.id = posting.entry_id
                AND entry.kind IN ('refund_paid', 'refund_written_off', 'refund_taken_back')
            WHERE posting.county = %(county)s AND posting.account = 'refund_due' AND posting.side = 1
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

# A room above adds what it knows: `cases.checked`.
INVARIANTS: Final[dict[str, str]] = {
    **_BOOK, **_CHARGES, **_RECEIPTS, **_CASH, **_REFUNDS,
}  # fmt: skip
