"""Whatever officers do with cash, in any order: the book agrees with every paper after every act."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from random import Random
from uuid import UUID

import pytest

from canbao.kernel import clock
from canbao.kernel.actor import Actor
from canbao.kernel.ids import new_id
from canbao.kernel.refusal import Refused
from canbao.payments import accounts, checking, closing, ledger, queries
from canbao.payments.banking.tables import BankLine
from canbao.payments.channels.cash import cancelling, days, handing
from canbao.payments.channels.cash import queries as cash
from canbao.payments.channels.cash.cancelling import Sheet, Why
from canbao.payments.channels.cash.tables import Deposit, HandOver
from canbao.payments.tables import Block, Receipt
from tests import small as cast
from tests.payments import custody, money
from tests.small import Small

ACTS = 60


class Chain:
    """A county in which somebody does something."""

    def __init__(self, small: Small, seed: int) -> None:
        self.small, self.random, self.shift = small, Random(seed), timedelta(0)
        self.account = custody.account(small)
        claims = [cast.claim(serial) for serial in range(1, 25)]
        self.people = [one.person_id for one in money.approved(small, claims=claims)]
        self.blocks: dict[UUID, tuple[Actor, UUID]] = {}
        for place, collector in enumerate((small.chen, small.liu, small.meng), 1):
            block = money.block(small, collector, 100 * place, 100 * place + 60)
            self.blocks[collector.id] = (collector, block)

    def tomorrow(self) -> None:
        self.shift += timedelta(days=1)

    def somebody(self) -> tuple[Actor, UUID]:
        return self.random.choice(list(self.blocks.values()))

    def collect(self) -> None:
        actor, block = self.somebody()
        owed = queries.owed(self.random.sample(self.people, self.random.randint(1, 3)))
        number = Block.here.get(id=block).next + self.random.choice([0, 0, 0, 1])
        money.collect(actor, block, money.ticket(number, owed))

    def cancel(self) -> None:
        found = list(Receipt.here.all())
        if found:
            one = self.random.choice(found)
            actor = self.random.choice([self.small.chen, self.small.luo, self.small.liu])
            cancelling.cancel(actor, {one.id: "写错人"}, at=clock.now(), key=cast.key())

    def spoil(self) -> None:
        actor, block = self.somebody()
        sheet = Sheet(Block.here.get(id=block).next, Why.SPOILT, "污了")
        cancelling.account_for(actor, block, [sheet], at=clock.now(), key=cast.key())

    def close(self) -> None:
        actor, _ = self.somebody()
        due = days.expected_fen(actor.id, "390", clock.today())
        off = self.random.choice([0, 0, 1_000, -1_000])
        custody.close(actor, max(0, due + off), self.random.choice(["", "找错了"]))

    def offer(self) -> None:
        handing.offer(self.somebody()[0], "390", at=clock.now(), key=cast.key())

    def sign(self) -> None:
        for slip in HandOver.here.filter(state="offered")[:1]:
            if self.random.random() < 0.3:
                handing.refuse(self.small.meng, slip.id, "再点", at=clock.now(), key=cast.key())
            else:
                handing.accept(
                    self.small.meng, slip.id, slip.amount_fen, at=clock.now(), key=cast.key()
                )

    def pay_in(self) -> None:
        held = sum(one.fen for one in cash.in_safes(["390"]))
        fen = self.random.choice([held, held // 2, held + 100])
        custody.paid_in(self.small, self.account, fen, str(new_id())[-12:])

    def bank(self) -> None:
        for deposit in Deposit.here.filter(banked_on=None)[:1]:
            line = custody.line(self.small, self.account, deposit.amount_fen, str(new_id())[-12:])
            custody.match(self.random.choice([self.small.luo, self.small.gu]), line, deposit.id)

    def close_finance(self) -> None:
        if self.random.random() < 0.15:
            closing.close(self.small.luo, "390", clock.today(), at=clock.now(), key=cast.key())

    def bring_everything_to_the_bank(self) -> None:
        self.tomorrow()
        for actor, _block in self.blocks.values():
            with suppress(Refused):
                custody.close(actor, days.expected_fen(actor.id, "390", clock.today()))
            with suppress(Refused):
                handing.offer(actor, "390", at=clock.now(), key=cast.key())
        colleague = replace(self.small.meng, id=self.small.ren.id)
        for slip in HandOver.here.filter(state="offered"):
            handing.accept(colleague, slip.id, slip.amount_fen, at=clock.now(), key=cast.key())
        for held in cash.in_safes(["390"]):
            custody.paid_in(self.small, self.account, held.fen, str(new_id())[-12:])
        for deposit in Deposit.here.filter(banked_on=None):
            line = custody.line(self.small, self.account, deposit.amount_fen, str(new_id())[-12:])
            assert custody.match(self.small.gu, line, deposit.id).done


@pytest.mark.parametrize("seed", range(3))
def test_after_every_act_papers_and_book_agree(
    small: Small, seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    chain, real = Chain(small, seed), clock.now
    monkeypatch.setattr(clock, "now", lambda: real() + chain.shift)
    steps = (chain.collect, chain.close, chain.offer, chain.sign, chain.pay_in, chain.bank)
    rare = (chain.cancel, chain.spoil, chain.close_finance, chain.tomorrow)
    acts: list[Callable[[], None]] = [*steps, *steps, *rare]
    for _ in range(ACTS):
        act = chain.random.choice(acts)
        with suppress(Refused):
            act()
        assert checking.differences() == [], act
        _cash_is_where_the_book_says()

    chain.bring_everything_to_the_bank()
    assert checking.differences() == []
    assert not [*cash.in_hands(["390"]), *cash.in_safes(["390"])]
    _cash_is_where_the_book_says()
    assert BankLine.here.exclude(matched_on=None).exists()


def _cash_is_where_the_book_says() -> None:
    for held in cash.in_hands(["390"]):
        account = accounts.cash_of(held.holder_id)
        assert ledger.balances([account])[account, "390"] == held.fen
    for held in cash.in_safes(["390"]):
        account = accounts.cashier_of(held.holder_id)
        assert ledger.balances([account])[account, "390"] == held.fen
    banked = sum(BankLine.here.exclude(matched_on=None).values_list("amount_fen", flat=True))
    assert ledger.balances([accounts.BANK]).get((accounts.BANK, "390"), 0) == banked
