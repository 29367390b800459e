"""An advance at the counter: somebody whose application is on its way is found, pays, and every mistake is said."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from canbao.cases import death
from canbao.cases.door import CaseRow
from canbao.cases.tables import Case
from canbao.kernel import clock
from canbao.kernel.ids import new_id
from canbao.payments import queries
from canbao.payments.tables import Block, Receipt
from canbao.policy.rules.resolved import Rules
from tests import small as cast
from tests.cases.test_advance import at_county
from tests.payments import money
from tests.small import Small
from tests.web.desk.conftest import Desk, text

Sit = Callable[[str], Desk]


def at_county_row(small: Small, serial: int = 1, insurance: str = "170") -> CaseRow:
    """One application that waits for the county."""
    [case] = at_county(small, range(serial, serial + 1), insurance)
    return cast.rows(small.chen, [case])[case]


def ticket(block: UUID, *cases: CaseRow, **changes: Any) -> dict[str, Any]:
    """What the form of an advance sends."""
    given = {
        "act": "collect", "insurance": cases[0].insurance, "ticket": str(uuid4()), "block": str(block),
        "number": str(Block.here.get(id=block).next), "payer": "周长河", "given": "",
        "shown": str(sum(one.own_fen for one in cases)),
        "line": [f"{one.id}.{one.own_fen}" for one in cases],
    }  # fmt: skip
    return {**given, **changes}


def test_a_case_on_its_way_is_found_by_name_number_household_and_case(
    small: Small, desk: Sit
) -> None:
    case = at_county_row(small)
    money.block(small, small.chen, 8351, 8450)
    who = cast.identity(1)
    found = desk("chen")

    for typed in (who.name, who.number, case.household_number, case.number):
        page = text(found.get("cash", query=f"?q={typed}"))
        assert "Not decided yet: this is an advance" in page
        assert case.number in page
        assert "Take 500 yuan in advance, write the receipt" in page
    assert "Nobody was found" in text(desk("liu").get("cash", query=f"?q={case.number}"))
    assert desk("liu").get("cash", query=f"?case={case.id}").status_code == 404
    assert found.get("cash", query=f"?case={new_id()}").status_code == 404
    assert found.get("cash", query="?case=x").status_code == 404


def test_one_press_takes_the_advance_and_the_second_shows_its_receipt(
    small: Small, desk: Sit
) -> None:
    case = at_county_row(small)
    block = money.block(small, small.chen)
    chen, sent = desk("chen"), ticket(block, case, given="600", key=str(uuid4()))
    query = f"?case={case.id}"

    first = text(chen.follow("cash", query=query, **sent))
    again = text(chen.follow("cash", query=query, **sent))
    anew = text(chen.follow("cash", query=query, **ticket(block, case)))

    assert "500 yuan taken" in first
    assert "Give 100.00 yuan back" in first
    assert "Paid in advance The receipt says so" in first
    for page in (again, anew):
        assert "Not taken: this was paid for 1 person before" in page
    receipt = Receipt.here.get()
    assert (receipt.kind, receipt.amount_fen, receipt.number) == ("advance", 50_000, 1)
    assert "an advance was taken already" in text(chen.get("cash", query=query))
    assert chen.get("receipt_pdf", receipt.id).content.startswith(b"%PDF")
    assert not cast.decide(small.shi, [case.id]).refused
    assert queries.owed([case.person_id])[0].due_fen == 0
    assert "decided already" in text(chen.get("cash", query=query))


def test_a_round_sum_keeps_what_was_typed(small: Small, desk: Sit) -> None:
    case = at_county_row(small)
    sent = ticket(money.block(small, small.chen), case, quick="600", payer="周小河")
    del sent["act"]

    page = desk("chen").post("cash", query=f"?case={case.id}", **sent)

    assert "To give back 100.00 yuan" in text(page)
    assert 'value="周小河"' in page.content.decode()
    assert not Receipt.here.exists()


def test_a_household_gets_one_receipt_an_insurance(small: Small, desk: Sit) -> None:
    claims = [cast.claim(serial, household_number="0317") for serial in (1, 2)]
    one, two = cast.rows(small.chen, cast.submit(small.chen, claims)).values()
    pension = cast.claim(3, insurance="170", household_number="0317", year=clock.today().year)
    [other] = cast.rows(small.chen, cast.submit(small.chen, [pension])).values()
    block = money.block(small, small.chen)
    chen = desk("chen")

    page = text(chen.get("cash", query=f"?case={one.id}"))
    assert "One receipt, 2 people" in page
    assert "One receipt, 1 person" in page
    other_first = text(chen.get("cash", query=f"?case={other.id}"))
    assert other_first.index("One receipt, 1 person") < other_first.index("One receipt, 2 people")
    chen.follow("cash", query=f"?case={one.id}", **ticket(block, one, two))
    mixed = chen.post("cash", query=f"?case={two.id}", **ticket(block, other, one))

    assert Receipt.here.get().amount_fen == 88_000
    assert mixed.status_code == 422
    assert "One receipt holds one insurance" in text(mixed)


def test_the_household_shows_who_is_still_on_the_way(small: Small, desk: Sit) -> None:
    money.approved(small, claims=[cast.claim(1, household_number="0317")])
    late = cast.claim(2, household_number="0317")
    [case] = cast.submit(small.chen, [late])
    block = money.block(small, small.chen)
    chen = desk("chen")

    page = chen.get("cash", query="?q=0317")

    assert "Take 440 yuan, write the receipt" in text(page)
    assert f"Advance for {late.identity.name}" in text(page)
    assert f'href="?case={case}"' in page.content.decode()
    chen.follow("cash", query=f"?case={case}", **ticket(block, cast.rows(small.chen, [case])[case]))
    page = chen.get("cash", query="?q=0317")
    assert f"{late.identity.name}: the advance is taken" in text(page)
    assert str(Receipt.here.get().id) in page.content.decode()


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"given": "12"}, "less than the sum"),
        ({"payer": " "}, "Write the name"),
        ({"number": "7"}, "The next number of the block"),
        ({"paper_year": "2999", "paper_month": "1", "paper_day": "1"}, "lies in the future"),
        ({"line": [], "shown": "0"}, "Nobody is chosen"),
        ({"shown": "1"}, "comes to 500 yuan now"),
    ],
)
def test_a_mistake_is_said_and_takes_nothing(
    small: Small, desk: Sit, changes: dict[str, Any], said: str
) -> None:
    case = at_county_row(small)
    block = money.block(small, small.chen)

    page = desk("chen").post("cash", query=f"?case={case.id}", **ticket(block, case, **changes))

    assert page.status_code == 422
    assert said in text(page)
    assert not Receipt.here.exists()


def test_what_is_in_the_way_stands_on_the_line(
    small: Small, desk: Sit, monkeypatch: pytest.MonkeyPatch
) -> None:
    [free] = cast.submit(small.chen, [cast.claim(1)])
    Case.here.filter(id=free).update(own_fen=0)
    dead, decided, closed = (at_county_row(small, serial) for serial in (5, 9, 13))
    death.record(small.meng, dead.id, clock.today(), "死亡证明 0312", at=clock.now())
    assert not cast.decide(small.shi, [decided.id]).refused
    block = money.block(small, small.chen)
    chen = desk("chen")

    def line(case: UUID) -> str:
        return text(chen.get("cash", query=f"?case={case}"))

    assert "paid for by others, nothing may be taken" in line(free)
    assert "decided already" in line(dead.id)
    assert "decided already" in line(decided.id)
    late = chen.post("cash", query=f"?case={decided.id}", **ticket(block, decided))
    assert "The county has decided this application" in text(late)
    shut = type("Shut", (), {"takes": False})
    monkeypatch.setattr(Rules, "collects", lambda *_: shut)
    assert "money for this year is not taken now" in line(closed.id)
    assert not Receipt.here.exists()


def test_the_case_page_leads_to_the_advance_where_the_post_takes_cash(
    small: Small, desk: Sit
) -> None:
    case = at_county_row(small)
    link = f"?case={case.id}"

    assert "Take the money in advance" in text(desk("chen").get("case", case.id))
    assert link in desk("meng").get("case", case.id).content.decode()
    assert link not in desk("shi").get("case", case.id).content.decode()


def test_the_page_needs_few_statements_however_many_apply(small: Small, desk: Sit) -> None:
    money.block(small, small.chen)
    counts = []
    for first, many in ((0, 1), (20, 6)):
        claims = [cast.claim(first + one, household_number=f"09{first:02d}") for one in range(many)]
        case = cast.submit(small.chen, claims)[0]
        for query in (f"?case={case}", f"?q=09{first:02d}"):
            chen = desk("chen")
            chen.get("cash", query=query)
            with CaptureQueriesContext(connection) as seen:
                assert chen.get("cash", query=query).status_code == 200
            counts.append(len(seen))

    assert max(counts) <= 15
    assert counts[0] == counts[2]


def test_an_advance_written_by_hand_before_is_entered_with_its_day(small: Small, desk: Sit) -> None:
    case = at_county_row(small)
    block = money.block(small, small.chen)
    today: date = clock.today()
    paper = {
        "paper_year": today.year, "paper_month": today.month, "paper_day": today.day,
    }  # fmt: skip

    desk("chen").follow("cash", query=f"?case={case.id}", **ticket(block, case, **paper))

    assert Receipt.here.get().from_paper
