"""Regions, offices, officers, seals and waivers: what an administrator may do, and what nobody may."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth import get_user_model

from canbao.kernel import administration, clock, directory, office, staff, statements, trust
from canbao.kernel.actor import Role
from canbao.kernel.administration import OfficeGiven
from canbao.kernel.refusal import Refused
from canbao.kernel.staff import PostingGiven
from canbao.kernel.tables import Audit
from tests import small as cast
from tests.small import Small

TODAY = clock.today()
NEW_VILLAGE = "370199101203"


def at() -> clock.Instant:
    return clock.now()


def refuses(code: str, act: Callable[[], object]) -> None:
    with pytest.raises(Refused) as refused:
        act()
    assert refused.value.code == code


def test_a_region_is_added_renamed_and_merged_and_its_cases_stay_within_reach(small: Small) -> None:
    administration.add_region(small.guan, NEW_VILLAGE, "枣树村", "village", cast.WILLOW, at=at())
    administration.rename_region(small.guan, NEW_VILLAGE, "枣园村", at=at())
    administration.merge_regions(small.guan, [NEW_VILLAGE, cast.PEAR], cast.APRICOT, TODAY, at=at())

    held = {one.code: one for one in directory.regions(cast.WILLOW)}
    assert held[NEW_VILLAGE].name == "枣园村"
    assert held[NEW_VILLAGE].succeeded_by == held[cast.PEAR].succeeded_by == cast.APRICOT
    assert held[cast.PEAR].to_on == TODAY
    assert office.codes_within(cast.APRICOT, TODAY) == {cast.APRICOT, cast.PEAR, NEW_VILLAGE}
    assert office.codes_within(cast.APRICOT, TODAY - timedelta(days=1)) == {cast.APRICOT}
    assert list(Audit.here.filter(subject_kind="region").order_by("id").values_list("event", flat=True)) == [
        "region.added", "region.renamed", "region.merged", "region.merged",
    ]  # fmt: skip


UNFIT_REGIONS = (
    ("region_code_unclear", ("37019910120", "枣树村", "village", cast.WILLOW)),
    ("region_code_unclear", ("370188101203", "枣树村", "village", cast.WILLOW)),
    ("region_elsewhere", ("370199102219", "枣树村", "village", cast.WILLOW)),
    ("region_parent_unknown", (NEW_VILLAGE, "枣树村", "village", "370199000000")),
    ("region_parent_unknown", (NEW_VILLAGE, "枣树村", "hamlet", cast.WILLOW)),
    ("region_known_already", (cast.PEAR, "枣树村", "village", cast.WILLOW)),
    ("name_needed", (NEW_VILLAGE, "  ", "village", cast.WILLOW)),
)


def test_a_region_that_does_not_fit_is_refused(small: Small) -> None:
    add = administration.add_region
    for code, region in UNFIT_REGIONS:
        refuses(code, lambda region=region: add(small.guan, *region, at=at()))  # type: ignore[misc]
    assert add(small.guan, NEW_VILLAGE, "枣树村", "village", cast.WILLOW, at=at()).done


def test_a_merger_of_unlike_regions_is_refused(small: Small) -> None:
    merge = administration.merge_regions
    refuses(
        "region_levels_differ", lambda: merge(small.guan, [cast.PEAR], cast.REED, TODAY, at=at())
    )
    refuses("region_into_itself", lambda: merge(small.guan, [cast.PEAR], cast.PEAR, TODAY, at=at()))
    refuses("not_found", lambda: merge(small.guan, ["370199999999"], cast.PEAR, TODAY, at=at()))


def test_a_merger_takes_as_many_statements_for_two_as_for_one(small: Small) -> None:
    counts = []
    for codes in ([cast.PEAR], [cast.APRICOT, NEW_VILLAGE]):
        if NEW_VILLAGE in codes:
            administration.add_region(
                small.guan, NEW_VILLAGE, "枣树村", "village", cast.WILLOW, at=at()
            )
        with statements.seen() as seen:
            administration.merge_regions(small.guan, codes, cast.POND, TODAY, at=at())
        counts.append(len(seen))
    assert counts[0] == counts[1]


GIVEN = OfficeGiven(
    "柳泉镇梨树村第二村民委员会", "village", cast.PEAR, ("390",), "梨树村", "0531", "8–17"
)


def test_an_office_is_opened_changed_and_closed_with_all_that_hangs_on_it(small: Small) -> None:
    [one] = administration.open_office(small.guan, GIVEN, TODAY, at=at()).done
    [seal] = trust.make_seal(
        small.guan, one, "village_committee", "梨树村", "", TODAY, at=at()
    ).done
    officer = small.liu.id
    staff.post(small.guan, PostingGiven(officer, one, Role.VILLAGE, TODAY), at=at())
    trust.hand_over(small.guan, seal, officer, TODAY, at=at())

    wider = OfficeGiven(**{**_fields(GIVEN), "insurances": ("170", "390")})
    administration.change_office(small.guan, one, wider, at=at())
    refuses(
        "nothing_changes", lambda: administration.change_office(small.guan, one, wider, at=at())
    )
    tomorrow = TODAY + timedelta(days=1)
    administration.close_office(small.guan, one, tomorrow, at=at())

    held = directory.office(one)
    assert held is not None
    assert (held.insurances, held.to_on) == (("170", "390"), tomorrow)
    assert [row.to_on for row in directory.postings(office_id=one)] == [tomorrow]
    kept = directory.seal(seal)
    assert kept is not None
    assert (kept.to_on, kept.custody[0].to_on) == (tomorrow, tomorrow)


def _fields(given: OfficeGiven) -> dict[str, Any]:
    return {name: getattr(given, name) for name in OfficeGiven.__dataclass_fields__}


UNFIT_OFFICES: tuple[tuple[str, dict[str, Any]], ...] = (
    ("office_kind_unfit", {"kind": "township"}),
    ("office_kind_unfit", {"region_code": "370199999999"}),
    ("insurance_unknown", {"insurances": ()}),
    ("insurance_unknown", {"insurances": ("310",)}),
    ("name_needed", {"name": ""}),
)


def test_an_office_that_does_not_fit_is_refused(small: Small) -> None:
    for code, changes in UNFIT_OFFICES:
        unfit = OfficeGiven(**{**_fields(GIVEN), **changes})
        refuses(
            code,
            lambda unfit=unfit: administration.open_office(small.guan, unfit, TODAY, at=at()),  # type: ignore[misc]
        )
    assert administration.open_office(small.guan, GIVEN, TODAY, at=at()).done


def _home(small: Small, login: str) -> Any:
    return getattr(small, login).office_id


def test_an_officer_is_taken_up_posted_and_leaves(small: Small) -> None:
    [one] = staff.add_officer(small.guan, "zhao", "赵敏", "0531", "Kind-Sparrow-81", at=at()).done
    [posting] = staff.post(
        small.guan, PostingGiven(one, _home(small, "chen"), Role.VILLAGE, TODAY), at=at()
    ).done

    user = get_user_model().objects.get(username=f"{cast.COUNTY}/zhao")
    assert user.check_password("Kind-Sparrow-81")
    assert staff.must_change_password(user)
    actor = office.actor("zhao", posting, TODAY)
    assert actor is not None
    staff.change_password(actor, "Kind-Sparrow-81", "Quiet-River-2093", at=at())
    assert not staff.must_change_password(user)
    assert staff.proves("zhao", "Quiet-River-2093")

    staff.leave(small.guan, one, TODAY, at=at())
    assert office.postings_of("zhao", TODAY) == []
    assert office.officer_name(one) == "赵敏"


def test_a_password_is_changed_only_with_the_old_one_and_to_a_good_one(small: Small) -> None:
    [one] = staff.add_officer(small.guan, "zhao", "赵敏", "", "Kind-Sparrow-81", at=at()).done
    given = PostingGiven(one, _home(small, "chen"), Role.VILLAGE, TODAY)
    [posting] = staff.post(small.guan, given, at=at()).done
    actor = office.actor("zhao", posting, TODAY)
    assert actor is not None
    change = staff.change_password
    refuses("password_wrong", lambda: change(actor, "no", "Quiet-River-2093", at=at()))
    refuses("password_weak", lambda: change(actor, "Kind-Sparrow-81", "short", at=at()))
    refuses("password_same", lambda: change(actor, *["Kind-Sparrow-81"] * 2, at=at()))
    staff.new_password(small.guan, one, "Other-Sparrow-82", at=at())
    assert staff.proves("zhao", "Other-Sparrow-82")


@pytest.mark.parametrize("login", ["", "Zhao", "赵敏", "a b", "x", "a/../b"])
def test_a_login_that_cannot_be_typed_safely_is_refused(small: Small, login: str) -> None:
    refuses("login_unclear", lambda: staff.add_officer(small.guan, login, "赵敏", "", "x", at=at()))


def test_a_posting_that_does_not_fit_is_refused(small: Small) -> None:
    post = staff.post
    village, township = _home(small, "chen"), _home(small, "meng")
    liu = small.liu.id
    for code, given in [
        ("role_not_of_office", PostingGiven(liu, village, Role.TOWNSHIP, TODAY)),
        ("role_not_of_office", PostingGiven(liu, _home(small, "guan"), Role.COUNTY, TODAY)),
        ("posted_already", PostingGiven(small.chen.id, village, Role.VILLAGE, TODAY)),
        ("dates_reversed", PostingGiven(liu, village, Role.VILLAGE, TODAY, TODAY)),
        ("not_to_oneself", PostingGiven(small.guan.id, village, Role.VILLAGE, TODAY)),
        ("auditor_alone", PostingGiven(liu, _home(small, "guan"), Role.AUDITOR, TODAY)),
        ("stand_in_unfit", PostingGiven(liu, village, Role.VILLAGE, TODAY, None, small.meng.id)),
    ]:
        refuses(code, lambda given=given: post(small.guan, given, at=at()))  # type: ignore[misc]
    assert post(small.guan, PostingGiven(liu, township, Role.TOWNSHIP, TODAY), at=at()).done
    stand_in = PostingGiven(
        liu, village, Role.VILLAGE, TODAY, TODAY + timedelta(days=9), small.chen.id
    )
    [one] = post(small.guan, stand_in, at=at()).done
    actor = office.actor("liu", one, TODAY)
    assert actor is not None
    assert actor.stands_in_for == small.chen.id


def test_the_last_administrator_cannot_go(small: Small) -> None:
    posting = next(
        one for one in directory.postings(officer_ids=[small.li.id]) if one.role == "administrator"
    )
    own = directory.postings(officer_ids=[small.guan.id])[0]
    refuses("not_to_oneself", lambda: staff.end_posting(small.guan, own.id, TODAY, at=at()))
    staff.end_posting(small.guan, posting.id, TODAY, at=at())

    [other] = staff.add_officer(small.guan, "sun", "孙立", "", "Kind-Sparrow-81", at=at()).done
    given = PostingGiven(other, _home(small, "guan"), Role.ADMINISTRATOR, TODAY)
    staff.post(small.guan, given, at=at())
    staff.leave(small.li, small.guan.id, TODAY, at=at())
    refuses("last_administrator", lambda: staff.leave(small.li, other, TODAY, at=at()))


def test_a_seal_changes_hands_on_a_day(small: Small) -> None:
    village = _home(small, "chen")
    [seal], _total = directory.seals(village)
    later = TODAY + timedelta(days=3)
    refuses(
        "not_of_the_office",
        lambda: trust.hand_over(small.guan, seal.id, small.liu.id, later, at=at()),
    )
    refuses(
        "held_already", lambda: trust.hand_over(small.guan, seal.id, small.chen.id, later, at=at())
    )
    staff.post(small.guan, PostingGiven(small.liu.id, village, Role.VILLAGE, TODAY), at=at())

    trust.hand_over(small.guan, seal.id, small.liu.id, later, instead_of=small.chen.id, at=at())

    liu = next(
        one for one in directory.postings(office_id=village) if one.officer_id == small.liu.id
    )
    taker = office.actor("liu", liu.id, later)
    assert taker is not None
    assert office.seal_for(small.chen, "village_committee", TODAY) is not None
    assert office.seal_for(small.chen, "village_committee", later) is None
    assert office.seal_for(taker, "village_committee", later) is not None
    refuses(
        "seal_there_already",
        lambda: trust.make_seal(small.guan, village, "village_committee", "x", "", TODAY, at=at()),
    )
    refuses(
        "seal_not_of_office",
        lambda: trust.make_seal(small.guan, village, "county_agency", "x", "", TODAY, at=at()),
    )


def test_a_waiver_holds_only_once_a_second_administrator_granted_it(small: Small) -> None:
    end = TODAY + timedelta(days=30)
    propose = trust.propose_waiver
    [one] = propose(
        small.guan, small.meng.id, "acted_elsewhere", "同事生病", TODAY, end, at=at()
    ).done
    assert not office.waived(small.meng.id, "acted_elsewhere", TODAY)
    refuses("second_person_needed", lambda: trust.grant_waiver(small.guan, one, at=at()))

    trust.grant_waiver(small.li, one, at=at())

    assert office.waived(small.meng.id, "acted_elsewhere", TODAY)
    assert not office.waived(small.meng.id, "acted_elsewhere", end)
    [line] = directory.waivers()
    assert (line.proposed_by, line.granted_by) == (small.guan.id, small.li.id)
    trust.end_waiver(small.guan, one, TODAY, at=at())
    assert not office.waived(small.meng.id, "acted_elsewhere", TODAY)


def test_a_waiver_that_goes_too_far_is_refused(small: Small) -> None:
    meng = small.meng.id
    for code, given in [
        ("rule_not_waivable", (meng, "own_household", "x", TODAY, TODAY + timedelta(days=1))),
        ("waiver_too_long", (meng, "acted_elsewhere", "x", TODAY, TODAY + timedelta(days=93))),
        ("dates_reversed", (meng, "acted_elsewhere", "x", TODAY, TODAY)),
        ("reason_missing", (meng, "acted_elsewhere", " ", TODAY, TODAY + timedelta(days=1))),
        (
            "not_to_oneself",
            (small.guan.id, "acted_elsewhere", "x", TODAY, TODAY + timedelta(days=1)),
        ),
    ]:
        refuses(code, lambda given=given: trust.propose_waiver(small.guan, *given, at=at()))  # type: ignore[misc]
    [one] = trust.propose_waiver(
        small.guan, small.li.id, "acted_elsewhere", "x", TODAY, TODAY + timedelta(days=1), at=at()
    ).done
    refuses("second_person_needed", lambda: trust.grant_waiver(small.li, one, at=at()))


@pytest.mark.parametrize("login", ["chen", "meng", "wei"])
def test_nobody_but_an_administrator_changes_the_order(small: Small, login: str) -> None:
    actor = getattr(small, login)
    before = Audit.here.count()
    for act in (
        lambda: administration.add_region(actor, NEW_VILLAGE, "x", "village", cast.WILLOW, at=at()),
        lambda: administration.open_office(actor, GIVEN, TODAY, at=at()),
        lambda: staff.add_officer(actor, "zhao", "赵敏", "", "x", at=at()),
        lambda: staff.leave(actor, small.liu.id, TODAY, at=at()),
        lambda: trust.retire_seal(actor, directory.seals()[0][0].id, TODAY, at=at()),
        lambda: trust.grant_waiver(actor, small.liu.id, at=at()),
    ):
        refuses("not_administrator", act)
    assert Audit.here.count() == before
