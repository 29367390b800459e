"""`canbao demo`: fill the invented county 明水县, once, and say who may log in."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from canbao.kernel import clock, county
from canbao.simulate import cast, demo, logins


class Command(BaseCommand):
    help = "Fill the invented demo county; a second run changes nothing."
    requires_system_checks = ()

    def handle(self, *_args: Any, **_options: Any) -> None:
        if not settings.CANBAO_DEMO:
            raise CommandError(
                _("The demo county exists in demo mode only. Start with CANBAO_DEMO=1.")
            )
        started = time.monotonic()
        with county.inside(cast.CODE):
            filled = demo.is_filled()
            if not filled:
                self.stdout.write(_("Filling the demo county 明水县 370199 ..."))
                self.stdout.flush()
                demo.fill(clock.now())
            logins.make(cast.WORKERS)
            hints = demo.hints()
        text = logins.text(cast.WORKERS, settings.CANBAO_ADDRESS, hints)
        logins.write(Path(settings.CANBAO_DATA), text)
        if not filled:
            seconds = time.monotonic() - started
            self.stdout.write(_("Filled in %(seconds).0f s.") % {"seconds": seconds})
