"""`canbao ready`: say whether canbao may serve a real county, and if not, why and what to do."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand
from django.utils.translation import gettext as _

from canbao.management import stored


class Command(BaseCommand):
    help = "Say whether canbao may serve, and what is missing."
    requires_system_checks = ()

    def handle(self, *_args: Any, **_options: Any) -> None:
        found = stored.faults()
        for sentence in found:
            self.stderr.write(sentence)
        if found:
            raise SystemExit(1)
        self.stdout.write(_("Nothing is missing."))
