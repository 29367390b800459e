"""Money is written and read exactly."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from canbao.kernel import money


@given(st.integers(min_value=0, max_value=10**13))
def test_what_is_written_reads_back(fen: int) -> None:
    assert money.read(money.in_yuan(fen, exact=True)) == fen
    assert money.read(money.in_yuan(fen)) == fen


@pytest.mark.parametrize("text", ["1,270", "1270.00", "１２７０", "¥1,270.0", "1270 元"])
def test_usual_ways_of_typing_are_understood(text: str) -> None:
    assert money.read(text) == 127_000


@pytest.mark.parametrize("text", ["", "1.2.3", "12,70", "1e3", "-5", "1270.001", "壹"])
def test_what_is_unclear_is_not_guessed(text: str) -> None:
    assert money.read(text) is None
