"""A typing error found after approval: two officers, the old value kept, a new sheet."""

from __future__ import annotations

from datetime import date
from uuid import UUID

import pytest

from canbao.cases import correction, flow, following, queries
from canbao.cases.prints import main
from canbao.cases.tables import Correction
from canbao.kernel import clock
from canbao.kernel.refusal import Refused
from canbao.kernel.tables import Audit, Notice
from canbao.people import documents, identities, numbers
from canbao.people import queries as people
from canbao.people.tables import IdentityDocument, PersonChange
from canbao.web.portal.stages import stages
from tests import small as cast
from tests.office import scenes
from tests.papers.test_render import text_of
from tests.small import Small


def at() -> clock.Instant:
    return clock.now()


def approved(small: Small, serial: int = 1) -> UUID:
    return cast.bring_to(flow.ARCHIVE, small, [cast.claim(serial)])[0]


def propose(
    small: Small, one: UUID, field: str, new: str, reason: str = "登记表写的是这个"
) -> UUID:
    version = cast.versions(small.wei, [one])[one]
    return correction.propose(small.wei, one, version, field, new, reason, at=at()).done[0]


CORRECTIONS = (
    ("name", " 王 守田 ", "王守田"),
    ("sex", "女", "2"),
    ("birth_on", "1970-03-04", "1970-03-04"),
    ("ethnic", "回族", "03"),
    ("address", "杏花村 5 组", "杏花村 5 组"),
    ("living_address", "柳泉镇东街", "柳泉镇东街"),
)


def test_a_field_is_corrected_by_two_and_the_old_value_kept(small: Small) -> None:
    one = scenes.filed(small)
    for turn, (field, new, kept) in enumerate(CORRECTIONS, 1):
        before = queries.view(small.wei, one)
        waiting = propose(small, one, field, new)
        assert queries.view(small.wei, one).fields[field] == before.fields[field]

        correction.confirm(small.yan, waiting, at=at())

        view = queries.view(small.yan, one)
        assert view.fields[field] == kept
        assert [said["field"] for said in view.fields["corrected"]] == [
            done for done, *_ in CORRECTIONS[:turn]
        ]
        assert view.form.round == before.form.round
        replaced = {paper.id: paper.replaced_by for paper in view.older_forms}
        assert replaced[before.form.id] == view.form.id
        assert [(mark.box, mark.kind, mark.acted_by_name) for mark in view.marks] == [
            ("county", "signature", "魏静怡"),
            ("county", "signature", "严明"),
            ("county", "seal", "严明"),
        ]
        assert all(mark.holds for mark in view.marks)
        person = people.persons([view.case.person_id])[view.case.person_id]
        assert str(getattr(person, field)) == kept
        change = PersonChange.here.filter(person_id=person.id, field=field).latest("at")
        assert (change.old, change.new) == (before.fields[field], kept)
        assert (change.by_id, change.second_id) == (small.wei.id, small.yan.id)
        assert view.case.version == before.case.version + 1
    assert view.case.name == "王守田"
    assert Audit.here.filter(subject_id=one, event="case.corrected").count() == len(CORRECTIONS)


def test_the_marks_of_the_old_sheet_still_stand_on_it(small: Small) -> None:
    one = scenes.filed(small)
    old = queries.view(small.wei, one)
    correction.confirm(small.yan, propose(small, one, "name", "王守田"), at=at())

    from canbao.papers import queries as papers

    held = papers.marks_of([old.form, *old.scans])
    assert len(held) == 7
    assert all(mark.holds for mark in held)


def test_a_number_is_corrected_with_a_new_document_and_stands_nowhere_in_clear(
    small: Small,
) -> None:
    one = approved(small)
    person = queries.view(small.wei, one).case.person_id
    right = numbers.compose("370199", date(1971, 2, 3), 11)
    waiting = propose(small, one, "number", right)
    assert right not in str(list(correction.listed(small.yan)))

    correction.confirm(small.yan, waiting, at=at())

    assert documents.number(person, numbers.mask(right)) == right
    held = IdentityDocument.here.filter(person_id=person).order_by("id")
    assert [row.to_on is None for row in held] == [False, True]
    view = queries.view(small.wei, one)
    assert view.fields["number_mac"] == identities.mac("id_card", right)
    assert view.case.masked == numbers.mask(right)
    change = PersonChange.here.get(person_id=person, field="number")
    assert change.new == numbers.mask(right)
    for row in (*Correction.here.values_list("old", "new"), view.form.content):
        assert right not in str(row)


def test_a_number_that_somebody_else_holds_is_refused(small: Small) -> None:
    one, other = cast.bring_to(flow.ARCHIVE, small, [cast.claim(1), cast.claim(2)])
    taken = cast.identity(2).number
    with pytest.raises(Refused, match="number_of_another"):
        propose(small, one, "number", taken)
    # Taken between the proposal and the confirmation.
    free = numbers.compose("370199", date(1971, 2, 3), 11)
    waiting = propose(small, one, "number", free)
    IdentityDocument.here.filter(person_id=queries.view(small.wei, other).case.person_id).update(
        number_mac=identities.mac("id_card", free)
    )
    with pytest.raises(Refused, match="number_of_another"):
        correction.confirm(small.yan, waiting, at=at())


def test_who_proposed_cannot_confirm_and_another_can(small: Small) -> None:
    one = approved(small)
    waiting = propose(small, one, "name", "王守田")
    with pytest.raises(Refused, match="second_person_needed"):
        correction.confirm(small.wei, waiting, at=at())
    with pytest.raises(Refused, match="correction_open"):
        propose(small, one, "sex", "2")
    assert correction.confirm(small.yan, waiting, at=at()).done
    with pytest.raises(Refused, match="not_found"):
        correction.confirm(small.yan, waiting, at=at())


def test_the_new_sheet_bears_both_names_and_the_phone_keeps_the_desks_that_passed(
    small: Small,
) -> None:
    one = scenes.filed(small)
    correction.confirm(small.yan, propose(small, one, "name", "王守田"), at=at())

    printed = text_of(main.pdf(small.wei, one, 2, at=at()))
    assert f"{small.wei.name}、{small.yan.name}" in printed
    assert "盒0001" in printed
    assert "30年" in printed
    way = stages(following.follow(small.wei, one), clock.today())
    assert [stage.state for stage in way] == ["done", "done", "done", "done", "now"]


def test_declined_leaves_everything_as_it_was(small: Small) -> None:
    one = approved(small)
    before = queries.view(small.wei, one)
    waiting = propose(small, one, "number", numbers.compose("370199", date(1971, 2, 3), 11))

    correction.decline(small.yan, waiting, at=at())

    after = queries.view(small.wei, one)
    assert (after.form.id, after.case.version) == (before.form.id, before.case.version)
    [row] = correction.listed(small.wei)
    assert (row.verdict, row.decided_by) == ("declined", small.yan.id)
    propose(small, one, "sex", "2")


UNFIT = (
    ("nothing_changes", "sex", "男", "x"),
    ("field_unknown", "level", "child", "x"),
    ("field_unknown", "village", cast.PEAR, "x"),
    ("field_unclear", "birth_on", "1970-02-30", "x"),
    ("field_unclear", "birth_on", "2999-01-01", "x"),
    ("field_unclear", "ethnic", "火星族", "x"),
    ("field_unclear", "address", "", "x"),
    ("name_digit", "name", "王5田", "x"),
    ("number_check_digit", "number", "370199197001011230", "x"),
    ("reason_missing", "name", "王守田", " "),
)


def test_a_proposal_that_does_not_fit_is_refused(small: Small) -> None:
    one = approved(small)
    for code, field, new, reason in UNFIT:
        with pytest.raises(Refused) as refused:
            propose(small, one, field, new, reason)
        assert refused.value.code == code
    propose(small, one, "name", "王守田")


def test_only_the_county_corrects_and_only_what_is_established_and_unmoved(small: Small) -> None:
    one = approved(small)
    version = cast.versions(small.wei, [one])[one]
    for code, actor, case, seen in [
        ("not_county_officer", small.meng, one, version),
        ("not_found", small.shi, one, version),
        ("moved_since", small.wei, one, version - 1),
    ]:
        with pytest.raises(Refused) as refused:
            correction.propose(actor, case, seen, "sex", "2", "x", at=at())
        assert refused.value.code == code
    [young] = cast.bring_to("county", small, [cast.claim(2)])
    with pytest.raises(Refused, match="not_established"):
        propose(small, young, "sex", "2")


def test_the_applicant_is_told(small: Small) -> None:
    one = approved(small)
    contact = cast.key()
    from canbao.cases.tables import Case

    Case.here.filter(id=one).update(contact_id=contact)
    correction.confirm(small.yan, propose(small, one, "sex", "2"), at=at())
    notice = Notice.here.get(template="corrected")
    assert str(notice.contact_id) == contact
