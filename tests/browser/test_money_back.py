"""Money that goes back, on finance's pages in a browser: charge corrected, bank's lines, the closed day."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from django.contrib.auth.models import User
from playwright.sync_api import Page, expect

from canbao.kernel import clock, county
from canbao.payments.banking.tables import BankLine
from canbao.payments.channels.cash import days
from canbao.people import queries as people
from canbao.people.tables import Category
from tests import small as cast
from tests.browser.story import PASSWORD, Story, log_in
from tests.browser.test_desk_pages import in_english, look
from tests.cases import refunding as steps
from tests.payments import custody, money
from tests.payments.test_given_back import out, refunded

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def small(site: str) -> cast.Small:
    with county.inside(cast.COUNTY):
        made = cast.found()
        for login in made.officers:
            User.objects.create_user(f"{cast.COUNTY}/{login}", password=PASSWORD)
    return made


@pytest.fixture
def story(site: str, open_page: Callable[..., Page], axe: Callable[[Page], list[str]]) -> Story:
    # Complete without JavaScript: the pages are looked at with it, the forms need none.
    return Story(open_page(width=1280, height=900), site, axe)


def change_to(story: Story, login: str) -> None:
    """Another officer sits down."""
    story.page.context.clear_cookies()
    log_in(story, login)


def test_a_charge_is_corrected_with_one_press(
    small: cast.Small, story: Story, tmp_path: Path
) -> None:
    with county.inside(cast.COUNTY):
        claims = [cast.claim(serial) for serial in (61, 62)]
        owed = money.approved(small, claims=claims)
        name = people.persons([owed[0].person_id])[owed[0].person_id].name
        block = money.block(small, small.chen, 601, 650)
        assert not money.collect(small.chen, block, money.ticket(601, owed)).refused
        for one in owed:
            Category.here.create(
                county=cast.COUNTY, person_id=one.person_id, code="monitored",
                evidence="2026-11 防返贫名单", from_on=clock.today(),
            )  # fmt: skip
    log_in(story, "luo")
    story.open("counter/finance")
    story.page.get_by_role("button", name="更正应缴").click()
    expect(story.page.locator("main")).to_contain_text("与档案不一致的应缴")
    look(story, tmp_path, "charges")
    story.open("counter/finance/charges?q=x")
    look(story, tmp_path, "charges-wrong")
    story.open(f"counter/finance/charges?q={name}")
    look(story, tmp_path, "charges-found")
    story.page.locator(f"a[href$='{owed[0].person_id}']").click()
    expect(story.page.locator("main")).to_contain_text("应退，出自收据 0000601")
    look(story, tmp_path, "charge")
    story.press("更正，并应退 220 元")
    expect(story.page.locator("main")).to_contain_text("应缴已更正")
    look(story, tmp_path, "charge-corrected")
    story.open("desk/refunds?tab=due")
    expect(story.page.locator("main")).to_contain_text("220 元")
    look(story, tmp_path, "due")
    in_english(story, f"{cast.COUNTY}/counter/finance/charges/{owed[1].person_id}")
    look(story, tmp_path, "charge-en")


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
