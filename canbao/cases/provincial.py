"""The national fields of an established person, as the provincial systems take them (DOMAIN 4.3 to 4.5)."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from canbao.people.documents import Held
from canbao.people.numbers import CHECKED

_NATURE: Final[Mapping[str, str]] = {"rural": "20", "urban": "10", "unified": "50"}
# The county knows the group, not its class: the first class stands for it (AAC066).
_IDENTITY: Final[Mapping[str, str]] = {
    "disability_severe": "021",
    "disability_mild": "023",
    "destitute": "031",
    "poverty_register": "051",
    "low_income": "061",
    "family_planning": "071",
}
_OTHER_GROUP: Final = "090"
_ORDINARY: Final = "011"
FULL_AGE: Final = 18
ELDERLY: Final = 60
SCHOOL_AGE: Final = 6


@dataclass(frozen=True, slots=True)
class Established:
    """One person to be handed over: the form that was confirmed, and what followed from it."""

    person: str
    case_number: str
    county: str
    township: str
    village: str
    fields: Mapping[str, Any]
    document: Held
    enrolled_on: datetime.date
    decided_on: datetime.date
    account: str
    year: int


Column = Callable[[Established], str]


def _compact(on: object) -> str:
    return str(on).replace("-", "")


def _social_number(one: Established) -> str:
    return one.document.number if one.document.kind in CHECKED else ""


def _identity(one: Established) -> str:
    groups = one.fields["groups"]
    known = sorted(_IDENTITY[code] for code in groups if code in _IDENTITY)
    return known[0] if known else (_OTHER_GROUP if groups else _ORDINARY)


def person_type(one: Established) -> str:
    """PSN_TYPE by age on the day of enrolment and by school."""
    birth = datetime.date.fromisoformat(one.fields["birth_on"])
    on = one.enrolled_on
    age = on.year - birth.year - ((on.month, on.day) < (birth.month, birth.day))
    student = one.fields["student"]
    if student == "university":
        return "1404"
    if age >= ELDERLY:
        return "16"
    if age >= FULL_AGE:
        return "1501"
    if age < 1:
        return "1401"
    if age < SCHOOL_AGE or student == "kindergarten":
        return "1402"
    return "1403" if student == "school" else "1405"


def _nature(one: Established) -> str:
    return str(one.fields["household_nature"] or _NATURE.get(one.fields["residency"], ""))


PENSION: Final[Mapping[str, Column]] = {
    "AAC001": lambda one: one.person,
    "AAC002": _social_number,
    "AAC058": lambda one: one.document.kind.national_code,
    "AAC147": lambda one: one.document.number,
    "AAC003": lambda one: str(one.fields["name"]),
    "AAC004": lambda one: str(one.fields["sex"]),
    "AAC005": lambda one: str(one.fields["ethnic"]),
    "AAC006": lambda one: _compact(one.fields["birth_on"]),
    "AAC009": _nature,
    "AAC010": lambda one: str(one.fields["address"]),
    "AAE006": lambda one: str(one.fields["living_address"] or one.fields["address"]),
    "AAC008": lambda _one: "1",
    "AAC031": lambda _one: "1",
    "AAC066": _identity,
    "AAC030": lambda one: _compact(one.enrolled_on),
    "AAE003": lambda one: str(one.year),
    "AAE140": lambda one: str(one.fields["insurance"]),
    "AAE015": lambda one: _compact(one.decided_on),
    "AAE016": lambda _one: "1",
    "AAA027": lambda one: one.county,
    "AAF101": lambda one: one.county,
    "AAF102": lambda one: one.township,
    "AAF103": lambda one: one.village,
    "AAE013": lambda one: f"{one.case_number} {one.account}".strip(),
}
MEDICAL: Final[Mapping[str, Column]] = {
    "PSN_NO": lambda one: one.person,
    "PSN_CERT_TYPE": lambda one: one.document.kind.national_code,
    "CERTNO": lambda one: one.document.number,
    "PSN_NAME": lambda one: str(one.fields["name"]),
    "GEND": lambda one: str(one.fields["sex"]),
    "NATY": lambda one: str(one.fields["ethnic"]),
    "BRDY": lambda one: str(one.fields["birth_on"]),
    "INSUTYPE": lambda one: str(one.fields["insurance"]),
    "PSN_TYPE": person_type,
    "PSN_INSU_STAS": lambda _one: "1",
    "PSN_CHG_TYPE": lambda _one: "11",
    "PSN_INSU_DATE": lambda one: one.enrolled_on.isoformat(),
    # Nothing is paid when a person is handed over; the money follows its own way.
    "CLCT_FLAG": lambda _one: "0",
    "CLCT_TYPE": lambda _one: "10",
    "INSU_YEAR": lambda one: str(one.year),
    "INSU_ADMDVS": lambda one: one.county,
    "TOWNSHIP": lambda one: one.township,
    "VILLAGE": lambda one: one.village,
    "RESD_ADDR": lambda one: str(one.fields["address"]),
    "LIVE_ADDR": lambda one: str(one.fields["living_address"] or one.fields["address"]),
    "MEMO": lambda one: one.case_number,
}
COLUMNS: Final[Mapping[str, Mapping[str, Column]]] = {"170": PENSION, "390": MEDICAL}
