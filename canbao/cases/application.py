"""1 Apply: submit, amend after a return, withdraw."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final
from uuid import UUID

from canbao.cases import deadline, door, flow, kinds
from canbao.cases.claim import Channel, Claim
from canbao.cases.flow import Flow, Status
from canbao.cases.kinds import enrolment, verdicts
from canbao.cases.tables import Case
from canbao.insured import queries as insured
from canbao.kernel import audit, clock, county, notices, numbering, rows
from canbao.kernel.actor import Actor, Role
from canbao.kernel.operation import CONSTRAINTS, operation
from canbao.kernel.taken import Outcome, Taken
from canbao.papers import marks, sheets
from canbao.people import identities, likeness_lookup, numbers, register
from canbao.people.identities import Known
from canbao.people.likeness_lookup import Suspect
from canbao.policy import published
from canbao.policy.rules.person import PersonFacts
from canbao.policy.rules.resolved import Rules

WITHDRAWABLE: Final = {Status.CHECKING, Status.READY, Status.SENT, Status.RETURNED}
CONSTRAINTS["case_open"] = "already_open"


@dataclass(slots=True)
class Applied:
    """A claim on its way to becoming a case."""

    claim: Claim
    known: Known
    number_mac: str
    route: Flow
    rules: Rules
    facts: PersonFacts
    judged: enrolment.Judged
    is_open: bool
    insured_in: Sequence[str]
    findings: list[verdicts.Finding] = field(default_factory=list)

    @property
    def id(self) -> UUID:
        """The case's id to be."""
        return self.claim.id


@operation
def submit(
    actor: Actor, claims: Sequence[Claim], channel: Channel, *, at: clock.Instant
) -> Outcome:
    """Hand in applications, each on its own; those that are refused keep nobody else waiting.

    Refuses per claim: `already_open` (one open case per person and insurance), `already_enrolled` and
    `not_eligible` to officers and to the person, `level_does_not_fit` (by age and schooling); an unknown phone learns nothing of others' data: there
    an enrolment is a finding for the village. `applies_elsewhere` for a village out of an officer's reach
    is no refusal: the case goes to the right village. Source: process.txt 1; DOMAIN 1.1 step 1.
    """
    applied = _applied(claims, at, walking={})
    plain = actor.role is not Role.RESIDENT
    applied.keep("already_open" if plain else "ask_at_village", lambda one: not one.is_open)
    if plain:
        applied.keep("already_enrolled", lambda one: one.claim.insurance not in one.insured_in)
    _keep_sound(applied, clock.on(at))
    if not applied.rows:
        return applied.outcome()
    files = _examine(actor, applied, at)
    numbers_given = numbering.take(f"case/{clock.on(at).year}", len(applied))
    given = {
        one: f"{actor.county}-{clock.on(at):%y}-{serial:07d}"
        for one, serial in zip(applied.ids, numbers_given, strict=True)
    }
    _open(actor, applied, given, channel, at)
    made = _papers(actor, applied, given, files, {}, at)
    verdicts.write({one.id: one.findings for one in applied}, {}, at)
    marks.confirm(
        actor,
        made,
        [one.claim.confirmation for one in applied],
        [one.known.id for one in applied],
        at,
    )
    for route, group in _by_flow(applied).items():
        deadline.start([one.id for one in group], route.first.name, [1] * len(group), clock.on(at))
    _tell(actor, applied, given, at)
    audit.record(actor, "case.submitted", applied.ids, at=at, facts={"channel": channel})
    return applied.outcome(numbers={str(one): number for one, number in given.items()})


@operation
def amend(
    actor: Actor, claims: Sequence[Claim], versions: Mapping[UUID, int], *, at: clock.Instant
) -> Outcome:
    """Put right what was returned: a new form, a new mark of the applicant, the next round.

    Refuses per case: `not_returned`, `moved_since`, and what `submit` refuses. The clock of the first
    desk runs on from where it stood.
    """
    cases = door.take(actor, [claim.id for claim in claims])
    cases.keep(
        "not_returned", lambda case: case.desk == flow.APPLICANT and case.status == Status.RETURNED
    )
    cases.keep("moved_since", lambda case: case.version == versions[case.id])
    walking = {case.id: flow.load(case.flow) for case in cases}
    applied = _applied([one for one in claims if one.id in cases.rows], at, walking=walking)
    applied.refused |= cases.refused
    applied.keep("ask_at_village", lambda one: not one.is_open)
    _keep_sound(applied, clock.on(at))
    if not applied.rows:
        return applied.outcome()
    files = _examine(actor, applied, at)
    due: dict[UUID, datetime.date] = {}
    for route, group in _by_flow(applied).items():
        due |= deadline.resume([cases[one.id] for one in group], route.first, clock.on(at))
    rows.update(
        Case,
        applied.ids,
        person_id=[one.known.id for one in applied],
        name=[one.claim.identity.name for one in applied],
        masked=[numbers.mask(one.claim.identity.number) for one in applied],
        household_number=[one.claim.household_number for one in applied],
        village=[one.claim.identity.village for one in applied],
        township=[_township(one.claim) for one in applied],
        level=[one.claim.level for one in applied],
        own_fen=[one.judged.price.own_fen for one in applied],
        pack_sha256=[one.judged.price.fingerprint for one in applied],
        family_form=[one.judged.family_form for one in applied],
        findings=[verdicts.doubts(one.findings) for one in applied],
        desk=[one.route.first.name for one in applied],
        status=Status.CHECKING,
        version=[cases[one.id].version + 1 for one in applied],
        due_on=[due[one.id] for one in applied],
        moved_at=at,
    )
    rounds = {one: cases[one].round for one in applied.ids}
    made = _papers(
        actor, applied, {one: cases[one].number for one in applied.ids}, files, rounds, at
    )
    sheets.replace(made)
    verdicts.write({one.id: one.findings for one in applied}, rounds, at)
    marks.confirm(
        actor,
        made,
        [one.claim.confirmation for one in applied],
        [one.known.id for one in applied],
        at,
    )
    audit.record(actor, "case.amended", applied.ids, at=at)
    return applied.outcome()


@operation
def withdraw(actor: Actor, versions: Mapping[UUID, int], *, at: clock.Instant) -> Outcome:
    """Take applications back; what was paid in advance becomes, and what was due stays, a refund due.

    Refuses `moved_since`, and `too_late` once the county has decided.
    """
    cases = door.take(actor, versions)
    cases.keep(
        "too_late",
        lambda case: case.is_open and case.status in WITHDRAWABLE and kinds.may_withdraw(case),
    )
    cases.keep("moved_since", lambda case: case.version == versions[case.id])
    if not cases.rows:
        return cases.outcome()
    rows.update(
        Case, cases.ids, desk=flow.CLOSED, status=Status.WITHDRAWN, is_open=False,
        version=[case.version + 1 for case in cases], due_on=None, moved_at=at,
    )  # fmt: skip
    deadline.stop(cases.ids, clock.on(at))
    kinds.withdrawn(actor, cases, at)
    audit.record(actor, "case.withdrawn", cases.ids, at=at)
    return cases.outcome()


def _applied(
    claims: Sequence[Claim], at: clock.Instant, *, walking: Mapping[UUID, Flow]
) -> Taken[Applied]:
    """Price the claims and find, open and lock their persons; what is `walking` keeps its flow."""
    on = clock.on(at)
    rules = {pair: published.rules(*pair) for pair in {(one.insurance, one.year) for one in claims}}
    known = identities.settle([one.identity for one in claims], at)
    persons = [one.id for one in known]
    open_now = set(
        Case.here.filter(person_id__in=persons, kind=enrolment.KIND, is_open=True)
        .exclude(id__in=list(walking))
        .values_list("person_id", "insurance")
    )
    insured_in: dict[UUID, list[str]] = defaultdict(list)
    for row in insured.live(persons):
        insured_in[row.person_id].append(row.insurance)
    begins = {one.insurance: flow.newest(enrolment.KIND, one.insurance) for one in claims}
    judged: dict[tuple[object, ...], enrolment.Judged] = {}
    seen: set[tuple[UUID, str]] = set()
    found = []
    for claim, person in zip(claims, known, strict=True):
        pair = (person.id, claim.insurance)
        rule = rules[claim.insurance, claim.year]
        facts = claim.facts(on)
        alike = (claim.insurance, claim.year, claim.level, facts.alike_on(on))
        if alike not in judged:
            judged[alike] = enrolment.judge(rule, facts, claim.level, on)
        found.append(
            Applied(
                claim=claim,
                known=person,
                number_mac=identities.mac(claim.identity.kind, claim.identity.number),
                route=walking.get(claim.id) or begins[claim.insurance],
                rules=rule,
                facts=facts,
                judged=judged[alike],
                is_open=pair in open_now or pair in seen,
                insured_in=insured_in[person.id],
            )
        )
        seen.add(pair)
    return Taken(found, ())


def _keep_sound(applied: Taken[Applied], on: datetime.date) -> None:
    applied.keep("number_invalid", lambda one: _number_holds(one.claim))
    applied.keep(
        "not_eligible",
        lambda one: not one.judged.refusals,
        lambda one: {"rule": one.judged.refusals[0].code},
    )
    applied.keep("signed_ahead", lambda one: _signed_by(one.claim, on))
    applied.keep("level_does_not_fit", lambda one: one.judged.level_fits)
    applied.keep("names_himself_guardian", lambda one: _signed_rightly(one, on))


def _signed_by(claim: Claim, on: datetime.date) -> bool:
    """Whether the day on the paper has been, and within two years."""
    day = claim.confirmation.signed_on
    return day is None or (day <= on and not clock.long_ago(day, on))


def _number_holds(claim: Claim) -> bool:
    kind = numbers.Kind(claim.identity.kind)
    return kind not in numbers.CHECKED or numbers.holds(claim.identity.number)


def _signed_rightly(one: Applied, on: datetime.date) -> bool:
    adult = one.facts.age_on(on) >= 18  # noqa: PLR2004 - full age, Civil Code article 17
    confirmed = one.claim.confirmation
    if confirmed.relation == "self":
        return adult
    return confirmed.relation == "parent" or confirmed.evidence_blob_id is not None


def _examine(
    actor: Actor, applied: Taken[Applied], at: clock.Instant
) -> Mapping[UUID, sheets.BlobRow]:
    """Make the automatic checks; returns the stored files the claims name."""
    wanted = [attached.blob_id for one in applied for attached in one.claim.attached]
    files = sheets.blobs(wanted)
    if actor.role is Role.RESIDENT:
        files = {one: row for one, row in files.items() if row.by_id == actor.id}
    applied.keep("paper_unknown", lambda one: all(a.blob_id in files for a in one.claim.attached))
    entries = register.lookup(one.number_mac for one in applied)
    homes = register.households(
        _home(entries.get(one.number_mac))
        for one in applied
        if one.claim.confirmation.relation == "parent" and one.number_mac in entries
    )
    alike = likeness_lookup.alike(
        [
            Suspect(one.known.id, one.claim.identity, _vouched(one, entries.get(one.number_mac)))
            for one in applied
        ]
    )
    for one in applied:
        one.findings = enrolment.check(
            one.route.automatic,
            enrolment.Compared(
                claim=one.claim,
                known=one.known,
                number_mac=one.number_mac,
                masked=numbers.mask(one.claim.identity.number),
                register=entries.get(one.number_mac),
                household=homes.get(_home(entries.get(one.number_mac)), ()),
                rules=one.rules,
                judged=one.judged,
                files=files,
                insured_elsewhere=[code for code in one.insured_in if code == one.claim.insurance],
                alike=alike.get(one.known.id, ()),
                on=clock.on(at),
            ),
        )
    return files


def _home(entry: register.Entry | None) -> tuple[str, str]:
    """The household of somebody whom the register knows; none for others."""
    return (entry.village, entry.household_number) if entry else ("", "")


def _vouched(one: Applied, entry: register.Entry | None) -> bool:
    return entry is not None and entry.name == one.claim.identity.name


def _township(claim: Claim) -> str:
    # The code of the day: a case keeps it when townships merge later (DOMAIN 4.2).
    return f"{claim.identity.village[:9]}000"


def _by_flow(applied: Taken[Applied]) -> dict[Flow, list[Applied]]:
    groups: dict[Flow, list[Applied]] = defaultdict(list)
    for one in applied:
        groups[one.route].append(one)
    return groups


def _open(
    actor: Actor,
    applied: Taken[Applied],
    given: Mapping[UUID, str],
    channel: Channel,
    at: clock.Instant,
) -> None:
    on = clock.on(at)
    rows.insert(
        Case,
        id=applied.ids,
        number=[given[one] for one in applied.ids],
        kind=enrolment.KIND,
        insurance=[one.claim.insurance for one in applied],
        flow=[one.route.name for one in applied],
        year=[one.claim.year for one in applied],
        person_id=[one.known.id for one in applied],
        name=[one.claim.identity.name for one in applied],
        masked=[numbers.mask(one.claim.identity.number) for one in applied],
        household_number=[one.claim.household_number for one in applied],
        village=[one.claim.identity.village for one in applied],
        township=[_township(one.claim) for one in applied],
        level=[one.claim.level for one in applied],
        own_fen=[one.judged.price.own_fen for one in applied],
        pack_sha256=[one.judged.price.fingerprint for one in applied],
        channel=channel,
        contact_id=actor.id if actor.role is Role.RESIDENT else None,
        entered_by=actor.id,
        desk=[one.route.first.name for one in applied],
        status=Status.CHECKING,
        family_form=[one.judged.family_form for one in applied],
        findings=[verdicts.doubts(one.findings) for one in applied],
        due_on=[deadline.first_due(one.route.first, on) for one in applied],
        submitted_at=at,
        moved_at=at,
    )


def _papers(
    actor: Actor,
    applied: Taken[Applied],
    given: Mapping[UUID, str],
    files: Mapping[UUID, sheets.BlobRow],
    rounds: Mapping[UUID, int],
    at: clock.Instant,
) -> list[sheets.Made]:
    forms = [
        sheets.Sheet(
            subject_id=one.id,
            form=one.route.form,
            number=given[one.id],
            fields={
                **one.claim.fields(
                    one.number_mac,
                    numbers.mask(one.claim.identity.number),
                    one.judged.price.own_fen,
                ),
                "price": [[str(share.payer), share.fen] for share in one.judged.price.shares],
            },
            attached=one.claim.attached,
            round=rounds.get(one.id, 1),
        )
        for one in applied
    ]
    return sheets.make(forms, files, ("applicant", actor.id, actor.name), at)


def _tell(
    actor: Actor, applied: Taken[Applied], given: Mapping[UUID, str], at: clock.Instant
) -> None:
    if actor.role is not Role.RESIDENT:
        return
    notices.tell(
        [actor.id] * len(applied),
        "submitted",
        at=at,
        subjects=applied.ids,
        facts=[{"number": given[one], "county": county.current()} for one in applied.ids],
    )
