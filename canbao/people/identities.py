"""Finds or opens the persons behind identity documents, in sets, and locks them."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from canbao.kernel import clock, county, rows, secrets
from canbao.kernel.ids import new_ids
from canbao.people import numbers
from canbao.people.tables import IdentityDocument, Person


@dataclass(frozen=True, slots=True)
class Identity:
    """What is said of a person when a number is met for the first time."""

    kind: str
    number: str
    name: str
    sex: str
    birth_on: datetime.date
    ethnic: str
    village: str
    address: str
    living_address: str
    household_nature: str
    phone: str


@dataclass(frozen=True, slots=True)
class Known:
    """A person as the county holds them."""

    id: UUID
    name: str
    sex: str
    birth_on: datetime.date
    village: str
    opened: bool


def mac(kind: str, number: str) -> str:
    """The keyed hash under which a document is found, in every table that names one."""
    return secrets.fingerprint("document", numbers.canonical(kind, number))


def bound(purpose: str) -> str:
    """What a sealed value is bound to: it opens in no other county and for no other purpose."""
    return f"{county.current()}/{purpose}"


def settle(identities: Sequence[Identity], at: clock.Instant) -> list[Known]:
    """Give each identity its person, opening those who are new; the persons are locked, by id.

    Six statements whatever the number, one more where a row gave way to another: then it is the other.
    Two who open the same number at once get the same person.
    """
    macs = [mac(one.kind, one.number) for one in identities]
    found = _holders(macs)
    fresh = {code: one for code, one in zip(macs, identities, strict=True) if code not in found}
    if fresh:
        opened = _open(fresh, at)
        if len(opened) < len(fresh):
            found |= _holders([code for code in fresh if code not in opened])
        found |= opened
    opened_now = set(opened.values()) if fresh else set()
    locked = _locked(found.values())
    # Asked of the locked rows: a merge may have been confirmed while this waited for them.
    gave_way = {one: row.merged_into for one, row in locked.items() if row.merged_into}
    if gave_way:
        locked |= _locked(gave_way.values())
        found = {code: gave_way.get(person, person) for code, person in found.items()}
    return [
        Known(
            person.id,
            person.name,
            person.sex,
            person.birth_on,
            person.village,
            person.id in opened_now,
        )
        for person in (locked[found[code]] for code in macs)
    ]


def _locked(ids: Iterable[UUID]) -> dict[UUID, Person]:
    return {
        row.id: row
        for row in Person.here.filter(id__in=set(ids))
        .order_by("id")
        .select_for_update(no_key=True)
        .only("id", "name", "sex", "birth_on", "village", "merged_into")
    }


def _holders(macs: Sequence[str]) -> dict[str, UUID]:
    found = IdentityDocument.here.filter(number_mac__in=macs, to_on=None)
    return dict(found.values_list("number_mac", "person_id"))


def _open(fresh: dict[str, Identity], at: clock.Instant) -> dict[str, UUID]:
    codes = list(fresh)
    who = list(fresh.values())
    persons = dict(zip(codes, new_ids(len(codes)), strict=True))
    # The document's unique key decides who is new; its person follows, since foreign keys wait for the commit.
    documents = dict(zip(new_ids(len(codes)), codes, strict=True))
    written = rows.insert_new(
        IdentityDocument,
        ["number_mac"],
        id=list(documents),
        person_id=list(persons.values()),
        kind=[one.kind for one in who],
        number_sealed=secrets.seal_all((one.number for one in who), bound_to=bound("document")),
        number_mac=codes,
        masked=[numbers.mask(one.number) for one in who],
        from_on=clock.on(at),
    )
    mine = {documents[one] for one in written}
    kept = [(persons[code], one) for code, one in fresh.items() if code in mine]
    rows.insert(
        Person,
        id=[person_id for person_id, _ in kept],
        name=[one.name for _, one in kept],
        sex=[one.sex for _, one in kept],
        birth_on=[one.birth_on for _, one in kept],
        ethnic=[one.ethnic for _, one in kept],
        village=[one.village for _, one in kept],
        address=[one.address for _, one in kept],
        living_address=[one.living_address for _, one in kept],
        household_nature=[one.household_nature for _, one in kept],
        phone_sealed=secrets.seal_all((one.phone for _, one in kept), bound_to=bound("phone")),
        four_mac=[secrets.fingerprint("four", one.number[-4:]) for _, one in kept],
    )
    return {code: person_id for code, person_id in persons.items() if code in mine}
