"""A browser of a resident before the small county."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from canbao.kernel import county
from tests import small as cast
from tests.web.portal.resident import Resident


@pytest.fixture
def small(db: None) -> Iterator[cast.Small]:
    with county.inside(cast.COUNTY):
        yield cast.found()


@pytest.fixture
def wang(small: cast.Small) -> Resident:
    """A phone that proved itself and agreed to the notice."""
    return Resident("13800001427").logged_in()
