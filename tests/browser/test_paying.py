"""The tutorial of paying, from end to end in a real browser, with its pictures taken on the way (CANBAO_PICTURES=1).

A household pays the village in cash and says that it is right, a pensioner pays in advance, somebody comes too
late, the cash goes to the bank, and one who paid twice gets it back. Every page fits at both widths.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final
from uuid import UUID

import pytest
from django.conf import settings
from playwright.sync_api import Page, expect

from canbao.cases import door, inspection
from canbao.cases.tables import Case
from canbao.insured import queries as insured
from canbao.kernel import clock, county
from canbao.payments import season
from canbao.payments.banking.tables import BankAccount, FinanceDay
from canbao.payments.channels.cash.tables import HandOver
from canbao.payments.tables import Receipt, Season
from canbao.people import officers, phones
from canbao.people.tables import Contact, Person
from canbao.simulate import before
from canbao.simulate import cast as told
from tests import small as cast
from tests.browser import story as tell
from tests.browser.conftest import served
from tests.browser.story import DESK, PHONE, Story
from tests.papers.test_render import text_of
from tests.payments import custody, family, money

pytestmark = pytest.mark.browser
SEED: Final = 1
LOGINS: Final = ("chen", "meng", "luo", "gu", "shi", "wei")
NUMBER_AT_BANK: Final = "6222 0202 0000 1234 567"


@pytest.fixture(scope="module", autouse=True)
def in_autumn() -> Iterator[None]:
    """The season is open for this process and its server, whenever the suite runs."""
    was = settings.CANBAO_BUSINESS_DATE
    settings.CANBAO_BUSINESS_DATE = os.environ["CANBAO_BUSINESS_DATE"] = "11-20"
    yield
    settings.CANBAO_BUSINESS_DATE = was
    del os.environ["CANBAO_BUSINESS_DATE"]


@dataclass
class County:
    """The small county with its windows, one for each officer and phone."""

    small: cast.Small
    people: dict[str, UUID]
    at: dict[str, Story]

    def __getattr__(self, login: str) -> Story:
        return self.at[login]

    def inspect(self, login: str, case_id: UUID, picture: str = "") -> None:
        """Answer everything about a case with yes, sign and seal."""
        story = self.at[login]
        story.open(f"desk/case/{case_id}")
        with county.inside(cast.COUNTY):
            items = inspection.asked(door.see(self.small.officers[login], case_id))
        tell.inspect(story, items, picture)


@pytest.fixture
def windows(
    in_autumn: None, site: str, open_page: Callable[..., Page], axe: Callable[[Page], list[str]]
) -> County:
    """A household carried over from last year, an application at the county, one who has not paid, and a block."""
    with county.inside(cast.COUNTY):
        small = cast.found()
        on, at = clock.today(), clock.now()
        village = told.households(SEED, on)[told.APRICOT]
        household, _head = told.member(village, told.PAYER)
        carried = before.carry(
            officers.system(), household.members, before.helped(household), at=at, key=cast.key()
        ).done  # fmt: skip
        people = {who.name: one for who, one in zip(household.members, carried, strict=True)}
        mother, child = family.claims(40, "0402")[2:]
        for row in money.approved(small, claims=[mother, child]):
            people[Person.here.get(id=row.person_id).name] = row.person_id
        money.block(small, small.chen, 8412, 8450, label="26-杏花-03")
        for insurance in ("390", "170"):
            custody.account(small, insurance)
    found = County(small, people, {one: Story(open_page(**DESK), site, axe) for one in LOGINS})
    for login in LOGINS:
        tell.sit(found.at[login].page, site, login)
    found.at["phone"] = Story(open_page(**PHONE, has_touch=True), site, axe)
    return found


def bind(story: Story, phone: str, person: UUID) -> None:
    """Prove a phone by its code, and bind it as a counter does."""
    tell.prove_phone(story, phone)
    with county.inside(cast.COUNTY):
        contact = Contact.here.get(masked=phones.mask(phone))
        phones.bind(officers.system(), contact.id, person, "counter", at=clock.now())
    story.open()


def finance_charges_the_season(at: County) -> None:
    """The household did nothing: the season's job charges it, and renews the one whom another pays for."""
    luo = at.luo
    luo.open("desk/season/run")
    luo.press("建立应缴账")
    luo.sound()
    with county.inside(cast.COUNTY):
        made = Season.here.get()
        season.run(cast.COUNTY, made.id)
        paid_for = at.people[before.PAID_FOR]
        assert {one.year for one in insured.covers([paid_for])} == {made.year - 1, made.year}
    # The page looks again by itself.
    expect(luo.page.locator("main")).to_contain_text("办完了", timeout=15_000)
    luo.sound()


def the_family_sees_what_it_owes(phone: Story, person: UUID) -> None:
    """1,270 yuan, by when, for whom, who pays the rest and why; in big letters and in English too."""
    bind(phone, told.PHONE_OF_PAYER, person)
    main = phone.page.locator("main")
    expect(main).to_contain_text("1,270")
    phone.sound("pay-01-home")
    phone.follow("#main .cb-due a")
    expect(phone.page.locator("h1")).to_contain_text("1,270")
    expect(main).to_contain_text("440 元")
    phone.sound("pay-02-owe", both=True)
    phone.follow('a[href*="owe/why"]')
    phone.sound("pay-03-why", both=True)
    for cookie in (("canbao_elder", "1"), (settings.LANGUAGE_COOKIE_NAME, "en")):
        phone.page.context.add_cookies([{"name": cookie[0], "value": cookie[1], "url": phone.base}])
        phone.open("owe")
        phone.sound()
    phone.page.context.clear_cookies(name="canbao_elder")
    phone.page.context.clear_cookies(name=settings.LANGUAGE_COOKIE_NAME)
    phone.open("owe")
    phone.press(re.compile("^到村里交 1,270 元"))
    phone.sound("pay-04-where", both=True)


def the_village_takes_the_cash(at: County) -> UUID:
    """One household one ticket, change, the next number; a second press shows the first receipt."""
    chen = at.chen
    chen.open("counter/")
    chen.sound(both=True)
    chen.fill({"q": told.PAYER})
    chen.press(re.compile("找这一?户"))
    expect(chen.page.locator("main")).to_contain_text("0008412")
    chen.fill({"given": "1300"})
    chen.press("重算")
    expect(chen.page.get_by_text("30.00 元")).to_be_visible()
    chen.sound("pay-05-ticket", both=True)
    chen.press(re.compile("^收 1,270 元"))
    chen.sound("pay-06-taken", both=True)
    chen.page.go_back()
    chen.press(re.compile("^收 1,270 元"))
    expect(chen.page.locator("main")).to_contain_text(
        re.compile("没有收：(刚才|1 分钟前)收过这 3 个人的费。?没有开新收据，0008413 还没用")
    )
    chen.sound("pay-07-twice")
    with county.inside(cast.COUNTY):
        receipt: UUID = Receipt.here.get(number=8412).id
    printed = chen.page.request.get(f"{chen.base}receipts/{receipt}.pdf")
    assert "壹仟贰佰柒拾元整" in text_of(printed.body())
    return receipt


def the_phone_says_that_it_is_right(phone: Story, receipt: UUID) -> None:
    """The home page asks; whoever has the paper in hand may answer too, and needs no script."""
    phone.open()
    phone.follow("#main .cb-due a")
    phone.sound("pay-08-is-it-right", both=True)
    phone.follow("button[value=right]")
    expect(phone.page.locator(".cb-notice--success").first).to_be_visible()
    phone.open("owe")
    expect(phone.page.locator("h1")).to_contain_text("都交了")
    phone.sound(both=True)
    phone.open("record")
    phone.sound(both=True)
    with county.inside(cast.COUNTY):
        token = Receipt.here.get(id=receipt).token
    phone.open(f"receipt/{token}")
    expect(phone.page.locator("main")).not_to_contain_text(told.PAYER)
    phone.sound(both=True)


def a_pensioner_pays_in_advance(at: County) -> None:
    """The case is still at the county; its yes makes the advance the payment."""
    with county.inside(cast.COUNTY):
        who = cast.identity(60, name="周长河")
        claim = cast.claim(
            60, identity=who, insurance="170", household_number="0531", year=clock.today().year
        )  # fmt: skip
        [case] = cast.bring_to("county", at.small, [claim], "170")
    chen = at.chen
    chen.open(f"desk/case/{case}")
    chen.follow(chen.page.get_by_role("link", name="预收这一件的钱"))
    expect(chen.page.locator("main")).to_contain_text("还没有批：这是预收款")
    chen.sound("pay-10-advance", both=True)
    chen.press(re.compile("^预收 500 元"))
    expect(chen.page.locator("main")).to_contain_text("没有批准，全部退还")
    chen.sound(both=True)
    with county.inside(cast.COUNTY):
        receipt = Receipt.here.get(number=8413).id
    printed = chen.page.request.get(f"{chen.base}receipts/{receipt}.pdf")
    assert "预收" in text_of(printed.body())
    at.shi.open("office/money")
    expect(at.shi.page.locator("main")).to_contain_text("周长河")
    at.shi.sound(both=True)
    at.inspect("shi", case)
    at.shi.open("office/money")
    expect(at.shi.page.locator("main")).not_to_contain_text("周长河")
    chen.open(f"counter/?case={case}")
    expect(chen.page.locator("main")).to_contain_text("县里已经有了决定")


def without_a_script_the_advance_is_right_too(page: Page, base: str) -> None:
    """Whoever has the paper in hand presses the button on a page that runs no script."""
    with county.inside(cast.COUNTY):
        token = Receipt.here.get(number=8413).token
    page.goto(f"{base}receipt/{token}")
    with page.expect_navigation():
        page.locator("button[value=right]").click()
    expect(page.locator(".cb-notice--success")).to_have_count(2)


def a_latecomer_sees_from_when(
    page: Page, axe: Callable[[Page], list[str]], people: dict[str, UUID], database: str
) -> None:
    """In March of the next year: three months for an adult and why, from birth for a newborn."""
    year = clock.today().year + 1
    with county.inside(cast.COUNTY):
        Person.here.filter(id=people["王一诺"]).update(birth_on=f"{year}-02-10")
    with served(database, CANBAO_BUSINESS_DATE=f"{year}-03-02") as later:
        march = Story(page, later, axe)
        bind(march, "13800005151", people["赵雅琴"])
        march.open("owe")
        main = march.page.locator("main")
        expect(main).to_contain_text("今天交的话")
        expect(main).to_contain_text(re.compile(rf"{year} ?年 ?6 ?月 ?2 ?日"))
        expect(main).to_contain_text(re.compile(rf"{year} ?年 ?2 ?月 ?10 ?日"))
        march.sound("pay-23-late", both=True)


def the_day_is_counted_and_handed_on(at: County) -> str:
    """Ten yuan short needs a reason and stays visible; both sign the slip; whoever has it reads what stands."""
    chen, meng = at.chen, at.meng
    chen.open("counter/")
    count = chen.page.locator("section:has([id='note_390_10000'])")
    for value, pieces in ((10000, 12), (5000, 1), (1000, 1)):
        count.locator(f'[name="note_{value}"]').fill(str(pieces))
    chen.follow(count.get_by_role("button", name="重算"))
    expect(chen.page.locator("main")).to_contain_text("少 10 元")
    chen.sound("pay-13-short", both=True)
    chen.fill({"reason": "找错了零钱"})
    chen.press("封账")
    chen.press(re.compile("^交款 1,260 元"))
    slip = chen.page.url.rpartition("/")[2]
    chen.open("counter/numbers")
    chen.sound(both=True)
    meng.open("counter/takeover")
    meng.sound(both=True)
    meng.open(f"counter/slips/{slip}")
    meng.fill({"counted": "1260"})
    meng.press(re.compile("^接款签字"))
    meng.sound("pay-15-taken-over", both=True)
    meng.open("counter/takeover")
    with county.inside(cast.COUNTY):
        account = BankAccount.here.get(insurance="390").id
    meng.fill({"account": str(account), "slip_number": "0001", "amount": "1,260"})
    meng.press(re.compile("^记下缴存"))
    return slip


def anybody_reads_the_slip(phone: Story, slip: str) -> None:
    """The QR of the slip says what both signed."""
    with county.inside(cast.COUNTY):
        token = HandOver.here.get(id=slip).token
    phone.open(f"counter/papers/{token}")
    expect(phone.page.locator("main")).to_contain_text("1,260.00 元")
    phone.sound("pay-16-genuine", both=True)


def one_who_paid_twice_gets_it_back(at: County, person: UUID) -> None:
    """Asked at the county, checked there, passed by two at finance, paid out, and told to the phone."""
    wei, phone = at.wei, at.phone
    wei.open(f"desk/refund?q={told.PAYER}")
    wei.follow("main th a")
    wei.page.locator("[name=reason]").select_option("paid_twice")
    wei.fill({"bank": "农行明水支行", "number": NUMBER_AT_BANK})
    wei.sound("pay-17-ask-back")
    wei.press("申请退费")
    with county.inside(cast.COUNTY):
        case: UUID = Case.here.get(kind="refund", person_id=person).id
    at.inspect("wei", case)
    at.inspect("luo", case)
    gu = at.gu
    gu.open("desk/refunds")
    gu.page.locator("[name=send]").check(force=True)
    gu.follow("button[name=act][value=send]")
    gu.page.locator("select[name^=result_]").select_option("paid")
    gu.sound("pay-18-payout", both=True)
    gu.press("保存银行结果")
    expect(gu.page.locator("#done")).to_contain_text("已保存")
    phone.open(f"cases/{case}")
    expect(phone.page.locator("main")).to_contain_text("已退费")
    expect(phone.page.locator("main")).to_contain_text("**** 4567")
    phone.sound("pay-19-given-back", both=True)


def finance_finds_it_at_the_bank(at: County) -> None:
    """The deposit is matched, the day closed by one and confirmed by another, and its certificate prints."""
    luo, gu = at.luo, at.gu
    for path in ("finance", "finance/blocks"):
        luo.open(f"counter/{path}")
        luo.sound(both=True)
    expect(luo.page.locator("main")).to_contain_text("26-杏花-03")
    luo.open("counter/finance/bank")
    luo.fill({"reference": "B1", "amount": "1260"})
    luo.press(re.compile("^录入$"))
    luo.page.locator('select[name^="line_"]').select_option(index=1)
    luo.sound("pay-20-match", both=True)
    luo.press(re.compile("^是同一笔钱"))
    luo.open("counter/finance/days")
    luo.sound(both=True)
    luo.press(re.compile("^日结到这一天"))
    luo.sound("pay-21-closed", both=True)
    gu.page.goto(luo.page.url)
    gu.press(re.compile("^确认"))
    gu.sound("pay-22-confirmed")
    with county.inside(cast.COUNTY):
        day = FinanceDay.here.get()
    printed = gu.page.request.get(f"{gu.base}counter/finance/days/{day.id}/print")
    assert day.number in text_of(printed.body())


def test_a_household_pays_and_its_money_reaches_the_bank(
    windows: County, site_database: str, open_page: Callable[..., Page]
) -> None:
    payer = windows.people[told.PAYER]

    finance_charges_the_season(windows)
    the_family_sees_what_it_owes(windows.phone, payer)
    receipt = the_village_takes_the_cash(windows)
    the_phone_says_that_it_is_right(windows.phone, receipt)
    a_pensioner_pays_in_advance(windows)
    plain = open_page(**PHONE, java_script_enabled=False)
    without_a_script_the_advance_is_right_too(plain, windows.phone.base)
    slip = the_day_is_counted_and_handed_on(windows)
    anybody_reads_the_slip(windows.phone, slip)
    one_who_paid_twice_gets_it_back(windows, payer)
    finance_finds_it_at_the_bank(windows)
    late = open_page(**PHONE)
    a_latecomer_sees_from_when(late, windows.phone.axe, windows.people, site_database)
