"""Two rows of one person become one: by two officers, with undo, and never against what may be there once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.apps import apps

from canbao.cases import (
    application,
    correction,
    duplicates,
    flow,
    inspection,
    merging,
    queries,
    worklists,
)
from canbao.cases.claim import Channel
from canbao.cases.inspection import Typed
from canbao.cases.prints import main
from canbao.cases.tables import Case
from canbao.cases.worklists import Filter
from canbao.insured.tables import Account, Enrolment
from canbao.kernel import clock, rows, statements
from canbao.kernel.refusal import Refused
from canbao.kernel.tables import Audit
from canbao.kernel.tenant import Tenant
from canbao.payments import checking
from canbao.people import identities, likeness, merged, officers
from canbao.people.tables import Contact, Membership, Merger, Person, PersonChange
from tests import small as cast
from tests.office import scenes
from tests.office.test_pages import at_desk, send, text_of, url
from tests.payments import money
from tests.small import Small

NOW = clock.now()


def twin(serial: int) -> Any:
    """The same person under a number of which one place was typed wrongly."""
    who = cast.identity(serial)
    return replace(who, number=likeness.near(who.number)[0])


def person_of(case_id: UUID) -> UUID:
    found: UUID = Case.here.values_list("person_id", flat=True).get(id=case_id)
    return found


@pytest.fixture
def pair(small: Small) -> tuple[UUID, UUID]:
    """An insured person, and an open pension application of the same one under a wrong number."""
    [insured] = cast.bring_to(flow.ARCHIVE, small, [cast.claim(1)])
    claim = cast.claim(1, insurance="170", identity=twin(1))
    [waiting] = cast.submit(small.chen, [claim], Channel.VILLAGE)
    assert person_of(insured) != person_of(waiting)
    return insured, waiting


def merge(small: Small, kept: UUID, gone: UUID) -> UUID:
    [one] = merging.propose(small.wei, kept, gone, "身份证与户口簿一致", at=NOW).done
    merging.confirm(small.yan, one, at=NOW)
    return one


def refuses(code: str, act: Callable[[], object]) -> None:
    with pytest.raises(Refused) as refused:
        act()
    assert refused.value.code == code


def test_a_merge_moves_what_hung_on_the_row_and_undo_brings_it_back(
    small: Small, pair: tuple[UUID, UUID]
) -> None:
    insured, waiting = pair
    kept, gone = person_of(insured), person_of(waiting)

    done = merge(small, kept, gone)

    assert Person.here.get(id=gone).merged_into == kept
    assert person_of(waiting) == kept
    change = PersonChange.here.get(person_id=gone, field="merged_into")
    assert (change.by_id, change.second_id) == (small.wei.id, small.yan.id)
    assert Audit.here.filter(event="case.person_merged", subject_id=waiting).exists()

    [back] = merging.propose_undo(small.yan, done, "是两个人", at=NOW).done
    refuses("second_person_needed", lambda: merging.confirm(small.yan, back, at=NOW))
    merging.confirm(small.wei, back, at=NOW)

    assert Person.here.get(id=gone).merged_into is None
    assert (person_of(insured), person_of(waiting)) == (kept, gone)
    assert Merger.here.get(id=done).verdict == merging.UNDONE
    refuses("not_found", lambda: merging.propose_undo(small.yan, done, "再来", at=NOW))


def test_who_proposed_cannot_confirm_and_only_the_county_may(
    small: Small, pair: tuple[UUID, UUID]
) -> None:
    kept, gone = map(person_of, pair)
    for actor in (small.meng, small.chen, small.guan):
        with pytest.raises(Refused, match="not_county_officer"):
            merging.propose(actor, kept, gone, "x", at=NOW)
    refuses("reason_missing", lambda: merging.propose(small.wei, kept, gone, " ", at=NOW))
    refuses("merge_of_one", lambda: merging.propose(small.wei, kept, kept, "x", at=NOW))
    refuses("not_found", lambda: merging.propose(small.wei, kept, uuid4(), "x", at=NOW))
    [one] = merging.propose(small.wei, kept, gone, "x", at=NOW).done
    refuses("merge_open", lambda: merging.propose(small.yan, kept, gone, "x", at=NOW))
    refuses("second_person_needed", lambda: merging.confirm(small.wei, one, at=NOW))
    merging.decline(small.wei, one, at=NOW)
    refuses("not_found", lambda: merging.confirm(small.yan, one, at=NOW))
    assert person_of(pair[1]) == gone

    merge(small, kept, gone)
    refuses("merged_already", lambda: merging.propose(small.wei, kept, gone, "x", at=NOW))


def test_a_merge_is_not_taken_back_once_money_of_what_moved_was_booked(small: Small) -> None:
    [own] = money.approved(small, 1, "170")
    next_year = clock.today().year + 1
    [moved] = money.approved(small, claims=[cast.claim(0, identity=twin(0), year=next_year)])
    at = clock.now()
    [done] = merging.propose(small.wei, own.person_id, moved.person_id, "x", at=at).done
    merging.confirm(small.yan, done, at=at)
    block = money.block(small, small.chen)
    # What is paid for the row that stayed would stay with it.
    assert not money.collect(small.chen, block, money.ticket(1, [own])).refused
    [back] = merging.propose_undo(small.wei, done, "是两个人", at=clock.now()).done

    assert not money.collect(small.chen, block, money.ticket(2, [moved])).refused

    refuses("merge_money_booked", lambda: merging.confirm(small.yan, back, at=clock.now()))
    merging.decline(small.yan, back, at=clock.now())
    refuses(
        "merge_money_booked", lambda: merging.propose_undo(small.yan, done, "x", at=clock.now())
    )
    assert checking.differences() == []


def test_an_officer_merges_nobody_of_the_own_household(
    small: Small, pair: tuple[UUID, UUID]
) -> None:
    kept, gone = map(person_of, pair)
    home = Membership.here.get(person_id=kept, to_on=None).household
    own = replace(small.wei, households=frozenset({(home.village, home.number)}))
    refuses("own_household", lambda: merging.propose(own, kept, gone, "x", at=NOW))
    self = replace(small.wei, person_id=gone)
    refuses("own_household", lambda: merging.propose(self, kept, gone, "x", at=NOW))


def test_after_a_merge_search_new_applications_and_the_door_find_the_row_that_stayed(
    small: Small, pair: tuple[UUID, UUID]
) -> None:
    insured, waiting = pair
    kept, gone = person_of(insured), person_of(waiting)
    [phone] = rows.insert(
        Contact, phone_sealed="", phone_mac="x", masked="138****1427", person_id=gone
    )
    wrong = twin(1)

    merge(small, kept, gone)

    def found(text: str) -> set[UUID]:
        page = worklists.page(small.shi, Filter(search=text), 1, clock.today())
        return {line.case.id for line in page.lines}

    for text in (wrong.number, cast.identity(1).number, wrong.name):
        assert found(text) == {waiting}, text
    assert identities.settle([wrong], NOW)[0].id == kept
    refused = application.submit(
        small.chen, [cast.claim(1, identity=wrong)], Channel.VILLAGE, at=NOW, key=cast.key()
    ).refused
    assert [one.code for one in refused.values()] == ["already_enrolled"]
    bound = officers.resident(phone)
    assert bound is not None
    assert bound.person_id == kept
    assert set(queries.cases_of(bound, [insured, waiting])) == set(
        queries.cases_of(small.wei, [insured]) + queries.cases_of(small.shi, [waiting])
    )


def test_a_moved_case_keeps_its_own_number_on_paper_and_in_the_second_entry(
    small: Small, pair: tuple[UUID, UUID]
) -> None:
    insured, waiting = pair
    merge(small, person_of(insured), person_of(waiting))
    wrong, right = twin(1), cast.identity(1)
    assert main.pdf(small.shi, waiting, 1, at=NOW)
    claim = cast.claim(1, identity=wrong)
    cast.answer_all(small.chen, [waiting])
    assert not cast.decide(small.chen, [waiting]).refused
    cast.hand_on(small.chen, small.meng, [waiting])

    for number, agrees in ((right.number, False), (wrong.number, True)):
        version = cast.versions(small.meng, [waiting])[waiting]
        typed = {waiting: Typed(version, wrong.name, "id_card", number)}
        outcome = inspection.type_again(small.meng, typed, at=NOW)
        assert outcome.made["agrees"] == {str(waiting): agrees}
    cast.answer_all(small.meng, [waiting], [replace(claim, id=waiting)])
    cast.decide(small.meng, [waiting])
    cast.hand_on(small.meng, small.shi, [waiting])
    cast.answer_all(small.shi, [waiting])
    assert not cast.decide(small.shi, [waiting]).refused
    assert set(Enrolment.here.values_list("person_id", flat=True)) == {person_of(insured)}
    assert Account.here.get().person_id == person_of(insured)


def test_a_wrong_number_on_a_moved_case_is_corrected_on_the_document_it_named(
    small: Small,
) -> None:
    one = scenes.filed(small, 1)
    claim = cast.claim(1, insurance="170", identity=twin(1))
    [other] = cast.bring_to(flow.ARCHIVE, small, [claim], "170")
    merge(small, person_of(one), person_of(other))
    new = cast.identity(77).number
    version = cast.versions(small.wei, [one])[one]
    [waiting] = correction.propose(small.wei, one, version, "number", new, "抄错", at=NOW).done
    correction.confirm(small.yan, waiting, at=NOW)
    found = identities.settle([replace(cast.identity(77), number=new), twin(1)], NOW)
    assert {known.id for known in found} == {person_of(one)}
    assert identities.settle([cast.identity(1)], NOW)[0].opened


def test_what_one_person_has_once_is_not_doubled_and_one_is_told_what_to_do(small: Small) -> None:
    one, two = cast.claim(1), cast.claim(1, identity=twin(1))
    ids = cast.submit(small.chen, [one, two], Channel.VILLAGE)
    persons = [person_of(case) for case in ids]
    refuses("merge_two_cases", lambda: merging.propose(small.wei, *persons, "x", at=NOW))

    cast.answer_all(small.chen, ids, [one, two])
    cast.decide(small.chen, ids)
    cast.hand_on(small.chen, small.meng, ids)
    cast.answer_all(small.meng, ids, [one, two])
    cast.decide(small.meng, ids)
    cast.hand_on(small.meng, small.wei, ids)
    cast.answer_all(small.wei, ids)
    cast.decide(small.wei, ids)
    refuses("merge_two_enrolments", lambda: merging.propose(small.wei, *persons, "x", at=NOW))

    pensions = [cast.claim(5, insurance="170"), cast.claim(5, insurance="170", identity=twin(5))]
    pair = [person_of(case) for case in cast.bring_to(flow.ARCHIVE, small, pensions, "170")]
    Enrolment.here.filter(person_id=pair[1]).update(state="ended")
    refuses("merge_two_accounts", lambda: merging.propose(small.shi, *pair, "x", at=NOW))


def test_what_arose_between_proposal_and_confirmation_is_seen(
    small: Small, pair: tuple[UUID, UUID]
) -> None:
    insured, waiting = pair
    kept, gone = person_of(insured), person_of(waiting)
    [one] = merging.propose(small.wei, kept, gone, "x", at=NOW).done
    cast.submit(small.chen, [cast.claim(1, insurance="170")], Channel.VILLAGE)

    refuses("merge_two_cases", lambda: merging.confirm(small.yan, one, at=NOW))

    assert person_of(waiting) == gone


def test_a_row_that_gave_way_further_is_parted_from_the_end(small: Small) -> None:
    serials = [cast.submit(small.chen, [cast.claim(1, identity=who)], Channel.VILLAGE)[0]
               for who in (cast.identity(1), twin(1), replace(cast.identity(9), name="王一"))]  # fmt: skip
    a, b, c = [person_of(one) for one in serials]
    application.withdraw(small.chen, cast.versions(small.chen, serials[1:]), at=NOW, key=cast.key())
    first = merge(small, b, a)
    second = merge(small, c, b)
    assert {person_of(one) for one in serials} == {c}
    assert Person.here.get(id=a).merged_into == c

    refuses("merged_further", lambda: merging.propose_undo(small.wei, first, "x", at=NOW))
    for done in (second, first):
        [back] = merging.propose_undo(small.wei, done, "x", at=NOW).done
        merging.confirm(small.yan, back, at=NOW)

    assert [person_of(one) for one in serials] == [a, b, c]


def test_the_list_names_pairs_that_applications_made_look_alike(
    small: Small, pair: tuple[UUID, UUID]
) -> None:
    insured, waiting = pair
    kept, gone = person_of(insured), person_of(waiting)
    [one] = duplicates.suspected(small.shi)
    assert {one.one.id, one.other.id} == {kept, gone}
    assert duplicates.suspected(small.wei) == []
    with statements.seen() as seen:
        duplicates.suspected(small.shi)
    assert len(seen) <= 4

    [proposed] = merging.propose(small.wei, kept, gone, "x", at=NOW).done
    assert duplicates.suspected(small.shi) == []
    merging.decline(small.yan, proposed, at=NOW)
    assert duplicates.suspected(small.shi) == []


def test_pages_carry_a_pair_through_two_officers_and_back(
    small: Small, pair: tuple[UUID, UUID]
) -> None:
    insured, waiting = pair
    kept, gone = person_of(insured), person_of(waiting)
    shi, wei, yan = at_desk("shi"), at_desk("wei"), at_desk("yan")
    listed = shi.get(url("office_duplicates")).content.decode()
    address = next(
        one for one in (url("office_pair", gone, kept), url("office_pair", kept, gone))
        if one in listed
    )  # fmt: skip
    page = shi.get(address)
    said = text_of(page)
    for number in Case.here.filter(id__in=pair).values_list("number", flat=True):
        assert number in said
    assert twin(1).number not in page.content.decode()
    bad = send(shi, address, "propose", kept=str(uuid4()), reason="x")
    assert bad.status_code == 422

    proposed = send(shi, address, "propose", kept=str(kept), reason="同一人")
    assert proposed.status_code == 303
    assert send(shi, proposed.url, "confirm").status_code == 422
    assert send(wei, proposed.url, "confirm").status_code == 303
    assert person_of(waiting) == kept
    undo = send(yan, proposed.url, "undo", reason="是两个人")
    assert send(wei, undo.url, "confirm").status_code == 303
    assert person_of(waiting) == gone
    for client in (wei, shi):
        for page_of in (url("office_duplicates"), address, proposed.url, undo.url):
            with statements.seen() as seen:
                assert client.get(page_of).status_code == 200
            assert len(seen) <= 15, (page_of, len(seen))
    for login in ("guan", "meng", "chen"):
        assert at_desk(login).get(address).status_code == 404
    assert shi.get(url("office_pair", kept, uuid4())).status_code == 404
    assert shi.get(url("office_pair", kept, kept)).status_code == 404
    assert wei.get(url("office_merger", uuid4())).status_code == 404
    assert at_desk("shi").get(url("case", waiting)).status_code == 200


def test_every_column_that_names_a_person_moves_or_stays_for_a_reason() -> None:
    moved = {(model._meta.db_table, column) for model, column in (*merged.MOVED, *merging.MOVED)}
    # History names the row it was about; documents stay with the row they were met with.
    stays = {
        ("identity_document", "person_id"), ("person_change", "person_id"), ("consent", "person_id"),
        ("mark", "for_person_id"), ("receipt_line", "person_id"), ("ledger_posting", "person_id"),
        ("season_drop_out", "person_id"),
    }  # fmt: skip
    named = {
        (model._meta.db_table, field.attname)
        for model in apps.get_models()
        if issubclass(model, Tenant)
        for field in model._meta.concrete_fields
        if field.attname.endswith("person_id")
    }
    assert named == {one for one in moved if one[1] != "merged_into"} | stays
