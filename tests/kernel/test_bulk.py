"""Ids that the database makes are as those made here: version 7, ascending, each once."""

from __future__ import annotations

import time

import pytest

from canbao.kernel import bulk, county


@pytest.mark.django_db
def test_ids_made_by_the_database_are_of_version_7_ascending_and_each_once() -> None:
    before = time.time_ns() // 1_000_000
    with county.inside("370199"):
        sql = "SELECT new_id(n) FROM generate_series(1, 9000) AS n"
        first = [one for (one,) in bulk.fetch(sql)]
        time.sleep(0.005)
        second = [one for (one,) in bulk.fetch(sql)]

    assert {one.version for one in first} == {7}
    assert {one.variant for one in first} == {"specified in RFC 4122"}
    assert first == sorted(first)
    assert first[-1] < second[0]
    assert len({*first, *second}) == 18_000
    assert before <= first[0].int >> 80 <= before + 5_000


@pytest.mark.django_db
def test_a_small_table_may_be_laid_twice_in_a_transaction() -> None:
    with county.inside("370199"):
        for texts in (["a", "b"], ["c"]):
            bulk.put("laid", {"n": ("int", list(range(len(texts)))), "said": ("text", texts)})

        assert bulk.fetch("SELECT n, said FROM laid") == [(0, "c")]
