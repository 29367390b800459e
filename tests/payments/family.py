"""The household of four of the story: two adults, a child, and one for whom somebody else pays."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from canbao.cases.claim import Claim
from canbao.kernel import clock
from canbao.papers.marks import Confirmation
from canbao.payments.charges import ChargeRow
from canbao.people.identities import Identity
from canbao.people.tables import Contact
from tests import small as cast
from tests.payments import money
from tests.small import Small

HOUSEHOLD = "0317"
NAMES = ("王守田", "李桂香", "赵雅琴", "王一诺")


def _who(serial: int, name: str, born: date) -> Identity:
    return cast.identity(serial, name=name, birth_on=born)


def claims(first: int = 1, household: str = HOUSEHOLD) -> list[Claim]:
    """Four sound applications of one household."""
    year = clock.today().year
    head = _who(first, NAMES[0], date(year - 62, 3, 1))
    wife = _who(first + 1, NAMES[1], date(year - 60, 3, 1))
    young = _who(first + 2, NAMES[2], date(year - 34, 3, 1))
    child = _who(first + 3, NAMES[3], date(year - 9, 3, 1))
    common: dict[str, Any] = {"household_number": household, "year": year + 1}
    return [
        cast.claim(first, identity=head, relation="02", **common),
        cast.claim(first + 1, identity=wife, relation="12", groups=("disability_severe",), **common),
        cast.claim(first + 2, identity=young, relation="38", **common),
        cast.claim(
            first + 3, identity=child, relation="42", level="child", student="school",
            confirmation=Confirmation("paper", NAMES[2], "parent"), **common,
        ),
    ]  # fmt: skip


def owing(small: Small, first: int = 1, household: str = HOUSEHOLD) -> dict[str, ChargeRow]:
    """The charges of the four by name; 1,270 yuan are due."""
    wanted = claims(first, household)
    found = money.approved(small, claims=wanted)
    from canbao.people import queries as people

    names = people.persons([row.person_id for row in found])
    return {names[row.person_id].name: row for row in found}


def bind(contact: UUID, person: UUID) -> None:
    """Bind a phone to a person, as a counter does."""
    Contact.here.filter(id=contact).update(person_id=person, bound_at=clock.now())
