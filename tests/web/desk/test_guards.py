"""What is allowed and refused on one set-up, by page: own household, another desk, no seal, stale, open items."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import date
from uuid import UUID

import pytest
from django.conf import settings
from django.contrib.auth.models import User
from django.test import Client

from canbao.cases import appeal, behalf, inspection, pages, queries
from canbao.cases.claim import Channel
from canbao.cases.flow import Verdict
from canbao.cases.inspection import Answer, Answers, Said, Typed
from canbao.kernel import clock, rows
from canbao.kernel.ids import new_id
from canbao.kernel.tables import Audit, Officer, Posting, SealCustody
from canbao.people.tables import Household, Membership, Person
from canbao.web.access import POSTING, SEEN
from tests import small as cast
from tests.web.desk.conftest import PASSWORD, Desk, text, version, yes

Sit = Callable[[str], Desk]


@pytest.fixture
def case_id(small: cast.Small) -> UUID:
    return cast.submit(small.chen, [cast.claim(20)], Channel.VILLAGE)[0]


def test_a_complete_case_is_signed_and_sealed(small: cast.Small, desk: Sit, case_id: UUID) -> None:
    cast.answer_all(small.chen, [case_id])
    chen = desk("chen")
    page = chen.get("case", case_id)
    assert "as it stands here" in text(page)

    items = yes(*inspection.asked(cast.rows(small.chen, [case_id])[case_id]))
    said = text(chen.follow("case", case_id, act="pass", version=version(page), **items))

    assert "Signed and sealed" in said


def test_a_case_of_the_own_household_is_grey_and_refused(
    small: cast.Small, desk: Sit, case_id: UUID
) -> None:
    row = next(iter(cast.rows(small.chen, [case_id]).values()))
    kin, home = new_id(), new_id()
    rows.insert(Household, id=[home], number=row.household_number, village=row.village)
    rows.insert(
        Person, id=[kin], name="陈父", sex="1", birth_on=date(1950, 1, 1), village=row.village
    )
    rows.insert(
        Membership, household_id=[home], person_id=kin, relation="02", from_on=date(2000, 1, 1)
    )
    Officer.here.filter(id=small.chen.id).update(person_id=kin)
    chen = desk("chen")

    page = chen.get("case", case_id)
    answered = chen.post(
        "case", case_id, act="keep", version=version(page), item_form_complete="yes"
    )

    assert "own household" in text(page)
    assert answered.status_code == 422
    assert "own household" in text(answered)


def test_whoever_acted_at_another_desk_may_not_decide_here(small: cast.Small, desk: Sit) -> None:
    claims = [cast.claim(21)]
    ids = cast.submit(small.meng, claims, Channel.PAPER)
    one = behalf.candidates(small.meng, clock.today(), cast.APRICOT)[0]
    village = behalf.acting(small.meng, one.posting_id, clock.today(), at=clock.now())
    cast.answer_all(village, ids)
    cast.decide(village, ids)
    cast.hand_on(village, small.meng, ids)
    [case] = ids
    said = Answers(cast.versions(small.meng, ids)[case], {"eligible_confirmed": Said(Answer.YES)})
    typed = Typed(said.version, claims[0].identity.name, "id_card", claims[0].identity.number)

    page = desk("meng").get("case", case)
    answered = inspection.answer(small.meng, {case: said}, at=clock.now())
    again = inspection.type_again(small.meng, {case: typed}, at=clock.now())

    assert "You acted on this case at another desk" in text(page)
    assert "as it stands here" not in text(page)
    # Nor answers what a colleague would decide by.
    for outcome in (answered, again):
        assert outcome.refused[case].code == "acted_elsewhere"


def test_without_a_seal_nothing_is_signed_and_the_page_says_why(
    small: cast.Small, desk: Sit, case_id: UUID
) -> None:
    cast.answer_all(small.chen, [case_id])
    SealCustody.here.filter(officer_id=small.chen.id).update(to_on=clock.today())
    chen = desk("chen")
    page = chen.get("case", case_id)

    pressed = chen.post("case", case_id, act="pass", version=version(page))

    assert "no valid seal" in text(page)
    assert pressed.status_code == 422
    assert not queries.decisions_of([case_id])[case_id]


def test_an_open_item_keeps_the_button_grey_and_a_no_needs_words(
    small: cast.Small, desk: Sit, case_id: UUID
) -> None:
    chen = desk("chen")
    page = chen.get("case", case_id)

    wordless = chen.post(
        "case", case_id, act="keep", version=version(page), item_originals_seen="no"
    )
    pressed = chen.post("case", case_id, act="pass", version=version(page))

    assert wordless.status_code == 422
    assert "Say in a few words what is wrong" in text(wordless)
    assert pressed.status_code == 422
    assert "The originals were seen" in text(pressed)


def test_a_page_that_went_stale_says_what_happened_meanwhile(
    small: cast.Small, desk: Sit, case_id: UUID
) -> None:
    chen = desk("chen")
    seen = version(chen.get("case", case_id))
    cast.answer_all(small.chen, [case_id])
    cast.decide(small.chen, [case_id])

    late = chen.post("case", case_id, act="keep", version=seen, item_form_complete="yes")

    assert late.status_code == 409
    assert "陈秋生 inspected, signed and sealed" in text(late)
    assert "nothing was done twice" in text(late)


def test_pressing_twice_shows_the_first_result(small: cast.Small, desk: Sit) -> None:
    ids = cast.submit(small.chen, [cast.claim(22)], Channel.VILLAGE)
    cast.answer_all(small.chen, ids)
    chen = desk("chen")
    items = yes(*inspection.asked(cast.rows(small.chen, ids)[ids[0]]))
    sent = {
        "act": "pass",
        "version": version(chen.get("case", ids[0])),
        "key": "one-and-the-same-key",
    }
    chen.follow("case", ids[0], **sent, **items)

    again = chen.follow("case", ids[0], **sent, **items)

    assert "done already, and only once" in text(again)
    assert len(queries.decisions_of(ids)[ids[0]]) == 1


def test_a_look_at_a_paper_and_at_a_number_is_on_record(small: cast.Small, desk: Sit) -> None:
    ids = cast.submit(small.chen, [cast.claim(23)], Channel.VILLAGE)
    chen = desk("chen")
    number = cast.identity(23).number
    assert number not in chen.get("case", ids[0]).content.decode()

    shown = chen.post("case", ids[0], act="number")

    assert number in shown.content.decode()
    assert Audit.here.filter(event="case.number_seen", subject_id=ids[0]).count() == 1


def test_a_wrong_password_and_a_wrong_name_look_alike_and_five_lock(
    small: cast.Small, desk: Sit
) -> None:
    User.objects.create_user(f"{cast.COUNTY}/chen", password=PASSWORD)
    stranger = Desk("nobody", Client(headers={"accept-language": "en"}))
    wrong = stranger.post("login", username="chen", password="wrong")
    unknown = stranger.post("login", username="nobody", password="wrong")
    assert text(wrong).replace("chen", "") == text(unknown).replace("nobody", "")

    let_in = stranger.follow("login", username="chen", password=PASSWORD)
    assert "Work list" in text(let_in)
    stranger.client.logout()
    for _time in range(6):
        last = stranger.post("login", username="chen", password="wrong")
    assert last.status_code == 429
    assert "rests for half an hour" in text(last)


def test_an_officer_who_does_nothing_is_logged_out_with_a_word(
    small: cast.Small, desk: Sit
) -> None:
    chen = desk("chen")
    session = chen.client.session
    session[SEEN] = int(time.time()) - settings.CANBAO_OFFICER_IDLE_MINUTES * 60 - 1
    session.save()

    page = chen.client.get(chen.get("worklist").headers["Location"])

    assert "You were logged out after a while" in text(page)
    assert POSTING not in chen.client.session


def test_several_postings_are_asked_for(small: cast.Small, desk: Sit) -> None:
    held = Posting.here.get(officer_id=small.chen.id)
    other = Posting.here.get(officer_id=small.liu.id)
    rows.insert(
        Posting, officer_id=[small.chen.id], office_id=other.office_id, role="village",
        from_on=held.from_on,
    )  # fmt: skip
    chen = desk("chen")
    page = chen.get("posting")

    assert "梨树村" in text(page)
    new = Posting.here.get(officer_id=small.chen.id, office_id=other.office_id)
    assert "Work list" in text(chen.follow("posting", posting=str(new.id)))


def test_an_upheld_appeal_goes_to_another_officer(small: cast.Small, desk: Sit) -> None:
    claims = [cast.claim(24)]
    ids = cast.bring_to("county", small, claims)
    wei, yan = desk("wei"), desk("yan")
    page = wei.get("case", ids[0], query="?do=refuse")
    bare = {"act": "refuse", "version": version(page), "code_0": "not_eligible"}
    assert "A refusal goes out in writing" in text(wei.post("case", ids[0], **bare))
    wei.follow("case", ids[0], **bare, why_0="户口不在本县（第 3 条）")
    appeal.lodge(small.chen, ids[0], "我符合条件", at=clock.now())
    one = appeal.waiting(small.wei)[0]
    unsaid = yan.post("desk_appeals", appeal=str(one.id), verdict="", answer="再看")
    assert "Choose whether the decision stands" in text(unsaid)

    own = wei.post("desk_appeals", appeal=str(one.id), verdict="upheld", answer="再看")
    upheld = yan.follow("desk_appeals", appeal=str(one.id), verdict="upheld", answer="符合")

    assert "A colleague has to answer" in text(own)
    assert "The answer is kept" in text(upheld)
    row = next(iter(cast.rows(small.yan, ids).values()))
    assert (row.desk, row.status) == ("county", "checking")
    anew = text(yan.get("case", ids[0]))
    assert "the appeal was upheld. The refusal said:" in anew
    assert "户口不在本县（第 3 条）" in anew
    assert "already acted" in text(wei.get("case", ids[0])).lower() or "colleague" in text(
        wei.get("case", ids[0])
    )


def test_answers_are_case_by_case_and_a_stale_one_is_named(small: cast.Small, desk: Sit) -> None:
    claims = [cast.claim(serial) for serial in (25, 26)]
    ids = cast.submit(small.chen, claims, Channel.PHONE)
    cast.answer_all(small.chen, ids)
    cast.decide(small.chen, ids, Verdict.PASS)
    bundle_id = cast.hand_on(small.chen, small.meng, ids)
    versions = cast.versions(small.meng, ids)
    meng = desk("meng")
    saved = meng.post("bundle_check", bundle_id, **{
        f"{ids[0]}.version": str(versions[ids[0]]), f"{ids[0]}.village_marks": "yes",
        f"{ids[1]}.version": "1", f"{ids[1]}.village_marks": "yes",
    })  # fmt: skip

    assert saved.status_code == 422
    assert "moved on since" in text(saved)
    kept = pages.answered(ids)
    assert kept[ids[0]] == {"village_marks": ("yes", "")}
    assert kept[ids[1]] == {}
    assert inspection.answer(
        small.meng, {ids[1]: Answers(versions[ids[1]], {"village_marks": Said(Answer.YES)})},
        at=clock.now(),
    ).done  # fmt: skip
