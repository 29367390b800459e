"""Whatever is corrected, asked back, paid out, matched and taken back, in any order: book, papers and closed days agree."""

from __future__ import annotations

import pytest
from hypothesis.stateful import invariant

from canbao.payments.banking import outgoing
from canbao.payments.refunds import State
from canbao.payments.tables import Payout, ReceiptLine, RefundDue
from canbao.simulate.season.world import MEDICAL, PENSION
from tests.simulate.machine import Seasons, run


class WayBack(Seasons):
    """Money comes in, is paid out again, and is found in the bank's lines; days are closed over it."""

    before = (
        "pay", "pay", "pay", "pay", "change_category", "ask_back", "ask_back", "check_refunds",
        "check_refunds", "approve_refunds", "approve_refunds",
    )  # fmt: skip
    acts = (
        "pay", "pay", "change_category", "change_category", "ask_back", "ask_back", "check_refunds",
        "check_refunds", "approve_refunds", "approve_refunds", "hand_refunds_over",
        "hand_refunds_over", "pay_refunds", "pay_refunds", "find_refunds", "find_refunds", "unmatch",
        "send_refunds_back", "send_refunds_back", "find_never_paid",
        "close_day", "offer", "sign", "pay_in", "enter_lines", "match", "propose_write_off",
        "decide_write_off", "close_finance", "next_day", "cancel", "crash", "do_it_again",
    )  # fmt: skip

    @invariant()
    def nothing_is_given_back_twice(self) -> None:
        if not self._began:
            return
        for line, amount in ReceiptLine.here.values_list("id", "amount_fen"):
            # What was taken back when the category changed once more gave nothing.
            due = RefundDue.here.filter(receipt_line_id=line).exclude(state=State.TAKEN_BACK)
            assert sum(due.values_list("amount_fen", flat=True)) <= amount
        once = Payout.here.filter(result="paid", payout=None)
        assert once.count() == RefundDue.here.filter(state=State.PAID).count()
        found = {one.id for one in outgoing.waiting([MEDICAL, PENSION])}
        assert found <= set(Payout.here.filter(result="paid").values_list("id", flat=True))


@pytest.mark.django_db
def test_after_every_act_book_papers_and_closed_days_agree() -> None:
    run(WayBack, examples=8, steps=60)
