"""Random seasons of every act, crashes and repeats among them, keep every invariant after each step."""

from __future__ import annotations

from types import ModuleType

import pytest

from canbao.insured import crediting
from canbao.kernel import clock, county
from canbao.payments import charges, checking
from canbao.payments.banking.tables import FinanceDay
from canbao.payments.channels.cash import days
from canbao.payments.channels.cash.tables import Deposit
from canbao.payments.tables import AdvanceTurned, Cancelled, PayerAnswer, Payout
from canbao.simulate import cast
from canbao.simulate.season import play
from canbao.simulate.season.world import ACTS
from tests.simulate.machine import Seasons, run


@pytest.mark.django_db
def test_random_seasons_keep_every_invariant() -> None:
    run(Seasons, examples=8, steps=60)


@pytest.mark.django_db
def test_a_longer_season_knows_every_act_and_refuses_what_it_must() -> None:
    with county.inside(cast.CODE):
        world = play.begin(4, 80, play.autumn(clock.today()))
        for name in sorted(ACTS):
            play.step(world, name)
        for _ in range(800):
            play.step(world)
        # Six officers stand between an ask and the bank; by chance alone few asks reach it. Rare refusals are
        # driven on purpose too, so that another day's chance does not leave one out.
        on_purpose = (
            "ask_back", "ask_back_twice", "check_refunds", "approve_refunds", "hand_refunds_over",
            "pay_refunds", "use_a_wrong_number", "pay_what_was_paid", "pay_a_wrong_sum", "cancel",
        )  # fmt: skip
        for _ in range(15):
            for name in on_purpose:
                play.step(world, name)

        assert checking.differences() == []
        assert {
            "paid_already", "amount_changed", "not_your_block", "cancel_after_close", "crashed",
            "refund_asked_already",
        } <= set(world.refused)  # fmt: skip
        for table in (AdvanceTurned, Payout, Deposit, FinanceDay, PayerAnswer, Cancelled):
            assert table.here.exists(), table


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("place", "name", "what"),
    [
        (days, "_difference", "cash"),
        (crediting, "credit", "account"),
        (charges, "take_back", "charge"),
    ],
)
def test_an_operation_that_loses_money_is_found(
    monkeypatch: pytest.MonkeyPatch, place: ModuleType, name: str, what: str
) -> None:
    monkeypatch.setattr(place, name, lambda *_given: None)
    with county.inside(cast.CODE):
        world = play.begin(4, 80, play.autumn(clock.today()))
        for _ in range(40):
            for _ in range(20):
                play.step(world)
            if what in {one.what for one in checking.differences()}:
                return
    pytest.fail(f"{what} was not found")
