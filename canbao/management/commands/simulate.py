"""`canbao simulate season`: a random season through the operations, in a scratch database; what must hold, holds."""

from __future__ import annotations

import time
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from canbao.kernel import clock, county, secrets
from canbao.payments import checking
from canbao.payments.invariants import INVARIANTS
from canbao.simulate import cast, seasons


class Command(BaseCommand):
    help = "Play a random season and check that no fen and no receipt is lost."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        commands = parser.add_subparsers(dest="command", required=True)
        season = commands.add_parser("season", help="Charges, payments, changes, repeats, crashes.")
        season.add_argument("--seed", type=int, default=1, help="another seed is another season")
        season.add_argument("--people", type=int, default=500, help="how many are insured")
        season.add_argument(
            "--acts", type=int, help="how many acts; one for each person if left out"
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        if not settings.CANBAO_DEMO:
            raise CommandError(
                _("A simulation uses the invented county. Start with CANBAO_DEMO=1.")
            )
        try:
            from bench import scratch  # noqa: PLC0415 - lies beside canbao, not in it
        except ImportError as fault:
            raise CommandError(_("The folder bench/ is not beside canbao.")) from fault
        if not secrets.names():
            secrets.make_key()
        people = max(1, options["people"])
        acts = people if options["acts"] is None else options["acts"]
        with scratch.database(), county.inside(cast.CODE):
            broken = self._play(options["seed"], people, acts)
        if broken:
            raise CommandError(_("%(count)s of the invariants are broken.") % {"count": broken})

    def _play(self, seed: int, people: int, acts: int) -> int:
        """Play the season and say how it went; returns how many invariants are broken."""
        world = seasons.begin(seed, people, clock.now())
        done: dict[str, int] = {}
        told = time.monotonic()
        for place in range(acts):
            name = seasons.step(world)
            done[name] = done.get(name, 0) + 1
            if time.monotonic() - told > 2:  # noqa: PLR2004 - seconds between two lines
                told = time.monotonic()
                said = _("%(done)s of %(all)s acts") % {"done": place + 1, "all": acts}
                self.stderr.write(said)
                self.stderr.flush()
        for title, counts in ((_("Acts"), done), (_("Refused"), world.refused)):
            self.stdout.write(
                f"{title}: " + ", ".join(f"{k} {n}" for k, n in sorted(counts.items()))
            )
        found: dict[str, list[str]] = {}
        for one in checking.differences():
            found.setdefault(one.what, []).append(one.of)
        for name in INVARIANTS:
            verdict = (
                _("BROKEN: %(which)s") % {"which": ", ".join(found[name])}
                if name in found
                else _("kept")
            )
            self.stdout.write(f"{name}: {verdict}")
        return len(found)
