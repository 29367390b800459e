"""A bad pack is refused with file, line and what to do, and the pack in force stays."""

from __future__ import annotations

import io
import re
from pathlib import Path

import pytest
from django.core.management import call_command
from django.utils import translation

from canbao.kernel import clock, staff
from canbao.policy import in_force, published
from tests.office.test_commands import PACK, PASSWORD
from tests.small import Small

SUBSIDY = 'subsidy = { government_fen = 76000, source = "notice", confirmed = true }'
OWN = 'own = { fen = 12300, source = "notice", confirmed = true }'
DATED = """own = [
  { fen = 12300, source = "notice", confirmed = true, to_on = "previous-12-31" },
  { fen = 22300, source = "notice", confirmed = true, from_on = "same-01-01" },
]"""


@pytest.mark.parametrize(
    ("old", "new", "line", "said"),
    [
        (OWN, DATED.replace("same-01-01", "same-02-01"), 17, "leaves days in 2031 on which nothing holds"),
        (OWN, DATED.replace("same-01-01", "previous-12-31"), 17, "the value in line 16 holds too"),
        ("fits = {", "fit = {", 14, "Did you mean"),
        (SUBSIDY, SUBSIDY.replace("government_fen", "total_fen = 76001, central_fen"), 16, "add up to 76000"),
        ('fen = 12300, source = "notice",', "fen = 12300,", 15, "source is missing. Add it."),
        ("own_fen = 12300", "own_fen = 12301", 18, "should be 12301 and is 12300"),
    ],
)  # fmt: skip
def test_a_bad_pack_never_comes_into_force(
    *,
    small: Small,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    old: str,
    new: str,
    line: int,
    said: str,
) -> None:
    staff._first_password("guan", PASSWORD)
    before = published.rules("390", 2031)
    assert PACK.count(old) == 1
    file = tmp_path / "370199-2031.toml"
    file.write_text(PACK.replace(old, new))
    monkeypatch.setattr("sys.stdin", io.StringIO(f"{PASSWORD}\n"))

    with translation.override("en"), pytest.raises(SystemExit) as left:
        call_command("policy", "publish", str(file), "--officer", "guan")

    assert left.value.code == 1
    told = capsys.readouterr().err
    assert re.search(rf"^{re.escape(file.name)}:{line}: .*{re.escape(said)}", told, re.MULTILINE)
    assert in_force.proposed() == []
    after = published.rules("390", 2031)
    assert after.fingerprint == before.fingerprint
    assert after.level("adult", clock.today()) == before.level("adult", clock.today())
