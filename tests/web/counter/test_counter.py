"""The counter's pages: from the household that pays to the certificate of the closed day, and every mistake on the way."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from canbao.kernel import clock
from canbao.kernel.ids import new_id
from canbao.payments import answers
from canbao.payments.banking.tables import BankLine, FinanceDay
from canbao.payments.channels.cash import queries as custody_reads
from canbao.payments.channels.cash.tables import CashDay, Deposit, HandOver
from canbao.payments.charges import ChargeRow
from canbao.payments.tables import Block, Cancelled, PayerAnswer, Receipt
from canbao.people import finding
from canbao.people.tables import Household
from tests import small as cast
from tests.papers.test_render import text_of
from tests.payments import custody, money
from tests.small import Small
from tests.web.desk.conftest import Desk, text

Sit = Callable[[str], Desk]
TODAY = clock.today()


def family(small: Small, number: str = "0317", people: int = 3, first: int = 1) -> list[ChargeRow]:
    """One household whose people the county approved."""
    claims = [cast.claim(first + serial, household_number=number) for serial in range(people)]
    return money.approved(small, claims=claims)


def household_id(number: str = "0317") -> UUID:
    found: UUID = Household.here.get(number=number).id
    return found


def ticket(block: UUID, charges: list[ChargeRow], **changes: Any) -> dict[str, Any]:
    """What the form of a household sends."""
    given = {
        "act": "collect", "insurance": "390", "ticket": str(uuid4()), "block": str(block),
        "number": str(Block.here.get(id=block).next), "payer": "王守田", "given": "",
        "shown": str(sum(one.due_fen for one in charges)),
        "line": [f"{one.id}.{one.due_fen}" for one in charges],
    }  # fmt: skip
    return {**given, **changes}


def notes(fen: int) -> dict[str, str]:
    return {f"note_{value}": str(count) for value, count in custody.notes(fen).items()}


def test_a_household_is_found_by_name_number_and_household(small: Small, desk: Sit) -> None:
    family(small)
    family(small, "0318", 1, 9)
    money.block(small, small.chen, 8351, 8450)
    chen = desk("chen")
    someone = cast.identity(1)

    for typed in (someone.name, someone.number, "0317"):
        page = text(chen.get("cash", query=f"?q={typed}"))
        assert "One receipt, 3 people" in page
        assert "1,320.00 yuan" in page
        assert "0008351" in page
        assert "壹仟叁佰贰拾元整" in page
    several = text(chen.get("cash", query="?q=王"))
    assert "Type at least two characters" in several
    assert "Nobody was found" in text(chen.get("cash", query="?q=无此人"))
    assert chen.get("cash", query=f"?household={new_id()}").status_code == 404


def test_another_village_is_found_by_its_number_only(small: Small, desk: Sit) -> None:
    family(small)
    someone = cast.identity(1)
    liu = desk("liu")

    assert "Nobody was found" in text(liu.get("cash", query=f"?q={someone.name}"))
    assert "One receipt" in text(liu.get("cash", query=f"?q={someone.number}"))


def test_one_press_writes_the_receipt_and_the_second_shows_it(small: Small, desk: Sit) -> None:
    owed = family(small)
    block = money.block(small, small.chen)
    chen, sent = desk("chen"), ticket(block, owed, given="1400", key=str(uuid4()))
    query = f"?household={household_id()}"

    first = text(chen.follow("cash", query=query, **sent))
    again = text(chen.follow("cash", query=query, **sent))
    anew = text(chen.follow("cash", query=query, **ticket(block, owed, number="2")))

    assert "1,320 yuan taken" in first
    assert "Give 80.00 yuan back" in first
    assert "Enter what the payer signed" in first
    for page in (again, anew):
        assert "Not taken: this was paid for these 3 people before, just now" in page
        assert "No new receipt was written, 0000002 is still unused." in page
        assert "The box must hold 1,320.00 yuan" in page
    assert Receipt.here.count() == 1


def test_a_household_that_has_paid_leads_to_its_receipt(small: Small, desk: Sit) -> None:
    owed = family(small)
    block = money.block(small, small.chen)
    chen, query = desk("chen"), f"?household={household_id()}"
    chen.follow("cash", query=query, **ticket(block, owed))

    page = chen.get("cash", query=query)

    said = text(page)
    assert "Nothing is left to pay" in said
    assert "Who pays" not in said
    assert f"/receipts/{Receipt.here.get().id}" in page.content.decode()


def test_the_sum_and_the_change_are_worked_out_without_a_script(small: Small, desk: Sit) -> None:
    owed = family(small)
    block = money.block(small, small.chen)
    chen, query = desk("chen"), f"?household={household_id()}"

    short = chen.post("cash", query=query, **ticket(block, owed[:2], act="count", given="800"))
    assert "Still missing 80.00 yuan" in text(short)
    counted = chen.post("cash", query=query, **ticket(block, owed[:2], act="count", given="９００"))
    pressed = ticket(block, owed[:2], quick="900", payer="王小二")
    del pressed["act"]
    quick = chen.post("cash", query=query, **pressed)
    unseen = chen.post("cash", query=query, **ticket(block, owed[:2], shown="132000"))

    assert "880.00 yuan" in text(counted)
    assert "To give back 20.00 yuan" in text(counted)
    assert "To give back 20.00 yuan" in text(quick)
    assert "One receipt, 2 people" in text(quick)
    exact = text(chen.post("cash", query=query, **pressed | {"quick": "exact"}))
    assert "To give back 0.00 yuan" in exact
    for act in ("count", "collect"):
        mistyped = chen.post("cash", query=query, **ticket(block, owed, act=act, given="99999999"))
        assert mistyped.status_code == 422
        assert "More than 5,000 yuan would have to be given back." in text(mistyped)
    assert 'value="王小二"' in quick.content.decode()
    # Enter in a field presses the first button: it must take nothing.
    form = counted.content.decode().partition('name="ticket"')[2]
    first = re.search(r'<button[^>]*type="submit"[^>]*>', form)
    assert first
    assert 'name="act" value="count"' in first[0]
    assert unseen.status_code == 422
    assert "What is ticked comes to 880 yuan now" in text(unseen)
    assert not Receipt.here.exists()


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"given": "12"}, "less than the sum"),
        ({"given": "viel"}, "Write the amount in yuan"),
        ({"payer": " "}, "Write the name"),
        ({"number": "7"}, "The next number of the block"),
        ({"number": "x"}, "The next number of the block"),
        ({"paper_year": "2026", "paper_month": "13", "paper_day": "1"}, "This is no day"),
        ({"paper_year": "2999", "paper_month": "1", "paper_day": "1"}, "lies in the future"),
        ({"line": [], "shown": "0"}, "Nobody is chosen"),
    ],
)
def test_a_mistake_is_said_beside_the_household_and_takes_nothing(
    small: Small, desk: Sit, changes: dict[str, Any], said: str
) -> None:
    owed = family(small)
    block = money.block(small, small.chen)

    page = desk("chen").post(
        "cash", query=f"?household={household_id()}", **ticket(block, owed, **changes)
    )

    assert page.status_code == 422
    assert said in text(page)
    assert not Receipt.here.exists()


def test_garbage_gets_a_gentle_answer(small: Small, desk: Sit) -> None:
    owed = family(small)
    block = money.block(small, small.chen)
    chen, query = desk("chen"), f"?household={household_id()}"

    for changes in (
        {"line": ["x.1"]}, {"line": [f"{owed[0].id}.-5"]}, {"insurance": "999"}, {"key": "1"},
        {"act": "close", "insurance": "999"}, {"act": "count_notes", "note_10000": "x"},
        {"block": "x"}, {"ticket": "x", "number": "9" * 30}, {"act": "nonsense"},
    ):  # fmt: skip
        sent = {**ticket(block, owed), **changes}
        assert chen.post("cash", query=query, **sent).status_code < 500
    assert chen.get("cash", query="?household=x").status_code == 404
    assert chen.get("cash", query="?q=%00%27%22").status_code == 200


def test_a_receipt_is_cancelled_on_its_page_and_after_the_close_no_more(
    small: Small, desk: Sit
) -> None:
    owed = family(small)
    block = money.block(small, small.chen)
    chen, query = desk("chen"), f"?household={household_id()}"
    chen.follow("cash", query=query, **ticket(block, owed[:1]))
    chen.follow("cash", query=query, **ticket(block, owed[1:2]))
    first, second = Receipt.here.order_by("number")

    empty = chen.post("cash_receipt", first.id, reason="")
    assert "Write the reason" in text(empty)
    assert "写错人" in text(chen.follow("cash_receipt", first.id, reason="写错人"))
    chen.follow("cash", act="close", insurance="390", **notes(44_000))
    late = chen.post("cash_receipt", second.id, reason="写错人")
    assert late.status_code == 422
    assert "ask for a refund" in text(late)
    assert Cancelled.here.count() == 1
    assert desk("liu").get("cash_receipt", first.id).status_code == 404


def test_the_day_s_end_names_every_number_that_stands_for_no_money(small: Small, desk: Sit) -> None:
    owed = family(small)
    block = money.block(small, small.chen)
    chen, query = desk("chen"), f"?household={household_id()}"
    for one in owed:
        chen.follow("cash", query=query, **ticket(block, [one]))
    chen.follow("cash_receipt", Receipt.here.get(number=1).id, reason="写错人")
    lost = {"act": f"sheet-{block}", "number": "0000004", "why": "lost", "reason": "路上丢了"}
    chen.follow("cash_blocks", **lost)
    again = text(chen.post("cash_blocks", **{**lost, "number": "0000002"}))
    assert "The number 0000002 of the block" in again
    assert "the next one is 0000005" in again
    assert "print it again" in again

    page = text(chen.get("cash"))
    assert "0000001 to 0000003, 3 receipts no number left out" in page
    assert "0000001 Cancelled: 写错人 0000004 Lost: 路上丢了" in page
    Block.here.filter(id=block).update(next=7)
    assert "2 numbers missing" in text(chen.get("cash"))
    Block.here.filter(id=block).update(next=5)

    chen.follow("cash", act="close", insurance="390", **notes(88_000))
    chen.follow("cash", act="offer", insurance="390")
    slip = HandOver.here.get().id
    assert "3, of these 1 cancelled" in text(chen.get("handover", slip))
    printed = text_of(chen.get("handover_pdf", slip).content)
    assert "3，其中作废1" in printed


def test_ten_yuan_short_is_seen_and_needs_a_reason(small: Small, desk: Sit) -> None:
    owed = family(small)
    block = money.block(small, small.chen)
    chen = desk("chen")
    chen.follow("cash", query=f"?household={household_id()}", **ticket(block, owed))

    counted = chen.post("cash", act="count_notes", insurance="390", **notes(131_000))
    refused = chen.post("cash", act="close", insurance="390", **notes(131_000))

    assert "10 yuan too little" in text(counted)
    assert refused.status_code == 422
    assert "The book says 1,320 yuan, you counted 1,310" in text(refused)
    assert not CashDay.here.exists()
    page = text(chen.follow("cash", act="close", insurance="390", reason="找错", **notes(131_000)))
    assert "The day is closed" in page
    assert "Hand 1,310 yuan over, write the slip" in page
    assert "Its officer counts with you" in page
    assert "in the bank by" in page


def _stale(page: Any) -> None:
    """What was done already is said, and the button leads to the page as it is now."""
    assert page.status_code == 409
    assert "This was done already" in text(page)
    assert f'href="{page.wsgi_request.path}"' in page.content.decode()


def test_cash_goes_from_the_village_to_the_bank_page_by_page(small: Small, desk: Sit) -> None:
    custody.account(small, "170")
    account = custody.account(small)
    owed = family(small)
    block = money.block(small, small.chen)
    chen, meng, luo, gu = desk("chen"), desk("meng"), desk("luo"), desk("gu")
    chen.follow("cash", query=f"?household={household_id()}", **ticket(block, owed))
    chen.follow("cash", act="close", insurance="390", **notes(132_000))

    slip_page = chen.follow("cash", act="offer", insurance="390")
    slip = HandOver.here.get()
    assert slip.number in text(slip_page)
    assert chen.get("handover_pdf", slip.id).content.startswith(b"%PDF")
    assert "陈秋生" in text(meng.get("takeover"))
    wrong = meng.post("handover", slip.id, act="accept", counted="1310")
    assert "you counted 1,310" in text(wrong)
    accept = {"act": "accept", "counted": "1320", "key": str(uuid4())}
    assert "Taken over and signed" in text(meng.follow("handover", slip.id, **accept))
    assert "Nothing was done twice" in text(meng.follow("handover", slip.id, **accept))
    _stale(meng.post("handover", slip.id, act="accept", counted="1320"))

    first = re.search(r'<option value="([0-9a-f-]{36})"', meng.get("takeover").content.decode())
    assert first
    assert first[1] == str(account), "the form begins with the account that the safe's cash is for"

    day: dict[str, Any] = {
        "paid_in_on_year": TODAY.year,
        "paid_in_on_month": TODAY.month,
        "paid_in_on_day": TODAY.day,
    }
    paid: dict[str, Any] = {"act": "pay_in", "account": account, "slip_number": "0001", **day}
    assert "Only 1,320 yuan" in text(meng.post("takeover", amount="1321", **paid))
    assert "The deposit is noted" in text(meng.follow("takeover", amount="1,320", **paid))

    table = f"{TODAY},1320,B1,现金存入\n{TODAY},999,B2\n"
    wrong = luo.post("finance_bank", act="paste", account=account, table=f"{TODAY},x,B1\n")
    assert "Row 1: the amount is not plain" in text(wrong)
    luo.follow("finance_bank", act="paste", account=account, table=table)
    line = BankLine.here.get(reference="B1")
    page = luo.get("finance_bank")
    assert f'name="line_{line.id.hex}"' in page.content.decode()
    match = {"act": "match", f"line_{line.id.hex}": str(Deposit.here.get().id)}
    match["key"] = str(uuid4())
    assert "The money is in the bank" in text(luo.follow("finance_bank", **match))
    assert "Nothing was done twice" in text(luo.follow("finance_bank", **match))
    _stale(luo.post("finance_bank", **{**match, "key": str(uuid4())}))

    closing: dict[str, Any] = {
        "day_year": TODAY.year,
        "day_month": TODAY.month,
        "day_day": TODAY.day,
    }
    closed = text(luo.follow("finance_days", act="close", insurance="390", **closing))
    finance_day = FinanceDay.here.get()
    assert "Receipts written 1 " in re.sub(r"(How many|Amount) ", "", closed)
    assert "a colleague must confirm it" in closed
    assert luo.post("finance_day", finance_day.id, act="confirm").status_code == 422
    confirm = {"act": "confirm", "key": str(uuid4())}
    assert "The day is confirmed" in text(gu.follow("finance_day", finance_day.id, **confirm))
    assert "Nothing was done twice" in text(gu.follow("finance_day", finance_day.id, **confirm))
    _stale(gu.post("finance_day", finance_day.id, act="confirm"))
    assert gu.get("day_pdf", finance_day.id).content.startswith(b"%PDF")
    late = chen.post("cash", act="close", insurance="390", **notes(0))
    assert late.status_code == 422


def test_finance_sees_overdue_cash_differences_and_denials_and_closes_one(
    small: Small, desk: Sit
) -> None:
    [receipt] = custody.collected(small, small.chen)
    custody.close(small.chen, 43_000, "找错了")
    denial = new_id()
    PayerAnswer.here.create(
        id=denial, county=cast.COUNTY, receipt_id=receipt.id, right=False, how="phone",
        note="没交过", by_id=new_id(), at=clock.now(),
    )  # fmt: skip
    luo = desk("luo")

    page = text(luo.get("finance"))
    assert "10 yuan too little: 找错了" in page
    assert "没交过" in page
    assert "430.00 yuan" in page
    done = text(luo.follow("finance_denial", denial, act="close", finding="女儿代交的"))
    assert "The denial is closed" in done
    assert answers.denials(frozenset({"390"})) == []
    assert desk("cai").get("finance_denial", denial).status_code == 404


def test_denials_that_are_cut_say_so_and_each_can_be_closed(
    small: Small, desk: Sit, monkeypatch: pytest.MonkeyPatch
) -> None:
    denied = []
    for receipt in custody.collected(small, small.chen, people=3):
        denied.append(new_id())
        PayerAnswer.here.create(
            id=denied[-1], county=cast.COUNTY, receipt_id=receipt.id, right=False, how="phone",
            note="没交过", by_id=new_id(), at=clock.now(),
        )  # fmt: skip
    monkeypatch.setattr(answers, "MOST_DENIALS", 2)
    luo = desk("luo")

    for name in ("finance", "money_lists"):
        page = text(luo.get(name))
        assert "Only the first 2 of 3 are shown" in page
        assert "Denied payments 3 " in page
    sent = {"act": "close", "finding": "女儿代交的", "key": str(uuid4())}
    for _ in range(2):
        assert "The denial is closed" in text(luo.follow("finance_denial", denied[2], **sent))
    other = {**sent, "finding": "别的话"}
    assert luo.post("finance_denial", denied[1], **other).status_code == 422


def test_finance_issues_a_block_and_reads_it_number_by_number(small: Small, desk: Sit) -> None:
    luo = desk("luo")
    run: dict[str, Any] = {
        "act": "issue",
        "holder": small.chen.id,
        "label": "25-杏花-03",
        "kind": "official",
    }

    wrong = luo.post("finance_blocks", **run, first="9", last="1")
    luo.follow("finance_blocks", **run, first="8351", last="8450")
    block = Block.here.get()
    chen = desk("chen")
    sheet = {"act": f"sheet-{block.id}", "number": "8351", "why": "spoilt", "reason": "污了"}
    assert "goes on with the next one" in text(chen.follow("cash_blocks", **sheet))
    page = text(luo.get("finance_block", block.id))
    given = text(chen.follow("cash_blocks", act=f"back-{block.id}"))

    assert "is not complete" in text(wrong)
    assert "0008351 Spoilt" in page
    assert "0008352 Unused" in page
    assert "given back" in given
    assert desk("cai").get("finance_block", block.id).status_code == 404


def test_a_collector_reads_the_own_block_number_by_number(small: Small, desk: Sit) -> None:
    owed = family(small)
    block = money.block(small, small.chen)
    chen, query = desk("chen"), f"?household={household_id()}"
    chen.follow("cash", query=query, **ticket(block, owed))
    receipt = Receipt.here.get()
    assert "Cancel it" in text(chen.get("cash_receipt", receipt.id))

    numbers = chen.get("cash_block", block)

    assert (
        reverse("cash_block", args=[cast.COUNTY, block]) in chen.get("cash_blocks").content.decode()
    )
    assert f"/receipts/{receipt.id}" in numbers.content.decode()
    assert "0000001 Used" in text(numbers)
    assert "0000002 Unused" in text(numbers)
    for other in ("liu", "meng"):
        assert desk(other).get("cash_block", block).status_code == 404
    # Once the day is closed, nothing offers what is refused then.
    custody.close(small.chen, receipt.amount_fen)
    assert "Cancel it" not in text(chen.get("cash_receipt", receipt.id))


def test_every_page_is_for_its_own_role(small: Small, desk: Sit) -> None:
    roles = {
        "cash": {"chen", "meng"}, "cash_blocks": {"chen", "meng"}, "takeover": {"meng"},
        "finance": {"luo"}, "finance_blocks": {"luo"}, "finance_bank": {"luo"},
        "finance_days": {"luo"},
    }  # fmt: skip
    for login in ("chen", "meng", "luo", "wei"):
        seat = desk(login)
        for name, allowed in roles.items():
            assert seat.get(name).status_code == (200 if login in allowed else 404), (login, name)


def test_navigation_names_the_pages_of_each_role(small: Small, desk: Sit) -> None:
    assert "Take cash" in text(desk("chen").get("worklist"))
    assert "Take over" in text(desk("meng").get("worklist"))
    assert "Bank" in text(desk("luo").get("finance"))
    assert reverse("finance", args=[cast.COUNTY]) in desk("luo").get("finance").content.decode()


def test_no_page_needs_more_than_fifteen_statements_however_much_there_is(
    small: Small, desk: Sit
) -> None:
    account = custody.account(small)
    pages: dict[str, list[int]] = {}
    for many in (0, 1, 6):
        if many:
            first = 100 * many
            family(small, f"{first:04d}", many + 1, first)
            block = money.block(small, small.chen, first, first + 49)
            claims = [cast.claim(first + 40 + serial) for serial in range(many)]
            owed = money.approved(small, claims=claims)
            tickets = [money.ticket(first + place, [one]) for place, one in enumerate(owed)]
            money.collect(small.chen, block, *tickets)
            for place in range(many):
                custody.line(small, account, 44_000 + first + place, f"B{first + place}")
        found = f"?household={household_id(f'{100 * many:04d}')}" if many else ""
        seats = {"cash": ("chen", found), "takeover": ("meng", ""), "finance": ("luo", ""),
                 "finance_blocks": ("luo", ""), "finance_bank": ("luo", ""),
                 "finance_days": ("luo", ""), "cash_blocks": ("chen", "")}  # fmt: skip
        for name, (login, query) in seats.items():
            seat = desk(login)
            seat.get(name, query=query)
            with CaptureQueriesContext(connection) as seen:
                assert seat.get(name, query=query).status_code == 200
            pages.setdefault(name, []).append(len(seen))

    assert {name: counts for name, counts in pages.items() if max(counts) > 15} == {}


def test_cash_too_old_is_red_on_every_page_that_holds_or_watches_it(
    small: Small, desk: Sit
) -> None:
    CashDay.here.create(
        id=new_id(), county=cast.COUNTY, collector_id=small.chen.id, collector_name="陈秋生",
        office_id=small.chen.office_id, office_name="杏花村", insurance="390",
        day=TODAY - timedelta(days=20), oldest_on=TODAY - timedelta(days=20), receipts=1, cancelled=0,
        expected_fen=44_000, counted_fen=44_000, notes="{}", closed_at=clock.now(),
    )  # fmt: skip

    assert "Cash is overdue" in text(desk("chen").get("cash"))
    for login, name in (("meng", "takeover"), ("luo", "finance")):
        assert re.search(r"陈秋生 .* overdue, since", text(desk(login).get(name)))
    for login, name in (("ren", "takeover"), ("cai", "finance")):
        assert "overdue, since" not in text(desk(login).get(name))


def test_lists_that_are_cut_say_so_and_show_more(
    small: Small, desk: Sit, monkeypatch: pytest.MonkeyPatch
) -> None:
    for place in range(3):
        HandOver.here.create(
            id=new_id(), county=cast.COUNTY, number=f"JJ-{place}", collector_id=small.chen.id,
            collector_name="陈秋生", from_office_name="杏花村", office_id=small.meng.office_id,
            office_name="柳泉镇", insurance="390", amount_fen=100, oldest_on=TODAY, token=f"t{place}",
            offered_on=TODAY, offered_at=clock.now(), state="refused" if place else "offered",
        )  # fmt: skip
    monkeypatch.setattr(custody_reads, "SHOWN", 2)

    page = text(desk("meng").get("takeover"))
    more = text(desk("meng").get("takeover", query="?more=1"))
    own = text(desk("chen").get("cash_blocks"))

    assert "JJ-0" in page, "what waits for its signature stands first"
    assert "Only the first 1 of 2 are shown. Show more of them" in page
    assert "Only the first" not in more
    assert "Only the first 2 of 3 are shown" in own


def test_finance_sees_all_deposits_on_the_way_where_the_list_is_cut(
    small: Small, desk: Sit, monkeypatch: pytest.MonkeyPatch
) -> None:
    account = custody.account(small)
    custody.collected(small, small.chen, people=3)
    custody.close(small.chen, 132_000)
    custody.handed(small, small.chen, 132_000)
    for place in (1, 2, 3):
        custody.paid_in(small, account, 44_000, f"S-{place}")
    monkeypatch.setattr(custody_reads, "SHOWN", 2)
    luo = desk("luo")

    page = text(luo.get("finance"))
    assert "On the way to the bank 1,320.00 yuan" in page
    assert "Only the first 2 of 3 are shown. Show more of them" in page
    assert "S-3" in text(luo.get("finance", query="?more=1"))
    assert "Only the first 2 of 3 are shown. Look for a line" in text(luo.get("finance_bank"))


@pytest.mark.parametrize("cap", ["MOST_FOUND", "_MOST_ROWS"])
def test_a_search_that_finds_too_many_households_says_so(
    small: Small, desk: Sit, monkeypatch: pytest.MonkeyPatch, cap: str
) -> None:
    people = [cast.identity(serial, name=f"王小{serial}") for serial in (1, 2, 3)]
    money.approved(
        small,
        claims=[
            cast.claim(place, identity=one, household_number=f"04{place:02d}")
            for place, one in enumerate(people, 1)
        ],
    )
    whole = text(desk("chen").get("cash", query="?q=王小"))
    monkeypatch.setattr(finding, cap, 2)

    page = text(desk("chen").get("cash", query="?q=王小"))

    assert "Only the first" not in whole
    assert "Only the first 2 of 3 are shown. Type more of the name, or the number." in page


def test_a_slip_that_was_sent_back_says_so_to_its_collector(small: Small, desk: Sit) -> None:
    custody.collected(small, small.chen)
    custody.close(small.chen, 44_000)
    chen = desk("chen")
    chen.follow("cash", act="offer", insurance="390")
    slip = HandOver.here.get().id

    empty = desk("meng").post("handover", slip, act="refuse", reason="")
    desk("meng").follow("handover", slip, act="refuse", reason="少一张 100 元")

    assert empty.status_code == 422
    page = text(chen.get("cash"))
    assert "The last slip was sent back. 孟庆华: 少一张 100 元" in page
    assert "Hand 440 yuan over" in page
    assert "Sent back" in text(chen.get("cash_blocks"))
