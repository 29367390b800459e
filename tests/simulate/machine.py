"""The acts of a season driven by hypothesis: after each of them everything that must hold holds."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

from django.db import transaction
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)

import canbao.cases.checked  # noqa: F401 - adds what must hold of cases
from canbao.kernel import clock, county
from canbao.payments import checking
from canbao.simulate import cast
from canbao.simulate.season import play
from canbao.simulate.season.world import ACTS, World


class Seasons(RuleBasedStateMachine):
    """A season of few people; `acts` happen in any order, `before` has happened already."""

    people: ClassVar[int] = 30
    acts: ClassVar[Sequence[str]] = tuple(sorted(ACTS))
    before: ClassVar[Sequence[str]] = ()
    world: World

    def __init__(self) -> None:
        super().__init__()
        undo: Any = transaction.atomic()
        undo._from_testcase = True  # operations inside may be durable
        undo.__enter__()
        self._undo = undo
        self._inside: Any = county.inside(cast.CODE)
        self._inside.__enter__()
        self._began = False

    @initialize(seed=st.integers(0, 10_000))
    def begin(self, seed: int) -> None:
        self.world = play.begin(seed, self.people, play.autumn(clock.today()))
        for name in self.before:
            play.step(self.world, name)
        self._began = True

    @rule(place=st.integers(0, 9_999))
    def act(self, place: int) -> None:
        play.step(self.world, self.acts[place % len(self.acts)])

    @invariant()
    def everything_holds(self) -> None:
        if self._began:
            assert checking.differences() == []

    def teardown(self) -> None:
        self._inside.__exit__(None, None, None)
        transaction.set_rollback(True)
        self._undo.__exit__(None, None, None)


def run(machine: type[Seasons], examples: int, steps: int) -> None:
    """Play so many seasons of so many acts."""
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=examples, stateful_step_count=steps, deadline=None, database=None,
            # A season is long: the acts that broke it are printed, and making them fewer takes minutes.
            phases=[Phase.generate], suppress_health_check=list(HealthCheck),
        ),
    )  # fmt: skip
