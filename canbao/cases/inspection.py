"""What a desk answers item by item, and what it types again from the paper."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final
from uuid import UUID

from canbao.cases import door, flow, four_eyes
from canbao.cases.door import CaseRow
from canbao.cases.flow import Status
from canbao.cases.tables import Bundle, Check, SecondEntry
from canbao.kernel import audit, clock, rows, secrets
from canbao.kernel.actor import Actor
from canbao.kernel.operation import operation
from canbao.kernel.taken import Outcome, Taken
from canbao.people import documents, identities, names

OFFICER: Final = "officer"


class Answer(StrEnum):
    """What a person says about an item."""

    YES = "yes"
    NO = "no"


@dataclass(frozen=True, slots=True)
class Said:
    """One answer, with a note where it is no."""

    answer: Answer
    note: str = ""


@dataclass(frozen=True, slots=True)
class Answers:
    """What is answered about one case, at the version that was looked at."""

    version: int
    items: Mapping[str, Said]


@dataclass(frozen=True, slots=True)
class Typed:
    """Name and number as typed again from the paper."""

    version: int
    name: str
    kind: str
    number: str


def guard_desk(actor: Actor, cases: Taken[CaseRow]) -> None:
    """Keep what stands open at the actor's desk and is not the actor's own household's."""
    cases.keep("not_at_desk", lambda case: sits_at(actor, case))
    cases.keep("not_being_checked", lambda case: case.status in {Status.CHECKING, Status.RETURNED})
    cases.keep("own_household", lambda case: not own(actor, case))


def sits_at(actor: Actor, case: CaseRow) -> bool:
    """Whether the actor, or the one acted for, sits at the desk where the case stands."""
    desk = flow.load(case.flow).desks.get(case.desk)
    if desk is None:
        return False
    if actor.behalf is not None:
        return actor.behalf.desk == desk.name
    return actor.role == desk.role


def own(actor: Actor, case: CaseRow) -> bool:
    """Whether the case concerns the actor or somebody of the actor's household."""
    return (
        case.person_id == actor.person_id
        or (case.village, case.household_number) in actor.households
    )


@operation
def answer(actor: Actor, answers: Mapping[UUID, Answers], *, at: clock.Instant) -> Outcome:
    """Keep what an officer says about items of cases, case by case; the last answer of a round holds.

    Refuses per case: `not_at_desk`, `not_being_checked`, `own_household`, `acted_elsewhere`, `moved_since`,
    `item_not_asked`, and `note_needed` where a no has no note.
    """
    cases = door.take(actor, answers)
    guard_desk(actor, cases)
    four_eyes.guard(actor, cases, at)
    cases.keep("moved_since", lambda case: case.version == answers[case.id].version)
    cases.keep("item_not_asked", lambda case: set(answers[case.id].items) <= set(asked(case)))
    cases.keep(
        "note_needed",
        lambda case: all(
            said.answer is Answer.YES or said.note for said in answers[case.id].items.values()
        ),
    )
    said = [(case, item, one) for case in cases for item, one in answers[case.id].items.items()]
    if not said:
        return Outcome((), cases.refused)
    stamp = actor.stamp(at)
    rows.insert(
        Check,
        case_id=[case.id for case, *_ in said],
        round=[case.round for case, *_ in said],
        desk=[case.desk for case, *_ in said],
        item=[item for _, item, _ in said],
        verdict=[one.answer for *_, one in said],
        note=[one.note for *_, one in said],
        source=OFFICER,
        acted_by=stamp["acted_by"],
        recorded_by=actor.id,
        recorded_at=at,
    )
    audit.record(
        actor, "case.answered", cases.ids, at=at,
        facts=[{item: one.answer for item, one in answers[case.id].items.items()} for case in cases],
    )  # fmt: skip
    return cases.outcome()


@operation
def type_again(actor: Actor, typed: Mapping[UUID, Typed], *, at: clock.Instant) -> Outcome:
    """Keep name and number typed a second time; whether they agree is found here, not shown before.

    Refuses per case as `answer`, and `second_entry_not_asked`. A difference is no refusal: it is kept
    and stands in the way of passing.
    """
    cases = door.take(actor, typed)
    guard_desk(actor, cases)
    four_eyes.guard(actor, cases, at)
    cases.keep("moved_since", lambda case: case.version == typed[case.id].version)
    cases.keep("second_entry_not_asked", needs_second_entry)
    if not cases.rows:
        return cases.outcome()
    macs = documents.macs(cases.column("person_id"))
    mine = {one: identities.mac(typed[one].kind, typed[one].number) for one in cases.ids}
    agrees = [
        mine[case.id] == macs.get((case.person_id, case.masked))
        and names.key(typed[case.id].name) == names.key(case.name)
        for case in cases
    ]
    rows.insert(
        SecondEntry,
        case_id=cases.ids,
        round=cases.column("round"),
        name=[typed[one].name for one in cases.ids],
        number_sealed=secrets.seal_all(
            (typed[one].number for one in cases.ids), bound_to=identities.bound("document")
        ),
        number_mac=[mine[one] for one in cases.ids],
        agrees=agrees,
        by_id=actor.id,
        at=at,
    )
    audit.record(
        actor, "case.typed_again", cases.ids, at=at, facts=[{"agrees": agreed} for agreed in agrees]
    )
    return cases.outcome(
        agrees={str(one): agreed for one, agreed in zip(cases.ids, agrees, strict=True)}
    )


def needs_second_entry(case: CaseRow) -> bool:
    """Whether the township types this case again."""
    return case.desk == "township" and flow.load(case.flow).needs_second_entry(case.channel)


def asked(case: CaseRow) -> tuple[str, ...]:
    """Items the desk where the case stands answers about it."""
    desk = flow.load(case.flow).desks[case.desk]
    return desk.asked(on_paper=case.channel != "phone", family_form=case.family_form)


def open_items(cases: Iterable[CaseRow]) -> dict[UUID, list[str]]:
    """For each case, what still stands in the way of passing; three statements whatever the number."""
    held = [case for case in cases if case.desk in flow.load(case.flow).desks]
    said: dict[UUID, dict[str, str]] = defaultdict(dict)
    ids = [case.id for case in held]
    rounds = {case.id: (case.round, case.desk) for case in held}
    desks = {case.desk for case in held}
    found = Check.here.filter(case_id__in=ids, desk__in=desks, source=OFFICER).order_by("id")
    for case_id, in_round, desk, item, verdict in found.values_list(
        "case_id", "round", "desk", "item", "verdict"
    ):
        if (in_round, desk) == rounds[case_id]:
            said[case_id][item] = verdict
    missing = {
        case.id: [item for item in asked(case) if said[case.id].get(item) != Answer.YES]
        for case in held
    }
    _second_entries(held, missing)
    _bundle_items(held, missing)
    return missing


def _second_entries(cases: Sequence[CaseRow], missing: dict[UUID, list[str]]) -> None:
    wanted = {case.id: case.round for case in cases if needs_second_entry(case)}
    if not wanted:
        return
    found = SecondEntry.here.filter(case_id__in=list(wanted)).order_by("id")
    agreed = {
        case_id: agrees
        for case_id, in_round, agrees in found.values_list("case_id", "round", "agrees")
        if in_round == wanted[case_id]
    }
    for case_id in wanted:
        if not agreed.get(case_id):
            missing[case_id].append(
                "second_entry" if case_id not in agreed else "second_entry_differs"
            )


def _bundle_items(cases: Sequence[CaseRow], missing: dict[UUID, list[str]]) -> None:
    wanted = {
        case.id: (case.bundle_id, flow.load(case.flow).desks[case.desk].asks_bundle)
        for case in cases
        if case.bundle_id is not None and flow.load(case.flow).desks[case.desk].asks_bundle
    }
    if not wanted:
        return
    bundles = {bundle for bundle, _ in wanted.values()}
    answered = {
        bundle: json.loads(asks)
        for bundle, asks in Bundle.here.filter(id__in=bundles).values_list("id", "asks")
    }
    for case_id, (bundle, items) in wanted.items():
        said = answered.get(bundle, {})
        missing[case_id] += [item for item in items if said.get(item) != Answer.YES]
