"""Walks cases over the desks as officers do: the same operations, in sets, each act done once by its key."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

from canbao.cases import application, archive, bundle, inspection, queries, review
from canbao.cases.claim import Channel, Claim
from canbao.cases.door import CaseRow
from canbao.cases.flow import Verdict
from canbao.cases.inspection import Answer, Answers, Said, Typed
from canbao.cases.review import Choice, Reason
from canbao.kernel import clock, outcomes
from canbao.kernel.actor import Actor
from canbao.kernel.taken import Outcome


class Unexpected(RuntimeError):
    """A made case was refused where it had to go through; the made county and the rules disagree."""


def once(
    act: Callable[..., Outcome], actor: Actor, *given: Any, at: clock.Instant, key: str
) -> Outcome:
    """Do an act, or find what it did: a made county that was stopped half-way goes on where it was."""
    known = outcomes.kept(actor, key)
    if known is not None:
        return known.outcome
    made = [one() if callable(one) else one for one in given]
    return act(actor, *made, at=at, key=key)


def whole(outcome: Outcome, key: str) -> Outcome:
    """What an act did. Raises `Unexpected` where it refused some."""
    if outcome.refused:
        raise Unexpected(f"{key}: {next(iter(outcome.refused.values()))}")
    return outcome


def rows_of(actor: Actor, ids: Iterable[UUID]) -> list[CaseRow]:
    """The cases as the actor sees them now."""
    return queries.cases_of(actor, list(ids))


def versions(actor: Actor, ids: Iterable[UUID]) -> dict[UUID, int]:
    """The versions the actor sees."""
    return {row.id: row.version for row in rows_of(actor, ids)}


def submit(
    actor: Actor, claims: Sequence[Claim], channel: Channel, *, at: clock.Instant, key: str
) -> list[UUID]:
    """Hand applications in."""
    outcome = once(application.submit, actor, claims, channel, at=at, key=key)
    return list(whole(outcome, key).done)


def answer(
    actor: Actor, ids: Collection[UUID], *, at: clock.Instant, key: str,
    leave: Collection[str] = (), wrong: Mapping[str, str] | None = None,
) -> None:  # fmt: skip
    """Say yes to every item of the desk but those left open and those that are wrong (item: note)."""

    def said() -> dict[UUID, Answers]:
        return {
            row.id: Answers(
                row.version,
                {
                    item: Said(Answer.NO, wrong[item])
                    if wrong and item in wrong
                    else Said(Answer.YES)
                    for item in inspection.asked(row)
                    if item not in leave
                },
            )
            for row in rows_of(actor, ids)
        }

    whole(once(inspection.answer, actor, said, at=at, key=key), key)


def type_again(
    actor: Actor,
    claims: Mapping[UUID, Claim],
    ids: Collection[UUID],
    *,
    at: clock.Instant,
    key: str,
) -> None:
    """Type name and number a second time wherever the flow asks for it."""

    def typed() -> dict[UUID, Typed]:
        return {
            row.id: Typed(row.version, who.name, who.kind, who.number)
            for row in rows_of(actor, ids)
            for who in (claims[row.id].identity,)
            if inspection.needs_second_entry(row)
        }

    if typed():
        whole(once(inspection.type_again, actor, typed, at=at, key=key), key)


def decide(
    actor: Actor, ids: Collection[UUID], *, at: clock.Instant, key: str,
    verdict: Verdict = Verdict.PASS, reasons: Sequence[Reason] = (), to: str = "",
) -> None:  # fmt: skip
    """Decide all alike."""

    def chosen() -> dict[UUID, Choice]:
        seen = versions(actor, ids)
        return {one: Choice(version, verdict, reasons, to) for one, version in seen.items()}

    whole(once(review.decide, actor, chosen, at=at, key=key), key)


def report(actor: Actor, ids: Collection[UUID], *, at: clock.Instant, key: str) -> UUID:
    """Report what passed as one bundle, counted rightly."""
    outcome = once(
        bundle.report,
        actor,
        lambda: versions(actor, ids),
        lambda: sum(bundle.sheet_counts(list(ids)).values()),
        at=at,
        key=key,
    )
    return UUID(whole(outcome, key).made["bundle"])


def receive(
    actor: Actor, bundle_id: UUID, *, at: clock.Instant, key: str,
    missing: Mapping[UUID, str] | None = None,
) -> None:  # fmt: skip
    """Count a bundle in; cases whose sheets are missing go back to wait."""
    received = bundle.Received(missing=missing or {})
    once(bundle.receive, actor, bundle_id, received, at=at, key=key)


def file(actor: Actor, ids: Collection[UUID], *, at: clock.Instant, key: str) -> None:
    """File what was approved."""
    whole(once(archive.file, actor, lambda: versions(actor, ids), at=at, key=key), key)


def withdraw(actor: Actor, ids: Collection[UUID], *, at: clock.Instant, key: str) -> None:
    """Take applications back."""
    whole(once(application.withdraw, actor, lambda: versions(actor, ids), at=at, key=key), key)
