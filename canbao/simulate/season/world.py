"""The county of a random season: who acts, what was done before, the chance that drives it, and the power going off."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from random import Random
from typing import Any, Final
from uuid import UUID

from django.db import connection

from canbao.cases.claim import Claim
from canbao.kernel import clock, statements
from canbao.kernel.actor import Actor
from canbao.kernel.refusal import Refused
from canbao.kernel.taken import Outcome
from canbao.simulate import cast, insured
from canbao.simulate.offices import Place
from canbao.simulate.residents import Numbers

MEDICAL: Final = insured.MEDICAL
PENSION: Final = insured.PENSION
OFTEN: Final = 0.7
_KEPT: Final = 30
_OF_A_VILLAGE: Final = 100
_MARKS: Final = ("SAVEPOINT", "RELEASE SAVEPOINT", "ROLLBACK TO SAVEPOINT")


class Crash(Exception):
    """The power goes off between two statements."""


@dataclass(slots=True)
class World:
    """A county in its season. `size` is how many households an act is about, as a busy office has them at once."""

    rng: Random
    actors: Mapping[str, Actor]
    homes: Mapping[str, Sequence[Sequence[UUID]]]
    accounts: Mapping[str, UUID]
    now: clock.Instant
    people: int
    size: int = 1
    numbers: int = 1
    places: int = 1
    given: Numbers = field(default_factory=Numbers)
    claims: dict[UUID, Claim] = field(default_factory=dict)
    done: list[Callable[[], Outcome]] = field(default_factory=list)
    acts: dict[str, int] = field(default_factory=dict)
    refused: dict[str, int] = field(default_factory=dict)

    @property
    def on(self) -> datetime.date:
        """The business date."""
        return clock.on(self.now)

    @property
    def collectors(self) -> list[Actor]:
        """Whoever takes money: the coordinators, and a township officer at the counter."""
        logins = [cast.COORDINATOR[one.code] for one in self.villages]
        return [self.actors[one] for one in (*logins, "mengqinghua")]

    @property
    def villages(self) -> Sequence[Place]:
        """Where money is taken and people apply; in a small county few."""
        return cast.VILLAGES[: 2 + self.people // _OF_A_VILLAGE]

    @property
    def cashiers(self) -> list[Actor]:
        """The township officers."""
        return [one for one in self.actors.values() if one.role == "township"]

    def finance(self, insurance: str) -> Actor:
        """One of the finance officers of an insurance."""
        medical, pension = ("luozhenbang", "guqing", "qinchuan"), ("caiping", "xubowen", "dingyun")
        return self.actors[self.rng.choice(medical if insurance == MEDICAL else pension)]

    def county(self, insurance: str) -> Actor:
        """One of the two officers of a county agency."""
        both = ("weijingyi", "yanming") if insurance == MEDICAL else ("hanxuemei", "shilei")
        return self.actors[self.rng.choice(both)]

    def year(self, insurance: str) -> int:
        """The year that is charged: the medical insurance's is the next, the pension's this one."""
        return self.on.year + (insurance == MEDICAL)

    def insurance(self) -> str:
        """One of the two; the medical insurance has more people."""
        return MEDICAL if self.maybe(OFTEN) else PENSION

    def maybe(self, chance: float) -> bool:
        """Whether something that happens so often happens now."""
        return self.rng.random() < chance

    def some(self, found: Sequence[Any], most: int = 0) -> list[Any]:
        """Some of these, at most as many as an act is about."""
        size = min(len(found), self.rng.randrange(1, 2 * (most or self.size) + 1))
        return self.rng.sample(list(found), size)

    def persons(self, insurance: str, most: int = 0) -> list[UUID]:
        """The members of some households."""
        return [one for home in self.some(self.homes[insurance], most) for one in home]

    def key(self) -> str:
        """A key that a seed makes again."""
        return f"{self.rng.getrandbits(128):032x}"

    def do(
        self, operation: Callable[..., Outcome], actor: Actor, *given: Any, **named: Any
    ) -> Outcome:
        """Do an act under a key and keep it, so that it may be repeated; what it refused is counted."""
        key, at = self.key(), self.now

        def again() -> Outcome:
            return operation(actor, *given, at=at, key=key, **named)

        self.done = [*self.done[-_KEPT:], again]
        return self.told(again())

    def attempt(
        self, operation: Callable[..., Outcome], actor: Actor, *given: Any, **named: Any
    ) -> None:
        """Do one act of several; a refusal does not keep the others from being done."""
        try:
            self.do(operation, actor, *given, **named)
        except Refused as refused:
            self.note(refused.code)

    def told(self, outcome: Outcome) -> Outcome:
        """Count what was refused of a set."""
        for one in outcome.refused.values():
            self.note(one.code)
        return outcome

    def note(self, code: str) -> None:
        """Count a refusal."""
        self.refused[code] = self.refused.get(code, 0) + 1


Act = Callable[[World], None]
ACTS: Final[dict[str, tuple[int, Act]]] = {}


def act(weight: int) -> Callable[[Act], Act]:
    """Make a function an act that happens so often."""

    def register(function: Act) -> Act:
        ACTS[function.__name__] = (weight, function)
        return function

    return register


def one_of(rng: Random, names: Iterable[str]) -> str:
    """One act by chance, each as often as it happens."""
    wanted = sorted(names)
    return rng.choices(wanted, [ACTS[one][0] for one in wanted])[0]


@contextmanager
def power_off(after: int) -> Iterator[None]:
    """Raise before the statement of this number, or right after it where it is a COPY.

    The marks of a transaction inside another, as tests have them, are no statements: whoever loses the
    power has no time to undo one.
    """
    count = 0

    def copied(_sql: str) -> None:
        nonlocal count
        count += 1
        if count == after:
            raise Crash

    def wrapper(execute: Any, sql: Any, params: Any, many: Any, context: Any) -> Any:
        nonlocal count
        count += not str(sql).startswith(_MARKS)
        if count == after and not str(sql).startswith(_MARKS):
            raise Crash
        return execute(sql, params, many, context)

    with statements.told(copied), connection.execute_wrapper(wrapper):
        yield
