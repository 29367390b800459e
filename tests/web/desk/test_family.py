"""The children on an elderly applicant's form stand beside what the register and canbao say of them."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from uuid import UUID

import pytest
from django.utils.translation import override

from canbao.cases import family, flow, queries
from canbao.cases.claim import Channel, FamilyLine
from canbao.kernel.tables import Audit
from canbao.papers.sheets import Attached
from canbao.web.desk import kin
from tests import small as cast
from tests.office import scenes
from tests.web.desk.conftest import Desk, put_in_register, text, uuid_in
from tests.web.desk.test_scope import statements
from tests.web.desk.test_story import entry

Sit = Callable[[str], Desk]
BORN = date(1950, 5, 6)


def said(serial: int, *, enrolled: str = "", reason: str = "") -> FamilyLine:
    who = cast.identity(serial)
    return FamilyLine(who.name, "20", who.kind, who.number, enrolled, reason)


def elderly(small: cast.Small, family: Sequence[FamilyLine], serial: int = 900) -> UUID:
    """An elderly applicant with a paper."""
    who = cast.identity(serial, birth_on=BORN)
    papers = (Attached("id_front", 1, scenes.kept(small.chen, str(serial))),)
    claim = cast.claim(serial, insurance="170", identity=who, family=tuple(family), attached=papers)
    return cast.submit(small.chen, [claim], Channel.VILLAGE)[0]


def card(page: str, serial: int) -> str:
    """What the page says of one child, below its heading and the caption of its table."""
    return page.split(f"{cast.identity(serial).name} · ")[2].split(" · ", 1)[0]


def test_each_child_stands_beside_register_and_enrolment(small: cast.Small, desk: Sit) -> None:
    insured, renamed, stranger, applying = 1, 2, 3, 4
    put_in_register(
        [cast.identity(insured), replace(cast.identity(renamed), name="王不同"),
         cast.identity(applying)]
    )  # fmt: skip
    cast.bring_to(flow.ARCHIVE, small, [cast.claim(insured, insurance="170")], "170")
    cast.submit(small.chen, [cast.claim(applying)], Channel.VILLAGE)
    one = elderly(
        small,
        [said(insured, reason="外地务工"), said(renamed, reason="在校"),
         said(stranger, enrolled="济南历下"), said(applying, reason="未到年龄")],
    )  # fmt: skip

    page = text(desk("chen").get("case", one))

    first = card(page, insured)
    assert "Not insured: 外地务工 Pension, insured since" in first
    assert "Name 王" in first
    assert first.count("✓ the same") == 2
    assert first.count("✕ not the same") == 1
    second = card(page, renamed)
    assert "王 不同" in second
    assert "✕ not the same" in second
    assert "Not insured: 在校 Not insured in this county ✓ the same" in second
    third = card(page, stranger)
    assert third.count("none ? not in the register") == 2
    assert "Insured: 济南历下 Not insured in this county ? ask for a proof" in third
    assert "Medical, applied for, now with: Village" in card(page, applying)
    with override("en"):
        differing = kin.differences(family.children(queries.view(small.chen, one)))
    assert [one.split(" says of ")[1].split(" ")[0] for one in differing] == [
        cast.identity(insured).name, cast.identity(renamed).name
    ]  # fmt: skip
    number = cast.identity(stranger).number
    assert number not in page
    assert f"{number[:4]}**********{number[-4:]}" in third


def test_looking_at_the_children_is_on_record_and_takes_as_many_statements_for_six(
    small: cast.Small, desk: Sit
) -> None:
    put_in_register([cast.identity(serial) for serial in range(1, 7)])
    few = elderly(small, [said(1, reason="在校")], 900)
    many = elderly(small, [said(serial, reason="在校") for serial in range(1, 7)], 901)
    none = elderly(small, [], 902)
    chen = desk("chen")
    chen.get("case", few)

    taken = statements(chen, "case", few)
    assert statements(chen, "case", many) == taken
    assert taken <= 15
    chen.get("case", none)
    looks = Audit.here.filter(event="case.page_seen", actor_id=small.chen.id).order_by("id")
    seen = [(one.subject_id, json.loads(one.facts).get("children")) for one in looks]
    assert seen == [(few, 1), (few, 1), (many, 6), (none, None)]


@pytest.mark.parametrize("at", ["village", "township", "county"])
def test_the_page_of_an_elderly_applicant_ready_to_sign_takes_at_most_15_statements(
    small: cast.Small, desk: Sit, at: str
) -> None:
    put_in_register([cast.identity(serial) for serial in range(1, 4)])
    cast.submit(small.chen, [cast.claim(1)])
    who = cast.identity(900, birth_on=BORN)
    papers = (Attached("id_front", 1, scenes.kept(small.chen, "front")),)
    family = tuple(said(serial, reason="在校") for serial in range(1, 4))
    claim = cast.claim(900, insurance="170", identity=who, family=family, attached=papers)
    ids = cast.bring_to(at, small, [claim], "170")
    login = {"village": "chen", "township": "meng", "county": "shi"}[at]
    cast.answer_all(small.officers[login], ids, [claim])
    seat = desk(login)
    assert "as it stands here" in text(seat.get("case", ids[0]))

    assert statements(seat, "case", ids[0]) <= 15


def test_a_child_typed_at_the_village_keeps_its_relation(small: cast.Small, desk: Sit) -> None:
    child = cast.identity(7)
    saved = desk("chen").follow(
        "desk_apply", **entry(1, insurance="170", level="500"), child_0_name=child.name,
        child_0_relation="32", child_0_number=child.number, child_0_reason="在校",
    )  # fmt: skip
    one = uuid_in(saved.content.decode().split("/print/copy-1")[0])

    assert f"{child.name} · Eldest daughter" in text(desk("chen").get("case", one))
