"""Identity documents: reading a number of any kind, and what it says about its holder."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Final

from django.utils.translation import pgettext_lazy

from canbao.kernel.refusal import Refused
from canbao.people.codes import Code, Sex, Table


class Kind(StrEnum):
    """The kinds of document that identify a person here."""

    ID_CARD = "id_card"
    RESIDENCE_PERMIT = "residence_permit"
    FOREIGN_CARD = "foreign_card"
    HONG_KONG_PERMIT = "hong_kong_permit"
    MACAU_PERMIT = "macau_permit"
    TAIWAN_PERMIT = "taiwan_permit"
    PASSPORT = "passport"
    CHINESE_PASSPORT = "chinese_passport"
    BIRTH_CERTIFICATE = "birth_certificate"

    @property
    def national_code(self) -> str:
        """The code of the healthcare platform (PSN_CERT_TYPE); a birth certificate is other."""
        return NATIONAL_CODES[self]

    @classmethod
    def of(cls, text: str) -> Kind:
        """The kind meant by its word, code or name. Refuses `document_kind_unknown`."""
        word = re.sub(r"\s+", "", text)
        found = KINDS.read(word) or _BY_CODE.get(word.zfill(2))
        if found is None:
            raise Refused("document_kind_unknown", text=text[:20])
        return cls(found)


NATIONAL_CODES: Final[Mapping[Kind, str]] = {
    Kind.ID_CARD: "01",
    Kind.HONG_KONG_PERMIT: "04",
    Kind.MACAU_PERMIT: "05",
    Kind.TAIWAN_PERMIT: "06",
    Kind.FOREIGN_CARD: "07",
    Kind.PASSPORT: "08",
    Kind.CHINESE_PASSPORT: "16",
    Kind.RESIDENCE_PERMIT: "17",
    Kind.BIRTH_CERTIFICATE: "99",
}
_BY_CODE: Final = {code: str(kind) for kind, code in NATIONAL_CODES.items()}

KINDS: Final = Table(
    "document kinds",
    Code("id_card", pgettext_lazy("document", "Resident ID card"), "居民身份证"),
    Code(
        "residence_permit",
        pgettext_lazy("document", "Residence permit for Hong Kong, Macau or Taiwan residents"),
        "港澳台居民居住证",
    ),
    Code(
        "foreign_card",
        pgettext_lazy("document", "Foreign permanent resident ID card"),
        "外国人永久居留身份证",
    ),
    Code(
        "hong_kong_permit",
        pgettext_lazy("document", "Mainland travel permit, Hong Kong"),
        "港澳居民来往内地通行证（香港）",
    ),
    Code(
        "macau_permit",
        pgettext_lazy("document", "Mainland travel permit, Macau"),
        "港澳居民来往内地通行证（澳门）",
    ),
    Code(
        "taiwan_permit",
        pgettext_lazy("document", "Mainland travel permit, Taiwan"),
        "台湾居民来往大陆通行证",
    ),
    Code("passport", pgettext_lazy("document", "Foreign passport"), "外国人护照"),
    Code("chinese_passport", pgettext_lazy("document", "Chinese passport"), "中国护照"),
    Code("birth_certificate", pgettext_lazy("document", "Birth certificate"), "出生医学证明"),
    words={
        "身份证": "id_card",
        "户口簿": "id_card",
        "居民身份证（户口簿）": "id_card",
        "居住证": "residence_permit",
        "外国人永久居留证": "foreign_card",
        "护照": "passport",
        "出生证": "birth_certificate",
        "出生证明": "birth_certificate",
    },
)
# These three share the citizen number's build and its check digit.
CHECKED: Final = frozenset({Kind.ID_CARD, Kind.RESIDENCE_PERMIT, Kind.FOREIGN_CARD})

LENGTH: Final = 18
OLD_LENGTH: Final = 15
OLDEST_YEARS: Final = 130
_WEIGHTS: Final = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECK_DIGITS: Final = "10X98765432"
_CHECKED_SHAPE: Final = re.compile(r"[0-9]{17}[0-9X]")
_PERMIT_AREAS: Final = ("810000", "820000", "830000")
_DISABILITY_SUFFIX: Final = re.compile(r"[1-7][1-4]([Bb][0-9])?")
_SCIENTIFIC: Final = re.compile(r"[0-9](\.[0-9]+)?E\+?[0-9]{1,2}")
_SHAPES: Final[Mapping[Kind, re.Pattern[str]]] = {
    Kind.FOREIGN_CARD: re.compile(r"[A-Z]{3}[0-9]{12}"),
    Kind.HONG_KONG_PERMIT: re.compile(r"H[0-9]{8}([0-9]{2})?"),
    Kind.MACAU_PERMIT: re.compile(r"M[0-9]{8}([0-9]{2})?"),
    Kind.TAIWAN_PERMIT: re.compile(r"[0-9]{8}([0-9]{2}[A-Z]?)?"),
    Kind.PASSPORT: re.compile(r"(?=.*[0-9])[A-Z0-9]{5,15}"),
    Kind.CHINESE_PASSPORT: re.compile(r"(?:[EGDSPK][0-9]{8}|E[A-Z][0-9]{7}|1[45][0-9]{7})"),
    Kind.BIRTH_CERTIFICATE: re.compile(r"[A-Z][0-9]{9}"),
}
_PROVINCES: Final = frozenset(
    str(code)
    for first, last in ((11, 15), (21, 23), (31, 37), (41, 46), (50, 54), (61, 65))
    for code in range(first, last + 1)
)
# Jinan and, merged into it in 2019, Laiwu: the codes of today and what became of the old ones.
JINAN_AREAS: Final = frozenset(
    f"3701{county:02d}" for county in (1, 2, 3, 4, 5, 12, 13, 14, 15, 16, 17, 24, 26)
)
RETIRED_AREAS: Final[Mapping[str, str]] = {
    "370111": "370112",
    "370121": "370112",
    "370122": "370114",
    "370123": "370113",
    "370125": "370115",
    "370181": "370114",
    "371201": "370116",
    "371202": "370116",
    "371203": "370117",
}
_CITIES_KNOWN: Final = ("3701", "3712")


@dataclass(frozen=True, slots=True)
class Note:
    """Something worth telling that is no reason to refuse: a code, and facts without any number."""

    code: str
    facts: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Document:
    """A document that was read: the number in its one written form, and what follows from it."""

    kind: Kind
    number: str
    birth_on: date | None = None
    sex: Sex | None = None
    area: str | None = None
    notes: tuple[Note, ...] = ()


def read(
    kind: Kind, text: str, *, on: date, known_areas: Collection[str] = frozenset()
) -> Document:
    """Read a number as a person typed it.

    Full-width characters, spaces, dashes and a small x are put right; 15 digits become 18 with the
    note `upgraded_from_15`. `on` is the business date: nobody is born after it. `known_areas` are
    codes of this installation that the national list lacks; an unknown or retired area is a note,
    never a refusal. Refuses with a `number_...` code. Rules: GB 11643-1999, ISO 7064 MOD 11-2.
    """
    number = tidy(text)
    if not number:
        raise Refused("number_missing")
    if _SCIENTIFIC.fullmatch(number):
        raise Refused("number_scientific")
    shape = _SHAPES.get(kind)
    if shape and shape.fullmatch(number):
        return Document(kind, number)
    if kind not in CHECKED:
        raise Refused("number_shape", kind=KINDS.label(kind))
    return _checked(kind, number, on=on, known_areas=known_areas)


def check_digit(first17: str) -> str:
    """The 18th place for 17 digits: ISO 7064 MOD 11-2."""
    total = sum(int(digit) * weight for digit, weight in zip(first17, _WEIGHTS, strict=True))
    return _CHECK_DIGITS[total % 11]


def compose(area: str, birth_on: date, sequence: int) -> str:
    """A valid number from its parts; for demonstrations and tests. An odd sequence is a man."""
    body = f"{area}{birth_on:%Y%m%d}{sequence:03d}"
    return body + check_digit(body)


def birth_in(number: str) -> date | None:
    """The birth date in places 7 to 14, or None when they are no date."""
    try:
        return date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        return None


def holds(number: str) -> bool:
    """Tell whether 18 characters are a number with a real date and the right check digit."""
    return (
        _CHECKED_SHAPE.fullmatch(number) is not None
        and birth_in(number) is not None
        and check_digit(number[:17]) == number[17]
    )


def canonical(kind: str, number: str) -> str:
    """The string to take an HMAC of, so that one document gives one value.

    A travel permit keeps its number for life and counts its renewals in what follows.
    """
    if kind in {Kind.HONG_KONG_PERMIT, Kind.MACAU_PERMIT}:
        number = number[:9]
    elif kind == Kind.TAIWAN_PERMIT:
        number = number[:8]
    return f"{kind}:{number}"


def mask(number: str) -> str:
    """The number as screens and papers show it: four characters, stars, four characters."""
    head, tail = (4, 4) if len(number) >= 12 else (1, 3) if len(number) >= 7 else (0, 1)  # noqa: PLR2004
    return number[:head] + "*" * (len(number) - head - tail) + number[len(number) - tail :]


def last_four(number: str) -> str:
    """What a person says at the counter beside the birth date."""
    return number[-4:]


def differences(document: Document, *, birth_on: date | None, sex: Sex | None) -> tuple[str, ...]:
    """The fields (`birth_on`, `sex`) in which a statement differs from what the number says."""
    found = []
    if document.birth_on and birth_on and document.birth_on != birth_on:
        found.append("birth_on")
    if document.sex and sex in {Sex.MALE, Sex.FEMALE} and document.sex != sex:
        found.append("sex")
    return tuple(found)


def tidy(text: str) -> str:
    """A number in its one written form, right or wrong: no blanks or dashes, signs unified."""
    folded = unicodedata.normalize("NFKC", text[:200]).strip().removeprefix("'").upper()
    folded = folded.replace("\u00d7", "X").replace("\u0425", "X")  # the times sign and Cyrillic Ha
    dropped = {"Zs", "Cf", "Pd"}
    return "".join(
        sign
        for sign in folded
        if sign not in "\t\r\n" and unicodedata.category(sign) not in dropped
    )


def _checked(kind: Kind, number: str, *, on: date, known_areas: Collection[str]) -> Document:
    notes: list[Note] = []
    if kind is Kind.ID_CARD and re.fullmatch(r"[0-9]{15}", number):
        body = f"{number[:6]}19{number[6:]}"
        number = body + check_digit(body)
        notes.append(Note("upgraded_from_15", {"number": mask(number)}))
    _check_shape(number)
    _check_kind(kind, number)
    birth_on = birth_in(number)
    if birth_on is None:
        raise Refused("number_birth_date")
    if birth_on > on:
        raise Refused("number_birth_future")
    if on.year - birth_on.year > OLDEST_YEARS:
        raise Refused("number_birth_early", year=birth_on.year)
    if check_digit(number[:17]) != number[17]:
        raise Refused("number_check_digit")
    sex = Sex.MALE if int(number[16]) % 2 else Sex.FEMALE
    area = None if kind is Kind.FOREIGN_CARD else number[:6]
    if kind is Kind.ID_CARD:
        notes += _about_area(number[:6], known_areas)
    return Document(kind, number, birth_on, sex, area, tuple(notes))


def _check_shape(number: str) -> None:
    if len(number) > LENGTH and holds(number[:LENGTH]):
        if _DISABILITY_SUFFIX.fullmatch(number[LENGTH:]):
            raise Refused("number_disability_suffix", length=len(number))
        raise Refused("number_length", length=len(number))
    for position, sign in enumerate(number, 1):
        if not ("0" <= sign <= "9" or (sign == "X" and position == LENGTH)):
            shown = sign if sign.isprintable() else f"U+{ord(sign):04X}"
            raise Refused("number_character", position=position, character=shown)
    if len(number) != LENGTH:
        raise Refused("number_length", length=len(number))


def _check_kind(kind: Kind, number: str) -> None:
    """An 18-digit number tells by its beginning which document it belongs to."""
    if number.startswith("9"):
        belongs = Kind.FOREIGN_CARD
    elif number.startswith(_PERMIT_AREAS):
        belongs = Kind.RESIDENCE_PERMIT
    else:
        belongs = Kind.ID_CARD
    if belongs is not kind:
        raise Refused("number_of_other_kind", kind=KINDS.label(kind), other=KINDS.label(belongs))


def _about_area(area: str, known_areas: Collection[str]) -> list[Note]:
    if area in known_areas or area in JINAN_AREAS:
        return []
    if area in RETIRED_AREAS:
        return [Note("area_retired", {"area": area, "successor": RETIRED_AREAS[area]})]
    if area[:2] not in _PROVINCES or area.startswith(_CITIES_KNOWN):
        return [Note("area_unknown", {"area": area})]
    return []
