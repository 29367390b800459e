"""A charge that does not agree with the file is corrected on finance's page, in a browser."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import expect

from canbao.kernel import clock, county
from canbao.people import queries as people
from canbao.people.tables import Category
from tests import small as cast
from tests.browser.story import Story, log_in
from tests.browser.test_desk_pages import in_english, look
from tests.payments import money

pytestmark = pytest.mark.browser


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
    story.follow(story.page.get_by_role("button", name="更正应缴"))
    expect(story.page.locator("main")).to_contain_text("与档案不一致的应缴")
    look(story, tmp_path, "charges")
    story.open("counter/finance/charges?q=x")
    look(story, tmp_path, "charges-wrong")
    story.open(f"counter/finance/charges?q={name}")
    look(story, tmp_path, "charges-found")
    story.follow(f"a[href$='{owed[0].person_id}']")
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
