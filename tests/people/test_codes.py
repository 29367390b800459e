"""Code tables: complete, readable by code and word, and named in both languages."""

from __future__ import annotations

from pathlib import Path

import polib
import pytest
from django.utils import translation

from canbao.people import codes, numbers, refusals
from canbao.people.codes import Code, Table
from canbao.people.register_file import COLUMNS, STANDINGS

TABLES = [*codes.TABLES, numbers.KINDS, COLUMNS, STANDINGS]
PO = Path(__file__).parents[2] / "locale" / "zh_Hans" / "people.po"


def english(table: Table) -> list[str]:
    with translation.override("en"):
        return [table.label(line.code) for line in table]


@pytest.mark.parametrize("table", TABLES, ids=lambda table: str(table.name))
def test_every_line_has_a_code_a_term_and_a_label_of_its_own(table: Table) -> None:
    assert len(set(english(table))) == len(table)
    assert len({line.term for line in table}) == len(table)
    assert all(line.term for line in table)


@pytest.mark.parametrize("table", TABLES, ids=lambda table: str(table.name))
def test_a_line_is_found_by_its_code_and_by_its_term(table: Table) -> None:
    for line in table:
        assert table.read(line.code) == line.code
        assert table.read(f" {line.term} ") == line.code
        assert line.code in table
    assert table.read("什么也不是") is None
    assert table.read("") is None


def test_usual_words_and_lost_zeros_are_understood() -> None:
    assert codes.RELATION.read("儿子") == "20"
    assert codes.RELATION.read("2") == "02"
    assert codes.ETHNIC.read("1") == "01"
    assert codes.ETHNIC.read("57") == "97"
    assert codes.PENSION_IDENTITY.read("11") == "011"
    assert codes.SEX.read("女") == codes.Sex.FEMALE


def test_the_tables_have_the_size_of_the_standards() -> None:
    assert [f"{code:02d}" for code in range(1, 57)] == [line.code for line in codes.ETHNIC][:56]
    assert len(codes.RELATION) == 84
    assert {line.code for line in codes.SEX} == set(codes.Sex)
    kin = codes.SPOUSES | codes.CHILDREN | codes.GRANDCHILDREN | codes.PARENTS
    assert all(code in codes.RELATION for code in kin | codes.CHILDREN_IN_LAW)
    assert "28" not in codes.CHILDREN


def test_a_table_with_a_code_twice_or_a_word_for_nothing_is_a_mistake() -> None:
    line = next(iter(codes.SEX))
    with pytest.raises(ValueError, match="twice"):
        Table("wrong", line, line)
    with pytest.raises(ValueError, match="none"):
        Table("wrong", line, words={"男": "7"})


def test_an_unknown_code_stands_for_itself() -> None:
    assert codes.RELATION.label("98") == "98"
    with pytest.raises(KeyError):
        codes.RELATION["98"]


def texts() -> set[tuple[str | None, str]]:
    with translation.override(None):
        said = [refusals.REFUSALS, refusals.NOTES, refusals.LIKENESSES]
        return {(None, str(text)) for words in said for text in words.values()}


def test_everything_this_room_says_is_translated_with_the_same_facts() -> None:
    entries = {(entry.msgctxt, entry.msgid): entry.msgstr for entry in polib.pofile(str(PO))}
    labels = {text for table in TABLES for text in english(table)}
    assert labels == {text for context, text in entries if context}
    assert texts() == {(context, text) for context, text in entries if not context}
    for (_, text), chinese in entries.items():
        assert chinese
        assert sorted(facts(text)) == sorted(facts(chinese))


def facts(text: str) -> list[str]:
    return [part.split(")s")[0] for part in text.split("%(")[1:]]


def test_the_chinese_label_is_the_term_but_for_the_two_unspoken_sexes() -> None:
    entries = {(entry.msgctxt, entry.msgid): entry.msgstr for entry in polib.pofile(str(PO))}
    chinese = set(entries.values())
    unspoken = {"未知的性别", "未说明的性别"}
    lines: list[Code] = [line for table in TABLES for line in table]
    assert {line.term for line in lines} - chinese == unspoken
