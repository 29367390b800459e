"""Charges, cover and enrolment: what is paid, what is owed, who is covered for it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from canbao.payments.invariants.shared import PERSON, POSTINGS

CHARGES: Final[Mapping[str, str]] = {
    "charge": f"""
        SELECT concat_ws(' ', coalesce(kept.person_id, book.person_id),
            coalesce(kept.insurance, book.insurance), coalesce(kept.year, book.year)),
            coalesce(kept.paid_fen, 0), coalesce(book.fen, 0)
        FROM (
            SELECT person_id, insurance, year, paid_fen FROM charge
            WHERE county = %(county)s AND paid_fen <> 0
        ) kept FULL JOIN (
            SELECT {PERSON} AS person_id, insurance, year, -sum(side * amount_fen) AS fen
            FROM {POSTINGS}
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
