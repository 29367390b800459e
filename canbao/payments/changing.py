"""A change of category or group after the charge: new shares beside the old, and what was paid too much."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final
from uuid import UUID

from canbao.insured import covering, crediting
from canbao.insured.facts import facts_of
from canbao.kernel import audit, clock, money, notices, rows
from canbao.kernel.actor import Actor, Role
from canbao.kernel.operation import LARGEST_SET, operation
from canbao.kernel.refusal import Refused
from canbao.kernel.taken import Outcome, Refusal, Taken
from canbao.payments import accounts, bringing, charges, queries, refunds, traces
from canbao.payments.bringing import Brought
from canbao.payments.charges import ChargeRow, State
from canbao.payments.receiving import PENSION
from canbao.payments.refunds import Back, DueRow, Reason
from canbao.payments.tables import Charge
from canbao.people import queries as people
from canbao.policy import published
from canbao.policy.rules import trace
from canbao.policy.rules.answers import Price
from canbao.policy.rules.person import PersonFacts
from canbao.policy.rules.resolved import Rules

# Level, shares by kind, payer, evidence and fen, and what the helper pays back.
Says = tuple[str, tuple[tuple[str, ...], ...], int]
_CHANGERS: Final = frozenset({Role.FINANCE})
# Where refunds are that are not taken back, and what is said of them.
_NOT_TAKEN_BACK: Final = {
    "dearer_refund_asked": frozenset(refunds.WAITING) - {refunds.State.DUE},
    "dearer_refund_paid": frozenset({refunds.State.PAID}),
}


@dataclass(frozen=True, slots=True)
class Shown:
    """The own share and what is then to be given back, in fen, as somebody saw them before saying yes."""

    own_fen: int
    too_much_fen: int


@dataclass(frozen=True, slots=True)
class Change:
    """A charge as it was, the price that holds now, and what follows for money paid already."""

    charge: ChargeRow
    price: Price
    text: str
    taken_back: Sequence[DueRow] = ()

    @property
    def paid_fen(self) -> int:
        """What is paid of the charge once the refunds taken back are its money again."""
        return self.charge.paid_fen + self.taken_back_fen

    @property
    def taken_back_fen(self) -> int:
        """What is no longer due to be given back."""
        return sum(one.amount_fen for one in self.taken_back)

    @property
    def too_much_fen(self) -> int:
        """What was paid above the new own share, where the helper takes it over; never negative."""
        return max(0, self.paid_fen - self.price.own_fen)

    @property
    def left_fen(self) -> int:
        """What stays paid of the charge once the rest is due to be given back."""
        return self.paid_fen - self.too_much_fen

    @property
    def shown(self) -> Shown:
        """What the page says of it."""
        return Shown(self.price.own_fen, self.too_much_fen)

    @property
    def paid_back_fen(self) -> int:
        """What the helper gives back of an own share paid in full, where help works that way.

        It is the helper's money and not the agency's premium: nothing of it is booked.
        """
        back = self.price.paid_back
        paid = self.paid_fen and self.paid_fen >= self.price.own_fen
        return back.fen if back is not None and paid else 0

    @property
    def says(self) -> Says:
        """Level, shares and what is paid back: what must differ for a new revision; a later day does not count."""
        shares = [
            (str(one.kind), str(one.payer), charges.evidence_of(self.price, one), str(one.fen))
            for one in self.price.shares
        ]
        return self.price.level, tuple(sorted(shares)), _back(self.price)

    @property
    def complete(self) -> bool:
        """Whether the new own share is settled by what was paid."""
        return self.paid_fen >= self.price.own_fen


@dataclass(frozen=True, slots=True)
class SoFar:
    """The price stored with a charge, and what its shares in force say."""

    price: Price
    says: Says


@dataclass(frozen=True, slots=True)
class Part:
    """Fen that are given back of a charge, and the line of a receipt that brought them where one is known."""

    fen: int
    line: Brought | None


@dataclass(frozen=True, slots=True)
class Look:
    """What repricing a charge would do: the price so far, the one that holds now, and from where money comes back.

    With a `refusal` nothing is changed, and it says why; `change` is missing where the rules give no price.
    """

    charge: ChargeRow
    before: Price
    change: Change | None
    parts: Sequence[Part]
    refusal: Refusal | None


@operation
def reprice(
    actor: Actor, charge_ids: Sequence[UUID], shown: Mapping[UUID, Shown] | None = None,
    *, at: clock.Instant,
) -> Outcome:  # fmt: skip
    """Bring charges in line with the persons' records as they are today; the earlier shares stay.

    What was paid above the new own share is booked as due to be given back (`too_much_fen` by charge), from
    the newest receipt lines that brought it, and leaves the charge. Where more is owed again, what became
    due as too much and nobody asked for is taken back first. What a helper gives back afterwards
    stands in the outcome only (`paid_back_fen`). With what was `shown` by charge it does that or nothing.
    Refuses the set: `not_finance`, `set_too_large`; per charge: `not_found`, `charge_cancelled`,
    `price_unchanged`, `dearer_refund_asked` and `dearer_refund_paid` (what was too much is asked for, or
    gone), `dearer_after_settled` (what is paid and covered is not asked for again), `amount_changed`, and what
    the rules refuse: `not_eligible_any_more`, `level_unknown`, `level_without_amount`. Source: DOMAIN 2.6.
    """
    may(actor, charge_ids)
    taken = charges.take(actor, charge_ids)
    changes = _changes(taken, clock.on(at), lock=True)
    as_shown(taken, changes, shown)
    if not taken.rows:
        return taken.outcome()
    found = [changes[row.id] for row in taken]
    put(actor, found, at)
    audit.record(
        actor, "charge.repriced", taken.ids, at=at, kind="charge",
        facts=[
            {"own_fen": one.price.own_fen, "before_fen": one.charge.own_fen, "too_much_fen": one.too_much_fen}
            for one in found
        ],
    )  # fmt: skip
    return taken.outcome(
        too_much_fen={str(one.charge.id): one.too_much_fen for one in found if one.too_much_fen},
        paid_back_fen={str(one.charge.id): one.paid_back_fen for one in found if one.paid_back_fen},
    )


def preview(actor: Actor, found: Sequence[ChargeRow], on: datetime.date) -> list[Look]:
    """What `reprice` would do with these charges on a day, by the same rules; nothing is locked or changed.

    Of cancelled ones it is what `reopening.reopen` would do, beside the refusal `charge_cancelled`.
    Refuses `not_finance`, `set_too_large`; charges out of reach are left out.
    """
    may(actor, found)
    held = {one.id: one for one in found if one.insurance in actor.insurances}
    taken = Taken(held.values(), ())
    so_far = _so_far(taken)
    changes = _changes(taken, on, so_far)
    parts = _parts(list(changes.values()))
    return [
        Look(
            charge, so_far[one].price, changes.get(one), parts.get(one, ()), taken.refused.get(one)
        )
        for one, charge in held.items()
    ]


def _tell(changes: Sequence[Change], at: clock.Instant) -> None:
    """Tell everybody who paid too much how much is theirs to ask for, and what is not theirs any more."""
    said: list[tuple[str, Change, int]] = []
    for one in changes:
        said += [("refund_taken_back", one, one.taken_back_fen)] if one.taken_back else []
        said += [("refund_due", one, one.too_much_fen)] if one.too_much_fen else []
    phones = people.contacts_of({one.charge.person_id for _, one, _ in said})
    for template in ("refund_taken_back", "refund_due"):
        told = [(one, fen) for name, one, fen in said if name == template]
        notices.tell(
            [phones.get(one.charge.person_id) for one, _ in told], template, at=at, kind="charge",
            subjects=[one.charge.id for one, _ in told],
            facts=[{"yuan": money.in_yuan(fen), "year": one.charge.year} for one, fen in told],
        )  # fmt: skip


def may(actor: Actor, wanted: Sequence[object]) -> None:
    """Refuse `not_finance`, `set_too_large`."""
    if actor.role not in _CHANGERS:
        raise Refused("not_finance")
    if len(wanted) > LARGEST_SET:
        raise Refused("set_too_large", largest=LARGEST_SET)


def _changes(
    taken: Taken[ChargeRow], on: datetime.date, so_far: Mapping[UUID, SoFar] | None = None,
    *, lock: bool = False,
) -> dict[UUID, Change]:  # fmt: skip
    """What would change of each; those of which nothing may change leave the set, though their price is kept."""
    so_far = so_far if so_far is not None else _so_far(taken)
    changes = priced(taken, on)
    taken.keep("charge_cancelled", lambda row: row.state != State.CANCELLED)
    taken.keep("price_unchanged", lambda row: changes[row.id].says != so_far[row.id].says)
    _dearer(taken, changes, lock=lock)
    return changes


def _dearer(taken: Taken[ChargeRow], changes: dict[UUID, Change], *, lock: bool) -> None:
    """Let settled charges that cost more again take back what nobody asked for; refuse where that is too little."""
    dearer = [row for row in taken if row.state == State.SETTLED and not changes[row.id].complete]
    if not dearer:
        return
    due: dict[UUID | None, list[DueRow]] = defaultdict(list)
    for one in refunds.too_much_of([row.id for row in dearer], lock=lock):
        due[one.charge_id].append(one)
    for row in dearer:
        change = changes[row.id]
        for one in due[row.id]:
            if one.state == refunds.State.DUE and not change.complete:
                change = replace(change, taken_back=[*change.taken_back, one])
        if change.complete:
            changes[row.id] = change
        else:
            taken.refuse(row.id, *_too_late(due[row.id]))


def _too_late(due: Sequence[DueRow]) -> tuple[str, dict[str, str]]:
    """Why more is not asked for: what was too much is asked for or given back, or there never was any."""
    for code, states in _NOT_TAKEN_BACK.items():
        fen = sum(one.amount_fen for one in due if one.state in states)
        if fen:
            return code, {"yuan": money.in_yuan(fen)}
    return "dearer_after_settled", {}


def as_shown(
    taken: Taken[ChargeRow], changes: Mapping[UUID, Change], shown: Mapping[UUID, Shown] | None
) -> None:
    """Refuse `amount_changed` for each of which something else was shown."""
    if shown is not None:
        taken.keep("amount_changed", lambda row: changes[row.id].shown == shown.get(row.id))


def put(actor: Actor, found: Sequence[Change], at: clock.Instant) -> None:
    """Write new revisions of taken charges, book what then is due or no longer due, and tell who gets money."""
    backs = [back for one in found for back in one.taken_back]
    # Both steps below enter personal accounts, and hold the agency's accounts when they have.
    crediting.hold([one.charge.person_id for one in found if one.charge.insurance == PENSION])
    _write(found, at)
    refunds.take_back(actor, backs, at)
    refunds.due(actor, _backs(found), at)
    _tell(found, at)


def _parts(changes: Sequence[Change]) -> dict[UUID, list[Part]]:
    """From which lines each gives back what was paid too much: the newest first, none more than it has left."""
    over = {one.charge.id: one.too_much_fen for one in changes if one.too_much_fen}
    if not over:
        return {}
    brought = bringing.into(over, [back.id for one in changes for back in one.taken_back])
    return {one: _taken_from(brought.get(one, ()), fen) for one, fen in over.items()}


def _taken_from(lines: Sequence[Brought], fen: int) -> list[Part]:
    """So many fen line by line; what no line is known for stands alone."""
    parts = []
    for line in lines:
        part = min(fen, line.left_fen)
        if part:
            parts.append(Part(part, line))
        fen -= part
    return [*parts, Part(fen, None)] if fen else parts


def _backs(changes: Sequence[Change]) -> list[Back]:
    parts = _parts(changes)
    return [
        Back(
            one.charge.person_id, one.charge.insurance, one.charge.year, part.fen, Reason.TOO_MUCH,
            accounts.PREMIUM, part.line.id if part.line else None, one.charge.id,
            part.line.receipt_id if part.line else None,
        )
        for one in changes
        for part in parts.get(one.charge.id, ())
    ]  # fmt: skip


def priced(taken: Taken[ChargeRow], today: datetime.date) -> dict[UUID, Change]:
    """The price of each by the rules of its pack today; those that the rules refuse leave the set."""
    found: dict[UUID, Change] = {}
    for insurance in sorted({row.insurance for row in taken}):
        mine = [row for row in taken if row.insurance == insurance]
        facts = facts_of([row.person_id for row in mine], insurance)
        rules = {year: published.rules(insurance, year) for year in {row.year for row in mine}}
        for row in mine:
            try:
                price = _price(rules[row.year], row, facts[row.person_id], today)
            except Refused as refused:
                taken.refuse(row.id, refused.code, refused.facts)
                continue
            found[row.id] = Change(row, price, trace.write(price))
    return found


def _price(rules: Rules, row: ChargeRow, person: PersonFacts, today: datetime.date) -> Price:
    """A settled charge keeps the day it was settled on, so that nobody is late afterwards."""
    on = row.settled_on or today
    if row.settled_on is not None:
        # A group given since counts for the year; from when is left out where it began later.
        held = person.groups_on(today)
        person = replace(
            person,
            groups=tuple(
                replace(one, from_on=one.from_on if one.from_on <= on else datetime.date.min)
                for one in held
            ),
        )
    if rules.refusals(person, on):
        raise Refused("not_eligible_any_more")
    # The tier of the pension is the person's choice; the category of the medical insurance is not.
    likely = rules.likely_level(replace(person, last_level=row.level), on)
    if likely.level is None:
        raise Refused("level_unknown", level=row.level, place=rules.place, year=rules.year)
    return rules.price(person, likely.level, on)


def _so_far(taken: Taken[ChargeRow]) -> dict[UUID, SoFar]:
    """What the charges said so far, by level, shares in force and stored price; two statements."""
    shares: dict[UUID, list[tuple[str, ...]]] = defaultdict(list)
    for one in queries.shares_of(taken.ids):
        shares[one.charge_id].append((one.kind, one.payer, one.evidence, str(one.amount_fen)))
    prices = {one: trace.read(text) for one, text in traces.of(taken.ids).items()}
    return {
        row.id: SoFar(
            prices[row.id], (row.level, tuple(sorted(shares[row.id])), _back(prices[row.id]))
        )
        for row in taken
    }


def _back(price: Price) -> int:
    return price.paid_back.fen if price.paid_back else 0


def _write(changes: Sequence[Change], at: clock.Instant) -> None:
    on = clock.on(at)
    hashes = traces.keep({one.text for one in changes}, at)
    rows.update(
        Charge,
        [one.charge.id for one in changes],
        revision=[one.charge.revision + 1 for one in changes],
        level=[one.price.level for one in changes],
        own_fen=[one.price.own_fen for one in changes],
        paid_fen=[one.left_fen for one in changes],
        pack_sha256=[one.price.fingerprint for one in changes],
        trace_sha256=[hashes[one.text] for one in changes],
        state=[State.SETTLED if one.complete else State.OPEN for one in changes],
        settled_on=[(one.charge.settled_on or on) if one.complete else None for one in changes],
    )
    charges.write_shares([(one.charge.id, one.charge.revision + 1, one.price) for one in changes])
    covering.begin(
        [
            charges.settled(one.charge.person_id, one.price, on)
            for one in changes
            if one.complete and one.charge.state != State.SETTLED
        ],
        at,
    )
