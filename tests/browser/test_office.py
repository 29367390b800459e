"""Pages of the administration in a real browser: accessible, and no wider than the screen they are on."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from django.conf import settings
from playwright.sync_api import Page

from canbao.cases import flow, merging
from canbao.cases.claim import Channel
from canbao.kernel import clock, county
from tests import small as cast
from tests.browser.conftest import DESK, PHONE
from tests.office.test_flows import OWN, publish
from tests.office.test_merging import person_of, twin
from tests.office.test_pages import at_desk, url

pytestmark = pytest.mark.browser


def test_flows_and_duplicates_are_accessible_on_a_desk_and_on_a_phone(
    site: str, open_page: Callable[..., Page], axe: Callable[[Page], list[str]]
) -> None:
    with county.inside(cast.COUNTY):
        small = cast.found()
        publish(small, OWN)
        [insured] = cast.bring_to(flow.ARCHIVE, small, [cast.claim(1)])
        claim = cast.claim(1, insurance="170", identity=twin(1))
        [waiting] = cast.submit(small.chen, [claim], Channel.VILLAGE)
        both = person_of(insured), person_of(waiting)
        pages = {
            "guan": [url("office_flows"), url("office_pack_add") + "?flow=enrolment.170.1"],
            "wei": [url("office_corrections"), url("office_pair", *both)],
            "shi": [url("office_duplicates")],
        }
        cookies = {login: _session(login) for login in (*pages, "yan")}

        for size in (DESK, PHONE):
            for login, addresses in pages.items():
                _look(open_page(**size), site, cookies[login], addresses, axe)
        [one] = merging.propose(small.wei, *both, "户口簿", at=clock.now()).done
        for size in (DESK, PHONE):
            _look(open_page(**size), site, cookies["yan"], [url("office_merger", one)], axe)


def _session(login: str) -> str:
    return str(at_desk(login).cookies[settings.SESSION_COOKIE_NAME].value)


def _look(
    page: Page, site: str, session: str, addresses: list[str], axe: Callable[[Page], list[str]]
) -> None:
    page.context.add_cookies(
        [{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": site}]
    )
    for address in addresses:
        answer = page.goto(site + address)
        assert answer is not None
        assert answer.status == 200, address
        assert axe(page) == [], address
        wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
        assert wide <= 0, f"{address} scrolls sideways by {wide}"
        folder = os.environ.get("CANBAO_LOOKS")
        if folder:
            name = address.strip("/").replace("/", "-").replace("?", "-")[:60]
            width = page.evaluate("innerWidth")
            page.screenshot(path=Path(folder) / f"{name}-{width}.png", full_page=True)
