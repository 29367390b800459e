"""The project tests itself: routes, refusals, pages of reference, words."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.urls import URLPattern, URLResolver, get_resolver
from django.utils.translation import override

from canbao.cases import flow, words
from canbao.kernel import refusals
from canbao.management.commands import reference

ROOT = Path(__file__).resolve().parents[2]
SOURCES = sorted((ROOT / "canbao").rglob("*.py"))
# The theme's links set a cookie and come back, for everybody.
OPEN = {"canbao.web.theme"}
# Says which Chinese words a cell of the register file may hold.
QUOTES_CHINESE = {"cell_yes_no"}


def routes(patterns: list[Any], prefix: str = "") -> Iterator[tuple[str, Any]]:
    for one in patterns:
        if isinstance(one, URLResolver):
            yield from routes(one.url_patterns, prefix + str(one.pattern))
        elif isinstance(one, URLPattern):
            yield prefix + str(one.pattern), one.callback


def test_every_page_says_who_may_open_it() -> None:
    unguarded = [
        route
        for route, view in routes(get_resolver().url_patterns)
        if not hasattr(view, "canbao_access")
        and not any(view.__module__.startswith(one) for one in OPEN)
    ]

    assert unguarded == []


def test_every_code_that_is_raised_has_its_sentence() -> None:
    raised = {
        call.args[0].value
        for source in SOURCES
        for call in ast.walk(ast.parse(source.read_text(encoding="utf-8")))
        if isinstance(call, ast.Call)
        and getattr(call.func, "id", "") == "Refused"
        and call.args
        and isinstance(call.args[0], ast.Constant)
    }

    assert len(raised) > 30
    assert sorted(str(code) for code in raised if code not in refusals.CATALOGUE) == []


def test_every_code_a_guard_gives_has_its_sentence() -> None:
    kept = {
        call.args[0].value
        for source in SOURCES
        for call in ast.walk(ast.parse(source.read_text(encoding="utf-8")))
        if isinstance(call, ast.Call)
        and getattr(call.func, "attr", "") == "keep"
        and call.args
        and isinstance(call.args[0], ast.Constant)
        and isinstance(call.args[0].value, str)
    }

    assert "moved_since" in kept
    assert sorted(code for code in kept if code not in refusals.CATALOGUE) == []


def test_every_refusal_says_in_both_languages_what_to_do() -> None:
    for code in refusals.CATALOGUE:
        with override("en"):
            english = refusals.say(code)
        with override("zh-hans"):
            chinese = refusals.say(code)
        assert re.search(r"[一-鿿]", chinese), code
        assert code in QUOTES_CHINESE or not re.search(r"[一-鿿]", english), code
        assert english != code


def test_every_item_of_every_flow_has_its_words() -> None:
    asked = {
        item
        for one in flow.shipped()
        for desk in one.desks.values()
        for item in (
            *desk.asks,
            *desk.asks_paper,
            *desk.asks_family,
            *desk.asks_bundle,
            *one.automatic,
        )
    }

    assert sorted(asked - set(words.ITEMS)) == []


@pytest.mark.parametrize("name", sorted(reference.pages()))
def test_the_reference_is_not_stale(name: str) -> None:
    page = reference.pages()[name]

    assert (reference.FOLDER / name).read_text(encoding="utf-8") == page, "run `canbao reference`"
