"""`canbao register load FILE`: take the household register into a county, in sets, saying which rows have faults."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from canbao.kernel import clock, county, queries, refusals, statistics
from canbao.kernel.ids import new_id
from canbao.kernel.refusal import Refused
from canbao.people import officers, register, register_file
from canbao.people.register_file import COLUMNS, Finding


class Command(BaseCommand):
    help = "Load the household register."
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        commands = parser.add_subparsers(dest="command", required=True)
        load = commands.add_parser("load", help="Load a CSV or XLSX file; faulty rows are named.")
        load.add_argument("file", type=Path, help="The register, one person a row.")
        load.add_argument("--county", help="Its six digits, where more than one is served here.")

    def handle(self, *_args: Any, **options: Any) -> None:
        code = options["county"] or _only_county()
        try:
            with county.inside(code):
                faults = self._load(options["file"], code)
        except Refused as refused:
            raise CommandError(refusals.said(refused)) from None
        if faults:
            raise SystemExit(1)

    def _load(self, file: Path, code: str) -> int:
        """Load the good rows and print the others; returns how many faults there were."""
        at = clock.now()
        load_id = new_id()
        good = faults = 0
        for batch in register_file.read(file, on=clock.on(at), county=code):
            self._print(batch.faults)
            self._print(batch.notes)
            if batch.rows:
                register.load(officers.system(), batch.rows, load_id, at=at)
            good += len(batch.rows)
            faults += len(batch.faults)
            self.stdout.write(
                _("%(good)s rows loaded, %(faults)s faults") % {"good": good, "faults": faults}
            )
            self.stdout.flush()
        statistics.refresh()
        return faults

    def _print(self, findings: Iterable[Finding]) -> None:
        for one in findings:
            where = _("row %(row)s") % {"row": one.row}
            if one.column:
                where += f", {COLUMNS[one.column].term}"
            self.stderr.write(f"{where}: {refusals.say(one.code, one.facts)}")


def _only_county() -> str:
    served = queries.counties()
    if len(served) != 1:
        raise CommandError(_("Name the county: --county 370199"))
    return served[0][0]
