"""A desk's opinion: the preview, the overview and the printed form say one sentence."""

from __future__ import annotations

from collections.abc import Callable

from django.utils.translation import override

from canbao.cases import correction, flow, queries
from canbao.cases.prints import registration
from canbao.kernel import clock
from tests import small as cast
from tests.web.desk.conftest import Desk, text

Sit = Callable[[str], Desk]


def on_paper(small: cast.Small, case_id: object) -> dict[str, str]:
    view = queries.view(small.wei, case_id)  # type: ignore[arg-type]
    with override("en"):
        made = registration.sheet(view, 1, "", "en")
    return {str(one.desk): one.text for one in made.opinions}


def test_what_is_signed_stands_alike_before_on_the_page_and_on_the_form(
    small: cast.Small, desk: Sit
) -> None:
    claim = cast.claim(1)
    [one] = cast.bring_to("village", small, [claim])
    cast.answer_all(small.chen, [one])
    before = text(desk("chen").get("case", one))
    cast.decide(small.chen, [one])

    said = on_paper(small, one)["village"]
    assert said == "Papers complete, the person is who the papers say. Agreed to report."
    assert f"Opinion: {said}" in before
    assert said in text(desk("chen").get("case", one))


def test_a_corrected_sheet_says_on_the_page_what_was_corrected(
    small: cast.Small, desk: Sit
) -> None:
    [one] = cast.bring_to(flow.ARCHIVE, small, [cast.claim(1)])
    seen = cast.versions(small.wei, [one])[one]
    made = correction.propose(small.wei, one, seen, "sex", "2", "登记表写的是女", at=clock.now())
    correction.confirm(small.yan, made.done[0], at=clock.now())

    said = on_paper(small, one)["county"]
    assert said.startswith("Corrected: Sex.")
    page = text(desk("wei").get("case", one))
    assert said in page
    assert "Enrolment established." not in page
