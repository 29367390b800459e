"""The small county for what the administration does with it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings

from canbao.kernel import county
from tests import small as cast


@pytest.fixture
def small(db: None) -> Iterator[cast.Small]:
    with county.inside(cast.COUNTY):
        yield cast.found()


@pytest.fixture
def own_keys(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A key folder of the test's own."""
    folder = tmp_path / "keys"
    monkeypatch.setattr(settings, "CANBAO_KEYS", folder)
    return folder
