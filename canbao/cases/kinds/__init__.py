"""The kinds of cases. A kind is four things: flow (flows/), form (papers/forms/), checks, and what follows.

What the road does not know of a kind it asks here; each module of `KINDS` answers.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final, Protocol
from uuid import UUID

from canbao.cases.door import CaseRow
from canbao.cases.flow import Step
from canbao.cases.kinds import enrolment, refund
from canbao.kernel import clock
from canbao.kernel.actor import Actor
from canbao.kernel.taken import Taken


class Kind(Protocol):
    """What the road asks of a kind."""

    @property
    def KIND(self) -> str:  # noqa: N802 - a constant of the module
        """Its name in flows and cases."""

    @property
    def FIXED_AT(self) -> frozenset[str]:  # noqa: N802
        """Desks from which a case cannot be taken back."""

    def follow(
        self,
        actor: Actor,
        cases: Taken[CaseRow],
        steps: Mapping[UUID, Step],
        noted: Mapping[UUID, str],
        at: clock.Instant,
    ) -> None:
        """Do what follows from decisions; a case for which it cannot is refused and stays."""

    def withdrawn(self, actor: Actor, case_ids: Sequence[UUID], at: clock.Instant) -> None:
        """Do what follows when cases are taken back."""

    def reopened(self, actor: Actor, cases: Taken[CaseRow], at: clock.Instant) -> None:
        """Do what follows when a refusal is lifted; a case for which it cannot is refused and stays."""

    def told(self, step: Step) -> str:
        """The message that a decision sends, if it sends one."""


KINDS: Final[Mapping[str, Kind]] = {enrolment.KIND: enrolment, refund.KIND: refund}


def _of(cases: Taken[CaseRow]) -> list[tuple[Kind, list[UUID]]]:
    """The kinds among these cases, in their order, each with its own."""
    return [
        (kind, mine)
        for name, kind in KINDS.items()
        if (mine := [case.id for case in cases if case.kind == name])
    ]


def follow(
    actor: Actor,
    cases: Taken[CaseRow],
    steps: Mapping[UUID, Step | None],
    noted: Mapping[UUID, str],
    at: clock.Instant,
) -> None:
    """Do what follows from these decisions, each by its kind."""
    for kind, mine in _of(cases):
        known = {one: step for one in mine if (step := steps[one]) is not None}
        kind.follow(actor, cases, known, noted, at)


def withdrawn(actor: Actor, cases: Taken[CaseRow], at: clock.Instant) -> None:
    """Do what follows when these cases are taken back."""
    for kind, mine in _of(cases):
        kind.withdrawn(actor, mine, at)


def reopened(actor: Actor, cases: Taken[CaseRow], at: clock.Instant) -> None:
    """Do what follows when the refusal of these cases of one kind is lifted."""
    for kind, _mine in _of(cases):
        kind.reopened(actor, cases, at)


def may_withdraw(case: CaseRow) -> bool:
    """Whether a case may still be taken back where it stands."""
    return case.desk not in KINDS[case.kind].FIXED_AT


def told(case: CaseRow, step: Step) -> str:
    """The message that a decision about this case sends, if it sends one."""
    return KINDS[case.kind].told(step)
