"""The household register (户籍底册) as a file: read in sets, every fault with its row and column."""

from __future__ import annotations

import codecs
import csv
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Final

import python_calamine as calamine
import xlsxwriter

from canbao.kernel.refusal import Refused
from canbao.people import codes, numbers
from canbao.people.codes import Sex
from canbao.people.numbers import Kind
from canbao.people.register_line import (
    COLUMNS,
    REQUIRED,
    STANDINGS,
    Cells,
    Finding,
    Line,
    RegisterRow,
    Standing,
    shown,
    text_of,
)

__all__ = [
    "COLUMNS",
    "REQUIRED",
    "STANDINGS",
    "Finding",
    "RegisterBatch",
    "RegisterRow",
    "Standing",
    "read",
    "write",
    "write_sample",
]

SET: Final = 500
HEADING_ROWS: Final = 10
LARGEST_MEGABYTES: Final[Mapping[str, int]] = {".csv": 500, ".xlsx": 60}
_MEGABYTE: Final = 1024 * 1024
_CHUNK: Final = 1024 * 1024
_DELIMITERS: Final = ",\t;"
_BRACKETS: Final = re.compile(r"[（(].*[)）]$")

Row = tuple[int, Cells | None]


@dataclass(frozen=True, slots=True)
class RegisterBatch:
    """At most 500 good rows, the faults of rows left out, and notes about rows that were kept."""

    rows: tuple[RegisterRow, ...]
    faults: tuple[Finding, ...]
    notes: tuple[Finding, ...]


def read(path: Path, *, on: date, county: str | None = None) -> Iterator[RegisterBatch]:
    """Read a CSV or XLSX file in sets of at most 500 good rows.

    UTF-8 or GBK is recognised, headings may be Chinese or English and stand below a title. A row
    with a fault is left out and the others go on; a document number and a head of household count
    once in the file. With `county` every village must lie in it. Refuses the file as a whole with
    `register_...` when the first set is asked for. `on` is the business date.
    """
    source = _source(path)
    headings = _headings(source)
    reader = _Reader(headings, on, county)
    for number, cells in source:
        reader.add(number, cells)
        if max(len(reader.rows), len(reader.faults), len(reader.notes)) >= SET:
            yield reader.batch()
    reader.finish()
    yield reader.batch()


def write(path: Path, rows: Iterable[RegisterRow]) -> None:
    """Write rows as `read` takes them, with Chinese headings; numbers are text in XLSX."""
    headings = [column.term for column in COLUMNS]
    lines = (_line(row) for row in rows)
    if path.suffix.lower() == ".xlsx":
        book = xlsxwriter.Workbook(str(path), {"constant_memory": True})
        sheet = book.add_worksheet("户籍底册")
        text = book.add_format({"num_format": "@"})
        sheet.set_column(0, len(headings) - 1, 18, text)
        for number, line in enumerate([headings, *lines]):
            for place, value in enumerate(line):
                sheet.write_string(number, place, value, text)
        book.close()
        return
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        csv.writer(file).writerows([headings, *lines])


def write_sample(path: Path, *, on: date) -> None:
    """Write two invented households, to be looked at and filled in."""
    village, address = "370199101201", "明水县柳泉镇杏花村 2 组"
    people = [
        ("S-0001", "02", "孙长林", date(1957, 3, 8), 21),
        ("S-0001", "12", "田秀英", date(1959, 10, 2), 34),
        ("S-0001", "22", "孙建国", date(1983, 7, 19), 17),
        ("S-0002", "02", "阿依古丽·买买提", date(1990, 5, 30), 46),
    ]
    rows = []
    for place, (household, relation, name, birth_on, sequence) in enumerate(people):
        number = numbers.compose("370199", birth_on, sequence)
        sex = Sex.MALE if sequence % 2 else Sex.FEMALE
        rows.append(
            RegisterRow(
                place + 2, household, relation == codes.HEAD, relation, name, Kind.ID_CARD, number,
                sex, birth_on, "05" if "·" in name else "01", village, address, "20", None, None,
                Standing.REGISTERED,
            )
        )  # fmt: skip
    newborn = RegisterRow(
        len(rows) + 2, "S-0002", False, "30", "孙安然", Kind.BIRTH_CERTIFICATE, "T370000001",
        Sex.FEMALE, on - timedelta(days=30), "05", village, address, "20",
        on - timedelta(days=20), None, Standing.REGISTERED,
    )  # fmt: skip
    write(path, [*rows, newborn])


def _line(row: RegisterRow) -> list[str]:
    return [
        row.household_number,
        "是" if row.head else "否",
        codes.RELATION[row.relation].term,
        row.name,
        numbers.KINDS[row.document_kind].term,
        row.number,
        codes.SEX[row.sex].term,
        row.birth_on.isoformat(),
        codes.ETHNIC[row.ethnic].term if row.ethnic else "",
        row.village,
        row.address,
        codes.HOUSEHOLD_NATURE[row.household_nature].term if row.household_nature else "",
        row.moved_in_on.isoformat() if row.moved_in_on else "",
        row.moved_out_on.isoformat() if row.moved_out_on else "",
        STANDINGS[row.status].term,
    ]


@dataclass(frozen=True, slots=True)
class _Headings:
    """The row of the headings, the column in each place, the headings unknown, and how many."""

    row: int
    columns: Mapping[int, str]
    ignored: tuple[str, ...]
    width: int


class _Reader:
    """What is gathered until the next set, and what must be remembered of the whole file."""

    def __init__(self, headings: _Headings, on: date, county: str | None) -> None:
        self.rows: list[RegisterRow] = []
        self.faults: list[Finding] = []
        self.notes: list[Finding] = [
            Finding(headings.row, "", "heading_ignored", {"text": shown(text)})
            for text in headings.ignored
        ]
        self._headings = headings
        self._on = on
        self._county = county
        self._numbers: dict[str, int] = {}
        self._heads: dict[tuple[str, str], int] = {}
        self._households: dict[tuple[str, str], int] = {}
        self._headed: set[tuple[str, str]] = set()

    def batch(self) -> RegisterBatch:
        batch = RegisterBatch(tuple(self.rows), tuple(self.faults), tuple(self.notes))
        self.rows, self.faults, self.notes = [], [], []
        return batch

    def finish(self) -> None:
        for household, row in self._households.items():
            if household not in self._headed:
                self.notes.append(Finding(row, "head", "household_without_head"))

    def add(self, number: int, cells: Cells | None) -> None:
        if cells is None:
            self.faults.append(Finding(number, "", "row_unreadable"))
            return
        if all(text_of(cell) == "" for cell in cells):
            return
        if any(text_of(cell) for cell in cells[self._headings.width :]):
            self.faults.append(Finding(number, "", "row_wide"))
            return
        columns = self._headings.columns
        named = {columns[place]: cell for place, cell in enumerate(cells) if place in columns}
        line = Line(number, named, self._on, self._county)
        row = line.row()
        household = (line.village, line.household_number)
        if all(household) and line.head:
            self._headed.add(household)
        if row is not None:
            line.faults += self._twice(row)
        if row is None or line.faults:
            self.faults += line.faults
            return
        self.rows.append(row)
        self.notes += line.notes
        self._numbers[numbers.canonical(row.document_kind, row.number)] = number
        if row.status is Standing.REGISTERED:
            self._households.setdefault(household, number)
            if row.head:
                self._heads[household] = number

    def _twice(self, row: RegisterRow) -> list[Finding]:
        found = []
        earlier = self._numbers.get(numbers.canonical(row.document_kind, row.number))
        if earlier:
            found.append(Finding(row.row, "number", "number_twice", {"row": earlier}))
        earlier = self._heads.get((row.village, row.household_number))
        if earlier and row.head and row.status is Standing.REGISTERED:
            found.append(Finding(row.row, "head", "household_second_head", {"row": earlier}))
        return found


def _source(path: Path) -> Iterator[Row]:
    """The rows of a file by number, None for one that cannot be read."""
    if not path.is_file():
        raise Refused("register_file_missing", path=str(path))
    limit = LARGEST_MEGABYTES.get(path.suffix.lower())
    if limit is None:
        raise Refused("register_file_kind", path=path.name)
    megabytes = path.stat().st_size // _MEGABYTE
    if megabytes >= limit:
        raise Refused("register_file_large", megabytes=megabytes, limit=limit)
    return _csv_rows(path) if path.suffix.lower() == ".csv" else _xlsx_rows(path)


def _csv_rows(path: Path) -> Iterator[Row]:
    encoding = _encoding(path)
    with path.open(encoding=encoding, newline="") as file:
        sample = [file.readline(_CHUNK) for _ in range(HEADING_ROWS)]
        delimiter = max(_DELIMITERS, key=lambda sign: max(line.count(sign) for line in sample))
        file.seek(0)
        reader = csv.reader(file, delimiter=delimiter, strict=True)
        number = 0
        while True:
            number += 1
            try:
                cells = next(reader)
            except StopIteration:
                return
            except csv.Error:
                yield number, None
            else:
                yield number, list(cells)


def _encoding(path: Path) -> str:
    """UTF-8 with or without a mark, UTF-16 with one, or GB 18030, of which GBK is a part."""
    with path.open("rb") as file:
        if file.read(2) in {codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE}:
            return "utf-16"
    for encoding in ("utf-8-sig", "gb18030"):
        decoder = codecs.getincrementaldecoder(encoding)()
        try:
            with path.open("rb") as file:
                while chunk := file.read(_CHUNK):
                    decoder.decode(chunk)
                decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            continue
        return encoding
    raise Refused("register_file_encoding")


def _xlsx_rows(path: Path) -> Iterator[Row]:
    try:
        with calamine.CalamineWorkbook.from_path(path) as book:
            shown_sheets = [
                sheet.name
                for sheet in book.sheets_metadata
                if sheet.typ == calamine.SheetTypeEnum.WorkSheet
                and sheet.visible == calamine.SheetVisibleEnum.Visible
            ]
            if not shown_sheets:
                raise Refused("register_file_unreadable")
            for number, cells in enumerate(book.get_sheet_by_name(shown_sheets[0]).iter_rows(), 1):
                yield number, list(cells)
    except calamine.PasswordError as error:
        raise Refused("register_file_locked") from error
    except (calamine.CalamineError, OSError) as error:
        raise Refused("register_file_unreadable") from error


def _headings(source: Iterator[Row]) -> _Headings:
    best: set[str] = set()
    for number, cells in source:
        texts = [text_of(cell) for cell in cells or ()]
        known = [_column(text) for text in texts]
        columns = {place: column for place, column in enumerate(known) if column}
        best = max(best, set(columns.values()), key=len)
        if best >= REQUIRED:
            for column in best:
                if known.count(column) > 1:
                    raise Refused("register_heading_twice", column=COLUMNS.label(column))
            ignored = (text for text, column in zip(texts, known, strict=True) if not column)
            width = max(place for place, text in enumerate(texts, 1) if text)
            return _Headings(number, columns, tuple(filter(None, ignored)), width)
        if number >= HEADING_ROWS:
            break
    missing = [column.code for column in COLUMNS if column.code in REQUIRED - best]
    raise Refused(
        "register_heading_missing",
        rows=HEADING_ROWS,
        columns=", ".join(COLUMNS.label(column) for column in missing),
    )


def _column(heading: str) -> str | None:
    word = _BRACKETS.sub("", heading.strip().strip("*")).strip().lower()
    return COLUMNS.read(re.sub(r"[\s-]+", "_", word)) or COLUMNS.read(word)
