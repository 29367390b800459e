"""Reading a TOML table key by key: each key by its type, each fault kept with its line, none left over."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from enum import StrEnum
from typing import Final, TypeVar

from canbao.policy.rules import lines
from canbao.policy.rules.faults import Fault
from canbao.policy.rules.values import Day, SeasonDay, Source, Text

E = TypeVar("E", bound="StrEnum")

CODE: Final = re.compile(r"[a-z0-9_]{1,40}")
_SEASON_DAY: Final = re.compile(r"(previous|same)-(\d\d)-(\d\d)")
_TEXT_CHARACTERS_MOST: Final = 500


class Sheet:
    """One file while it is read: where its keys stand, its sources, the faults found so far."""

    def __init__(self, file: str, found: dict[lines.Path, int]) -> None:
        self.file = file
        self.found = found
        self.faults: list[Fault] = []
        self.sources: dict[str, Source] = {}

    def fault(self, code: str, path: lines.Path, **facts: str | int) -> None:
        self.faults.append(Fault(code, self.file, lines.line_of(self.found, path), facts))


def suggestion(word: str, known: Iterable[str]) -> str | None:
    return next(iter(difflib.get_close_matches(word, sorted(known), n=1, cutoff=0.6)), None)


class Table:
    """One table: what is asked for by name is read, what was never asked for is a fault on `close`.

    A missing or faulty value gives a harmless stand-in, so that one reading finds all faults; whoever
    reads must not use the result when the sheet has any.
    """

    def __init__(self, sheet: Sheet, data: dict[str, object], path: lines.Path) -> None:
        self.sheet = sheet
        self.data = data
        self.path = path
        self.asked: list[str] = []

    @property
    def line(self) -> int:
        return lines.line_of(self.sheet.found, self.path)

    def fault(self, code: str, key: str | None = None, **facts: str | int) -> None:
        path = self.path if key is None else (*self.path, key)
        name = ".".join(str(part) for part in path) or "pack"
        self.sheet.fault(code, path, **({"key": name} | facts))

    def raw(self, key: str, *, required: bool = False) -> object | None:
        self.asked.append(key)
        if key not in self.data and required:
            self.fault("pack_missing_key", key)
        return self.data.get(key)

    def close(self) -> None:
        """Report every key that nobody asked for."""
        for key in self.data:
            if key in self.asked:
                continue
            near = suggestion(key, self.asked)
            if near:
                self.fault("pack_unknown_key_near", key, near=near)
            else:
                self.fault("pack_unknown_key", key, known=", ".join(dict.fromkeys(self.asked)))

    def text(self, key: str, *, required: bool = False) -> str | None:
        value = self.raw(key, required=required)
        if value is None:
            return None
        if not isinstance(value, str) or not value.strip() or len(value) > _TEXT_CHARACTERS_MOST:
            self.fault("pack_not_text", key, most=_TEXT_CHARACTERS_MOST)
            return None
        return value

    def words(self, key: str, *, required: bool = False) -> Text | None:
        """Read a text in both languages."""
        table = self.table(key, required=required)
        if table is None:
            return None
        zh, en = table.text("zh", required=True), table.text("en", required=True)
        table.close()
        return Text(zh or "", en or "")

    def whole(self, key: str, *, least: int, most: int, required: bool = False) -> int | None:
        """Read a whole number between two bounds; a truth value or a decimal is none."""
        value = self.raw(key, required=required)
        if value is None:
            return None
        if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= most:
            self.fault("pack_not_whole", key, least=least, most=most)
            return None
        return value

    def wholes(self, key: str, *, least: int, most: int) -> tuple[int, ...] | None:
        """Read a list of different whole numbers between two bounds, at least one."""
        value = self.raw(key)
        if value is None:
            return None
        whole = isinstance(value, list) and all(type(one) is int for one in value)
        if not isinstance(value, list) or not whole or len(set(value)) < max(len(value), 1):
            self.fault("pack_not_wholes", key, least=least, most=most)
            return None
        if not all(least <= one <= most for one in value):
            self.fault("pack_not_wholes", key, least=least, most=most)
        return tuple(value)

    def flag(self, key: str) -> bool:
        value = self.raw(key)
        if value is not None and not isinstance(value, bool):
            self.fault("pack_not_flag", key)
        return value is True

    def day(self, key: str, *, required: bool = False) -> Day | None:
        """Read a TOML date, or `previous-MM-DD` / `same-MM-DD` counted from the cover year."""
        value = self.raw(key, required=required)
        if value is None:
            return None
        if isinstance(value, date) and not isinstance(value, datetime):
            return value
        match = _SEASON_DAY.fullmatch(value) if isinstance(value, str) else None
        if match:
            month, day = int(match[2]), int(match[3])
            try:
                date(2001, month, day)
            except ValueError:
                pass
            else:
                return SeasonDay(-1 if match[1] == "previous" else 0, month, day)
        self.fault("pack_not_day", key)
        return None

    def member(self, key: str, value: object, kind: type[E]) -> E | None:
        try:
            return kind(str(value) if isinstance(value, str) else "")
        except ValueError:
            names = [member.value for member in kind]
            near = suggestion(str(value), names) or ", ".join(names)
            self.fault("pack_not_choice", key, value=str(value), near=near)
            return None

    def choice(self, key: str, kind: type[E], *, required: bool = False) -> E | None:
        value = self.raw(key, required=required)
        return None if value is None else self.member(key, value, kind)

    def codes(self, key: str) -> tuple[str, ...] | None:
        """Read a list of code words, without repeats; it may be empty."""
        value = self.raw(key)
        if value is None:
            return None
        if (
            not isinstance(value, list)
            or not all(isinstance(code, str) and CODE.fullmatch(code) for code in value)
            or len(set(value)) < len(value)
        ):
            self.fault("pack_not_codes", key)
            return None
        return tuple(str(code) for code in value)

    def choices(self, key: str, kind: type[E]) -> frozenset[E] | None:
        codes = self.codes(key)
        if codes is None:
            return None
        if not codes:
            self.fault("pack_not_codes", key)
        members = (self.member(key, code, kind) for code in codes)
        return frozenset(member for member in members if member is not None)

    def table(self, key: str, *, required: bool = False) -> Table | None:
        value = self.raw(key, required=required)
        if value is None:
            return None
        if not isinstance(value, dict):
            self.fault("pack_not_table", key)
            return None
        return Table(self.sheet, value, (*self.path, key))

    def tables(self, key: str) -> tuple[Table, ...]:
        """Read one table or a list of them; an empty list is a fault, since it says nothing."""
        value = self.raw(key)
        if value is None:
            return ()
        if isinstance(value, dict):
            return (Table(self.sheet, value, (*self.path, key)),)
        if (
            not isinstance(value, list)
            or not value
            or not all(isinstance(one, dict) for one in value)
        ):
            self.fault("pack_not_table", key)
            return ()
        return tuple(
            Table(self.sheet, one, (*self.path, key, place)) for place, one in enumerate(value)
        )

    def named(self, key: str) -> Iterator[tuple[str, Table]]:
        """Read a table whose keys are codes chosen by the pack, each holding a table."""
        parent = self.table(key)
        for code in parent.data if parent else ():
            if parent and self.well_named(parent, code):
                table = parent.table(code)
                if table is not None:
                    yield code, table

    def named_lists(self, key: str) -> Iterator[tuple[str, tuple[Table, ...]]]:
        """Read a table whose keys are codes, each holding one table or a list of them."""
        parent = self.table(key)
        for code in parent.data if parent else ():
            if parent and self.well_named(parent, code):
                yield code, parent.tables(code)

    @staticmethod
    def well_named(parent: Table, code: str) -> bool:
        if CODE.fullmatch(code):
            return True
        parent.fault("pack_not_code", code)
        return False
