"""Live lists of money and enrolment, for county and finance; and the slip that the collector enters."""

from __future__ import annotations

import re
from typing import Any
from uuid import uuid4

import pytest

from canbao.cases import advance, application
from canbao.insured.tables import Enrolment
from canbao.kernel import clock, statements
from canbao.kernel.ids import new_id
from canbao.payments import answering, printing, refunds, watch
from canbao.payments.channels.cash.collecting import Ticket
from canbao.payments.tables import Cancelled, PayerAnswer, Receipt
from canbao.people import officers
from tests import small as cast
from tests.cases import refunding as steps
from tests.office.test_pages import at_desk, url
from tests.payments import money
from tests.small import Small


@pytest.fixture(autouse=True)
def in_autumn(settings: Any) -> None:
    """The season is open, whenever the suite runs."""
    settings.CANBAO_BUSINESS_DATE = "11-20"


def words(answer: Any) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


def advanced(small: Small) -> tuple[Any, Any]:
    """One pension case at the county with an advance, and its receipts block."""
    claims = [cast.claim(3, insurance="170", year=clock.today().year)]
    [case] = cast.bring_to("county", small, claims, "170")
    cast.answer_all(small.shi, [case], claims)
    block = money.block(small, small.chen)
    ticket = Ticket(new_id(), 1, "王守田", {case: 50000})
    assert not advance.take(small.chen, block, [ticket], at=clock.now()).refused
    return case, block


def test_an_advance_stands_as_paid_but_not_enrolled_until_the_countys_yes(small: Small) -> None:
    case, _block = advanced(small)

    assert [one.subject_id for one in watch.advances_held(small.cai)] == [case]
    assert watch.advances_held(small.luo) == [], "the other agency's money"
    said = words(at_desk("cai").get(url("money_lists")))
    assert "已预收，还没参保" in said
    assert "500 元" in said
    assert (
        f'href="/370199/desk/case/{case}"'
        in at_desk("shi").get(url("money_lists")).content.decode()
    )
    assert not cast.decide(small.shi, [case]).refused
    assert watch.advances_held(small.cai) == []
    assert "没有在途办件的预收款。" in words(at_desk("cai").get(url("money_lists")))


def test_what_must_be_given_back_stands_there_with_its_reason(small: Small) -> None:
    case, _block = advanced(small)
    versions = cast.versions(small.chen, [case])
    assert not application.withdraw(small.chen, versions, at=clock.now()).refused

    said = words(at_desk("cai").get(url("money_lists")))

    assert "申请撤回了" in said
    assert "没有应退款" not in said


def test_who_is_enrolled_and_has_not_paid_is_listed_until_the_money_comes(small: Small) -> None:
    owed = money.approved(small, 2)
    assert watch.enrolled_not_paid(small.luo).total == 2
    block = money.block(small, small.chen)

    assert not money.collect(small.chen, block, money.ticket(1, owed[:1])).refused

    [row] = watch.enrolled_not_paid(small.luo)
    assert row.id == owed[1].id
    assert watch.paid_not_enrolled(small.luo).total == 0
    Enrolment.here.filter(person_id=owed[0].person_id).update(state="ended")
    [row] = watch.paid_not_enrolled(small.luo)
    assert (row.id, row.paid_fen) == (owed[0].id, 44000)


def test_each_line_leads_to_what_can_be_done_about_it(small: Small) -> None:
    due = steps.due(small, 1)
    asked_for = steps.due(small, 2)
    [case] = steps.asked(small, asked_for)
    owed = money.approved(small, claims=[cast.claim(one) for one in (11, 12)])
    block = money.block(small, small.chen, 3000, 3050)
    assert not money.collect(small.chen, block, money.ticket(3000, owed[:1])).refused
    Enrolment.here.filter(person_id=owed[0].person_id).update(state="ended")
    receipt = Receipt.here.get(number=3000)
    denied = officers.bearer(receipt.id)
    answering.answer_in_hand(denied, receipt.token, False, "少找了", at=clock.now(), key=cast.key())
    answer = PayerAnswer.here.get().id

    [approved] = steps.asked(small, *steps.paid(small, [21]))
    steps.to_payout(small, [approved])

    county = at_desk("wei").get(url("money_lists")).content.decode()
    finance = at_desk("luo").get(url("money_lists")).content.decode()

    visits = f"/desk/season/visits?insurance=390&amp;year={owed[1].year}&amp;at={owed[1].village}"
    links = {
        f"/desk/refund/{due.person_id}": (True, False),
        f"/desk/case/{case}": (True, True),
        f"/desk/case/{approved}": (True, True),
        "/desk/refunds?tab=due": (False, True),
        f"/desk/refund/{owed[0].person_id}": (True, False),
        f"/{answer}": (False, True),
        visits: (True, True),
    }
    for link, (to_county, to_finance) in links.items():
        assert (f'{link}"' in county, f'{link}"' in finance) == (to_county, to_finance), link
    # Why and how far it is stands there in words, also for a reason of the pack.
    assert "重复缴费" in county
    assert "已交银行" in county
    for client, page in ((at_desk("wei"), county), (at_desk("luo"), finance)):
        main = page[page.index("<main") :]
        for href in set(re.findall(r'href="(/370199/[^"]+)"', main)):
            assert client.get(href.replace("&amp;", "&")).status_code == 200, href


def test_what_is_to_be_given_back_is_cut_with_the_whole_number(
    small: Small, monkeypatch: pytest.MonkeyPatch
) -> None:
    for serial in (1, 2, 3):
        steps.due(small, serial)
    monkeypatch.setattr(refunds, "MOST", 2)

    page = words(at_desk("luo").get(url("money_lists")))

    assert "应退款 3 " in page
    assert "一共 3 条，只显示前 2 条" in page
    assert len(refunds.waiting(small.luo)) == 2


def test_looking_at_a_receipt_is_not_printing_it(small: Small) -> None:
    advanced(small)
    receipt = Receipt.here.get()
    shown = url("cash_receipt", receipt.id)

    for login in ("cai", "shi"):
        client = at_desk(login)
        page = client.get(url("money_lists")).content.decode()
        assert f'href="{shown}"' in page
        assert url("receipt_pdf", receipt.id) not in page
        assert client.get(shown).status_code == 200
    assert printing.times_printed(receipt.id) == 0
    assert at_desk("wei").get(shown).status_code == 404, "another insurance"
    reader = at_desk("shi")
    assert 'name="reason"' not in reader.get(shown).content.decode()
    sent = {"reason": "写错人", "key": str(uuid4())}
    assert reader.post(shown, sent).status_code == 404
    assert not Cancelled.here.exists()


def test_the_lists_are_for_county_and_finance_and_take_few_statements(small: Small) -> None:
    money.approved(small, 3)
    for login in ("luo", "wei", "shi"):
        client = at_desk(login)
        with statements.seen() as seen:
            assert client.get(url("money_lists")).status_code == 200
        counted = [one for one in seen if "SAVEPOINT" not in one]
        assert len(counted) <= 15, len(counted)
    for login in ("chen", "meng", "guan"):
        assert at_desk(login).get(url("money_lists")).status_code == 404


def test_the_collector_enters_the_signed_slip_once(small: Small) -> None:
    owed = money.approved(small, 1)
    block = money.block(small, small.chen)
    assert not money.collect(small.chen, block, money.ticket(1, owed)).refused
    page = url("money_slip", Receipt.here.get().id)
    client = at_desk("chen")

    assert "凭条签字" in words(client.get(page))
    assert client.post(page, {"act": "slip", "key": str(uuid4())}).status_code == 422
    sent = {"act": "slip", "key": str(uuid4()), "said": "right", "note": ""}
    for _press in range(2):
        assert client.post(page, sent).status_code == 303
    assert PayerAnswer.here.get().how == "slip"
    assert "登记" not in words(client.get(page)).partition("交款人答复")[2]
    assert client.post(page, {**sent, "key": str(uuid4())}).status_code == 409
    assert at_desk("liu").get(page).status_code == 404
    assert 'value="slip"' not in at_desk("meng").get(page).content.decode()
