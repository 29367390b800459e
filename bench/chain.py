"""The road of whole sets through the operations that the pages call, act by act, with its times."""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID, uuid4

from bench.county import Applicants, County
from canbao.cases import application, archive, bundle, flow, inspection, review
from canbao.cases.claim import Channel, Claim
from canbao.cases.flow import Verdict
from canbao.cases.inspection import Answer, Answers, Said, Typed
from canbao.cases.review import Choice
from canbao.kernel import clock, statements
from canbao.kernel.actor import Actor
from canbao.kernel.taken import Outcome


@dataclass(slots=True)
class Chain:
    """A run over the desks: seconds and statements by act."""

    county: County
    seconds: dict[str, float] = field(default_factory=lambda: defaultdict(float))
    statements: dict[str, int] = field(default_factory=dict)
    counting: bool = False

    def act(
        self, name: str, operation: Callable[..., Outcome], actor: Actor, *given: Any
    ) -> Outcome:
        """Do one act with a key, as a page does, and note its time."""
        started = time.perf_counter()
        if self.counting:
            with statements.seen() as seen:
                outcome = operation(actor, *given, at=clock.now(), key=str(uuid4()))
            self.statements[name] = len(seen)
        else:
            outcome = operation(actor, *given, at=clock.now(), key=str(uuid4()))
        self.seconds[name] += time.perf_counter() - started
        if outcome.refused:
            raise RuntimeError(f"{name}: {next(iter(outcome.refused.values()))}")
        return outcome

    @property
    def total(self) -> float:
        """Seconds of all acts."""
        return sum(self.seconds.values())

    def submit(self, applicants: Applicants, claims: Sequence[Claim]) -> list[UUID]:
        """Hand in a set."""
        outcome = self.act("submit", application.submit, applicants.by, claims, applicants.channel)
        return list(outcome.done)

    def inspect(
        self, actor: Actor, desk: str, ids: Sequence[UUID], claims: Sequence[Claim], version: int,
        channel: Channel,
    ) -> None:  # fmt: skip
        """Answer every item, type again where asked, pass."""
        route = flow.newest("enrolment", claims[0].insurance)
        self.answer(actor, desk, ids, claims, version, channel)
        if desk == "township" and route.needs_second_entry(channel):
            typed = {
                one.id: Typed(version, one.identity.name, one.identity.kind, one.identity.number)
                for one in claims
            }
            self.act(f"{desk} types again", inspection.type_again, actor, typed)
        passed = {one: Choice(version, Verdict.PASS) for one in ids}
        self.act(f"{desk} passes", review.decide, actor, passed)

    def answer(
        self, actor: Actor, desk: str, ids: Sequence[UUID], claims: Sequence[Claim], version: int,
        channel: Channel,
    ) -> None:  # fmt: skip
        """Say yes to every item of a desk."""
        route = flow.newest("enrolment", claims[0].insurance)
        asks = route.desks[desk].asked(on_paper=channel is not Channel.PHONE, family_form=False)
        said = dict.fromkeys(asks, Said(Answer.YES))
        answers = {one: Answers(version, said) for one in ids}
        self.act(f"{desk} answers", inspection.answer, actor, answers)

    def hand_on(
        self, sender: Actor, receiver: Actor, ids: Sequence[UUID], version: int, desk: str
    ) -> None:
        """Report a bundle and count it in."""
        sheets = sum(bundle.sheet_counts(ids).values())
        chosen = dict.fromkeys(ids, version)
        outcome = self.act(f"{desk} reports", bundle.report, sender, chosen, sheets)
        bundle_id = UUID(outcome.made["bundle"])
        self.act(f"{desk} bundle received", bundle.receive, receiver, bundle_id, bundle.Received())

    def walk(self, applicants: Applicants, claims: Sequence[Claim]) -> list[UUID]:
        """A set from its application to the archive; every act raises the version by one."""
        ids = self.submit(applicants, claims)
        county, channel = self.county, applicants.channel
        self.inspect(county.village, "village", ids, claims, 1, channel)
        self.hand_on(county.village, county.township, ids, 2, "village")
        self.inspect(county.township, "township", ids, claims, 4, channel)
        self.hand_on(county.township, county.county, ids, 5, "township")
        self.inspect(county.county, "county", ids, claims, 7, channel)
        self.act("file", archive.file, county.county, dict.fromkeys(ids, 8))
        return ids


def statements_by_size(
    county: County, applicants: Applicants, sizes: Sequence[int] = (1, 30, 500)
) -> Mapping[str, list[int]]:
    """Statements of each act for sets of these sizes, in their order."""
    found: dict[str, list[int]] = defaultdict(list)
    for size in sizes:
        chain = Chain(county, counting=True)
        chain.walk(applicants, applicants.next(size))
        for name, count in chain.statements.items():
            found[name].append(count)
    return found
