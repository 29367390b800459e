"""Whatever is asked, approved, failed, refused and taken back: no more is given back than was paid, and the book agrees."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import UUID

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from canbao.cases import application
from canbao.cases.flow import Verdict
from canbao.cases.tables import Case
from canbao.kernel import clock, county
from canbao.kernel.actor import Actor
from canbao.payments import charges, refund_requests, writing_off
from canbao.payments.channels.cash import cancelling
from canbao.payments.checking import differences
from canbao.payments.refund_requests import Source
from canbao.payments.refunds import State
from canbao.payments.tables import Charge, Payout, Receipt, ReceiptLine, RefundDue
from tests import small as cast
from tests.cases import refunding as steps
from tests.small import Small

ACTS = (
    "ask", "ask", "pass", "pass", "pass", "pass", "send", "fail", "refuse", "withdraw", "cancel", "propose",
    "write_off",
)  # fmt: skip
PEOPLE = 3


@pytest.fixture
def paid_up(db: None) -> Iterator[tuple[Small, list[Source]]]:
    with county.inside(cast.COUNTY):
        small = cast.found()
        yield small, [*steps.paid(small, [1, 2]), steps.due(small, 3)]


def officer(small: Small, desk: str, second: bool) -> Actor:  # noqa: FBT001 - drawn
    if desk == "county":
        return small.yan if second else small.wei
    # Mostly the right one of the two at each desk of finance.
    return small.gu if second != (desk == "payout") else small.luo


def act(small: Small, sources: list[Source], what: str, who: int, second: bool) -> None:  # noqa: FBT001
    """Try one act; most are refused, and that is well."""
    source = sources[who]
    at = clock.now()
    if what == "ask":
        mine = refund_requests.of_person(source.person_id)
        steps.ask(small.wei, *(steps.wish(one) for one in mine if one.fen > 0))
    elif what == "cancel":
        receipts = Receipt.here.filter(id=source.receipt_id).values_list("id", flat=True)
        cancelling.cancel(small.luo, dict.fromkeys(receipts, "写错"), at=at)
    elif what == "propose":
        due = RefundDue.here.filter(person_id=source.person_id).values_list("id", flat=True)
        writing_off.propose_write_off(
            officer(small, "finance", second), dict.fromkeys(due, "无人"), at=at
        )
    elif what == "write_off":
        actor = officer(small, "finance", second)
        verdicts = {one.id: who != 1 for one in writing_off.proposed(actor)}
        writing_off.decide_write_off(actor, verdicts, at=at)
    else:
        found = Case.here.filter(kind="refund", person_id=source.person_id, is_open=True)
        for one, desk in found.values_list("id", "desk"):
            decide(small, what, one, desk, second)


def decide(small: Small, what: str, case: UUID, desk: str, second: bool) -> None:  # noqa: FBT001
    actor, ids = officer(small, desk, second), [case]
    if what == "pass":
        steps.passed(actor, ids)
    elif what == "send":
        steps.sent(actor, ids)
    elif what == "fail":
        steps.failed(actor, ids)
    elif what == "refuse":
        cast.decide(actor, ids, Verdict.REFUSE)
    else:
        application.withdraw(small.wei, cast.versions(small.wei, ids), at=clock.now())


@settings(
    max_examples=15,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    # How far each person's money is when the acts begin: not asked, asked, checked, approved, paid.
    st.tuples(*(st.integers(0, 4) for _ in range(PEOPLE))),
    st.lists(
        st.tuples(st.sampled_from(ACTS), st.integers(0, PEOPLE - 1), st.sampled_from([False] * 3 + [True])),
        min_size=1, max_size=20,
    )
)  # fmt: skip
def test_never_more_is_given_back_than_was_paid_and_the_book_agrees(
    paid_up: tuple[Small, list[Source]], begun: tuple[int, ...], acts: list[tuple[str, int, bool]]
) -> None:
    small, sources = paid_up
    before = transaction.savepoint()
    already = [
        (what, who, False)
        for who, far in enumerate(begun)
        for what in ("ask", "pass", "pass", "pass")[:far]
    ]
    for what, who, second in [*already, *acts]:
        act(small, sources, what, who, second)
        assert differences() == [], (what, who, acts)
        for line, amount in ReceiptLine.here.values_list("id", "amount_fen"):
            mine = Payout.here.filter(refund__receipt_line_id=line, result="paid")
            assert sum(mine.values_list("amount_fen", flat=True)) <= amount
        ended = Charge.here.filter(state=charges.State.CANCELLED)
        assert set(ended.values_list("paid_fen", flat=True)) <= {0}
        once = RefundDue.here.filter(state=State.PAID).count()
        assert Payout.here.filter(result="paid").count() == once
    transaction.savepoint_rollback(before)
