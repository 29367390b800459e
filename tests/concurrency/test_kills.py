"""What is killed in the middle has happened whole or not at all, and goes on without doing anything twice."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from functools import partial
from uuid import UUID, uuid4

import psycopg

from canbao.cases import bundle, sets
from canbao.cases.claim import Channel, Claim
from canbao.cases.flow import Status
from canbao.cases.tables import Bundle, BundleItem, Case, Decision
from canbao.kernel import clock, jobs
from canbao.kernel.jobs import State
from canbao.kernel.tables import Job, JobResult
from canbao.people import officers, register
from canbao.people.codes import Sex
from canbao.people.numbers import Kind
from canbao.people.register_line import RegisterRow, Standing
from tests import small as cast
from tests.concurrency.clients import begun, kill, others, together, until, until_idle
from tests.small import Small


def _ready_to_pass(desks: Small, count: int) -> list[UUID]:
    ids: list[UUID] = []
    for start in range(0, count, 500):
        claims = [cast.claim(serial) for serial in range(start, min(start + 500, count))]
        _register(claims)
        ids += cast.submit(desks.chen, claims, Channel.VILLAGE)
        cast.answer_all(desks.chen, ids[start:])
    return ids


def _register(claims: Sequence[Claim]) -> None:
    """Whom the register vouches for is not looked for under a hundred other numbers."""
    lines = [
        RegisterRow(
            2, one.household_number, False, "20", one.identity.name, Kind.ID_CARD, one.identity.number,
            Sex.MALE, one.identity.birth_on, "01", one.identity.village, one.identity.address, "20",
            None, None, Standing.REGISTERED,
        )
        for one in claims
    ]  # fmt: skip
    register.load(officers.system(), lines, uuid4(), at=clock.now())


def _started(desks: Small, ids: Sequence[UUID]) -> UUID:
    details = {"versions": sets.versions(ids)}
    return jobs.start(desks.chen, "pass", ids, details, at=clock.now(), key=str(uuid4())).done[0]


def test_a_killed_job_goes_on_where_it_was(desks: Small, own_database: str) -> None:
    ids = _ready_to_pass(desks, 1500)
    job_id = _started(desks, ids)

    worker = begun(partial(jobs.run, cast.COUNTY, job_id))
    until(lambda: Job.here.get(id=job_id).done >= 500, "the first set")
    kill(worker)
    until_idle(own_database)

    row = Job.here.get(id=job_id)
    assert row.done % 500 == 0
    assert 500 <= row.done < 1500, "killed too late to show anything"
    assert Decision.here.count() == row.done == JobResult.here.count()
    assert Case.here.filter(status=Status.READY).count() == row.done

    together([partial(jobs.run, cast.COUNTY, job_id)])

    row = Job.here.get(id=job_id)
    assert (row.state, row.done, row.refused) == (State.DONE, 1500, 0)
    assert Counter(Decision.here.values_list("case_id", flat=True)) == Counter(ids)
    assert JobResult.here.count() == 1500


def test_a_client_killed_amid_a_bundle_of_500_leaves_nothing_of_it(
    desks: Small, own_database: str
) -> None:
    ids = _ready_to_pass(desks, 501)
    for part in (ids[:1], ids[1:]):
        assert not cast.decide(desks.chen, part).refused
    first = bundle.report(desks.chen, {ids[0]: 2}, _sheets(ids[:1]), at=clock.now())
    assert first.done
    chosen = dict.fromkeys(ids[1:], 2)
    report = partial(
        bundle.report, desks.chen, chosen, _sheets(ids[1:]), at=clock.now(), key="bundle of 500"
    )

    # The bundle's number is taken near the end: whoever holds that counter stops the act in the middle.
    with psycopg.connect(own_database) as holder:
        holder.execute("SELECT last FROM counter WHERE series LIKE 'bundle/%' FOR UPDATE")
        client = begun(report)
        until(lambda: len(others(own_database, "wait_event_type = 'Lock'")) == 1, "its middle")
        kill(client)
    until_idle(own_database)

    assert set(Case.here.filter(id__in=ids[1:]).values_list("status", "version", "bundle_id")) == {
        (Status.READY, 2, None)
    }
    assert (Bundle.here.count(), BundleItem.here.count()) == (1, 1)

    [outcome] = together([report])

    assert len(outcome.done) == 500
    assert not outcome.again
    assert (Bundle.here.count(), BundleItem.here.count()) == (2, 501)
    assert Bundle.here.filter(number=outcome.made["number"], cases=500).count() == 1


def _sheets(ids: Sequence[UUID]) -> int:
    return sum(bundle.sheet_counts(ids).values())
