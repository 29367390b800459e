"""A resident asks for money back on the phone: which, why, to which account, papers, signature, and what comes next."""

from __future__ import annotations

import datetime
import json
import re
from dataclasses import replace
from typing import Any
from urllib.parse import unquote
from uuid import uuid4

import pytest

from canbao.cases import messages, scans
from canbao.cases.flow import Verdict
from canbao.cases.tables import Case, Draft
from canbao.insured.tables import Cover
from canbao.kernel import clock, secrets
from canbao.kernel.tables import Notice
from canbao.papers import intake, store
from canbao.papers.marks import Confirmation
from canbao.papers.sheets import Attached
from canbao.papers.tables import Mark, Paper
from canbao.payments import refund_requests
from canbao.payments.banking import bounced
from canbao.payments.refund_requests import Source, bound
from canbao.payments.tables import Payout, RefundAsk
from canbao.people import officers
from canbao.people import queries as people
from canbao.people.tables import Person
from canbao.web.portal import refund_draft
from tests import small as cast
from tests.cases import refunding as steps
from tests.payments import custody, family, money
from tests.small import Small
from tests.web.portal.resident import Resident, blurred, errors, here, photo, png, signature
from tests.web.portal.test_garbage import NASTY
from tests.web.portal.test_owe import text

NUMBER = "6222 0202 0000 1234 567"


@pytest.fixture(autouse=True)
def in_autumn(settings: Any) -> None:
    """The season is open, whenever the suite runs."""
    settings.CANBAO_BUSINESS_DATE = "11-20"


@pytest.fixture
def paid(small: Small, wang: Resident) -> Source:
    """Somebody approved who has paid for next year; the phone is theirs."""
    [source] = steps.paid(small, [1])
    family.bind(wang.contact, source.person_id)
    wang.get("")
    return source


def name_of(source: Source) -> str:
    return people.persons([source.person_id])[source.person_id].name


def to_papers(browser: Resident, source: Source, **account: str) -> Any:
    """As far as the photos: which money, why, which account."""
    page = browser.step(f"money-back/begin/{source.id}")
    if here(page).endswith("/why"):
        page = browser.step(here(page), {"reason": "paid_twice"})
    said = {"holder": name_of(source), "bank": "农行明水支行", "number": NUMBER, **account}
    return browser.step(here(page), said)


def to_send(browser: Resident, page: Any) -> Any:
    page = browser.step(here(page), {"bring": "yes"})
    return browser.step(here(page), {"signature": signature()})


def test_a_parent_asks_for_a_child_whom_the_village_entered(small: Small, wang: Resident) -> None:
    owed = family.owing(small)
    family.bind(wang.contact, owed["赵雅琴"].person_id)
    wang.get("")
    child, other = owed["王一诺"], owed["王守田"]
    block = money.block(small, small.chen, 501, 550)
    for number, one in enumerate((child, other), 501):
        assert not money.collect(small.chen, block, money.ticket(number, [one])).refused
    mine, theirs = (refund_requests.of_person(one.person_id)[0] for one in (child, other))

    page = wang.get("money-back")

    assert "王一诺" in text(page)
    assert "王守田" not in text(page), "a grown-up of the household asks with the own phone"
    assert wang.last <= 15
    assert wang.post(f"money-back/begin/{theirs.id}").status_code == 404
    page = to_papers(wang, mine, holder="赵雅琴", relation="parent")
    assert "银行卡或存折" in text(page)


def test_the_whole_way_to_a_number_the_next_desk_and_the_day(wang: Resident, paid: Source) -> None:
    assert "申请退费" in text(wang.get("record"))
    page = wang.get("money-back")
    assert wang.last <= 15
    assert "收据 0000101" in text(page)
    page = wang.step(f"money-back/begin/{paid.id}")
    assert wang.last <= 15
    assert "重复缴费 能退 440 元，最多 20 个工作日" in text(page)
    # Cover has not begun, so nobody asks whether anything was drawn.
    assert 'name="drawn"' not in page.content.decode()
    page = wang.step(here(page), {"reason": "paid_twice"})
    assert "440 元打到哪个账户？" in text(page)
    assert wang.last <= 15
    account = {"holder": name_of(paid), "bank": "农行明水支行", "number": NUMBER}
    page = wang.step(here(page), account)
    assert "银行卡或存折" in text(page)
    poor = wang.post(f"{here(page)}?kind=account_card", {"photo": blurred()})
    assert "1 张里还差 1 张：" in text(poor)
    good = wang.post(f"{here(page)}?kind=account_card", {"photo": photo()})
    assert "照片都看得清" in text(good)
    assert wang.last <= 15
    look = re.search(r'href="(/[^"]*/papers/[0-9a-f-]{36})"', good.content.decode())
    assert look is not None
    assert wang.get(look[1]).headers["Content-Type"] == "image/jpeg"
    page = wang.get(here(page).replace("/papers", "/sign"))
    assert "**** 4567" in text(page)
    page = wang.step(here(page), {"signature": signature()})
    assert wang.last <= 15

    key = {"key": "0f0f0f0f-0000-4000-8000-000000000009"}
    sending = here(page)
    done = wang.step(sending, key)
    row = Case.here.get(kind="refund")
    assert (row.desk, row.channel, row.own_fen, row.contact_id) == (
        "county", "phone", 44_000, wang.contact,
    )  # fmt: skip
    said = text(done)
    assert "已申请退 440 元" in said
    assert row.number in said
    assert re.search(r"县里复核 .{0,40}\d+ 月 \d+ 日", said), said
    assert "请带到" not in said
    assert wang.last <= 15
    assert "按了两次" in text(wang.step(sending, key))
    assert RefundAsk.here.count() == 1
    kinds = set(Paper.here.filter(subject_id=row.id).values_list("kind", flat=True))
    assert kinds == {"refund", "account_card"}
    assert Mark.here.filter(box="applicant", paper__subject_id=row.id).get().how == "drawn"
    sealed = RefundAsk.here.get().account_sealed
    assert secrets.open_sealed(sealed, bound_to=bound()) == "6222020200001234567"
    # The draft held the account; it is gone.
    assert not Draft.here.filter(kind="refund").exists()


def test_whoever_has_not_agreed_to_the_notice_comes_back_to_the_list(paid: Source) -> None:
    other = Resident("13800001428")
    other.ask()
    other.prove(other.code())
    family.bind(other.contact, paid.person_id)
    other.get("")
    asked = other.post(f"money-back/begin/{paid.id}")
    assert "/privacy" in asked.headers["Location"]
    target = unquote(asked.headers["Location"].partition("next=")[2])
    agreed = other.post("privacy", {"next": target})
    assert here(other.follow(agreed)).endswith("/money-back")


def test_it_is_followed_and_taken_back_like_other_cases(wang: Resident, paid: Source) -> None:
    page = to_send(wang, to_papers(wang, paid))
    wang.step(here(page))
    row = Case.here.get(kind="refund")

    assert "已经申请过" in text(wang.get("money-back"))
    assert row.number in text(wang.get("cases/"))
    assert "**** 4567" in text(wang.get(f"cases/{row.id}"))
    assert wang.post(f"money-back/begin/{paid.id}").status_code == 422
    assert "现在不退钱" in text(wang.get(f"cases/{row.id}/withdraw"))
    assert "您撤回了" in text(wang.step(f"cases/{row.id}/withdraw", {"version": str(row.version)}))
    assert here(wang.step(f"money-back/begin/{paid.id}")).endswith("/why")


def test_a_refusal_comes_with_its_letter_and_the_way_to_appeal(
    small: Small, wang: Resident, paid: Source
) -> None:
    [case] = steps.asked(small, paid)
    assert wang.get(f"cases/{case}/print/decision").status_code == 404
    assert not cast.decide(small.wei, [case], Verdict.REFUSE).refused
    said = text(wang.get(f"cases/{case}"))
    assert "书面答复" in said
    assert "再拍一张" in said
    # The county has sealed its no; nowhere does it look like a yes.
    assert "县里复核过了" not in said
    assert f"/cases/{case}/appeal" in wang.get(f"cases/{case}").content.decode()
    assert "书面答复" in text(wang.get(f"cases/{case}/papers"))
    assert wang.get(f"cases/{case}/print/decision").content.startswith(b"%PDF")
    assert wang.get(f"cases/{case}/print/receipt").content.startswith(b"%PDF")
    assert wang.get(f"cases/{case}/print/missing").status_code == 404
    stranger = Resident("13800009999").logged_in()
    assert stranger.get(f"cases/{case}/print/decision").status_code == 404
    wang.step(f"cases/{case}/appeal", {"text": "证明已经寄出"})
    assert "证明已经寄出" in text(wang.get(f"cases/{case}"))


def test_what_is_due_stands_first_and_needs_no_reason(small: Small, wang: Resident) -> None:
    due = steps.due(small, 1)
    family.bind(wang.contact, due.person_id)
    home = text(wang.get(""))
    assert wang.last <= 15
    assert "这笔钱要退给您 440 元" in home
    assert "有 440 元可以申请退" in home
    assert "申请退费" in text(wang.get("record"))
    case = Case.here.get(person_id=due.person_id)
    assert "预缴的钱，要退给您 440 元" in text(wang.get(f"cases/{case.id}"))
    assert wang.last <= 15
    page = wang.get("money-back")
    assert "退回 440 元" in text(page)
    page = wang.step(f"money-back/begin/{due.id}")
    assert here(page).endswith("/account")
    page = to_send(wang, to_papers(wang, due))
    said = text(wang.step(here(page)))
    assert "请带到县里或村里： 银行卡或存折" in said
    assert "要退给您" not in text(wang.get(f"cases/{case.id}"))
    assert Case.here.get(kind="refund").subject_id == due.id


def test_a_reason_that_cannot_be_taken_stays_visible_and_says_why(
    wang: Resident, paid: Source
) -> None:
    page = wang.step(f"money-back/begin/{paid.id}")
    address = here(page)
    # Nothing was paid above the own share, so that reason gives nothing.
    assert "按这个原因没有钱可退" in text(page)
    assert wang.post(address, {"reason": "special_group"}).status_code == 422
    yesterday = clock.today() - datetime.timedelta(days=1)
    Cover.here.update(from_on=yesterday)
    page = wang.get(address)
    assert "待遇已经开始" in text(page)
    tag = re.search(r'<input[^>]*value="paid_twice"[^>]*>', page.content.decode())
    assert tag is not None
    assert "disabled" in tag[0]
    refused = wang.post(address, {"reason": "paid_twice", "drawn": "no"})
    assert refused.status_code == 422
    assert "待遇已经开始" in " ".join(errors(refused))
    assert not RefundAsk.here.exists()


def test_only_what_the_phone_may_see_is_offered(small: Small, wang: Resident, paid: Source) -> None:
    [other] = steps.paid(small, [2])
    assert wang.post(f"money-back/begin/{other.id}").status_code == 404
    assert name_of(other) not in text(wang.get("money-back"))
    page = wang.step(f"money-back/begin/{paid.id}")
    stranger = Resident("13800009999").logged_in()
    assert stranger.get(here(page)).status_code == 404
    assert stranger.post(f"money-back/begin/{paid.id}").status_code == 404
    assert "这里没有能退的钱" in text(stranger.get("money-back"))
    assert Resident("").get("money-back").status_code == 302
    draft = here(page).split("/")[3]
    assert wang.get(f"apply/{draft}").status_code == 404
    assert "退费" not in text(wang.get("apply"))


def test_an_application_that_no_office_has_approved_opens_nobodys_payments(
    small: Small, wang: Resident
) -> None:
    """Whoever knows a number can apply with it; that alone must not show what the person paid."""
    [source] = steps.paid(small, [1], "170")
    claim = cast.claim(1, year=clock.today().year + 1)
    phone = officers.resident(wang.contact)
    assert phone is not None
    cast.submit(phone, [claim])
    assert Case.here.filter(contact_id=wang.contact, person_id=source.person_id).exists()
    assert wang.post(f"money-back/begin/{source.id}").status_code == 404
    Case.here.filter(contact_id=wang.contact).update(status="approved", desk="archive")

    assert wang.step(f"money-back/begin/{source.id}")


def test_what_is_typed_wrong_is_told_at_its_field(wang: Resident, paid: Source) -> None:
    page = wang.step(f"money-back/begin/{paid.id}")
    assert wang.post(here(page), {}).status_code == 422
    assert wang.post(here(page), {"reason": "\0"}).status_code == 422
    page = wang.step(here(page), {"reason": "paid_twice"})
    sound = {"holder": name_of(paid), "bank": "农行", "number": NUMBER}
    for wrong, told in (
        ({"number": "12"}, "8 到 30 位数字"),
        ({"number": "６" * 20}, "8 到 30 位数字"),
        ({"holder": "张三"}, "收款人本人"),
        ({"bank": " "}, "银行"),
    ):
        refused = wang.post(here(page), {**sound, **wrong})
        assert refused.status_code == 422
        assert told in " ".join(errors(refused))
        assert refused["Cache-Control"] == "no-store", "the number that was typed stands on it"
    # Nobody jumps ahead of what is not answered.
    for name in ("papers", "sign", "send"):
        address = here(page).replace("/account", f"/{name}")
        assert here(wang.follow(wang.get(address))).endswith("/account")
    page = wang.step(here(page), sound)
    account = wang.get(here(page).replace("/papers", "/account"))
    assert "6222" not in account.content.decode()
    assert here(wang.step(here(account), {**sound, "number": ""})).endswith("/papers")
    for data in (b" ", b"GIF89a", b"\xff\xd8\xff" + b"x" * 50):
        assert (
            wang.post(f"{here(page)}?kind=account_card", {"photo": photo(data)}).status_code == 422
        )
    assert wang.step(f"{here(page)}?kind=\0", {"photo": photo()})
    page = wang.step(here(page), {"bring": "yes"})
    assert wang.post(here(page), {"signature": "data:image/png;base64,xx"}).status_code == 422
    assert wang.post(f"{here(page)}?way=paper", {}).status_code == 422
    assert wang.step(f"{here(page)}?way=paper", {"sheet": photo()})
    assert "带上身份证和银行卡" in text(wang.get(f"{here(page)}?way=village"))


def test_a_child_is_signed_for_by_a_parent_and_the_money_goes_there(
    small: Small, wang: Resident
) -> None:
    owed = family.owing(small)
    family.bind(wang.contact, owed["王一诺"].person_id)
    wang.get("")
    block = money.block(small, small.chen)
    assert not money.collect(small.chen, block, money.ticket(1, [owed["王一诺"]])).refused
    page = wang.get("money-back")
    source = re.search(r"money-back/begin/([0-9a-f-]{36})", page.content.decode())
    assert source is not None
    page = wang.step(f"money-back/begin/{source[1]}")
    page = wang.step(here(page), {"reason": "paid_twice"})
    assert "由父母或监护人签名" in text(page)
    account = {"holder": "赵雅琴", "bank": "农行", "number": NUMBER}
    assert wang.post(here(page), account).status_code == 422
    page = wang.step(here(page), {**account, "relation": "guardian"})
    assert "监护" in text(page)
    page = wang.step(here(page).replace("/papers", "/account"), {**account, "relation": "parent"})
    page = to_send(wang, page)
    wang.step(here(page))
    mark = Mark.here.get(box="applicant", paper__subject_id=Case.here.get(kind="refund").id)
    assert (mark.acted_by_name, mark.relation) == ("赵雅琴", "parent")
    assert RefundAsk.here.get().holder == "赵雅琴"


def test_who_died_is_asked_for_by_an_heir_with_the_certificate(
    small: Small, wang: Resident, paid: Source
) -> None:
    page = wang.step(f"money-back/begin/{paid.id}")
    unknown = wang.post(here(page), {"reason": "died"})
    assert "还没有登记死亡" in " ".join(errors(unknown))
    Person.here.filter(id=paid.person_id).update(dead_on=clock.today())
    page = wang.step(here(page), {"reason": "died"})
    account = {"holder": "李桂香", "relation": "proxy", "bank": "农行", "number": NUMBER}
    assert wang.post(here(page), {**account, "relation": "parent"}).status_code == 422
    page = wang.step(here(page), account)
    said = text(page)
    assert "死亡证明" in said
    for kind in ("account_card", "death_proof", "proxy_proof"):
        assert wang.post(f"{here(page)}?kind={kind}", {"photo": photo()}).status_code == 200
    page = wang.get(here(page).replace("/papers", "/sign"))
    assert "请李桂香签名" in text(page)
    page = wang.step(here(page), {"signature": signature()})
    wang.step(here(page))
    row = Case.here.get(kind="refund")
    kinds = set(Paper.here.filter(subject_id=row.id, form="").values_list("kind", flat=True))
    assert kinds == {"account_card", "death_proof", "proxy_proof"}


def test_what_is_brought_later_is_named_until_it_is_there(
    small: Small, wang: Resident, paid: Source
) -> None:
    page = wang.step(f"money-back/begin/{paid.id}")
    page = wang.step(here(page), {"reason": "abroad"})
    account = {"holder": name_of(paid), "bank": "农行", "number": NUMBER}
    page = wang.step(here(page), account)
    assert wang.post(f"{here(page)}?kind=account_card", {"photo": photo()}).status_code == 200
    poor = wang.post(f"{here(page)}?kind=refund_proof", {"photo": blurred()})
    assert "看不清" in text(poor)
    page = to_send(wang, page)
    done = text(wang.step(here(page)))
    assert wang.last <= 15
    assert "请带到县里或村里： 退费原因证明" in done
    assert "银行卡或存折" not in done
    case = Case.here.get(kind="refund").id
    follow = text(wang.get(f"cases/{case}"))
    assert wang.last <= 15
    assert "请带到县里或村里： 退费原因证明" in follow
    assert "不用做什么" not in follow

    pages = intake.clean(png(), declared_name="proof.png")
    [blob] = store.keep(small.wei, pages, at=clock.now()).done
    brought = [Attached("refund_proof", 1, blob)]
    assert not scans.add(small.wei, case, 1, brought, at=clock.now()).refused
    follow = text(wang.get(f"cases/{case}"))
    assert "请带到" not in follow
    assert "不用做什么" in follow


def test_once_the_county_has_passed_it_nothing_is_to_be_brought(
    small: Small, wang: Resident, paid: Source
) -> None:
    [case] = steps.asked(small, paid)
    assert "请带到县里或村里： 银行卡或存折" in text(wang.get(f"cases/{case}"))
    assert not steps.passed(small.wei, [case]).refused
    assert "请带到" not in text(wang.get(f"cases/{case}"))


def test_what_the_bank_did_not_pay_leads_to_whoever_can_change_the_account(
    small: Small, wang: Resident, paid: Source
) -> None:
    Person.here.filter(id=paid.person_id).update(dead_on=clock.today())
    heir = Confirmation("paper", "李桂香", "proxy")
    [case] = steps.asked(small, paid, reason="died", holder="李桂香", confirmation=heir)
    steps.to_payout(small, [case])
    assert "要换一个" not in text(wang.get(f"cases/{case}"))
    assert not steps.failed(small.gu, [case]).refused
    said = text(wang.get(f"cases/{case}"))
    assert "要换一个李桂香本人的账户。在这里填，或者带上银行卡或存折到县经办机构财务" in said
    assert "县里或村里" not in said
    assert "您本人" not in said
    told = Notice.here.get(template="refund_failed")
    message = messages.text(told.template, json.loads(told.facts), "zh-hans")
    assert "县经办机构财务" in message
    assert "收款人本人的账户" in message


def test_another_account_of_the_same_holder_is_given_on_the_phone(
    small: Small, wang: Resident, paid: Source
) -> None:
    [case] = steps.asked(small, paid)
    holder = RefundAsk.here.get().holder
    form = {"holder": holder, "bank": "建行明水支行", "number": "6217 0000 1234 5678 901"}
    assert wang.get(f"cases/{case}/account").status_code == 422
    steps.to_payout(small, [case])
    assert not steps.failed(small.gu, [case]).refused
    address = f"cases/{case}/account"
    page = wang.get(address)
    assert "银行没能付" in text(page)
    assert page["Cache-Control"] == "no-store"
    version = re.search(r'name="version" value="(\d+)"', page.content.decode())
    assert version
    form |= {"version": version[1], "key": str(uuid4())}

    for wrong in (
        {"holder": "赵六"},
        {"number": "12"},
        {"bank": " "},
        {"version": "1", "key": str(uuid4())},
    ):
        answer = wang.post(address, {**form, "key": str(uuid4()), **wrong})
        assert answer.status_code == 422, wrong
        assert errors(answer), wrong
    for _ in range(2):
        assert here(wang.follow(wang.post(address, form))).endswith(f"cases/{case}")
    said = text(wang.get(f"cases/{case}"))
    assert "您换了账户" in said
    assert "在这里填" not in said
    ask = RefundAsk.here.get()
    assert (ask.masked, ask.account_by) == ("**** 8901", wang.contact)
    assert not steps.passed(small.luo, [case]).refused
    late = wang.post(address, {**form, "key": str(uuid4())})
    assert late.status_code == 422
    assert not steps.passed(small.gu, [case]).refused
    assert Resident("13800009999").logged_in().get(address).status_code == 404


def test_what_the_bank_has_and_what_it_sent_back_is_said_and_asked_for_again(
    small: Small, wang: Resident, paid: Source
) -> None:
    account = custody.account(small)
    [case] = steps.asked(small, paid)
    steps.to_payout(small, [case])
    assert "已交银行办理" in text(wang.get(f"cases/{case}"))
    assert not steps.passed(small.gu, [case]).refused
    assert "已交银行办理" not in text(wang.get(f"cases/{case}"))
    payout = Payout.here.get()
    line = custody.line(small, account, payout.amount_fen, "R1")
    done = bounced.came_back(small.qin, {line: payout.id}, at=clock.now(), key=cast.key())
    assert not done.refused

    page = text(wang.get(f"cases/{case}"))
    assert "银行把钱退回来了" in page
    assert "请换一个账户重新申请" in page
    assert "这笔钱是您的" in text(wang.get("money-back"))


def test_a_draft_begun_before_the_death_was_recorded_asks_who_signs_now(
    wang: Resident, paid: Source
) -> None:
    page = to_papers(wang, paid)
    wang.post(f"{here(page)}?kind=account_card", {"photo": photo()})
    sign = here(page).replace("/papers", "/sign")
    page = wang.step(sign, {"signature": signature()})
    assert here(page).endswith("/send")
    Person.here.filter(id=paid.person_id).update(dead_on=clock.today())

    page = wang.follow(wang.post(here(page)))
    assert here(page).endswith("/account")
    assert not RefundAsk.here.exists()
    assert "由继承人签名" in text(page)
    form = page.content.decode()
    assert "农行" not in form
    assert "4567" not in text(page)
    account = {"holder": name_of(paid), "relation": "proxy", "bank": "工行", "number": NUMBER}
    own = wang.post(here(page), account)
    assert own.status_code == 422
    assert "不能自己签名" in " ".join(errors(own))
    page = wang.step(here(page), {**account, "holder": "李桂香"})
    # The card of the dead was another account.
    assert "银行卡或存折、死亡证明" in text(page)
    page = to_send(wang, page)
    wang.step(here(page))
    mark = Mark.here.get(box="applicant", paper__subject_id=Case.here.get(kind="refund").id)
    assert (mark.acted_by_name, mark.relation) == ("李桂香", "proxy")


def test_an_ask_begun_is_found_again_and_can_be_given_up(wang: Resident, paid: Source) -> None:
    assert "申请退费" not in text(wang.get(""))
    page = to_papers(wang, paid)
    later = re.search(r'href="([^"]*)"[^>]*>(?:<[^>]*>|\s)*存下，以后再办', page.content.decode())
    assert later is not None
    assert later[1].endswith("/money-back")
    # A receipt to be answered comes first; the way back stands below all the same.
    assert "申请退费 填了一半，还没提交" in text(wang.get(""))
    wang.step(f"receipts/{paid.receipt_id}", {"answer": "right"})
    assert "您有一笔退费还没填完 440 元" in text(wang.get(""))
    assert wang.last <= 15
    begun = wang.get(later[1])
    assert "不申请了" in text(begun)
    [drop] = set(re.findall(r'action="([^"]*/drop)"', begun.content.decode()))

    stranger = Resident("13800009999").logged_in()
    stranger.step(drop)
    assert wang.get(drop).status_code == 405
    assert Draft.here.filter(kind="refund").exists()
    for _ in range(2):
        assert "没填完" not in text(wang.step(drop))
    assert wang.last <= 15
    assert not Draft.here.filter(kind="refund").exists()
    assert "没填完" not in text(wang.get(""))


@pytest.mark.parametrize("looked_at", ["money-back", "own"])
def test_a_draft_goes_when_its_money_was_asked_for_at_a_desk(
    small: Small, wang: Resident, paid: Source, looked_at: str
) -> None:
    page = to_papers(wang, paid)
    wang.get("money-back")
    assert Draft.here.filter(kind="refund").exists()
    wang.step(f"receipts/{paid.receipt_id}", {"answer": "right"})
    assert "没填完" in text(wang.get(""))
    steps.asked(small, paid)
    assert "没填完" not in text(wang.get("")), "the home page offers it no more"
    assert wang.last <= 15
    wang.get(here(page) if looked_at == "own" else looked_at)
    assert not Draft.here.filter(kind="refund").exists()
    assert "没填完" not in text(wang.get(""))


def test_a_sum_that_changed_meanwhile_is_signed_again(wang: Resident, paid: Source) -> None:
    page = to_send(wang, to_papers(wang, paid))
    actor = officers.resident(wang.contact)
    assert actor is not None
    [kept] = refund_draft.every(actor)
    refund_draft.save(actor, replace(kept, fen=1), clock.now())
    refused = wang.post(here(page))
    assert refused.status_code == 422
    assert "金额变了" in text(refused)
    assert "440 元" in text(refused)
    page = wang.step(here(page).replace("/send", "/sign"), {"signature": signature()})
    wang.step(here(page))
    assert Case.here.get(kind="refund").own_fen == 44_000


def test_nasty_values_break_no_page_of_an_ask(wang: Resident, paid: Source) -> None:
    to_send(wang, to_papers(wang, paid))
    actor = officers.resident(wang.contact)
    assert actor is not None
    [kept] = refund_draft.every(actor)
    own = f"money-back/{kept.id}/"
    fields = ("reason", "drawn", "holder", "bank", "number", "relation", "signature", "bring")
    unknown = f"money-back/{uuid4()}/why"
    # Sending last: a key of rubbish is told, and a sound one would end the draft.
    for name in ("why", "account", "papers", "papers?kind=\0", "sign", "sign?way=paper", "send"):
        for nasty in NASTY:
            value = nasty.encode("utf-8", "ignore").decode()
            sent = {**dict.fromkeys(fields, value), "key": value}
            assert wang.post(own + name, sent).status_code < 500, (name, nasty)
    assert wang.post(unknown).status_code == 404
    assert wang.get(own + f"papers/{uuid4()}").status_code == 404
    assert wang.get(f"money-back/done/{uuid4()}").status_code == 404


def test_what_somebody_else_asked_for_meanwhile_is_not_asked_twice(
    small: Small, wang: Resident, paid: Source
) -> None:
    page = to_send(wang, to_papers(wang, paid))
    steps.asked(small, paid)
    refused = wang.post(here(page))
    assert refused.status_code == 422
    assert "已经申请过" in text(refused)
    assert RefundAsk.here.count() == 1
