"""The small county, worked on inside a transaction that is rolled back."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from canbao.kernel import county
from tests import small as cast


@pytest.fixture
def small(db: None) -> Iterator[cast.Small]:
    with county.inside(cast.COUNTY):
        yield cast.found()
