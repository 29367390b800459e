"""What is owed: made at the county's approval or for a season, taken for payment through one door."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final, NamedTuple
from uuid import UUID

from canbao.insured import covering
from canbao.kernel import bulk, clock, rows
from canbao.kernel.actor import Actor
from canbao.kernel.ids import new_ids
from canbao.kernel.taken import Taken
from canbao.payments import traces
from canbao.payments.tables import Charge, ChargeShare
from canbao.policy.rules.answers import Price, Share, ShareKind


class State(StrEnum):
    """Where a charge is: to be paid, its own share settled, or no longer wanted."""

    OPEN = "open"
    SETTLED = "settled"
    CANCELLED = "cancelled"


class MadeBy(StrEnum):
    """What made a charge."""

    APPROVAL = "approval"
    SEASON = "season"


class ChargeRow(NamedTuple):
    """A charge as operations and guards see it."""

    id: UUID
    person_id: UUID
    insurance: str
    year: int
    level: str
    village: str
    household_number: str
    revision: int
    own_fen: int
    paid_fen: int
    state: str
    pack_sha256: str
    settled_on: datetime.date | None

    @property
    def due_fen(self) -> int:
        """What is still to be paid by the person; never negative."""
        return max(0, self.own_fen - self.paid_fen) if self.state == State.OPEN else 0


# Done by every payment.
_TAKE: Final = f"""
SELECT {", ".join(ChargeRow._fields)} FROM charge
WHERE county = %(county)s AND id = ANY(%(ids)s) AND insurance = ANY(%(insurances)s)
ORDER BY id FOR NO KEY UPDATE
"""  # noqa: S608 - the names of columns


@dataclass(frozen=True, slots=True)
class Draft:
    """A charge to be: whose, for which year, and the price with its trace."""

    person_id: UUID
    village: str
    household_number: str
    price: Price
    trace: str


def make(drafts: Sequence[Draft], made_by: MadeBy, at: clock.Instant) -> list[UUID]:
    """Write charges with their shares; who has one for that insurance and year already gets no second.

    A charge that asks nothing of the person is settled at once: the year is renewed and covered. Returns
    the ids written; three statements, and those of `covering.begin`.
    """
    by_id = dict(zip(new_ids(len(drafts)), drafts, strict=True))
    on = clock.on(at)
    free = {one for one, draft in by_id.items() if draft.price.own_fen == 0}
    hashes = traces.keep({one.trace for one in drafts}, at)
    written = rows.insert_new(
        Charge,
        ["person_id", "insurance", "year"],
        id=list(by_id),
        person_id=[one.person_id for one in by_id.values()],
        insurance=[one.price.insurance for one in by_id.values()],
        year=[one.price.year for one in by_id.values()],
        level=[one.price.level for one in by_id.values()],
        village=[one.village for one in by_id.values()],
        household_number=[one.household_number for one in by_id.values()],
        own_fen=[one.price.own_fen for one in by_id.values()],
        state=[State.SETTLED if one in free else State.OPEN for one in by_id],
        settled_on=[on if one in free else None for one in by_id],
        pack_sha256=[one.price.fingerprint for one in by_id.values()],
        trace_sha256=[hashes[one.trace] for one in by_id.values()],
        made_by=made_by,
        made_at=at,
    )
    write_shares([(one, 1, draft.price) for one, draft in by_id.items() if one in written])
    covering.begin(
        [
            settled(draft.person_id, draft.price, on)
            for one, draft in by_id.items()
            if one in free and one in written
        ],
        at,
    )
    return [one for one in by_id if one in written]


def write_shares(priced: Sequence[tuple[UUID, int, Price]]) -> None:
    """Write the shares of charges by revision and price; one statement."""
    shares = [
        (charge, revision, price, share)
        for charge, revision, price in priced
        for share in price.shares
    ]
    rows.insert(
        ChargeShare,
        charge_id=[charge for charge, *_ in shares],
        revision=[revision for _, revision, *_ in shares],
        payer=[str(share.payer) for *_, share in shares],
        kind=[str(share.kind) for *_, share in shares],
        sub_ledger=[share.sub_ledger for *_, share in shares],
        amount_fen=[share.fen for *_, share in shares],
        evidence=[evidence_of(price, share) for *_, price, share in shares],
    )


def evidence_of(price: Price, share: Share) -> str:
    """The list and month by which a helper pays a share."""
    if price.evidence is None or share.kind is not ShareKind.HELP:
        return ""
    return price.evidence.evidence


def settled(person_id: UUID, price: Price, on: datetime.date) -> covering.Settled:
    """A person whose own share by this price is settled."""
    return covering.Settled(
        person_id, price.insurance, price.year, price.level, price.own_fen, price.fingerprint, on
    )


def rows_of(found: Any) -> list[ChargeRow]:
    """Light rows of a query."""
    return list(map(ChargeRow._make, found.values_list(*ChargeRow._fields)))


def take(actor: Actor, wanted: Iterable[UUID]) -> Taken[ChargeRow]:
    """Take charges of the actor's insurances for a change, locked in the order of their ids.

    Waits for whoever holds one, so that the second of two cashiers learns that the first was paid. Any
    village of the county is within reach: children pay for parents elsewhere in the county.
    """
    ids = list(wanted)
    found = bulk.fetch(_TAKE, ids=ids, insurances=sorted(actor.insurances))
    return Taken(map(ChargeRow._make, found), ids)


def take_for(
    wanted: Iterable[tuple[UUID, str, int]],
) -> dict[tuple[UUID, str, int], ChargeRow]:
    """Take the charges of these (person, insurance, year), locked in the order of their ids; one statement."""
    keys = set(wanted)
    found = Charge.here.filter(
        person_id__in=[one for one, *_ in keys],
        insurance__in=sorted({insurance for _, insurance, _ in keys}),
        year__in=sorted({year for *_, year in keys}),
    )
    taken = rows_of(found.order_by("id").select_for_update(no_key=True))
    by_key = {(row.person_id, row.insurance, row.year): row for row in taken}
    return {key: row for key, row in by_key.items() if key in keys}


def pay(
    charges: Sequence[ChargeRow],
    fen: Sequence[int],
    on: Sequence[datetime.date],
    at: clock.Instant,
) -> None:
    """Add own money, each with the day it came, to taken charges.

    Those it completes are settled, renewed and covered from that day.
    """
    paid = [one.paid_fen + more for one, more in zip(charges, fen, strict=True)]
    complete = [now >= one.own_fen for one, now in zip(charges, paid, strict=True)]
    rows.update(
        Charge,
        [one.id for one in charges],
        paid_fen=paid,
        state=[State.SETTLED if done else State.OPEN for done in complete],
        settled_on=[day if done else None for done, day in zip(complete, on, strict=True)],
    )
    done = [
        (one, day) for one, all_paid, day in zip(charges, complete, on, strict=True) if all_paid
    ]
    covering.begin(
        [
            covering.Settled(
                one.person_id, one.insurance, one.year, one.level, one.own_fen, one.pack_sha256, day,
            )
            for one, day in done
        ],
        at,
    )  # fmt: skip


def cancel(charges: Sequence[ChargeRow], fen: Sequence[int], at: clock.Instant) -> None:
    """Take own money off taken charges and end them: nothing is owed any more, and nothing is covered."""
    rows.update(
        Charge,
        [one.id for one in charges],
        paid_fen=[one.paid_fen - less for one, less in zip(charges, fen, strict=True)],
        state=State.CANCELLED,
        settled_on=[None for _one in charges],
    )
    covering.void([(one.person_id, one.insurance, one.year) for one in charges], at)


def take_back(charges: Sequence[ChargeRow], fen: Sequence[int], at: clock.Instant) -> None:
    """Take own money off taken charges again; what is owed once more loses its cover. Three statements."""
    paid = [one.paid_fen - less for one, less in zip(charges, fen, strict=True)]
    owed = [
        one.state == State.SETTLED and now < one.own_fen
        for one, now in zip(charges, paid, strict=True)
    ]
    rows.update(
        Charge,
        [one.id for one in charges],
        paid_fen=paid,
        state=[
            State.OPEN if open_ else one.state for one, open_ in zip(charges, owed, strict=True)
        ],
        settled_on=[
            None if open_ else one.settled_on for one, open_ in zip(charges, owed, strict=True)
        ],
    )
    covering.void(
        [
            (one.person_id, one.insurance, one.year)
            for one, open_ in zip(charges, owed, strict=True)
            if open_
        ],
        at,
    )
