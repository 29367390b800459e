"""The bank's page for money that went out, and matches taken back, page by page."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from canbao.cases.tables import Case
from canbao.kernel import clock
from canbao.payments.banking import lines, outgoing, unmatching
from canbao.payments.banking.tables import BankLine, FinanceDay, Unmatched
from canbao.payments.channels.cash.tables import Deposit
from canbao.payments.tables import Payout, RefundDue
from tests.payments import custody
from tests.payments.test_given_back import FEN, out, refunded
from tests.small import Small
from tests.web.desk.conftest import Desk, text

Sit = Callable[[str], Desk]
TODAY = clock.today()


def test_a_refund_is_found_among_the_lines_and_counted_in_the_day(small: Small, desk: Sit) -> None:
    account = custody.account(small)
    [payout] = refunded(small)
    luo, gu, qin = desk("luo"), desk("gu"), desk("qin")
    day: dict[str, Any] = {
        "booked_on_year": TODAY.year,
        "booked_on_month": TODAY.month,
        "booked_on_day": TODAY.day,
    }
    entry: dict[str, Any] = {
        "act": "enter",
        "account": account,
        "reference": "P1",
        "text": "退费",
        **day,
    }

    assert "The line is entered" in text(luo.follow("finance_bank", amount="-440", **entry))
    wrong = luo.post("finance_bank", amount="minus", **{**entry, "reference": "P2"})
    nothing = luo.post("finance_bank", amount="0", **{**entry, "reference": "P3"})
    assert (wrong.status_code, nothing.status_code) == (422, 422)
    line = BankLine.here.get()
    page = text(qin.get("finance_bank"))
    assert "-440.00 yuan" in page
    assert "to be matched above" in page
    sent: dict[str, Any] = {"act": "match_out", f"line_{line.id.hex}": str(payout)}
    denied = gu.post("finance_bank", **sent)
    assert denied.status_code == 422
    assert "A colleague at finance" in text(denied)
    assert "The money has left the bank" in text(qin.follow("finance_bank", **sent))
    assert qin.post("finance_bank", act="match_out").status_code == 409
    assert qin.post("finance_bank", act="match_out", key="").status_code == 409

    custody.close(small.chen, FEN)
    closing: dict[str, Any] = {
        "day_year": TODAY.year,
        "day_month": TODAY.month,
        "day_day": TODAY.day,
    }
    closed = text(luo.follow("finance_days", act="close", insurance="390", **closing))
    assert "Paid back by the bank" in closed
    assert "Still to be given back" in closed
    assert "-440.00 yuan" in closed
    finance_day = FinanceDay.here.get()
    assert gu.get("day_pdf", finance_day.id).content.startswith(b"%PDF")


def test_a_refund_that_came_back_is_due_again_page_by_page(small: Small, desk: Sit) -> None:
    account = custody.account(small)
    first, second = refunded(small, (1, 2))
    line = out(small, account, FEN, "R1")
    gu, qin, luo = desk("gu"), desk("qin"), desk("luo")
    page = text(qin.get("finance_bank"))
    assert "Match lines with refunds sent back" in page
    sent: dict[str, Any] = {
        "act": "match_back",
        f"line_{line.hex}": str(first),
        "key": str(uuid4()),
    }
    denied = gu.post("finance_bank", **{**sent, "key": str(uuid4())})
    assert denied.status_code == 422
    assert "A colleague at finance" in text(denied)
    for said in ("The refund is due again", "Nothing was done twice"):
        assert said in text(qin.follow("finance_bank", **sent))
    never: dict[str, Any] = {"act": "never_left", "payout": str(second), "key": str(uuid4())}
    assert qin.post("finance_bank", **never, reason="").status_code == 422
    for said in ("The refund is due again", "Nothing was done twice"):
        assert said in text(qin.follow("finance_bank", **never, reason="银行查无"))

    due = text(luo.get("refunds", query="?tab=due"))
    assert "The bank sent it back on" in due
    assert "Paid twice" in due
    assert "paid_twice" not in due
    assert "银行查无" in due
    # What is due again is not offered once more.
    assert "A refund was never paid" not in text(qin.get("finance_bank"))
    matched = text(luo.get("finance_line", line))
    assert "a refund that the bank sent back" in matched
    assert "**** 4567" in matched
    case = Case.here.filter(kind="refund").order_by("id").first()
    assert case is not None
    assert "The money did not arrive" in text(desk("wei").get("case", case.id))
    assert "both are open again" in text(
        luo.follow("finance_line", line, act="unmatch", reason="另一笔")
    )
    assert RefundDue.here.filter(state="due").count() == 1


def test_a_match_is_taken_back_on_the_page_of_its_line(small: Small, desk: Sit) -> None:
    account = custody.account(small)
    custody.collected(small, small.chen)
    custody.close(small.chen, FEN)
    custody.handed(small, small.chen, FEN)
    deposit = custody.paid_in(small, account, FEN)
    line = custody.line(small, account, FEN)
    custody.match(small.luo, line, deposit)
    luo, gu = desk("luo"), desk("gu")

    assert f"/finance/bank/{line}" in gu.get("finance_bank").content.decode()
    assert "a colleague must take it back" in text(luo.get("finance_line", line))
    assert luo.post("finance_line", line, act="unmatch", reason="错").status_code == 422
    assert gu.post("finance_line", line, act="unmatch", reason="").status_code == 422
    sent: dict[str, Any] = {"act": "unmatch", "reason": "对到了别的单", "key": str(uuid4())}
    for _ in range(2):
        page = text(gu.follow("finance_line", line, **sent))
        assert "both are open again" in page
        assert "Matches taken back" in page
        assert "对到了别的单" in page
    assert Unmatched.here.count() == 1
    assert Deposit.here.get().banked_on is None
    assert desk("cai").get("finance_line", line).status_code == 404
    assert desk("meng").get("finance_line", line).status_code == 404
    assert gu.get("finance_line", uuid4()).status_code == 404
    assert gu.post("finance_line", line, act="unmatch", reason="再").status_code == 422


def test_lists_that_are_cut_say_so_and_a_search_finds_what_they_leave_out(
    small: Small, desk: Sit, monkeypatch: pytest.MonkeyPatch
) -> None:
    account = custody.account(small)
    payouts = refunded(small, range(1, 6))
    known = [out(small, account, -FEN, f"K{place}") for place in (1, 2)]
    for line, payout in zip(known, payouts, strict=False):
        assert not outgoing.match(
            small.qin, {line: payout}, at=clock.now(), key=str(uuid4())
        ).refused
    for place in range(3):
        out(small, account, -FEN - place, f"P{place}")
    monkeypatch.setattr(lines, "SHOWN", 1)
    monkeypatch.setattr(outgoing, "SHOWN", 1)
    monkeypatch.setattr(unmatching, "SHOWN", 1)
    gu, luo = desk("gu"), desk("luo")

    page = luo.get("finance_bank")
    assert text(page).count("Only the first 1 of 3 are shown. Look for a line above") == 2
    assert "Only the first 1 of 2 are shown" in text(page)
    assert payouts[2] == outgoing.waiting(["390"])[0].id, "who has waited longest comes first"
    assert "P0" in text(page), "the oldest first"
    assert "P2" not in text(page)
    hidden = known[0] if str(known[0]) not in page.content.decode() else known[1]
    number = BankLine.here.get(id=hidden).reference
    for wanted in (number, number.lower()):
        assert (
            f"/finance/bank/{hidden}"
            in gu.get("finance_bank", query=f"?q={wanted}").content.decode()
        )
    assert "P2" in text(luo.get("finance_bank", query="?q=P2"))
    assert "Only the first 1 of 3" in text(luo.get("finance_bank", query=f"?q={TODAY}"))
    for nothing in ("2001-01-01", "%25", "P%00", "'"):
        found = luo.get("finance_bank", query=f"?q={nothing}")
        assert found.status_code == 200
    assert "No such line is here" in text(luo.get("finance_bank", query="?q=2001-01-01"))

    for line in known:
        luo.follow("finance_line", line, act="unmatch", reason="对错了")
    page = text(luo.get("finance_bank", query="?q=K"))
    assert page.count("Only the first 1 of 2 are shown") == 2, "open again, and taken back"


def test_a_search_offers_beside_a_line_only_what_it_may_be(small: Small, desk: Sit) -> None:
    account = custody.account(small)
    [payout] = refunded(small)
    out(small, account, -FEN - 7, "P0")
    line = out(small, account, -FEN, "P1")
    qin = desk("qin")

    other = qin.get("finance_bank", query="?q=P0")
    assert "no refund yet" in text(other)
    assert "not found in the bank" not in text(other)
    page = qin.get("finance_bank", query="?q=P1")
    assert str(payout) in page.content.decode()
    sent: dict[str, Any] = {"act": "match_out", f"line_{line.hex}": str(payout)}
    assert qin.post("finance_bank", query="?q=P0", **sent).status_code == 409
    qin.follow("finance_bank", query="?q=P1", **sent)
    assert BankLine.here.get(id=line).matched_id == payout


def test_the_page_stays_within_fifteen_statements(small: Small, desk: Sit) -> None:
    account = custody.account(small)
    refunded(small, range(1, 5))
    for place in range(4):
        out(small, account, -FEN, f"P{place}")
    qin = desk("qin")
    qin.get("finance_bank")

    with CaptureQueriesContext(connection) as seen:
        assert qin.get("finance_bank").status_code == 200

    assert len(seen) <= 15
    assert Payout.here.count() == 4
