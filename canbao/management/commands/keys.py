"""`canbao keys new|list|rotate`: make a key, see which are needed, seal everything with the newest."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from canbao.kernel import secrets
from canbao.kernel.refusal import Refused
from canbao.management import stored, who


class Command(BaseCommand):
    help = "Make keys, list them, and seal stored data with the newest one."
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        commands = parser.add_subparsers(dest="command", required=True)
        commands.add_parser("new", help="Put a new key into the key folder; new data uses it.")
        commands.add_parser("list", help="Show the keys, and which of them stored data needs.")
        commands.add_parser("rotate", help="Seal stored data with the newest key; may be stopped.")

    def handle(self, *_args: Any, **options: Any) -> None:
        try:
            getattr(self, f"_{options['command']}")()
        except Refused as refused:
            raise who.refuse(refused) from None
        except secrets.KeyMissing as fault:
            raise CommandError(
                _("%(fault)s. Restore it from your backup of the keys.") % {"fault": fault}
            ) from None

    def _new(self) -> None:
        name = secrets.make_key()
        self.stdout.write(
            _(
                "%(name)s is made in %(folder)s. Keep a copy elsewhere before data is sealed with it."
            )
            % {"name": name, "folder": settings.CANBAO_KEYS}
        )
        if len(secrets.names()) > 1:
            self.stdout.write(_("Run `canbao keys rotate` to seal what is stored with it."))

    def _list(self) -> None:
        used = stored.keys()
        known = secrets.names()
        for name in sorted({*known, *used}):
            words = [
                _("newest") if known and name == known[-1] else "",
                _("needed by stored data") if name in used else _("not needed"),
                "" if name in known else _("MISSING"),
            ]
            self.stdout.write(f"{name}  {', '.join(word for word in words if word)}")
        if used - set(known):
            raise SystemExit(1)

    def _rotate(self) -> None:
        left = stored.waiting()
        total = sum(left.values())
        done = 0
        damaged: list[object] = []
        for step in stored.rotate():
            done += step.done
            damaged += step.damaged
            self.stdout.write(
                _("%(county)s: %(done)s of %(total)s")
                % {"county": step.county, "done": done, "total": total}
            )
            self.stdout.flush()
        for one in damaged:
            self.stderr.write(
                _("The file %(name)s does not open; restore it from a backup.") % {"name": one}
            )
        if damaged:
            raise SystemExit(1)
        older = sorted(set(secrets.names()[:-1]) - stored.keys())
        self.stdout.write(_("Everything is sealed with %(name)s.") % {"name": secrets.current()})
        if older:
            self.stdout.write(
                _("No longer needed: %(names)s. Remove them only when no backup needs them.")
                % {"names": ", ".join(older)}
            )
