"""The season's pages in a browser: both widths, without an accessibility fault."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from random import Random

import pytest
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.auth.models import User
from django.contrib.sessions.backends.db import SessionStore
from playwright.sync_api import Page

from canbao.kernel import clock, county, office
from canbao.payments import asking, season
from canbao.payments.asking import How, Said
from canbao.payments.tables import Charge
from canbao.simulate import insured
from canbao.web.access import POSTING
from tests import small as cast

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


def _sit(page: Page, site: str, login: str) -> None:
    """Log an officer in, as the log-in page does."""
    name = f"{cast.COUNTY}/{login}"
    user, _ = User.objects.get_or_create(username=name)
    with county.inside(cast.COUNTY):
        posting = office.postings_of(login, clock.today())[0]
    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = "django.contrib.auth.backends.ModelBackend"
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session[POSTING] = {cast.COUNTY: str(posting.id)}
    session.create()
    page.context.add_cookies(
        [{"name": settings.SESSION_COOKIE_NAME, "value": str(session.session_key), "url": site}]
    )


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
    _sit(page, charged, login)

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
