"""Programs that `canbao run` starts, starts again when they die, and takes with it when it ends."""

from __future__ import annotations

import ctypes
import os
import signal
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from types import FrameType
from typing import Final

from django.utils.translation import gettext as _

from canbao.postgres import niceness

LOOK_SECONDS: Final = 0.2
STOP_SECONDS_MAX: Final = 15
# A killed program's own children are taken note of by the system, some milliseconds later.
GONE_SECONDS_MAX: Final = 2
# A program that dies sooner than this after its start has a fault that a new start will not mend.
HEALTHY_SECONDS: Final = 10
QUICK_DEATHS_MAX: Final = 5
# The second Ctrl-C means: at once.
IMPATIENT: Final = 2
_PR_SET_PDEATHSIG: Final = 1
_libc: Final = ctypes.CDLL(None)


class ChildrenFailed(Exception):
    """A program ends as often as it is started."""


def _prepare(wish: signal.Signals, nice: int) -> None:
    _libc.prctl(_PR_SET_PDEATHSIG, wish)
    niceness.lower(os.getpid(), nice)


@dataclass(slots=True)
class Child:
    """One program, in a process group of its own so that Ctrl-C reaches it only through us."""

    name: str
    command: Sequence[str]
    environment: Mapping[str, str]
    # What the kernel sends it when `canbao run` itself is killed.
    orphaned: signal.Signals = signal.SIGTERM
    # How far it gives way to the others.
    nice: int = 0
    process: subprocess.Popen[bytes] | None = None
    started_at: float = 0.0
    quick_deaths: int = 0

    def start(self) -> None:
        self.started_at = time.monotonic()
        self.process = subprocess.Popen(
            self.command,
            env=self.environment,
            stdin=subprocess.DEVNULL,
            start_new_session=True,
            preexec_fn=partial(_prepare, self.orphaned, self.nice),  # noqa: PLW1509 - called from the main thread
        )

    def look(self, tell: Callable[[str], object]) -> None:
        """Start again what has died; waits a little longer each time it dies at once."""
        if self.process is None or self.process.poll() is None:
            return
        self.kill()
        lived = time.monotonic() - self.started_at
        self.quick_deaths = self.quick_deaths + 1 if lived < HEALTHY_SECONDS else 0
        if self.quick_deaths > QUICK_DEATHS_MAX:
            raise ChildrenFailed(
                _("%(name)s ended %(times)s times right after its start; its messages stand above.")
                % {"name": self.name, "times": QUICK_DEATHS_MAX}
            )
        tell(_("%(name)s ended and is started again.") % {"name": self.name})
        time.sleep(0.3 * self.quick_deaths)
        self.start()

    def ask_to_stop(self) -> None:
        if self.process is not None and self.process.poll() is None:
            self.process.terminate()

    def kill(self) -> None:
        """End what is left of the program and of those it started, and wait until they are gone."""
        if self.process is None:
            return
        deadline = time.monotonic() + GONE_SECONDS_MAX
        try:
            while time.monotonic() < deadline:
                os.killpg(self.process.pid, signal.SIGKILL)
                self.process.poll()
                time.sleep(0.01)
        except ProcessLookupError:
            self.process.wait()


@dataclass(slots=True)
class Children:
    """All of them together."""

    members: list[Child]
    tell: Callable[[str], object]
    stop_asked: int = field(default=0, init=False)

    def heed_signals(self) -> None:
        """From here on Ctrl-C and a wish to end are counted and do not raise."""
        for wish in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(wish, self._asked)

    def add(self, child: Child) -> None:
        """Start one more, unless the end was asked for."""
        if not self.stop_asked:
            child.start()
            self.members.append(child)

    def _asked(self, _number: int, _frame: FrameType | None) -> None:
        self.stop_asked += 1

    def look(self) -> None:
        for child in self.members:
            child.look(self.tell)

    def watch(self, meanwhile: Callable[[], object]) -> None:
        """Return after Ctrl-C or a wish to end; `meanwhile` is called about once a second."""
        looks = 0
        while not self.stop_asked:
            self.look()
            if looks % 5 == 0:
                meanwhile()
            looks += 1
            time.sleep(LOOK_SECONDS)

    def stop(self) -> None:
        """Ask all to end, and end them after a while or at a second Ctrl-C."""
        for child in self.members:
            child.ask_to_stop()
        deadline = time.monotonic() + STOP_SECONDS_MAX
        while time.monotonic() < deadline and self.stop_asked < IMPATIENT:
            if all(
                child.process is None or child.process.poll() is not None for child in self.members
            ):
                break
            time.sleep(0.05)
        for child in self.members:
            child.kill()
