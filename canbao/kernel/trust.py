"""Seals and who may use them, and named exceptions to four eyes that two administrators grant."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Final
from uuid import UUID

from django.db.models import Q

from canbao.kernel import audit, clock, rows
from canbao.kernel.actor import Actor
from canbao.kernel.administration import holds_after, may
from canbao.kernel.operation import operation
from canbao.kernel.refusal import Refused
from canbao.kernel.tables import Office, Officer, Posting, Seal, SealCustody, Waiver
from canbao.kernel.taken import Outcome

# Which seal belongs to which kind of office; the flow names the kind a desk needs.
SEAL_KINDS: Final[Mapping[str, str]] = {
    "village_committee": "village",
    "township_office": "township",
    "county_agency": "county",
    "county_finance": "county",
    "county_charging": "county",
}
# The rules that may be waived, by the code with which they refuse.
WAIVABLE: Final = ("acted_elsewhere",)
WAIVER_DAYS_MAX: Final = 92


@operation
def make_seal(
    actor: Actor, office_id: UUID, kind: str, name: str, purpose: str, from_on: datetime.date,
    *, at: clock.Instant,
) -> Outcome:  # fmt: skip
    """Enter a seal of an office: the name on its arc, the purpose below.

    Refuses `not_found`, `seal_not_of_office`, `name_needed`, and `seal_there_already` while the
    office has one of this kind.
    """
    may(actor)
    held = Office.here.select_for_update(no_key=True).filter(holds_after(from_on), id=office_id)
    office = held.first()
    if office is None:
        raise Refused("not_found")
    if SEAL_KINDS.get(kind) != office.kind:
        raise Refused("seal_not_of_office")
    if not name.strip():
        raise Refused("name_needed", most=80)
    if Seal.here.filter(holds_after(from_on), office_id=office_id, kind=kind).exists():
        raise Refused("seal_there_already")
    ids = rows.insert(
        Seal, office_id=office_id, kind=kind, name=name.strip(), purpose=purpose.strip(), from_on=from_on
    )  # fmt: skip
    facts = {"office": office_id, "kind": kind, "from": from_on}
    audit.record(actor, "seal.made", ids, at=at, kind="seal", facts=facts)
    return Outcome(tuple(ids))


@operation
def retire_seal(actor: Actor, seal_id: UUID, on: datetime.date, *, at: clock.Instant) -> Outcome:
    """Take a seal out of use from a day; where it stands already it stays. Refuses `not_found`."""
    may(actor)
    changed = Seal.here.filter(holds_after(on), id=seal_id, from_on__lte=on).update(to_on=on)
    if not changed:
        raise Refused("not_found")
    SealCustody.here.filter(holds_after(on), seal_id=seal_id).update(to_on=on)
    audit.record(actor, "seal.retired", [seal_id], at=at, kind="seal", facts={"on": on})
    return Outcome((seal_id,))


@operation
def hand_over(
    actor: Actor, seal_id: UUID, officer_id: UUID, from_on: datetime.date,
    to_on: datetime.date | None = None, instead_of: UUID | None = None, *, at: clock.Instant,
) -> Outcome:  # fmt: skip
    """Hand the custody of a seal to an officer of its office; that of `instead_of` ends the same day.

    Refuses `not_found`, `not_to_oneself`, `dates_reversed`, `held_already`, and `not_of_the_office`
    for an officer who is not posted there on that day.
    """
    may(actor)
    if officer_id == actor.id:
        raise Refused("not_to_oneself")
    if to_on is not None and to_on <= from_on:
        raise Refused("dates_reversed")
    seal = Seal.here.select_for_update(no_key=True).filter(holds_after(from_on), id=seal_id).first()
    if seal is None:
        raise Refused("not_found")
    posted = Posting.here.filter(
        holds_after(from_on), officer_id=officer_id, office_id=seal.office_id, from_on__lte=from_on
    ).filter(Q(officer__left_on__isnull=True) | Q(officer__left_on__gt=from_on))
    if not posted.exists():
        raise Refused("not_of_the_office")
    holds = SealCustody.here.filter(holds_after(from_on), seal_id=seal_id)
    if holds.filter(officer_id=officer_id).exists():
        raise Refused("held_already")
    if instead_of is not None:
        holds.filter(officer_id=instead_of).update(to_on=from_on)
    ids = rows.insert(
        SealCustody, seal_id=seal_id, officer_id=officer_id, from_on=from_on, to_on=to_on
    )
    facts = {"custody": ids[0], "to": officer_id, "from": instead_of, "on": from_on, "until": to_on}
    audit.record(actor, "seal.handed_over", [seal_id], at=at, kind="seal", facts=facts)
    return Outcome(tuple(ids))


@operation
def end_custody(actor: Actor, custody_id: UUID, on: datetime.date, *, at: clock.Instant) -> Outcome:
    """Take a seal back from an officer on a day. Refuses `not_found` and `dates_reversed`."""
    may(actor)
    held = SealCustody.here.select_for_update(no_key=True).filter(holds_after(on), id=custody_id)
    row = held.first()
    if row is None:
        raise Refused("not_found")
    if on < row.from_on:
        raise Refused("dates_reversed")
    rows.update(SealCustody, [custody_id], to_on=on)
    facts = {"custody": custody_id, "officer": row.officer_id, "on": on}
    audit.record(actor, "seal.taken_back", [row.seal_id], at=at, kind="seal", facts=facts)
    return Outcome((custody_id,))


@operation
def propose_waiver(
    actor: Actor, officer_id: UUID, rule: str, reason: str, from_on: datetime.date,
    to_on: datetime.date, *, at: clock.Instant,
) -> Outcome:  # fmt: skip
    """Propose that an officer may pass a rule of four eyes for a while; it holds once a second grants it.

    Refuses `not_found`, `not_to_oneself`, `rule_not_waivable`, `reason_missing`, `dates_reversed`,
    `waiver_too_long`. Source: DESIGN 5 (an exception is a named waiver in the log).
    """
    may(actor)
    if officer_id == actor.id:
        raise Refused("not_to_oneself")
    if rule not in WAIVABLE:
        raise Refused("rule_not_waivable")
    if not reason.strip():
        raise Refused("reason_missing")
    if to_on <= from_on:
        raise Refused("dates_reversed")
    if (to_on - from_on).days > WAIVER_DAYS_MAX:
        raise Refused("waiver_too_long", most=WAIVER_DAYS_MAX)
    if not Officer.here.filter(id=officer_id, left_on=None).exists():
        raise Refused("not_found")
    ids = rows.insert(
        Waiver, officer_id=officer_id, rule=rule, reason=reason.strip(), proposed_by=actor.id,
        from_on=from_on, to_on=to_on,
    )  # fmt: skip
    facts = {"officer": officer_id, "rule": rule, "from": from_on, "to": to_on}
    audit.record(actor, "waiver.proposed", ids, at=at, kind="waiver", facts=facts)
    return Outcome(tuple(ids))


@operation
def grant_waiver(actor: Actor, waiver_id: UUID, *, at: clock.Instant) -> Outcome:
    """Grant a proposed waiver. Refuses `second_person_needed` to who proposed it or gains by it."""
    may(actor)
    held = Waiver.here.select_for_update(no_key=True).filter(id=waiver_id, granted_by=None)
    row = held.first()
    if row is None:
        raise Refused("not_found")
    if actor.id in {row.proposed_by, row.officer_id}:
        raise Refused("second_person_needed")
    rows.update(Waiver, [waiver_id], granted_by=actor.id)
    facts = {"officer": row.officer_id, "rule": row.rule}
    audit.record(actor, "waiver.granted", [waiver_id], at=at, kind="waiver", facts=facts)
    return Outcome((waiver_id,))


@operation
def end_waiver(actor: Actor, waiver_id: UUID, on: datetime.date, *, at: clock.Instant) -> Outcome:
    """End a waiver, granted or only proposed, on a day. Refuses `not_found`."""
    may(actor)
    changed = Waiver.here.filter(holds_after(on), id=waiver_id).update(to_on=on)
    if not changed:
        raise Refused("not_found")
    audit.record(actor, "waiver.ended", [waiver_id], at=at, kind="waiver", facts={"on": on})
    return Outcome((waiver_id,))
