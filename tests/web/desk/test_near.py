"""A number with one wrong digit: an officer sees who is meant and takes the number over."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest

from canbao.cases.tables import Case
from canbao.kernel.tables import Audit
from tests import small as cast
from tests.web.desk.conftest import Desk, picture, put_in_register, text
from tests.web.desk.test_story import entry

Sit = Callable[[str], Desk]
MEANT = cast.identity(1)


def mistyped(number: str) -> str:
    """The number with its third last digit wrong."""
    return number[:-3] + str((int(number[-3]) + 1) % 10) + number[-2:]


def pressed(page: Any) -> str:
    found = re.search(r'name="near" value="([^"]+)"', page.content.decode())
    assert found, text(page)[:2000]
    return found[1]


def looks(event: str) -> int:
    return Audit.here.filter(event=event, subject_kind="register_entry").count()


@pytest.mark.parametrize("login", ["chen", "meng"])
def test_an_officer_sees_who_is_meant_and_takes_the_number_over(
    small: cast.Small, desk: Sit, login: str
) -> None:
    put_in_register([MEANT, cast.identity(2)])
    seat = desk(login)
    typed = entry(1, number=mistyped(MEANT.number), how="paper", witness="")

    page = seat.post("desk_apply", **typed, file_id_front=picture("front"))
    assert page.status_code == 422
    said = text(page)
    assert "One digit of the ID number seems wrong" in said
    assert f"{MEANT.name} · {MEANT.number[:4]}**********{MEANT.number[-4:]} · 杏花村" in said
    assert cast.identity(2).name not in said
    assert MEANT.number not in page.content.decode()
    assert looks("register.near_seen") == 1

    kept = re.search(r'name="kept" value="([^"]+)"', page.content.decode())
    assert kept
    page = seat.post("desk_apply", **typed, near=pressed(page), kept=kept[1])
    assert page.status_code == 200
    assert f'value="{MEANT.number}"' in page.content.decode()
    assert "1 page is here" in text(page)
    assert not Case.here.exists()
    assert looks("register.near_taken") == 1

    saved = seat.follow("desk_apply", **{**typed, "number": MEANT.number})
    assert "Saved" in text(saved)
    assert Case.here.count() == 1


def test_nobody_is_offered_for_a_number_that_is_right_or_far_from_all(
    small: cast.Small, desk: Sit
) -> None:
    put_in_register([MEANT])
    chen = desk("chen")
    page = chen.post("desk_apply", **entry(1, name=""))
    assert page.status_code == 422
    assert 'name="near"' not in page.content.decode()
    page = chen.post("desk_apply", **entry(1, number=mistyped(cast.identity(9).number)))
    assert page.status_code == 422
    assert 'name="near"' not in page.content.decode()
    assert looks("register.near_seen") == 0


@pytest.mark.parametrize("near", ["x", "0" * 36, "01a214d6-6890-7000-8f2e-7c0fef000000"])
def test_a_made_up_choice_takes_nothing_over(small: cast.Small, desk: Sit, near: str) -> None:
    put_in_register([MEANT])
    wrong = mistyped(MEANT.number)
    page = desk("chen").post("desk_apply", **entry(1, number=wrong), near=near)
    assert page.status_code == 422
    assert MEANT.number not in page.content.decode()
    assert looks("register.near_taken") == 0
