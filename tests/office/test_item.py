"""An archive item as a file: the same each time, and proven without the live case."""

from __future__ import annotations

import io
import json
import os
import random
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

from canbao.cases import correction, item, proof, queries
from canbao.kernel import canonical, clock
from canbao.kernel.refusal import Refused
from canbao.kernel.tables import Audit
from tests import small as cast
from tests.office import scenes
from tests.small import Small


def at() -> clock.Instant:
    return clock.now()


@pytest.fixture
def data(small: Small) -> bytes:
    return item.build(small.wei, scenes.filed(small), at=at())


def opened(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def test_the_item_holds_form_papers_marks_and_decisions_and_proves_itself(data: bytes) -> None:
    report = proof.verify(data)
    assert report.flaws == ()
    assert (report.papers, report.marks, report.files) == (3, 7, 3)
    inside = opened(data)
    manifest = json.loads(inside["manifest.json"])
    assert [one["desk"] for one in manifest["filed"]["decisions"]] == [
        "village",
        "township",
        "county",
    ]
    assert {(one["box"], one["kind"]) for one in manifest["filed"]["marks"]} == {
        ("applicant", "signature"),
        *(
            (desk, kind)
            for desk in ("village", "township", "county")
            for kind in ("signature", "seal")
        ),
    }
    sheets = [content for name, content in inside.items() if name.endswith(".pdf")]
    scans = [content for name, content in inside.items() if name.endswith(".jpg")]
    assert [one[:5] for one in sheets] == [b"%PDF-"]
    assert [one[:3] for one in scans] == [b"\xff\xd8\xff"] * 2


def test_the_same_item_gives_the_same_bytes_and_each_export_is_on_record(small: Small) -> None:
    one = scenes.filed(small)
    assert item.build(small.wei, one, at=at()) == item.build(small.yan, one, at=at())
    assert Audit.here.filter(subject_id=one, event="case.item_exported").count() == 2


def test_the_hash_of_the_manifest_is_the_one_the_county_keeps(small: Small) -> None:
    one = scenes.filed(small)
    report = proof.verify(item.build(small.wei, one, at=at()))
    filed = queries.archive_of(one)
    assert filed is not None
    assert (report.number, report.filed_sha256) == (filed.number, filed.manifest_sha256)


def test_any_changed_byte_is_found(data: bytes) -> None:
    chosen = random.Random(7).sample(range(len(data)), 150)
    for place in chosen:
        changed = bytearray(data)
        changed[place] ^= 1 << (place % 8)
        assert not proof.verify(bytes(changed)).holds, place


def test_a_damaged_file_is_named(data: bytes) -> None:
    inside = opened(data)
    for name in [name for name in inside if name.startswith("papers/")]:
        place = data.index(inside[name]) + len(inside[name]) // 2
        damaged = data[:place] + bytes([data[place] ^ 1]) + data[place + 1 :]
        assert proof.Flaw("file_changed", name) in proof.verify(damaged).flaws


def repacked(data: bytes, change: Callable[[dict[str, Any], dict[str, bytes]], None]) -> bytes:
    """A careful forger: changes something and makes every hash of the container right again."""
    inside = opened(data)
    manifest = json.loads(inside.pop("manifest.json"))
    del inside["manifest.sha256"]
    change(manifest, inside)
    return proof.pack({key: value for key, value in manifest.items() if key != "files"}, inside)


def _rename(manifest: dict[str, Any], _files: dict[str, bytes]) -> None:
    form = next(one for one in manifest["filed"]["papers"] if one["form"])
    form["content"]["fields"]["name"] = "别人"


def _rename_with_hash(manifest: dict[str, Any], files: dict[str, bytes]) -> None:
    _rename(manifest, files)
    form = next(one for one in manifest["filed"]["papers"] if one["form"])
    form["sha256"] = canonical.sha256(form["content"])
    manifest["filed_sha256"] = canonical.sha256(manifest["filed"])


def _swap_scan(_manifest: dict[str, Any], files: dict[str, bytes]) -> None:
    name = next(name for name in files if name.endswith(".jpg"))
    files[name] += b"x"


def _drop_scan(_manifest: dict[str, Any], files: dict[str, bytes]) -> None:
    del files[next(name for name in files if name.endswith(".jpg"))]


def _drop_mark(manifest: dict[str, Any], _files: dict[str, bytes]) -> None:
    del manifest["filed"]["marks"][0]


FORGERIES = (
    (_rename, {"filed_changed", "paper_changed", "mark_broken"}),
    (_rename_with_hash, {"mark_broken"}),
    (_swap_scan, {"paper_changed"}),
    (_drop_scan, {"paper_missing", "paper_changed"}),
    (_drop_mark, {"filed_changed"}),
)


def test_a_forgery_packed_anew_is_found(data: bytes) -> None:
    for change, codes in FORGERIES:
        assert {flaw.code for flaw in proof.verify(repacked(data, change)).flaws} == codes


@pytest.mark.parametrize("junk", [b"", b"PK", b"not a zip", b"PK\x03\x04" + b"\0" * 200])
def test_what_is_no_item_is_said_to_be_none(junk: bytes) -> None:
    assert [flaw.code for flaw in proof.verify(junk).flaws] == ["item_unreadable"]


def test_a_corrected_item_keeps_what_was_filed_and_adds_the_new_sheet(small: Small) -> None:
    one = scenes.filed(small)
    before = proof.verify(item.build(small.wei, one, at=at()))
    version = cast.versions(small.wei, [one])[one]
    waiting = correction.propose(small.wei, one, version, "name", "王守田", "抄错了", at=at())
    correction.confirm(small.yan, waiting.done[0], at=at())

    after = proof.verify(item.build(small.wei, one, at=at()))

    assert after.flaws == ()
    assert after.filed_sha256 == before.filed_sha256
    assert (after.papers, after.marks) == (before.papers + 1, before.marks + 3)


def test_corrected_before_it_was_filed_the_item_holds_both_sheets(small: Small) -> None:
    from canbao.cases import archive, flow

    [one] = cast.bring_to(flow.ARCHIVE, small, [cast.claim(1)])
    version = cast.versions(small.wei, [one])[one]
    waiting = correction.propose(small.wei, one, version, "name", "王守田", "抄错了", at=at())
    correction.confirm(small.yan, waiting.done[0], at=at())
    archive.file(small.wei, cast.versions(small.wei, [one]), at=at())

    report = proof.verify(item.build(small.wei, one, at=at()))

    assert report.flaws == ()
    assert (report.papers, report.marks) == (2, 10)


def test_an_item_exists_only_for_what_is_filed_and_within_reach(small: Small) -> None:
    from canbao.cases import flow

    [one] = cast.bring_to(flow.ARCHIVE, small, [cast.claim(1)])
    with pytest.raises(Refused, match="not_filed"):
        item.build(small.wei, one, at=at())
    with pytest.raises(Refused, match="not_found"):
        item.build(small.shi, one, at=at())


def test_the_commands_write_and_verify(
    small: Small, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    one = scenes.filed(small)
    number = queries.view(small.wei, one).case.number
    file = tmp_path / "ITEM.zip"
    call_command("archive", "export", number, "--to", str(file))
    assert file.stat().st_mode & 0o777 == 0o600
    call_command("archive", "verify", str(file))
    assert "7" in capsys.readouterr().out

    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 1
    file.write_bytes(bytes(content))
    with pytest.raises(SystemExit) as ended:
        call_command("archive", "verify", str(file))
    assert ended.value.code == 1
    assert capsys.readouterr().err


def test_an_item_is_verified_where_there_is_neither_database_nor_key(
    data: bytes, tmp_path: Path
) -> None:
    file = tmp_path / "ITEM.zip"
    file.write_bytes(data)
    bare = {name: value for name, value in os.environ.items() if "CANBAO" not in name}
    bare |= {"CANBAO_DATA": str(tmp_path / "nothing"), "DATABASE_URL": ""}
    verify = [sys.executable, "-m", "canbao", "archive", "verify", str(file)]
    assert subprocess.run(verify, env=bare, check=False, capture_output=True).returncode == 0
    file.write_bytes(data.replace(b"370199101201", b"370199101202", 1))
    assert subprocess.run(verify, env=bare, check=False, capture_output=True).returncode == 1
    assert not (tmp_path / "nothing").exists()
