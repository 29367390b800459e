"""A typing error found after approval: proposed by one officer of the county, confirmed by another."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from canbao.cases import door, flow, inspection
from canbao.cases.door import CaseRow
from canbao.cases.flow import Status
from canbao.cases.tables import Case, Correction
from canbao.kernel import audit, clock, notices, office, part, rows, secrets
from canbao.kernel.actor import Actor, Role
from canbao.kernel.ids import new_id
from canbao.kernel.operation import operation
from canbao.kernel.part import Part
from canbao.kernel.refusal import Refused
from canbao.kernel.tables import Officer
from canbao.kernel.taken import Outcome
from canbao.papers import marks, reprint
from canbao.papers import queries as papers
from canbao.papers.custody import Holder
from canbao.papers.queries import PaperRow
from canbao.papers.reprint import Signer
from canbao.people import corrected, identities, numbers, register
from canbao.people.corrected import Corrected

FIELDS: Final = ("name", "number", "sex", "birth_on", "ethnic", "address", "living_address")
# What a line of the household register holds of these.
_REGISTERED: Final = ("name", "number", "sex", "birth_on", "address")
ESTABLISHED: Final = {Status.APPROVED, Status.FILED}
CONFIRMED: Final = "confirmed"
DECLINED: Final = "declined"
_COLUMNS: Final = (
    "id", "case_id", "case__number", "case__name", "field", "old", "new", "reason", "proposed_by",
    "proposed_at", "verdict", "decided_by", "decided_at",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class CorrectionRow:
    """A correction as pages show it; a number stands masked."""

    id: UUID
    case_id: UUID
    number: str
    name: str
    field: str
    old: str
    new: str
    reason: str
    proposed_by: UUID
    proposed_by_name: str
    proposed_at: datetime.datetime
    verdict: str
    decided_by: UUID | None
    decided_at: datetime.datetime | None


@operation
def propose(
    actor: Actor, case_id: UUID, version: int, field: str, new: str, reason: str, *, at: clock.Instant
) -> Outcome:  # fmt: skip
    """Propose that one field of an established case was typed wrongly.

    Refuses `not_county_officer`, `not_found`, `moved_since`, `not_established`, `own_household`,
    `field_unknown`, `reason_missing`, `nothing_changes`, `correction_open`, `number_of_another`, and what
    the field itself refuses (`name_...`, `number_...`, `field_unclear`). Source: issue of the road, 9.
    """
    _may(actor)
    case = _established(actor, case_id, version)
    if field not in FIELDS:
        raise Refused("field_unknown", field=field)
    if not reason.strip():
        raise Refused("reason_missing")
    fields = _form(case_id).fields
    value = corrected.read(field, new, fields["document_kind"], clock.on(at))
    if _unchanged(field, value, fields):
        raise Refused("nothing_changes")
    if Correction.here.filter(case_id=case_id, verdict="").exists():
        raise Refused("correction_open")
    is_number = field == "number"
    if is_number and corrected.taken_by_another(case.person_id, fields["document_kind"], value):
        raise Refused("number_of_another")
    ids = rows.insert(
        Correction, case_id=case_id, field=field,
        old=fields["number_masked"] if is_number else fields[field],
        new=secrets.seal(value, bound_to=identities.bound("document")) if is_number else value,
        reason=reason.strip(), proposed_by=actor.id, proposed_at=at,
    )  # fmt: skip
    facts = {"field": field, "correction": ids[0]}
    audit.record(actor, "case.correction_proposed", [case_id], at=at, facts=facts)
    return Outcome(tuple(ids))


@operation
def confirm(actor: Actor, correction_id: UUID, *, at: clock.Instant) -> Outcome:
    """Confirm a correction: the record changes, the old value is kept, the sheet is printed anew.

    Both officers sign the new sheet and the second seals it; the marks of the old sheet stay on it.
    Refuses `not_county_officer`, `not_found`, `second_person_needed`, `own_household`, `not_established`,
    `moved_since`, `number_of_another`, `no_seal`.
    """
    _may(actor)
    first = new_id()
    case, row = _open(actor, correction_id)
    if row.proposed_by == actor.id:
        raise Refused("second_person_needed")
    form = _form(case.id)
    value = row.new
    if row.field == "number":
        value = secrets.open_sealed(row.new, bound_to=identities.bound("document"))
    if row.old != form.fields["number_masked" if row.field == "number" else row.field]:
        raise Refused("moved_since", desk=case.desk, status=case.status)
    corrected.write(
        Corrected(case.person_id, case.id, row.field, row.old, value, row.reason, row.proposed_by, actor.id),
        at,
    )  # fmt: skip
    shown = numbers.mask(value) if row.field == "number" else value
    changes = {"name": {"name": value}, "number": {"masked": shown}}.get(row.field, {})
    rows.update(Case, [case.id], version=case.version + 1, **changes)
    who = Signer(
        first, row.proposed_by, office.officer_name(row.proposed_by), actor.office_id,
        actor.office_name, clock.on(row.proposed_at),
    )  # fmt: skip
    _print_anew(actor, case, who, form, _fields(form, row, value, clock.on(at)), at)
    _decide(actor, row, CONFIRMED, shown, at)
    facts = {"field": row.field, "correction": row.id}
    notices.tell([case.contact_id], "corrected", at=at, subjects=[case.id],
                 facts=[{"number": case.number}])  # fmt: skip
    audit.record(actor, "case.corrected", [case.id], at=at, facts=facts)
    return Outcome((correction_id,))


@operation
def decline(actor: Actor, correction_id: UUID, *, at: clock.Instant) -> Outcome:
    """Leave it as it stands; also who proposed it may take it back. Refuses as `confirm`."""
    _may(actor)
    case, row = _open(actor, correction_id)
    shown = row.new
    if row.field == "number":
        shown = numbers.mask(secrets.open_sealed(row.new, bound_to=identities.bound("document")))
    _decide(actor, row, DECLINED, shown, at)
    facts = {"field": row.field, "correction": row.id}
    audit.record(actor, "case.correction_declined", [case.id], at=at, facts=facts)
    return Outcome((correction_id,))


def registered(correction_id: UUID) -> str | None:
    """What the household register says of the field, under the number in question; None where it says nothing.

    Of a number that waits to be corrected it is looked up by the new one. Four statements at most.
    """
    row = Correction.here.get(id=correction_id)
    fields = _form(row.case_id).fields
    mac = fields["number_mac"]
    if row.field == "number" and not row.verdict:
        value = secrets.open_sealed(row.new, bound_to=identities.bound("document"))
        mac = identities.mac(fields["document_kind"], value)
    entry = register.lookup([mac]).get(mac)
    if entry is None or row.field not in _REGISTERED:
        return None
    return entry.masked if row.field == "number" else str(getattr(entry, row.field))


def _may(actor: Actor) -> None:
    if actor.role is not Role.COUNTY:
        raise Refused("not_county_officer")


def _established(actor: Actor, case_id: UUID, version: int | None) -> CaseRow:
    taken = door.take(actor, [case_id])
    for refusal in taken.refused.values():
        raise Refused(refusal.code)
    case = taken[case_id]
    if version is not None and case.version != version:
        raise Refused("moved_since", desk=case.desk, status=case.status)
    if case.status not in ESTABLISHED:
        raise Refused("not_established")
    if inspection.own(actor, case):
        raise Refused("own_household")
    return case


def _open(actor: Actor, correction_id: UUID) -> tuple[CaseRow, Correction]:
    """Lock person, case and correction, in this order."""
    found = Correction.here.filter(id=correction_id, verdict="")
    known = found.values_list("case_id", "case__person_id").first()
    if known is None:
        raise Refused("not_found")
    corrected.lock(known[1])
    case = _established(actor, known[0], None)
    row = found.select_for_update(no_key=True).first()
    if row is None:
        raise Refused("not_found")
    return case, row


def _form(case_id: UUID) -> PaperRow:
    return papers.form_of(papers.papers_of([case_id]))


def _unchanged(field: str, value: str, fields: Any) -> bool:
    if field == "number":
        return bool(identities.mac(fields["document_kind"], value) == fields["number_mac"])
    return bool(fields[field] == value)


def _fields(form: PaperRow, row: Correction, value: str, on: datetime.date) -> dict[str, Any]:
    fields = dict(form.fields)
    if row.field == "number":
        fields["number_masked"] = numbers.mask(value)
        fields["number_mac"] = identities.mac(fields["document_kind"], value)
    else:
        fields[row.field] = value
    # Which sheet this one took the place of stands under the marks of this one.
    said = {"field": row.field, "on": on, "earlier": form.content_sha256}
    return {**fields, "corrected": [*fields.get("corrected", []), said]}


def _print_anew(
    actor: Actor, case: CaseRow, who: Signer, form: PaperRow, fields: dict[str, Any], at: clock.Instant
) -> None:  # fmt: skip
    kind = flow.load(case.flow).desks["county"].seal
    seal = office.seal_for(actor, kind, clock.on(at))
    if seal is None or actor.office_id is None:
        raise Refused("no_seal", seal=kind)
    made = reprint.again(form, fields, Holder("office", actor.office_id, actor.office_name), at)
    reprint.sign(made, "county", who, at)
    marks.put(actor, "county", [made], seal, at)


def _decide(actor: Actor, row: Correction, verdict: str, shown: str, at: clock.Instant) -> None:
    # A number stands sealed only while it waits; afterwards the document holds it.
    rows.update(
        Correction, [row.id], verdict=verdict, new=shown, decided_by=actor.id, decided_at=at
    )


def listed(actor: Actor, case_id: UUID | None = None, limit: int = 100) -> Part[CorrectionRow]:
    """Corrections within reach, those that wait first; two statements. A waiting number shows only its old one."""
    found = Correction.here.filter(case_id__in=door.visible(actor).values("id"))
    if case_id is not None:
        found = found.filter(case_id=case_id)
    held = part.first(found.order_by("verdict", "-proposed_at"), _COLUMNS, limit, tuple)
    who = dict(Officer.here.filter(id__in={one[8] for one in held}).values_list("id", "name"))
    return held.like(_shown(one, who) for one in held)


def _shown(one: tuple[Any, ...], who: dict[UUID, str]) -> CorrectionRow:
    waiting = one[4] == "number" and not one[10]
    new = one[6]
    if waiting:
        new = numbers.mask(secrets.open_sealed(new, bound_to=identities.bound("document")))
    known = dict(zip(_COLUMNS, one, strict=True))
    return CorrectionRow(
        **{name.removeprefix("case__"): value for name, value in known.items()} | {"new": new},
        proposed_by_name=who.get(one[8], ""),
    )
