"""Cash from the household to the bank in a real browser: both widths, accessible, nothing scrolls sideways.

With CANBAO_LOOK=folder a picture of every page is taken there.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Final

import pytest
from django.contrib.auth.models import User
from playwright.sync_api import Page, ViewportSize, expect

from canbao.kernel import county
from canbao.people.tables import Household
from tests import small as cast
from tests.payments import custody, money

pytestmark = pytest.mark.browser
PASSWORD = "apricot-and-pear-2"
DESK: Final[ViewportSize] = {"width": 1280, "height": 800}
PHONE: Final[ViewportSize] = {"width": 390, "height": 844}


class Seat:
    """An officer's browser window."""

    def __init__(self, page: Page, site: str, axe: Callable[[Page], list[str]], login: str) -> None:
        self.page, self.axe = page, axe
        page.set_default_timeout(15000)
        self.base = f"{site}/{cast.COUNTY}/"
        page.goto(self.base + "desk/login")
        page.fill('[name="username"]', login)
        page.fill('[name="password"]', PASSWORD)
        self.press("登录|Log in")

    def open(self, path: str) -> None:
        self.page.goto(self.base + "counter/" + path)

    def press(self, words: str) -> None:
        with self.page.expect_navigation():
            self.page.get_by_role("button", name=re.compile(words)).first.click()

    def sound(self, name: str) -> None:
        """At both widths the page is accessible and does not scroll sideways; its picture is taken where asked for."""
        for width, size in (("phone", PHONE), ("desk", DESK)):
            self.page.set_viewport_size(size)
            if os.environ.get("CANBAO_LOOK"):
                folder = Path(os.environ["CANBAO_LOOK"])
                self.page.screenshot(path=folder / f"{name}-{width}.png", full_page=True)
            assert self.axe(self.page) == [], f"{self.page.url} {width}"
            over = self.page.evaluate("document.documentElement.scrollWidth - innerWidth")
            assert over <= 0, f"{self.page.url} scrolls sideways by {over} on a {width}"


@pytest.fixture
def small(site: str) -> cast.Small:
    with county.inside(cast.COUNTY):
        made = cast.found()
        for login in made.officers:
            User.objects.create_user(f"{cast.COUNTY}/{login}", password=PASSWORD)
        claims = [cast.claim(serial, household_number="0317") for serial in range(1, 4)]
        claims.append(
            replace(cast.claim(4, household_number="0317"), groups=("disability_severe",))
        )
        money.approved(made, claims=claims)
        money.block(made, made.chen, 8412, 8450)
        custody.account(made)
    return made


def sit(
    open_page: Callable[..., Page], site: str, axe: Callable[[Page], list[str]], login: str
) -> Seat:
    return Seat(open_page(**DESK), site, axe, login)


def test_cash_from_the_household_to_the_closed_day(
    site: str, small: cast.Small, open_page: Callable[..., Page], axe: Callable[[Page], list[str]]
) -> None:
    slip = village(sit(open_page, site, axe, "chen"))
    township(sit(open_page, site, axe, "meng"), slip)
    luo, gu = (sit(open_page, site, axe, login) for login in ("luo", "gu"))
    finance(luo)
    gu.page.goto(luo.page.url)
    gu.press("^确认")
    gu.sound("finance-confirmed")


def village(chen: Seat) -> str:
    chen.open("")
    chen.sound("empty")
    with county.inside(cast.COUNTY):
        household = Household.here.get(number="0317").id
    chen.open(f"?household={household}")
    chen.page.fill('[name="given"]', "1400")
    chen.press("^重算")
    chen.sound("ticket")
    expect(chen.page.get_by_text("80.00 元")).to_be_visible()
    chen.press("^收 1,320 元")
    chen.sound("receipt")
    chen.page.go_back()
    chen.press("^收 1,320 元")
    chen.sound("again")
    expect(chen.page.get_by_text("没有收：这 3 个人的费已经收过了")).to_be_visible()

    chen.open("")
    for value, count in ((10000, 13), (1000, 1)):
        chen.page.fill(f'[name="note_{value}"]', str(count))
    chen.page.get_by_role("button", name="重算").last.click()
    chen.page.wait_for_load_state()
    chen.sound("short")
    chen.page.fill('[name="reason"]', "找错了零钱")
    chen.press("^封账")
    chen.sound("closed")
    chen.press("^交款 1,310 元")
    chen.sound("slip-offered")
    slip = chen.page.url.rpartition("/")[2]
    chen.open("numbers")
    chen.sound("numbers")
    return slip


def township(meng: Seat, slip: str) -> None:
    meng.open("takeover")
    meng.sound("takeover")
    meng.open(f"slips/{slip}")
    meng.page.fill('[name="counted"]', "1310")
    meng.press("^接款签字")
    meng.sound("slip-accepted")
    meng.open("takeover")
    meng.page.fill('[name="slip_number"]', "0001")
    meng.page.fill('[name="amount"]', "1,310")
    meng.press("^记下缴存")


def finance(luo: Seat) -> None:
    luo.sound("finance")
    for path in ("finance/blocks", "finance/bank", "finance/days"):
        luo.open(path)
        luo.sound(path.replace("/", "-"))
    luo.open("finance/bank")
    luo.page.fill('[name="reference"]', "B1")
    luo.page.fill('[name="amount"]', "1310")
    luo.press("^录入$")
    luo.page.locator('select[name^="line_"]').select_option(index=1)
    luo.sound("finance-match")
    luo.press("^是同一笔钱")
    luo.open("finance/days")
    luo.press("^日结到这一天")
    luo.sound("finance-day")
