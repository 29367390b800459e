"""The record speaks the reader's language: whatever an operation writes has a word."""

from __future__ import annotations

import ast
import datetime
from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

from django.utils import translation

import canbao
from canbao.kernel.record import Entry
from canbao.web.office import recorded

OFFICER = UUID("0199aa10-0000-7000-8000-000000000001")


def _written() -> Iterator[ast.Call]:
    """Every place where something is put on record."""
    for file in Path(canbao.__file__).parent.rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and ast.unparse(node.func) == "audit.record":
                yield node


def test_every_event_and_subject_that_is_put_on_record_has_a_word() -> None:
    events: set[object] = set()
    kinds: set[object] = {"case"}
    keys: set[object] = set()
    for call in _written():
        event = call.args[1]
        if isinstance(event, ast.Constant):
            events.add(event.value)
        for given in call.keywords:
            if given.arg == "kind" and isinstance(given.value, ast.Constant):
                kinds.add(given.value.value)
            if given.arg == "facts":
                held = [one for one in ast.walk(given.value) if isinstance(one, ast.Dict)]
                names = [key for one in held for key in one.keys]
                keys |= {key.value for key in names if isinstance(key, ast.Constant)}

    assert len(events) > 100
    assert events - set(recorded.EVENTS) == set()
    assert kinds - set(recorded.SUBJECTS) == set()
    assert keys - set(recorded.FACTS) == set()


def _said(event: str, **facts: object) -> str:
    entry = Entry(
        OFFICER, datetime.datetime(2026, 11, 20, 1, tzinfo=datetime.UTC), event, OFFICER, "village",
        OFFICER, "case", OFFICER, "", facts,
    )  # fmt: skip
    with translation.override("zh-hans"):
        return recorded.facts(entry, {str(OFFICER): "陈秋生"})


def test_facts_are_read_as_words_sums_days_and_names() -> None:
    assert _said("payment.received", fen=127_000, number=1042) == "金额：1,270.00 元，号码：1042"
    assert _said("case.page_seen", papers=["id_front 1", "booklet_own 1"]) == (
        "材料：身份证正面 1、户口簿本人页 1"
    )
    assert _said("handover.accepted", **{"from": str(OFFICER)}) == "从：陈秋生"
    assert _said("case.answered", originals_seen="yes").endswith("：是")
    assert _said("office.changed", name=["甲", "乙"]) == "姓名：甲 → 乙"
    assert _said("case.typed_again", agrees=False) == "一样：否"
