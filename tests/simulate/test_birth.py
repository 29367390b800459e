"""A child that is born in a season is applied for, paid for and covered."""

from __future__ import annotations

import pytest

from canbao.cases.tables import Case
from canbao.insured.tables import Cover
from canbao.kernel import clock, county
from canbao.payments import checking
from canbao.simulate import cast
from canbao.simulate.season import play


@pytest.mark.django_db
def test_a_newborn_goes_the_whole_way() -> None:
    with county.inside(cast.CODE):
        world = play.begin(1, 20, play.autumn(clock.today()))
        for _ in range(12):
            play.step(world, "birth")
        born = Case.here.values_list("person_id", flat=True)
        assert born
        for name in ("village", "village", "take_advance", "township", "township") * 3:
            play.step(world, name)
        for _ in range(12):
            play.step(world, "county")

        covered = set(Cover.here.values_list("enrolment__person_id", flat=True))
        assert covered & set(born)
        assert checking.differences() == []
