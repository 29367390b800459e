"""`canbao export INSURANCE --to FOLDER`: hand established persons over, each once, as CSV and XLSX."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from canbao.cases import export
from canbao.kernel import clock, county
from canbao.kernel.refusal import Refused
from canbao.management import who
from canbao.people import officers


class Command(BaseCommand):
    help = "Write lists of established persons for the provincial system, each person once."
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("insurance", choices=["170", "390"], help="170 pension, 390 medical.")
        parser.add_argument("--to", type=Path, required=True, help="The folder to write to.")
        parser.add_argument("--again", default="", help="Write the list of this number once more.")
        who.add_county(parser)

    def handle(self, *_args: Any, **options: Any) -> None:
        folder: Path = options["to"]
        if not folder.is_dir():
            raise CommandError(_("%(folder)s is no folder.") % {"folder": folder})
        with county.inside(who.county_of(options["county"])):
            if options["again"]:
                self._again(options["insurance"], options["again"], folder)
            else:
                self._all(options["insurance"], folder)

    def _all(self, insurance: str, folder: Path) -> None:
        while True:
            try:
                made = export.make(officers.system(), insurance, at=clock.now())
            except Refused as refused:
                if refused.code == "nothing_to_export":
                    self.stdout.write(_("Everybody established has been handed over."))
                    return
                raise who.refuse(refused) from None
            self._write(folder, made.done[0], int(made.made["persons"]))

    def _again(self, insurance: str, number: str, folder: Path) -> None:
        for row in export.listed(officers.system(), limit=10_000):
            if (row.number, row.insurance) == (number, insurance):
                self._write(folder, row.id, row.persons)
                return
        raise CommandError(_("There is no list %(number)s.") % {"number": number})

    def _write(self, folder: Path, export_id: Any, persons: int) -> None:
        for kind in (export.CSV, export.XLSX):
            name, data = export.content(officers.system(), export_id, kind, at=clock.now())
            # Full numbers: nobody else on this machine reads them.
            handle = os.open(folder / name, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
            with os.fdopen(handle, "wb") as file:
                file.write(data)
            self.stdout.write(
                _("%(file)s: %(persons)s persons") % {"file": folder / name, "persons": persons}
            )
