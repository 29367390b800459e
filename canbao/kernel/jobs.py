"""Acts on more records than one transaction holds: sets of 500, each committing with its progress."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.db import close_old_connections
from procrastinate.contrib.django import app

from canbao.kernel import audit, canonical, clock, county, rows
from canbao.kernel.actor import Actor, Role
from canbao.kernel.operation import LARGEST_SET, operation
from canbao.kernel.refusal import Refused
from canbao.kernel.tables import Job, JobResult
from canbao.kernel.taken import Outcome

LARGEST_JOB: Final = 20_000
Part = Callable[..., Outcome]
PARTS: Final[dict[str, Part]] = {}


class State:
    """Where a job is."""

    WAITING: Final = "waiting"
    RUNNING: Final = "running"
    STOPPED: Final = "stopped"
    DONE: Final = "done"
    FAILED: Final = "failed"


@dataclass(frozen=True, slots=True)
class JobRow:
    """A job as its progress page shows it."""

    id: UUID
    operation: str
    total: int
    done: int
    refused: int
    state: str
    made: str
    fault: str
    at: datetime

    @property
    def handled(self) -> int:
        """Records dealt with, whatever became of them."""
        return self.done + self.refused


def part(name: str) -> Callable[[Part], Part]:
    """Name a function that does one set of a job: `(actor, ids, details, at=, key=, job=) -> Outcome`."""

    def register(function: Part) -> Part:
        PARTS[name] = function
        return function

    return register


def kept(actor: Actor) -> str:
    """An actor as a job keeps who started it."""
    return canonical.text(asdict(actor))


def actor_of(text: str) -> Actor:
    """Who started a job."""
    raw: dict[str, Any] = json.loads(text)
    for name in ("id", "office_id", "posting_id", "person_id", "stands_in_for"):
        raw[name] = UUID(raw[name]) if raw[name] else None
    villages = raw["villages"]
    raw["villages"] = None if villages is None else frozenset(villages)
    raw["insurances"] = frozenset(raw["insurances"])
    raw["households"] = frozenset(tuple(one) for one in raw["households"])
    raw["behalf"] = None
    return Actor(**{**raw, "role": Role(raw["role"])})


@operation
def start(
    actor: Actor, name: str, ids: Sequence[UUID], details: Mapping[str, Any], *, at: clock.Instant
) -> Outcome:
    """Store a job and queue it; it begins when this commits. Refuses `set_too_large` over 20,000."""
    if len(ids) > LARGEST_JOB:
        raise Refused("set_too_large", largest=LARGEST_JOB)
    if name not in PARTS:
        raise ValueError(f"no part {name!r}")
    job_id = rows.insert(
        Job, operation=name, input=canonical.text({"ids": list(ids), "details": details}),
        actor=kept(actor), at=at, total=len(ids),
    )[0]  # fmt: skip
    audit.record(
        actor, "job.started", [job_id], at=at, kind="job", facts={"part": name, "total": len(ids)}
    )
    queue(job_id)
    return Outcome((job_id,))


def queue(job_id: UUID) -> None:
    """Put a job into the queue of the worker."""
    advance.defer(county=county.current(), job_id=str(job_id))


def see(actor: Actor, job_id: UUID) -> JobRow:
    """A job of this actor. Refuses `not_found`."""
    row = Job.here.filter(id=job_id).first()
    if row is None or actor_of(row.actor).id != actor.id:
        raise Refused("not_found")
    return JobRow(
        row.id,
        row.operation,
        row.total,
        row.done,
        row.refused,
        row.state,
        row.made,
        row.fault,
        row.at,
    )


def refused_in(job_id: UUID, limit: int = 1000) -> list[tuple[UUID, str, str]]:
    """(record, code, facts) of those that were not acted on."""
    found = JobResult.here.filter(job_id=job_id).exclude(code="").order_by("code", "id")
    return list(found.values_list("subject_id", "code", "facts")[:limit])


@operation
def stop(actor: Actor, job_id: UUID, *, at: clock.Instant) -> Outcome:
    """Stop a job after the set it is at; what is done stays done."""
    changed = Job.here.filter(id=job_id, state__in=[State.WAITING, State.RUNNING]).update(
        state=State.STOPPED
    )
    if not changed:
        raise Refused("not_found")
    audit.record(actor, "job.stopped", [job_id], at=at, kind="job")
    return Outcome((job_id,))


@operation
def resume(actor: Actor, job_id: UUID, *, at: clock.Instant) -> Outcome:
    """Let a stopped or failed job go on where it was."""
    changed = Job.here.filter(id=job_id, state__in=[State.STOPPED, State.FAILED]).update(
        state=State.WAITING, fault=""
    )
    if not changed:
        raise Refused("not_found")
    audit.record(actor, "job.resumed", [job_id], at=at, kind="job")
    queue(job_id)
    return Outcome((job_id,))


@app.task(name="canbao.job", queue="jobs", retry=5)
def advance(county: str, job_id: str) -> None:
    """Do the sets of a job that are not done yet; killed in between, it goes on where it was."""
    close_old_connections()
    run(county, UUID(job_id))


def run(place: str, job_id: UUID) -> None:
    """Do what is left of a job, set by set, each in one transaction with its progress."""
    with county.inside(place):
        while True:
            row = Job.here.filter(id=job_id).first()
            if row is None or row.state in {State.STOPPED, State.DONE}:
                return
            given = json.loads(row.input)
            handled = row.done + row.refused
            ids = [UUID(one) for one in given["ids"][handled : handled + LARGEST_SET]]
            if not ids:
                Job.here.filter(id=job_id).update(state=State.DONE)
                return
            actor = actor_of(row.actor)
            try:
                PARTS[row.operation](
                    actor, ids, given["details"], at=row.at, key=f"job/{job_id}/{handled}",
                    job=_progress(job_id, len(ids)),
                )  # fmt: skip
            except Refused as refused:
                Job.here.filter(id=job_id).update(state=State.FAILED, fault=refused.code)
                return


def _progress(job_id: UUID, size: int) -> Callable[[Outcome], None]:
    def note(outcome: Outcome) -> None:
        held = Job.here.select_for_update(no_key=True).get(id=job_id)
        rows.insert(
            JobResult,
            job_id=job_id,
            subject_id=[*outcome.done, *outcome.refused],
            code=[""] * len(outcome.done) + [one.code for one in outcome.refused.values()],
            facts=["{}"] * len(outcome.done)
            + [canonical.text(one.facts) for one in outcome.refused.values()],
        )
        made = json.loads(held.made)
        for name, value in outcome.made.items():
            made.setdefault(name, []).append(value)
        done = held.done + len(outcome.done)
        if len(outcome.done) + len(outcome.refused) != size:
            raise AssertionError("a set answers for each of its records")
        state = held.state if held.state == State.STOPPED else State.RUNNING
        Job.here.filter(id=job_id).update(
            done=done,
            refused=held.refused + len(outcome.refused),
            made=canonical.text(made),
            state=state,
        )

    return note
