"""The season's pages in a browser: both widths, without an accessibility fault."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from random import Random

import pytest
from playwright.sync_api import Page

from canbao.kernel import clock, county
from canbao.payments import asking, season
from canbao.payments.asking import How, Said
from canbao.payments.tables import Charge
from canbao.simulate import insured
from tests import small as cast
from tests.browser.story import sit

PAGES = ("season", "season/visits", "season/lost", "season/run")


@pytest.fixture(scope="module")
def charged(site: str) -> str:
    """A county in the middle of its season."""
    today, at = clock.today(), clock.now()
    with county.inside(cast.COUNTY):
        small = cast.found()
        villages = (cast.APRICOT, cast.PEAR, cast.POND)
        insured.settle(Random(5), 160, villages, "390", today, at - timedelta(days=1))
        [made] = season.start(small.luo, "390", today.year + 1, at=at, key=cast.key()).done
        season.run(cast.COUNTY, made)
        rng = Random(1)
        for one in Charge.here.filter(state="open"):
            if rng.random() < 0.6:
                on = today - timedelta(days=rng.randrange(60))
                Charge.here.filter(id=one.id).update(state="settled", settled_on=on)
        waiting = [one.id for one in Charge.here.filter(state="open", village=cast.APRICOT)[:3]]
        asking.note(small.chen, waiting, How.PHONE, Said.YEAR_END, today, at=at, key=cast.key())
    return site


@pytest.mark.parametrize("login", ["luo", "chen"])
@pytest.mark.parametrize("width", [1280, 390])
def test_the_pages_have_no_fault_at_both_widths(
    charged: str,
    open_page: Callable[..., Page],
    axe: Callable[[Page], list[str]],
    login: str,
    width: int,
) -> None:
    page = open_page(width, 900)
    sit(page, charged, login)

    for place in PAGES:
        if login == "chen" and place == "season/run":
            continue
        answer = page.goto(
            f"{charged}/{cast.COUNTY}/desk/{place}?at={cast.APRICOT if login == 'luo' and 'visits' in place else ''}"
        )
        assert answer is not None
        assert answer.status == 200
        assert axe(page) == []
        assert page.evaluate("document.documentElement.scrollWidth") <= width
