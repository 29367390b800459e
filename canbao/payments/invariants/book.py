"""The book and the personal accounts: entries balance, stored balances are what was posted."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from canbao.payments.invariants.shared import PERSON, POSTINGS

BOOK: Final[Mapping[str, str]] = {
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
            SELECT {PERSON} AS person_id, sub_ledger, -sum(side * amount_fen) AS fen FROM {POSTINGS}
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
