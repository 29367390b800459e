"""What a pack may not say, each with its line."""

from __future__ import annotations

import random
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from canbao.policy import words
from canbao.policy.refusals import REFUSALS
from canbao.policy.rules import packs
from canbao.policy.rules.faults import PackFault
from tests.policy.written import PACK, changed, codes, faults

OWN = 'own = { fen = 40000, source = "notice", confirmed = true }'
DATED = """own = [
  { fen = 40000, source = "notice", to_on = "previous-12-31" },
  { fen = 90000, source = "notice", from_on = "same-01-01" },
]"""


def test_the_pack_that_the_others_are_made_from_is_good() -> None:
    assert faults(PACK) == ()


@pytest.mark.parametrize(
    ("old", "new", "code", "line"),
    [
        ('address = "example.org/copy"', 'adress = "example.org/copy"', "pack_unknown_key_near", 14),
        ("fits = { age_from = 18 }", "fits = { age_form = 18 }", "pack_unknown_key_near", 19),
        ("[paper.photo]", "[papers.photo]", "pack_unknown_key_near", 33),
        ("fen = 40000,", "fen = -40000,", "pack_not_whole", 20),
        ("fen = 40000,", "fen = 400.00,", "pack_not_whole", 20),
        ("fen = 40000,", 'fen = "40000",', "pack_not_whole", 20),
        ("fen = 40000,", "fen = true,", "pack_not_whole", 20),
        ("fen = 40000,", "fen = 40000000,", "pack_not_whole", 20),
        ("government_fen = 70000", "government_fen = 70000, city_fen = 1", "pack_government_split", 21),
        ('government_fen = 70000, source = "copy"', 'source = "copy"', "pack_no_share", 21),
        ('fen = 40000, source = "notice",', "fen = 40000,", "pack_missing_key", 20),
        ('fen = 40000, source = "notice",', 'fen = 40000, source = "notise",', "pack_unknown_source", 20),
        ('fen = 40000, source = "notice"', 'fen = 40000, source = "copy"', "pack_confirmed_weak", 20),
        ("published_on = 2025-09-01\n", "", "pack_confirmed_undated", 19),
        ("published_on = 2025-09-01", "published_on = 2025-09-01T00:00:00", "pack_not_day", 10),
        ("published_on = 2025-09-01", 'published_on = "same-02-30"', "pack_not_day", 10),
        ('grade = "A"', 'grade = "E"', "pack_not_choice", 9),
        ('["elsewhere"]', '["elsewere"]', "pack_not_choice", 29),
        ('["elsewhere"]', "[]", "pack_not_codes", 29),
        ('refuse_when = { residency = ["elsewhere"] }', "refuse_when = {}", "pack_empty_condition", 29),
        ('place = "000000"', 'place = "济南"', "pack_not_place", 1),
        ("year = 2026", "year = 2026\nyears = [2025, 2026]", "pack_not_years", 5),
        ("year = 2026", "years = [2026, 2025]", "pack_not_years", 4),
        ("percent = 33", "percent = 33, full = true", "pack_help_kind", 26),
        ("percent = 33", 'percent = 33, levels = ["adlt"]', "pack_unknown_name", 26),
        ("{ age = 40 }", '{ age = 40, groups = ["poor"] }', "pack_example_fails", 37),
        ("own_fen = 40000\nwhole_fen = 110000\n", "", "pack_missing_key", 37),
        (OWN, 'not_found = { zh = "没有", en = "none" }', "pack_example_fails", 37),
        (OWN, "", "pack_level_silent", 17),
        ('name = { zh = "低保", en = "Poor" }\n', "", "pack_incomplete", 23),
        ("government_fen = 70000", "total_fen = 70000, city_fen = 69999", "pack_shares_do_not_add_up", 21),
        ("percent = 33", 'percent = 33, payer = "own"', "pack_help_by_oneself", 26),
        ("percent = 33", 'percent = 33, way = "later"', "pack_not_choice", 26),
        (OWN, DATED.replace("same-01-01", "previous-12-31"), "pack_overlap", 22),
        (OWN, DATED.replace("previous-12-31", "previous-08-31").replace("{ fen = 40000", '{ from_on = "same-01-01", fen = 40000'), "pack_ends_before_start", 21),
    ],
)  # fmt: skip
def test_a_fault_is_named_with_its_line(old: str, new: str, code: str, line: int) -> None:
    assert (code, line) in codes(changed(old, new))


def test_a_misspelt_key_comes_with_a_suggestion() -> None:
    (fault,) = faults(changed("age_from = 18", "age_form = 18"))[:1]

    assert fault.facts == {"key": "level.adult.fits.age_form", "near": "age_from"}
    assert words.fault(fault).startswith("pack.toml:19: ")


def test_all_faults_of_a_file_are_named_at_once() -> None:
    text = changed("fen = 40000,", "fen = -1,").replace('grade = "C"', 'grade = "Z"')

    assert {code for code, _ in codes(text)} >= {"pack_not_whole", "pack_not_choice"}


def test_dated_values_that_meet_are_accepted_and_a_hole_between_them_is_refused() -> None:
    assert codes(changed(OWN, DATED)) == []
    assert codes(changed(OWN, DATED.replace("same-01-01", "same-01-02"))) == [("pack_gap", 22)]


CHILD = """[level.child]
name = { zh = "少儿", en = "Child" }
fits = [{ age_below = %s }, { student = ["school"] }]
own = { fen = 30000, source = "copy" }

[group.poor]"""
STUDENTS = 'fits = { age_from = 18, student = ["none", "university"] }'


@pytest.mark.parametrize(
    ("below", "found"),
    [
        (18, []),
        (16, [("pack_ages_gap", 16, 17, "none")]),
        (20, [("pack_ages_overlap", 18, 19, "none")]),
    ],
)
def test_every_age_between_two_categories_has_exactly_one(
    below: int, found: list[tuple[str, int, int, str]]
) -> None:
    text = changed("[group.poor]", CHILD % below).replace("fits = { age_from = 18 }", STUDENTS)

    told = [
        (fault.code, fault.facts["first"], fault.facts["last"], fault.facts["student"])
        for fault in faults(text)
    ]

    assert told == found


def test_a_category_for_special_groups_may_lie_within_another() -> None:
    among = CHILD.replace("{ age_below = %s }", '{ groups = ["poor"] }').replace(
        '{ student = ["school"] }', "{ age_below = 18 }"
    )

    assert codes(changed("[group.poor]", among)) == []


def test_what_follows_from_a_fault_is_not_told_beside_it() -> None:
    assert codes(changed("percent = 33", 'fixed_fen = "220"')) == [("pack_not_whole", 26)]
    assert codes(changed("year = 2026", "years = [2032, 2024]")) == [("pack_not_years", 4)]


@pytest.mark.parametrize(
    ("section", "code", "line"),
    [
        ('[season]\nopens_on = "same-01-01"\ncloses_on = "previous-12-31"', "pack_days_out_of_order", 1),
        ('[season]\ncloses_on = "previous-12-31"\nextended_to = "previous-12-30"', "pack_days_out_of_order", 1),
        ('[season]\nopens_on = "same-01-01"', "pack_missing_key", 1),
        ('[season]\ncloses_on = "same-01-01"\ndays = { first = 25, last = 1 }', "pack_days_out_of_order", 3),
        ('[season]\ncloses_on = "same-01-01"\ndays = { months = [13], first = 1, last = 2 }', "pack_not_wholes", 3),
        ('[season]\ncloses_on = "same-01-01"\ndays = { months = [], first = 1, last = 2 }', "pack_not_wholes", 3),
        ('[cover]\nstarts_on = "same-01-01"\nlate_from = "sometime"', "pack_not_choice", 3),
        ('[cover]\nstarts_on = "same-01-01"\nlate_wait_months = 3', "pack_unknown_key", 3),
        ('[cover]\nstarts_on = "same-06-01"\nends_on = "same-05-31"', "pack_days_out_of_order", 1),
        ("[waiting]\ngap_months = 1", "pack_missing_key", 1),
        ("[waiting]\nfixed_months = -3", "pack_not_whole", 2),
        ("[waiting]\nfixed_months = 3\nlong_gap_years = 4", "pack_missing_key", 1),
        ('[waiting]\nfixed_months = 3\nunless = { groups = ["por"] }', "pack_unknown_name", 1),
        ('[newborn]\ndays = 90\nacross_new_year = "both"\nlater_from = "next_month"', "pack_not_choice", 3),
        ("[late]\nunless = { age_below = 3 }", "pack_missing_key", 1),
        ("[cash]\nbank_within_days = 1.5", "pack_not_whole", 2),
        ("[back_payment]\nyears_most = 15", "pack_missing_key", 1),
        ('[late]\nuntil = "end"\npays_subsidy = true', "pack_not_day", 2),
        ("[collective]\nleast_fen = 2\nmost_fen = 1", "pack_limits_out_of_order", 3),
        ("[refund.twice]\nbefore_cover = true", "pack_missing_key", 1),
        ('[refund.twice]\nname = { zh = "重复", en = "Twice" }\nbefor_cover = true', "pack_unknown_key_near", 3),
    ],
)  # fmt: skip
def test_a_fault_in_the_terms_is_named_with_its_line(section: str, code: str, line: int) -> None:
    head, example = PACK.split("[[example]]")
    found = codes(f'{head}{section}\nsource = "copy"\n\n[[example]]{example}')

    assert (code, head.count("\n") + line) in found
    without_source = codes(f"{head}{section}\n\n[[example]]{example}")
    assert ("pack_missing_key", head.count("\n") + 1) in without_source


@pytest.mark.parametrize(
    "data",
    [
        b"\xff\xfe",
        b"place = ",
        b"a = 1\na = 2",
        b"x = " + b"[" * 5000 + b"]" * 5000,
        b"x = " + b"9" * 5000,
        b"#" * 300_000,
        b"",
        b"\xef\xbb\xbfplace = 1",
        b'"a\\"b" = 1\n',
    ],
)
def test_bytes_that_are_no_pack_are_refused_with_a_sentence(data: bytes) -> None:
    with pytest.raises(PackFault) as refused:
        packs.parse(data, name="x.toml")

    for fault in refused.value.faults:
        assert words.fault(fault).startswith("x.toml:")


@given(st.binary(max_size=200) | st.text(max_size=200).map(str.encode))
def test_no_bytes_do_anything_but_load_or_be_refused(data: bytes) -> None:
    with pytest.raises(PackFault):
        packs.parse(data, name="x.toml")


@given(st.randoms(use_true_random=False))
def test_a_key_with_one_letter_wrong_never_comes_into_force(chance: random.Random) -> None:
    key = chance.choice(list(re.finditer(r"\b([a-z_]{2,}) = ", PACK)))
    at = chance.randrange(key.start(1), key.end(1))
    letter = chance.choice("qxj")

    assert faults(PACK[:at] + letter + PACK[at + 1 :])


@given(st.randoms(use_true_random=False), st.sampled_from(["-{}", "{}.0", "{}.5", '"{}"', "true"]))
def test_a_number_of_another_kind_never_comes_into_force(chance: random.Random, form: str) -> None:
    number = chance.choice(list(re.finditer(r"= (\d+)\b(?!-)", PACK)))

    assert faults(PACK[: number.start(1)] + form.format(number[1]) + PACK[number.end(1) :])


@given(st.sampled_from([40000, 70000]), st.integers(1, 9_999_999))
def test_an_amount_that_was_mistyped_fails_its_worked_example(fen: int, typed: int) -> None:
    text = re.sub(
        rf"\bfen = {fen}\b|government_fen = {fen}\b",
        lambda m: m[0].replace(str(fen), str(typed)),
        PACK,
    )

    assert ("pack_example_fails", 37) in codes(text) or typed == fen


@given(st.integers(1, 27), st.integers(1, 27))
def test_two_values_on_one_day_are_always_refused(ends: int, starts: int) -> None:
    dated = DATED.replace("previous-12-31", f"same-03-{ends:02}").replace(
        "same-01-01", f"same-03-{starts:02}"
    )

    assert ("pack_overlap" in dict(codes(changed(OWN, dated)))) == (starts <= ends)


def test_every_fault_that_the_rules_can_name_has_a_sentence() -> None:
    sources = packs.SHIPPED.parent.joinpath("rules").glob("*.py")
    named = {
        code
        for path in sources
        for code in re.findall(
            r'"((?:pack|policy|level|back_payment|collective|trace|packs)_[a-z0-9_]+)"',
            path.read_text(),
        )
    }

    assert named - {"back_payment", "collective_fen"} <= set(REFUSALS)
    assert set(REFUSALS) - named == set()
