"""What every operation relies on: one transaction, keys, append-only tables, keys inside a county."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import UUID

import pytest
from django.db import IntegrityError, connection

from canbao.kernel import audit, clock, county, jobs, numbering, rows
from canbao.kernel.actor import Actor
from canbao.kernel.ids import new_id, new_ids
from canbao.kernel.operation import operation
from canbao.kernel.tables import Audit, Counter, Job, JobResult, Office, Officer, Posting
from canbao.kernel.taken import Outcome, Refusal
from canbao.people import officers

HERE, ELSEWHERE = "370199", "370198"
SINCE = clock.today()


@pytest.fixture
def actor(db: None) -> Iterator[Actor]:
    with county.inside(HERE):
        yield officers.system()


@operation
def count_up(actor: Actor, series: str, *, at: clock.Instant, quiet: bool = False) -> Outcome:
    serial = numbering.take(series)[0]
    if not quiet:
        audit.record(actor, "test.counted", [actor.id], at=at)
    return Outcome((actor.id,), made={"serial": serial})


@operation
def nested(actor: Actor, *, at: clock.Instant) -> Outcome:
    return count_up(actor, "inner", at=at)


def last(series: str) -> int:
    found = Counter.here.filter(series=series).values_list("last", flat=True).first()
    return found or 0


def test_what_is_not_recorded_is_undone(actor: Actor) -> None:
    count_up(actor, "seen", at=clock.now())
    count_up(actor, "unseen", at=clock.now(), quiet=True)

    assert (last("seen"), last("unseen")) == (1, 0)


def test_an_operation_calls_no_operation(actor: Actor) -> None:
    with pytest.raises(RuntimeError, match="count_up was called inside"):
        nested(actor, at=clock.now())


def test_a_key_gives_the_first_outcome_again(actor: Actor) -> None:
    first = count_up(actor, "keyed", at=clock.now(), key="one")
    again = count_up(actor, "keyed", at=clock.now(), key="one")
    other = count_up(actor, "keyed", at=clock.now(), key="two")

    assert [one.made["serial"] for one in (first, again, other)] == [1, 1, 2]


@pytest.mark.parametrize("act", ["update", "delete"])
def test_append_only_tables_refuse_change_and_deletion(actor: Actor, act: str) -> None:
    count_up(actor, "kept", at=clock.now())
    found = Audit.here.all()

    with pytest.raises(IntegrityError, match="append-only"):
        found.update(event="other") if act == "update" else found.delete()


def test_a_row_cannot_point_into_another_county(actor: Actor) -> None:
    [office] = rows.insert(
        Office, name="村", kind="village", region_code="1", insurances="{390}", from_on=SINCE
    )
    with county.inside(ELSEWHERE):
        [stranger] = rows.insert(Officer, login="x", name="外人")

    rows.insert(Posting, officer_id=stranger, office_id=office, role="village", from_on=SINCE)
    with pytest.raises(IntegrityError, match="posting_officer_id"):
        connection.check_constraints()


def test_every_tenant_table_has_its_county_in_its_keys(db: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.relname, pg_get_constraintdef(k.oid) FROM pg_constraint k "
            "JOIN pg_class c ON c.oid = k.conrelid "
            "JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'county' "
            "WHERE k.contype IN ('p', 'f', 'u') AND c.relname <> 'county'"
        )
        keys = cursor.fetchall()

    assert len(keys) > 50
    assert [key for key in keys if "county" not in key[1]] == []
    assert {text for _, text in keys if text.startswith("PRIMARY")} == {"PRIMARY KEY (id, county)"}


def test_ids_ascend_and_are_version_seven() -> None:
    made = new_ids(1000)

    assert made == sorted(made)
    assert {one.version for one in made} == {7}
    assert len(set(made)) == 1000


def test_texts_go_through_copy_unharmed(actor: Actor) -> None:
    names = ["a\tb", "c\nd", "e\\f", "\\N", "王㛃", ""]

    ids = rows.insert(Officer, login=[f"o{one}" for one in range(len(names))], name=names)

    stored = dict(Officer.here.filter(id__in=ids).values_list("id", "name"))
    assert [stored[one] for one in ids] == names


def test_insert_new_writes_only_what_is_free(actor: Actor) -> None:
    rows.insert(Officer, login=["b"], name="first")

    written = rows.insert_new(Officer, ["login"], login=["c", "a", "b"], name="second")

    assert len(written) == 2
    assert Officer.here.get(login="b").name == "first"


@jobs.part("test")
def part(
    actor: Actor, ids: list[UUID], details: object, *, at: clock.Instant, **how: object
) -> Outcome:
    return _set(actor, ids, at=at, **how)


@operation
def _set(actor: Actor, ids: list[UUID], *, at: clock.Instant) -> Outcome:
    audit.record(actor, "test.done", ids[1:], at=at)
    return Outcome(tuple(ids[1:]), {ids[0]: Refusal("busy")})


def test_a_job_answers_for_each_record_and_may_be_stopped(actor: Actor) -> None:
    ids = new_ids(1200)
    [job_id] = jobs.start(actor, "test", ids, {}, at=clock.now()).done

    jobs.stop(actor, job_id, at=clock.now())
    jobs.run(HERE, job_id)
    assert jobs.see(actor, job_id).handled == 0
    jobs.resume(actor, job_id, at=clock.now())
    jobs.run(HERE, job_id)
    jobs.run(HERE, job_id)

    done = jobs.see(actor, job_id)
    assert (done.state, done.done, done.refused) == ("done", 1197, 3)
    assert JobResult.here.filter(job_id=job_id).count() == 1200
    assert Job.here.filter(id=job_id).count() == 1
    assert {code for _, code, _ in jobs.refused_in(job_id)} == {"busy"}
    assert new_id() not in ids
