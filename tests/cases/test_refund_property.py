"""Whatever is asked, approved, failed, refused and taken back: no more is given back than was paid, and the book agrees."""

from __future__ import annotations

import pytest
from django.db.models import Sum
from hypothesis.stateful import invariant

from canbao.kernel import clock
from canbao.kernel.tables import Audit
from canbao.payments import checking
from canbao.payments.charges import State
from canbao.payments.tables import Charge, Payout, ReceiptLine
from canbao.simulate.season import play
from tests.simulate.machine import Seasons, run

# From the ask to the bank, and what is refused once more.
ROUND = (
    "ask_back", "check_refunds", "approve_refunds", "hand_refunds_over", "pay_refunds", "pay",
    "appeal_refused",
)  # fmt: skip
MOST_ROUNDS = 100


class Refunds(Seasons):
    """Some have paid, some paid for applications that came to nothing; all of it may be asked back."""

    before = (
        "pay", "pay", "pay", "apply", "apply", "take_advance", "take_advance", "withdraw", "withdraw",
        "ask_back", "ask_back", "check_refunds", "check_refunds", "approve_refunds",
    )  # fmt: skip
    acts = (
        "ask_back", "ask_back_twice", "check_refunds", "check_refunds", "approve_refunds",
        "approve_refunds", "hand_refunds_over", "hand_refunds_over", "pay_refunds", "pay_refunds",
        "change_account", "take_ask_back", "appeal_refused", "appeal_refused", "cancel",
        "propose_write_off", "decide_write_off", "pay", "take_advance", "withdraw", "change_category",
        "crash", "do_it_again",
    )  # fmt: skip

    @invariant()
    def never_more_is_given_back_than_was_paid(self) -> None:
        if not self._began:
            return
        out = Payout.here.filter(result="paid", refund__receipt_line__isnull=False)
        brought = dict(ReceiptLine.here.values_list("id", "amount_fen"))
        back = out.values("refund__receipt_line_id").annotate(fen=Sum("amount_fen"))
        for one in back:
            assert one["fen"] <= brought[one["refund__receipt_line_id"]]
        ended = Charge.here.filter(state=State.CANCELLED)
        assert set(ended.values_list("paid_fen", flat=True)) <= {0}


def _played() -> dict[str, bool]:
    """What has happened of what may happen after the bank did not pay, and after a refusal."""
    results = set(Payout.here.values_list("refund_id", "result"))
    failed = {one for one, result in results if result == "failed"}
    dropped = Audit.here.filter(event="refund.dropped").values_list("subject_id", flat=True)
    return {
        "failed, then paid": any((one, "paid") in results for one in failed),
        "failed, then refused": bool(failed & set(dropped)),
        "refused, then appealed": Audit.here.filter(event="refund.asked_again").exists(),
    }


@pytest.mark.django_db
def test_a_season_plays_what_the_bank_did_not_pay_and_what_is_appealed() -> None:
    seasons = Refunds()
    try:
        seasons.world = play.begin(7, Refunds.people, play.autumn(clock.today()))
        for name in Refunds.before:
            play.step(seasons.world, name)
        for _ in range(MOST_ROUNDS):
            for name in ROUND:
                play.step(seasons.world, name)
            if all(_played().values()):
                break

        assert _played() == dict.fromkeys(_played(), True)
        assert checking.differences() == []
    finally:
        seasons.teardown()


@pytest.mark.django_db
def test_never_more_is_given_back_than_was_paid_and_the_book_agrees() -> None:
    run(Refunds, examples=6, steps=40)
