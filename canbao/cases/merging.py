"""Two rows of one person become one: proposed by one officer of the county, confirmed by another, undone likewise."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Sequence
from typing import Final
from uuid import UUID

from django.db.models import F

from canbao.cases import door
from canbao.cases.tables import Case
from canbao.insured import merged as of_insured
from canbao.insured import queries as insured
from canbao.kernel import audit, canonical, clock, rows
from canbao.kernel.actor import Actor, Role
from canbao.kernel.operation import CONSTRAINTS, operation
from canbao.kernel.refusal import Refused
from canbao.kernel.taken import Outcome
from canbao.payments import merged as of_payments
from canbao.people import merged
from canbao.people.merged import Change, Column
from canbao.people.tables import Membership, Merger
from canbao.policy.words import INSURANCES

MOVED: Final[Sequence[Column]] = (*of_insured.MOVED, *of_payments.MOVED, (Case, "person_id"))
CONFIRMED: Final = "confirmed"
DECLINED: Final = "declined"
UNDONE: Final = "undone"
CONSTRAINTS["merger_open"] = "merge_open"


@operation
def propose(
    actor: Actor, kept_id: UUID, gone_id: UUID, reason: str, *, at: clock.Instant
) -> Outcome:
    """Propose that two rows are one person, and which of them stays.

    Refuses `not_county_officer`, `not_found`, `own_household`, `reason_missing`, `merge_of_one`,
    `merged_already`, `merge_open`; and while both hold what one person may hold once:
    `merge_two_enrolments`, `merge_two_cases`, `merge_two_charges`, `merge_two_accounts`. Source: DESIGN 4 (person).
    """
    _may(actor)
    if kept_id == gone_id:
        raise Refused("merge_of_one")
    if not reason.strip():
        raise Refused("reason_missing")
    _within_reach(actor, kept_id, gone_id)
    _sound(actor, kept_id, gone_id)
    return _put(actor, kept_id, gone_id, None, reason, at)


@operation
def propose_undo(actor: Actor, merger_id: UUID, reason: str, *, at: clock.Instant) -> Outcome:
    """Propose to take a merge back.

    Refuses as `propose`; `merged_further` where the row that stayed gave way itself; `merge_money_booked`
    where money was booked since for what moved.
    """
    _may(actor)
    done = Merger.here.filter(id=merger_id, verdict=CONFIRMED, undoes=None).first()
    if done is None:
        raise Refused("not_found")
    if not reason.strip():
        raise Refused("reason_missing")
    _within_reach(actor, done.kept_id, done.gone_id)
    _undoable(actor, done)
    return _put(actor, done.kept_id, done.gone_id, merger_id, reason, at)


@operation
def confirm(actor: Actor, merger_id: UUID, *, at: clock.Instant) -> Outcome:
    """Confirm a merge, or that it is taken back.

    What hung on the row that gives way hangs on the other: cases, enrolments, accounts, household, phones.
    Taken back, exactly that hangs on its own row again; what came later stays with the row that stayed.
    Refuses `second_person_needed`, and what `propose` refuses: things may have changed.
    """
    _may(actor)
    row = _open(actor, merger_id)
    if row.proposed_by == actor.id:
        raise Refused("second_person_needed")
    change = Change(row.gone_id, row.kept_id, row.reason, row.proposed_by, actor.id)
    if row.undoes is None:
        _sound(actor, row.kept_id, row.gone_id)
        moved = merged.move(MOVED, row.gone_id, row.kept_id) | merged.give_way(change, at)
    else:
        done = Merger.here.get(id=row.undoes)
        _undoable(actor, done)
        moved = json.loads(done.moved)
        merged.move_back(MOVED, moved, row.gone_id)
        merged.come_back(change, moved, at)
        rows.update(Merger, [done.id], verdict=UNDONE)
    cases = sorted(UUID(str(one)) for one in moved.get(merged.name_of(Case, "person_id"), ()))
    # A page that was read before shows another person's row: its act is refused.
    Case.here.filter(id__in=cases).update(version=F("version") + 1)
    _decide(actor, row, CONFIRMED, at, moved=canonical.text(moved) if row.undoes is None else "{}")
    event = "merged" if row.undoes is None else "parted"
    facts = {"kept": row.kept_id, "merger": row.id}
    audit.record(actor, f"person.{event}", [row.gone_id], at=at, kind="person", facts=facts)
    audit.record(actor, f"case.person_{event}", cases, at=at, facts={"merger": row.id})
    return Outcome((merger_id,))


@operation
def decline(actor: Actor, merger_id: UUID, *, at: clock.Instant) -> Outcome:
    """Leave the rows as they are; also who proposed it may take it back. Refuses `not_county_officer`, `not_found`."""
    _may(actor)
    row = _open(actor, merger_id)
    _decide(actor, row, DECLINED, at)
    facts = {"kept": row.kept_id, "merger": row.id}
    audit.record(actor, "person.merge_declined", [row.gone_id], at=at, kind="person", facts=facts)
    return Outcome((merger_id,))


def _may(actor: Actor) -> None:
    if actor.role is not Role.COUNTY:
        raise Refused("not_county_officer")


def _within_reach(actor: Actor, *persons: UUID) -> None:
    """At least one case of these persons is the officer's to see."""
    if not door.visible(actor).filter(person_id__in=merged.survivors(*persons)).exists():
        raise Refused("not_found")


def _sound(actor: Actor, kept_id: UUID, gone_id: UUID) -> None:
    """Lock both rows and see that one person may stand behind them."""
    both = (kept_id, gone_id)
    held = merged.lock(both)
    if len(held) < len(both):
        raise Refused("not_found")
    if any(held.values()):
        raise Refused("merged_already")
    _not_own(actor, both)
    _one_enrolment(both)
    _one_open_case(both)
    accounts = insured.accounts(both)
    if len(accounts) > 1:
        raise Refused(
            "merge_two_accounts", numbers=", ".join(sorted(one.number for one in accounts.values()))
        )
    _one_charge(both)


def _not_own(actor: Actor, both: Sequence[UUID]) -> None:
    homes = Membership.here.filter(person_id__in=both, to_on=None)
    found = set(homes.values_list("household__village", "household__number"))
    if actor.person_id in both or found & actor.households:
        raise Refused("own_household")


def _one_enrolment(both: Sequence[UUID]) -> None:
    held = [one.insurance for one in insured.live(both)]
    twice = sorted(one for one in set(held) if held.count(one) > 1)
    if twice:
        raise Refused("merge_two_enrolments", insurance=str(INSURANCES[twice[0]]))


def _one_charge(both: Sequence[UUID]) -> None:
    for insurance, year in of_payments.charged_twice(both):
        raise Refused("merge_two_charges", insurance=str(INSURANCES[insurance]), year=year)


def _one_open_case(both: Sequence[UUID]) -> None:
    numbers: dict[tuple[object, ...], list[str]] = defaultdict(list)
    found = Case.here.filter(person_id__in=both, is_open=True).order_by("number")
    for *subject, number in found.values_list("insurance", "kind", "subject_id", "number"):
        numbers[tuple(subject)].append(number)
    for twice in numbers.values():
        if len(twice) > 1:
            raise Refused("merge_two_cases", numbers=", ".join(twice))


def _undoable(actor: Actor, done: Merger) -> None:
    held = merged.lock((done.kept_id, done.gone_id))
    if held.get(done.gone_id) != done.kept_id:
        raise Refused("merged_further")
    _not_own(actor, (done.kept_id, done.gone_id))
    _no_money_since(done)


def _no_money_since(done: Merger) -> None:
    """What was booked since the merge for what moved can be told to neither row."""
    if done.decided_at is None:
        raise ValueError(f"{done.id}: a merge that is not decided moved nothing")
    moved = json.loads(done.moved)
    found = of_payments.booked_since(
        done.kept_id, done.gone_id, moved, merged.ids_of(Case, "person_id", moved), done.decided_at
    )
    if found is not None:
        insurance, year = found
        raise Refused("merge_money_booked", insurance=str(INSURANCES[insurance]), year=year)


def _put(
    actor: Actor, kept_id: UUID, gone_id: UUID, undoes: UUID | None, reason: str, at: clock.Instant
) -> Outcome:  # fmt: skip
    ids = rows.insert_new(
        Merger, ["gone_id"], kept_id=kept_id, gone_id=gone_id, undoes=undoes, reason=reason.strip(),
        proposed_by=actor.id, proposed_at=at,
    )  # fmt: skip
    if not ids:
        raise Refused("merge_open")
    event = "person.merge_proposed" if undoes is None else "person.parting_proposed"
    audit.record(actor, event, [gone_id], at=at, kind="person", facts={"kept": kept_id})
    return Outcome(tuple(ids))


def _open(actor: Actor, merger_id: UUID) -> Merger:
    """Lock both persons and the proposal, in this order."""
    known = Merger.here.filter(id=merger_id, verdict="").first()
    if known is None:
        raise Refused("not_found")
    _within_reach(actor, known.kept_id, known.gone_id)
    merged.lock((known.kept_id, known.gone_id))
    row: Merger | None = (
        Merger.here.select_for_update(no_key=True).filter(id=merger_id, verdict="").first()
    )
    if row is None:
        raise Refused("not_found")
    return row


def _decide(
    actor: Actor, row: Merger, verdict: str, at: clock.Instant, *, moved: str = "{}"
) -> None:
    rows.update(Merger, [row.id], verdict=verdict, decided_by=actor.id, decided_at=at, moved=moved)
