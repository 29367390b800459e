"""`canbao ledger check`: recompute from the book what is kept beside it; exit status 1 where it differs."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils.translation import gettext as _

import canbao.cases.checked  # noqa: F401 - adds what must hold of cases
from canbao.kernel import county
from canbao.management import who
from canbao.payments import checking


class Command(BaseCommand):
    help = "Check the book: balances, charges, personal accounts, receipts, cash, refunds, cover."
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        commands = parser.add_subparsers(dest="command", required=True)
        check = commands.add_parser(
            "check", help="Recompute everything from zero; exit 1 where something differs."
        )
        who.add_county(check)

    def handle(self, *_args: Any, **options: Any) -> None:
        with county.inside(who.county_of(options["county"])):
            found = checking.differences()
            counted = checking.counted()
        for one in found:
            self.stderr.write(one.text)
        if found:
            raise SystemExit(1)
        self.stdout.write(
            _(
                "%(entries)s entries, %(receipts)s receipts, %(charges)s charges, %(blocks)s blocks:"
                " everything agrees."
            )
            % counted
        )
