"""The same person twice is found, and nobody else."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import assume, given
from hypothesis import strategies as st

from canbao.people import likeness, numbers
from canbao.people.likeness import Candidate, Likeness, Reason

BORN = date(1984, 3, 9)
VALID = st.builds(
    numbers.compose,
    st.sampled_from(["370199", "370102", "371202"]),
    st.dates(date(1930, 1, 1), date(2026, 1, 1)),
    st.integers(1, 999),
)


def person(id_: int, name: str, birth_on: date | None, number: str | None) -> Candidate:
    document = f"id_card:{number}" if number else None
    return Candidate(id_, name, birth_on, document, number)


def changed(number: str, place: int, sign: str) -> str:
    body = number[:place] + sign + number[place + 1 : 17]
    return body + numbers.check_digit(body)


def swapped(number: str, place: int) -> str:
    body = number[:17]
    body = body[:place] + body[place + 1] + body[place] + body[place + 2 :]
    return body + numbers.check_digit(body)


NUMBER = numbers.compose("370199", BORN, 21)


def test_the_same_document_is_the_same_person_whatever_the_name() -> None:
    new, old = person(1, "王芳", BORN, NUMBER), person(2, "王方", None, NUMBER)
    assert likeness.find([new], [old]) == [Likeness(1, 2, Reason.SAME_DOCUMENT)]


def test_a_hashed_document_is_enough_for_it() -> None:
    new = Candidate(1, "王芳", BORN, b"mac")
    assert likeness.find([new], [Candidate(2, "李", None, b"mac"), Candidate(3, "李")]) == [
        Likeness(1, 2, Reason.SAME_DOCUMENT)
    ]


def test_the_same_name_and_birth_date_without_any_number_is_found() -> None:
    new, old = person(1, "王芳", BORN, None), person(2, "王芳", BORN, NUMBER)
    assert likeness.find([new], [old]) == [Likeness(1, 2, Reason.SAME_NAME_AND_BIRTH)]
    assert not likeness.find([new], [person(3, "王芳", BORN + timedelta(days=1), None)])
    assert not likeness.find([person(1, "", BORN, None)], [person(2, "", BORN, None)])


@given(VALID, st.integers(0, 16), st.sampled_from("0123456789"), st.booleans())
def test_one_changed_digit_is_found_with_the_same_name_or_the_same_birth_date(
    number: str,
    place: int,
    sign: str,
    by_name: bool,  # noqa: FBT001
) -> None:
    assume(number[place] != sign)
    other = changed(number, place, sign)
    new = person(1, "王芳", None if by_name else BORN, number)
    old = person(2, "王芳" if by_name else "王方", None if by_name else BORN, other)
    assert likeness.find([new], [old]) == [Likeness(1, 2, Reason.NEAR_NUMBER)]
    stranger = person(3, "赵雅琴", BORN + timedelta(days=1), other)
    assert not likeness.find([new], [stranger])


@given(VALID, st.integers(0, 15))
def test_one_swap_is_found_in_both_directions(number: str, place: int) -> None:
    assume(number[place] != number[place + 1])
    one, other = person(1, "王芳", None, number), person(2, "王芳", None, swapped(number, place))
    assert likeness.find([one], [other]) == [Likeness(1, 2, Reason.NEAR_NUMBER)]
    assert likeness.find([other], [one]) == [Likeness(2, 1, Reason.NEAR_NUMBER)]


@given(VALID, VALID)
def test_two_changes_are_not_near(number: str, other: str) -> None:
    differ = [place for place in range(17) if number[place] != other[place]]
    swap = len(differ) == 2 and swapped(number, differ[0])[:17] == other[:17]
    assume(len(differ) >= 2 and not swap)
    assert not likeness.find([person(1, "王芳", None, number)], [person(2, "王芳", None, other)])
    assert other not in likeness.near(number)


def test_nobody_is_like_themself_and_doubles_within_a_set_are_found() -> None:
    people = [person(1, "王芳", BORN, NUMBER), person(2, "王芳", BORN, None)]
    assert likeness.find(people, people) == [
        Likeness(2, 1, Reason.SAME_NAME_AND_BIRTH),
        Likeness(1, 2, Reason.SAME_NAME_AND_BIRTH),
    ]


@given(VALID, st.integers(0, 17), st.sampled_from("0123456789X"))
def test_the_number_that_was_meant_is_among_the_neighbours_of_a_wrong_one(
    number: str, place: int, sign: str
) -> None:
    assume(sign != number[place] and (sign != "X" or place == 17))
    wrong = number[:place] + sign + number[place + 1 :]
    found = likeness.neighbours(wrong)
    assert number in found
    assert len(found) == len(set(found)) <= 40
    assert all(numbers.holds(other) for other in found)


@given(VALID, st.integers(0, 16))
def test_a_swap_is_undone_among_the_neighbours(number: str, place: int) -> None:
    assume(number[place] != number[place + 1] and "X" not in number[place : place + 2])
    wrong = number[:place] + number[place + 1] + number[place] + number[place + 2 :]
    assert number in likeness.neighbours(wrong)


@given(VALID, st.integers(0, 16), st.sampled_from("0123456789"))
def test_near_numbers_are_valid_and_hold_the_one_confused_with(
    number: str, place: int, sign: str
) -> None:
    other = changed(number, place, sign)
    assume(other != number and numbers.holds(other))
    found = likeness.near(number)
    assert other in found
    assert number not in found
    assert len(found) == len(set(found)) <= 170


def test_what_is_no_18_digit_number_has_no_neighbours() -> None:
    assert likeness.neighbours("H12345678") == likeness.near("") == []


class Counted(str):
    """A name that counts how often it is compared."""

    __slots__ = ()
    comparisons = 0

    def __eq__(self, other: object) -> bool:
        Counted.comparisons += 1
        return str.__eq__(self, other)

    __hash__ = str.__hash__


def test_the_work_grows_with_the_sum_of_both_sides_and_not_with_their_product() -> None:
    new = [person(place, Counted("王芳"), BORN, NUMBER) for place in range(400)]
    existing = [
        person(
            1000 + place,
            Counted("王芳"),
            BORN + timedelta(1 + place),
            numbers.compose("110105", BORN + timedelta(1 + place), 1),
        )
        for place in range(2000)
    ]
    Counted.comparisons = 0
    assert not likeness.find(new, existing)
    assert Counted.comparisons <= 2 * (len(new) + len(existing))
