"""The pages of paying as a resident sees them: on phone and desk, in both languages, in big letters, without a script."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.conf import settings
from django.contrib.auth.models import User
from playwright.sync_api import Page

from canbao.kernel import clock, county
from canbao.payments import queries
from canbao.payments.tables import Receipt, ReceiptLine
from canbao.people import phones
from canbao.people.tables import Contact
from tests import small as cast
from tests.browser.conftest import DESK, PHONE
from tests.payments import family, money

pytestmark = pytest.mark.browser
NUMBER = "13800001427"
PASSWORD = "apricot-and-pear-2"
SHOTS = os.environ.get("CANBAO_SHOTS", "")


@pytest.fixture(scope="module", autouse=True)
def in_autumn() -> Iterator[None]:
    """The season is open for this process and its server, whenever the suite runs."""
    before = settings.CANBAO_BUSINESS_DATE
    settings.CANBAO_BUSINESS_DATE = os.environ["CANBAO_BUSINESS_DATE"] = "11-20"
    yield
    settings.CANBAO_BUSINESS_DATE = before
    del os.environ["CANBAO_BUSINESS_DATE"]


@pytest.fixture(scope="module")
def owing(in_autumn: None, site: str) -> dict[str, Any]:
    """The family of four, its charges, and the small county it lives in."""
    with county.inside(cast.COUNTY):
        small = cast.found()
        return {"small": small, "charges": family.owing(small)}


def log_in(page: Page, site: str, person: UUID, number: str = NUMBER) -> str:
    """Prove the phone by its code, and bind it to a person."""
    base = f"{site}/{cast.COUNTY}/"
    page.goto(f"{base}phone")
    page.fill('[name="phone"]', number)
    press(page)
    with county.inside(cast.COUNTY):
        from tests.web.portal.resident import Resident

        code = Resident(number).code()
    page.fill('[name="code"]', code)
    press(page)
    if "privacy" in page.url:
        press(page)
    with county.inside(cast.COUNTY):
        Contact.here.filter(masked=phones.mask(number)).update(person_id=person)
    page.goto(base)
    return base


def press(page: Page) -> None:
    """Press the page's main button."""
    with page.expect_navigation():
        page.locator("#main .cb-primary button").first.click()


def sound(page: Page, axe: Callable[[Page], list[str]], name: str) -> None:
    """No fault of accessibility, nothing scrolls sideways."""
    if SHOTS:
        page.screenshot(path=Path(SHOTS) / f"{name}.png", full_page=True)
    assert axe(page) == [], page.url
    width = page.evaluate("document.documentElement.scrollWidth - innerWidth")
    assert width <= 0, f"{page.url} scrolls sideways by {width}"


@pytest.mark.parametrize("size", ["phone", "desk"])
def test_the_family_sees_what_it_owes_and_why(
    open_page: Callable[..., Page], site: str, owing: dict[str, Any], axe: Any, size: str
) -> None:
    page = open_page(**(PHONE if size == "phone" else DESK), java_script_enabled=True)
    base = log_in(page, site, owing["charges"]["王守田"].person_id)

    sound(page, axe, f"home-{size}")
    page.goto(f"{base}owe")
    sound(page, axe, f"owe-{size}")
    assert "1,270" in page.inner_text("h1")
    page.goto(f"{base}owe/why")
    sound(page, axe, f"why-{size}")
    page.goto(f"{base}owe?pay=cash&who={owing['charges']['王守田'].id}&again=yes")
    assert re.search(r"\b440\b", page.inner_text("h1"))
    sound(page, axe, f"cash-{size}")
    page.context.add_cookies([{"name": "canbao_elder", "value": "1", "url": site}])
    page.goto(f"{base}owe")
    sound(page, axe, f"owe-elder-{size}")
    page.context.add_cookies([{"name": settings.LANGUAGE_COOKIE_NAME, "value": "en", "url": site}])
    page.goto(f"{base}owe")
    sound(page, axe, f"owe-english-{size}")


@pytest.fixture(scope="module")
def paid(owing: dict[str, Any]) -> Receipt:
    """The family of four and a pensioner's year have been paid in cash."""
    with county.inside(cast.COUNTY):
        small = owing["small"]
        block = money.block(small, small.chen)
        charges = family.owing(small, 21, "0318")
        due = [row for row in charges.values() if row.due_fen]
        assert not money.collect(small.chen, block, money.ticket(1, due)).refused
        who = family.claims(21)[0].identity
        pension = cast.claim(
            21, insurance="170", identity=who, household_number="0318", relation="02",
            year=clock.today().year,
        )  # fmt: skip
        [charge] = money.approved(small, claims=[pension], insurance="170")[-1:]
        found = [
            one
            for one in queries.owed([charge.person_id])
            if one.insurance == "170" and one.due_fen
        ]
        assert not money.collect(small.chen, block, money.ticket(2, found)).refused
        receipt: Receipt = Receipt.here.get(number=1)
        return receipt


@pytest.mark.parametrize("size", ["phone", "desk"])
def test_the_payer_reads_receipt_record_and_account(
    open_page: Callable[..., Page],
    site: str,
    owing: dict[str, Any],
    paid: Receipt,
    axe: Any,
    size: str,
) -> None:
    page = open_page(**(PHONE if size == "phone" else DESK))
    with county.inside(cast.COUNTY):
        person = next(
            row.person_id
            for row in ReceiptLine.here.filter(receipt_id=paid.id, person__name="王守田")
        )
    base = log_in(page, site, person, "13800002727")

    sound(page, axe, f"home-asked-{size}")
    for path, name in (
        ("owe", "owe-paid"),
        (f"receipts/{paid.id}", "receipt"),
        (f"receipt/{paid.token}", "receipt-in-hand"),
        ("record", "record"),
        ("record/account", "account"),
    ):
        page.goto(base + path)
        sound(page, axe, f"{name}-{size}")
    page.context.add_cookies([{"name": "canbao_elder", "value": "1", "url": site}])
    page.goto(f"{base}receipts/{paid.id}")
    sound(page, axe, f"receipt-elder-{size}")
    page.context.add_cookies([{"name": settings.LANGUAGE_COOKIE_NAME, "value": "en", "url": site}])
    page.goto(f"{base}record")
    sound(page, axe, f"record-english-{size}")


def test_without_a_script_the_payer_says_that_the_money_is_right(
    open_page: Callable[..., Page], site: str, paid: Receipt
) -> None:
    page = open_page(**PHONE, java_script_enabled=False)

    page.goto(f"{site}/{cast.COUNTY}/receipt/{paid.token}")
    with page.expect_navigation():
        page.locator("button[value=right]").click()

    assert page.locator(".cb-notice--success").count() == 2


@pytest.mark.parametrize("size", ["phone", "desk"])
def test_officers_see_whose_money_and_enrolment_do_not_meet(
    open_page: Callable[..., Page],
    site: str,
    owing: dict[str, Any],
    paid: Receipt,
    axe: Any,
    size: str,
) -> None:
    with county.inside(cast.COUNTY):
        user, _made = User.objects.get_or_create(username=f"{cast.COUNTY}/luo")
        user.set_password(PASSWORD)
        user.save()
    page = open_page(**(PHONE if size == "phone" else DESK))
    page.goto(f"{site}/{cast.COUNTY}/desk/login")
    page.fill('[name="username"]', "luo")
    page.fill('[name="password"]', PASSWORD)
    with page.expect_navigation():
        page.locator("main button").first.click()

    page.goto(f"{site}/{cast.COUNTY}/office/money")

    assert "缴费与参保" in page.inner_text("h1")
    sound(page, axe, f"money-{size}")
