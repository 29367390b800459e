"""`canbao bench chain | desk | money`: how fast the road and paying are, in a scratch database beside the configured one."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _


class Command(BaseCommand):
    help = "Measure how fast applications travel, in a database of its own."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        commands = parser.add_subparsers(dest="command", required=True)
        chain = commands.add_parser("chain", help="Sets from application to archive.")
        chain.add_argument("--cases", type=int, default=5000, help="how many cases travel")
        chain.add_argument(
            "--channel", choices=("phone", "village", "paper"), default="village",
            help="how they came in; the township types again what came on paper or at the village",
        )  # fmt: skip
        desk = commands.add_parser("desk", help="Single acts beside sets, growth, search.")
        desk.add_argument("--cases", type=int, default=100_000, help="cases for the growth")
        desk.add_argument("--persons", type=int, default=600_000, help="persons for the search")
        money = commands.add_parser("money", help="A season, and cashiers beside it.")
        money.add_argument("--people", type=int, default=60_000, help="how many are charged")
        for one in (chain, desk, money):
            one.add_argument("--json", action="store_true", help="print only the figures, as JSON")

    def handle(self, *_args: Any, **options: Any) -> None:
        if not settings.CANBAO_DEMO:
            raise CommandError(_("Measuring uses the invented county. Start with CANBAO_DEMO=1."))
        try:
            from bench import money, report  # noqa: PLC0415 - lies beside canbao, not in it
            from canbao.cases.claim import Channel  # noqa: PLC0415
        except ImportError as fault:
            raise CommandError(_("The folder bench/ is not beside canbao.")) from fault
        command = options["command"]
        if command == "chain":
            figures = report.chain_figures(
                options["cases"], Channel(options["channel"]), self._tell
            )
        elif command == "desk":
            figures = report.desk_figures(options["cases"], options["persons"], self._tell)
        else:
            figures = money.figures(options["people"], self._tell)
        if options["json"]:
            self.stdout.write(json.dumps(figures, ensure_ascii=False, indent=2))
            return
        for name, value in figures.items():
            self.stdout.write(f"{name}: {json.dumps(value, ensure_ascii=False)}")

    def _tell(self, line: str) -> None:
        self.stderr.write(line)
        self.stderr.flush()
