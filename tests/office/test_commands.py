"""Commands of an administrator at the machine: a county is opened, officers taken up, packs put into force."""

from __future__ import annotations

import io
import re
from pathlib import Path

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from canbao.kernel import clock, county, directory, office, staff
from canbao.kernel.actor import Role
from canbao.kernel.queries import counties
from canbao.people import officers
from canbao.policy import published
from tests.small import Small

PASSWORD = "Kind-Sparrow-81"


def test_a_county_is_opened_with_its_first_administrator(
    db: None, capsys: pytest.CaptureFixture[str]
) -> None:
    call_command("officer", "county", "370102", "历下区", "admin", "张三")

    said = capsys.readouterr().out
    assert ("370102", "历下区") in counties()
    with county.inside("370102"):
        [posting] = office.postings_of("admin", clock.today())
        actor = officers.officer("admin", posting.id, clock.today())
        assert actor is not None
        assert actor.role is Role.ADMINISTRATOR
        assert actor.insurances == {"170", "390"}
        password = re.findall(r"[\w-]{16}", said)[0]
        assert staff.proves("admin", password)
    with pytest.raises(CommandError):
        call_command("officer", "county", "370102", "历下区", "other", "李四")
    with pytest.raises(CommandError):
        call_command("officer", "county", "3701", "历下区", "other", "李四")


def test_officers_are_taken_up_listed_and_given_passwords(
    small: Small, capsys: pytest.CaptureFixture[str]
) -> None:
    call_command(
        "officer", "add", "zhao", "赵敏", "--role", "township", "--office", "柳泉镇便民服务中心"
    )
    one = directory.officer_by_login("zhao")
    assert one is not None
    assert [row.role for row in one.postings] == ["township"]
    capsys.readouterr()
    call_command("officer", "list")
    assert "zhao  赵敏" in capsys.readouterr().out
    with pytest.raises(CommandError):
        call_command("officer", "add", "qian", "钱", "--role", "village", "--office", "柳泉镇")
    call_command("officer", "password", "zhao")
    with pytest.raises(CommandError):
        call_command("officer", "password", "nobody")


def _typed(monkeypatch: pytest.MonkeyPatch, password: str) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(f"{password}\n"))


def test_a_pack_comes_into_force_by_two_administrators(
    small: Small,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    for login in ("guan", "li", "chen"):
        staff._first_password(login, PASSWORD)
    file = tmp_path / "370199-2031.toml"
    file.write_text(PACK)

    def publish(login: str, password: str = PASSWORD) -> None:
        _typed(monkeypatch, password)
        call_command("policy", "publish", str(file), "--officer", login)

    for login, password in (("guan", "wrong"), ("chen", PASSWORD), ("nobody", PASSWORD)):
        with pytest.raises(CommandError):
            publish(login, password)
    publish("guan")
    with pytest.raises(CommandError):
        publish("guan")
    assert _own_fen(2031) != 12_300

    publish("li")

    assert _own_fen(2031) == 12_300
    file.write_text(PACK.replace("own_fen = 12300", "own_fenn = 12300"))
    capsys.readouterr()
    with pytest.raises(SystemExit):
        publish("guan")
    assert re.search(rf"{file.name}:\d+: ", capsys.readouterr().err)


def _own_fen(year: int) -> int | None:
    levels = published.rules("390", year).levels(clock.today())
    return {one.code: one.own_fen for one in levels}.get("adult")


PACK = """place = "370199"
place_name = { zh = "明水县", en = "Mingshui county" }
insurance = "390"
year = 2031

[source.notice]
title = { zh = "2031 年通知（虚构）", en = "Notice of 2031 (invented)" }
address = "-"
grade = "A"
published_on = 2030-09-01

[level.adult]
name = { zh = "成年居民", en = "Adult resident" }
fits = { age_from = 18, student = ["none"] }
own = { fen = 12300, source = "notice", confirmed = true }
subsidy = { government_fen = 76000, source = "notice", confirmed = true }

[[example]]
about = "an adult"
on = "previous-11-20"
person = { age = 40 }
level = "adult"
own_fen = 12300
"""
