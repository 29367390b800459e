"""The trace that is stored with a charge: read back equal, compared, said in both languages."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from canbao.kernel.refusal import Refused
from canbao.policy import words
from canbao.policy.rules import packs, trace
from canbao.policy.rules.person import GroupEvidence, PersonFacts, Student
from tests.policy.written import changed, library, with_terms

ON = date(2025, 11, 20)
DEMO = packs.load_shipped(demo=True)
GROUPS = ("destitute", "low_income", "disability_severe", "monitored", "low_income_margin")
PEOPLE = st.builds(
    PersonFacts,
    birth_on=st.dates(date(1930, 1, 1), date(2025, 11, 1)),
    student=st.sampled_from(Student),
    groups=st.lists(
        st.builds(
            GroupEvidence,
            st.sampled_from(GROUPS),
            st.dates(date(2020, 1, 1), date(2026, 1, 1)),
            to_on=st.none() | st.dates(date(2024, 1, 1), date(2027, 1, 1)),
            proven=st.booleans(),
            evidence=st.text(max_size=20),
        ),
        max_size=3,
    ).map(tuple),
)


@given(PEOPLE, st.sampled_from([("390", "adult"), ("390", "child"), ("170", "300")]))
def test_what_is_written_reads_back_and_agrees(person: PersonFacts, asked: tuple[str, str]) -> None:
    insurance, level = asked
    price = DEMO.resolve("370199", insurance, 2026).price(person, level, ON)

    stored = trace.read(trace.write(price))

    assert stored == price
    assert trace.write(stored) == trace.write(price)
    assert trace.compare(stored, price) == ()


def test_a_price_with_everything_reads_back() -> None:
    text = with_terms("percent = 33", 'percent = 33, way = "reimburse"')
    rules = library(text).resolve("000000", "390", 2026)
    poor = PersonFacts(birth_on=date(1980, 1, 1), groups=(GroupEvidence("poor", ON, proven=True),))
    for price in (
        rules.price(poor, "adult", ON, collective_fen=20000),
        rules.back_payment(poor, "adult", 2024, ON),
    ):
        assert trace.read(trace.write(price)) == price


def test_what_changed_since_is_named() -> None:
    person = PersonFacts(birth_on=date(1980, 1, 1))
    before = library(with_terms()).resolve("000000", "390", 2026).price(person, "adult", ON)
    dearer = with_terms("fen = 40000,", "fen = 41000,")
    after = library(dearer).resolve("000000", "390", 2026).price(person, "adult", ON)

    found = {one.what: (one.stored, one.now) for one in trace.compare(before, after)}

    assert found.pop("packs") == (before.fingerprint, after.fingerprint)
    assert found == {
        "own_fen": ("40000", "41000"),
        "whole_fen": ("110000", "111000"),
        "share.own.own": ("40000", "41000"),
        "line.own_amount.own.Adult": ("40000", "41000"),
    }


@given(PEOPLE, st.sampled_from([("390", "adult"), ("390", "child"), ("170", "300")]))
def test_the_packs_a_price_names_give_it_again_when_others_are_in_force(
    person: PersonFacts, asked: tuple[str, str]
) -> None:
    insurance, level = asked
    rules = DEMO.resolve("370199", insurance, 2026)
    stored = rules.price(person, level, ON, collective_fen=10000 if insurance == "170" else 0)
    path = packs.SHIPPED / "370199" / insurance / "2024-2032.toml"
    dearer = path.read_text(encoding="utf-8").replace("fen = 44000", "fen = 45000")
    dearer = dearer.replace("fen = 30000", "fen = 31000")
    later = DEMO.with_packs([packs.parse(dearer.encode(), name="later.toml")])

    then = later.only(stored.packs).resolve("370199", insurance, 2026)
    now = later.resolve("370199", insurance, 2026)

    assert trace.again(then, person, stored) == stored
    changed_by = {one.what for one in trace.compare(stored, trace.again(now, person, stored))}
    assert "packs" in changed_by
    assert ("whole_fen" in changed_by) == (level != "child")


def test_a_missed_year_is_worked_out_again_as_one() -> None:
    rules = DEMO.resolve("370199", "390", 2026)
    person = PersonFacts(birth_on=date(1980, 1, 1))
    stored = rules.back_payment(person, "adult", 2024, ON)

    assert trace.again(rules, person, stored) == stored


def test_packs_that_are_gone_are_said() -> None:
    price = DEMO.resolve("370199", "390", 2026).price(
        PersonFacts(birth_on=date(1980, 1, 1)), "adult", ON
    )

    with pytest.raises(Refused, match="packs_gone"):
        packs.load_shipped(demo=False).only(price.packs)


def test_another_source_of_the_same_amount_is_a_difference() -> None:
    person = PersonFacts(birth_on=date(1980, 1, 1))
    moved = changed("example.org/notice", "example.org/elsewhere")
    before = library(with_terms()).resolve("000000", "390", 2026).price(person, "adult", ON)
    after = library(moved).resolve("000000", "390", 2026).price(person, "adult", ON)

    assert "line.own_amount.own.Adult.source" in {one.what for one in trace.compare(before, after)}


@given(st.text(max_size=60) | st.just('{"form":1,"sources":[]}') | st.just("[]"))
def test_text_that_is_no_trace_is_refused(text: str) -> None:
    with pytest.raises(Refused, match="trace_unreadable"):
        trace.read(text)


@given(PEOPLE, st.sampled_from(["en", "zh-hans"]))
def test_every_line_is_said_in_both_languages(person: PersonFacts, language: str) -> None:
    price = DEMO.resolve("370199", "390", 2026).price(person, "adult", ON)
    quiet = replace(person, groups=tuple(replace(one, evidence="") for one in person.groups))
    price = DEMO.resolve("370199", "390", 2026).price(quiet, "adult", ON)

    with translation.override(language):
        said = words.trace(price)

    assert len(said) == len(price.trace)
    for sentence in said:
        assert "%(" not in sentence.said
        chinese = any("\u4e00" <= sign <= "\u9fff" for sign in sentence.said + sentence.source)
        assert chinese == (language == "zh-hans")
