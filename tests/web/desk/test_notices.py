"""The one-time notice of a household: offered once where it was sent back, shown on the phone that applied."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from canbao.cases.flow import Verdict
from canbao.people import officers
from tests import small as cast
from tests.web.desk.conftest import Desk, text, version
from tests.web.portal.resident import Resident

Sit = Callable[[str], Desk]


def pair(small: cast.Small, phone: Resident) -> list[UUID]:
    """Two of a household, entered on one phone."""
    actor = officers.resident(phone.contact)
    assert actor is not None
    claims = [cast.claim(serial, household_number="0317") for serial in (1, 2)]
    return cast.submit(actor, claims)


def send_back(seat: Desk, one: UUID) -> str:
    page = seat.get("case", one)
    return text(
        seat.follow("case", one, act="return", version=version(page), to="applicant",
                    code_0="paper_missing", about_0="id_back", why_0="再拍一张")
    )  # fmt: skip


def test_the_page_after_the_second_return_says_that_the_notice_lists_both(
    small: cast.Small, desk: Sit
) -> None:
    wang, zhao = pair(small, Resident("13800001427").logged_in())
    chen = desk("chen")
    assert "also lists" not in send_back(chen, wang)
    said = send_back(chen, zhao)
    assert f"also lists what is missing for: {cast.identity(1).name}" in said
    assert chen.get("print_form", zhao, "missing").content[:4] == b"%PDF"


def test_a_closed_bundle_offers_one_notice_for_a_household(small: cast.Small, desk: Sit) -> None:
    claims = [cast.claim(serial, household_number="0317") for serial in (1, 2)]
    claims += [cast.claim(3, household_number="0318")]
    ids = cast.bring_to("township", small, claims)
    bundle_id = cast.rows(small.meng, ids)[ids[0]].bundle_id
    meng = desk("meng")
    page = meng.get("bundle_check", bundle_id)
    answers = {f"{one}.version": str(cast.versions(small.meng, ids)[one]) for one in ids}
    answers |= {f"{one}.materials_complete": "no" for one in ids}
    answers |= {f"{one}.note": "缺身份证" for one in ids}
    assert page.status_code == 200
    meng.follow("bundle_check", bundle_id, **answers)
    closed = meng.follow("bundle_close", bundle_id)

    said = closed.content.decode()
    assert "Sent back: 3" in text(closed)
    assert "One-time notices to print" in said
    assert said.count("/print/missing/") == 2
    assert f"{cast.identity(1).name}, {cast.identity(2).name}" in said


def test_a_phone_sees_both_with_what_is_missing_and_the_notice(small: cast.Small) -> None:
    phone = Resident("13800001427").logged_in()
    wang, zhao = pair(small, phone)
    cast.decide(small.chen, [wang, zhao], Verdict.RETURN)

    page = phone.get(f"cases/{wang}")
    said = page.content.decode()
    assert phone.last <= 15
    assert f"{cast.identity(2).name}的医保" in said
    assert said.count("再拍一张") == 2
    assert "全家一份告知书" in said
    assert phone.get(f"cases/{wang}/print/missing").content[:4] == b"%PDF"

    alone = cast.submit(small.chen, [cast.claim(3, household_number="0317")])
    cast.decide(small.chen, alone, Verdict.RETURN)
    assert cast.identity(3).name not in phone.get(f"cases/{wang}").content.decode()
