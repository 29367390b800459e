"""Races with one process a client on a real PostgreSQL: what must happen once happens once."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest

from canbao.cases import application, sets
from canbao.cases.claim import Claim
from canbao.cases.tables import Bundle, BundleItem, Case, Decision
from canbao.kernel import clock, county, jobs
from canbao.kernel.ids import new_id
from canbao.papers.tables import Mark
from canbao.people import officers, register
from canbao.people.codes import Sex
from canbao.people.numbers import Kind
from canbao.people.register_file import RegisterRow, Standing
from canbao.people.tables import IdentityDocument, Person
from tests import small as cast
from tests.small import Small

ROOT = Path(__file__).resolve().parents[2]
pytestmark = pytest.mark.both_databases


class Clerk:
    """A client in a process of its own."""

    def __init__(self, login: str) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.concurrency.clerk", login],
            cwd=ROOT,
            env={**os.environ, "DJANGO_SETTINGS_MODULE": "canbao.settings"},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def ready(self) -> Clerk:
        assert self.process.stdout is not None
        assert self.process.stdout.readline().strip() == "ready"
        return self

    def tell(self, **act: Any) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write(json.dumps(act, default=str) + "\n")
        self.process.stdin.flush()

    def answer(self) -> dict[str, Any]:
        out, _ = self.process.communicate(timeout=60)
        assert self.process.returncode == 0
        found: dict[str, Any] = json.loads(out.strip().splitlines()[-1])
        return found

    def kill(self) -> None:
        self.process.kill()
        self.process.communicate()


def race(acts: Sequence[tuple[str, dict[str, Any]]]) -> list[dict[str, Any]]:
    """Let all act at once, when all are ready."""
    clerks = [Clerk(login) for login, _ in acts]
    for clerk in clerks:
        clerk.ready()
    for clerk, (_, act) in zip(clerks, acts, strict=True):
        clerk.tell(**act)
    return [clerk.answer() for clerk in clerks]


@pytest.fixture
def small(own_database: str) -> Iterator[Small]:
    with county.inside(cast.COUNTY):
        yield cast.found()


def now() -> str:
    return clock.now().isoformat()


def codes(answers: Sequence[dict[str, Any]]) -> list[str]:
    return [code for one in answers for code, _ in one.get("refused", {}).values()]


def test_eight_clerks_enter_one_person_once(small: Small) -> None:
    answers = race([("chen", {"act": "submit", "serials": [1], "at": now()}) for _ in range(8)])

    assert sum(len(one["done"]) for one in answers) == 1
    assert codes(answers) == ["already_open"] * 7
    assert (Case.here.count(), Person.here.count(), IdentityDocument.here.count()) == (1, 1, 1)


def test_of_eight_applications_of_a_known_person_one_is_taken_and_seven_are_told_why(
    small: Small,
) -> None:
    [first] = cast.submit(small.chen, [cast.claim(7)])
    assert application.withdraw(small.chen, {first: 1}, at=clock.now()).done

    answers = race(
        [
            ("chen", {"act": "submit", "serials": [7, *range(20 * one, 20 * one + 4)], "at": now()})
            for one in range(1, 9)
        ]
    )

    # The lock on the person decides: a constraint would have turned the whole stack of the seven away.
    assert sorted(len(one["done"]) for one in answers) == [4] * 7 + [5]
    assert codes(answers) == ["already_open"] * 7
    assert Case.here.filter(is_open=True).count() == 33


def test_two_clerks_with_one_stack_in_opposite_order_do_not_lock_each_other(small: Small) -> None:
    serials = list(range(60))
    answers = race(
        [
            ("chen", {"act": "submit", "serials": serials, "at": now()}),
            ("chen", {"act": "submit", "serials": serials[::-1], "at": now()}),
        ]
    )

    assert sum(len(one["done"]) for one in answers) == 60
    assert Case.here.count() == 60


def test_one_key_sent_by_four_at_once_acts_once(small: Small) -> None:
    act = {
        "act": "submit",
        "serials": [1],
        "ids": [str(new_id())],
        "at": now(),
        "key": str(uuid4()),
    }

    answers = race([("chen", act)] * 4)

    assert sorted(one["again"] for one in answers) == [False, True, True, True]
    assert len({json.dumps(one["made"]) for one in answers}) == 1
    assert Case.here.count() == 1


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


def passing(small: Small, count: int, start: int = 0) -> list[tuple[str, int]]:
    """Cases of the village with every item answered, and their versions."""
    claims = [cast.claim(serial) for serial in range(start, start + count)]
    _register(claims)
    ids = cast.submit(small.chen, claims)
    cast.answer_all(small.chen, ids)
    return [(str(one), version) for one, version in cast.versions(small.chen, ids).items()]


def test_eight_decisions_on_one_case_are_one(small: Small) -> None:
    chosen = passing(small, 1)

    answers = race([("chen", {"act": "decide", "chosen": chosen}) for _ in range(8)])

    assert sum(len(one["done"]) for one in answers) == 1
    assert set(codes(answers)) <= {"busy", "moved_since", "not_being_checked"}
    assert Decision.here.count() == 1
    assert Mark.here.filter(box="village").count() == 2


def test_two_officers_on_the_same_cases_in_opposite_order_decide_each_once(small: Small) -> None:
    chosen = passing(small, 200)

    answers = race(
        [
            ("chen", {"act": "decide", "chosen": chosen}),
            ("chen", {"act": "decide", "chosen": chosen[::-1]}),
        ]
    )

    done = [case for one in answers for case in one["done"]]
    assert len(done) == len(set(done)) == Decision.here.count()
    assert (
        len(done) + len(set(codes(answers)) & {"busy", "moved_since", "not_being_checked"}) >= 200
    )


def test_a_withdrawal_and_a_decision_do_not_both_happen(small: Small) -> None:
    chosen = passing(small, 1)

    answers = race(
        [
            ("chen", {"act": "withdraw", "chosen": chosen}),
            ("chen", {"act": "decide", "chosen": chosen}),
        ]
    )

    assert sum(len(one["done"]) for one in answers) == 1
    row = Case.here.get()
    assert (row.status == "withdrawn") == (Decision.here.count() == 0)


def until(holds: Callable[[], bool], what: str) -> None:
    """Wait for something that other processes bring about."""
    ends = time.monotonic() + 60
    while not holds():
        assert time.monotonic() < ends, f"never came: {what}"
        time.sleep(0.02)


def others(url: str, condition: str) -> int:
    """How many other connections to this database are in this condition."""
    with psycopg.connect(url) as watch:
        found = watch.execute(
            b"SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() "
            b"AND pid <> pg_backend_pid() AND backend_type = 'client backend' AND "
            + condition.encode()
        ).fetchone()
        assert found is not None
        return int(found[0])


def test_a_client_killed_amid_a_bundle_of_500_leaves_nothing_of_it(
    small: Small, own_database: str
) -> None:
    [first] = [UUID(one) for one, _ in passing(small, 1, start=900)]
    cast.decide(small.chen, [first])
    cast.hand_on(small.chen, small.meng, [first])
    ids = [UUID(one) for one, _ in passing(small, 500)]
    assert not cast.decide(small.chen, ids).refused
    chosen = [(str(one), version) for one, version in cast.versions(small.chen, ids).items()]
    act = {"act": "report", "chosen": chosen, "key": "a bundle of 500"}

    # The bundle's number is taken near the end: whoever holds its counter stops the act in the middle.
    with psycopg.connect(own_database) as holder:
        holder.execute("SELECT last FROM counter WHERE series LIKE 'bundle/%' FOR UPDATE")
        client = Clerk("chen").ready()
        client.tell(**act)
        until(lambda: others(own_database, "wait_event_type = 'Lock'") == 1, "its middle")
        client.kill()
    until(
        lambda: others(own_database, "state LIKE 'idle in%' OR wait_event_type = 'Lock'") == 0,
        "its end",
    )
    assert {row.status for row in cast.rows(small.chen, ids).values()} == {"ready"}
    assert (Bundle.here.count(), BundleItem.here.count()) == (1, 1)

    [answer] = race([("chen", act)])

    assert (len(answer["done"]), answer["again"]) == (500, False)
    assert (Bundle.here.count(), BundleItem.here.count()) == (2, 501)


def test_a_client_killed_amid_a_set_leaves_all_or_nothing(small: Small) -> None:
    chosen = passing(small, 300)
    clerk = Clerk("chen").ready()
    clerk.tell(act="decide", chosen=chosen)
    time.sleep(0.15)
    clerk.kill()

    deadline = time.monotonic() + 20
    while Case.here.filter(status="ready").count() not in {0, 300} and time.monotonic() < deadline:
        time.sleep(0.1)
    passed = Case.here.filter(status="ready").count()
    assert passed in {0, 300}
    assert Decision.here.count() == passed
    assert Mark.here.filter(box="village").count() == 2 * passed


def test_a_worker_killed_amid_a_job_is_followed_by_one_that_goes_on(
    small: Small, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(jobs, "LARGEST_SET", 40)
    chosen = passing(small, 200)
    ids = [one for one, _ in chosen]
    row = jobs.start(
        small.chen,
        "pass",
        [UUID(one) for one in ids],
        {"versions": dict(chosen)},
        at=clock.now(),
    )
    [job_id] = row.done
    worker = Clerk("chen").ready()
    worker.tell(act="job", job=job_id)
    deadline = time.monotonic() + 20
    while jobs.see(small.chen, job_id).handled == 0 and time.monotonic() < deadline:
        time.sleep(0.02)
    worker.kill()

    jobs.run(cast.COUNTY, job_id)

    done = jobs.see(small.chen, job_id)
    assert (done.state, done.done, done.refused) == ("done", 200, 0)
    assert Decision.here.count() == 200
    assert Mark.here.filter(box="village").count() == 400
    assert sets.pass_on is jobs.PARTS["pass"]
