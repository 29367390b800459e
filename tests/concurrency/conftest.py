"""The small county in a database with real commits, with a second coordinator in 杏花村."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from canbao.kernel import clock, county
from canbao.people import officers
from canbao.simulate import offices
from canbao.simulate.offices import Worker
from tests import small as cast
from tests.small import Small


@pytest.fixture
def desks(own_database: str) -> Iterator[Small]:
    workers = (*cast.WORKERS, Worker("hu", "胡秋月", "village", cast.APRICOT))
    with county.inside(cast.COUNTY):
        postings = offices.found(
            cast.COUNTY, "明水县", cast.TOWNSHIPS, cast.VILLAGES, workers, demo=True
        )
        on = clock.today()
        found = {login: officers.officer(login, one, on) for login, one in postings.items()}
        yield Small({login: actor for login, actor in found.items() if actor is not None})
