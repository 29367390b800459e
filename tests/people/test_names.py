"""Names in any script: one written form, and what is refused."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from canbao.kernel.refusal import Refused
from canbao.people import names
from canbao.people.refusals import REFUSALS

HAN = st.one_of(
    st.characters(min_codepoint=0x4E00, max_codepoint=0x9FFF),
    st.characters(min_codepoint=0x3400, max_codepoint=0x4DBF),
    st.characters(min_codepoint=0x20000, max_codepoint=0x323AF),
)


def code_of(text: str) -> str:
    with pytest.raises(Refused) as refused:
        names.read(text)
    return refused.value.code


def attempt(text: str) -> tuple[str, dict[str, object], str]:
    try:
        return "", {}, names.read(text)
    except Refused as refused:
        return refused.code, refused.facts, ""


@pytest.mark.parametrize(
    ("typed", "written"),
    [
        ("王守田", "王守田"),
        (" 王 芳 ", "王芳"),
        ("王\u3000芳", "王芳"),
        ("王\u200b芳\ufeff", "王芳"),
        ("王\t芳\n", "王芳"),
        ("\u2f42芳", "文芳"),
        ("阿依古丽•买买提", "阿依古丽·买买提"),
        ("阿依古丽 · 买买提", "阿依古丽·买买提"),
        ("阿依古丽・买买提", "阿依古丽·买买提"),
        ("阿依古丽‧买买提", "阿依古丽·买买提"),
        ("阿依古丽．买买提", "阿依古丽·买买提"),
        ("阿依古丽.买买提", "阿依古丽·买买提"),
        ("阿依古丽。买买提", "阿依古丽·买买提"),
        ("阿依古丽··买买提·", "阿依古丽·买买提"),
        ("John   A. Smith", "John A. Smith"),
        ("Ｊｏｈｎ Smith", "John Smith"),
        ("Jose\u0301 O'Neill-Ruiz", "José O'Neill-Ruiz"),
        ("བཀྲ་ཤིས", "བཀྲ་ཤིས"),
        ("ئايگۈل", "ئايگۈل"),
        ("ᠪᠠᠲᠤ", "ᠪᠠᠲᠤ"),
        ("ꆈꌠ", "ꆈꌠ"),
        ("李〇", "李〇"),
    ],
)
def test_a_name_has_one_written_form(typed: str, written: str) -> None:
    assert names.read(typed) == written


@pytest.mark.parametrize("rare", ["㛃", "䶮", "𬎆", "𠮷", "𰻝", "\U000313a0", "\U000323b5", "龦"])
def test_rare_characters_are_kept_even_those_python_does_not_know(rare: str) -> None:
    assert names.read(f"王{rare}") == f"王{rare}"
    assert names.key(f"王{rare}") == f"王{rare}"
    assert names.is_han(rare)


@given(st.lists(HAN, min_size=1, max_size=8).map("".join))
def test_every_chinese_character_passes_in_canonical_form(name: str) -> None:
    assert names.read(name) == unicodedata.normalize("NFC", name)


@given(st.text(max_size=60))
def test_whatever_is_typed_is_read_once_and_for_all_or_refused_in_words(text: str) -> None:
    code, facts, name = attempt(text)
    if code:
        assert str(REFUSALS[code] % facts)
        return
    assert names.read(name) == name
    assert 1 <= len(name) <= names.LONGEST
    assert name.isprintable() or any(names.is_han(sign) for sign in name)


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("", "name_missing"),
        ("  ", "name_missing"),
        ("··", "name_missing"),
        ("-", "name_missing"),
        ("王2", "name_digit"),
        ("王２", "name_digit"),
        ("王😀", "name_character"),
        ("王\x00芳", "name_character"),
        ("王@芳", "name_character"),
        ("王（芳）", "name_character"),
        ("<script>", "name_character"),
        ("\u0301王", "name_character"),
        ("王?", "name_lost_character"),
        ("王？", "name_lost_character"),
        ("王□", "name_lost_character"),
        ("王\ufffd", "name_lost_character"),
        ("王\ue863", "name_private_character"),
        ("王\U000f0001", "name_private_character"),
        ("王" * 51, "name_long"),
        ("a" * 100_000, "name_long"),
    ],
)
def test_what_is_no_name_has_its_own_code(typed: str, code: str) -> None:
    assert code_of(typed) == code


def test_the_place_of_a_wrong_character_is_told() -> None:
    with pytest.raises(Refused) as refused:
        names.read("王\ue863芳")
    assert refused.value.facts == {"position": 2, "character": "U+E863"}


def test_names_are_the_same_whatever_dot_space_or_capital_was_used() -> None:
    assert names.same("阿依古丽·买买提", "阿依古丽买买提")
    assert names.same("John SMITH", "john smith")
    assert names.same("Ａnna", "Anna")
    assert not names.same("王芳", "王方")
    assert not names.same("José", "Jose")


def test_a_masked_name_hides_its_middle() -> None:
    assert names.mask("王芳") == "王*"
    assert names.mask("王守田") == "王*田"
    assert names.mask("阿依古丽·买买提") == "阿依古丽·**"
    assert names.mask("John Smith") == "John **"
    assert names.mask("王") == "王"
