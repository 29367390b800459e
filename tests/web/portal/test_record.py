"""A person's own record and receipts on the phone, and the pages behind the QR codes."""

from __future__ import annotations

import re
from typing import Any

import pytest

from canbao.insured.tables import Cover, CoverCertificate, EnrolmentYear
from canbao.kernel import clock
from canbao.payments.charges import ChargeRow
from canbao.payments.tables import PayerAnswer, Receipt
from tests import small as cast
from tests.payments import family, money
from tests.small import Small
from tests.web.portal.resident import Resident
from tests.web.portal.test_owe import text

Owing = dict[str, ChargeRow]


@pytest.fixture(autouse=True)
def in_autumn(settings: Any) -> None:
    """The season is open, whenever the suite runs."""
    settings.CANBAO_BUSINESS_DATE = "11-20"


@pytest.fixture
def paid(small: Small, wang: Resident) -> Receipt:
    """The family of four has paid; the phone is the householder's."""
    found = family.owing(small)
    family.bind(wang.contact, found["王守田"].person_id)
    block = money.block(small, small.chen)
    due = [row for row in found.values() if row.due_fen]
    assert not money.collect(small.chen, block, money.ticket(1, due)).refused
    wang.get("")
    receipt: Receipt = Receipt.here.get()
    return receipt


def test_the_home_page_asks_whether_the_money_is_right(wang: Resident, paid: Receipt) -> None:
    said = text(wang.get(""))
    assert "这笔钱对吗？ 1,270 元" in said
    assert wang.last <= 15

    page = wang.get(f"receipts/{paid.id}")
    said = text(page)
    assert wang.last <= 15
    assert "收据 0000001 1,270 元" in said
    assert "陈秋生收了 1,270 元" in said
    said = text(wang.step(f"receipts/{paid.id}", {"answer": "right"}))
    assert "交款人说：钱对" in said
    assert PayerAnswer.here.get().right
    assert "这笔钱对吗" not in text(wang.get(""))


def test_a_no_is_kept_with_its_words_and_nonsense_is_told(wang: Resident, paid: Receipt) -> None:
    assert wang.post(f"receipts/{paid.id}", {"answer": "perhaps"}).status_code == 422
    said = text(wang.step(f"receipts/{paid.id}", {"answer": "wrong", "note": "少找了 10 元"}))
    assert "由收款人以外的人去查" in said
    kept = PayerAnswer.here.get()
    assert (kept.right, kept.note) == (False, "少找了 10 元")
    assert wang.post(f"receipts/{paid.id}", {"answer": "right"}).status_code == 422


def test_the_receipt_in_hand_shows_masked_names_and_takes_the_answer(
    wang: Resident, paid: Receipt
) -> None:
    anybody = Resident("")
    said = text(anybody.get(f"receipt/{paid.token}"))
    assert anybody.last <= 15
    assert "县里账上有这张收据" in said
    assert "0000001" in said
    assert "王*田" in said
    assert "王守田" not in said

    said = text(anybody.step(f"receipt/{paid.token}", {"answer": "wrong", "note": ""}))
    assert "交款人说：钱不对" in said
    assert PayerAnswer.here.get().how == "receipt"
    assert anybody.get("receipt/nothing").status_code == 404
    assert anybody.get(f"receipts/{paid.id}").status_code == 302


def test_the_receipt_is_printed_for_its_people_only(
    small: Small, wang: Resident, paid: Receipt
) -> None:
    assert wang.get(f"receipts/{paid.id}.pdf").content.startswith(b"%PDF")
    other = Resident("13800009999").logged_in()
    assert other.get(f"receipts/{paid.id}.pdf").status_code == 404
    assert other.get(f"receipts/{paid.id}").status_code == 404
    assert Resident("").get(f"receipts/{paid.id}.pdf").status_code == 404


def test_the_record_holds_years_cover_and_receipts_of_the_household(
    wang: Resident, paid: Receipt
) -> None:
    year = clock.today().year + 1
    said = text(wang.get("record"))
    assert wang.last <= 15
    assert f"{year} 年医保" in said
    assert f"{year} 年 1 月 1 日到 {year} 年 12 月 31 日" in said
    assert "在集中缴费期内交的" in said
    assert "收据 0000001" in said
    wife = re.search(r"who=([0-9a-f-]{36})\">李桂香", wang.get("record").content.decode())
    assert wife is not None
    said = text(wang.get(f"record?who={wife[1]}"))
    assert "李桂香" in said
    assert "政府代交" in said
    assert wang.get("record?who=00000000-0000-0000-0000-000000000000").status_code == 404
    assert wang.get("record?who=%00").status_code == 404


def test_a_year_of_the_time_before_counts_as_paid_by_its_cover(
    wang: Resident, paid: Receipt
) -> None:
    year = clock.today().year
    enrolment = Cover.here.filter(enrolment__person__name="王守田").get().enrolment_id
    EnrolmentYear.here.create(
        county=cast.COUNTY, enrolment_id=enrolment, year=year, level="adult", own_fen=40000,
        pack_sha256="0" * 64, at=clock.now(),
    )  # fmt: skip
    assert f"{year} 年医保 未交" in text(wang.get("record"))
    one = Cover.here.filter(enrolment_id=enrolment).get()
    Cover.here.create(
        county=cast.COUNTY, enrolment_id=enrolment, year=year, from_on=f"{year}-01-01",
        to_on=f"{year + 1}-01-01", why=one.why, at=clock.now(),
    )  # fmt: skip

    assert f"{year} 年医保 已交" in text(wang.get("record"))


def test_a_certificate_is_genuine_until_its_cover_is_taken_back(
    wang: Resident, paid: Receipt
) -> None:
    page = wang.get("record").content.decode()
    link = re.search(r"/record/certificate/[0-9a-f-]{36}\.pdf", page)
    assert link is not None
    assert wang.get(f"/{cast.COUNTY}{link[0]}").content.startswith(b"%PDF")
    token = CoverCertificate.here.get().token

    anybody = Resident("")
    said = text(anybody.get(f"certificate/{token}"))
    assert "是真的。可以报销的日子见下面，今天不在里面。" in said
    assert "王*田" in said
    Cover.here.update(void_at=clock.now())
    assert "后来待遇取消了" in text(anybody.get(f"certificate/{token}"))
    assert wang.get(f"/{cast.COUNTY}{link[0]}").status_code == 404
    assert anybody.get("certificate/nothing-at-all-here").status_code == 404


def test_the_pension_account_of_any_past_day(small: Small, wang: Resident) -> None:
    [charge] = money.approved(small, 1, "170")
    family.bind(wang.contact, charge.person_id)
    wang.get("")
    block = money.block(small, small.chen)
    assert not money.collect(small.chen, block, money.ticket(1, [charge])).refused

    said = text(wang.get("record/account"))
    assert wang.last <= 15
    assert "养老个人账户 500 元" in said
    assert "别处还没补进来的" in said
    yesterday = clock.today().replace(day=clock.today().day - 1)
    assert "养老个人账户 0 元" in text(wang.get(f"record/account?until={yesterday}"))
    for typed, told in (("soon", "日期请写成"), ("2999-01-01", "这一天还没到")):
        assert told in text(wang.get(f"record/account?until={typed}"))
    assert wang.get(f"record/statement.pdf?until={yesterday}").content.startswith(b"%PDF")


def test_a_phone_that_is_not_bound_has_no_record(wang: Resident) -> None:
    assert "还不知道这部手机是您的" in text(wang.get("record"))
    assert wang.get("record/account").status_code == 404
    assert wang.get("record/statement.pdf").status_code == 404
