"""`canbao notices send`: send the messages that wait, as the worker does every minute."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils.translation import gettext as _

from canbao.cases import messages
from canbao.kernel.refusal import Refused
from canbao.management import who


class Command(BaseCommand):
    help = "Send the messages that wait."
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("command", choices=["send"], help="The only thing to do with them.")
        who.add_county(parser)

    def handle(self, *_args: Any, **options: Any) -> None:
        try:
            sent, missed = messages.run(who.county_of(options["county"]))
        except Refused as refused:
            raise who.refuse(refused) from None
        self.stdout.write(
            _("%(sent)s sent, %(missed)s not yet.") % {"sent": sent, "missed": missed}
        )
