from __future__ import annotations

import json
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from canbao.papers import forms, glyphs
from canbao.papers.forms import FieldKind

NAMES = [entry.name for entry in forms.form("registration-170", 1).fields]


def test_the_papers_are_all_there() -> None:
    assert {kind for kind, _ in forms.shipped()} == {
        "registration-390",
        "registration-170",
        "family-relation",
        "receipt-slip",
        "missing-notice",
        "bundle-cover",
        "decision",
        "refund",
        "refund-decision",
        "archive-manifest",
        "handover-slip",
        "day-certificate",
        "visit-list",
        "receipt",
        "acknowledgement",
        "account-statement",
        "cover-certificate",
    }


@pytest.mark.parametrize(("kind", "version"), forms.shipped())
def test_every_word_of_a_form_is_there_in_both_languages_and_can_be_printed(
    kind: str, version: int
) -> None:
    form = forms.form(kind, version)
    fields = [*form.fields, *form.columns]
    words = [form.title, *form.words.values(), *(entry.label for entry in fields)]
    words += [option.label for entry in fields for option in entry.options]
    for word in words:
        assert set(word) == {"zh", "en"}
        assert word["zh"].strip()
        assert word["en"].strip()
        assert not any("\u4e00" <= char <= "\u9fff" for char in word["en"])
        assert glyphs.missing(word["zh"] + word["en"], glyphs.Font.SONG) == []


@pytest.mark.parametrize(("kind", "version"), forms.shipped())
def test_a_form_declares_each_field_and_each_code_once(kind: str, version: int) -> None:
    form = forms.form(kind, version)
    for fields in (form.fields, form.columns):
        names = [entry.name for entry in fields]
        assert len(names) == len(set(names))
    for entry in form.fields:
        codes = [option.code for option in entry.options]
        assert len(codes) == len(set(codes))
        assert bool(codes) == (entry.kind in {FieldKind.CHOICE, FieldKind.CHOICES})
    assert form.page.is_file()


def test_canonical_content_is_sorted_json_of_form_fields_rows_and_attachments() -> None:
    made = forms.canonical("registration-170", 1, {"name": "周长河"}, ["bb", "aa"])
    read = json.loads(made)
    assert read["form"] == "registration-170.1"
    assert read["fields"]["name"] == "周长河"
    assert set(read["fields"]) == set(NAMES)
    assert read["attachments"] == ["aa", "bb"]
    assert (
        made == json.dumps(read, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
    )


@given(
    st.dictionaries(st.sampled_from(NAMES), st.text(max_size=8)),
    st.sampled_from(NAMES),
    st.text(min_size=1, max_size=8),
)
def test_any_changed_field_changes_the_content_and_no_other_order_does(
    fields: dict[str, str], name: str, other: str
) -> None:
    made = forms.canonical("registration-170", 1, fields, ["aa"])
    backwards = dict(reversed(list(fields.items())))
    assert forms.canonical("registration-170", 1, backwards, ["aa"]) == made
    changed = fields | {name: fields.get(name, "") + other}
    assert forms.canonical("registration-170", 1, changed, ["aa"]) != made


def test_attachments_rows_and_the_form_itself_are_part_of_the_content() -> None:
    made = {
        forms.canonical("family-relation", 1, {}, []),
        forms.canonical("family-relation", 1, {}, ["aa"]),
        forms.canonical("family-relation", 1, {}, [], rows=[{"name": "甲"}]),
        forms.canonical("family-relation", 1, {}, [], rows=[{"name": "甲"}, {"name": "乙"}]),
        forms.canonical("family-relation", 1, {}, [], rows=[{"name": "乙"}, {"name": "甲"}]),
        forms.canonical("registration-390", 1, {}, []),
        forms.canonical("registration-170", 1, {}, []),
    }
    assert len(made) == 7


def test_what_is_signed_must_be_on_the_form() -> None:
    with pytest.raises(ValueError, match="has no field favourite"):
        forms.canonical("registration-170", 1, {"favourite": "x"}, [])
    with pytest.raises(ValueError, match="has no field nickname"):
        forms.canonical("family-relation", 1, {}, [], rows=[{"nickname": "x"}])


def test_a_form_that_does_not_exist_is_not_found() -> None:
    with pytest.raises(FileNotFoundError):
        forms.form("registration-170", 999)


def test_the_fonts_hold_the_rare_characters_of_the_general_table() -> None:
    table = "㑇㕮㙦㛃㛚㟃㠇㥄㧑㬎㭎㳇㳘㴔㵐㸌㺄㻬䃅䅟䌹䎃䏝䐃䓖䗖䗪䗴䜣䝙䢺䢼䣘䥽䦃䲟䲠䴓䴙䶮"
    far = "𠙶𠳐𡐓𡎚𣗋𣲗𣲘𣸣𤧛𤩽𤫉𥔲𥕢𥖨𥻗𦈡𦒍𦙶𦝼𦭜𧿹𨐈𨙸𨚕𨟠𨭉𨱇𨱏𨱑𨱔𨺙𩽾𩾃𩾌𪟝𪣻𪤗𪨰𪨶𪩘𪾢𫄧𫄨𫄷𫄸𫇭𫌀𫍣𫍯𫍲𫍽𫐄𫐐𫐓𫑡𫓧𫓯𫓶𫓹𫔍𫔎𫔶𫖮𫖯𫖳𫗧𫗴𫘜𫘝𫘦𫘧𫘨𫘪𫘬𫚕𫚖𫚭𫛭𫞩𫟅𫟦𫟹𫟼𫠆𫠊𫠜𫢸𫫇𫭟𫭢𫭼𫮃𫰛𫵷𫶇𫷷𫸩𬀩𬀪𬂩𬃊𬇕𬇙𬇹𬉼𬊈𬊤𬌗𬍛𬍡𬍤𬒈𬒔𬒗𬕂𬘓𬘘𬘡𬘩𬘫𬘬𬘭𬘯𬙂𬙊𬙋𬜬𬜯𬞟𬟁𬟽𬣙𬣞𬣡𬣳𬤇𬤊𬤝𬨂𬨎𬩽𬪩𬬩𬬭𬬮𬬱𬬸𬬹𬬻𬬿𬭁𬭊𬭎𬭚𬭛𬭤𬭩𬭬𬭯𬭳𬭶𬭸𬭼𬮱𬮿𬯀𬯎𬱖𬱟𬳵𬳶𬳽𬳿𬴂𬴃𬴊𬶋𬶍𬶏𬶐𬶟𬶠𬶨𬶭𬶮𬷕𬸘𬸚𬸣𬸦𬸪𬹼𬺈𬺓"
    for font in glyphs.Font:
        assert glyphs.missing(table + far, font) == []


def test_all_of_gbk_is_drawn_by_the_fonts_together() -> None:
    # One mathematical sign of GBK is in none of the families; no name is written with it.
    pairs = (bytes((a, b)) for a in range(0x81, 0xFF) for b in range(0x40, 0xFF))
    every = {text for pair in pairs if len(text := pair.decode("gbk", "ignore")) == 1}
    left = every - {"\u2252"} - {chr(code) for code in range(0x20)}
    for font in (glyphs.Font.KAI, glyphs.Font.SONG, glyphs.Font.SANS):
        left &= set(glyphs.missing("".join(sorted(left)), font))
    assert {char for char in left if "\u4e00" <= char <= "\u9fff"} == set()
    assert len(left) <= 2


@given(st.text(max_size=30))
def test_missing_names_only_characters_of_the_text_once_each(text: str) -> None:
    found = glyphs.missing(text)
    assert len(found) == len(set(found))
    assert set(found) <= set(text)
    assert glyphs.missing("周长河·Abc 123\n") == []


def test_coverage_is_told_in_runs_that_do_not_touch() -> None:
    for font in glyphs.Font:
        runs = glyphs.coverage(font)
        assert all(first <= last for first, last in runs)
        assert all(one[1] + 1 < two[0] for one, two in pairwise(runs))


def test_missing_fonts_are_said_with_what_to_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(glyphs, "FOLDER", tmp_path)
    with pytest.raises(glyphs.FontsNotBuilt, match=r"tools/build_fonts\.py"):
        glyphs.coverage.__wrapped__(glyphs.Font.KAI)
