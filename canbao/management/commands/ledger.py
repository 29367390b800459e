"""`canbao ledger check`: recompute from the book what is kept beside it; exit status 1 where it differs."""

from __future__ import annotations

from typing import Any, Final

from django.core.management.base import BaseCommand, CommandParser
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from canbao.kernel import county
from canbao.management import who
from canbao.payments import checking

WORDS: Final = {
    "entry": gettext_lazy("entry %(of)s does not balance: %(book)s fen too much on one side"),
    "entry_empty": gettext_lazy("entry %(of)s has no postings"),
    "charge": gettext_lazy("charge %(of)s: %(kept)s fen kept as paid, %(book)s in the book"),
    "account": gettext_lazy("personal account %(of)s: %(kept)s fen kept, %(book)s in the book"),
    "block": gettext_lazy("block %(of)s: %(kept)s numbers passed, %(book)s accounted for"),
    "block_repeat": gettext_lazy("block %(of)s: number %(kept)s is used twice"),
    "receipt": gettext_lazy("receipt %(of)s: %(kept)s fen, its lines say %(book)s"),
    "receipt_entry": gettext_lazy("receipt %(of)s: %(kept)s fen, its entry says %(book)s"),
    "cash": gettext_lazy("%(of)s: %(kept)s fen by the papers, %(book)s in the book"),
    "safe": gettext_lazy("%(of)s: %(kept)s fen by the papers, %(book)s in the book"),
    "transit": gettext_lazy("%(of)s: %(kept)s fen by the papers, %(book)s in the book"),
    "bank": gettext_lazy("bank: %(kept)s fen by matched lines, %(book)s in the book"),
    "cover": gettext_lazy("cover %(of)s of %(kept)s stands while the own share is open"),
}


class Command(BaseCommand):
    help = "Check the book: balances, charges, personal accounts, blocks, cash, cover."
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
            facts = {"of": one.of, "kept": one.kept, "book": one.book}
            self.stderr.write(str(WORDS[one.what]) % facts)
        if found:
            raise SystemExit(1)
        self.stdout.write(
            _(
                "%(entries)s entries, %(receipts)s receipts, %(charges)s charges, %(blocks)s blocks:"
                " everything agrees."
            )
            % counted
        )
