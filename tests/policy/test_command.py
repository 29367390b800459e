"""`canbao policy check FILE`."""

from __future__ import annotations

from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command
from django.utils import translation

from canbao.policy.rules import packs


def check(path: Path) -> tuple[int, str, str]:
    out, err = StringIO(), StringIO()
    with translation.override("en"):
        try:
            call_command("policy", "check", str(path), stdout=out, stderr=err, no_color=True)
        except SystemExit as left:
            return int(left.code or 0), out.getvalue(), err.getvalue()
    return 0, out.getvalue(), err.getvalue()


@pytest.mark.parametrize("path", sorted(packs.SHIPPED.rglob("*.toml")), ids=str)
def test_every_shipped_pack_passes(path: Path) -> None:
    status, out, err = check(path)

    assert (status, err) == (0, "")
    assert "examples hold" in out


def test_what_was_not_found_is_named() -> None:
    _, out, _ = check(packs.SHIPPED / "370100/390/2023.toml")

    assert "level.university: No amount of Jinan for university students was found" in out


def test_a_fault_ends_with_status_1_and_file_and_line(tmp_path: Path) -> None:
    wrong = tmp_path / "2026.toml"
    shipped = packs.SHIPPED / "370100/390/2026.toml"
    wrong.write_text(shipped.read_text(encoding="utf-8").replace("fen = 44000", "fenn = 44000", 1))

    status, out, err = check(wrong)

    line = (
        shipped.read_text(encoding="utf-8")
        .splitlines()
        .index('own = { fen = 44000, source = "zhangqiu_2026" }')
    )
    assert status == 1
    assert out == ""
    assert f"{wrong}:{line + 1}: The key level.adult.own.fenn is not known here." in err
    assert "Did you mean" in err


def test_a_national_change_that_breaks_an_inheriting_city_is_refused(tmp_path: Path) -> None:
    changed = tmp_path / "2023.toml"
    text = (packs.SHIPPED / "000000/390/2023.toml").read_text(encoding="utf-8")
    changed.write_text(text.replace("35000", "36000").replace("96000", "97000"))

    status, _, err = check(changed)

    assert status == 1
    assert "370100/390/2023.toml" in err


def test_a_file_that_is_not_there_is_said(tmp_path: Path) -> None:
    status, _, err = check(tmp_path / "nowhere.toml")

    assert status == 1
    assert "cannot be read" in err
