"""Proving a phone, agreeing to the notice, the home page, and what strangers see."""

from __future__ import annotations

import importlib
from datetime import timedelta
from uuid import uuid4

import pytest
from django.test import override_settings

from canbao.kernel import clock
from canbao.people import phones
from tests.small import Small
from tests.web.portal.resident import BASE, Resident, applied, begin, enter, here, ids
from tests.web.portal.test_story import WANG


def test_the_first_page_goes_to_the_only_county(small: Small) -> None:
    answer = Resident("").client.get("/")
    assert answer.headers["Location"] == BASE


@pytest.mark.parametrize("typed", ["", "1380000142", "12345678901", "０", "x" * 200, "\x00" * 5])
def test_what_is_no_mobile_number_is_asked_again(small: Small, typed: str) -> None:
    answer = Resident("").post("phone", {"phone": typed})
    assert answer.status_code == 422


def test_a_full_width_number_with_spaces_is_understood(small: Small) -> None:
    browser = Resident("＋86 138 0000 1427".replace("＋", "+"))
    page = browser.ask()
    assert here(page).endswith("/code")
    assert "138****1427" in page.content.decode()


def test_five_wrong_codes_end_it_and_a_new_one_works(small: Small) -> None:
    browser = Resident("13800001427")
    browser.ask()
    right = browser.code()
    wrong = "000000" if right != "000000" else "111111"
    for _try in range(phones.TRIES):
        assert browser.prove(wrong).status_code == 422
    assert browser.prove(right).status_code == 422
    browser.ask()
    assert browser.prove(browser.code()).status_code == 303


def test_an_expired_code_is_refused(small: Small, monkeypatch: pytest.MonkeyPatch) -> None:
    browser = Resident("13800001427")
    browser.ask()
    code = browser.code()
    now = clock.now
    monkeypatch.setattr(clock, "now", lambda: now() + phones.VALID + timedelta(seconds=1))
    assert browser.prove(code).status_code == 422


def test_a_code_works_once(small: Small) -> None:
    browser = Resident("13800001427")
    browser.ask()
    code = browser.code()
    assert browser.prove(code).status_code == 303
    again = Resident("13800001427")
    again.asking = browser.asking
    assert again.prove(code).status_code == 422
    again.asking = "changed" + browser.asking
    assert again.prove(code).headers["Location"].endswith("/phone")
    assert "contact" not in again.client.session


def test_a_sixth_code_within_an_hour_is_refused_gently(small: Small) -> None:
    browser = Resident("13800001427")
    for _one in range(phones.PER_HOUR):
        browser.ask()
    answer = browser.post("phone", {"phone": browser.phone})
    assert answer.status_code == 429


def test_the_code_stands_in_the_outbox_of_the_demonstration(small: Small) -> None:
    browser = Resident("13800001427")
    browser.ask()
    assert browser.code() in browser.get("outbox").content.decode()


def test_there_is_no_outbox_outside_the_demonstration() -> None:
    from canbao.web.portal import urls

    try:
        with override_settings(CANBAO_DEMO=False):
            names = {one.name for one in importlib.reload(urls).urlpatterns}
    finally:
        importlib.reload(urls)
    assert "outbox" not in names
    assert "home" in names


def test_nobody_applies_before_agreeing_to_the_notice(small: Small) -> None:
    browser = Resident("13800001427")
    browser.ask()
    answer = browser.prove(browser.code(), BASE + "apply")
    page = browser.follow(answer)
    assert here(page).endswith("/privacy")
    assert browser.get("apply").status_code == 303
    page = browser.step("privacy", {"next": BASE + "apply"})
    assert here(page).endswith("/apply")
    other = Resident("13800001427")
    other.ask()
    assert here(other.follow(other.prove(other.code()))) == BASE


@pytest.mark.parametrize("target", ["https://example.com/", "//example.com", "javascript:alert(1)"])
def test_a_link_to_another_house_is_not_followed(small: Small, target: str) -> None:
    browser = Resident("13800001427").logged_in()
    assert browser.post("privacy", {"next": target}).headers["Location"] == BASE


def test_a_draft_is_found_again_after_leaving(wang: Resident) -> None:
    page = begin(wang)
    page = wang.step(here(page), WANG.who)
    draft, person = ids(page)
    assert wang.post("leave").status_code == 303
    assert wang.get(f"apply/{draft}").status_code == 302
    back = Resident(wang.phone).logged_in()
    home = back.get("").content.decode()
    assert "王守田" in home
    assert f"/apply/{draft}" in home
    text = back.get(f"apply/{draft}/{person}/who").content.decode()
    assert 'value="王守田"' in text
    assert WANG.number not in text


def test_a_strangers_phone_sees_nothing(wang: Resident) -> None:
    page = begin(wang)
    page = enter(wang, page, WANG)
    draft = here(page).split("/")[3]
    applied(wang, WANG)
    from canbao.cases import following
    from canbao.people import officers

    actor = officers.resident(wang.contact)
    assert actor is not None
    (row,) = following.mine(actor)
    stranger = Resident("13900001427").logged_in()
    assert "王守田" not in stranger.get("").content.decode()
    assert "王守田" not in stranger.get("cases/").content.decode()
    unknown = "01a209d7-1db1-7000-8efe-38f649a76b00"
    for address in ("cases/{}", "cases/{}/papers", "cases/{}/withdraw", "cases/{}/appeal",
                    "cases/{}/print/receipt", "cases/{}/papers/" + unknown):  # fmt: skip
        forbidden = stranger.get(address.format(row.id))
        missing = stranger.get(address.format(unknown))
        assert forbidden.status_code == missing.status_code == 404
    assert stranger.post(f"cases/{row.id}/correct").status_code == 404
    for name in ("", "/check", "/photos", "/send", "/signatures", "/done"):
        assert stranger.get(f"apply/{draft}{name}").status_code == 404


def test_without_a_phone_every_own_page_asks_for_one(small: Small) -> None:
    browser = Resident("")
    for address in ("apply", "cases/", f"cases/{uuid4()}"):
        answer = browser.get(address)
        assert answer.status_code == 302
        assert answer.headers["Location"].startswith(f"{BASE}phone?next=")
