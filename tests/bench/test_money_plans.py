"""No page of money reads a table from end to end, however many have paid.

CANBAO_PLAN_ROWS=600000 asks the same of a county's whole season; the tables are filled by SQL from a random
season of every act.
"""

from __future__ import annotations

from functools import partial
from typing import Any, Final

import pytest

from canbao.insured.tables import Cover
from canbao.kernel import clock, county
from canbao.payments import bringing, charges
from canbao.payments.banking.tables import BankLine, FinanceDay
from canbao.payments.channels.cash.tables import HandOver
from canbao.payments.tables import Block, Charge, Receipt
from canbao.people import officers, phones
from canbao.people.tables import Person
from canbao.simulate import cast
from canbao.simulate.season import play
from canbao.simulate.season.world import ACTS, World
from tests.bench.test_plans import ROWS, Opens, grown, read_whole, selects
from tests.web.desk.conftest import Desk, seated, text
from tests.web.portal.resident import Resident

PEOPLE: Final = 60 + ROWS // 5000
# What the county counts of a whole season reads it: what was said of the unpaid, and how many there are.
COUNTS_ALL: Final = {
    "luozhenbang season": "season_asked",
    "luozhenbang lists": "SELECT COUNT(*)",
}


@pytest.fixture
def world(own_database: str) -> Any:
    with county.inside(cast.CODE):
        made = play.begin(6, PEOPLE, play.autumn(clock.today()))
        for name in sorted(ACTS):
            play.step(made, name)
        for _ in range(3 * PEOPLE):
            play.step(made)
        # A day that was closed, and lines of the bank, are rare by chance.
        for _ in range(20):
            for name in (
                "close_day",
                "offer",
                "sign",
                "pay_in",
                "enter_lines",
                "match",
                "next_day",
                "close_finance",
            ):
                play.step(made, name)
        yield made


def of_the_counter(seat: Desk, world: World) -> dict[str, Opens]:
    """What a collector opens: the empty counter, a household found by name, a receipt, the numbers, the lists."""
    receipt = Receipt.here.filter(collector_id=seat_of(world, seat).id).first()
    assert receipt is not None
    payer = Person.here.get(id=world.homes["390"][0][0])
    found: dict[str, Opens] = {
        "counter": partial(seat.get, "cash"),
        "counter by name": partial(seat.get, "cash", query=f"?q={payer.name[:2]}"),
        "receipt": partial(seat.get, "cash_receipt", receipt.id),
        "numbers": partial(seat.get, "cash_blocks"),
        "season": partial(seat.get, "season"),
        "visits": partial(seat.get, "season_visits"),
        "refund by name": partial(seat.get, "refund_find", query=f"?q={payer.name[:2]}"),
    }
    return {f"{seat.login} {name}": opened for name, opened in found.items()}


def seat_of(world: World, seat: Desk) -> Any:
    return world.actors[seat.login]


def of_finance(seat: Desk) -> dict[str, Opens]:
    """What finance opens: what waits, blocks, somebody's charges, the bank, closed days, lists, refunds."""
    line = BankLine.here.filter(account__insurance="390").first()
    day, block = FinanceDay.here.filter(insurance="390").first(), Block.here.first()
    charge = Charge.here.filter(insurance="390").select_related("person").first()
    assert line is not None
    assert day is not None
    assert block is not None
    assert charge is not None
    name = charge.person.name[:2]
    found: dict[str, Opens] = {
        "overview": partial(seat.get, "finance"),
        "blocks": partial(seat.get, "finance_blocks"),
        "block": partial(seat.get, "finance_block", block.id),
        "charges": partial(seat.get, "finance_charges", query=f"?q={name}"),
        "person": partial(seat.get, "finance_person", charge.person_id),
        "bank": partial(seat.get, "finance_bank"),
        "bank searched": partial(seat.get, "finance_bank", query="?q=12"),
        "line": partial(seat.get, "finance_line", line.id),
        "days": partial(seat.get, "finance_days"),
        "lists": partial(seat.get, "money_lists"),
        "season": partial(seat.get, "season"),
    }
    found |= {
        f"refunds {tab}": partial(seat.get, "refunds", query=f"?tab={tab}")
        for tab in ("payout", "finance", "due", "write_off", "paid")
    }
    return {f"{seat.login} {name}": opened for name, opened in found.items()}


def of_a_payer() -> dict[str, Opens]:
    """What somebody with a receipt opens on a phone."""
    cover = Cover.here.select_related("enrolment").order_by("id").last()
    assert cover is not None
    payer = cover.enrolment.person_id
    browser = Resident("13800001427").logged_in()
    phones.bind(officers.system(), browser.contact, payer, "counter", at=clock.now())
    receipt = Receipt.here.exclude(token="").first()
    assert receipt is not None
    return {
        f"phone {one}": partial(browser.get, one)
        for one in ("", "owe", "record", "money-back", f"receipt/{receipt.token}")
    }


def test_pages_of_money_read_no_table_from_end_to_end(own_database: str, world: World) -> None:
    slip = HandOver.here.first()
    assert slip is not None
    collector = next(one for one in world.collectors if Receipt.here.filter(collector_id=one.id))
    login = next(name for name, actor in world.actors.items() if actor == collector)
    pages = of_the_counter(seated(login), world)
    pages |= of_finance(seated("luozhenbang")) | of_a_payer()
    cashier = seated("mengqinghua")
    pages["takeover"] = partial(cashier.get, "takeover")
    pages["slip"] = partial(cashier.get, "handover", slip.id)

    large = grown(own_database)

    assert large >= {"charge", "charge_share", "receipt", "ledger_posting"}
    for name, opened in pages.items():
        with selects() as seen:
            answer = opened()
        assert answer.status_code == 200, (name, text(answer)[:600])
        for sql, params in seen:
            if COUNTS_ALL.get(name, sql + "!") not in sql:
                assert not read_whole(sql, params) & large, (name, sql)
    settled = list(
        Charge.here.filter(state=charges.State.SETTLED).values_list("id", flat=True)[:12]
    )
    with selects() as seen:
        assert bringing.into(settled)
    for sql, params in seen:
        assert not read_whole(sql, params) & large, sql
