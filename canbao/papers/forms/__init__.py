"""What a printed form is made of, and the canonical bytes that its marks are hashed over.

Each form is a folder `<kind>.<version>` with `form.toml` (fields in order, labels, words) and
`form.typ` (the page). A folder that has been printed from is never changed; a new version is a
new folder, so that old papers print for ever as they were.
"""

from __future__ import annotations

import json
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Final

from canbao.papers.seals import Seal

FOLDER: Final = Path(__file__).resolve().parent
LANGUAGES: Final = {"zh-hans": "zh", "zh": "zh", "en": "en"}
NO_FACTS: Final[Mapping[str, str]] = {}


class FieldKind(StrEnum):
    """How the value of a field is written; the value itself is always a plain string."""

    TEXT = "text"
    NUMBER = "number"  # identity number: one box a character when it is a citizen's
    DATE = "date"  # 2026-11-23
    MONTH = "month"  # 2026-11
    FEN = "fen"  # whole fen
    CHOICE = "choice"  # one code
    CHOICES = "choices"  # codes with commas between


class Desk(StrEnum):
    """The opinion boxes of a form, from left to right."""

    VILLAGE = "village"
    TOWNSHIP = "township"
    COUNTY = "county"
    FINANCE = "finance"
    PAYOUT = "payout"


class HowMarked(StrEnum):
    """How an applicant confirmed the form."""

    DRAWN = "drawn"  # a signature drawn on a screen
    PHOTO = "photo"  # a photo of a signed sheet, kept among the papers
    FINGERPRINT = "fingerprint"
    INK = "ink"  # by hand on the printed sheet


@dataclass(frozen=True, slots=True)
class Option:
    """One box that can be ticked."""

    code: str
    label: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a form: its name in the data, its kind, label and options."""

    name: str
    kind: FieldKind
    label: Mapping[str, str]
    options: tuple[Option, ...]


@dataclass(frozen=True, slots=True)
class Form:
    """One version of one form."""

    kind: str
    version: int
    title: Mapping[str, str]
    fields: tuple[Field, ...]
    columns: tuple[Field, ...]  # of each row, where the form holds a list
    words: Mapping[str, Mapping[str, str]]

    @property
    def key(self) -> str:
        """The folder's name, which is also what is printed on the sheet."""
        return f"{self.kind}.{self.version}"

    @property
    def page(self) -> Path:
        """The typst page of this version."""
        return FOLDER / self.key / "form.typ"


@dataclass(frozen=True, slots=True)
class Opinion:
    """One opinion box: who at which office wrote what on which day, signed and sealed."""

    desk: Desk
    text: str = ""
    officer_name: str = ""
    office_name: str = ""
    on: date | None = None
    signature_png: bytes | None = None
    seal: Seal | None = None
    broken: bool = False  # the content was changed after this mark was set
    note: str = ""  # e.g. who recorded it on behalf of the one who signed


@dataclass(frozen=True, slots=True)
class ApplicantMark:
    """How the applicant confirmed the form, and with whose help."""

    how: HowMarked
    name: str
    on: date | None = None
    signature_png: bytes | None = None
    fingerprint_png: bytes | None = None
    witness_name: str = ""
    broken: bool = False


@dataclass(frozen=True, slots=True)
class ArchiveStamp:
    """The archive's stamp: fonds, year, class, retention, box and item, as printed."""

    fonds: str
    year: str
    series: str
    retention: str
    box: str
    item: str


@dataclass(frozen=True, slots=True)
class FormSheet:
    """One copy of one paper, ready to print. Empty fields print as blanks to fill in by hand.

    `fields` and each of `rows` map names declared in the form's `form.toml` to plain strings:
    dates as 2026-11-23, money in whole fen, choices as codes. Numbers print as given, masked or
    full. `token_url` is what the QR carries; empty prints no QR.
    """

    kind: str
    version: int
    number: str = ""
    token_url: str = ""
    copy_no: int = 1
    copies: int = 1
    fields: Mapping[str, str] = field(default_factory=dict)
    rows: Sequence[Mapping[str, str]] = ()
    opinions: Sequence[Opinion] = ()
    applicant_mark: ApplicantMark | None = None
    archive: ArchiveStamp | None = None
    photo_jpeg: bytes | None = None
    reprint: bool = False
    language: str = "zh-hans"


@cache
def form(kind: str, version: int) -> Form:
    """Read one version of a form; a form that does not exist is a FileNotFoundError."""
    path = FOLDER / f"{kind}.{version}" / "form.toml"
    read = tomllib.loads(path.read_text(encoding="utf-8"))
    return Form(
        kind=kind,
        version=version,
        title=read["title"],
        fields=tuple(field_from(entry) for entry in read.get("field", ())),
        columns=tuple(field_from(entry) for entry in read.get("column", ())),
        words=read.get("words", {}),
    )


def field_from(entry: Mapping[str, object]) -> Field:
    """One field as written in `form.toml`."""
    options = entry.get("options", ())
    label = entry["label"]
    if not isinstance(options, list | tuple) or not isinstance(label, dict):
        message = f"malformed field {entry['name']}"
        raise TypeError(message)
    return Field(
        name=str(entry["name"]),
        kind=FieldKind(str(entry.get("kind", "text"))),
        label=label,
        options=tuple(
            Option(option["code"], {"zh": option["zh"], "en": option["en"]}) for option in options
        ),
    )


def shipped() -> tuple[tuple[str, int], ...]:
    """Every form and version there is, as (kind, version)."""
    found = (path.parent.name.rpartition(".") for path in FOLDER.glob("*/form.toml"))
    return tuple(sorted((kind, int(version)) for kind, _, version in found))


def require_known(
    kind: str, version: int, fields: Mapping[str, str], rows: Sequence[Mapping[str, str]] = ()
) -> None:
    """A name that the form does not declare would be signed and never shown: a ValueError."""
    known = form(kind, version)
    unknown = fields.keys() - {entry.name for entry in known.fields}
    columns = {entry.name for entry in known.columns}
    unknown |= {name for row in rows for name in row.keys() - columns}
    if unknown:
        message = f"{known.key} has no field {', '.join(sorted(unknown))}"
        raise ValueError(message)


def canonical(
    kind: str,
    version: int,
    fields: Mapping[str, str],
    attachments_sha256: Sequence[str],
    *,
    rows: Sequence[Mapping[str, str]] = (),
) -> bytes:
    """The bytes a mark's hash is taken over: form version, every field, all attachments.

    Sorted JSON in UTF-8 without spaces. A field left out and a field left empty are the same,
    the order of attachments does not matter, the order of rows does.
    """
    require_known(kind, version, fields, rows)
    columns = sorted(entry.name for entry in form(kind, version).columns)
    content = {
        "form": f"{kind}.{version}",
        "fields": {entry.name: fields.get(entry.name, "") for entry in form(kind, version).fields},
        "rows": [{name: row.get(name, "") for name in columns} for row in rows],
        "attachments": sorted(attachments_sha256),
    }
    return json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
