"""The children whom an elderly applicant names, beside what the county knows of each."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.db.models import CharField, Value
from django.db.models.functions import Cast

from canbao.cases.queries import CaseView
from canbao.cases.tables import Case
from canbao.insured.tables import Enrolment
from canbao.people.tables import RegisterEntry

_MAC: Final = "person__identitydocument__number_mac"
_HELD: Final = {"person__identitydocument__to_on": None}


@dataclass(frozen=True, slots=True)
class Insured:
    """A live enrolment of a child."""

    insurance: str
    from_on: datetime.date


@dataclass(frozen=True, slots=True)
class Applied:
    """An open case of a child."""

    insurance: str
    desk: str


@dataclass(frozen=True, slots=True)
class Child:
    """What the form says of a child, and what was found under the child's number.

    `registered` is the name under which the register has the number, None where it has it not.
    """

    name: str
    masked: str
    relation: str
    enrolled: str
    reason: str
    registered: str | None
    insured: Sequence[Insured]
    applied: Sequence[Applied]

    @property
    def cover_agrees(self) -> bool | None:
        """Whether what is said of insurance agrees; None where only a proof can tell.

        An insurance of another county, or of employees, does not stand in canbao.
        """
        if self.insured:
            return bool(self.enrolled)
        return None if self.enrolled or not self.reason else True

    @property
    def differs(self) -> bool:
        """Whether what the form says contradicts a record."""
        return self.registered not in {None, self.name} or self.cover_agrees is False


def children(view: CaseView) -> list[Child]:
    """The children on the form of a case, looked up; one statement, none where nobody is named.

    The caller puts the look at their records on record.
    """
    said: list[dict[str, Any]] = view.fields.get("family", [])
    found = _found([one["number_mac"] for one in said]) if said else []
    return [_child(one, [row for row in found if row[0] == one["number_mac"]]) for one in said]


def _child(said: dict[str, Any], found: Iterable[tuple[str, str, str, str]]) -> Child:
    known: dict[str, list[tuple[str, str]]] = {"register": [], "insured": [], "applied": []}
    for _mac, what, one, other in found:
        known[what].append((one, other))
    return Child(
        said["name"],
        said["number_masked"],
        said["relation"],
        said["enrolled"],
        said["reason"],
        registered=next((name for name, _ in known["register"]), None),
        insured=[Insured(one, datetime.date.fromisoformat(on)) for one, on in known["insured"]],
        applied=[Applied(one, desk) for one, desk in known["applied"]],
    )


def _found(macs: Sequence[str]) -> list[tuple[str, str, str, str]]:
    """What register, enrolments and open cases have under these keyed hashes."""
    held = {**_HELD, f"{_MAC}__in": macs}
    register = RegisterEntry.here.filter(number_mac__in=macs).values_list(
        "number_mac", Value("register"), "name", Value("")
    )
    insured = Enrolment.here.filter(state="live", **held).values_list(
        _MAC, Value("insured"), "insurance", Cast("from_on", CharField())
    )
    applied = Case.here.filter(is_open=True, **held).values_list(
        _MAC, Value("applied"), "insurance", "desk"
    )
    return list(register.union(insured, applied, all=True))
