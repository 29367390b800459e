"""On which line each key of a TOML document stands, since tomllib forgets it.

Reads only documents that tomllib has accepted, so it needs to tell strings, comments and brackets apart
and nothing else.
"""

from __future__ import annotations

import re
from typing import Final

Path = tuple[str | int, ...]

_KEY: Final = re.compile(
    r"""[ \t]*(?:([A-Za-z0-9_-]+)|"([^"\n]*)"|'([^'\n]*)')[ \t]*(\.|=|\]\]?)"""
)
_STRING: Final = re.compile(
    r'"""(?:\\.|[^\\])*?"{3,5}|' r"'''.*?'{3,5}|" r'"(?:\\.|[^"\\\n])*"|' r"'[^'\n]*'", re.DOTALL
)
_BLANK: Final = re.compile(r"(?:[ \t\r\n]|#[^\n]*)+")
_SCALAR: Final = re.compile(r"[^,\]}\n#]+")


class _Walk:
    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0
        self.found: dict[Path, int] = {(): 1}
        self.arrays: dict[Path, int] = {}

    def line(self) -> int:
        return self.text.count("\n", 0, self.at) + 1

    def skip(self, pattern: re.Pattern[str]) -> bool:
        match = pattern.match(self.text, self.at)
        if match:
            self.at = match.end()
        return match is not None

    def note(self, path: Path, line: int) -> None:
        for length in range(1, len(path) + 1):
            self.found.setdefault(path[:length], line)

    def key(self) -> tuple[Path, str]:
        """Read a dotted key and what ends it: `=` or closing brackets."""
        parts: list[str] = []
        while match := _KEY.match(self.text, self.at):
            self.at = match.end()
            parts.append(next(part for part in match.groups()[:3] if part is not None))
            if match[4] != ".":
                return tuple(parts), match[4]
        message = f"no key at line {self.line()}"
        raise ValueError(message)

    def header(self) -> Path:
        line = self.line()
        many = self.text.startswith("[[", self.at)
        self.at += 2 if many else 1
        path = self.within_arrays(self.key()[0], last=not many)
        if many:
            self.note(path, line)
            self.arrays[path] = self.arrays.get(path, -1) + 1
            path = (*path, self.arrays[path])
        self.note(path, line)
        return path

    def within_arrays(self, names: Path, *, last: bool) -> Path:
        """Point a header's names at the newest entry of each array of tables on the way."""
        path: Path = ()
        for place, name in enumerate(names):
            path = (*path, name)
            if path in self.arrays and (last or place < len(names) - 1):
                path = (*path, self.arrays[path])
        return path

    def pair(self, base: Path) -> None:
        line = self.line()
        path = (*base, *self.key()[0])
        self.note(path, line)
        self.value(path)

    def value(self, path: Path) -> None:
        self.skip(_BLANK)
        opening = self.text[self.at : self.at + 1]
        if opening == "{":
            self.items(path, "}")
        elif opening == "[":
            self.items(path, "]")
        elif not self.skip(_STRING):
            self.skip(_SCALAR)

    def items(self, path: Path, closing: str) -> None:
        self.at += 1
        index = 0
        while True:
            self.skip(_BLANK)
            if self.text.startswith(closing, self.at):
                self.at += 1
                return
            if self.text.startswith(",", self.at):
                self.at += 1
                continue
            if closing == "}":
                self.pair(path)
            else:
                start = self.at
                self.note((*path, index), self.line())
                self.value((*path, index))
                index += 1
                if self.at == start:
                    message = f"no value at line {self.line()}"
                    raise ValueError(message)


def index(text: str) -> dict[Path, int]:
    """Give the line, counted from 1, of every key, table and array entry of a valid TOML document.

    A key written with escapes ends the index early: `line_of` then names the nearest line above it.
    """
    walk = _Walk(text.replace("\r\n", "\n"))
    base: Path = ()
    try:
        while walk.skip(_BLANK) or walk.at < len(walk.text):
            if walk.at >= len(walk.text):
                break
            if walk.text.startswith("[", walk.at):
                base = walk.header()
            else:
                walk.pair(base)
    except ValueError:
        pass
    return walk.found


def line_of(found: dict[Path, int], path: Path) -> int:
    """Give the line of a path, or of the nearest thing around it."""
    while path not in found:
        path = path[:-1]
    return found[path]
