"""Writes a corrected typing error into a person's record; the old value is kept with both officers."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from canbao.kernel import clock, rows, secrets
from canbao.kernel.refusal import Refused
from canbao.people import identities, merged, names, numbers
from canbao.people.codes import ETHNIC, SEX
from canbao.people.identities import bound
from canbao.people.tables import IdentityDocument, Person, PersonChange

ADDRESS_MAX: Final = 200
EARLIEST: Final = 1880


@dataclass(frozen=True, slots=True)
class Corrected:
    """One field of a person, its value before and after, and who proposed and who confirmed it."""

    person_id: UUID
    case_id: UUID
    field: str
    old: str
    new: str
    reason: str
    proposed_by: UUID
    confirmed_by: UUID


def read(field: str, text: str, document_kind: str, on: datetime.date) -> str:
    """A value as typed in its one written form.

    Refuses `field_unclear`, and what names and numbers refuse (`name_...`, `number_...`).
    """
    typed = text.strip()
    if field == "name":
        return names.read(typed)
    if field == "number":
        return numbers.read(numbers.Kind(document_kind), typed, on=on).number
    if field in {"sex", "ethnic"}:
        found = (SEX if field == "sex" else ETHNIC).read(typed)
        if found is None:
            raise Refused("field_unclear", field=field)
        return found
    if field == "birth_on":
        return _birth(typed, on)
    if len(typed) > ADDRESS_MAX or not (typed or field == "living_address"):
        raise Refused("field_unclear", field=field)
    return typed


def _birth(typed: str, on: datetime.date) -> str:
    try:
        birth = datetime.date.fromisoformat(typed)
    except ValueError as fault:
        raise Refused("field_unclear", field="birth_on") from fault
    if birth.year < EARLIEST or birth > on:
        raise Refused("field_unclear", field="birth_on")
    return birth.isoformat()


def taken_by_another(person_id: UUID, kind: str, number: str) -> bool:
    """Whether somebody else holds this number."""
    held = IdentityDocument.here.filter(number_mac=identities.mac(kind, number), to_on=None)
    return bool(held.exclude(person_id=person_id).exists())


def lock(person_id: UUID) -> None:
    """Lock the person, before the case."""
    list(Person.here.filter(id=person_id).select_for_update(no_key=True).values_list("id"))


def write(one: Corrected, at: clock.Instant) -> None:
    """Change the person's record and keep the old value; numbers stand masked in the change.

    Refuses `number_of_another`.
    """
    old, new = one.old, one.new
    if one.field == "number":
        old, new = _number(one, at)
    elif one.field == "birth_on":
        rows.update(Person, [one.person_id], birth_on=datetime.date.fromisoformat(new))
    else:
        rows.update(Person, [one.person_id], **{one.field: new})
    rows.insert(
        PersonChange, person_id=one.person_id, field=one.field, old=old, new=new, proof=one.reason,
        case_id=one.case_id, by_id=one.proposed_by, second_id=one.confirmed_by, at=at,
    )  # fmt: skip


def _number(one: Corrected, at: clock.Instant) -> tuple[str, str]:
    """End the wrong document and enter the right one; returns both masked."""
    mine = list(merged.rows_of([one.person_id]))
    held = IdentityDocument.here.filter(person_id__in=mine, to_on=None, masked=one.old)
    wrong_id, kind, masked, row = held.values_list("id", "kind", "masked", "person_id")[0]
    rows.update(IdentityDocument, [wrong_id], to_on=clock.on(at))
    written = rows.insert_new(
        IdentityDocument, ["number_mac"], person_id=row, kind=kind,
        number_sealed=secrets.seal(one.new, bound_to=bound("document")),
        number_mac=identities.mac(kind, one.new), masked=numbers.mask(one.new), from_on=clock.on(at),
    )  # fmt: skip
    if not written:
        raise Refused("number_of_another")
    rows.update(Person, [row], four_mac=secrets.fingerprint("four", numbers.last_four(one.new)))
    return masked, numbers.mask(one.new)
