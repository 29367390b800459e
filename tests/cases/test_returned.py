"""One one-time notice for what one office sent back to a household on one day."""

from __future__ import annotations

import re
from uuid import UUID, uuid4

import pypdfium2
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.translation import override

from canbao.cases import flow, queries, returned
from canbao.cases.claim import Channel
from canbao.cases.flow import Verdict
from canbao.cases.prints import letters
from canbao.kernel import clock
from canbao.kernel.actor import Actor
from canbao.kernel.refusal import Refused
from canbao.kernel.tables import Audit
from canbao.papers.forms import FormSheet
from canbao.people import officers
from tests import small as cast
from tests.small import Small


def household(small: Small, *serials: int, number: str = "0317") -> list[UUID]:
    claims = [cast.claim(serial, household_number=number) for serial in serials]
    return cast.submit(small.chen, claims, Channel.VILLAGE)


def together(actor: Actor, one: UUID) -> list[UUID]:
    view = queries.view(actor, one)
    return [said.case.id for said in returned.together(actor, view.case, view.decisions)]


def sheet(actor: Actor, one: UUID) -> FormSheet:
    view = queries.view(actor, one)
    with override("zh-hans"):
        together_with = returned.together(actor, view.case, view.decisions)
        return letters.missing_sheet(view, together_with, "zh-hans")


def test_the_notice_lists_each_person_of_the_household_that_came_back(small: Small) -> None:
    wang, zhao, passing = household(small, 1, 2, 3)
    [neighbour] = household(small, 4, number="0318")
    cast.answer_all(small.chen, [passing])
    cast.decide(small.chen, [passing])
    cast.decide(small.chen, [wang, zhao, neighbour], Verdict.RETURN)
    names = [cast.identity(serial).name for serial in (1, 2)]

    made = sheet(small.chen, zhao)

    assert together(small.chen, wang) == together(small.chen, zhao) == [wang, zhao]
    assert [row["subject"] for row in made.rows] == [f"{name}：身份证反面" for name in names]
    assert all(name in made.fields["name"] for name in names)
    assert made.fields["case_number"].endswith("等，另 1 件")
    assert made.number == sheet(small.chen, wang).number
    assert [row["subject"] for row in sheet(small.chen, neighbour).rows] == ["身份证反面"]
    with pytest.raises(Refused, match="not_found"):
        together(small.chen, passing)


def test_printing_it_is_on_record_for_each_and_it_holds_both(small: Small) -> None:
    pair = household(small, 1, 2)
    cast.decide(small.chen, pair, Verdict.RETURN)

    pdf = letters.missing(small.chen, pair[1], at=clock.now())

    printed = Audit.here.filter(event="case.form_printed", subject_id__in=pair)
    assert sorted(printed.values_list("subject_id", flat=True)) == sorted(pair)
    page = pypdfium2.PdfDocument(pdf)[0].get_textpage().get_text_bounded()
    said = re.sub(r"\s+", "", page)
    assert all(f"{cast.identity(serial).name}：身份证反面" in said for serial in (1, 2))


def test_what_another_office_sent_back_stands_on_its_own_notice(small: Small) -> None:
    claims = [cast.claim(serial, household_number="0317") for serial in (1, 2)]
    ids = cast.bring_to("township", small, claims)
    [late] = household(small, 3)
    cast.decide(small.meng, ids, Verdict.RETURN, flow.APPLICANT)
    cast.decide(small.chen, [late], Verdict.RETURN)

    assert together(small.meng, ids[0]) == sorted(ids, key=lambda one: _number(small, one))
    assert together(small.chen, late) == [late]


def test_a_return_to_an_earlier_desk_is_nobody_elses(small: Small) -> None:
    claims = [cast.claim(serial, household_number="0317") for serial in (1, 2)]
    ids = cast.bring_to("township", small, claims)
    cast.decide(small.meng, ids, Verdict.RETURN, "village")
    assert together(small.meng, ids[0]) == [ids[0]]


def test_a_phone_is_told_of_no_more_than_it_entered(small: Small) -> None:
    phone = officers.phone(uuid4(), "138****1427", None)
    [mine] = cast.submit(phone, [cast.claim(1, household_number="0317")])
    [theirs] = household(small, 2)
    cast.decide(small.chen, [mine, theirs], Verdict.RETURN)

    assert together(phone, mine) == [mine]
    assert together(small.chen, mine) == [mine, theirs]


def test_a_household_of_six_takes_as_many_statements_as_one_of_two(small: Small) -> None:
    taken = []
    for number, serials in (("0317", (1, 2)), ("0318", (3, 4, 5, 6, 7, 8))):
        ids = household(small, *serials, number=number)
        cast.decide(small.chen, ids, Verdict.RETURN)
        view = queries.view(small.chen, ids[0])
        with CaptureQueriesContext(connection) as seen:
            assert len(returned.together(small.chen, view.case, view.decisions)) == len(ids)
        taken.append(len(seen))
    assert taken == [2, 2]


def _number(small: Small, one: UUID) -> str:
    return cast.rows(small.wei, [one])[one].number
