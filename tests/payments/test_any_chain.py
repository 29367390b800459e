"""Whatever officers do with cash, in any order: the book agrees with every paper, and all of it can reach the bank."""

from __future__ import annotations

import pytest
from hypothesis.stateful import invariant

from canbao.payments import accounts, ledger
from canbao.payments.banking.tables import BankLine
from canbao.payments.channels.cash import queries as cash
from canbao.simulate.season import custody
from canbao.simulate.season.world import MEDICAL, PENSION
from tests.simulate.machine import Seasons, run


class Chain(Seasons):
    """Money from the counter to the bank, taken back, counted short, sent back, entered twice."""

    before = ("pay", "pay", "pay", "close_day", "next_day")
    acts = (
        "pay", "pay", "cancel", "spoil", "close_day", "close_day", "offer", "offer", "sign", "sign",
        "pay_in", "enter_lines", "match", "close_finance", "confirm_finance", "next_day", "crash",
        "do_it_again",
    )  # fmt: skip

    @invariant()
    def cash_is_where_the_book_says(self) -> None:
        if not self._began:
            return
        both = [MEDICAL, PENSION]
        for held in cash.in_hands(both):
            account = accounts.cash_of(held.holder_id)
            assert ledger.balances([account])[account, held.insurance] == held.fen
        for held in cash.in_safes(both):
            account = accounts.cashier_of(held.holder_id)
            assert ledger.balances([account])[account, held.insurance] == held.fen

    def teardown(self) -> None:
        try:
            if self._began:
                custody.bring_to_the_bank(self.world)
                self.everything_holds()
                assert not [*cash.in_hands([MEDICAL, PENSION]), *cash.in_safes([MEDICAL, PENSION])]
                banked = BankLine.here.exclude(matched_on=None).values_list("amount_fen", flat=True)
                book = ledger.balances([accounts.BANK])
                assert sum(banked) == sum(book.values())
        finally:
            super().teardown()


@pytest.mark.django_db
def test_after_every_act_papers_and_book_agree_and_everything_reaches_the_bank() -> None:
    run(Chain, examples=5, steps=40)
