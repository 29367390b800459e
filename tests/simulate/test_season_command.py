"""`canbao simulate season` plays, says what held, and fails where something broke."""

from __future__ import annotations

import io

import pytest
from django.core.management import CommandError, call_command

from canbao.payments.invariants import INVARIANTS


def _played(seed: int) -> str:
    said = io.StringIO()
    call_command("simulate", "season", seed=seed, people=24, acts=20, stdout=said, stderr=said)
    return said.getvalue()


def test_a_season_is_played_and_a_broken_invariant_ends_it_with_a_fault(
    own_database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = _played(5)

    assert all(name in said for name in INVARIANTS)
    # A season that nobody was charged for: what is never so.
    monkeypatch.setitem(INVARIANTS, "share", "SELECT id, 0, own_fen FROM charge")
    with pytest.raises(CommandError):
        _played(5)
