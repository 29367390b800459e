"""The measured county: one officer at each desk, and as many applicants as are asked for, with papers.

What stands before an application is made here and is not measured: register lines, stored files.
"""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from canbao.cases.claim import Channel, Claim
from canbao.kernel import canonical, clock, rows
from canbao.kernel.actor import Actor
from canbao.kernel.ids import new_id, new_ids
from canbao.papers.marks import Confirmation
from canbao.papers.sheets import Attached
from canbao.papers.tables import Blob
from canbao.people import numbers, officers, phones, register
from canbao.people.codes import Sex
from canbao.people.identities import Identity
from canbao.people.numbers import Kind
from canbao.people.register_line import RegisterRow, Standing
from canbao.people.tables import Contact
from canbao.simulate import claims, offices
from canbao.simulate.offices import Place, Worker

CODE: Final = "370199"
TOWNSHIP, VILLAGE = "370199101000", "370199101201"
PAPERS: Final = ("id_front", "id_back", "booklet_first", "booklet_own", "photo")
_FIRST: Final = datetime.date(1968, 1, 1)
_DAYS: Final = 13_000
_PHONE: Final = "13800001427"


@dataclass(frozen=True, slots=True)
class County:
    """The officers of the desks and the phone that applies."""

    village: Actor
    township: Actor
    county: Actor
    phone: Actor


def found(insurance: str = "390") -> County:
    """Make the county; to be called inside it, in an empty database."""
    workers = [
        Worker("village", "陈秋生", "village", VILLAGE),
        Worker("township", "孟庆华", "township", TOWNSHIP),
        Worker("county", "魏静怡", "county", insurance),
    ]
    towns, villages = [Place(TOWNSHIP, "柳泉镇")], [Place(VILLAGE, "杏花村", TOWNSHIP)]
    postings = offices.found(CODE, "明水县", towns, villages, workers, demo=True)
    on = clock.today()
    held = {login: officers.officer(login, one, on) for login, one in postings.items()}
    phones.ask(officers.system(), _PHONE, at=clock.now())
    phone = officers.resident(Contact.here.values_list("id", flat=True).get())
    village, township, county = held["village"], held["township"], held["county"]
    assert village
    assert township
    assert county
    assert phone
    return County(village, township, county, phone)


class Applicants:
    """Gives out people nobody has met, each with a line in the register and stored papers."""

    def __init__(self, county: County, channel: Channel, insurance: str = "390") -> None:
        self.channel = channel
        self.by = county.phone if channel is Channel.PHONE else county.village
        self._insurance = insurance
        self._serial = 0

    def next(self, count: int) -> list[Claim]:
        """The claims of the next people; four make a household."""
        serials = range(self._serial, self._serial + count)
        self._serial += count
        people = [_identity(serial) for serial in serials]
        _register(people, serials)
        files = _files(count * len(PAPERS), self.by.id)
        how = "drawn" if self.channel is Channel.PHONE else "paper"
        year = claims.cover_year(self._insurance, clock.today())
        return [
            Claim(
                id=case_id,
                insurance=self._insurance,
                year=year,
                level="adult" if self._insurance == "390" else "500",
                identity=who,
                household_number=f"{serial // 4:06d}",
                relation="02" if serial % 4 == 0 else "20",
                residency="rural",
                student="none",
                confirmation=Confirmation(how, who.name),
                attached=tuple(
                    Attached(kind, 1, files[place * len(PAPERS) + paper])
                    for paper, kind in enumerate(PAPERS)
                ),
                phone_masked=phones.mask(who.phone),
            )
            for place, (case_id, who, serial) in enumerate(
                zip(new_ids(count), people, serials, strict=True)
            )
        ]


def _identity(serial: int) -> Identity:
    birth = _FIRST + datetime.timedelta(days=serial % _DAYS)
    number = numbers.compose(CODE, birth, 1 + 2 * (serial // _DAYS))
    return Identity(
        "id_card", number, name(serial), "1", birth, "01", VILLAGE,
        f"明水县柳泉镇杏花村{serial % 9 + 1}组{serial // 4:06d}户", "", "20", f"138{serial:08d}",
    )  # fmt: skip


def name(serial: int) -> str:
    """A name of three characters out of 20 million."""
    family, given = divmod(serial, 4000)
    return f"{chr(0x4E00 + (family * 37 + serial) % 5000)}{chr(0x5E00 + given % 4000)}{chr(0x6E00 + serial % 3989)}"


def _register(people: Sequence[Identity], serials: range) -> None:
    lines = [
        RegisterRow(
            serial + 2, f"{serial // 4:06d}", serial % 4 == 0, "02" if serial % 4 == 0 else "20", who.name,
            Kind.ID_CARD, who.number, Sex.MALE, who.birth_on, who.ethnic, who.village, who.address, "20",
            None, None, Standing.REGISTERED,
        )
        for who, serial in zip(people, serials, strict=True)
    ]  # fmt: skip
    register.load(officers.system(), lines, new_id(), at=clock.now())


def _files(count: int, by: UUID) -> list[UUID]:
    """Rows of stored files; their bytes are made and kept outside what is measured."""
    ids = new_ids(count)
    rows.insert(
        Blob,
        id=ids,
        sha256=[canonical.sha256_bytes(one.bytes) for one in ids],
        key="k0001",
        size_bytes=60_000,
        media_type="image/jpeg",
        width=1200,
        height=800,
        verdict="good",
        by_id=by,
        at=clock.now(),
    )
    return ids
