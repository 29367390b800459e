"""What the county's decision opens: the enrolment, its year, and for the pension the personal account."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from canbao.insured.tables import Account, Enrolment, EnrolmentYear
from canbao.kernel import clock, county, numbering, rows
from canbao.kernel.ids import new_ids

PENSION: Final = "170"


@dataclass(frozen=True, slots=True)
class Opening:
    """One approved case, as far as the insured know it."""

    case_id: UUID
    person_id: UUID
    insurance: str
    year: int
    level: str
    residency: str
    student: str
    own_fen: int
    pack_sha256: str


def open_for(approved: Sequence[Opening], at: clock.Instant) -> set[UUID]:
    """Open enrolment and year for each approved case, accounts for the pension; at most 5 statements.

    Returns the cases opened. One live enrolment per person and insurance: a case whose person became
    insured meanwhile is not among them, and the caller refuses it.
    """
    if not approved:
        return set()
    on = clock.on(at)
    by_enrolment = dict(zip(new_ids(len(approved)), approved, strict=True))
    written = rows.insert_new(
        Enrolment,
        ["person", "insurance"],
        id=list(by_enrolment),
        person_id=[one.person_id for one in approved],
        insurance=[one.insurance for one in approved],
        from_on=on,
        opened_by_case=[one.case_id for one in approved],
        at=at,
    )
    opened = [
        (enrolment_id, by_enrolment[enrolment_id])
        for enrolment_id in by_enrolment
        if enrolment_id in written
    ]
    rows.insert(
        EnrolmentYear,
        enrolment_id=[enrolment_id for enrolment_id, _ in opened],
        year=[one.year for _, one in opened],
        level=[one.level for _, one in opened],
        residency=[one.residency for _, one in opened],
        student=[one.student for _, one in opened],
        own_fen=[one.own_fen for _, one in opened],
        pack_sha256=[one.pack_sha256 for _, one in opened],
        at=at,
    )
    _accounts([one for _, one in opened if one.insurance == PENSION], at)
    return {one.case_id for _, one in opened}


def _accounts(pension: Sequence[Opening], at: clock.Instant) -> None:
    if not pension:
        return
    held = set(
        Account.here.filter(person_id__in=[one.person_id for one in pension]).values_list(
            "person_id", flat=True
        )
    )
    fresh = [one for one in pension if one.person_id not in held]
    serials = numbering.take("account", len(fresh))
    rows.insert_new(
        Account,
        ["person"],
        person_id=[one.person_id for one in fresh],
        number=[f"{county.current()}{serial:012d}" for serial in serials],
        opened_on=clock.on(at),
        opened_by_case=[one.case_id for one in fresh],
        at=at,
    )
