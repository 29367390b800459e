"""Finance corrects a charge on its page: what it says, what the record says now, one press, and what is then due."""

from __future__ import annotations

from collections.abc import Callable
from uuid import uuid4

from django.db import connection
from django.test.utils import CaptureQueriesContext

from canbao.kernel import clock
from canbao.payments.charges import ChargeRow
from canbao.payments.tables import Charge, RefundDue
from canbao.people.tables import Category
from tests import small as cast
from tests.payments import money
from tests.small import Small
from tests.web.desk.conftest import Desk, text

Sit = Callable[[str], Desk]


def paid(small: Small, people: int = 1) -> list[ChargeRow]:
    owed = money.approved(small, people)
    block = money.block(small, small.chen)
    tickets = [money.ticket(place, [one]) for place, one in enumerate(owed, 1)]
    assert not money.collect(small.chen, block, *tickets).refused
    return owed


def listed(one: ChargeRow, code: str = "monitored") -> None:
    Category.here.create(
        county=cast.COUNTY, person_id=one.person_id, code=code, evidence="2026-11 名单",
        from_on=clock.today(),
    )  # fmt: skip


def test_a_person_is_found_and_the_charge_corrected_with_one_press(small: Small, desk: Sit) -> None:
    [owed] = paid(small)
    listed(owed)
    luo, someone = desk("luo"), cast.identity(0)

    for typed in (someone.name, someone.number, f"{someone.birth_on} {someone.number[-4:]}"):
        assert (
            str(owed.person_id) in luo.get("finance_charges", query=f"?q={typed}").content.decode()
        )
    page = text(luo.get("finance_person", owed.person_id))
    assert "Own share 440.00 yuan By today&#x27;s record 220.00 yuan" in page.replace(
        "The charge so far ", ""
    )
    assert "2026-11 名单" in page
    assert "To be given back, from receipt 0000001" in page
    assert not RefundDue.here.exists()

    sent = {"act": f"correct-{owed.id}", "key": str(uuid4())}
    first = text(luo.follow("finance_person", owed.person_id, **sent))
    again = text(luo.follow("finance_person", owed.person_id, **sent))
    anew = luo.post("finance_person", owed.person_id, act=f"correct-{owed.id}")

    for said in (first, again):
        assert "The charge is corrected" in said
        assert "agrees with the record" in said
    assert anew.status_code == 422
    assert RefundDue.here.get().amount_fen == 22000
    due = luo.get("refunds", query="?tab=due")
    assert "220 yuan" in text(due)
    assert f"/finance/charges/{owed.person_id}" in due.content.decode()
    assert f"/refund/{owed.person_id}" in desk("wei").get("money_lists").content.decode()


def test_charges_that_no_longer_agree_are_listed_until_they_are_corrected(
    small: Small, desk: Sit
) -> None:
    owed = paid(small, 3)
    luo = desk("luo")
    assert "Every charge that was looked at agrees" in text(luo.get("finance_charges"))
    listed(owed[1])
    Category.here.create(
        county=cast.COUNTY, person_id=owed[2].person_id, code="monitored",
        from_on=clock.today(), to_on=clock.today(),
    )  # fmt: skip

    page = luo.get("finance_charges").content.decode()
    assert [str(one.person_id) in page for one in owed] == [False, True, True]
    luo.follow("finance_person", owed[1].person_id, act=f"correct-{owed[1].id}")

    page = luo.get("finance_charges").content.decode()
    assert str(owed[1].person_id) not in page


def test_the_page_is_for_finance_of_that_insurance_and_takes_garbage_gently(
    small: Small, desk: Sit
) -> None:
    [owed] = paid(small)
    listed(owed)
    luo = desk("luo")

    for login in ("chen", "wei", "meng"):
        assert desk(login).get("finance_charges").status_code == 404
        assert desk(login).get("finance_person", owed.person_id).status_code == 404
    cai = desk("cai")
    assert "Nothing is charged to this person here" in text(
        cai.get("finance_person", owed.person_id)
    )
    assert cai.post("finance_person", owed.person_id, act=f"correct-{owed.id}").status_code == 404
    assert luo.get("finance_person", uuid4()).status_code == 404
    assert luo.get("finance_charges", query="?q=x").status_code == 422
    assert luo.get("finance_charges", query="?q=%00%27%22%25").status_code < 500
    assert luo.post("finance_person", owed.person_id, act="nonsense").status_code == 404
    assert Charge.here.get().revision == 1


def test_the_pages_need_at_most_fifteen_statements(small: Small, desk: Sit) -> None:
    owed = paid(small, 4)
    for one in owed:
        listed(one)
    luo = desk("luo")

    for name, *args in (("finance_charges",), ("finance_person", owed[0].person_id)):
        luo.get(name, *args)
        with CaptureQueriesContext(connection) as seen:
            assert luo.get(name, *args).status_code == 200
        sent = [one["sql"] for one in seen.captured_queries if "SAVEPOINT" not in one["sql"]]
        assert len(sent) <= 15, sent
