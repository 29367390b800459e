"""What must never be false about money, each asked of the whole county: who breaks it is named.

Tests ask after every step, `canbao simulate season` at its end. A new table that holds money adds its own here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from canbao.kernel import bulk

_LIMIT: Final = 20

# Each statement gives what breaks it: a text that names the record. None at all is how it must be.
INVARIANTS: Final[Mapping[str, str]] = {
    "entries_balance": """
        SELECT entry.id::text FROM entry
        LEFT JOIN ledger_posting side ON side.county = %(county)s AND side.entry_id = entry.id
        WHERE entry.county = %(county)s
        GROUP BY entry.id HAVING coalesce(sum(side * amount_fen), 1) <> 0
    """,
    "accounts_equal_postings": """
        SELECT coalesce(stored.person_id, posted.person_id)::text FROM (
            SELECT account.person_id, sum(balance_fen) AS fen FROM account_balance
            JOIN account ON account.county = %(county)s AND account.id = account_balance.account_id
            WHERE account_balance.county = %(county)s AND sub_ledger = 'own' GROUP BY account.person_id
        ) stored FULL JOIN (
            SELECT person_id, -sum(side * amount_fen) AS fen FROM ledger_posting
            WHERE county = %(county)s AND account = 'premium' AND sub_ledger = 'own' GROUP BY person_id
        ) posted ON posted.person_id = stored.person_id
        WHERE coalesce(stored.fen, 0) <> coalesce(posted.fen, 0)
    """,
    # Postings that name a receipt are its money; the others on a collector's account are hand-overs.
    "cash_equals_receipts": """
        SELECT coalesce(posted.account, held.account) FROM (
            SELECT account, insurance, sum(side * amount_fen) AS fen FROM ledger_posting
            WHERE county = %(county)s AND account LIKE 'cash/%%' AND receipt_id IS NOT NULL
            GROUP BY account, insurance
        ) posted FULL JOIN (
            SELECT 'cash/' || collector_id AS account, insurance, sum(amount_fen) AS fen FROM receipt
            WHERE county = %(county)s AND channel = 'cash' AND NOT EXISTS (
                SELECT FROM receipt_cancelled gone
                WHERE gone.county = %(county)s AND gone.receipt_id = receipt.id)
            GROUP BY collector_id, insurance
        ) held ON held.account = posted.account AND held.insurance = posted.insurance
        WHERE coalesce(posted.fen, 0) <> coalesce(held.fen, 0)
    """,
    "cash_is_never_negative": """
        SELECT account FROM ledger_posting WHERE county = %(county)s AND account LIKE 'cash/%%'
        GROUP BY account, insurance HAVING sum(side * amount_fen) < 0
    """,
    "every_number_is_accounted_for": """
        SELECT block.label FROM receipt_block block LEFT JOIN (
            SELECT block_id, number FROM receipt WHERE county = %(county)s
            UNION
            SELECT block_id, number FROM receipt_cancelled WHERE county = %(county)s
        ) used ON used.block_id = block.id
        WHERE block.county = %(county)s
        GROUP BY block.id, block.label, block.first, block.last, block.next
        HAVING count(used.number) <> block.next - block.first OR block.next - 1 > block.last
            OR coalesce(min(used.number) < block.first OR max(used.number) >= block.next, false)
    """,
    # Never more than was ever asked for; what a later revision lowers becomes a refund.
    "nobody_paid_twice": """
        SELECT paid.charge_id::text FROM (
            SELECT charge_id, sum(line.amount_fen) AS fen FROM receipt_line line
            WHERE line.county = %(county)s AND charge_id IS NOT NULL AND NOT EXISTS (
                SELECT FROM receipt_cancelled gone
                WHERE gone.county = %(county)s AND gone.receipt_id = line.receipt_id)
            GROUP BY charge_id
        ) paid WHERE paid.fen > (
            SELECT max(amount_fen) FROM charge_share
            WHERE county = %(county)s AND charge_id = paid.charge_id AND kind = 'own')
    """,
    "charges_say_what_their_shares_say": """
        SELECT charge.id::text FROM charge
        LEFT JOIN charge_share own ON own.county = %(county)s AND own.charge_id = charge.id
            AND own.kind = 'own' AND own.revision = charge.revision
        WHERE charge.county = %(county)s AND (own.amount_fen IS DISTINCT FROM charge.own_fen
            OR (charge.state = 'settled') <> (charge.paid_fen >= charge.own_fen AND charge.state <> 'cancelled'))
    """,
    "no_cover_while_an_own_share_is_open": """
        SELECT cover.id::text FROM cover
        JOIN enrolment ON enrolment.county = %(county)s AND enrolment.id = cover.enrolment_id
        JOIN charge ON charge.county = %(county)s AND charge.person_id = enrolment.person_id
            AND charge.insurance = enrolment.insurance AND charge.year = cover.year
        WHERE cover.county = %(county)s AND cover.void_at IS NULL AND charge.state = 'open'
    """,
    "settled_is_renewed": """
        SELECT charge.id::text FROM charge
        JOIN enrolment ON enrolment.county = %(county)s AND enrolment.person_id = charge.person_id
            AND enrolment.insurance = charge.insurance AND enrolment.state = 'live'
        WHERE charge.county = %(county)s AND charge.state = 'settled' AND NOT EXISTS (
            SELECT FROM enrolment_year held WHERE held.county = %(county)s
                AND held.enrolment_id = enrolment.id AND held.year = charge.year)
    """,
    "no_payment_without_enrolment": """
        SELECT charge.id::text FROM charge
        WHERE charge.county = %(county)s AND charge.paid_fen > 0 AND charge.state <> 'cancelled'
            AND NOT EXISTS (
                SELECT FROM enrolment WHERE enrolment.county = %(county)s
                    AND enrolment.person_id = charge.person_id AND enrolment.insurance = charge.insurance)
    """,
}


@dataclass(frozen=True, slots=True)
class Broken:
    """An invariant that does not hold, and records that break it."""

    name: str
    examples: tuple[str, ...]


def broken() -> list[Broken]:
    """Ask all of them; one statement each. An empty list is how it must be."""
    found = []
    for name, sql in INVARIANTS.items():
        examples = tuple(str(one) for (one,) in bulk.fetch(f"{sql} LIMIT {_LIMIT}"))
        if examples:
            found.append(Broken(name, examples))
    return found
