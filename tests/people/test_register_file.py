"""The household register as a file: what is read, and what is told of what is not."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path

import pytest
import xlsxwriter
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from canbao.kernel.refusal import Refused
from canbao.people import numbers, register_file
from canbao.people.codes import Sex
from canbao.people.numbers import Kind
from canbao.people.refusals import NOTES, REFUSALS
from canbao.people.register_file import Finding, RegisterBatch, RegisterRow, Standing

TODAY = date(2026, 11, 23)
HEADINGS = ["户号", "与户主关系", "姓名", "证件号码", "村代码"]
VILLAGE = "370199101201"
NUMBER = numbers.compose("370199", date(1965, 3, 17), 31)
OTHER = numbers.compose("370199", date(1968, 6, 2), 42)
GOOD = ["H1", "02", "王守田", NUMBER, VILLAGE]
WIFE = ["H1", "12", "李桂香", OTHER, VILLAGE]


def save(
    folder: Path, lines: Sequence[Sequence[str]], *, encoding: str = "utf-8", delimiter: str = ","
) -> Path:
    path = folder / "底册.csv"
    with path.open("w", encoding=encoding, newline="") as file:
        csv.writer(file, delimiter=delimiter).writerows(lines)
    return path


def load(path: Path, county: str | None = "370199") -> RegisterBatch:
    batches = list(register_file.read(path, on=TODAY, county=county))
    return RegisterBatch(
        tuple(row for batch in batches for row in batch.rows),
        tuple(fault for batch in batches for fault in batch.faults),
        tuple(note for batch in batches for note in batch.notes),
    )


def refused(path: Path) -> Refused:
    with pytest.raises(Refused) as caught:
        load(path)
    assert str(REFUSALS[caught.value.code] % caught.value.facts)
    return caught.value


def fault_of(folder: Path, columns: dict[str, str], base: Sequence[str] = GOOD) -> Finding:
    """The one fault of a row that has these cells and is otherwise good."""
    headings = [*HEADINGS, *(column for column in columns if column not in HEADINGS)]
    cells = dict(zip(HEADINGS, base, strict=True)) | columns
    read = load(save(folder, [headings, [cells[heading] for heading in headings]]))
    assert not read.rows
    (fault,) = read.faults
    assert fault.row == 2
    assert str(REFUSALS[fault.code] % fault.facts)
    return fault


def test_a_row_with_the_needed_columns_is_filled_from_the_number(tmp_path: Path) -> None:
    read = load(save(tmp_path, [HEADINGS, GOOD, WIFE]))
    assert not read.faults
    assert not read.notes
    assert read.rows[0] == RegisterRow(
        row=2,
        household_number="H1",
        head=True,
        relation="02",
        name="王守田",
        document_kind=Kind.ID_CARD,
        number=NUMBER,
        sex=Sex.MALE,
        birth_on=date(1965, 3, 17),
        ethnic="",
        village=VILLAGE,
        address="",
        household_nature="",
        moved_in_on=None,
        moved_out_on=None,
        status=Standing.REGISTERED,
    )
    assert (read.rows[1].head, read.rows[1].sex) == (False, Sex.FEMALE)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk", "gb18030", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", "\t", ";"])
def test_encoding_and_delimiter_are_recognised(
    tmp_path: Path, encoding: str, delimiter: str
) -> None:
    path = save(tmp_path, [HEADINGS, GOOD, WIFE], encoding=encoding, delimiter=delimiter)
    assert [row.name for row in load(path).rows] == ["王守田", "李桂香"]


def test_headings_may_be_english_below_a_title_and_in_any_order(tmp_path: Path) -> None:
    lines = [
        ["Register of the village", "", "", "", "", ""],
        [],
        ["Name", "ID number (18)", "Village code", "Household number", "relation", "Sex *"],
        ["王守田", NUMBER, VILLAGE, "H1", "户主", "男"],
    ]
    read = load(save(tmp_path, lines))
    assert [(row.row, row.name, row.relation) for row in read.rows] == [(4, "王守田", "02")]
    assert not read.notes


def test_a_column_that_is_not_known_is_told_and_left(tmp_path: Path) -> None:
    read = load(save(tmp_path, [[*HEADINGS, "血型"], [*GOOD, "A"]]))
    assert [(note.row, note.code, note.facts) for note in read.notes] == [
        (1, "heading_ignored", {"text": "血型"})
    ]
    assert len(read.rows) == 1


def test_good_rows_go_on_beside_faulty_ones(tmp_path: Path) -> None:
    bad = ["H2", "02", "赵2", NUMBER[:-1], "3701"]
    read = load(save(tmp_path, [HEADINGS, GOOD, bad, [], WIFE]))
    assert [row.row for row in read.rows] == [2, 5]
    assert {(fault.row, fault.column, fault.code) for fault in read.faults} == {
        (3, "name", "name_digit"),
        (3, "number", "number_length"),
        (3, "village", "cell_village"),
    }


@pytest.mark.parametrize(
    ("columns", "column", "code"),
    [
        ({"户号": ""}, "household_number", "cell_missing"),
        ({"户号": "9" * 41}, "household_number", "cell_long"),
        ({"户号": "3.7E+11"}, "household_number", "cell_number_typed"),
        ({"姓名": ""}, "name", "cell_missing"),
        ({"姓名": "王?"}, "name", "name_lost_character"),
        ({"证件号码": ""}, "number", "number_missing"),
        ({"证件号码": "3.70199E+17"}, "number", "number_scientific"),
        ({"证件类型": "驾驶证"}, "document_kind", "document_kind_unknown"),
        ({"证件类型": "护照", "证件号码": "AB1234567"}, "birth_on", "cell_missing"),
        ({"村代码": "370102001001"}, "village", "cell_village_elsewhere"),
        ({"村代码": "37019910120"}, "village", "cell_village"),
        ({"与户主关系": "邻居"}, "relation", "cell_code"),
        ({"与户主关系": ""}, "relation", "cell_missing"),
        ({"是否户主": "也许"}, "head", "cell_yes_no"),
        ({"是否户主": "否"}, "relation", "head_relation"),
        ({"与户主关系": "妻", "是否户主": "是"}, "relation", "head_relation"),
        ({"性别": "甲"}, "sex", "cell_code"),
        ({"民族": "火星族"}, "ethnic", "cell_code"),
        ({"户口性质": "没有"}, "household_nature", "cell_code"),
        ({"状态": "不知道"}, "status", "cell_code"),
        ({"住址": "村" * 201}, "address", "cell_long"),
        ({"住址": "村\x07"}, "address", "cell_control"),
        ({"出生日期": "1965-13-17"}, "birth_on", "cell_date"),
        ({"出生日期": "28795"}, "birth_on", "cell_date"),
        ({"迁入日期": "2026-11-24"}, "moved_in_on", "cell_date_future"),
        ({"迁入日期": "2020-1-2", "迁出日期": "2020-1-1"}, "moved_out_on", "moved_out_before_in"),
    ],
)
def test_a_fault_names_row_column_and_reason(
    tmp_path: Path, columns: dict[str, str], column: str, code: str
) -> None:
    fault = fault_of(tmp_path, columns)
    assert (fault.column, fault.code) == (column, code)


def test_a_fault_never_repeats_a_whole_document_number(tmp_path: Path) -> None:
    fault = fault_of(tmp_path, {"民族": NUMBER})
    assert NUMBER not in str(fault)
    assert fault.facts == {"text": numbers.mask(NUMBER)}


@pytest.mark.parametrize(
    "written",
    ["1965-03-17", "1965/3/17", "1965.3.17", "19650317", "1965年3月17日", "1965-3-17 0:00"],
)
def test_dates_are_read_as_people_write_them(tmp_path: Path, written: str) -> None:
    read = load(save(tmp_path, [[*HEADINGS, "出生日期"], [*GOOD, written]]))
    assert [row.birth_on for row in read.rows] == [date(1965, 3, 17)]
    assert not read.notes


def test_what_differs_from_the_number_is_kept_as_the_register_says_with_a_note(
    tmp_path: Path,
) -> None:
    lines = [[*HEADINGS, "出生日期", "性别"], [*GOOD, "1965-03-18", "女"]]
    read = load(save(tmp_path, lines))
    assert (read.rows[0].birth_on, read.rows[0].sex) == (date(1965, 3, 18), Sex.FEMALE)
    assert [(note.column, note.code) for note in read.notes] == [
        ("birth_on", "birth_differs"),
        ("sex", "sex_differs"),
    ]


def test_an_old_number_and_a_retired_area_are_kept_with_a_note(tmp_path: Path) -> None:
    new = numbers.compose("371202", date(1950, 1, 2), 5)
    old = new[:6] + new[8:17]
    read = load(save(tmp_path, [HEADINGS, ["H1", "02", "王守田", old, VILLAGE]]))
    assert read.rows[0].number == new
    assert [note.code for note in read.notes] == ["upgraded_from_15", "area_retired"]
    assert all(new not in str(note) and old not in str(note) for note in read.notes)
    assert all(str(NOTES[note.code] % note.facts) for note in read.notes)


def test_a_number_stands_once_in_the_file_and_a_faulty_row_does_not_count(tmp_path: Path) -> None:
    faulty = ["", "02", "王守田", NUMBER, VILLAGE]
    again = ["H9", "02", "王守田", NUMBER.lower(), VILLAGE]
    read = load(save(tmp_path, [HEADINGS, faulty, GOOD, again]))
    assert [row.row for row in read.rows] == [3]
    assert [(fault.row, fault.code, fault.facts) for fault in read.faults] == [
        (2, "cell_missing", {}),
        (4, "number_twice", {"row": 3}),
    ]


def test_a_household_has_one_head(tmp_path: Path) -> None:
    second = ["H1", "户主", "李桂香", OTHER, VILLAGE]
    elsewhere = ["H1", "户主", "李桂香", OTHER, "370199101202"]
    read = load(save(tmp_path, [HEADINGS, GOOD, second, elsewhere]))
    assert [row.row for row in read.rows] == [2, 4]
    assert [(fault.row, fault.column, fault.code) for fault in read.faults] == [
        (3, "head", "household_second_head")
    ]


def test_a_head_who_died_makes_room_for_the_next(tmp_path: Path) -> None:
    lines = [[*HEADINGS, "状态"], [*GOOD, "死亡"], ["H1", "户主", "李桂香", OTHER, VILLAGE, "在户"]]
    read = load(save(tmp_path, lines))
    assert [row.status for row in read.rows] == [Standing.DIED, Standing.REGISTERED]
    assert not read.faults


def test_a_household_without_a_head_is_noted_once(tmp_path: Path) -> None:
    read = load(save(tmp_path, [HEADINGS, WIFE]))
    assert [(note.row, note.code) for note in read.notes] == [(2, "household_without_head")]
    assert len(read.rows) == 1


def test_a_large_file_comes_in_sets_of_500(tmp_path: Path) -> None:
    lines = [
        [f"H{place}", "02", "王守田", numbers.compose("370199", date(1990, 1, 1), place), VILLAGE]
        for place in range(1, 1000)
    ]
    lines += [[f"H{place}", "02", "王守田", "1", VILLAGE] for place in range(1000, 1700)]
    path = save(tmp_path, [HEADINGS, *lines])
    batches = list(register_file.read(path, on=TODAY))
    assert [len(batch.rows) for batch in batches] == [500, 499, 0]
    assert [len(batch.faults) for batch in batches] == [0, 500, 200]


def test_a_newborn_is_known_by_the_birth_certificate(tmp_path: Path) -> None:
    lines = [
        [*HEADINGS, "证件类型", "出生日期", "性别"],
        ["H1", "子", "王安", "T370000001", VILLAGE, "出生医学证明", "2026-11-01", "男"],
        GOOD,
    ]
    row = load(save(tmp_path, lines)).rows[0]
    assert (row.document_kind, row.birth_on) == (Kind.BIRTH_CERTIFICATE, date(2026, 11, 1))


def test_broken_rows_are_named_and_the_rest_is_read(tmp_path: Path) -> None:
    path = tmp_path / "底册.csv"
    good, wife = ",".join(GOOD), ",".join(WIFE)
    path.write_text(f'{",".join(HEADINGS)}\n{good}\n"a"b,c\n{wife},,,x\n{wife}\n', encoding="utf-8")
    read = load(path)
    assert [(fault.row, fault.code) for fault in read.faults] == [
        (3, "row_unreadable"),
        (4, "row_wide"),
    ]
    assert [row.row for row in read.rows] == [2, 5]


def test_an_open_quotation_mark_is_told(tmp_path: Path) -> None:
    path = tmp_path / "底册.csv"
    path.write_text(f'{",".join(HEADINGS)}\n{",".join(GOOD)}\n"H3,02\n', encoding="utf-8")
    read = load(path)
    assert [(fault.row, fault.code) for fault in read.faults] == [(3, "row_unreadable")]


def test_a_spreadsheet_with_text_and_dates_is_read(tmp_path: Path) -> None:
    path = tmp_path / "底册.xlsx"
    book = xlsxwriter.Workbook(str(path))
    book.add_worksheet("封面").hide()
    sheet = book.add_worksheet("底册")
    sheet.activate()
    sheet.write_row(2, 0, [*HEADINGS, "出生日期", "是否户主"])
    sheet.write_row(3, 0, GOOD)
    sheet.write_number(3, 0, 1203)
    sheet.write_number(3, 4, int(VILLAGE))
    sheet.write_datetime(3, 5, datetime(1965, 3, 17), book.add_format({"num_format": "yyyy-m-d"}))  # noqa: DTZ001
    sheet.write_boolean(3, 6, True)
    book.close()
    (row,) = load(path).rows
    assert (row.row, row.household_number, row.village) == (4, "1203", VILLAGE)
    assert (row.birth_on, row.head) == (date(1965, 3, 17), True)


def test_a_number_stored_as_a_figure_is_refused_by_its_cell(tmp_path: Path) -> None:
    path = tmp_path / "底册.xlsx"
    book = xlsxwriter.Workbook(str(path))
    sheet = book.add_worksheet()
    sheet.write_row(0, 0, HEADINGS)
    sheet.write_row(1, 0, GOOD)
    sheet.write_number(1, 3, 370199196503170317)
    sheet.write_row(2, 0, WIFE)
    book.close()
    read = load(path)
    assert [(fault.row, fault.column, fault.code) for fault in read.faults] == [
        (2, "number", "cell_number_typed")
    ]
    assert [row.row for row in read.rows] == [3]


@pytest.mark.parametrize("suffix", [".csv", ".xlsx"])
def test_the_sample_is_read_back_as_it_was_written(tmp_path: Path, suffix: str) -> None:
    sample, copy = tmp_path / f"sample{suffix}", tmp_path / f"copy{suffix}"
    register_file.write_sample(sample, on=TODAY)
    read = load(sample)
    assert not read.faults
    assert not read.notes
    assert len(read.rows) == 5
    register_file.write(copy, read.rows)
    assert load(copy).rows == read.rows


def test_files_that_are_no_register_are_refused_in_words(tmp_path: Path) -> None:
    assert refused(tmp_path / "nothing.csv").code == "register_file_missing"
    table = tmp_path / "a.pdf"
    table.write_bytes(b"%PDF")
    assert refused(table).code == "register_file_kind"
    broken = tmp_path / "a.xlsx"
    broken.write_bytes(b"PK not a workbook")
    assert refused(broken).code == "register_file_unreadable"
    noise = tmp_path / "a.csv"
    noise.write_bytes(b"\xff\x00\xff\x80" * 10)
    assert refused(noise).code == "register_file_encoding"
    noise.write_bytes(b"")
    assert refused(noise).code == "register_heading_missing"
    missing = refused(save(tmp_path, [["户号", "姓名", "证件号码"]]))
    assert missing.code == "register_heading_missing"
    twice = refused(save(tmp_path, [[*HEADINGS, "身份证号"], [*GOOD, NUMBER]]))
    assert twice.code == "register_heading_twice"


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40)
@given(st.lists(st.lists(st.text(max_size=30), max_size=7), max_size=6))
def test_whatever_stands_in_the_cells_is_read_or_told(
    tmp_path: Path, lines: list[list[str]]
) -> None:
    path = tmp_path / "any.csv"
    with path.open("w", encoding="utf-8", errors="replace", newline="") as file:
        csv.writer(file).writerows([HEADINGS, *lines])
    read = load(path)
    for fault in read.faults:
        assert str(REFUSALS[fault.code] % fault.facts)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(st.binary(max_size=300))
def test_whatever_bytes_a_file_holds_it_is_read_or_refused(tmp_path: Path, content: bytes) -> None:
    for name in ("any.csv", "any.xlsx"):
        path = tmp_path / name
        path.write_bytes(content)
        with pytest.raises(Refused) as caught:
            load(path)
        assert caught.value.code.startswith("register_")
