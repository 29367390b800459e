"""Random seasons keep every invariant after each step; a broken one is found and named."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import transaction
from django.db.models import F
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from canbao.kernel import clock, county
from canbao.payments import checking
from canbao.payments.tables import Block, Charge, Receipt
from canbao.simulate import cast, seasons
from canbao.simulate.seasons import World


class Seasons(RuleBasedStateMachine):
    """A season of thirty people, one act after the other."""

    def __init__(self) -> None:
        super().__init__()
        undo: Any = transaction.atomic()
        undo._from_testcase = True  # operations inside may be durable
        undo.__enter__()
        self._undo = undo
        self._inside: Any = county.inside(cast.CODE)
        self._inside.__enter__()
        self._world: World | None = None

    @initialize(seed=st.integers(0, 10_000))
    def begin(self, seed: int) -> None:
        self._world = seasons.begin(seed, 30, clock.now())

    @rule(name=st.sampled_from(sorted(seasons.ACTS)))
    def act(self, name: str) -> None:
        assert self._world is not None
        seasons.step(self._world, name)

    @rule()
    def pay(self) -> None:
        assert self._world is not None
        seasons.step(self._world, "pay")

    @invariant()
    def everything_holds(self) -> None:
        assert checking.differences() == []

    def teardown(self) -> None:
        self._inside.__exit__(None, None, None)
        transaction.set_rollback(True)
        self._undo.__exit__(None, None, None)


@pytest.mark.django_db
def test_random_seasons_keep_every_invariant() -> None:
    from hypothesis.stateful import run_state_machine_as_test

    run_state_machine_as_test(
        Seasons,
        settings=settings(
            max_examples=6, stateful_step_count=25, deadline=None, database=None,
            suppress_health_check=list(HealthCheck),
        ),
    )  # fmt: skip


@pytest.mark.django_db
def test_a_longer_season_pays_most_and_refuses_what_it_must() -> None:
    with county.inside(cast.CODE):
        world = seasons.begin(7, 80, clock.now())
        for _ in range(160):
            seasons.step(world)

        assert checking.differences() == []
        assert Receipt.here.count() > 20
        assert {"paid_already", "amount_changed", "number_not_next", "not_your_block"} <= set(
            world.refused
        )
        # Every act of the list is one that can happen.
        assert set(seasons.ACTS) >= {"charge", "pay", "crash", "do_it_again", "change_category"}


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("name", "breaks"),
    [
        (
            "share",
            lambda: Charge.here.filter(state="open").update(own_fen=1),
        ),
        ("block", lambda: Block.here.update(next=F("next") + 1)),
        ("cover", lambda: Charge.here.update(state="open")),
    ],
)
def test_what_is_broken_behind_the_back_is_found(name: str, breaks: Any) -> None:
    with county.inside(cast.CODE):
        world = seasons.begin(7, 40, clock.now())
        for _ in range(10):
            seasons.step(world, "pay")
        assert checking.differences() == []
        breaks()

        assert name in {one.what for one in checking.differences()}
