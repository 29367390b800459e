"""Following an application: the way over the desks, changing, taking back, contradicting, the QR page."""

from __future__ import annotations

import re
from datetime import timedelta
from uuid import UUID

import pytest
from django.conf import settings

from canbao.cases import appeal, following, queries
from canbao.cases.door import CaseRow
from canbao.cases.flow import Status, Verdict
from canbao.kernel import clock
from canbao.kernel.actor import Actor
from canbao.kernel.refusal import Refused
from canbao.papers import queries as papers
from canbao.people import officers
from tests import small as cast
from tests.small import Small
from tests.web.portal.resident import (
    Resident,
    applied,
    here,
    ids,
    photo,
    send_photos,
    sign_all,
    signature,
)
from tests.web.portal.test_apply import to_photos
from tests.web.portal.test_story import WANG


def actor(browser: Resident) -> Actor:
    found = officers.resident(browser.contact)
    assert found is not None
    return found


def only(browser: Resident) -> CaseRow:
    (row,) = following.mine(actor(browser))
    return row


def refused(small: Small, browser: Resident) -> CaseRow:
    """Bring the only application to the county, which refuses it."""
    applied(browser, WANG)
    case = only(browser).id
    for worker, receiver in ((small.chen, small.meng), (small.meng, small.wei)):
        cast.answer_all(worker, [case])
        assert not cast.decide(worker, [case]).refused
        cast.hand_on(worker, receiver, [case])
    assert not cast.decide(small.wei, [case], Verdict.REFUSE).refused
    return only(browser)


def test_the_page_shows_desk_by_desk_what_happened(small: Small, wang: Resident) -> None:
    applied(wang, WANG)
    case = only(wang).id
    text = wang.get(f"cases/{case}").content.decode()
    assert text.count("cb-timeline__item--done") == 1
    assert text.count('aria-current="step"') == 1
    cast.answer_all(small.chen, [case])
    cast.decide(small.chen, [case])
    cast.hand_on(small.chen, small.meng, [case])
    text = wang.get(f"cases/{case}").content.decode()
    assert wang.last <= 15
    assert text.count("cb-timeline__item--done") == 2
    assert "陈秋生" in text
    assert "杏花村村民委员会" in text
    cast.answer_all(small.meng, [case])
    cast.decide(small.meng, [case])
    cast.hand_on(small.meng, small.wei, [case])
    cast.answer_all(small.wei, [case])
    cast.decide(small.wei, [case])
    text = wang.get(f"cases/{case}").content.decode()
    assert text.count("cb-timeline__item--done") == 4
    for what in ("receipt", "decision", "form"):
        answer = wang.get(f"cases/{case}/print/{what}")
        assert answer.content.startswith(b"%PDF")
    assert wang.get(f"cases/{case}/print/missing").status_code == 404
    assert wang.get(f"cases/{case}/print/anything").status_code == 404


def test_what_came_back_is_changed_and_goes_on(small: Small, wang: Resident) -> None:
    page, draft = to_photos(wang, WANG)
    page = send_photos(wang, page)
    page = sign_all(wang, draft)
    wang.step(here(page))
    case = only(wang).id
    cast.answer_all(small.chen, [case])
    assert not cast.decide(small.chen, [case], Verdict.RETURN).refused
    text = wang.get(f"cases/{case}").content.decode()
    assert "再拍一张" in text
    assert "cb-timeline__item--returned" in text
    assert "王守田" in wang.get("").content.decode()

    page = wang.step(f"cases/{case}/correct")
    assert here(page).endswith("/check")
    assert WANG.number not in page.content.decode()
    draft = re.findall(r"[0-9a-f-]{36}", here(page))[0]
    again = wang.step(f"cases/{case}/correct")
    assert here(again) == here(page)  # the same draft, found again
    who = {**WANG.who, "name": "王守天"}
    page = wang.step(f"apply/{draft}/{case}/who", who)
    assert here(page).endswith("/check")
    said = page.content.decode()
    assert "再拍一张" in said, "why it came back stands where it is put right"
    assert "1 张照片" in said
    page = wang.get(f"apply/{draft}/{case}/photos")
    assert "这张退回来了，请重拍" in page.content.decode()
    assert (
        wang.post(f"apply/{draft}/{case}/photos?kind=id_back", {"photo": photo()}).status_code
        == 200
    )
    assert "这张退回来了" not in wang.get(f"apply/{draft}/{case}/photos").content.decode()
    page = sign_all(wang, draft)
    page = wang.step(here(page))
    assert here(page).endswith("/done")
    row = only(wang)
    assert (row.id, row.desk, row.status, row.name) == (case, "village", Status.CHECKING, "王守天")
    assert "退过一次" in wang.get(f"cases/{case}").content.decode()
    view = queries.view(small.chen, case)
    assert len(view.scans) == 5
    assert all(mark.holds for mark in view.marks)
    assert wang.get(f"cases/{case}/print/missing").content.startswith(b"%PDF")
    assert wang.post(f"cases/{case}/correct").status_code == 422


def test_an_application_is_taken_back_once(small: Small, wang: Resident) -> None:
    applied(wang, WANG)
    row = only(wang)
    assert wang.get(f"cases/{row.id}/withdraw").status_code == 200
    stale = wang.post(f"cases/{row.id}/withdraw", {"version": row.version + 1})
    assert stale.status_code == 422
    assert only(wang).is_open
    page = wang.step(f"cases/{row.id}/withdraw", {"version": row.version})
    assert "cb-timeline__item--stopped" in page.content.decode()
    assert only(wang).status == Status.WITHDRAWN
    assert wang.post(f"cases/{row.id}/withdraw", {"version": row.version}).status_code == 303


def test_a_decided_case_cannot_be_taken_back(small: Small, wang: Resident) -> None:
    row = refused(small, wang)
    assert wang.post(f"cases/{row.id}/withdraw", {"version": row.version}).status_code == 422


def test_a_refusal_is_appealed_once_and_answered_by_another_officer(
    small: Small, wang: Resident
) -> None:
    row = refused(small, wang)
    text = wang.get(f"cases/{row.id}").content.decode()
    assert f"/cases/{row.id}/appeal" in text
    assert wang.get(f"cases/{row.id}/print/decision").content.startswith(b"%PDF")
    assert wang.post(f"cases/{row.id}/appeal", {"text": "  "}).status_code == 422
    page = wang.step(f"cases/{row.id}/appeal", {"text": "我的身份证没有问题。"})
    assert "我的身份证没有问题。" in page.content.decode()
    assert f"/cases/{row.id}/appeal" not in page.content.decode()
    assert wang.post(f"cases/{row.id}/appeal", {"text": "再说一次"}).status_code == 422

    (one,) = appeal.waiting(small.yan)
    at = clock.now()
    own = appeal.decide(small.wei, one.id, True, "可以", at=at)
    assert own.refused[row.id].code == "refused_by_yourself"
    with pytest.raises(Refused, match="not_for_this_desk"):
        appeal.decide(small.meng, one.id, True, "可以", at=at)
    with pytest.raises(Refused, match="reason_needed"):
        appeal.decide(small.yan, one.id, True, " ", at=at)
    assert appeal.decide(small.yan, one.id, True, "您说得对，重新审", at=at).done == (row.id,)
    reopened = only(wang)
    assert (reopened.desk, reopened.status, reopened.is_open) == ("county", Status.CHECKING, True)
    assert appeal.decide(small.yan, one.id, True, "再来", at=at).refused
    assert cast.decide(small.wei, [row.id]).refused[row.id].code == "acted_elsewhere"
    cast.answer_all(small.yan, [row.id])
    assert not cast.decide(small.yan, [row.id]).refused
    text = wang.get(f"cases/{row.id}").content.decode()
    assert "您说得对，重新审" in text
    assert only(wang).status == Status.APPROVED


def test_a_rejected_appeal_leaves_the_refusal(small: Small, wang: Resident) -> None:
    row = refused(small, wang)
    wang.step(f"cases/{row.id}/appeal", {"text": "请再看一遍"})
    (one,) = appeal.waiting(small.yan)
    assert appeal.decide(small.yan, one.id, False, "条件还是不够", at=clock.now()).done
    text = wang.get(f"cases/{row.id}").content.decode()
    assert "条件还是不够" in text
    assert only(wang).status == Status.REFUSED


def test_an_appeal_after_60_days_comes_too_late(small: Small, wang: Resident) -> None:
    row = refused(small, wang)
    late = clock.now() + timedelta(days=appeal.DAYS + 1)
    outcome = appeal.lodge(actor(wang), row.id, "晚了", at=late)
    assert outcome.refused[row.id].code == "appeal_too_late"


def test_what_is_not_refused_cannot_be_appealed(small: Small, wang: Resident) -> None:
    applied(wang, WANG)
    row = only(wang)
    assert wang.get(f"cases/{row.id}/appeal").status_code == 422
    assert appeal.lodge(actor(wang), row.id, "为什么", at=clock.now()).refused


def test_findings_from_others_data_are_told_as_a_check_of_the_village(
    small: Small, wang: Resident
) -> None:
    applied(wang, WANG)
    row = only(wang)
    text = wang.get(f"cases/{row.id}").content.decode()
    from django.utils.translation import gettext, override

    with override("zh-hans"):
        told = gettext("The village will check this once more against its own lists.")
    assert told in text


def token(case: UUID) -> str:
    return next(one.token for one in papers.papers_of([case]) if one.form)


def test_the_qr_page_tells_which_marks_hold_and_nothing_of_the_person(
    small: Small, wang: Resident
) -> None:
    page, draft = to_photos(wang, WANG)
    send_photos(wang, page)
    page = sign_all(wang, draft)
    wang.step(here(page))
    row = only(wang)
    cast.answer_all(small.chen, [row.id])
    cast.decide(small.chen, [row.id])
    anybody = Resident("")
    answer = anybody.get(f"q/{token(row.id)}")
    text = answer.content.decode()
    assert anybody.last <= 15
    assert text.count("cb-right") == 3
    assert "cb-wrong" not in text
    assert row.number in text
    assert "王*田" in text
    assert "王守田" not in text
    assert WANG.number[-4:] not in text.replace(row.number, "")
    assert anybody.get("q/nothing").status_code == 404

    scan = next(one for one in papers.papers_of([row.id]) if one.blob_id)
    assert scan.blob_id is not None
    name = scan.blob_id.hex
    path = settings.CANBAO_DATA / "papers" / cast.COUNTY / name[-2:] / name
    stored = bytearray(path.read_bytes())
    stored[len(stored) // 2] ^= 1
    path.write_bytes(stored)
    text = anybody.get(f"q/{token(row.id)}").content.decode()
    assert "cb-right" not in text
    assert text.count("cb-wrong") == 3


def test_a_page_of_own_photos_shows_each_and_puts_the_look_on_record(
    small: Small, wang: Resident
) -> None:
    from canbao.kernel.queries import trail

    page, draft = to_photos(wang, WANG)
    send_photos(wang, page)
    page = sign_all(wang, draft)
    wang.step(here(page))
    row = only(wang)
    text = wang.get(f"cases/{row.id}/papers").content.decode()
    links = re.findall(rf"/370199/cases/{row.id}/papers/[0-9a-f-]{{36}}", text)
    assert len(links) == 5
    assert wang.get(links[0]).headers["Content-Type"] == "image/jpeg"
    assert "case.paper_seen" in [one.event for one in trail([row.id])]


def test_signing_again_needs_a_new_drawing(wang: Resident) -> None:
    page, draft = to_photos(wang, WANG)
    wang.step(here(page), {"bring": "yes"})
    page = wang.follow(wang.get(f"apply/{draft}/signatures"))
    _, person = ids(page)
    assert wang.step(here(page), {"signature": signature()})
    assert wang.get(f"apply/{draft}/{person}/sign").status_code == 200
