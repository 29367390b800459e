"""Money given back on the pages: asked at a desk, checked, approved, and the bank's results entered by the list."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pypdfium2
import pytest

from canbao.cases import refund_lists
from canbao.cases.flow import Verdict
from canbao.cases.tables import Case
from canbao.kernel import clock, statements
from canbao.kernel.tables import Audit
from canbao.papers.tables import Paper
from canbao.payments import refunds, writing_off
from canbao.payments.checking import differences
from canbao.payments.refund_requests import Source
from canbao.payments.refunds import State
from canbao.payments.tables import RefundAsk, RefundDue
from canbao.people import queries as people
from canbao.people.tables import Person
from tests import small as cast
from tests.cases import refunding as steps
from tests.web.desk.conftest import Desk, picture, text, uuid_in, version, yes

Sit = Callable[[str], Desk]


def pdf_text(response: Any) -> str:
    """The words of a printed paper, without their gaps."""
    pages = pypdfium2.PdfDocument(response.content)
    return re.sub(r"\s+", "", "".join(one.get_textpage().get_text_bounded() for one in pages))


def typed(source: Source, **changes: str) -> dict[str, str]:
    """A sound form."""
    name = people.persons([source.person_id])[source.person_id].name
    return {
        "source": str(source.id), f"seen_{source.id}": str(source.fen), f"part_{source.id}": "0",
        "reason": "paid_twice", "drawn": "no", "relation": "self", "signer": "",
        "holder": name, "bank": "农行", "number": "6222 0202 0000 1234 567", **changes,
    }  # fmt: skip


def test_the_whole_way_over_the_pages(small: cast.Small, desk: Sit) -> None:
    [source] = steps.paid(small, [1])
    village, county, first, second = (desk(one) for one in ("chen", "wei", "luo", "gu"))
    name = people.persons([source.person_id])[source.person_id].name
    found = village.get("refund_find", query=f"?q={name}")
    assert name in text(found)
    page = village.get("refund_ask", source.person_id)
    assert "440 yuan, receipt 101" in text(page)

    again = typed(source)
    key = {"key": "0f0f0f0f-0000-4000-8000-000000000001"}
    done = village.follow("refund_ask", source.person_id, **again, **key)
    assert "It is asked" in text(done)
    assert "It is asked" in text(village.follow("refund_ask", source.person_id, **again, **key))
    case = Case.here.get(kind="refund").id
    assert RefundAsk.here.count() == 1

    page = county.get("case", case)
    assert "Where the money goes" in text(page)
    assert "**** 4567" in text(page)
    asked = ("applicant_signed", "reason_proven", "receipt_seen", "nothing_drawn", "account_seen")
    county.follow("case", case, version=version(page), act="keep", **yes(*asked))
    after = county.follow("case", case, version=version(page), act="pass", **yes(*asked))
    assert "Finance, first" in text(after)

    assert name in text(first.get("worklist"))
    page = first.get("case", case)
    agreed = yes("county_marks", "refund_agrees")
    first.follow("case", case, version=version(page), act="keep", **agreed)
    first.follow("case", case, version=version(page), act="pass", **agreed)
    assert "You acted on this case at another desk" in text(first.get("case", case))

    listed = second.get("refunds")
    assert "**** 4567" in text(listed)
    assert "6222020200001234567" not in text(listed)
    hidden = second.post("refunds", act="numbers")
    assert "6222020200001234567" not in text(hidden)
    seen = f"{case}.{Case.here.get(id=case).version}"
    early = second.post("refunds", act="results", case=seen, **{f"result_{case}": "paid"})
    assert "was not handed to the bank yet" in text(early)
    sent = {"act": "send", "send": seen, "key": "0f0f0f0f-0000-4000-8000-000000000002"}
    for _ in range(2):
        handed = text(second.follow("refunds", **sent))
        assert "Handed to the bank on" in handed
        assert "by 顾清" in handed
    assert "handed to the bank already" in text(desk("qin").post("refunds", act="send", send=seen))
    shown = second.post("refunds", act="numbers")
    assert "6222020200001234567" in text(shown)
    assert Audit.here.filter(event="case.account_seen", subject_id=case).count() == 1
    paid = second.follow("refunds", act="results", case=seen, **{f"result_{case}": "paid"})
    assert "It is kept" in text(paid)
    assert RefundDue.here.get().state == State.PAID
    assert name in text(second.get("refunds", query="?tab=paid"))
    assert "the bank has paid" in text(county.get("case", case))
    assert differences() == []


def test_what_the_bank_did_not_pay_needs_its_reason_and_another_account(
    small: cast.Small, desk: Sit
) -> None:
    [source] = steps.paid(small, [1])
    [case] = steps.asked(small, source)
    steps.to_payout(small, [case])
    first, second = desk("luo"), desk("gu")
    seen = f"{case}.{Case.here.get(id=case).version}"
    failed = {f"result_{case}": "failed"}

    key = str(uuid4())
    refused = second.post("refunds", act="results", case=seen, key=key, **failed)
    assert (refused.status_code, RefundDue.here.get().state) == (422, State.SENT)
    told = {**failed, f"note_{case}": "账号不存在", "key": key}
    second.follow("refunds", act="results", case=seen, **told)
    second.follow("refunds", act="results", case=seen, **told)
    other = second.post("refunds", act="results", case=seen, **told | {f"result_{case}": "paid"})
    assert other.status_code == 409, (
        "an old key with something else in the form is not taken for done"
    )

    assert RefundDue.here.get().state == State.FAILED
    assert "账号不存在" in text(first.get("refunds", query="?tab=finance"))
    page = first.get("refund_account", case)
    holder = RefundAsk.here.get().holder
    form = {
        "version": version(page),
        "holder": holder,
        "bank": "工行",
        "number": "62122616000099991",
    }
    wrong = first.post("refund_account", case, **{**form, "holder": "张三"})
    assert wrong.status_code == 422
    assert "in the name of whoever gets the money back" in text(wrong)
    assert "**** 9991" in text(first.follow("refund_account", case, **form))


def test_whoever_wrote_the_account_is_told_that_a_colleague_hands_it_over(
    small: cast.Small, desk: Sit
) -> None:
    [case] = steps.asked(small, *steps.paid(small, [1]))
    assert not steps.passed(small.wei, [case]).refused
    writer, other = desk("gu"), desk("qin")
    page = writer.get("refund_account", case)
    holder = RefundAsk.here.get().holder
    form = {
        "version": version(page),
        "holder": holder,
        "bank": "工行",
        "number": "62122616000099991",
    }
    writer.follow("refund_account", case, **form)
    assert not steps.passed(small.luo, [case]).refused
    why = "You wrote this account; a colleague hands the refund to the bank."
    seen = f"{case}.{Case.here.get(id=case).version}"

    own = writer.get("refunds")
    assert why in text(own)
    assert f"send_{case}" not in own.content.decode()
    refused = writer.post("refunds", act="send", send=seen)
    assert (refused.status_code, RefundDue.here.get().state) == (422, State.APPROVED)
    assert "You wrote the account of this refund yourself" in text(refused)
    assert why not in text(other.get("refunds"))
    assert "Handed to the bank on" in text(other.follow("refunds", act="send", send=seen))


def test_a_form_that_is_not_right_says_so_at_its_field(small: cast.Small, desk: Sit) -> None:
    [source] = steps.paid(small, [1])
    county = desk("wei")

    def refused(**changes: str) -> str:
        page = county.post("refund_ask", source.person_id, **typed(source, **changes))
        assert page.status_code == 422
        return text(page)

    assert "8 to 30 figures" in refused(number="12")
    assert "in the name of whoever" in refused(holder="张三")
    assert "has changed since" in refused(**{f"seen_{source.id}": "1"})
    assert "The death is not entered yet" in refused(reason="died")
    assert "At most the 440 yuan" in refused(**{f"seen_{source.id}": "44001"})
    assert "Nothing is chosen at “Why”" in refused(reason="")
    assert not RefundAsk.here.exists()
    assert refused(reason="\0", number="９" * 40)


def test_who_signs_for_somebody_who_died_is_named_at_its_field(
    small: cast.Small, desk: Sit
) -> None:
    [source] = steps.paid(small, [1])
    village = desk("chen")
    Person.here.filter(id=source.person_id).update(dead_on=clock.today())
    page = village.get("refund_ask", source.person_id)
    assert "for a child or somebody who died, that of whoever signs" in text(page)
    for wrong in ({"relation": "self"}, {"relation": "proxy"}, {"relation": "parent"}):
        refused = village.post(
            "refund_ask", source.person_id, **typed(source, reason="died", **wrong)
        )
        assert refused.status_code == 422
        assert re.search(r'href="#id_signer"[^>]*>[^<]*cannot sign', refused.content.decode())
    assert not RefundAsk.here.exists()
    right = typed(source, reason="died", relation="proxy", signer="王丙", holder="王丙")
    village.follow("refund_ask", source.person_id, **right)
    assert RefundAsk.here.get().holder == "王丙"


def test_no_browser_keeps_an_account(small: cast.Small, desk: Sit) -> None:
    [source] = steps.paid(small, [1])
    [case] = steps.asked(small, source)
    [other] = steps.paid(small, [2])
    for page in (
        desk("chen").get("refund_ask", other.person_id), desk("wei").get("refund_account", case),
    ):  # fmt: skip
        field = re.search(r'<input[^>]*name="number"[^>]*>', page.content.decode())
        assert field is not None
        assert 'autocomplete="off"' in field[0]


def test_papers_come_with_the_ask_and_stand_beside_the_data(small: cast.Small, desk: Sit) -> None:
    [source] = steps.paid(small, [1])
    village, county = desk("chen"), desk("wei")
    form = typed(source, relation="proxy", signer="王丙", holder="王丙")
    Person.here.filter(id=source.person_id).update(dead_on=clock.today())
    broken = io.BytesIO(b"GIF89a")
    broken.name = "x.gif"
    card: dict[str, Any] = {"file_account_card": picture("card")}
    refused = village.post("refund_ask", source.person_id, **form, **card, file_death_proof=broken)
    assert refused.status_code == 422
    assert "1 page is here" in text(refused)
    assert not RefundAsk.here.exists()
    kept = re.search(r'name="kept" value="([^"]+)"', refused.content.decode())
    assert kept is not None
    papers: dict[str, Any] = {
        "file_death_proof": picture("death"),
        "file_proxy_proof": picture("heir"),
    }
    village.follow("refund_ask", source.person_id, **form, **papers, kept=kept[1])

    case = Case.here.get(kind="refund").id
    page = text(county.get("case", case))
    for title in ("Bank card or passbook", "Death certificate", "Proof of the proxy"):
        assert title in page
    kinds = Paper.here.filter(subject_id=case, form="").values_list("kind", flat=True)
    assert set(kinds) == {"account_card", "death_proof", "proxy_proof"}


def test_a_card_that_is_brought_later_is_added_while_the_county_checks(
    small: cast.Small, desk: Sit
) -> None:
    [source] = steps.paid(small, [1])
    [case] = steps.asked(small, source)
    for login in ("chen", "wei"):
        one = desk(login)
        assert "Add scanned sheets" in text(one.get("case", case))
        page = one.get("desk_scan", case)
        one.follow(
            "desk_scan", case, version=version(page), file_account_card=picture(f"card of {login}")
        )
    assert Paper.here.filter(subject_id=case, kind="account_card").count() == 2
    assert desk("he").get("desk_scan", case).status_code == 404
    assert desk("luo").get("desk_scan", case).status_code == 404

    page = desk("wei").get("desk_scan", case)
    assert not steps.passed(small.wei, [case]).refused
    late = desk("wei").post(
        "desk_scan", case, version=version(page), file_account_card=picture("late")
    )
    assert late.status_code == 422
    assert "Add scanned sheets" not in text(desk("wei").get("case", case))


def test_a_refused_refund_gets_its_letter_at_the_desk(small: cast.Small, desk: Sit) -> None:
    first, second = steps.asked(small, *steps.paid(small, [1, 2]))
    county, finance = desk("wei"), desk("luo")
    assert county.get("print_form", first, "decision").status_code == 404
    page = county.get("case", first, query="?do=refuse")
    why = {"code_0": "reason_not_proven", "about_0": "refund_proof", "why_0": "补来职工参保证明"}
    after = county.follow("case", first, version=version(page), act="refuse", **why)
    assert "Print the written decision" in text(after)
    assert "written decision" in text(county.get("case", first))
    letter = pdf_text(county.get("print_form", first, "decision"))
    for said in ("不予退费", "原因没有证明", "补来职工参保证明", "不同意怎么办", "440"):
        assert said in letter

    form = pdf_text(county.get("print_form", first, "copy-1"))
    assert "理由见结果告知书" in form
    assert "同意退费" not in form
    assert "Agreed to give the money back" not in text(county.get("case", first))

    # Finance may refuse too; the letter names the office that did.
    assert not steps.passed(small.wei, [second]).refused
    assert not cast.decide(small.luo, [second], Verdict.REFUSE).refused
    assert "经办人：罗振邦" in pdf_text(finance.get("print_form", second, "decision"))


def test_the_receipt_slip_names_who_had_it_first_however_far_it_has_come(
    small: cast.Small, desk: Sit
) -> None:
    [case] = steps.asked(small, *steps.paid(small, [1]))
    slip = pdf_text(desk("wei").get("print_form", case, "receipt"))
    for said in ("申请受理回执", "退费", "钱还没有退", "医疗保障局", "最迟办到"):
        assert said in slip

    assert not steps.passed(small.wei, [case]).refused

    later = pdf_text(desk("wei").get("print_form", case, "receipt"))
    assert later.replace("补打", "") == slip
    assert "receipt slip" in text(desk("wei").get("case", case))
    assert desk("wei").get("print_form", case, "missing").status_code == 404


def test_the_letter_of_what_was_paid_names_the_account_it_went_to(
    small: cast.Small, desk: Sit
) -> None:
    [case] = steps.asked(small, *steps.paid(small, [1]))
    steps.to_payout(small, [case])
    assert desk("gu").get("print_form", case, "decision").status_code == 404
    assert not steps.passed(small.gu, [case]).refused
    letter = pdf_text(desk("wei").get("print_form", case, "decision"))
    assert "已经退费" in letter
    assert "****4567" in letter


def test_two_write_off_what_nobody_can_be_paid(small: cast.Small, desk: Sit) -> None:
    source = steps.due(small, 1)
    first, second = desk("luo"), desk("gu")
    empty = first.post("refunds", query="?tab=due", act="propose", chosen=str(source.id))
    assert "Write the reason" in text(empty)
    note = {f"note_{source.id}": "户口已注销"}
    first.follow("refunds", query="?tab=due", act="propose", chosen=str(source.id), **note)

    page = first.get("refunds", query="?tab=write_off")
    assert "a colleague decides" in text(page)
    page = second.get("refunds", query="?tab=write_off")
    proposal = str(uuid_in(page.content.decode().split('name="proposal"')[1][:80]))
    second.follow(
        "refunds", query="?tab=write_off", act="decide", proposal=proposal, verdict="confirm"
    )

    assert RefundDue.here.get().state == State.WRITTEN_OFF


def test_the_lists_of_finance_take_as_few_statements_for_many(small: cast.Small, desk: Sit) -> None:
    sources = steps.paid(small, range(1, 9))
    [one] = steps.asked(small, sources[0])
    steps.to_payout(small, [one])
    finance = desk("gu")
    finance.get("refunds")
    with statements.seen() as few:
        finance.get("refunds")
    steps.to_payout(small, steps.asked(small, *sources[1:]))
    with statements.seen() as many:
        finance.get("refunds")

    assert len(many) <= len(few) <= 15, [one for one in many if one not in few]


def test_garbage_in_the_list_of_refunds_gets_a_gentle_answer(small: cast.Small, desk: Sit) -> None:
    [case] = steps.asked(small, *steps.paid(small, [1]))
    steps.to_payout(small, [case])
    finance = desk("gu")
    for sent in ("", "x", f"{case}", f"{case}.x", f"{case}.99999999999999999999", f"{case}.-1"):
        assert finance.post("refunds", act="send", send=sent).status_code in {404, 422}
    assert finance.post("refunds", act="send").status_code == 422


def test_only_finance_sees_the_list_and_only_askers_the_form(small: cast.Small, desk: Sit) -> None:
    [source] = steps.paid(small, [1])
    assert desk("wei").get("refunds").status_code == 404
    assert desk("luo").get("refund_ask", source.person_id).status_code == 404
    assert desk("he").get("refund_ask", source.person_id).status_code == 404
    assert desk("chen").get("refund_ask", source.person_id).status_code == 200


def test_every_tab_that_is_cut_says_so_and_counts_what_is_due(
    small: cast.Small, desk: Sit, monkeypatch: pytest.MonkeyPatch
) -> None:
    for serial in (1, 2, 3):
        steps.due(small, serial)
    steps.to_payout(small, steps.asked(small, *steps.paid(small, [11, 12, 13])))
    finance = desk("luo")
    assert "Only the first" not in text(finance.get("refunds"))
    monkeypatch.setattr(refunds, "MOST", 2)
    monkeypatch.setattr(refund_lists, "MOST", 2)
    monkeypatch.setattr(writing_off, "MOST", 1)

    said = "Only the first 2 of 3 are shown"
    assert said in text(finance.get("refunds"))
    due = text(finance.get("refunds", query="?tab=due"))
    assert said in due
    assert "Due, not asked for 3" in due
    rows = refunds.waiting(small.luo)
    reasons = {one.id: "找不到人" for one in rows}
    outcome = writing_off.propose_write_off(small.gu, reasons, at=clock.now(), key=cast.key())
    assert not outcome.refused
    listed = text(finance.get("refunds", query="?tab=write_off"))
    assert "Only the first 1 of 2 are shown" in listed
    payouts = list(Case.here.filter(desk="payout").values_list("id", flat=True))
    assert not steps.passed(small.gu, payouts).refused
    assert f"{said}. Show more of them" in text(finance.get("refunds", query="?tab=paid"))
    assert "Only the first" not in text(finance.get("refunds", query="?tab=paid&more=1"))


def test_whole_account_numbers_stay_in_no_cache(small: cast.Small, desk: Sit) -> None:
    asked, other = steps.paid(small, [1, 2])
    [case] = steps.asked(small, asked)
    county, finance = desk("wei"), desk("gu")

    wrong = county.post("refund_ask", other.person_id, **typed(other, bank=""))
    assert wrong.status_code == 422
    assert "6222 0202 0000 1234 567" in wrong.content.decode()
    assert wrong["Cache-Control"] == "no-store"
    account = {"holder": "张三", "bank": "", "number": "62122616000099991"}
    wrong = county.post("refund_account", case, version="1", **account)
    assert wrong.status_code == 422
    assert "62122616000099991" in wrong.content.decode()
    assert wrong["Cache-Control"] == "no-store"
    steps.to_payout(small, [case])
    page = finance.post("refunds", act="numbers")
    assert "6222020200001234567" in text(page)
    assert page["Cache-Control"] == "no-store"
