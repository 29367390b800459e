"""Applying: prices, photos, signatures, refusals, a second press, and how many statements it takes."""

from __future__ import annotations

import re
from datetime import date
from typing import Any
from uuid import uuid4

import pytest

from canbao.cases import following, queries
from canbao.cases.door import CaseRow
from canbao.kernel import clock
from canbao.people import officers
from tests.small import Small
from tests.web.portal.resident import (
    Cast,
    Resident,
    applied,
    begin,
    blurred,
    enter,
    errors,
    here,
    ids,
    number,
    photo,
    send_photos,
    sign_all,
    signature,
)
from tests.web.portal.test_story import WANG, YINUO

YEAR = clock.today().year


def mine(browser: Resident) -> list[CaseRow]:
    actor = officers.resident(browser.contact)
    assert actor is not None
    return following.mine(actor)


def family(count: int) -> list[Cast]:
    return [
        Cast(f"王{chr(0x5B87 + one)}", number(date(1980, 1, 1 + one), 31), "02")
        for one in range(count)
    ]


def to_photos(browser: Resident, *cast: Cast, insurance: str = "390") -> tuple[Any, str]:
    page = begin(browser, insurance)
    for place, one in enumerate(cast):
        if place:
            page = browser.step(here(page), {"add": "yes"})
        page = enter(browser, page, one)
    page = browser.step(here(page))
    return page, re.findall(r"[0-9a-f-]{36}", here(page))[0]


def test_the_level_page_says_what_it_costs_who_pays_and_where_that_stands(wang: Resident) -> None:
    page = begin(wang)
    page = wang.step(here(page), WANG.who)
    page = wang.step(here(page), {**_home()})
    page = wang.step(here(page), WANG.answers)
    text = page.content.decode()
    assert "440" in text
    assert "380" in text
    assert "（虚构）" in text
    assert re.search(r'value="adult" checked', text)
    assert 'value="child"' not in text, "a grown-up does not take the children's price"
    assert wang.post(here(page), {"level": "child"}).status_code == 422
    shown = wang.post(here(page), {"level": "adult", "again": "yes"})
    assert shown.status_code == 200


def test_who_is_at_school_after_all_chooses_the_level_again(wang: Resident) -> None:
    page = begin(wang)
    young = Cast("王一诺", number(date(YEAR - 18, 1, 1), 15), "02", "child")
    page = wang.step(here(page), young.who)
    page = wang.step(here(page), {**_home()})
    more = here(page)
    page = wang.step(more, {**young.answers, "student": "school"})
    assert 'value="adult"' not in page.content.decode()
    wang.step(here(page), {"level": "child"})
    told = wang.step(more, {**young.answers, "student": "none"}).content.decode()
    (again,) = set(re.findall(r'href="([^"]*/level)', told))
    assert re.search(r'value="adult" checked', wang.get(again).content.decode())


def _home() -> dict[str, str]:
    from tests.web.portal.resident import HOME

    return HOME


def test_the_pension_is_applied_for_in_the_same_way(wang: Resident) -> None:
    page = applied(wang, Cast("周长河", number(date(1980, 6, 1), 15), "02", "500"), insurance="170")
    assert here(page).endswith("/done")
    (row,) = mine(wang)
    assert (row.insurance, row.level, row.own_fen) == ("170", "500", 50000)


def test_an_elderly_applicant_lists_the_children(wang: Resident) -> None:
    old = Cast("周长河", number(date(YEAR - 62, 1, 1), 15), "02", "500")
    page = enter(wang, begin(wang, "170"), old)
    assert here(page).endswith("/family")
    child = {"name": "周明", "relation": "20", "number": number(date(1990, 2, 2), 33)}
    answer = wang.post(here(page), {**child, "add": "yes"})
    assert answer.status_code == 422  # where the child is insured is missing
    page = wang.step(here(page), {**child, "enrolled": "济南", "add": "yes"})
    assert "周明" in page.content.decode()
    page = wang.step(here(page))
    page = wang.step(here(page))
    page = wang.step(here(page), {"bring": "yes"})
    page = sign_all(wang, re.findall(r"[0-9a-f-]{36}", here(page))[0])
    page = wang.step(here(page))
    (row,) = mine(wang)
    actor = officers.resident(wang.contact)
    assert actor is not None
    (line,) = queries.view(actor, row.id).fields["family"]
    assert line["name"] == "周明"
    assert "number" not in line
    assert row.family_form


def test_photos_are_judged_and_a_bad_one_loses_no_good_one(wang: Resident) -> None:
    page, _draft = to_photos(wang, WANG)
    address = here(page)
    assert page.content.decode().count("cb-photo--missing") == 5
    wang.post(f"{address}?kind=id_front", {"photo": photo()})
    page = wang.post(f"{address}?kind=id_back", {"photo": blurred()})
    text = page.content.decode()
    assert text.count("cb-photo--good") == 1
    assert text.count("cb-photo--unreadable") == 1
    refused = wang.post(
        f"{address}?kind=photo", {"photo": photo(b"<svg onload=alert(1)>", "a.svg")}
    )
    assert refused.status_code == 422
    assert refused.content.decode().count("cb-photo--good") == 1
    picture = re.search(r'href="([^"]+/photos/[^"]+)"', text)
    assert picture
    seen = wang.get(picture[1])
    assert seen.headers["Content-Type"] == "image/jpeg"
    assert Resident("13900001427").logged_in().get(picture[1]).status_code == 404
    page = wang.post(f"{address}?kind=id_back", {"photo": photo()})
    assert page.content.decode().count("cb-photo--good") == 2


@pytest.mark.parametrize(
    ("more", "rule"),
    [({"other": ["employees_medical"]}, "职工医保"), ({}, "")],
)
def test_who_may_not_join_is_told_before_anybody_signs(
    wang: Resident, more: dict[str, list[str]], rule: str
) -> None:
    page = begin(wang)
    page = wang.step(here(page), WANG.who)
    page = wang.step(here(page), _home())
    page = wang.step(here(page), {**WANG.answers, **more})
    if rule:
        assert here(page).endswith("/check")
        assert rule in page.content.decode()
        assert "aria-disabled" in page.content.decode()
    else:
        assert here(page).endswith("/level")


def test_an_empty_or_broken_drawing_is_no_signature(wang: Resident) -> None:
    page, draft = to_photos(wang, WANG)
    wang.step(here(page), {"bring": "yes"})
    page = wang.follow(wang.get(f"apply/{draft}/signatures"))
    for drawn in ("", "data:image/png;base64,", "data:image/png;base64,AAAA", "x" * 100):
        assert wang.post(here(page), {"signature": drawn}).status_code == 422
    assert not mine(wang)
    page = wang.step(here(page), {"signature": signature()})
    assert here(page).endswith("/send")


def test_a_photo_of_a_signed_sheet_signs_too(wang: Resident) -> None:
    page, draft = to_photos(wang, WANG)
    wang.step(here(page), {"bring": "yes"})
    page = wang.follow(wang.get(f"apply/{draft}/signatures"))
    assert wang.post(here(page) + "?way=paper").status_code == 422
    page = wang.step(here(page) + "?way=paper", {"sheet": photo()})
    wang.step(here(page))
    (row,) = mine(wang)
    actor = officers.resident(wang.contact)
    assert actor is not None
    view = queries.view(actor, row.id)
    assert [(one.box, one.how) for one in view.marks] == [("applicant", "paper")]
    assert "signed_sheet" in {scan.kind for scan in view.scans}


def test_a_fingerprint_is_left_for_the_village(wang: Resident) -> None:
    page, draft = to_photos(wang, WANG, family(1)[0])
    while here(page).endswith("/photos"):
        page = wang.step(here(page), {"bring": "yes"})
    page = wang.follow(wang.get(f"apply/{draft}/signatures"))
    page = wang.step(here(page) + "?way=village")
    page = wang.step(here(page), {"signature": signature()})
    page = wang.step(here(page))
    assert here(page).endswith("/done")
    assert "王守田" in page.content.decode()
    assert [row.name for row in mine(wang)] == [family(1)[0].name]


def test_a_grandparent_signs_with_proof_only(wang: Resident) -> None:
    child = Cast("王一诺", YINUO.number, "42", "child", "王守田", "guardian")
    page, draft = to_photos(wang, child)
    assert 'id="guardian_proof"' in page.content.decode()
    wang.step(here(page), {"bring": "yes"})
    page = wang.follow(wang.get(f"apply/{draft}/signatures"))
    answer = wang.post(here(page) + "?way=proxy", {"name": "王守田", "sheet": photo()})
    assert answer.status_code == 422
    answer = wang.post(here(page), {"signature": signature()})
    assert answer.status_code == 422
    page = wang.step(
        here(page) + "?way=proxy", {"name": "王守田", "sheet": photo(), "evidence": photo()}
    )
    page = wang.step(here(page))
    (row,) = mine(wang)
    actor = officers.resident(wang.contact)
    assert actor is not None
    view = queries.view(actor, row.id)
    assert view.fields["signed_by"] == ["王守田", "guardian"]
    assert "guardian_proof" in {scan.kind for scan in view.scans}


def test_a_proxy_signs_for_an_adult_with_proof(wang: Resident) -> None:
    page, draft = to_photos(wang, WANG)
    wang.step(here(page), {"bring": "yes"})
    page = wang.follow(wang.get(f"apply/{draft}/signatures"))
    page = wang.step(
        here(page) + "?way=proxy", {"name": "赵雅琴", "sheet": photo(), "evidence": photo()}
    )
    wang.step(here(page))
    (row,) = mine(wang)
    actor = officers.resident(wang.contact)
    assert actor is not None
    assert queries.view(actor, row.id).fields["signed_by"] == ["赵雅琴", "proxy"]


def test_pressing_twice_shows_the_first_result(wang: Resident) -> None:
    page, draft = to_photos(wang, WANG)
    wang.step(here(page), {"bring": "yes"})
    page = sign_all(wang, draft)
    key = {"key": str(uuid4())}
    first = wang.post(here(page), key)
    second = wang.post(here(page), key)
    done = wang.follow(second)
    third = wang.follow(wang.post(here(page), key))
    assert first.status_code == second.status_code == 303
    (row,) = mine(wang)
    for answer in (done, third):
        assert row.number in answer.content.decode()
        assert "again" in answer.request["QUERY_STRING"]
    assert len(mine(wang)) == 1


def test_a_change_after_signing_asks_for_the_signature_again(wang: Resident) -> None:
    page, draft = to_photos(wang, WANG)
    _, person = ids(page)
    wang.step(here(page), {"bring": "yes"})
    page = sign_all(wang, draft)
    wang.step(f"apply/{draft}/{person}/level", {"level": "adult"})
    answer = wang.get(f"apply/{draft}/send")
    assert answer.status_code == 303
    page = wang.follow(wang.get(f"apply/{draft}/signatures"))
    assert here(page).endswith("/sign")


def test_what_others_have_on_record_is_not_told_to_a_new_phone(small: Small) -> None:
    first = Resident("13800001427").logged_in()
    applied(first, WANG)
    second = Resident("13900001427").logged_in()
    page, draft = to_photos(second, WANG)
    second.step(here(page), {"bring": "yes"})
    page = sign_all(second, draft)
    answer = second.post(here(page))
    assert answer.status_code == 422
    text = answer.content.decode()
    assert mine(first)[0].number not in text
    assert not mine(second)


def test_one_person_with_four_photos_takes_at_most_150_statements(small: Small) -> None:
    browser = Resident("13800001427")
    page = browser.get("")
    browser.ask()
    page = browser.follow(browser.prove(browser.code(), "/370199/apply"))
    page = browser.step(here(page), {"next": "/370199/apply"})
    page = enter(browser, _begun(browser), WANG)
    page = browser.step(here(page))
    draft, _ = ids(page)
    address = here(page)
    for kind in ("id_front", "id_back", "booklet_first", "booklet_own"):
        page = browser.post(f"{address}?kind={kind}", {"photo": photo()})
    # The pictures stand in the page itself: nothing more is fetched.
    assert page.content.decode().count('src="data:image/jpeg') == 4
    page = browser.step(address, {"bring": "yes"})
    page = sign_all(browser, draft)
    page = browser.step(here(page))
    assert here(page).endswith("/done")
    assert browser.statements <= 150


def _begun(browser: Resident) -> Any:
    return browser.step("apply", {"insurance": "390"})


@pytest.mark.parametrize("count", [1, 10])
def test_submitting_takes_at_most_25_statements(wang: Resident, count: int) -> None:
    page, draft = to_photos(wang, *family(count))
    while here(page).endswith("/photos"):
        page = wang.step(here(page), {"bring": "yes"})
    page = sign_all(wang, draft)
    answer = wang.post(here(page))
    assert answer.status_code == 303, errors(answer)
    assert wang.last <= 25
    page = wang.follow(answer)
    assert wang.last <= 15
    assert len(mine(wang)) == count


@pytest.mark.parametrize("count", [1, 6])
def test_no_page_takes_more_than_15_statements(wang: Resident, count: int) -> None:
    page, draft = to_photos(wang, *family(count))
    _, person = ids(page)
    page = send_photos(wang, page)
    applied(wang, WANG)
    case = mine(wang)[0].id
    for address in (
        "", "apply", f"apply/{draft}", f"apply/{draft}/check", f"apply/{draft}/{person}/who",
        f"apply/{draft}/{person}/home", f"apply/{draft}/{person}/more", f"apply/{draft}/{person}/level",
        f"apply/{draft}/{person}/photos", f"apply/{draft}/{person}/sign", "cases/", f"cases/{case}",
        f"cases/{case}/papers", f"cases/{case}/withdraw",
    ):  # fmt: skip
        wang.get(address)
        assert wang.last <= 15, address
