"""What a rule says of one item of a case, of whatever kind."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple
from uuid import UUID

from canbao.cases import flow
from canbao.cases.tables import Check
from canbao.kernel import clock, rows

AGREES: Final = "agrees"
DIFFERS: Final = "differs"
MISSING: Final = "missing"
UNSURE: Final = "unsure"


class Finding(NamedTuple):
    """What a rule found, with both values it compared."""

    item: str
    verdict: str
    given: str
    found: str
    rule: str = ""


def doubts(findings: Sequence[Finding]) -> int:
    """How many of these do not simply agree."""
    return sum(one.verdict != AGREES for one in findings)


def write(
    findings: Mapping[UUID, Sequence[Finding]], rounds: Mapping[UUID, int], at: clock.Instant
) -> None:
    """Keep what the rules found by case, each in its round (the first where none is named); one statement."""
    found = [(case, one) for case, theirs in findings.items() for one in theirs]
    rows.insert(
        Check,
        case_id=[case for case, _ in found],
        round=[rounds.get(case, 1) for case, _ in found],
        desk=flow.APPLICANT,
        item=[one.item for _, one in found],
        verdict=[one.verdict for _, one in found],
        given=[one.given for _, one in found],
        found=[one.found for _, one in found],
        source=[one.rule or f"rule {one.item}" for _, one in found],
        recorded_at=at,
    )
