"""`canbao simulate season`: a random season through the operations, in a scratch database; what must hold, holds."""

from __future__ import annotations

import time
from argparse import ArgumentParser
from collections.abc import Sequence
from typing import Any, Final

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

import canbao.cases.checked  # noqa: F401 - adds what must hold of cases
from canbao.kernel import clock, county, money, secrets, statistics
from canbao.payments import checking
from canbao.payments.checking import Difference
from canbao.payments.invariants import INVARIANTS
from canbao.simulate import cast
from canbao.simulate.season import play
from canbao.simulate.season.world import World

ROUNDS: Final = 20
_PAUSE: Final = 2  # seconds between two lines of progress
_SHOWN: Final = 20


class Command(BaseCommand):
    help = "Play a random season and check that no fen and no receipt is lost."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        commands = parser.add_subparsers(dest="command", required=True)
        season = commands.add_parser(
            "season",
            help="Charges, money, advances, refunds, counted days, the bank, repeats, crashes.",
        )
        season.add_argument("--seed", type=int, default=1, help="another seed is another season")
        season.add_argument("--people", type=int, default=500, help="how many are insured")
        season.add_argument(
            "--acts", type=int, help="how many acts; if left out, what makes most households pay"
        )
        season.add_argument(
            "--every", type=int, help="ask what must hold after so many acts; 20 times if left out"
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
        acts = play.acts_of(people) if options["acts"] is None else options["acts"]
        every = max(1, options["every"] or acts // ROUNDS)
        with scratch.database(), county.inside(cast.CODE):
            found = self._play(options["seed"], people, acts, every)
            broken = self._told(found)
        if broken:
            raise CommandError(_("%(count)s of the invariants are broken.") % {"count": broken})

    def _play(self, seed: int, people: int, acts: int, every: int) -> list[Difference]:
        """Play the season and say how it went; returns what does not hold at its end, or first did not."""
        start = told = time.monotonic()
        world = play.begin(seed, people, play.autumn(clock.today()))
        statistics.refresh()
        found: list[Difference] = []
        for place in range(1, acts + 1):
            name = play.step(world)
            if place % every == 0 or place == acts:
                found = checking.differences()
                if place == acts // 2:
                    statistics.refresh()
            if found:
                self.stderr.write(_("broken after act %(place)s, %(name)s") % {"place": place, "name": name})  # fmt: skip
                break
            if time.monotonic() - told > _PAUSE:
                told = time.monotonic()
                self.stderr.write(_("%(done)s of %(all)s acts") % {"done": place, "all": acts})
                self.stderr.flush()
        self._sums(world, time.monotonic() - start)
        return found

    def _sums(self, world: World, seconds: float) -> None:
        """What was done, what was refused, and how much money there is in the end."""
        for title, counts in ((_("Acts"), world.acts), (_("Refused"), world.refused)):
            said = ", ".join(f"{name} {count}" for name, count in sorted(counts.items()))
            self.stdout.write(f"{title}: {said}")
        sums = play.sums()
        fen = {name: money.in_yuan(sums.pop(name)) for name in ("received", "returned")}
        self.stdout.write(
            _(
                "%(charges)s charges, %(settled)s settled; %(receipts)s receipts over %(received)s yuan,"
                " %(refunds)s refunds paid over %(returned)s yuan; %(seconds).0f s."
            )
            % {**sums, **fen, "seconds": seconds}
        )

    def _told(self, found: Sequence[Difference]) -> int:
        """Say of each whether it holds; returns how many do not."""
        broken: dict[str, list[str]] = {}
        for one in found:
            broken.setdefault(one.what, []).append(one.text)
        for name in INVARIANTS:
            verdict = (
                _("BROKEN: %(which)s") % {"which": "; ".join(broken[name][:_SHOWN])}
                if name in broken
                else _("kept")
            )
            self.stdout.write(f"{name}: {verdict}")
        return len(broken)
