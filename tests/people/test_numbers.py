"""Identity documents: what is accepted, put right, refused and shown."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from stdnum.iso7064 import mod_11_2

from canbao.kernel.refusal import Refused
from canbao.people import numbers
from canbao.people.codes import Sex
from canbao.people.numbers import Document, Kind
from canbao.people.refusals import NOTES, REFUSALS

TODAY = date(2026, 11, 23)
PUBLISHED = "11010519491231002X"
AREAS = st.one_of(
    st.sampled_from([*numbers.JINAN_AREAS, *numbers.RETIRED_AREAS, "370199"]),
    st.builds("{}{:04d}".format, st.sampled_from([11, 37, 54, 65]), st.integers(1, 9999)),
)
BIRTHS = st.dates(date(1900, 1, 1), TODAY)
VALID = st.builds(numbers.compose, AREAS, BIRTHS, st.integers(1, 999))


def code_of(kind: Kind, text: str, on: date = TODAY) -> str:
    with pytest.raises(Refused) as refused:
        numbers.read(kind, text, on=on)
    return refused.value.code


def attempt(kind: Kind, text: str) -> Document | Refused:
    try:
        return numbers.read(kind, text, on=TODAY)
    except Refused as refused:
        return refused


@given(AREAS, BIRTHS, st.integers(1, 999))
def test_every_number_that_is_put_together_is_accepted_and_taken_apart_again(
    area: str, birth_on: date, sequence: int
) -> None:
    number = numbers.compose(area, birth_on, sequence)
    document = numbers.read(Kind.ID_CARD, number, on=TODAY)
    assert (document.number, document.birth_on, document.area) == (number, birth_on, area)
    assert document.sex is (Sex.MALE if sequence % 2 else Sex.FEMALE)


@given(VALID)
def test_the_check_digit_is_the_one_of_an_independent_implementation(number: str) -> None:
    assert mod_11_2.is_valid(number)
    assert mod_11_2.calc_check_digit(number[:17]) == numbers.check_digit(number[:17])


@given(VALID, st.integers(0, 17), st.sampled_from("0123456789X"))
def test_any_single_changed_place_is_refused(number: str, place: int, sign: str) -> None:
    assume(number[place] != sign)
    code_of(Kind.ID_CARD, number[:place] + sign + number[place + 1 :])


@given(VALID, st.integers(0, 16))
def test_any_swap_of_two_neighbours_is_refused(number: str, place: int) -> None:
    assume(number[place] != number[place + 1])
    swapped = number[:place] + number[place + 1] + number[place] + number[place + 2 :]
    code_of(Kind.ID_CARD, swapped)


@given(VALID, st.integers(0, 17), st.text(max_size=3))
def test_a_number_with_anything_inserted_is_either_the_same_or_refused(
    number: str, place: int, text: str
) -> None:
    typed = number[:place] + text + number[place:]
    read = attempt(Kind.ID_CARD, typed)
    if isinstance(read, Refused):
        assert read.code.startswith("number_")
    else:
        assert read.number == number


@given(st.sampled_from(Kind), st.text(max_size=40))
def test_whatever_is_typed_is_read_or_refused_with_a_known_code(kind: Kind, text: str) -> None:
    read = attempt(kind, text)
    if isinstance(read, Refused):
        assert str(REFUSALS[read.code] % read.facts)
    else:
        assert all(str(NOTES[note.code] % note.facts) for note in read.notes)


@pytest.mark.parametrize(
    "typed",
    [
        "11010519491231002x",
        " 110105 19491231 002X ",
        "１１０１０５１９４９１２３１００２Ｘ",
        "１１０１０５１９４９１２３１００２ｘ",
        "110105-19491231-002X",
        "110105\u300019491231\u200b002X",
        "'11010519491231002X",
        "11010519491231002\u00d7",
        "11010519491231002\u0445",
        "11010519491231002\u2169",
        "\ufeff11010519491231002X\n",
    ],
)
def test_one_number_in_many_spellings_is_one_number(typed: str) -> None:
    document = numbers.read(Kind.ID_CARD, typed, on=TODAY)
    assert document.number == PUBLISHED
    assert (document.birth_on, document.sex) == (date(1949, 12, 31), Sex.FEMALE)
    assert numbers.canonical(document.kind, document.number) == f"id_card:{PUBLISHED}"


def test_an_old_number_becomes_18_digits_and_the_note_says_so_without_showing_it() -> None:
    document = numbers.read(Kind.ID_CARD, "110105491231002", on=TODAY)
    assert document.number == PUBLISHED
    (note,) = document.notes
    assert note.code == "upgraded_from_15"
    assert note.facts == {"number": "1101**********002X"}


def test_an_old_number_with_an_impossible_date_is_refused() -> None:
    assert code_of(Kind.ID_CARD, "110105491331002") == "number_birth_date"


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("", "number_missing"),
        ("   ", "number_missing"),
        ("110105194912310021", "number_check_digit"),
        ("1101051949123100", "number_length"),
        ("110105194912310", "number_birth_date"),
        (PUBLISHED + "1", "number_length"),
        (PUBLISHED + "34", "number_disability_suffix"),
        (PUBLISHED + "34B1", "number_disability_suffix"),
        ("11010519490231002X", "number_birth_date"),
        ("11010519491231O02X", "number_character"),
        ("1101051949123100X2", "number_character"),
        ("1.10105194912E+17", "number_scientific"),
        ("1" * 5000, "number_length"),
    ],
)
def test_what_is_wrong_has_its_own_code(typed: str, code: str) -> None:
    assert code_of(Kind.ID_CARD, typed) == code


def test_the_place_of_a_foreign_character_is_told() -> None:
    with pytest.raises(Refused) as refused:
        numbers.read(Kind.ID_CARD, "11010519491231O02X", on=TODAY)
    assert refused.value.facts == {"position": 15, "character": "O"}


def test_nobody_is_born_after_today_nor_too_long_ago() -> None:
    tomorrow = numbers.compose("370102", date(2026, 11, 24), 1)
    assert code_of(Kind.ID_CARD, tomorrow) == "number_birth_future"
    assert numbers.read(Kind.ID_CARD, tomorrow, on=date(2026, 11, 24)).birth_on
    assert code_of(Kind.ID_CARD, numbers.compose("370102", date(1812, 1, 1), 1)) == (
        "number_birth_early"
    )


def test_29_february_stands_only_in_leap_years() -> None:
    leap = numbers.compose("370102", date(2024, 2, 29), 12)
    assert numbers.read(Kind.ID_CARD, leap, on=TODAY).birth_on == date(2024, 2, 29)
    body = leap[:6] + "2023" + leap[10:17]
    assert code_of(Kind.ID_CARD, body + numbers.check_digit(body)) == "number_birth_date"


@pytest.mark.parametrize(
    ("area", "code"),
    [
        ("370102", None),
        ("371202", "area_retired"),
        ("371203", "area_retired"),
        ("370181", "area_retired"),
        ("370199", "area_unknown"),
        ("190101", "area_unknown"),
        ("440301", None),
    ],
)
def test_an_area_is_only_ever_a_note(area: str, code: str | None) -> None:
    number = numbers.compose(area, date(1980, 5, 1), 3)
    notes = numbers.read(Kind.ID_CARD, number, on=TODAY).notes
    assert [note.code for note in notes] == ([code] if code else [])


def test_an_installation_may_know_areas_of_its_own() -> None:
    number = numbers.compose("370199", date(1980, 5, 1), 3)
    assert not numbers.read(Kind.ID_CARD, number, on=TODAY, known_areas={"370199"}).notes


@pytest.mark.parametrize("area", ["810000", "820000", "830000"])
def test_a_residence_permit_is_read_as_one_and_not_as_an_id_card(area: str) -> None:
    number = numbers.compose(area, date(1988, 8, 8), 2)
    document = numbers.read(Kind.RESIDENCE_PERMIT, number, on=TODAY)
    assert (document.sex, document.birth_on) == (Sex.FEMALE, date(1988, 8, 8))
    assert not document.notes
    assert code_of(Kind.ID_CARD, number) == "number_of_other_kind"
    assert code_of(Kind.RESIDENCE_PERMIT, PUBLISHED) == "number_of_other_kind"


def test_the_old_foreign_card_has_letters_and_tells_no_full_birth_date() -> None:
    document = numbers.read(Kind.FOREIGN_CARD, "can 1101 810803 10", on=TODAY)
    assert document == Document(Kind.FOREIGN_CARD, "CAN110181080310")


def test_the_new_foreign_card_carries_birth_and_check_digit() -> None:
    document = numbers.read(Kind.FOREIGN_CARD, "932682198501010017", on=TODAY)
    assert (document.birth_on, document.sex) == (date(1985, 1, 1), Sex.MALE)
    assert document.area is None
    assert code_of(Kind.FOREIGN_CARD, "932682198501010018") == "number_check_digit"
    assert code_of(Kind.ID_CARD, "932682198501010017") == "number_of_other_kind"


@pytest.mark.parametrize(
    ("kind", "typed"),
    [
        (Kind.HONG_KONG_PERMIT, "h1234567801"),
        (Kind.MACAU_PERMIT, "M12345678"),
        (Kind.TAIWAN_PERMIT, "01234567"),
        (Kind.PASSPORT, "ab 1234567"),
        (Kind.CHINESE_PASSPORT, "EA1234567"),
        (Kind.CHINESE_PASSPORT, "g12345678"),
        (Kind.BIRTH_CERTIFICATE, "t370123456"),
    ],
)
def test_other_documents_are_read_by_their_shape(kind: Kind, typed: str) -> None:
    document = numbers.read(kind, typed, on=TODAY)
    assert document.number == typed.upper().replace(" ", "")
    assert (document.birth_on, document.sex, document.area) == (None, None, None)


@pytest.mark.parametrize(
    ("kind", "typed"),
    [
        (Kind.HONG_KONG_PERMIT, "M12345678"),
        (Kind.MACAU_PERMIT, "H12345678"),
        (Kind.TAIWAN_PERMIT, "1234567"),
        (Kind.PASSPORT, "ABCDEFG"),
        (Kind.CHINESE_PASSPORT, "X12345678"),
        (Kind.BIRTH_CERTIFICATE, "370123456"),
        (Kind.BIRTH_CERTIFICATE, PUBLISHED),
    ],
)
def test_a_number_of_another_shape_is_refused(kind: Kind, typed: str) -> None:
    assert code_of(kind, typed) == "number_shape"


def test_a_renewed_travel_permit_is_the_same_document() -> None:
    first, renewed = (
        numbers.read(Kind.HONG_KONG_PERMIT, typed, on=TODAY).number
        for typed in ("H1234567800", "H1234567801")
    )
    assert numbers.canonical(Kind.HONG_KONG_PERMIT, first) == numbers.canonical(
        Kind.HONG_KONG_PERMIT, renewed
    )
    assert numbers.canonical(Kind.PASSPORT, "A1") != numbers.canonical(Kind.ID_CARD, "A1")


def test_a_number_is_shown_as_on_the_screens() -> None:
    assert numbers.mask("370199196503170317") == "3701**********0317"
    assert numbers.last_four(PUBLISHED) == "002X"


@given(st.text("ABC0123456789", min_size=1, max_size=25))
def test_a_mask_keeps_the_length_and_hides_most_of_a_long_one(number: str) -> None:
    masked = numbers.mask(number)
    assert len(masked) == len(number)
    if len(number) >= 18:
        assert masked.count("*") >= 10


def test_a_statement_is_compared_with_the_number() -> None:
    document = numbers.read(Kind.ID_CARD, PUBLISHED, on=TODAY)
    agree = numbers.differences(document, birth_on=date(1949, 12, 31), sex=Sex.FEMALE)
    differ = numbers.differences(document, birth_on=date(1949, 12, 13), sex=Sex.MALE)
    assert agree == ()
    assert differ == ("birth_on", "sex")
    assert numbers.differences(document, birth_on=None, sex=Sex.UNKNOWN) == ()


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("id_card", Kind.ID_CARD),
        ("01", Kind.ID_CARD),
        ("1", Kind.ID_CARD),
        ("居民身份证", Kind.ID_CARD),
        ("户口簿", Kind.ID_CARD),
        ("17", Kind.RESIDENCE_PERMIT),
        ("出生医学证明", Kind.BIRTH_CERTIFICATE),
    ],
)
def test_a_kind_is_known_by_word_code_and_name(text: str, kind: Kind) -> None:
    assert Kind.of(text) is kind


def test_an_unknown_kind_is_refused_and_every_kind_has_a_code_and_a_label() -> None:
    with pytest.raises(Refused, match="document_kind_unknown"):
        Kind.of("驾驶证")
    assert {Kind(code.code) for code in numbers.KINDS} == set(Kind)
    assert len({kind.national_code for kind in Kind}) == len(Kind)
