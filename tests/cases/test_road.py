"""The road through the operations: what may happen on it, and what may not, on one setup."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from uuid import UUID

import pytest

from canbao.cases import (
    application,
    archive,
    bundle,
    copies,
    flow,
    inspection,
    pages,
    queries,
    review,
)
from canbao.cases.claim import Channel
from canbao.cases.flow import Status, Verdict
from canbao.cases.inspection import Answer, Answers, Said, Typed
from canbao.cases.review import Choice
from canbao.cases.tables import ArchiveItem, Case
from canbao.insured import queries as insured
from canbao.kernel import clock, statements
from canbao.kernel.actor import Actor, Behalf
from canbao.kernel.refusal import Refused
from canbao.kernel.tables import SealCustody
from canbao.papers.marks import Confirmation
from canbao.papers.tables import Paper
from tests import small as cast
from tests.small import Small

pytestmark = pytest.mark.any_date


@pytest.mark.parametrize("insurance", ["390", "170"])
def test_an_application_becomes_insured_and_filed(small: Small, insurance: str) -> None:
    county = small.wei if insurance == "390" else small.shi
    claims = [cast.claim(serial, insurance=insurance) for serial in range(3)]

    ids = cast.bring_to(flow.ARCHIVE, small, claims, insurance)
    outcome = archive.file(county, cast.versions(county, ids), at=clock.now(), key=cast.key())

    assert set(outcome.done) == set(ids)
    view = queries.view(county, ids[0])
    assert (view.case.desk, view.case.status, view.case.is_open) == ("shelf", Status.FILED, False)
    assert [(mark.box, mark.kind) for mark in view.marks] == [
        ("applicant", "signature"),
        *(
            (desk, kind)
            for desk in ("village", "township", "county")
            for kind in ("signature", "seal")
        ),
    ]
    assert all(mark.holds for mark in view.marks)
    assert {copy.copy_no: copy.holder_kind for copy in pages.copies_of(view.form.id)} == {
        1: "archive",
        2: "office",
    }
    assert copies.give(small.chen, [ids[0]], at=clock.now(), key=cast.key()).done == (ids[0],)
    second = pages.copies_of(view.form.id)[1]
    assert (second.holder_kind, second.holder_name) == ("applicant", view.case.name)
    twice = copies.give(small.chen, ids[:2], at=clock.now(), key=cast.key())
    assert {one: refused.code for one, refused in twice.refused.items()} == {
        ids[0]: "copy_given_already"
    }
    assert twice.done == (ids[1],)
    live = insured.live([view.case.person_id], insurance)
    assert [one.case_id for one in live] == [ids[0]]
    assert (insured.account_of(view.case.person_id) is not None) == (insurance == "170")
    assert view.archive is not None


def test_the_village_holds_the_sheets_until_the_township_has_counted_them_in(small: Small) -> None:
    ids = cast.submit(small.chen, [cast.claim(serial) for serial in (1, 2)])
    cast.answer_all(small.chen, ids)
    cast.decide(small.chen, ids)
    sent = bundle.report(
        small.chen, cast.versions(small.chen, ids), sum(bundle.sheet_counts(ids).values()),
        at=clock.now(), key=cast.key(),
    )  # fmt: skip
    received = bundle.Received({ids[1]: "copy"})
    bundle.receive(small.meng, UUID(sent.made["bundle"]), received, at=clock.now(), key=cast.key())

    held = {one: pages.copies_of(queries.view(small.meng, one).form.id) for one in ids}
    assert {copy.holder_name for copy in held[ids[0]]} == {"柳泉镇便民服务中心"}
    assert {copy.holder_name for copy in held[ids[1]]} == {"柳泉镇杏花村村民委员会"}


def test_the_archive_series_has_no_gap(small: Small) -> None:
    for batch in range(3):
        ids = cast.bring_to(flow.ARCHIVE, small, [cast.claim(10 * batch + one) for one in range(2)])
        archive.file(small.wei, cast.versions(small.wei, ids), at=clock.now())

    serials = [
        int(number.rsplit("-", 1)[1])
        for number in ArchiveItem.here.order_by("number").values_list("number", flat=True)
    ]
    assert serials == [1, 2, 3, 4, 5, 6]


def test_a_second_application_of_the_same_person_is_refused(small: Small) -> None:
    cast.submit(small.chen, [cast.claim(1)])

    again = application.submit(small.chen, [cast.claim(1)], Channel.VILLAGE, at=clock.now())
    other = application.submit(
        small.chen, [cast.claim(1, insurance="170")], Channel.VILLAGE, at=clock.now()
    )

    assert [one.code for one in again.refused.values()] == ["already_open"]
    assert not other.refused


def test_somebody_insured_already_is_refused_to_an_officer(small: Small) -> None:
    ids = cast.bring_to(flow.ARCHIVE, small, [cast.claim(1)])
    assert ids

    again = application.submit(small.chen, [cast.claim(1)], Channel.VILLAGE, at=clock.now())

    assert [one.code for one in again.refused.values()] == ["already_enrolled"]


def test_one_refused_claim_does_not_hold_up_the_others(small: Small) -> None:
    child = cast.identity(3, birth_on=date(clock.today().year - 10, 1, 1))
    claims = [
        cast.claim(1),
        # Nobody under full age signs alone.
        cast.claim(
            3, identity=child, level="child", confirmation=Confirmation("drawn", child.name)
        ),
        cast.claim(2, insurance="170", student="school"),
    ]

    outcome = application.submit(small.chen, claims, Channel.VILLAGE, at=clock.now())

    assert list(outcome.done) == [claims[0].id]
    assert {outcome.refused[one.id].code for one in claims[1:]} == {
        "names_himself_guardian",
        "not_eligible",
    }


def test_a_level_takes_only_whom_it_is_for(small: Small) -> None:
    boy = cast.identity(3, birth_on=date(clock.today().year - 10, 1, 1))
    signed = Confirmation("drawn", "王守田", "parent")
    grown = cast.claim(1, level="child")
    pupil = cast.claim(2, level="child", student="school")
    child = cast.claim(3, identity=boy, level="adult", confirmation=signed)

    outcome = application.submit(small.chen, [grown, pupil, child], Channel.VILLAGE, at=clock.now())

    assert {one: refusal.code for one, refusal in outcome.refused.items()} == dict.fromkeys(
        [grown.id, child.id], "level_does_not_fit"
    )
    assert outcome.done == (pupil.id,)


def test_a_parent_signs_for_a_child_and_another_needs_proof(small: Small) -> None:
    child = cast.identity(3, birth_on=date(clock.today().year - 10, 1, 1))
    by_parent = cast.claim(
        3, identity=child, level="child", confirmation=Confirmation("drawn", "王守田", "parent")
    )
    by_other = replace(by_parent, confirmation=Confirmation("drawn", "邻居", "guardian"))

    refused = application.submit(small.chen, [by_other], Channel.VILLAGE, at=clock.now())
    passed = application.submit(small.chen, [by_parent], Channel.VILLAGE, at=clock.now())

    assert refused.refused[by_other.id].code == "names_himself_guardian"
    assert passed.done == (by_parent.id,)


def test_the_same_key_acts_once_and_other_input_under_it_is_refused(small: Small) -> None:
    claims = [cast.claim(1)]
    first = application.submit(small.chen, claims, Channel.VILLAGE, at=clock.now(), key="k" * 10)

    second = application.submit(small.chen, claims, Channel.VILLAGE, at=clock.now(), key="k" * 10)

    assert (second.done, second.made, second.again) == (first.done, first.made, True)
    assert Case.here.count() == 1
    with pytest.raises(Refused, match="key_used_for_other_input"):
        application.submit(
            small.chen, [cast.claim(2)], Channel.VILLAGE, at=clock.now(), key="k" * 10
        )


def test_a_case_returned_comes_back_corrected_with_a_new_mark(small: Small) -> None:
    claims = [cast.claim(1)]
    [one] = cast.bring_to("township", small, claims)
    cast.decide(small.meng, [one], Verdict.RETURN, "applicant")
    returned = queries.view(small.chen, one)

    better = replace(claims[0], identity=replace(claims[0].identity, address="杏花村 5 组"))
    outcome = application.amend(
        small.chen, [better], {one: returned.case.version}, at=clock.now(), key=cast.key()
    )

    assert not outcome.refused
    view = queries.view(small.chen, one)
    assert (view.case.desk, view.case.status, view.case.round) == ("village", "checking", 2)
    assert view.fields["address"] == "杏花村 5 组"
    assert [mark.box for mark in view.marks] == ["applicant"]
    assert [span.running for span in view.spans] == [True, True, False, True]
    assert cast.decide(small.chen, [one]).refused[one].code == "checklist_open"


def test_a_return_to_the_village_is_checked_there_again(small: Small) -> None:
    [one] = cast.bring_to("county", small, [cast.claim(1)])

    cast.decide(small.wei, [one], Verdict.RETURN, "village")

    row = cast.rows(small.chen, [one])[one]
    assert (row.desk, row.status, row.round) == ("village", "returned", 2)
    assert row.due_on is not None
    assert cast.decide(small.chen, [one]).refused[one].code == "checklist_open"
    cast.answer_all(small.chen, [one])
    assert not cast.decide(small.chen, [one]).refused


def test_only_the_county_refuses_and_gives_the_reason(small: Small) -> None:
    [one] = cast.bring_to("village", small, [cast.claim(1)])
    assert cast.decide(small.chen, [one], Verdict.REFUSE).refused[one].code == "not_for_this_desk"
    [two] = cast.bring_to("county", small, [cast.claim(2)])
    row = cast.rows(small.wei, [two])[two]

    bare = review.decide(small.wei, {two: Choice(row.version, Verdict.REFUSE)}, at=clock.now())
    said = cast.decide(small.wei, [two], Verdict.REFUSE)

    assert bare.refused[two].code == "reason_needed"
    assert not said.refused
    assert cast.rows(small.wei, [two])[two].status == Status.REFUSED
    assert insured.live([row.person_id]) == []


def _own_household(small: Small) -> Actor:
    return replace(small.chen, households=frozenset({(cast.APRICOT, "0000")}))


@pytest.mark.parametrize(
    ("code", "actor"),
    [
        ("own_household", _own_household),
        ("not_found", lambda small: small.liu),
        ("not_found", lambda small: small.ren),
        ("not_at_desk", lambda small: small.meng),
        ("not_found", lambda small: small.shi),
    ],
)
def test_somebody_who_may_not_decide_is_refused_with_the_reason(
    small: Small, code: str, actor: object
) -> None:
    [one] = cast.bring_to("village", small, [cast.claim(1)])
    cast.answer_all(small.chen, [one])
    assert callable(actor)

    outcome = review.decide(actor(small), {one: Choice(1, Verdict.PASS)}, at=clock.now())

    assert outcome.refused[one].code == code
    assert not cast.decide(small.chen, [one]).refused


def test_nobody_acts_at_two_desks_of_one_case(small: Small) -> None:
    claims = [cast.claim(1)]
    [one] = cast.bring_to("township", small, claims)
    moved_up = replace(small.meng, id=small.chen.id)

    cast.answer_all(small.meng, [one], claims)
    outcome = review.decide(
        moved_up, {one: Choice(cast.versions(small.meng, [one])[one], Verdict.PASS)}, at=clock.now()
    )

    assert outcome.refused[one].code == "acted_elsewhere"
    assert not cast.decide(small.meng, [one]).refused


def test_whoever_records_for_the_village_may_not_review_for_the_township(small: Small) -> None:
    [one] = cast.submit(small.chen, [cast.claim(1)], Channel.PAPER)
    signed_on = clock.today()
    assert small.chen.office_id is not None
    recorder = small.meng.for_another(
        Behalf(
            "village",
            small.chen.id,
            small.chen.name,
            small.chen.office_id,
            small.chen.office_name,
            signed_on,
        )
    )
    cast.answer_all(recorder, [one])
    assert not cast.decide(recorder, [one]).refused

    [passed] = queries.view(small.meng, one).decisions
    assert (passed.acted_by, passed.recorded_by) == (small.chen.id, small.meng.id)
    held = replace(small.meng, posting_id=None)
    Case.here.filter(id=one).update(desk="township", status="checking")
    outcome = review.decide(
        held, {one: Choice(cast.versions(held, [one])[one], Verdict.PASS)}, at=clock.now()
    )
    assert outcome.refused[one].code == "acted_elsewhere"


def test_a_seal_appears_only_where_its_keeper_acts(small: Small) -> None:
    [one] = cast.bring_to("village", small, [cast.claim(1)])
    cast.answer_all(small.chen, [one])
    SealCustody.here.filter(officer_id=small.chen.id).update(to_on=clock.today())

    with pytest.raises(Refused, match="no_seal"):
        cast.decide(small.chen, [one])

    assert cast.rows(small.chen, [one])[one].status == Status.CHECKING


def test_a_case_that_moved_since_the_page_was_loaded_is_refused(small: Small) -> None:
    [one] = cast.bring_to("village", small, [cast.claim(1)])
    cast.answer_all(small.chen, [one])

    outcome = review.decide(small.chen, {one: Choice(7, Verdict.PASS)}, at=clock.now())

    assert outcome.refused[one].code == "moved_since"
    assert outcome.refused[one].facts == {"desk": "village", "status": "checking"}


def test_the_second_entry_stands_in_the_way_until_it_agrees(small: Small) -> None:
    claims = [cast.claim(1)]
    [one] = cast.bring_to("township", small, claims)
    row = cast.rows(small.meng, [one])[one]
    said = Answers(row.version, dict.fromkeys(inspection.asked(row), Said(Answer.YES)))
    inspection.answer(small.meng, {one: said}, at=clock.now())
    who = claims[0].identity
    wrong = Typed(row.version, who.name, who.kind, cast.identity(2).number)

    assert cast.decide(small.meng, [one]).refused[one].facts == {"items": ["second_entry"]}
    inspection.type_again(small.meng, {one: wrong}, at=clock.now())
    assert cast.decide(small.meng, [one]).refused[one].facts == {"items": ["second_entry_differs"]}
    inspection.type_again(small.meng, {one: replace(wrong, number=who.number)}, at=clock.now())

    assert not cast.decide(small.meng, [one]).refused


def test_an_answer_of_no_needs_a_note_and_stands_in_the_way(small: Small) -> None:
    [one] = cast.bring_to("village", small, [cast.claim(1)])
    cast.answer_all(small.chen, [one])

    bare = inspection.answer(
        small.chen, {one: Answers(1, {"originals_seen": Said(Answer.NO)})}, at=clock.now()
    )
    noted = inspection.answer(
        small.chen,
        {one: Answers(1, {"originals_seen": Said(Answer.NO, "没带户口簿")})},
        at=clock.now(),
    )

    assert bare.refused[one].code == "note_needed"
    assert not noted.refused
    assert cast.decide(small.chen, [one]).refused[one].facts == {"items": ["originals_seen"]}


def test_a_bundle_whose_sheets_do_not_agree_is_not_reported(small: Small) -> None:
    ids = cast.bring_to("village", small, [cast.claim(one) for one in range(3)])
    cast.answer_all(small.chen, ids)
    cast.decide(small.chen, ids)

    with pytest.raises(Refused, match="sheets_do_not_agree"):
        bundle.report(small.chen, cast.versions(small.chen, ids), 5, at=clock.now())

    assert {row.status for row in cast.rows(small.chen, ids).values()} == {Status.READY}


def test_at_receipt_the_missing_go_back_and_the_withdrawn_are_named(small: Small) -> None:
    ids = cast.bring_to("village", small, [cast.claim(one) for one in range(3)])
    cast.answer_all(small.chen, ids)
    cast.decide(small.chen, ids)
    sheets = sum(bundle.sheet_counts(ids).values())
    reported = bundle.report(small.chen, cast.versions(small.chen, ids), sheets, at=clock.now())
    gone, withdrawn, present = ids
    application.withdraw(
        small.chen, {withdrawn: cast.versions(small.chen, ids)[withdrawn]}, at=clock.now()
    )

    [bundle_id] = [one.id for one in queries.bundles(small.meng, incoming=True)]
    outcome = bundle.receive(
        small.meng,
        bundle_id,
        bundle.Received({gone: "没有表"}, ("多出一张户口页",)),
        at=clock.now(),
    )

    assert str(bundle_id) == reported.made["bundle"]
    assert outcome.refused[withdrawn].code == "withdrawn_on_the_way"
    held = cast.rows(small.meng, ids)
    assert (held[gone].desk, held[gone].status) == ("village", "ready")
    assert (held[present].desk, held[present].status) == ("township", "checking")
    assert [one.receipt for one in queries.items_of(bundle_id)].count("present") == 1
    with pytest.raises(Refused, match="bundle_received_already"):
        bundle.receive(small.meng, bundle_id, bundle.Received(), at=clock.now())


def test_a_bundle_holds_one_insurance(small: Small) -> None:
    ids = cast.submit(small.chen, [cast.claim(1), cast.claim(1, insurance="170")], Channel.VILLAGE)
    cast.answer_all(small.chen, ids)
    cast.decide(small.chen, ids)

    with pytest.raises(Refused, match="one_insurance_only"):
        bundle.report(small.chen, cast.versions(small.chen, ids), 4, at=clock.now())


def test_a_field_changed_behind_the_marks_breaks_them(small: Small) -> None:
    [one] = cast.bring_to("township", small, [cast.claim(1)])
    form = queries.view(small.meng, one).form
    assert all(mark.holds for mark in queries.view(small.meng, one).marks)

    Paper.here.filter(id=form.id).update(content=form.content.replace("杏花村", "梨花村"))

    assert not any(mark.holds for mark in queries.view(small.meng, one).marks)


def test_withdrawing_ends_a_case_and_is_too_late_after_the_decision(small: Small) -> None:
    [one] = cast.bring_to("township", small, [cast.claim(1)])
    version = cast.versions(small.meng, [one])[one]
    [done] = cast.bring_to(flow.ARCHIVE, small, [cast.claim(2)])

    early = application.withdraw(small.meng, {one: version}, at=clock.now())
    late = application.withdraw(small.wei, cast.versions(small.wei, [done]), at=clock.now())

    assert not early.refused
    assert late.refused[done].code == "too_late"
    assert cast.submit(small.chen, [cast.claim(1)], Channel.VILLAGE)


def test_statements_do_not_grow_with_the_set(small: Small) -> None:
    counts = []
    for start, size in ((100, 1), (200, 30)):
        claims = [cast.claim(start + one) for one in range(size)]
        seen: list[list[str]] = []
        with statements.seen() as submitting:
            ids = cast.submit(small.chen, claims, Channel.VILLAGE)
        seen.append(list(submitting))
        cast.answer_all(small.chen, ids)
        with statements.seen() as deciding:
            cast.decide(small.chen, ids)
        seen.append(list(deciding))
        with statements.seen() as handing:
            cast.hand_on(small.chen, small.meng, ids)
        seen.append(list(handing))
        counts.append([len(one) for one in seen])

    assert counts[0] == counts[1]
