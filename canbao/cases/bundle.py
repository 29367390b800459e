"""What one desk hands to the next: a frozen numbered list of one insurance, with its cover list."""

from __future__ import annotations

from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final
from uuid import UUID

from canbao.cases import deadline, door, flow, inspection
from canbao.cases.door import CaseRow
from canbao.cases.flow import Desk, Status
from canbao.cases.tables import Bundle, BundleItem, Case, SurplusSheet
from canbao.kernel import audit, canonical, clock, numbering, rows
from canbao.kernel.actor import Actor
from canbao.kernel.ids import new_id
from canbao.kernel.operation import LARGEST_SET, operation
from canbao.kernel.refusal import Refused
from canbao.kernel.taken import Outcome, Taken
from canbao.papers import custody
from canbao.papers.custody import Holder
from canbao.papers.tables import Paper

COPIES: Final = 2


class Receipt(StrEnum):
    """What the receiver found of one case's papers."""

    PRESENT = "present"
    MISSING = "missing"


class BundleState(StrEnum):
    """Where a bundle is."""

    REPORTED = "reported"
    RECEIVED = "received"


@dataclass(frozen=True, slots=True)
class Received:
    """What the receiver counted: cases whose papers are missing, and sheets the list does not name."""

    missing: Mapping[UUID, str] = field(default_factory=dict)
    surplus: Sequence[str] = ()
    # None where nobody counted by hand.
    sheets: int | None = None


@operation
def report(actor: Actor, chosen: Mapping[UUID, int], sheets: int, *, at: clock.Instant) -> Outcome:
    """Report passed cases of one insurance to the next desk as one numbered bundle.

    `chosen` maps case ids to the versions seen, `sheets` is what was counted by hand. Refuses per case
    `not_at_desk`, `not_ready`, `moved_since`, and `another_way` where its flow leads to another desk than
    that of the first; the whole set `one_insurance_only`, and
    `sheets_do_not_agree` (nothing is reported then). Source: process.txt 2 and 3.
    """
    if len(chosen) > LARGEST_SET:
        raise Refused("set_too_large", largest=LARGEST_SET)
    cases = door.take(actor, chosen)
    cases.keep("not_at_desk", lambda case: inspection.sits_at(actor, case))
    cases.keep("not_ready", lambda case: case.status == Status.READY)
    cases.keep("moved_since", lambda case: case.version == chosen[case.id])
    if not cases.rows:
        return cases.outcome()
    if len({case.insurance for case in cases}) > 1:
        raise Refused("one_insurance_only")
    first = next(iter(cases))
    desk = flow.load(first.flow).desks[first.desk]
    cases.keep("another_way", lambda case: flow.load(case.flow).desks[case.desk].next == desk.next)
    counts = sheet_counts(cases.ids)
    expected = sum(counts[one] for one in cases.ids)
    if sheets != expected:
        raise Refused("sheets_do_not_agree", counted=sheets, expected=expected)
    bundle_id = new_id()
    rows.update(
        Case, cases.ids, desk=desk.next, status=Status.SENT, bundle_id=bundle_id,
        version=[case.version + 1 for case in cases], due_on=None, moved_at=at,
    )  # fmt: skip
    number = _store(actor, cases, desk, bundle_id, counts, at)
    if desk == flow.load(first.flow).first:
        _in_hand(actor, cases, at)
    audit.record(
        actor, "bundle.reported", [bundle_id], at=at, kind="bundle", facts={"cases": len(cases)}
    )
    audit.record(actor, "case.reported", cases.ids, at=at, facts={"bundle": bundle_id})
    return cases.outcome(bundle=str(bundle_id), number=number)


def _in_hand(actor: Actor, cases: Taken[CaseRow], at: clock.Instant) -> None:
    """The applicants gave their sheets to the first desk, which holds them until the next counts them in."""
    stamp = actor.stamp(at)
    if stamp["office_id"] is not None:
        holder = Holder("office", stamp["office_id"], stamp["office_name"])
        custody.hand_over(actor, cases.ids, holder, at=at)


def sheet_counts(case_ids: Sequence[UUID]) -> dict[UUID, int]:
    """Sheets that travel with each case: both copies of its form, and one for each attached page."""
    counts = dict.fromkeys(case_ids, 0)
    found = Paper.here.filter(subject_id__in=case_ids, replaced_by=None, kind__isnull=False)
    for subject, form in found.values_list("subject_id", "form"):
        counts[subject] += COPIES if form else 1
    return counts


def _store(
    actor: Actor,
    cases: Taken[CaseRow],
    desk: Desk,
    bundle_id: UUID,
    counts: Mapping[UUID, int],
    at: clock.Instant,
) -> str:
    first = next(iter(cases))
    stamp = actor.stamp(at)
    order = sorted(cases, key=lambda case: (case.village, case.household_number, case.number))
    region = first.village if desk.name == "village" else first.township
    rows.insert(
        BundleItem,
        bundle_id=bundle_id,
        case_id=[case.id for case in order],
        position=list(range(1, len(order) + 1)),
        sheets=[counts[case.id] for case in order],
    )
    year = clock.on(at).year
    serial = numbering.take(f"bundle/{region}/{first.insurance}/{year}")[0]
    number = f"{region}-{first.insurance}-{year % 100:02d}-{serial:04d}"
    rows.insert(
        Bundle,
        id=[bundle_id],
        number=number,
        insurance=first.insurance,
        desk=desk.name,
        to_desk=desk.next,
        office_id=stamp["office_id"],
        office_name=stamp["office_name"],
        region_code=region,
        to_region_code=first.township if desk.next == "township" else f"{actor.county}000000",
        cases=len(order),
        sheets=sum(counts[case.id] for case in order),
        state=BundleState.REPORTED,
        reported_by=stamp["acted_by"],
        reported_by_name=stamp["acted_by_name"],
        reported_at=at,
    )
    return number


@operation
def receive(actor: Actor, bundle_id: UUID, received: Received, *, at: clock.Instant) -> Outcome:
    """Count a bundle in at the next desk: present ones are checked there, missing ones go back to wait.

    A case withdrawn on the way is seen and named (`withdrawn_on_the_way`). Surplus sheets are written
    down. Refuses `not_found`, `bundle_received_already`, `not_at_desk` for another desk's officers, and
    `sheets_counted_differ` where the sheets in hand cannot be those that are said to be there.
    """
    bundle = Bundle.here.select_for_update(no_key=True).filter(id=bundle_id).first()
    if bundle is None or not _mine(actor, bundle):
        raise Refused("not_found")
    if bundle.state != BundleState.REPORTED:
        raise Refused("bundle_received_already", number=bundle.number)
    items = list(
        BundleItem.here.filter(bundle_id=bundle_id)
        .order_by("position")
        .values_list("id", "case_id", "sheets")
    )
    cases = door.take(actor, [case_id for _, case_id, _ in items])
    cases.keep(
        "withdrawn_on_the_way",
        lambda case: case.bundle_id == bundle_id and case.status == Status.SENT,
    )
    _count(received, {case_id: sheets for _, case_id, sheets in items}, set(cases.ids))
    here = [case for case in cases if case.id not in received.missing]
    gone = [case for case in cases if case.id in received.missing]
    _arrive(actor, bundle, here, at)
    _go_back(bundle, gone, at)
    notes = {case.id: received.missing.get(case.id, "") for case in cases}
    rows.update(
        BundleItem,
        [one for one, *_ in items],
        receipt=[
            Receipt.MISSING
            if case_id in received.missing or case_id not in cases.rows
            else Receipt.PRESENT
            for _, case_id, _ in items
        ],
        note=[notes.get(case_id, "withdrawn_on_the_way") for _, case_id, _ in items],
    )
    rows.insert(
        SurplusSheet, bundle_id=bundle_id, description=list(received.surplus), by_id=actor.id, at=at
    )
    routes = {flow.load(case.flow) for case in cases}
    asks = {one: "yes" for route in routes for one in route.desks[bundle.to_desk].asks_bundle}
    Bundle.here.filter(id=bundle_id).update(
        state=BundleState.RECEIVED, received_by=actor.acted_by, received_by_name=actor.name, received_at=at,
        asks=canonical.text(asks),
    )  # fmt: skip
    audit.record(actor, "bundle.received", [bundle_id], at=at, kind="bundle", facts={
        "present": len(here), "missing": len(gone), "surplus": len(received.surplus)})  # fmt: skip
    audit.record(
        actor, "case.received", [case.id for case in here], at=at, facts={"bundle": bundle_id}
    )
    audit.record(
        actor,
        "case.missing_at_receipt",
        [case.id for case in gone],
        at=at,
        facts={"bundle": bundle_id},
    )
    return cases.outcome(missing=[str(case.id) for case in gone])


def _count(received: Received, listed: Mapping[UUID, int], coming: Container[UUID]) -> None:
    """Hold the sheets in hand against the list: a case that lacks something may have come in part."""
    if received.sheets is None:
        return
    here = {one for one in listed if one in coming and one not in received.missing}
    least = sum(sheets for one, sheets in listed.items() if one in here)
    parts = sum(
        sheets - (one in received.missing) for one, sheets in listed.items() if one not in here
    )
    most = least + parts + len(received.surplus)
    if not least <= received.sheets <= most:
        raise Refused("sheets_counted_differ", counted=received.sheets, least=least, most=most)


def _mine(actor: Actor, bundle: Bundle) -> bool:
    reached = actor.villages is None or bundle.to_region_code in actor.villages
    return bundle.insurance in actor.insurances and actor.role == bundle.to_desk and reached


def _arrive(actor: Actor, bundle: Bundle, here: Sequence[CaseRow], at: clock.Instant) -> None:
    if not here:
        return
    on = clock.on(at)
    due = {
        route: deadline.first_due(route.desks[bundle.to_desk], on)
        for route in {flow.load(case.flow) for case in here}
    }
    rows.update(
        Case, [case.id for case in here], status=Status.CHECKING,
        due_on=[due[flow.load(case.flow)] for case in here], version=[case.version + 1 for case in here], moved_at=at,
    )  # fmt: skip
    deadline.start([case.id for case in here], bundle.to_desk, [case.round for case in here], on)
    if actor.office_id is not None:
        holder = Holder("office", actor.office_id, actor.office_name)
        custody.hand_over(actor, [case.id for case in here], holder, at=at, bundle_id=bundle.id)


def _go_back(bundle: Bundle, gone: Sequence[CaseRow], at: clock.Instant) -> None:
    # Its paper never came: the case waits at the desk that sent it for the next bundle.
    rows.update(
        Case, [case.id for case in gone], desk=bundle.desk, status=Status.READY, bundle_id=None,
        version=[case.version + 1 for case in gone], moved_at=at,
    )  # fmt: skip
