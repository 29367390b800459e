"""Money is written and read exactly, in figures and in the capitals of a receipt."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from canbao.kernel import money

FEN = st.integers(0, 10**14 - 1) | st.integers(0, 200_000)


@given(st.integers(min_value=0, max_value=10**13))
def test_what_is_written_reads_back(fen: int) -> None:
    assert money.read(money.in_yuan(fen, exact=True)) == fen
    assert money.read(money.in_yuan(fen)) == fen


@pytest.mark.parametrize(
    "text",
    [
        "1,270",
        "1270.00",
        "１２７０",
        "１，２７０．０",
        "¥1,270.0",
        "￥ 1270",
        "1270 元",
        " 1270元 ",
        "壹仟贰佰柒拾元整",
        "壹仟贰佰柒拾元",
        "壹仟贰佰柒拾圆正",
        "壹仟贰佰柒拾",
        "人民币壹仟贰佰柒拾元整",
    ],
)
def test_usual_ways_of_typing_are_understood(text: str) -> None:
    assert money.read(text) == 127_000


@pytest.mark.parametrize(
    "text",
    [
        "",
        "1.2.3",
        "12,70",
        "1,2700",
        "1e3",
        "-5",
        "+5",
        "1270.001",
        "1270.",
        ".5",
        "01270",
        "1 270",
        "1元270",
        "12元7",
        "1270元元",
        "元",
        "١٢٧٠",
        "1千",
        "拾元整",
        "仟元",
        "壹仟贰",
        "壹仟零贰佰元",
        "壹仟贰佰零柒拾元",
        "柒拾贰佰元",
        "壹贰元",
        "壹仟零零伍元",
        "壹元零伍角",
        "壹元伍分",
        "伍分伍角",
        "壹仟元整整",
        "整",
        "1仟",
        "壹万万元",
        "9" * 13,
        "1,000,000,000,000",
    ],
)
def test_what_is_unclear_is_not_guessed(text: str) -> None:
    assert money.read(text) is None


@pytest.mark.parametrize(
    ("fen", "written"),
    [
        (0, "零元整"),
        (127_000, "壹仟贰佰柒拾元整"),
        (44_000, "肆佰肆拾元整"),
        (1_000, "壹拾元整"),
        (100_500, "壹仟零伍元整"),
        (140_950, "壹仟肆佰零玖元伍角整"),
        (600_714, "陆仟零柒元壹角肆分"),
        (168_032, "壹仟陆佰捌拾元叁角贰分"),
        (10_700_053, "壹拾万柒仟元伍角叁分"),
        (1_640_902, "壹万陆仟肆佰零玖元零贰分"),
        (32_504, "叁佰贰拾伍元零肆分"),
        (32, "叁角贰分"),
        (5, "伍分"),
        (10_000_000_500, "壹亿零伍元整"),
        (10_005_000_000, "壹亿零伍万元整"),
        (100_000_000_000_000 - 1, "玖仟玖佰玖拾玖亿玖仟玖佰玖拾玖万玖仟玖佰玖拾玖元玖角玖分"),
    ],
)
def test_a_receipt_says_an_amount_in_capitals(fen: int, written: str) -> None:
    assert money.in_capitals(fen) == written


@pytest.mark.parametrize(
    ("text", "fen"),
    [
        ("壹仟陆佰捌拾元零叁角贰分", 168_032),
        ("壹拾万零柒仟元伍角叁分", 10_700_053),
        ("壹拾万柒仟元零伍角叁分", 10_700_053),
        ("壹仟肆佰零玖元伍角", 140_950),
    ],
)
def test_writings_that_the_rules_allow_are_understood(text: str, fen: int) -> None:
    assert money.read(text) == fen


@given(FEN)
def test_capitals_read_back(fen: int) -> None:
    assert money.read(money.in_capitals(fen)) == fen


@given(FEN, FEN)
def test_two_amounts_are_never_written_alike(one: int, other: int) -> None:
    assert (money.in_capitals(one) == money.in_capitals(other)) == (one == other)


@given(st.text("零壹贰玖仟佰拾亿万元角分整", max_size=9))
def test_capitals_are_understood_only_as_they_may_be_written(text: str) -> None:
    fen = money.read(text)

    if fen is not None:
        usual = money.in_capitals(fen)
        assert text.replace("零", "").rstrip("整元") == usual.replace("零", "").rstrip("整元")


@given(st.text("0123456789.,元¥ １，", max_size=8))
def test_figures_are_understood_only_as_they_are_written(text: str) -> None:
    fen = money.read(text)

    if fen is not None:
        figures = [sign for sign in text if sign.isdigit()]
        assert "".join(figures).replace("１", "1") in {
            money.in_yuan(fen).replace(",", "").replace(".", ""),
            money.in_yuan(fen, exact=True).replace(",", "").replace(".", ""),
            money.in_yuan(fen, exact=True).replace(",", "").replace(".", "")[:-1],
        }


@pytest.mark.parametrize("fen", [-1, 10**14])
def test_no_receipt_is_written_over_less_than_nothing_or_too_much(fen: int) -> None:
    with pytest.raises(ValueError, match="no amount"):
        money.in_capitals(fen)
