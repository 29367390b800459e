"""The made county is the same every time, and its people could be in a real register."""

from __future__ import annotations

from collections import Counter
from datetime import date

from canbao.people import codes, numbers
from canbao.simulate import cast, claims
from canbao.simulate.residents import RARE

ON = date(2026, 11, 20)


def test_two_thousand_people_have_valid_numbers_of_the_county_each_their_own() -> None:
    people = [
        who
        for households in cast.households(1, ON).values()
        for household in households
        for who in household.members
    ]

    assert len(people) == 2000
    assert len({who.number for who in people}) == 2000
    assert all(numbers.holds(who.number) and who.number[:6] == cast.CODE for who in people)
    assert all(numbers.birth_in(who.number) == who.birth_on for who in people)
    assert all(who.birth_on <= ON for who in people)
    assert all((int(who.number[16]) % 2 == 1) == (who.sex == "1") for who in people)
    assert len({who.ethnic for who in people}) >= 5
    assert any(sign in who.name for who in people for sign in RARE)


def test_a_seed_makes_the_same_county_and_another_seed_another() -> None:
    first, again, other = (cast.households(seed, ON) for seed in (1, 1, 2))

    assert first == again
    assert first != other


def test_every_household_has_one_head() -> None:
    for households in cast.households(1, ON).values():
        assert len({one.number for one in households}) == len(households)
        for household in households:
            heads = Counter(who.relation == codes.HEAD for who in household.members)
            assert heads[True] == 1


def test_the_households_of_the_story_are_those_of_the_screens() -> None:
    households = cast.households(1, ON)[cast.APRICOT]
    tails = {
        name: cast.member(households, name)[1].number[-4:]
        for name in ("王守田", "王一诺", "李桂香", "周长河")
    }
    home, child = cast.member(households, "王一诺")
    parent = home.parent_of(child, ON)

    assert tails == {"王守田": "0317", "王一诺": "2026", "李桂香": "6645", "周长河": "4413"}
    assert parent is not None
    assert parent.name == "赵雅琴"
    assert not claims.can_apply(child, home, claims.PENSION, ON)
    assert claims.can_apply(child, home, claims.MEDICAL, ON)
