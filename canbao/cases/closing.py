"""The closing act over a bundle: for each case its verdict and reasons, from what was answered about it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final
from uuid import UUID

from django.db.models import Exists, OuterRef

from canbao.cases import door, flow, inspection, pages, review
from canbao.cases.door import CaseRow
from canbao.cases.flow import Status, Verdict
from canbao.cases.review import Choice, Chosen, Reason
from canbao.cases.tables import Check
from canbao.kernel import clock, jobs
from canbao.kernel.actor import Actor
from canbao.kernel.taken import Outcome

# What a no to an item says when the case goes back: reason, and the field or paper it is about.
FROM_NO: Final[Mapping[str, tuple[str, str]]] = {
    "form_complete": ("field_empty", ""),
    "identity_agrees": ("number_differs", "number"),
    "applicant_signed": ("not_signed", "signature"),
    "originals_seen": ("paper_missing", ""),
    "papers_attached": ("paper_missing", ""),
    "photo_is_person": ("paper_wrong", "photo"),
    "ink_copy_1": ("not_signed", "signature"),
    "ink_copy_2": ("not_signed", "signature"),
    "family_form_complete": ("field_empty", "family_relations"),
    "village_marks": ("mark_missing", ""),
    "materials_complete": ("paper_missing", ""),
    "eligible_confirmed": ("not_eligible", ""),
    "entry_confirmed": ("field_wrong", ""),
    "township_marks": ("mark_missing", ""),
}
TO_VILLAGE: Final = frozenset({"village_marks"})
TO_TOWNSHIP: Final = frozenset({"township_marks", "entry_confirmed"})


@dataclass(frozen=True, slots=True)
class Proposal:
    """What the answers about a case come to: pass, return with reasons, or nothing yet."""

    case: CaseRow
    verdict: Verdict | None
    reasons: Sequence[Reason]
    item: str
    open_items: Sequence[str]


def waiting(actor: Actor, bundle_id: UUID | None = None) -> list[CaseRow]:
    """The cases of a bundle that stand open at the actor's desk, households together.

    Without a bundle: those of all bundles of which anything was answered in this round.
    """
    found = door.visible(actor).filter(
        desk=str(actor.role), status__in=[Status.CHECKING, Status.RETURNED]
    )
    if bundle_id is not None:
        found = found.filter(bundle_id=bundle_id)
    else:
        said = Check.here.filter(
            case_id=OuterRef("id"), round=OuterRef("round"), desk=str(actor.role),
            source=inspection.OFFICER,
        )  # fmt: skip
        found = found.filter(Exists(said))
    ordered = found.order_by("village", "household_number", "number")
    return door.rows_of(ordered[: jobs.LARGEST_JOB])


def proposals(actor: Actor, bundle_id: UUID | None = None) -> list[Proposal]:
    """What each open case of a bundle, or of the desk, comes to by its answers; five statements."""
    return of(waiting(actor, bundle_id))


def of(cases: Sequence[CaseRow]) -> list[Proposal]:
    """What these cases come to by their answers; four statements."""
    answers = pages.answered([case.id for case in cases])
    missing = inspection.open_items(cases) if cases else {}
    found = []
    for case in cases:
        wrong = {
            item: note
            for item, (verdict, note) in answers[case.id].items()
            if verdict == inspection.Answer.NO
        }
        still = [item for item in missing[case.id] if item not in wrong]
        if wrong:
            reasons = [
                Reason(*FROM_NO.get(item, ("other", "")), note) for item, note in wrong.items()
            ]
            found.append(Proposal(case, Verdict.RETURN, reasons, next(iter(wrong)), still))
        elif still:
            found.append(Proposal(case, None, (), "", still))
        else:
            found.append(Proposal(case, Verdict.PASS, (), "", ()))
    return found


def back_to(proposal: Proposal) -> str:
    """Where a case of this proposal goes back to, unless the officer says otherwise."""
    desk = flow.load(proposal.case.flow).desks[proposal.case.desk]
    for items, place in ((TO_VILLAGE, "village"), (TO_TOWNSHIP, "township")):
        if proposal.item in items and place in desk.returns_to:
            return place
    return desk.returns_to[0]


def choices(found: Sequence[Proposal], to: Mapping[str, str]) -> Chosen:
    """The act: every case at the version read, each with its own verdict; `to` maps items to desks.

    A case that is not answered yet is asked to pass, so that it stays and its result says what is open.
    """
    return {
        one.case.id: Choice(
            one.case.version,
            one.verdict or Verdict.PASS,
            tuple(one.reasons),
            (to.get(one.item) or back_to(one)) if one.verdict is Verdict.RETURN else "",
        )
        for one in found
    }


@jobs.part("close")
def close(
    actor: Actor, ids: Sequence[UUID], details: Mapping[str, Any], *, at: clock.Instant, key: str,
    job: Callable[[Outcome], None],
) -> Outcome:  # fmt: skip
    """Close one set of a larger act: each case by its own answers, at the version that was seen."""
    known = choices(of(door.rows_of(door.visible(actor).filter(id__in=list(ids)))), details["to"])
    chosen = {}
    for one in ids:
        version = int(details["versions"][str(one)])
        choice = known.get(one)
        chosen[one] = replace(choice, version=version) if choice else Choice(version, Verdict.PASS)
    return review.decide(actor, chosen, at=at, key=key, job=job)
