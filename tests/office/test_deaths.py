"""A death is recorded from the page of a case, by township or county."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import uuid4

from canbao.kernel import clock
from canbao.people.tables import Person, PersonChange
from tests import small as cast
from tests.office.test_pages import at_desk, day, url
from tests.small import Small


def test_a_death_closes_the_case_and_keeps_its_paper(small: Small) -> None:
    claims = [cast.claim(3, insurance="170")]
    [case] = cast.bring_to("township", small, claims, "170")
    client = at_desk("meng")
    page = url("office_died", case)

    assert page in client.get(url("case", case)).content.decode()
    assert client.get(page).status_code == 200
    sent: dict[str, Any] = {"act": "died", "proof": "死亡证明 0312"}
    empty = client.post(page, {**sent, "key": str(uuid4())})
    assert empty.status_code == 422
    before = client.post(page, {**sent, **day("died_on", date(1800, 1, 1)), "key": str(uuid4())})
    assert before.status_code == 422
    today = day("died_on", clock.today())
    answer = client.post(page, {**sent, **today, "key": str(uuid4())})

    assert answer.status_code == 303
    row = cast.rows(small.shi, [case])[case]
    assert (row.is_open, row.status) == (False, "withdrawn")
    assert Person.here.get(id=row.person_id).dead_on == clock.today()
    assert PersonChange.here.get(field="dead_on").proof == "死亡证明 0312"
    assert page not in client.get(url("case", case)).content.decode()
    again = client.post(page, {**sent, **today, "key": str(uuid4())})
    assert again.status_code == 422


def test_it_is_no_act_of_the_village_and_not_of_another_township(small: Small) -> None:
    [case] = cast.submit(small.chen, [cast.claim(3)])

    for login in ("chen", "ren", "luo"):
        assert at_desk(login).get(url("office_died", case)).status_code == 404
