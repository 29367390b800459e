"""The one place that opens a transaction: take, may, still true, change, record, tell.

An operation is undone when it raised, or when nothing was recorded. With a key, doing it twice does it
once: the second call gets the first outcome, also when the first one's answer was lost on the way.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any, Final

import psycopg.errors
from django.db import (
    IntegrityError,
    OperationalError,
    close_old_connections,
    connection,
    transaction,
)

from canbao.kernel import canonical, clock, county, rows, running
from canbao.kernel.actor import Actor
from canbao.kernel.outcomes import FormKey
from canbao.kernel.refusal import Refused
from canbao.kernel.tables import Request
from canbao.kernel.taken import Outcome

LARGEST_SET: Final = 500
_TRIES: Final = 4

# What the database says when a fact that must never be false would become false.
CONSTRAINTS: Final[dict[str, str]] = {}


class _NothingDone(Exception):
    def __init__(self, outcome: Outcome) -> None:
        self.outcome = outcome


def operation(function: Callable[..., Outcome]) -> Callable[..., Outcome]:
    """Make a function an operation. Callers pass `at`, and `key` wherever the act may be repeated."""

    @wraps(function)
    def run(actor: Actor, *args: Any, **kwargs: Any) -> Outcome:
        key = kwargs.pop("key", None)
        job = kwargs.pop("job", None)
        name = f"{function.__module__.removeprefix('canbao.')}.{function.__name__}"
        digest = (
            canonical.sha256([args, {k: v for k, v in kwargs.items() if k != "at"}]) if key else ""
        )
        for attempt in range(1, _TRIES + 1):
            try:
                with county.inside(actor.county):
                    return _once(function, actor, args, kwargs, _act(name, key, digest, job))
            except _NothingDone as nothing:
                return nothing.outcome
            except IntegrityError as fault:
                raise _translated(fault) from fault
            except OperationalError as fault:
                if attempt == _TRIES or not _repeatable(fault, has_key=bool(key)):
                    raise
                close_old_connections()
                time.sleep(0.02 * attempt)
        raise AssertionError("unreachable")

    return run


@dataclass(frozen=True, slots=True)
class _Act:
    name: str
    key: str
    digest: str
    job: Callable[[Outcome], None] | None
    form: str


def _act(name: str, key: object, digest: str, job: Callable[[Outcome], None] | None) -> _Act:
    form = key.form_sha256 if isinstance(key, FormKey) else ""
    return _Act(name, str(key or ""), digest, job, form)


def _once(
    function: Callable[..., Outcome], actor: Actor, args: Any, kwargs: Any, act: _Act
) -> Outcome:
    with running.one(act.name) as run, transaction.atomic(durable=True):
        if act.key:
            first = _claim(actor, act, kwargs["at"])
            if first is not None:
                return first
        outcome = function(actor, *args, **kwargs)
        if act.job is not None:
            # A set of a job: how far it has come commits with what was done, also when all was refused.
            act.job(outcome)
        elif not run.recorded:
            raise _NothingDone(outcome)
        if act.key:
            Request.here.filter(key=act.key).update(outcome=canonical.text(outcome.to_json()))
        return outcome


def _claim(actor: Actor, act: _Act, at: clock.Instant) -> Outcome | None:
    written = rows.insert_new(
        Request,
        ["key"],
        key=act.key,
        actor_id=actor.id,
        operation=act.name,
        input_sha256=act.digest,
        form_sha256=act.form,
        at=at,
    )
    if written:
        return None
    kept = Request.here.get(key=act.key)
    if (kept.operation, kept.input_sha256, kept.actor_id) != (act.name, act.digest, actor.id):
        raise Refused("key_used_for_other_input")
    return Outcome.from_json(json.loads(kept.outcome))


def _repeatable(fault: OperationalError, *, has_key: bool) -> bool:
    cause = fault.__cause__
    if isinstance(cause, psycopg.errors.DeadlockDetected | psycopg.errors.SerializationFailure):
        return True
    # The connection broke: the commit may or may not have happened, and only a key tells.
    return has_key and (connection.connection is None or connection.connection.closed)


def _translated(fault: IntegrityError) -> Exception:
    cause = fault.__cause__
    name = getattr(getattr(cause, "diag", None), "constraint_name", None) or ""
    code = CONSTRAINTS.get(name)
    return Refused(code) if code else fault
