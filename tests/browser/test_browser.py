"""The browser itself: it renders, speaks to loopback only, and axe finds what is wrong."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Page


def test_a_page_is_rendered(page: Page) -> None:
    page.set_content("<h1>参保</h1>")
    assert page.get_by_role("heading", name="参保").is_visible()


def test_axe_finds_a_picture_without_words_and_nothing_on_a_good_page(
    page: Page, axe: Callable[[Page], list[str]]
) -> None:
    good = "<html lang=zh><title>一</title><main><h1>参保</h1></main></html>"
    page.set_content(good)
    assert axe(page) == []
    page.set_content(good.replace("<h1>", "<img src='data:,'><h1>"))
    assert any(fault.startswith("image-alt") for fault in axe(page))


def test_the_site_answers_from_a_database_of_its_own(page: Page, site: str) -> None:
    answer = page.goto(site)
    assert answer is not None
    assert answer.status == 200
