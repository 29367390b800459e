"""One row of the household register on its way from cells to values."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Final, TypeAlias, TypeVar

from django.utils.translation import pgettext_lazy

from canbao.kernel.refusal import Refused
from canbao.people import codes, names, numbers
from canbao.people.codes import Code, Sex, Table
from canbao.people.numbers import Kind

Cell: TypeAlias = int | float | str | bool | time | date | datetime | timedelta
Cells: TypeAlias = list[Cell]
Value = TypeVar("Value")

EXACT: Final = 10**15  # a figure above this has lost digits in a spreadsheet
_SHOWN: Final = 20
_SCIENTIFIC: Final = re.compile(r"[0-9](\.[0-9]+)?[Ee]\+?[0-9]{1,2}")
_FORMULA_TEXT: Final = re.compile(r'="(.*)"')
_DATE: Final = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?( 0{1,2}:00(:00)?)?")
_DATE_DIGITS: Final = re.compile(r"(\d{4})(\d{2})(\d{2})")
_VILLAGE: Final = re.compile(r"[0-9]{12}")
_YES: Final = frozenset({"是", "1", "y", "yes", "true", "户主", "√", "✓"})
_NO: Final = frozenset({"否", "0", "n", "no", "false", "×"})
MOST_TEXT: Final = 200


class Standing(StrEnum):
    """What the register says of a person's entry."""

    REGISTERED = "registered"
    MOVED_OUT = "moved_out"
    DIED = "died"
    CANCELLED = "cancelled"


STANDINGS: Final = Table(
    "standing in the register",
    Code("registered", pgettext_lazy("register", "Registered"), "在户"),
    Code("moved_out", pgettext_lazy("register", "Moved out"), "迁出"),
    Code("died", pgettext_lazy("register", "Died"), "死亡"),
    Code("cancelled", pgettext_lazy("register", "Cancelled"), "注销"),
    words={"正常": "registered", "在册": "registered", "死亡注销": "died", "已迁出": "moved_out"},
)

COLUMNS: Final = Table(
    "columns of the register file",
    Code("household_number", pgettext_lazy("register", "Household number"), "户号"),
    Code("head", pgettext_lazy("register", "Head of household"), "是否户主"),
    Code("relation", pgettext_lazy("register", "Relation to the head"), "与户主关系"),
    Code("name", pgettext_lazy("register", "Name"), "姓名"),
    Code("document_kind", pgettext_lazy("register", "Kind of document"), "证件类型"),
    Code("number", pgettext_lazy("register", "Document number"), "证件号码"),
    Code("sex", pgettext_lazy("register", "Sex"), "性别"),
    Code("birth_on", pgettext_lazy("register", "Birth date"), "出生日期"),
    Code("ethnic", pgettext_lazy("register", "Ethnic group"), "民族"),
    Code("village", pgettext_lazy("register", "Village code"), "村代码"),
    Code("address", pgettext_lazy("register", "Address"), "住址"),
    Code("household_nature", pgettext_lazy("register", "Household nature"), "户口性质"),
    Code("moved_in_on", pgettext_lazy("register", "Moved in on"), "迁入日期"),
    Code("moved_out_on", pgettext_lazy("register", "Moved out on"), "迁出日期"),
    Code("status", pgettext_lazy("register", "Status"), "状态"),
    words={
        "户编号": "household_number",
        "household": "household_number",
        "户主标志": "head",
        "head_of_household": "head",
        "户主或与户主关系": "relation",
        "家庭关系": "relation",
        "relation_to_the_head": "relation",
        "证件种类": "document_kind",
        "kind_of_document": "document_kind",
        "公民身份号码": "number",
        "身份证号": "number",
        "身份证号码": "number",
        "document_number": "number",
        "id_number": "number",
        "出生年月日": "birth_on",
        "birth_date": "birth_on",
        "ethnic_group": "ethnic",
        "村居代码": "village",
        "行政区划代码": "village",
        "区划代码": "village",
        "village_code": "village",
        "户籍地址": "address",
        "家庭住址": "address",
        "地址": "address",
        "户别": "household_nature",
        "何时迁来": "moved_in_on",
        "户口状态": "status",
        "人员状态": "status",
    },
)
REQUIRED: Final = frozenset({"household_number", "relation", "name", "number", "village"})
LIMITS: Final[Mapping[str, int]] = {"household_number": 40, "address": 200}


@dataclass(frozen=True, slots=True)
class RegisterRow:
    """One person of the register, every value in its one written form; `row` is the row of the file."""

    row: int
    household_number: str
    head: bool
    relation: str
    name: str
    document_kind: Kind
    number: str
    sex: Sex
    birth_on: date
    ethnic: str
    village: str
    address: str
    household_nature: str
    moved_in_on: date | None
    moved_out_on: date | None
    status: Standing


@dataclass(frozen=True, slots=True)
class Finding:
    """A row and column (empty for the whole row) with a code of the refusal or note catalogue."""

    row: int
    column: str
    code: str
    facts: Mapping[str, object] = field(default_factory=dict)


class Line:
    """One row on its way from cells to values."""

    def __init__(
        self, number: int, cells: Mapping[str, Cell], on: date, county: str | None
    ) -> None:
        self.faults: list[Finding] = []
        self.notes: list[Finding] = []
        self._number = number
        self._cells = cells
        self._on = on
        self._county = county
        self.village = self._take("village", self._village) or ""
        self.household_number = self._take("household_number", self._needed) or ""
        self.relation, self.head = self._place_in_household()

    def row(self) -> RegisterRow | None:
        name = self._take("name", lambda column: names.read(self._needed(column)))
        document = self._document()
        sex = self._take("sex", lambda column: self._code(column, codes.SEX))
        birth_on = self._take("birth_on", self._date)
        moved_in_on = self._take("moved_in_on", self._date)
        moved_out_on = self._take("moved_out_on", self._date)
        ethnic = self._take("ethnic", lambda column: self._code(column, codes.ETHNIC))
        nature = self._take(
            "household_nature", lambda column: self._code(column, codes.HOUSEHOLD_NATURE)
        )
        address = self._take("address", self._free)
        status = self._take("status", lambda column: self._code(column, STANDINGS))
        if moved_in_on and moved_out_on and moved_out_on < moved_in_on:
            self._fault("moved_out_on", "moved_out_before_in")
        if document and not document.birth_on and not birth_on and not self._has_fault("birth_on"):
            self._fault("birth_on", "cell_missing")
        known_birth = birth_on or (document.birth_on if document else None)
        if self.faults or document is None or known_birth is None or name is None:
            return None
        self._compare(document, birth_on, Sex(sex) if sex else None)
        return RegisterRow(
            row=self._number,
            household_number=self.household_number,
            head=self.head,
            relation=self.relation,
            name=name,
            document_kind=document.kind,
            number=document.number,
            sex=Sex(sex) if sex else document.sex or Sex.UNKNOWN,
            birth_on=known_birth,
            ethnic=ethnic or "",
            village=self.village,
            address=address or "",
            household_nature=nature or "",
            moved_in_on=moved_in_on,
            moved_out_on=moved_out_on,
            status=Standing(status) if status else Standing.REGISTERED,
        )

    def _fault(self, column: str, code: str, **facts: object) -> None:
        self.faults.append(Finding(self._number, column, code, facts))

    def _has_fault(self, column: str) -> bool:
        return any(fault.column == column for fault in self.faults)

    def _take(self, column: str, parse: Callable[[str], Value]) -> Value | None:
        try:
            return parse(column)
        except Refused as refused:
            self._fault(column, refused.code, **refused.facts)
            return None

    def _cell(self, column: str) -> Cell:
        return self._cells.get(column, "")

    def _free(self, column: str) -> str:
        cell = self._cell(column)
        text = text_of(cell)
        if not text:
            return ""
        if (isinstance(cell, float) and cell >= EXACT) or _SCIENTIFIC.fullmatch(text):
            raise Refused("cell_number_typed")
        if not text.isprintable():
            raise Refused("cell_control")
        limit = LIMITS.get(column, MOST_TEXT)
        if len(text) > limit:
            raise Refused("cell_long", length=len(text), limit=limit)
        return text

    def _needed(self, column: str) -> str:
        text = self._free(column)
        if not text:
            raise Refused("cell_missing")
        return text

    def _village(self, column: str) -> str:
        text = self._needed(column)
        if not _VILLAGE.fullmatch(text):
            raise Refused("cell_village", text=shown(text))
        if self._county and not text.startswith(self._county):
            raise Refused("cell_village_elsewhere", text=text, county=self._county)
        return text

    def _code(self, column: str, table: Table) -> str:
        text = self._free(column)
        if not text:
            return ""
        code = table.read(text)
        if code is None:
            raise Refused("cell_code", text=shown(text))
        return code

    def _date(self, column: str) -> date | None:
        cell = self._cell(column)
        if isinstance(cell, datetime):
            found: date | None = cell.date()
        elif isinstance(cell, date):
            found = cell
        else:
            words = text_of(cell)
            if not words:
                return None
            found = _as_date(words)
            if found is None:
                raise Refused("cell_date", text=shown(words))
        if found and found > self._on:
            raise Refused("cell_date_future", text=found.isoformat())
        return found

    def _yes_no(self, column: str) -> bool | None:
        text = self._free(column).lower()
        if not text:
            return None
        if text not in _YES | _NO:
            raise Refused("cell_yes_no", text=shown(text))
        return text in _YES

    def _place_in_household(self) -> tuple[str, bool]:
        """Relation and head, which say the same in two ways: 02 is the head, and so is 01."""
        flag = self._take("head", self._yes_no)
        relation = self._take("relation", lambda column: self._code(column, codes.RELATION))
        if relation == "":
            if not flag:
                self._fault("relation", "cell_missing")
                return "", False
            relation = codes.HEAD
        if relation == codes.HEAD_SELF:
            relation = codes.HEAD
        head = relation == codes.HEAD
        if relation and flag is not None and flag is not head:
            self._fault("relation", "head_relation", text=codes.RELATION.label(relation))
        return relation or "", head

    def _document(self) -> numbers.Document | None:
        kind = self._take(
            "document_kind", lambda column: Kind.of(self._free(column) or Kind.ID_CARD)
        )
        if kind is None:
            return None
        document = self._take("number", lambda column: self._read_number(column, kind))
        for note in document.notes if document else ():
            self.notes.append(Finding(self._number, "number", note.code, note.facts))
        return document

    def _read_number(self, column: str, kind: Kind) -> numbers.Document:
        cell = self._cell(column)
        if not isinstance(cell, str):
            raise Refused("cell_number_typed")
        known = {self._county} if self._county else set[str]()
        return numbers.read(kind, text_of(cell), on=self._on, known_areas=known)

    def _compare(self, document: numbers.Document, birth_on: date | None, sex: Sex | None) -> None:
        for column in numbers.differences(document, birth_on=birth_on, sex=sex):
            code = "birth_differs" if column == "birth_on" else "sex_differs"
            self.notes.append(Finding(self._number, column, code))


def text_of(cell: Cell) -> str:
    """The text of a cell as its owner sees it; a whole figure has no decimals."""
    if isinstance(cell, str):
        text = cell.strip()
        found = _FORMULA_TEXT.fullmatch(text) if text.startswith("=") else None
        return found[1].strip() if found else text
    if isinstance(cell, bool):
        return "1" if cell else "0"
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell)


def shown(text: str) -> str:
    """What a fault may repeat of a cell: its beginning, and never a whole document number."""
    if sum(sign.isdigit() for sign in text) >= numbers.OLD_LENGTH:
        return numbers.mask(text[: numbers.LENGTH])
    return text[:_SHOWN]


def _as_date(text: str) -> date | None:
    found = _DATE.fullmatch(text) or _DATE_DIGITS.fullmatch(text)
    if not found:
        return None
    try:
        return date(int(found[1]), int(found[2]), int(found[3]))
    except ValueError:
        return None
