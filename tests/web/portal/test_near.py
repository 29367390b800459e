"""A number with one wrong digit on a phone: nobody else's data is shown, the own household's is."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

from canbao.cases import flow
from canbao.kernel import clock
from canbao.kernel.tables import Audit
from canbao.people import officers, phones
from tests import small as cast
from tests.web.desk.conftest import put_in_register
from tests.web.desk.test_near import mistyped, pressed
from tests.web.portal.resident import Resident, begin, errors, here

WIFE = replace(cast.identity(2, birth_on=date(1972, 8, 9)), name="赵雅琴")
STRANGER = replace(cast.identity(3), name="何生疏")


def typed(page: Any, browser: Resident, who: Any, **more: str) -> Any:
    said = {"name": who.name, "number": mistyped(who.number), "relation": "10", "kind": "id_card"}
    return browser.post(here(page), {**said, **more})


def test_a_new_phone_learns_only_that_one_digit_is_wrong(small: cast.Small, wang: Resident) -> None:
    put_in_register([cast.identity(1), WIFE])
    page = typed(begin(wang), wang, WIFE)

    assert page.status_code == 422
    assert "身份证号好像有一位不对" in " ".join(errors(page))
    assert 'name="near"' not in page.content.decode()
    assert not Audit.here.filter(event__startswith="register.near").exists()


def test_a_bound_phone_is_shown_its_own_household_and_nobody_else(
    small: cast.Small, wang: Resident
) -> None:
    put_in_register([cast.identity(1), WIFE], household="0317")
    put_in_register([STRANGER], household="0555")
    claim = cast.claim(1, household_number="0317")
    [case] = cast.bring_to(flow.ARCHIVE, small, [claim])
    person = cast.rows(small.wei, [case])[case].person_id
    phones.bind(officers.system(), wang.contact, person, "counter", at=clock.now())
    wang.get("")

    page = typed(begin(wang), wang, STRANGER)
    assert 'name="near"' not in page.content.decode()
    page = typed(page, wang, WIFE)
    assert page.status_code == 422
    assert "赵雅琴" in page.content.decode()
    looks = Audit.here.filter(event="register.near_seen", actor_id=wang.contact)
    assert looks.count() == 1

    after = typed(page, wang, WIFE, near=pressed(page))
    assert after.status_code == 303
    assert not after.headers["Location"].endswith("/who")
    assert Audit.here.filter(event="register.near_taken", actor_id=wang.contact).count() == 1
