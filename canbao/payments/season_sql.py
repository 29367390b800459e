"""What a set of a season writes, as statements over the people that `insured.carrying` laid out."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from canbao.kernel import bulk, clock
from canbao.payments import charges, traces
from canbao.policy.rules.answers import Price

_LEAVE_OUT: Final = """
DELETE FROM carried USING charge
WHERE charge.county = %(county)s AND charge.person_id = carried.person_id
    AND charge.insurance = %(insurance)s AND charge.year = %(year)s
"""
_DROP_OUTS: Final = """
INSERT INTO season_drop_out (id, county, season_id, person_id, village, household_number, reason, detail)
SELECT new_id(n), %(county)s, %(season)s, person_id, village, household_number,
    CASE WHEN gone <> '' THEN gone ELSE reason END, CASE WHEN gone <> '' THEN '' ELSE detail END
FROM carried LEFT JOIN kind_answer USING (kind)
WHERE gone <> '' OR reason <> '' ORDER BY n
"""
# In the order of the unique key, so that two writers seldom meet crosswise; an approval may have been quicker.
_CHARGES: Final = """
INSERT INTO charge (id, county, person_id, insurance, year, level, village, household_number, revision,
    own_fen, paid_fen, state, pack_sha256, trace_sha256, made_by, made_at, settled_on)
SELECT ready.id, %(county)s, person_id, %(insurance)s, %(year)s, ready.level, village, household_number, 1,
    ready.own_fen, 0, CASE WHEN ready.own_fen = 0 THEN 'settled' ELSE 'open' END, ready.pack_sha256,
    ready.trace_sha256, 'season', %(at)s, CASE WHEN ready.own_fen = 0 THEN %(on)s::date END
FROM carried JOIN charged ready USING (n) ORDER BY n
ON CONFLICT DO NOTHING
"""
_CHARGED: Final = """
CREATE TEMPORARY TABLE charged ON COMMIT DROP AS
SELECT n, new_id(n) AS id, price, price_answer.level,
    price_answer.own_fen, price_answer.pack_sha256, price_answer.trace_sha256
FROM carried JOIN kind_answer USING (kind) JOIN price_answer USING (price) WHERE gone = ''
ORDER BY n
"""
_NOT_WRITTEN: Final = """
DELETE FROM charged WHERE NOT EXISTS (
    SELECT FROM charge WHERE charge.id = charged.id AND charge.county = %(county)s
)
"""
_SHARES: Final = """
INSERT INTO charge_share (id, county, charge_id, revision, payer, kind, sub_ledger, amount_fen, evidence)
SELECT new_id(n * 32 + place), %(county)s, charged.id, 1, payer, share_answer.kind, sub_ledger,
    amount_fen, evidence
FROM charged JOIN share_answer USING (price)
"""
_SETTLED: Final = "SELECT count(*) FROM charged WHERE own_fen = 0"


@dataclass(frozen=True, slots=True)
class Answered:
    """What the rules say of one kind of people: a price with its trace, or why there is none."""

    price: Price | None = None
    text: str = ""
    reason: str = ""
    detail: str = ""


def leave_out_charged(insurance: str, year: int) -> None:
    """Take away who has a charge already: by approval, or from an earlier round."""
    bulk.execute(_LEAVE_OUT, insurance=insurance, year=year)


def lay_answers(answers: Mapping[str, Answered], at: clock.Instant) -> None:
    """Lay what the rules answered beside the people: kinds, their prices, and the shares of each price."""
    used = {kind for (kind,) in bulk.fetch("SELECT DISTINCT kind FROM carried WHERE gone = ''")}
    here = {kind: answers[kind] for kind in sorted(used)}
    # Kinds that differ in nothing the price depends on share one, with its text.
    prices: dict[str, tuple[int, Price]] = {}
    for one in here.values():
        if one.price is not None:
            prices.setdefault(one.text, (len(prices), one.price))
    hashes = traces.keep(prices, at)
    number = {kind: prices[one.text][0] if one.price else None for kind, one in here.items()}
    bulk.put(
        "kind_answer",
        {
            "kind": ("text", list(here)),
            "price": ("int", list(number.values())),
            "reason": ("text", [one.reason for one in here.values()]),
            "detail": ("text", [one.detail for one in here.values()]),
        },
    )
    bulk.put(
        "price_answer",
        {
            "price": ("int", [place for place, _ in prices.values()]),
            "level": ("text", [price.level for _, price in prices.values()]),
            "own_fen": ("bigint", [price.own_fen for _, price in prices.values()]),
            "pack_sha256": ("text", [price.fingerprint for _, price in prices.values()]),
            "trace_sha256": ("text", [hashes[text] for text in prices]),
        },
    )
    _lay_shares([(number, price) for number, price in prices.values()])


def _lay_shares(prices: list[tuple[int, Price]]) -> None:
    shares = [
        (number, place, price, share)
        for number, price in prices
        for place, share in enumerate(price.shares)
    ]
    columns: dict[str, tuple[str, list[Any]]] = {
        "price": ("int", [number for number, *_ in shares]),
        "place": ("int", [place for _, place, *_ in shares]),
        "payer": ("text", [str(share.payer) for *_, share in shares]),
        "kind": ("text", [str(share.kind) for *_, share in shares]),
        "sub_ledger": ("text", [share.sub_ledger for *_, share in shares]),
        "amount_fen": ("bigint", [share.fen for *_, share in shares]),
        "evidence": (
            "text",
            [charges.evidence_of(price, share) for *_, price, share in shares],
        ),
    }
    bulk.put("share_answer", columns)


def write_drop_outs(season_id: UUID) -> int:
    """List who is not charged, with the reason."""
    return bulk.execute(_DROP_OUTS, season=season_id)


def write_charges(insurance: str, year: int, on: datetime.date, at: clock.Instant) -> int:
    """Write charges with their shares; returns how many, and leaves them in `charged`."""
    bulk.clear("charged")
    wanted = bulk.execute(_CHARGED)
    written = bulk.execute(_CHARGES, insurance=insurance, year=year, on=on, at=at)
    if written < wanted:
        bulk.execute(_NOT_WRITTEN)
    bulk.execute(_SHARES)
    return written


def count_settled() -> int:
    """How many of the charges written ask nothing of the person."""
    return int(bulk.fetch(_SETTLED)[0][0])
