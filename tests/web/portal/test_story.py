"""The first part of the story: a household applies on a phone."""

from __future__ import annotations

from datetime import date

from canbao.cases import flow, queries
from canbao.cases.claim import Channel
from canbao.kernel import clock
from canbao.people import officers, phones
from tests import small as cast
from tests.small import Small
from tests.web.portal.resident import (
    Cast,
    Resident,
    begin,
    enter,
    here,
    ids,
    number,
    send_photos,
    sign_all,
)

WANG = Cast("王守田", number(date(1970, 3, 14), 31), "02")
CHILD_BORN = date(clock.today().year - 6, 5, 2)
YINUO = Cast("王一诺", number(CHILD_BORN, 22), "42", "child", "赵雅琴", "parent")
ZHAO_RIGHT = number(date(1993, 1, 1), 42)
ZHAO_WRONG = ZHAO_RIGHT[:-1] + ("1" if ZHAO_RIGHT[-1] != "1" else "2")
LI = cast.identity(30, name="李桂香")


def test_two_of_four_go_ahead_while_one_mends_a_number_and_one_is_insured(small: Small) -> None:
    household = {"household_number": "0317", "relation": "10"}
    insured = [cast.claim(30, identity=LI, **household)]
    cast.bring_to(flow.ARCHIVE, small, insured)
    pension = cast.claim(31, insurance="170", **{**household, "relation": "02"})
    (case,) = cast.bring_to(flow.ARCHIVE, small, [pension], "170")
    browser = Resident("13800001427").logged_in()
    person = queries.view(small.shi, case).case.person_id
    phones.bind(officers.system(), browser.contact, person, "counter", at=clock.now())
    browser.get("")

    page = enter(browser, begin(browser), WANG)
    assert "李桂香" in page.content.decode()
    page = browser.step(here(page), {"add": "yes"})
    zhao = Cast("赵雅琴", ZHAO_WRONG, "38").who
    answer = browser.post(here(page), zhao)
    assert answer.status_code == 422
    assert 'name="later"' in answer.content.decode()
    page = browser.step(here(page), {**zhao, "later": "yes"})
    draft, _ = ids(page)
    page = browser.step(f"apply/{draft}", {"add": "yes"})
    li = {"name": LI.name, "number": LI.number, "relation": "10", "kind": "id_card"}
    page = browser.step(here(page), li)
    page = browser.step(f"apply/{draft}", {"add": "yes"})
    page = enter(browser, page, YINUO)
    page = browser.step(here(page))
    while here(page).endswith("/photos"):
        page = send_photos(browser, page)
    text = page.content.decode()
    assert here(page).endswith("/check")
    assert WANG.number not in text
    assert ZHAO_WRONG not in text
    assert text.count("cb-person--error") == 1

    page = sign_all(browser, draft)
    page = browser.step(here(page))

    assert here(page).endswith("/done")
    mine = officers.resident(browser.contact)
    assert mine is not None
    from canbao.cases import following

    names = {row.name: row for row in following.mine(mine) if row.channel == Channel.PHONE}
    assert set(names) == {"王守田", "王一诺"}
    view = queries.view(small.chen, names["王一诺"].id)
    assert view.fields["signed_by"] == ["赵雅琴", "parent"]
    assert {scan.kind for scan in view.scans} >= {"id_front", "photo"}
    assert "赵雅琴" in page.content.decode()
    # 赵雅琴 follows with the right number.
    page = browser.get(f"apply/{draft}/check")
    assert "王守田" not in page.content.decode().replace("Good day", "")
