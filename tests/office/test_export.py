"""Established persons handed over: each once, the same file each time, under the national names."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest
from django.core.management import call_command
from python_calamine import CalamineWorkbook

from canbao.cases import correction, export, flow, provincial, queries
from canbao.kernel import clock, statements
from canbao.kernel.refusal import Refused
from canbao.kernel.tables import Audit
from tests import small as cast
from tests.small import Small


def at() -> clock.Instant:
    return clock.now()


def read(data: bytes) -> list[dict[str, str]]:
    assert data.startswith(b"\xef\xbb\xbf")
    return list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"))))


@pytest.mark.parametrize(("insurance", "login"), [("390", "wei"), ("170", "shi")])
def test_everybody_established_is_handed_over_once(
    small: Small, insurance: str, login: str
) -> None:
    claims = [cast.claim(serial, insurance=insurance) for serial in range(3)]
    cast.bring_to(flow.ARCHIVE, small, claims, insurance)
    actor = getattr(small, login)

    made = export.make(actor, insurance, at=at())

    name, data = export.content(actor, made.done[0], export.CSV, at=at())
    lines = read(data)
    number, person = ("CERTNO", "PSN_NAME") if insurance == "390" else ("AAC147", "AAC003")
    assert {line[number] for line in lines} == {one.identity.number for one in claims}
    assert {line[person] for line in lines} == {one.identity.name for one in claims}
    assert list(lines[0]) == list(provincial.COLUMNS[insurance])
    assert name == f"{made.made['number']}.csv"
    with pytest.raises(Refused, match="nothing_to_export"):
        export.make(actor, insurance, at=at())
    cast.bring_to(flow.ARCHIVE, small, [cast.claim(9, insurance=insurance)], insurance)
    assert export.make(actor, insurance, at=at()).made["persons"] == 1


def test_the_national_fields_say_what_was_established(small: Small) -> None:
    [one] = cast.bring_to(flow.ARCHIVE, small, [cast.claim(1)])
    made = export.make(small.wei, "390", at=at())
    [line] = read(export.content(small.wei, made.done[0], export.CSV, at=at())[1])
    view = queries.view(small.wei, one)
    assert line["MEMO"] == view.case.number
    assert line["PSN_NO"] == view.case.person_id.hex
    assert (line["INSUTYPE"], line["PSN_INSU_STAS"], line["PSN_CHG_TYPE"]) == ("390", "1", "11")
    assert (line["PSN_TYPE"], line["CLCT_FLAG"], line["PSN_CERT_TYPE"]) == ("1501", "0", "01")
    assert line["PSN_INSU_DATE"] == clock.today().isoformat()


def test_a_list_taken_out_again_is_the_same_file_even_after_a_correction(small: Small) -> None:
    [one] = cast.bring_to(flow.ARCHIVE, small, [cast.claim(1)])
    made = export.make(small.wei, "390", at=at())
    before = [export.content(small.wei, made.done[0], kind, at=at()) for kind in ("csv", "xlsx")]
    version = cast.versions(small.wei, [one])[one]
    waiting = correction.propose(small.wei, one, version, "name", "王守田", "抄错了", at=at())
    correction.confirm(small.yan, waiting.done[0], at=at())

    after = [export.content(small.yan, made.done[0], kind, at=at()) for kind in ("csv", "xlsx")]

    assert after == before
    assert Audit.here.filter(event="export.taken_out", subject_id=made.done[0]).count() == 4
    assert Audit.here.filter(event="case.exported", subject_id=one).count() == 1


def test_a_number_stays_text_in_the_spreadsheet(small: Small) -> None:
    claims = [cast.claim(1)]
    cast.bring_to(flow.ARCHIVE, small, claims)
    made = export.make(small.wei, "390", at=at())
    _name, data = export.content(small.wei, made.done[0], export.XLSX, at=at())
    rows = CalamineWorkbook.from_filelike(io.BytesIO(data)).get_sheet_by_index(0).to_python()
    line = dict(zip(rows[0], rows[1], strict=True))
    assert line["CERTNO"] == claims[0].identity.number
    assert line["INSUTYPE"] == "390"


def test_an_address_that_looks_like_a_formula_stays_an_address(small: Small) -> None:
    who = cast.identity(1)
    from dataclasses import replace

    odd = cast.claim(1, identity=replace(who, address='=cmd|"x"'))
    cast.bring_to(flow.ARCHIVE, small, [odd])
    made = export.make(small.wei, "390", at=at())
    [line] = read(export.content(small.wei, made.done[0], export.CSV, at=at())[1])
    assert line["RESD_ADDR"] == '\'=cmd|"x"'


def test_who_may_make_and_take_out_lists(small: Small) -> None:
    cast.bring_to(flow.ARCHIVE, small, [cast.claim(1)])
    for login in ("chen", "meng", "shi"):
        with pytest.raises(Refused, match="not_exporter"):
            export.make(getattr(small, login), "390", at=at())
    made = export.make(small.guan, "390", at=at())
    for login, code in (("shi", "not_found"), ("meng", "not_exporter")):
        with pytest.raises(Refused, match=code):
            export.content(getattr(small, login), made.done[0], "csv", at=at())
    with pytest.raises(Refused, match="not_found"):
        export.content(small.wei, made.done[0], "exe", at=at())


def test_a_list_takes_as_many_statements_for_many_as_for_one(small: Small) -> None:
    counts = []
    for batch, size in ((0, 1), (100, 12)):
        cast.bring_to(flow.ARCHIVE, small, [cast.claim(batch + one) for one in range(size)])
        with statements.seen() as seen:
            made = export.make(small.wei, "390", at=at())
            export.content(small.wei, made.done[0], "csv", at=at())
        counts.append(len(seen))
    assert counts[0] == counts[1]


def test_the_command_writes_every_list_and_one_again(small: Small, tmp_path: Path) -> None:
    cast.bring_to(flow.ARCHIVE, small, [cast.claim(1)])
    call_command("export", "390", "--to", str(tmp_path))
    files = sorted(tmp_path.iterdir())
    assert [one.suffix for one in files] == [".csv", ".xlsx"]
    assert {one.stat().st_mode & 0o777 for one in files} == {0o600}
    before = [one.read_bytes() for one in files]
    call_command("export", "390", "--to", str(tmp_path), "--again", files[0].stem)
    assert [one.read_bytes() for one in files] == before
    assert sorted(tmp_path.iterdir()) == files
