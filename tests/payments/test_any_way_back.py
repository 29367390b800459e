"""Whatever is corrected, asked back, paid out, matched and taken back, in any order: book, papers and closed days agree."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress

import pytest
from django.db.models import F

from canbao.cases.flow import Verdict
from canbao.cases.tables import Case
from canbao.kernel import clock
from canbao.kernel.refusal import Refused
from canbao.payments import (
    accounts,
    changing,
    checking,
    closing,
    invariants,
    ledger,
    refund_requests,
    writing_off,
)
from canbao.payments.banking import outgoing, unmatching
from canbao.payments.banking.tables import BankLine, FinanceDay
from canbao.payments.channels.cash import days
from canbao.payments.closing import Totals
from canbao.payments.refunds import State
from canbao.payments.tables import Charge, Payout, ReceiptLine, RefundDue
from canbao.people.tables import Category
from tests import small as cast
from tests.cases import refunding as steps
from tests.payments import custody
from tests.payments.test_any_chain import Chain
from tests.small import Small

ACTS = 70


class WayBack(Chain):
    """The county of the chain, in which money goes back too."""

    def correct(self) -> None:
        person = self.random.choice(self.people)
        code = self.random.choice(["monitored", "low_income"])
        held = Category.here.filter(person_id=person)
        if held.exists() and self.random.random() < 0.3:
            held.update(to_on=clock.today())
        else:
            Category.here.create(
                county=cast.COUNTY, person_id=person, code=code, from_on=clock.today()
            )
        ids = list(Charge.here.filter(person_id=person).values_list("id", flat=True))
        changing.reprice(self.small.luo, ids, at=clock.now(), key=cast.key())

    def ask(self) -> None:
        due = list(RefundDue.here.filter(state=State.DUE).values_list("person_id", flat=True))
        person = self.random.choice([*due, self.random.choice(self.people)])
        found = [one for one in refund_requests.of_person(person) if not one.fault]
        if found:
            steps.ask(self.small.wei, steps.wish(self.random.choice(found)), at=clock.now())

    def decide(self) -> None:
        small = self.small
        for one, desk in Case.here.filter(kind="refund", is_open=True).values_list("id", "desk"):
            actor = {"county": small.wei, "finance": small.luo, "payout": small.gu}[desk]
            if desk == "payout" and self.random.random() < 0.2:
                cast.decide(actor, [one], Verdict.RETURN)
            else:
                steps.passed(actor, [one])

    def write_off(self) -> None:
        for one in RefundDue.here.filter(state=State.DUE)[:1]:
            at = clock.now()
            writing_off.propose_write_off(self.small.luo, {one.id: "无人"}, at=at)
            for proposal in writing_off.proposed(self.small.gu):
                writing_off.decide_write_off(self.small.gu, {proposal.id: True}, at=at)

    def find_out(self) -> None:
        for paid in outgoing.waiting(["390"])[:1]:
            line = custody.line(self.small, self.account, -paid.amount_fen, cast.key()[:12])
            actor = self.random.choice([self.small.qin, self.small.qin, self.small.gu])
            outgoing.match(actor, {line: paid.id}, at=clock.now(), key=cast.key())

    def take_back(self) -> None:
        found = list(BankLine.here.exclude(matched_on=None))
        if found:
            line = self.random.choice(found).id
            actor = self.random.choice([self.small.luo, self.small.gu, self.small.qin])
            unmatching.unmatch(actor, {line: "对错了"}, at=clock.now(), key=cast.key())

    def match_again(self) -> None:
        """A line whose match was taken back is that payout, or another of the same amount."""
        for line in BankLine.here.filter(matched_on=None, amount_fen__lt=0)[:1]:
            for paid in outgoing.waiting(["390"]):
                if outgoing.fits(_Out("390", line.amount_fen), paid):
                    outgoing.match(self.small.qin, {line.id: paid.id}, at=clock.now())

    def close_finance(self) -> None:
        for actor, _block in self.blocks.values():
            with suppress(Refused):
                custody.close(actor, days.expected_fen(actor.id, "390", clock.today()))
        if self.random.random() < 0.6:
            closing.close(self.small.luo, "390", clock.today(), at=clock.now(), key=cast.key())
        self.tomorrow()

    def find_everything(self) -> None:
        """In the end every refund that was paid is found in the bank's lines."""
        for paid in outgoing.waiting(["390"]):
            line = custody.line(self.small, self.account, -paid.amount_fen, cast.key()[:12])
            assert outgoing.match(self.small.qin, {line: paid.id}, at=clock.now()).done
        assert outgoing.waiting(["390"]) == []


class _Out:
    def __init__(self, insurance: str, amount_fen: int) -> None:
        self.insurance, self.amount_fen = insurance, amount_fen


@pytest.mark.parametrize("seed", range(3))
def test_after_every_act_book_papers_and_closed_days_agree(
    small: Small, seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    way, real = WayBack(small, seed), clock.now
    monkeypatch.setattr(clock, "now", lambda: real() + way.shift)
    money = (way.collect, way.collect, way.correct, way.ask, way.decide, way.find_out)
    cash = (way.close, way.offer, way.sign, way.pay_in, way.bank)
    rare = (
        way.take_back,
        way.match_again,
        way.write_off,
        way.close_finance,
        way.tomorrow,
        way.cancel,
    )
    often = (way.ask, way.decide, way.decide, way.decide, way.find_out, way.find_out)
    acts: list[Callable[[], None]] = [*money, *money, *often, *cash, *rare]
    for _ in range(8):
        with suppress(Refused):
            way.collect()
    for _ in range(ACTS):
        act = way.random.choice(acts)
        with suppress(Refused):
            act()
        assert checking.differences() == [], act
        assert invariants.broken() == [], act
        _nothing_is_given_back_twice()
    way.bring_everything_to_the_bank()
    way.find_everything()
    closing.close(small.luo, "390", clock.today(), at=clock.now(), key=cast.key())
    _closed_days_say_what_the_book_says()

    assert RefundDue.here.filter(state=State.PAID).exists()
    assert RefundDue.here.filter(reason="too_much").exists()
    assert BankLine.here.filter(matched_kind="payout").exists()


def _nothing_is_given_back_twice() -> None:
    for line, amount in ReceiptLine.here.values_list("id", "amount_fen"):
        back = RefundDue.here.filter(receipt_line_id=line).values_list("amount_fen", flat=True)
        assert sum(back) <= amount
    kept = Charge.here.exclude(state="cancelled")
    assert not kept.filter(paid_fen__gt=F("own_fen")).exists()
    once = Payout.here.filter(result="paid")
    assert once.count() == RefundDue.here.filter(state=State.PAID).count()


def _closed_days_say_what_the_book_says() -> None:
    """Every certificate, the earlier ones too, stands as the book says of its day."""
    assert FinanceDay.here.exists()
    for day, text in FinanceDay.here.values_list("day", "totals"):
        standing = Totals.read(text).standing
        held = ledger.balances([accounts.BANK, accounts.REFUND_DUE], until=day)
        assert standing["bank"] == held.get((accounts.BANK, "390"), 0)
        assert standing["owed_back"] == -held.get((accounts.REFUND_DUE, "390"), 0)
