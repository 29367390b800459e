"""Whom to visit: households with somebody who has not paid, in walking order, and what it means not to pay."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from canbao.insured import covering
from canbao.insured import queries as insured
from canbao.insured.facts import facts_of
from canbao.kernel import audit, clock, part
from canbao.kernel.actor import Actor
from canbao.kernel.operation import operation
from canbao.kernel.taken import Outcome
from canbao.payments.charges import State
from canbao.payments.tables import Asked, Charge
from canbao.policy.rules.answers import History
from canbao.policy.rules.resolved import Rules

LARGEST: Final = 1_500
_NUMBERS: Final = re.compile(r"(\d+)")
_ONE_DAY: Final = datetime.timedelta(days=1)
_COLUMNS: Final = (
    "id", "person_id", "village", "household_number", "own_fen", "paid_fen", "person__name",
    "person__birth_on", "person__address",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Unpaid:
    """Somebody of a household who has not paid."""

    charge_id: UUID
    person_id: UUID
    name: str
    age: int
    due_fen: int


@dataclass(frozen=True, slots=True)
class Contact:
    """When a household was last asked, how, what it said, and by whom."""

    on: datetime.date
    how: str
    said: str
    by_name: str


@dataclass(frozen=True, slots=True)
class Visit:
    """A household to be visited. `months` is the longest wait of its members, None where nothing is covered."""

    village: str
    household_number: str
    address: str
    people: Sequence[Unpaid]
    months: int | None
    asked: Contact | None

    @property
    def due_fen(self) -> int:
        """What the household owes."""
        return sum(one.due_fen for one in self.people)


@dataclass(frozen=True, slots=True)
class Walk:
    """Households to be visited, as one walks; `listed` of the `people` who have not paid stand among them."""

    visits: Sequence[Visit]
    listed: int
    people: int

    @property
    def cut(self) -> bool:
        """Whether there are more than one list holds."""
        return self.listed < self.people


NOBODY: Final = Walk((), 0, 0)


def visits(
    rules: Rules, villages: frozenset[str], today: datetime.date, *, limit: int = LARGEST
) -> Walk:
    """The households of these villages with somebody who has not paid, as one walks; nine statements, ten where cut.

    Nothing of it says why somebody pays less or waits less.
    """
    found = Charge.here.filter(
        insurance=str(rules.insurance),
        year=rules.year,
        village__in=sorted(villages),
        state=State.OPEN,
    )
    rows = part.first(found.order_by("village", "household_number", "id"), _COLUMNS, limit, tuple)
    waits = _waits(rules, [row[1] for row in rows], today)
    contacts = _contacts([row[0] for row in rows])
    households: dict[tuple[str, object], list[tuple[Any, ...]]] = {}
    for row in rows:
        # Without a household number everybody is a door of their own.
        households.setdefault((row[2], row[3] or row[1]), []).append(row)
    met = [_visit(many, waits, contacts, today) for many in households.values()]
    met.sort(key=lambda one: (one.village, _walked(one.address, one.household_number)))
    return Walk(met, len(rows), rows.total)


def _visit(
    rows: Sequence[tuple[Any, ...]],
    waits: dict[UUID, int | None],
    contacts: dict[UUID, Contact],
    today: datetime.date,
) -> Visit:
    people = [
        Unpaid(charge, person, name, _age(born, today), own - paid)
        for charge, person, _, _, own, paid, name, born, _ in rows
    ]
    months = [wait for one in people if (wait := waits.get(one.person_id)) is not None]
    asked = [contacts[one.charge_id] for one in people if one.charge_id in contacts]
    return Visit(
        village=rows[0][2],
        household_number=rows[0][3],
        address=rows[0][8],
        people=people,
        months=max(months, default=None),
        asked=max(asked, key=lambda one: one.on, default=None),
    )


def _age(born: datetime.date, on: datetime.date) -> int:
    return on.year - born.year - ((on.month, on.day) < (born.month, born.day))


def _walked(address: str, number: str) -> list[tuple[int, int, str]]:
    """An address in the order of its group and house: 2 before 10."""
    parts = [*_NUMBERS.split(address), *_NUMBERS.split(number)]
    return [(0, int(one), "") if one.isdigit() else (1, 0, one) for one in parts if one]


def _waits(
    rules: Rules, person_ids: Sequence[UUID], today: datetime.date
) -> dict[UUID, int | None]:
    """For how many months each would wait for cover who pays only after the period; seven statements."""
    season = rules.season(today)
    late_on = max(today, season.in_time_to + _ONE_DAY) if season else today
    insurance = str(rules.insurance)
    facts = facts_of(person_ids, insurance)
    live = {one.person_id: one.id for one in insured.live(person_ids, insurance)}
    known = covering.histories(list(live.values()))
    seen: dict[tuple[object, ...], int | None] = {}
    waits: dict[UUID, int | None] = {}
    for one in person_ids:
        history = known.get(live[one], History()) if one in live else History()
        alike = (facts[one].alike_on(late_on), history)
        if alike not in seen:
            answer = rules.cover(facts[one], late_on, history)
            seen[alike] = answer.waiting_months if answer else None
        waits[one] = seen[alike]
    return waits


def _contacts(charge_ids: Iterable[UUID]) -> dict[UUID, Contact]:
    """The last contact about each charge; one statement."""
    found = Asked.here.filter(charge_id__in=list(charge_ids)).order_by("id")
    return {
        charge: Contact(*rest)
        for charge, *rest in found.values_list("charge_id", "asked_on", "how", "said", "by_name")
    }


@operation
def printed(actor: Actor, village: str, count: int, *, at: clock.Instant) -> Outcome:
    """Put the printing of a visit list on record: names leave the house on paper."""
    subject = actor.office_id or actor.id
    audit.record(
        actor, "visits.printed", [subject], at=at, kind="office",
        facts={"village": village, "households": count},
    )  # fmt: skip
    return Outcome((subject,))
