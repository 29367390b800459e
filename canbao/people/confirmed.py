"""Writes what the county confirmed into the persons' records: facts, household, special groups."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from canbao.kernel import clock, rows
from canbao.kernel.ids import new_ids
from canbao.people.tables import Category, Household, Membership, Person, PersonChange

_FACTS: Final = (
    "name",
    "sex",
    "birth_on",
    "ethnic",
    "village",
    "address",
    "living_address",
    "household_nature",
)


@dataclass(frozen=True, slots=True)
class Confirmed:
    """One person and the form the county confirmed; `evidence` is what a special group then rests on."""

    person_id: UUID
    case_id: UUID
    village: str
    fields: Mapping[str, Any]
    evidence: str = ""


def write(forms: Sequence[Confirmed], at: clock.Instant) -> None:
    """Bring the persons in line with their forms; every change keeps its old value. At most 8 statements."""
    if not forms:
        return
    _facts(forms, at)
    _households(forms, clock.on(at))
    groups = [(form, code) for form in forms for code in form.fields["groups"]]
    rows.insert(
        Category,
        person_id=[form.person_id for form, _ in groups],
        code=[code for _, code in groups],
        evidence=[form.evidence for form, _ in groups],
        from_on=clock.on(at),
    )


def _facts(forms: Sequence[Confirmed], at: clock.Instant) -> None:
    held = {
        row[0]: dict(zip(_FACTS, row[1:], strict=True))
        for row in Person.here.filter(id__in=[form.person_id for form in forms]).values_list(
            "id", *_FACTS
        )
    }
    new = {
        form.person_id: {
            name: datetime.date.fromisoformat(form.fields[name])
            if name == "birth_on"
            else form.fields[name]
            for name in _FACTS
        }
        for form in forms
    }
    changes = [
        (form, name, str(held[form.person_id][name]), str(value))
        for form in forms
        for name, value in new[form.person_id].items()
        if held[form.person_id][name] != value
    ]
    if not changes:
        return
    rows.insert(
        PersonChange,
        person_id=[form.person_id for form, *_ in changes],
        field=[name for _, name, _, _ in changes],
        old=[old for *_, old, _ in changes],
        new=[value for *_, value in changes],
        case_id=[form.case_id for form, *_ in changes],
        by_id=[form.case_id for form, *_ in changes],
        at=at,
    )
    changed = sorted({form.person_id for form, *_ in changes})
    rows.update(Person, changed, **{name: [new[one][name] for one in changed] for name in _FACTS})


def _households(forms: Sequence[Confirmed], on: datetime.date) -> None:
    keyed = {
        (form.village, form.fields["household_number"]): form
        for form in forms
        if form.fields["household_number"]
    }
    if not keyed:
        return
    keys = list(keyed)
    rows.insert_new(
        Household,
        ["village", "number"],
        id=new_ids(len(keys)),
        village=[village for village, _ in keys],
        number=[number for _, number in keys],
        address=[keyed[key].fields["address"] for key in keys],
    )
    households = {
        (village, number): one
        for one, village, number in Household.here.filter(
            village__in={village for village, _ in keys}, number__in={number for _, number in keys}
        ).values_list("id", "village", "number")
    }
    members = {
        form.person_id: (
            households[form.village, form.fields["household_number"]],
            form.fields["relation"],
        )
        for form in forms
        if form.fields["household_number"]
    }
    stays = {
        person
        for person, household in Membership.here.filter(
            person_id__in=list(members), to_on=None
        ).values_list("person_id", "household_id")
        if members[person][0] == household
    }
    moved = [person for person in members if person not in stays]
    Membership.here.filter(person_id__in=moved, to_on=None).update(to_on=on)
    rows.insert_new(
        Membership,
        ["person"],
        person_id=moved,
        household_id=[members[person][0] for person in moved],
        relation=[members[person][1] for person in moved],
        from_on=on,
    )
