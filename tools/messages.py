"""Chinese translations: `compile` merges one catalogue per room into django.mo, `check` compares them with the sources.

A catalogue entry whose English stands in a data file says so in its comment, `#. from FILE`.
"""

from __future__ import annotations

import ast
import re
import sys
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Final, NamedTuple

import polib
from django.utils.translation.template import templatize

ROOT: Final = Path(__file__).resolve().parent.parent
CATALOGUES: Final = ROOT / "locale" / "zh_Hans"
COMPILED: Final = CATALOGUES / "LC_MESSAGES" / "django.mo"
# Function -> which arguments are context, sentence and plural.
FUNCTIONS: Final = {
    "_": (None, 0, None),
    "gettext": (None, 0, None),
    "gettext_lazy": (None, 0, None),
    "gettext_noop": (None, 0, None),
    "ngettext": (None, 0, 1),
    "ngettext_lazy": (None, 0, 1),
    "pgettext": (0, 1, None),
    "pgettext_lazy": (0, 1, None),
    "npgettext": (0, 1, 2),
    "npgettext_lazy": (0, 1, 2),
}
PLACEHOLDER: Final = re.compile(r"%\((\w+)\)[a-z]|\{(\w+)[^}]*\}|%[sd]")


class Message(NamedTuple):
    """One sentence of the sources, as a catalogue finds it again."""

    context: str
    sentence: str
    plural: str


def _from_calls(tree: ast.AST) -> Iterator[tuple[Message, int]]:
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        name = getattr(node.func, "id", None) or getattr(node.func, "attr", None)
        if name not in FUNCTIONS:
            continue
        words = [
            a.value if isinstance(a, ast.Constant) and isinstance(a.value, str) else None
            for a in node.args
        ]
        found = [
            "" if place is None else words[place] if place < len(words) else None
            for place in FUNCTIONS[name]
        ]
        context, sentence, plural = found
        if sentence and context is not None and plural is not None:
            yield Message(context, sentence, plural), node.lineno


def _from_template(text: str, path: Path) -> Iterator[tuple[Message, int]]:
    for number, line in _calls_of(templatize(text, origin=str(path))):
        yield from ((message, number) for message, _line in _from_calls(ast.parse(line)))


def _calls_of(source: str) -> Iterator[tuple[int, str]]:
    """Calls in what templatize leaves: Python calls between blanked-out text."""
    start = re.compile(r"(?<![\w.])(_|gettext|ngettext|pgettext|npgettext)\(")
    literal = r"""u?(?:"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')"""
    rest = re.compile(rf"{literal}(?:,\s*{literal})*(?:,\s*count)?\)", re.DOTALL)
    for found in start.finditer(source):
        arguments = rest.match(source, found.end())
        if arguments:
            call = found[0] + arguments[0]
            yield source.count("\n", 0, found.start()) + 1, call


def sources() -> dict[Message, str]:
    """Every sentence of the programs and templates, with the first place where it stands."""
    found: dict[Message, str] = {}
    for path in sorted((ROOT / "canbao").rglob("*")):
        if path.suffix == ".py":
            messages = _from_calls(ast.parse(path.read_text(encoding="utf-8")))
        elif path.suffix in {".html", ".txt"} and "templates" in path.parts:
            messages = _from_template(path.read_text(encoding="utf-8"), path)
        else:
            continue
        for message, line in messages:
            found.setdefault(message, f"{path.relative_to(ROOT)}:{line}")
    return found


def _key(entry: polib.POEntry) -> Message:
    return Message(entry.msgctxt or "", entry.msgid, entry.msgid_plural or "")


def _translation(entry: polib.POEntry) -> tuple[str, ...]:
    return tuple(entry.msgstr_plural.values()) if entry.msgid_plural else (entry.msgstr,)


def _placeholders(text: str) -> set[str]:
    return {found[0] for found in PLACEHOLDER.finditer(text)}


def read() -> tuple[dict[Message, polib.POEntry], dict[Message, str], list[str]]:
    """All entries, the catalogue of each, and what is wrong with them."""
    entries: dict[Message, polib.POEntry] = {}
    homes: dict[Message, str] = {}
    faults: list[str] = []
    for path in sorted(CATALOGUES.glob("*.po")):
        for entry in polib.pofile(str(path), encoding="utf-8"):
            if entry.obsolete:
                continue
            where = f"{path.relative_to(ROOT)}:{entry.linenum}"
            key = _key(entry)
            words = _translation(entry)
            if entry.fuzzy or not words or not all(word.strip() for word in words):
                faults.append(f"{where}: not translated or marked fuzzy: {entry.msgid!r}")
            strange = _placeholders("".join(words)) - _placeholders(
                entry.msgid + entry.msgid_plural
            )
            if strange:
                faults.append(
                    f"{where}: {', '.join(sorted(strange))} does not stand in the English"
                )
            known = entries.get(key)
            if known and _translation(known) != words:
                faults.append(f"{where}: {entry.msgid!r} is translated otherwise in {homes[key]}")
            entries.setdefault(key, entry)
            homes.setdefault(key, where)
    return entries, homes, faults


def merge() -> list[str]:
    """Write django.mo; returns what is wrong."""
    entries, _homes, faults = read()
    if faults:
        return faults
    merged = polib.MOFile()
    merged.metadata = {
        "Language": "zh_Hans",
        "Content-Type": "text/plain; charset=UTF-8",
        "Plural-Forms": "nplurals=1; plural=0;",
    }
    merged.extend(
        polib.MOEntry(
            msgctxt=entry.msgctxt,
            msgid=entry.msgid,
            msgid_plural=entry.msgid_plural,
            msgstr=entry.msgstr,
            msgstr_plural=entry.msgstr_plural,
        )
        for entry in entries.values()
    )
    COMPILED.parent.mkdir(parents=True, exist_ok=True)
    fresh = COMPILED.with_suffix(".new")
    merged.save(str(fresh))
    fresh.replace(COMPILED)
    return []


def check() -> list[str]:
    """What has no Chinese, and what is Chinese for nothing."""
    entries, homes, faults = read()
    wanted = sources()
    # gettext finds a sentence by its singular, so a plural use and a plain one share an entry.
    by_sentence: dict[tuple[str, str], list[Message]] = defaultdict(list)
    for message in wanted:
        by_sentence[message.context, message.sentence].append(message)
    known = {(key.context, key.sentence) for key in entries}
    for message, where in wanted.items():
        if (message.context, message.sentence) not in known:
            faults.append(f"{where}: no Chinese for {message.sentence!r}")
        elif message.plural and message not in entries:
            faults.append(f"{where}: the Chinese for {message.sentence!r} lacks its plural entry")
    for key, entry in entries.items():
        if (key.context, key.sentence) not in by_sentence and not _stands_in_data(entry):
            faults.append(f"{homes[key]}: {key.sentence!r} stands nowhere in the sources")
    return faults


def _stands_in_data(entry: polib.POEntry) -> bool:
    named = re.match(r"from (\S+)", entry.comment or "")
    path = ROOT / named[1] if named else None
    return bool(path and path.is_file() and entry.msgid in path.read_text(encoding="utf-8"))


def main() -> int:
    match sys.argv[1:]:
        case ["compile"]:
            faults = merge()
        case ["check"]:
            faults = check()
        case _:
            print(__doc__)
            return 2
    print("\n".join(faults) or "Translations are complete.")
    return min(len(faults), 1)


if __name__ == "__main__":
    sys.exit(main())
