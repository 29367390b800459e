"""`canbao policy check FILE` says what is wrong with a pack or flow, `publish FILE` puts it into force, `explain` says why an amount."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from canbao.cases import flow
from canbao.kernel import canonical, clock, county
from canbao.kernel.refusal import Refused
from canbao.management import explain, who
from canbao.policy import documents, in_force, words
from canbao.policy.rules import packs
from canbao.policy.rules.faults import PackFault


class Command(BaseCommand):
    help = "Check packs of local rules and flows, put them into force by two people, explain an amount."
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        commands = parser.add_subparsers(dest="command", required=True)
        check = commands.add_parser("check", help="Check a pack or flow without publishing it.")
        check.add_argument("file", type=Path, help="The pack or flow, a TOML file.")
        publish = commands.add_parser(
            "publish", help="Propose a pack or flow; by a second administrator, put it into force."
        )
        publish.add_argument("file", type=Path, help="The pack or flow, a TOML file.")
        publish.add_argument("--officer", required=True, help="Login of the administrator.")
        who.add_county(publish)
        explain.add_arguments(
            commands.add_parser("explain", help="Say what a year costs a person, and why.")
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        if options["command"] == "check":
            self.check_file(options["file"])
        elif options["command"] == "explain":
            self.stdout.write(explain.explained(options))
        else:
            with county.inside(who.county_of(options["county"])):
                self.publish_file(options["file"], options["officer"])

    def publish_file(self, file: Path, login: str) -> None:
        """Propose the very bytes of a file, or publish them when somebody else has proposed them."""
        actor = who.administrator(login)
        try:
            data = file.read_bytes()
            known = in_force.proposal_of(canonical.sha256_bytes(data))
            if known is None:
                documents.propose(actor, file.name, data.decode(), at=clock.now())
                said = _("%(file)s is proposed. A second administrator runs the same command.")
            else:
                documents.publish(actor, known.id, at=clock.now())
                said = _("%(file)s is in force.")
        except PackFault as fault:
            for one in fault.faults:
                self.stderr.write(words.fault(one))
            raise SystemExit(1) from None
        except Refused as refused:
            raise who.refuse(refused) from None
        except (OSError, UnicodeDecodeError) as fault:
            raise CommandError(f"{file}: {type(fault).__name__}") from None
        self.stdout.write(said % {"file": file.name})

    def check_file(self, file: Path) -> None:
        """Check a pack or a flow, whichever it is."""
        try:
            data = file.read_bytes()
        except OSError:
            data = b""
        if documents.kind_of(data.decode(errors="replace")) == documents.PACK:
            self.check_pack(file)
            return
        try:
            found = flow.parse(data, str(file))
        except PackFault as fault:
            for one in fault.faults:
                self.stderr.write(words.fault(one))
            raise SystemExit(1) from None
        self.stdout.write(
            _("%(file)s: a flow over %(desks)s desks that holds together.")
            % {"file": file, "desks": len(found.desks)}
        )

    def check_pack(self, file: Path) -> None:
        """Print faults and exit 1, or print what was checked and what stays unknown."""
        report = packs.check(file)
        for fault in report.faults:
            self.stderr.write(words.fault(fault))
        if report.faults:
            raise SystemExit(1)
        for gap in report.gaps:
            said = words.in_language(gap.said)
            self.stdout.write(f"{report.file}:{gap.line}: {gap.key}: {said}")
        self.stdout.write(
            _(
                "%(file)s: %(values)s values, %(unconfirmed)s not confirmed, %(examples)s examples hold."
            )
            % {
                "file": report.file,
                "values": report.values,
                "unconfirmed": report.unconfirmed,
                "examples": report.examples,
            }
        )
