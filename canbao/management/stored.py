"""What all rooms together know about sealed data: the keys it names, and the way to seal it anew."""

from __future__ import annotations

import fcntl
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from uuid import UUID

from django.conf import settings

from canbao.cases import sealed as cases
from canbao.kernel import clock, county, secrets, startup
from canbao.kernel.queries import counties
from canbao.kernel.refusal import Refused
from canbao.kernel.resealing import Sealed, count, in_use, reseal
from canbao.kernel.startup import Stored
from canbao.papers import store
from canbao.payments import sealed as payments
from canbao.people import officers
from canbao.people import sealed as people
from canbao.policy import in_force

COLUMNS: Final[tuple[Sealed, ...]] = (*people.COLUMNS, *payments.COLUMNS, *cases.COLUMNS)
FILES_A_STEP: Final = 100


def keys() -> set[str]:
    """Names of all keys that stored files and columns need."""
    return store.keys_in_use() | in_use(COLUMNS)


def faults() -> list[str]:
    """Why canbao may not serve, each in words with what to do; nothing where it may."""
    found = startup.faults(Stored(keys=keys(), demo_packs=in_force.demo_packs()))
    return startup.sentences(found)


def waiting() -> dict[str, int]:
    """How many files and rows of each county an older key sealed."""
    found = {}
    for code, _name in counties():
        with county.inside(code):
            found[code] = store.waiting() + count(COLUMNS)
    return found


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a rotation: the county, how much it sealed anew, and files that no longer open."""

    county: str
    done: int
    damaged: tuple[UUID, ...] = ()


def rotate() -> Generator[Step, None, None]:
    """Seal everything with the current key, in steps.

    May be stopped between any two instructions and run again: it goes on with what is left. Refuses
    `busy` while another rotation runs.
    """
    secrets.current()
    with _alone():
        for code, _name in counties():
            with county.inside(code):
                yield from _files(code)
                for column in COLUMNS:
                    while rows := reseal(officers.system(), column, at=clock.now()).done:
                        yield Step(code, len(rows))


def _files(code: str) -> Iterator[Step]:
    store.settle()
    past = None
    while True:
        step = store.rotate(FILES_A_STEP, past)
        if step.last is None:
            return
        past = step.last
        yield Step(code, step.done, step.damaged)


@contextmanager
def _alone() -> Iterator[None]:
    with (Path(settings.CANBAO_KEYS) / "rotate.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Refused("busy") from None
        yield
