"""Who reads English, and who needs large text: a sample of pages, looked at in a browser."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import pytest
from django.contrib.auth.models import User
from playwright.sync_api import Page

from canbao.cases import queries
from canbao.cases.claim import Channel
from canbao.kernel import county
from tests import small as cast
from tests.browser import story as tell
from tests.browser.conftest import DESK, PHONE
from tests.browser.story import PASSWORD, Story

pytestmark = pytest.mark.browser
SMALLEST_PX: Final = 18
TARGET_PX: Final = 60
LINE: Final = 1.299  # browsers round

# Texts as they stand on the page, each with its size and the height of its line; hidden ones left out.
TEXTS: Final = """() => {
  const found = [], walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node; (node = walker.nextNode());) {
    const one = node.parentElement, box = one.getBoundingClientRect(), style = getComputedStyle(one);
    if (!node.data.trim() || !one.checkVisibility() || box.width < 2 || box.height < 2) continue;
    if (one.closest("svg, script, style, noscript, .govuk-visually-hidden, .govuk-skip-link")) continue;
    const size = parseFloat(style.fontSize), line = parseFloat(style.lineHeight) / size;
    found.push([node.data.trim().slice(0, 30), size, isNaN(line) ? 1.2 : line]);
  }
  return found;
}"""
# What a finger presses. A link within a sentence is as high as its line; a radio is pressed with its label.
TARGETS: Final = """() => {
  const found = [];
  for (const one of document.querySelectorAll("button, .govuk-button, input:not([type=hidden]), select, textarea, summary, .cb-door, .cb-header a")) {
    if (!one.checkVisibility() || one.closest(".govuk-visually-hidden")) continue;
    const item = one.closest(".govuk-radios__item, .govuk-checkboxes__item") || one, box = item.getBoundingClientRect();
    found.push([one.outerHTML.slice(0, 90), Math.round(box.width), Math.round(box.height)]);
  }
  return found;
}"""


@pytest.fixture
def sample(site: str) -> tuple[str, str]:
    """A case at the village, whose coordinator may log in; returns its id and the token of its form."""
    with county.inside(cast.COUNTY):
        small = cast.found()
        User.objects.create_user(f"{cast.COUNTY}/chen", password=PASSWORD)
        (case_id,) = cast.submit(small.chen, [cast.claim(1)], Channel.VILLAGE)
        return str(case_id), queries.view(small.chen, case_id).form.token


def test_english_pages_are_accessible_and_large_text_is_large(
    site: str,
    sample: tuple[str, str],
    open_page: Callable[..., Page],
    axe: Callable[[Page], list[str]],
) -> None:
    case_id, token = sample
    phone = Story(open_page(**PHONE, has_touch=True), site, axe)
    desk = Story(open_page(**DESK), site, axe)
    tell.prove_phone(phone, "13800001427")
    tell.log_in(desk, "chen")
    residents = ("", "apply", "cases/", "privacy", f"q/{token}")
    officers = ("desk/", f"desk/case/{case_id}", "desk/apply", "desk/report?insurance=390")

    switch(phone, "elder=1")
    for path in residents:
        phone.open(path)
        texts, targets = phone.page.evaluate(TEXTS), phone.page.evaluate(TARGETS)
        assert len(texts) > 5
        assert [one for one in texts if one[1] < SMALLEST_PX or one[2] < LINE] == [], path
        assert [one for one in targets if min(one[1:]) < TARGET_PX] == [], path
        assert axe(phone.page) == [], path  # contrast included
    for story, paths in ((phone, residents), (desk, officers)):
        switch(story, "lang=en")
        for path in paths:
            story.open(path)
            assert story.page.locator("html").get_attribute("lang") == "en"
            assert axe(story.page) == [], path


def switch(story: Story, link: str) -> None:
    """Press the link that changes how pages are shown."""
    story.follow(f'a[href*="{link}"]')
