"""Refunds that did not arrive, on finance's pages in a browser: the bank sent one back, another was never paid."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import expect

from canbao.cases.tables import Case
from canbao.kernel import county
from tests import small as cast
from tests.browser.story import Story, log_in
from tests.browser.test_desk_pages import in_english, look
from tests.payments import custody
from tests.payments.test_given_back import FEN, out, refunded

pytestmark = pytest.mark.browser


def test_a_refund_that_came_back_and_one_that_was_never_paid_are_due_again(
    small: cast.Small, story: Story, tmp_path: Path
) -> None:
    with county.inside(cast.COUNTY):
        account = custody.account(small)
        refunded(small, (1, 2))
        [case, _] = Case.here.filter(kind="refund").order_by("id").values_list("id", flat=True)
        line = out(small, account, FEN, "R1")
    log_in(story, "qin")
    story.open("counter/finance/bank")
    look(story, tmp_path, "bank")
    story.page.locator(f"[name=line_{line.hex}]").select_option(index=1)
    story.press("是银行退回来的钱")
    expect(story.page.locator("main")).to_contain_text("这笔钱重新列入应退")
    look(story, tmp_path, "came-back")
    story.press("确认没有付出")
    expect(story.page.locator("main")).to_contain_text("“怎么发现的”还空着")
    look(story, tmp_path, "never-left-wrong")
    story.fill({"reason": "银行查无此笔"})
    story.press("确认没有付出")
    expect(story.page.locator("main")).to_contain_text("这笔钱重新列入应退")
    look(story, tmp_path, "never-left")
    story.open(f"counter/finance/bank/{line}")
    look(story, tmp_path, "line")
    story.open("desk/refunds?tab=due")
    expect(story.page.locator("main")).to_contain_text("银行查无此笔")
    expect(story.page.locator("main")).to_contain_text("重复缴费")
    look(story, tmp_path, "due")
    story.open(f"desk/case/{case}")
    look(story, tmp_path, "case")
    in_english(story, f"{cast.COUNTY}/counter/finance/bank")
    look(story, tmp_path, "bank-en")
