"""Acts on thousands of cases: the parts of jobs, each doing one set."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any
from uuid import UUID

from canbao.cases import archive, bundle, review
from canbao.cases.flow import Verdict
from canbao.cases.review import Choice
from canbao.cases.tables import Case
from canbao.kernel import clock, jobs
from canbao.kernel.actor import Actor
from canbao.kernel.taken import Outcome


def _versions(ids: Sequence[UUID], details: Mapping[str, Any]) -> dict[UUID, int]:
    """The versions that were seen when the job was asked for; a case that moved since is refused."""
    return {one: int(details["versions"][str(one)]) for one in ids}


@jobs.part("pass")
def pass_on(
    actor: Actor, ids: Sequence[UUID], details: Mapping[str, Any], *, at: clock.Instant, key: str,
    job: Callable[[Outcome], None],
) -> Outcome:  # fmt: skip
    """Pass one set at the desk where it stands."""
    chosen = {
        one: Choice(version, Verdict.PASS) for one, version in _versions(ids, details).items()
    }
    return review.decide(actor, chosen, at=at, key=key, job=job)


@jobs.part("report")
def report(
    actor: Actor, ids: Sequence[UUID], details: Mapping[str, Any], *, at: clock.Instant, key: str,
    job: Callable[[Outcome], None],
) -> Outcome:  # fmt: skip
    """Report one set as one bundle; the sheets were counted for the whole and agree set by set."""
    sheets = sum(bundle.sheet_counts(ids).values())
    return bundle.report(actor, _versions(ids, details), sheets, at=at, key=key, job=job)


@jobs.part("file")
def file(
    actor: Actor, ids: Sequence[UUID], details: Mapping[str, Any], *, at: clock.Instant, key: str,
    job: Callable[[Outcome], None],
) -> Outcome:  # fmt: skip
    """File one set in the archive."""
    return archive.file(actor, _versions(ids, details), at=at, key=key, job=job)


def versions(ids: Sequence[UUID]) -> dict[str, int]:
    """The versions of cases now, as a job keeps them."""
    return {
        str(one): version
        for one, version in Case.here.filter(id__in=ids).values_list("id", "version")
    }
