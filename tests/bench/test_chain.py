"""What is measured is the road itself: the same rows and statements for sets of any size."""

from __future__ import annotations

import time

import pytest

from bench import chain, floor
from bench.chain import Chain
from bench.county import CODE, Applicants, found
from canbao.cases.claim import Channel
from canbao.kernel import county
from canbao.kernel.ids import new_id

# Rows of a bundle and of a key come once a set, whatever its size; four people make a household, and those
# who are alike share the trace of their price.
ONCE_A_SET = {"bundle", "request", "counter", "household", "price_trace"}
# Whoever applies makes the id of the case, here before the count begins.
MADE_BEFORE = {"case_file"}


@pytest.mark.parametrize("channel", [Channel.VILLAGE, Channel.PHONE])
def test_each_act_takes_as_many_statements_for_thirty_as_for_one(
    own_database: str, channel: Channel
) -> None:
    with county.inside(CODE):
        made = found()
        counted = chain.statements_by_size(made, Applicants(made, channel), (1, 30))

    assert {name: len(set(counts)) for name, counts in counted.items()} == dict.fromkeys(counted, 1)


def _rows_left(made: object, applicants: Applicants, size: int) -> dict[str, float]:
    from django.db import connection

    claims = applicants.next(size)
    # Ids of one millisecond have no order.
    time.sleep(0.002)
    mark = new_id()
    time.sleep(0.002)
    Chain(made).walk(applicants, claims)  # type: ignore[arg-type]
    left = {}
    with connection.cursor() as cursor:
        for name in floor.tables():
            if name not in ONCE_A_SET | MADE_BEFORE:
                cursor.execute(f"SELECT count(*) FROM {name} WHERE id > %s", [mark])
                left[name] = cursor.fetchone()[0] / size
    return left


def test_a_case_in_a_set_leaves_the_rows_that_a_case_alone_leaves(own_database: str) -> None:
    with county.inside(CODE):
        made = found()
        applicants = Applicants(made, Channel.PHONE)
        alone = _rows_left(made, applicants, 1)
        together = _rows_left(made, applicants, 40)

    # Acts on bundles are on record once for the bundle besides once for each case.
    acts_on_bundles = 4
    assert alone.pop("audit") - acts_on_bundles == together.pop("audit") - acts_on_bundles / 40
    assert together == alone
