"""The payer's answer: who may give it, what outweighs what, and the task that a no opens."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

import pytest

from canbao.kernel import clock
from canbao.kernel.actor import Actor, Role
from canbao.kernel.ids import new_id
from canbao.kernel.refusal import Refused
from canbao.payments import answering, printing, prints, seeing, shown
from canbao.payments.tables import Cancelled, PayerAnswer, Receipt
from canbao.people import officers
from tests import small as cast
from tests.payments import money
from tests.small import Small


@pytest.fixture(autouse=True)
def in_autumn(settings: object) -> None:
    """The season is open, whenever the suite runs."""
    settings.CANBAO_BUSINESS_DATE = "11-20"  # type: ignore[attr-defined]


def paid(small: Small) -> tuple[UUID, Actor]:
    """A receipt of chen's, and the bound phone of its payer."""
    owed = money.approved(small, 1)
    block = money.block(small, small.chen)
    assert not money.collect(small.chen, block, money.ticket(1, owed)).refused
    return Receipt.here.get().id, officers.phone(new_id(), "138****1427", owed[0].person_id)


def say(actor: Actor, receipt: UUID, *, right: bool, note: str = "") -> None:
    answering.answer(actor, receipt, right, note, at=clock.now(), key=cast.key())


def test_a_no_of_the_bound_phone_opens_a_task(small: Small) -> None:
    receipt, phone = paid(small)

    say(phone, receipt, right=False, note="我只交了 400")

    kept = PayerAnswer.here.get()
    assert (kept.right, kept.how, kept.note, kept.closed_at) == (
        False, "phone", "我只交了 400", None,
    )  # fmt: skip
    for right in (True, False):
        with pytest.raises(Refused, match="answered_already"):
            say(phone, receipt, right=right)


def test_whoever_has_nothing_but_the_receipt_answers_by_its_token(small: Small) -> None:
    receipt, _phone = paid(small)
    token = Receipt.here.get().token

    answering.answer_in_hand(officers.bearer(receipt), token, True, "", at=clock.now())

    assert PayerAnswer.here.get().how == "receipt"
    with pytest.raises(Refused, match="not_found"):
        answering.answer_in_hand(officers.bearer(receipt), "x" * 22, True, "", at=clock.now())


def test_only_the_collector_enters_a_slip_and_the_payers_own_word_outweighs_it(
    small: Small,
) -> None:
    receipt, phone = paid(small)

    with pytest.raises(Refused, match="slip_by_collector"):
        say(small.luo, receipt, right=True)
    say(small.chen, receipt, right=True)
    assert PayerAnswer.here.get().how == "slip"
    with pytest.raises(Refused, match="answered_already"):
        say(small.chen, receipt, right=True)
    say(phone, receipt, right=True)
    assert PayerAnswer.here.get().how == "phone"
    say(phone, receipt, right=False)
    assert not PayerAnswer.here.get().right


def test_a_yes_after_a_no_changes_nothing_and_a_slip_cannot_hide_it(small: Small) -> None:
    receipt, phone = paid(small)
    say(phone, receipt, right=False)

    for actor in (phone, small.chen):
        with pytest.raises(Refused, match="answered_already"):
            say(actor, receipt, right=True)


def test_a_cancelled_receipt_is_not_answered(small: Small) -> None:
    receipt, phone = paid(small)
    row = Receipt.here.get()
    Cancelled.here.create(
        block_id=row.block_id, number=row.number, receipt_id=receipt, why="mistake", reason="写错",
        by_id=small.chen.id, by_name="陈秋生", cancelled_on=clock.today(), at=clock.now(),
        county=cast.COUNTY,
    )  # fmt: skip

    with pytest.raises(Refused, match="receipt_cancelled"):
        say(phone, receipt, right=True)


def test_a_receipt_is_seen_by_payer_collector_and_those_above_and_by_nobody_else(
    small: Small,
) -> None:
    receipt, phone = paid(small)
    stranger = replace(phone, person_id=new_id())
    nobody = replace(phone, person_id=None)

    for actor in (phone, small.chen, small.meng, small.luo, small.wei):
        assert seeing.see(actor, receipt).receipt.id == receipt
    for actor in (stranger, nobody, small.liu, small.ren, small.cai, small.shi, small.guan):
        with pytest.raises(Refused, match="not_found"):
            seeing.see(actor, receipt)
    with pytest.raises(Refused, match="not_found"):
        seeing.see(small.chen, new_id())
    assert small.guan.role is Role.ADMINISTRATOR


def test_the_first_print_is_the_paper_and_every_other_says_so(small: Small) -> None:
    receipt, phone = paid(small)

    assert prints.pdf(small.chen, receipt, at=clock.now()).startswith(b"%PDF")
    assert printing.times_printed(receipt) == 1
    view = shown.receipt(receipt)
    assert view is not None
    assert prints.pdf(phone, receipt, at=clock.now()).startswith(b"%PDF")
    for again in (False, True):
        sheet = prints.sheet(view, again=again, language="zh-hans")
        assert sheet.reprint is again
    assert sheet.kind == "receipt"
    assert (sheet.number, sheet.fields["amount_capitals"]) == ("0000001", "肆佰肆拾元整")
    assert sheet.fields["cover_from_on"]
    assert printing.times_printed(receipt) == 2
    with pytest.raises(Refused, match="not_found"):
        prints.pdf(small.liu, receipt, at=clock.now())
