"""Who still has the password somebody else knows comes to the page that changes it, and nowhere else."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.contrib.auth.models import User
from django.urls import URLResolver, get_resolver, reverse

from canbao.kernel import clock, staff, statements
from canbao.kernel.tables import Audit, Officer
from tests import small as cast
from tests.web.desk.conftest import Desk

Sit = Callable[[str], Desk]
FIRST, OWN = "Kind-Sparrow-81", "Quiet-River-2093"
SAMPLES = {"county": cast.COUNTY, "uuid": str(UUID(int=7)), "slug": "copy-1", "str": "370199101201"}


def officer_pages(patterns: list[Any], prefix: str = "/") -> Iterator[tuple[str, str]]:
    """(name, address) of every route that officers open, whatever their role."""
    for one in patterns:
        route = prefix + str(one.pattern)
        if isinstance(one, URLResolver):
            yield from officer_pages(one.url_patterns, route)
        elif getattr(one.callback, "canbao_access", "") == "officer":
            yield one.name, re.sub(r"<(\w+):\w+>", lambda found: SAMPLES[found[1]], route)


PAGES = sorted(officer_pages(get_resolver().url_patterns))


@pytest.fixture
def given(small: cast.Small) -> None:
    """A first password for one officer of each room of pages."""
    for login in ("chen", "wei", "guan"):
        User.objects.get_or_create(username=f"{cast.COUNTY}/{login}")
        giver = small.li
        staff.new_password(giver, getattr(small, login).id, FIRST, at=clock.now())


@pytest.mark.usefixtures("given")
@pytest.mark.parametrize("login", ["chen", "wei", "guan"])
def test_a_first_password_opens_the_page_that_changes_it_and_no_other(
    desk: Sit, login: str
) -> None:
    seat = desk(login)
    before = Audit.here.count()
    target = reverse("office_password", args=[cast.COUNTY])

    assert len(PAGES) > 50
    for name, address in PAGES:
        for answer in (
            seat.client.get(address),
            seat.client.post(address, {"act": "pass", "key": str(uuid4())}),
        ):
            if name == "office_password":
                assert answer.status_code in {200, 404}, name
            else:
                assert (answer.status_code, answer.headers.get("Location")) == (303, target), name
    assert Audit.here.count() == before


@pytest.mark.usefixtures("given")
def test_the_own_password_opens_every_page_again_until_another_first_one_is_given(
    small: cast.Small, desk: Sit
) -> None:
    chen = desk("chen")
    typed = {"old": FIRST, "new": OWN, "again": OWN}
    assert chen.post("office_password", act="password", **typed).status_code == 303

    chen = desk("chen")
    assert chen.get("worklist").status_code == 200
    with statements.seen() as asked:
        assert chen.get("worklist").status_code == 200
    assert not [one for one in asked if "auth_group" in one]

    chen_id = Officer.here.get(login="chen").id
    staff.new_password(small.li, chen_id, FIRST, at=clock.now())
    assert chen.get("worklist").headers["Location"].partition("?")[0].endswith("/login")
    assert desk("chen").get("worklist").status_code == 303
