"""Money that goes back, on finance's pages in a browser: lines that went out, a match taken back, the closed day."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import expect

from canbao.kernel import clock, county
from canbao.payments.banking.tables import BankLine
from canbao.payments.channels.cash import days
from tests import small as cast
from tests.browser.story import Story, log_in
from tests.browser.test_desk_pages import in_english, look
from tests.cases import refunding as steps
from tests.payments import custody
from tests.payments.test_given_back import out, refunded

pytestmark = pytest.mark.browser


def change_to(story: Story, login: str) -> None:
    """Another officer sits down."""
    story.page.context.clear_cookies()
    log_in(story, login)


def test_lines_that_went_out_are_matched_and_a_match_is_taken_back(
    small: cast.Small, story: Story, tmp_path: Path
) -> None:
    with county.inside(cast.COUNTY):
        account = custody.account(small)
        refunded(small, (1, 2))
        waiting = steps.asked(small, *steps.paid(small, [3, 4]))
        for actor in (small.wei, small.luo):
            assert not steps.passed(actor, waiting).refused
        assert not steps.sent(small.gu, waiting[:1]).refused
        out(small, account)
        out(small, account, -9_900, "P2")
    log_in(story, "gu")
    story.open("desk/refunds")
    expect(story.page.locator("main")).to_contain_text("由顾清交给银行")
    look(story, tmp_path, "payout")
    story.page.get_by_label("交给银行").check()
    story.press("把勾选的交给银行")
    look(story, tmp_path, "payout-sent")
    change_to(story, "qin")
    story.open("counter/finance/bank")
    look(story, tmp_path, "bank")
    story.page.locator("select[name^=line_]").select_option(index=1)
    story.press("是同一笔钱")
    expect(story.page.locator("main")).to_contain_text("钱已从银行付出")
    look(story, tmp_path, "bank-matched")
    change_to(story, "gu")
    with county.inside(cast.COUNTY):
        line = BankLine.here.get(reference="P1").id
    story.open(f"counter/finance/bank/{line}")
    look(story, tmp_path, "line")
    story.fill({"reason": "对到了另一个人"})
    story.press("收回")
    expect(story.page.locator("main")).to_contain_text("撤销的对账")
    look(story, tmp_path, "bank-undone")
    with county.inside(cast.COUNTY):
        custody.close(small.chen, days.expected_fen(small.chen.id, "390", clock.today()))
    story.open("counter/finance/days")
    today = clock.today()
    story.fill(
        {"day_year": str(today.year), "day_month": str(today.month), "day_day": str(today.day)}
    )
    story.press("日结到这一天")
    expect(story.page.locator("main")).to_contain_text("仍应退")
    look(story, tmp_path, "day")
    in_english(story, f"{cast.COUNTY}/{story.page.url.split(f'{cast.COUNTY}/', 1)[1]}")
    look(story, tmp_path, "day-en")
