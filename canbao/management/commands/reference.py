"""Writes the reference pages that come from the code: flows, refusals, settings, commands."""

from __future__ import annotations

from argparse import ArgumentParser
from collections.abc import Callable, Mapping
from typing import Any, Final

from django.conf import settings
from django.core.management import get_commands, load_command_class
from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import override

from canbao.cases import flow, words
from canbao.cases.flow import Flow
from canbao.kernel import refusals
from canbao.settings import ENTRIES, ROOT

FOLDER: Final = ROOT / "docs" / "reference"
_MADE: Final = "*Made by `canbao reference`; do not edit.*"


class Command(BaseCommand):
    """`canbao reference`: write the pages, or with --check only say which are stale."""

    help = "write the reference pages that come from the code"

    def add_arguments(self, parser: ArgumentParser) -> None:
        """One flag."""
        parser.add_argument("--check", action="store_true", help="write nothing, fail when stale")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Compare or write each page."""
        stale = []
        for name, page in pages().items():
            path = FOLDER / name
            if path.exists() and path.read_text(encoding="utf-8") == page:
                continue
            stale.append(name)
            if not options["check"]:
                path.write_text(page, encoding="utf-8")
        if options["check"] and stale:
            raise CommandError(f"stale: {', '.join(stale)}; run `canbao reference`")


def pages() -> Mapping[str, str]:
    """Every page by its file name, in English with the Chinese beside."""
    makers: dict[str, Callable[[], str]] = {
        "flows.md": _flows,
        "refusals.md": _refusals,
        "settings.md": _settings,
        "commands.md": _commands,
    }
    with override("en"):
        return {name: make() for name, make in makers.items()}


def _in_chinese(say: Callable[[], str]) -> str:
    with override("zh-hans"):
        return say()


def _flows() -> str:
    return "\n".join(["# Flows", "", _MADE, "", *(_flow(one) for one in flow.shipped())])


def _flow(one: Flow) -> str:
    ends = ", ".join(f"{no} {place}" for no, place in one.copies.items())
    chart = [f"    {start} -- {verb} --> {end}" for start, verb, end in one.edges()]
    lines = [
        f"## {one.name}",
        "",
        "```mermaid",
        "flowchart LR",
        *chart,
        "```",
        "",
        f"Form `{one.form}`. Second entry at the township: {one.second_entry}. Copies end at: {ends}.",
        "",
        "| desk | who | by when | answers for each case | once for a bundle | marks | returns to |",
        "|---|---|---|---|---|---|---|",
    ]
    for desk in one.desks.values():
        rule = ", ".join(
            f"{name.replace('_', ' ')}: {value}" for name, value in desk.deadline.items()
        )
        asks = "; ".join(
            words.item(code) for code in (*desk.asks, *desk.asks_paper, *desk.asks_family)
        )
        bundled = "; ".join(words.item(code) for code in desk.asks_bundle)
        back = ", ".join(desk.returns_to)
        lines.append(
            f"| {desk.name} | {desk.role} | {rule} | {asks} | {bundled} | signature, {desk.seal} | {back} |"
        )
    lines += [
        "",
        "Automatic checks: " + "; ".join(words.item(code) for code in one.automatic) + ".",
        "",
    ]
    return "\n".join(lines)


def _refusals() -> str:
    lines = ["# Refusals", "", _MADE, "", "| code | says | 中文 | status |", "|---|---|---|---|"]
    for code in sorted(refusals.CATALOGUE):
        english = str(refusals.CATALOGUE[code])
        chinese = _in_chinese(lambda code=code: str(refusals.CATALOGUE[code]))  # type: ignore[misc]
        lines.append(f"| `{code}` | {english} | {chinese} | {refusals.status(code)} |")
    return "\n".join([*lines, ""])


def _settings() -> str:
    lines = ["# Settings", "", _MADE, "", "Each is read from the environment.", ""]
    lines += ["| name | default | what it says |", "|---|---|---|"]
    root = str(ROOT)
    for entry in sorted(ENTRIES):
        default = _DEFAULTS.get(entry.name, entry.default.replace(root, "."))
        lines.append(f"| `{entry.name}` | {f'`{default}`' if default else ''} | {entry.sentence} |")
    return "\n".join([*lines, ""])


# Shown as outside demo mode and on the usual port, whatever the machine that writes the page has set.
_DEFAULTS: Final = {
    "CANBAO_DEMO": "0",
    "CANBAO_DATA": "./var",
    "CANBAO_KEYS": "",
    "CANBAO_BUSINESS_DATE": "",
    "CANBAO_RUN_BEGAN": "",
    "CANBAO_SENDER": "",
    "CANBAO_ADDRESS": "http://127.0.0.1:8000",
    "CANBAO_SECRET_KEY": "",
    "DATABASE_URL": "",
}


def _commands() -> str:
    lines = ["# Commands", "", _MADE, "", "Run as `.venv/bin/canbao COMMAND`.", ""]
    mine = sorted(
        name for name, app in get_commands().items() if app == settings.INSTALLED_APPS[-1]
    )
    for name in mine:
        command = load_command_class("canbao", name)
        parser = command.create_parser("canbao", name)
        text = parser.format_help().split("options:")[0].strip()
        lines += [f"## {name}", "", "```", text, "```", ""]
    return "\n".join(lines)
