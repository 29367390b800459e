"""`canbao archive export CASE_NUMBER --to FILE` writes a filed item; `verify ITEM.zip` proves it without a database."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from canbao.cases import item, proof
from canbao.kernel import clock, county
from canbao.kernel.refusal import Refused
from canbao.management import who
from canbao.people import officers

FLAWS: Final[Mapping[str, Any]] = {
    "item_unreadable": gettext_lazy("The file is no archive item, or it is damaged."),
    "item_too_large": gettext_lazy("The file is larger than any archive item."),
    "manifest_not_canonical": gettext_lazy("The manifest was written by something else."),
    "manifest_changed": gettext_lazy("The manifest was changed."),
    "filed_changed": gettext_lazy("What was filed is not what the manifest's hash says."),
    "container_changed": gettext_lazy("The file was packed anew or changed outside its contents."),
    "file_missing": gettext_lazy("A file is missing: %(name)s"),
    "file_unlisted": gettext_lazy("A file was added: %(name)s"),
    "file_changed": gettext_lazy("A file was changed: %(name)s"),
    "paper_missing": gettext_lazy("A paper is missing: %(name)s"),
    "paper_changed": gettext_lazy("A paper was changed: %(name)s"),
    "attachment_missing": gettext_lazy("An attachment of the form is missing: %(name)s"),
    "mark_broken": gettext_lazy("A mark does not hold: %(name)s"),
    "picture_missing": gettext_lazy("The picture of a signature is missing: %(name)s"),
}


class Command(BaseCommand):
    help = "Write filed items as files, and verify such files without a database."
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        commands = parser.add_subparsers(dest="command", required=True)
        verify = commands.add_parser("verify", help="Verify an item; needs no database.")
        verify.add_argument("file", type=Path, help="The item, a ZIP file.")
        export = commands.add_parser("export", help="Write the item of a case.")
        export.add_argument("number", help="The number of the case.")
        export.add_argument("--to", type=Path, required=True, help="The file to write.")
        who.add_county(export)

    def handle(self, *_args: Any, **options: Any) -> None:
        if options["command"] == "verify":
            self._verify(options["file"])
        else:
            with county.inside(who.county_of(options["county"])):
                self._export(options["number"], options["to"])

    def _verify(self, file: Path) -> None:
        try:
            report = proof.verify(file.read_bytes())
        except OSError as fault:
            raise CommandError(f"{file}: {fault.strerror}") from None
        for flaw in report.flaws:
            self.stderr.write(str(FLAWS[flaw.code]) % {"name": flaw.name})
        if not report.holds:
            raise SystemExit(1)
        self.stdout.write(
            _("%(number)s holds: %(files)s files, %(papers)s papers, %(marks)s marks.")
            % {"number": report.number, "files": report.files, "papers": report.papers,
               "marks": report.marks}
        )  # fmt: skip
        self.stdout.write(
            _("Compare with the printed directory of the item: %(digest)s")
            % {"digest": report.filed_sha256}
        )

    def _export(self, number: str, to: Path) -> None:
        try:
            data = item.build(officers.system(), item.case_numbered(number), at=clock.now())
        except Refused as refused:
            raise who.refuse(refused) from None
        # Full numbers: nobody else on this machine reads them.
        handle = os.open(to, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(handle, "wb") as file:
            file.write(data)
        self.stdout.write(_("%(file)s is written.") % {"file": to})
