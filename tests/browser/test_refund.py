"""Money back in a browser: the desk's form, finance's list, and the resident's page; both widths, both languages."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import expect

from canbao.cases.flow import Verdict
from canbao.cases.tables import Case
from canbao.kernel import clock, county
from canbao.people import queries as people
from canbao.people.tables import Contact, Person
from tests import small as cast
from tests.browser.story import Story, draw_name, log_in, prove_phone, send_photo
from tests.browser.test_desk_pages import in_english, look
from tests.cases import refunding as steps

pytestmark = pytest.mark.browser


def test_money_is_asked_back_at_a_desk(small: cast.Small, story: Story, tmp_path: Path) -> None:
    with county.inside(cast.COUNTY):
        [source] = steps.paid(small, [1])
        name = people.persons([source.person_id])[source.person_id].name
    log_in(story, "wei")
    story.open(f"desk/refund?q={name}")
    look(story, tmp_path, "find")
    story.follow("th a")
    look(story, tmp_path, "ask")
    story.page.locator("[name=reason]").select_option("paid_twice")
    story.fill({"bank": "农行明水支行", "number": "12"})
    story.press("申请退费")
    expect(story.page.locator("main")).to_contain_text("8 到 30 位数字")
    look(story, tmp_path, "ask-wrong")
    story.fill({"number": "6222 0202 0000 1234 567"})
    story.press("申请退费")
    expect(story.page.locator("#done")).to_contain_text("由县里审核")
    look(story, tmp_path, "asked")
    story.follow("#done a")
    expect(story.page.locator("main")).to_contain_text("**** 4567")
    look(story, tmp_path, "case")
    address = story.page.url.split(f"{cast.COUNTY}/", 1)[1]
    in_english(story, f"{cast.COUNTY}/{address}")
    look(story, tmp_path, "case-en")


def test_finance_enters_what_the_bank_did(small: cast.Small, story: Story, tmp_path: Path) -> None:
    with county.inside(cast.COUNTY):
        first, second = steps.paid(small, [2, 3])
        steps.due(small, 4)
        cases = steps.asked(small, first, second)
        steps.to_payout(small, cases)
        assert not steps.failed(small.gu, cases[1:]).refused
    log_in(story, "gu")
    for tab in ("payout", "finance", "due", "write_off", "paid"):
        story.open(f"desk/refunds?tab={tab}")
        look(story, tmp_path, f"list-{tab}")
    story.open("desk/refunds")
    story.press("显示完整账号（会记录）")
    expect(story.page.locator("main")).to_contain_text("6222020200001234567")
    story.page.locator("select[name^=result_]").first.select_option("paid")
    story.press("保存银行结果")
    expect(story.page.locator("#done")).to_contain_text("已保存")
    story.open("desk/refunds?tab=paid")
    look(story, tmp_path, "paid")
    story.open("office/money")
    look(story, tmp_path, "money-lists")
    in_english(story, f"{cast.COUNTY}/desk/refunds?tab=finance")
    look(story, tmp_path, "list-en")


def test_the_resident_sees_where_the_money_is(
    small: cast.Small, story: Story, tmp_path: Path
) -> None:
    with county.inside(cast.COUNTY):
        [source] = steps.paid(small, [5])
        [case] = steps.asked(small, source)
        steps.to_payout(small, [case])
        assert not steps.failed(small.gu, [case]).refused
    prove_phone(story, "13900005555")
    with county.inside(cast.COUNTY):
        Contact.here.update(person_id=source.person_id)
    story.open("")
    story.open(f"cases/{case}")
    expect(story.page.locator("main")).to_contain_text("到县经办机构财务")
    expect(story.page.locator("main")).to_contain_text("**** 4567")
    look(story, tmp_path, "follow")
    story.follow("#main a[href$=account]")
    look(story, tmp_path, "account")
    story.answer(number="12")
    expect(story.page.locator("main")).to_contain_text("8 到 30 位数字")
    look(story, tmp_path, "account-wrong")
    story.answer(number="6222 0202 0000 7654 321")
    expect(story.page.locator("main")).to_contain_text("**** 4321")
    look(story, tmp_path, "account-given")
    with county.inside(cast.COUNTY):
        assert not steps.passed(small.luo, [case]).refused
        assert not steps.passed(small.gu, [case]).refused
    story.page.reload()
    expect(story.page.locator("main")).to_contain_text("已退费")
    look(story, tmp_path, "follow-paid")
    in_english(story, f"{cast.COUNTY}/cases/{case}")
    look(story, tmp_path, "follow-en")


def test_the_resident_asks_on_the_phone(small: cast.Small, story: Story, tmp_path: Path) -> None:
    with county.inside(cast.COUNTY):
        due = steps.due(small, 6)
        paid, dead = steps.paid(small, [7, 8])
        name = people.persons([due.person_id])[due.person_id].name
        prove_phone(story, "13900006666")
        Contact.here.filter(masked="139****6666").update(person_id=due.person_id)
        # Two more of the family applied from this phone.
        contact = Contact.here.get(masked="139****6666")
        Case.here.filter(person_id__in=[paid.person_id, dead.person_id]).update(
            contact_id=contact.id
        )
        Person.here.filter(id=dead.person_id).update(dead_on=clock.today())
    story.open("")
    story.open("record")
    look(story, tmp_path, "phone-record")
    story.follow("a[href$=money-back]")
    look(story, tmp_path, "phone-choose")
    story.press("退回 440 元")
    look(story, tmp_path, "phone-account")
    story.answer(bank="农行明水支行", number="12")
    look(story, tmp_path, "phone-account-wrong")
    story.answer(number="6222 0202 0000 1234 567")
    look(story, tmp_path, "phone-papers")
    send_photo(story, "account_card", name, cast.identity(6).number)
    look(story, tmp_path, "phone-papers-sent")
    story.follow(story.page.get_by_role("button", name="下一步"))
    look(story, tmp_path, "phone-sign")
    draw_name(story.page)
    story.press()
    look(story, tmp_path, "phone-send")
    story.follow(story.page.get_by_role("link", name="大字"))
    look(story, tmp_path, "phone-send-elder")
    story.press("申请退 440 元")
    look(story, tmp_path, "phone-done-elder")
    story.follow(story.page.get_by_role("link", name="标准字"))
    look(story, tmp_path, "phone-done")

    story.open("money-back")
    story.follow(f"form[action$='{dead.id}'] button")
    look(story, tmp_path, "phone-why")
    story.answer(reason="died")
    look(story, tmp_path, "phone-account-other")
    in_english(story, story.page.url.split("/", 3)[3])
    look(story, tmp_path, "phone-account-en")
    story.open("money-back")
    look(story, tmp_path, "phone-choose-en")
    story.open("")
    look(story, tmp_path, "phone-home-begun-en")
    story.open("money-back")
    story.press("Do not ask for it")
    expect(story.page.locator("main")).not_to_contain_text("You have begun")


def test_a_refusal_in_writing(small: cast.Small, story: Story, tmp_path: Path) -> None:
    with county.inside(cast.COUNTY):
        [source] = steps.paid(small, [9])
        [case] = steps.asked(small, source)
    prove_phone(story, "13900009009")
    with county.inside(cast.COUNTY):
        Contact.here.filter(masked="139****9009").update(person_id=source.person_id)
    story.open("")
    story.open(f"cases/{case}")
    expect(story.page.locator("main")).to_contain_text("请带到县里或村里")
    look(story, tmp_path, "follow-bring")
    story.open(f"cases/{case}/withdraw")
    look(story, tmp_path, "withdraw")
    with county.inside(cast.COUNTY):
        assert not cast.decide(small.wei, [case], Verdict.REFUSE).refused
    story.open(f"cases/{case}")
    expect(story.page.locator("main")).to_contain_text("书面答复")
    look(story, tmp_path, "refused")
    story.open(f"cases/{case}/papers")
    look(story, tmp_path, "refused-papers")
    in_english(story, f"{cast.COUNTY}/cases/{case}")
    look(story, tmp_path, "refused-en")

    log_in(story, "wei")
    story.open(f"desk/case/{case}")
    look(story, tmp_path, "refused-desk")
    story.open(f"desk/case/{case}/scan")
    look(story, tmp_path, "scan")
    story.open(f"desk/case/{case}/done")
    look(story, tmp_path, "after-desk")
