"""Finance corrects a charge on its page: what it says, what the record says now, one press, and what is then due."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from uuid import UUID, uuid4

from django.db import connection
from django.test.utils import CaptureQueriesContext

from canbao.kernel import clock
from canbao.payments import queries
from canbao.payments.charges import ChargeRow
from canbao.payments.tables import Charge, RefundDue
from canbao.people.tables import Category
from tests import small as cast
from tests.cases import refunding
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


def pressed(desk: Desk, one: ChargeRow, act: str = "correct", **more: str) -> dict[str, str]:
    """What the form of an act sends as it stands on the page."""
    page = desk.get("finance_person", one.person_id).content.decode()
    name = f"{act}-{one.id}"
    form = next(part for part in page.split("<form") if f'value="{name}"' in part).split("</form>")[
        0
    ]
    sums = {}
    for tag in re.findall(r"<input[^>]*>", form):
        found = dict(re.findall(r'(name|value)="([^"]*)"', tag))
        if found.get("name") in {"own_fen", "too_much_fen"}:
            sums[found["name"]] = found["value"]
    return {"act": name, **sums, **more}


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

    sent = pressed(luo, owed, key=str(uuid4()))
    first = text(luo.follow("finance_person", owed.person_id, **sent))
    again = text(luo.follow("finance_person", owed.person_id, **sent))
    anew = luo.post("finance_person", owed.person_id, **{**sent, "key": str(uuid4())})

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
    luo.follow("finance_person", owed[1].person_id, **pressed(luo, owed[1]))

    page = luo.get("finance_charges").content.decode()
    assert str(owed[1].person_id) not in page


def test_what_is_pressed_is_what_was_shown_or_nothing(small: Small, desk: Sit) -> None:
    [owed] = paid(small)
    listed(owed)
    luo = desk("luo")
    seen = pressed(luo, owed)
    assert (seen["own_fen"], seen["too_much_fen"]) == ("22000", "22000")
    listed(owed, "low_income")

    late = luo.post("finance_person", owed.person_id, **seen)

    assert late.status_code == 422
    assert "has changed since this page was opened" in text(late)
    assert not RefundDue.here.exists()
    for strange in (
        {"own_fen": "x"},
        {"own_fen": "-1"},
        {"own_fen": "9" * 40},
        {"too_much_fen": ""},
    ):
        answer = luo.post("finance_person", owed.person_id, **{**seen, **strange})
        assert answer.status_code == 422
    luo.follow("finance_person", owed.person_id, **pressed(luo, owed))
    assert RefundDue.here.get().amount_fen == 44000


def test_a_correction_by_a_wrong_list_is_taken_back_on_the_page(small: Small, desk: Sit) -> None:
    [owed] = paid(small)
    listed(owed)
    luo = desk("luo")
    luo.follow("finance_person", owed.person_id, **pressed(luo, owed))
    Category.here.update(to_on=clock.today() - timedelta(days=1))

    assert "To be given back, and no longer due 220.00 yuan" in text(
        luo.get("finance_person", owed.person_id)
    ).replace("The charge so far ", "")
    luo.follow("finance_person", owed.person_id, **pressed(luo, owed))

    assert RefundDue.here.get().state == "taken_back"
    assert "220 yuan" not in text(luo.get("refunds", query="?tab=due"))


def test_a_charge_that_a_refund_ended_is_opened_again_with_one_press(
    small: Small, desk: Sit
) -> None:
    [source] = refunding.paid(small, [0])
    cases = refunding.asked(small, source)
    refunding.to_payout(small, cases)
    assert not refunding.passed(small.gu, cases).refused
    [owed] = queries.charged([source.person_id])
    luo = desk("luo")
    page = text(luo.get("finance_person", owed.person_id))
    assert "was ended by a refund" in page
    assert "Open it again; 440 yuan are then to be paid" in page

    sent = pressed(luo, owed, "reopen", key=str(uuid4()))
    for said in (luo.follow("finance_person", owed.person_id, **sent) for _twice in range(2)):
        assert "The charge is open again" in text(said)
        assert "agrees with the record" in text(said)

    assert Charge.here.values_list("state", "revision").get() == ("open", 2)
    again = luo.post("finance_person", owed.person_id, **{**sent, "key": str(uuid4())})
    assert (again.status_code, "nothing to open again" in text(again)) == (422, True)


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
    Charge.here.filter(id=owed[1].id).update(state="cancelled")
    luo = desk("luo")

    pages: list[tuple[str, list[UUID]]] = [("finance_charges", [])]
    for name, args in [*pages, *(("finance_person", [one.person_id]) for one in owed[:2])]:
        luo.get(name, *args)
        with CaptureQueriesContext(connection) as seen:
            assert luo.get(name, *args).status_code == 200
        sent = [one["sql"] for one in seen.captured_queries if "SAVEPOINT" not in one["sql"]]
        assert len(sent) <= 15, sent
