"""1 Ask for money back: what was paid and is not owed, what is due already."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final
from uuid import UUID

from canbao.cases import deadline, flow, refund_offers
from canbao.cases.claim import Channel
from canbao.cases.flow import Flow, Status
from canbao.cases.kinds import refund, verdicts
from canbao.cases.tables import Case
from canbao.insured import covering
from canbao.kernel import audit, clock, money, notices, numbering, rows
from canbao.kernel.actor import Actor, Role
from canbao.kernel.operation import LARGEST_SET, operation
from canbao.kernel.refusal import Refused
from canbao.kernel.taken import Outcome, Taken
from canbao.papers import marks, sheets
from canbao.papers.marks import Confirmation
from canbao.papers.sheets import Attached, Sheet
from canbao.payments import payouts, refund_requests
from canbao.payments.refund_requests import Account, Source, Wish
from canbao.people import documents, names
from canbao.people import queries as people
from canbao.people.queries import PersonRow
from canbao.policy import published
from canbao.policy.rules.answers import RefundAnswer, RefundFacts

ASKERS: Final = frozenset({Role.RESIDENT, Role.VILLAGE, Role.TOWNSHIP, Role.COUNTY})


@dataclass(frozen=True, slots=True)
class Ask:
    """Money asked back by one person: from which source, why, how much was shown, and where it should go.

    `id` is made by the caller and becomes the case's id. `reason` is a code of the packs; what is due
    already needs none. `drawn` says whether benefits of the year were drawn.
    """

    id: UUID
    source_id: UUID
    reason: str
    fen: int
    account: Account
    confirmation: Confirmation
    drawn: bool = False
    attached: Sequence[Attached] = ()


@dataclass(slots=True)
class Asked:
    """An ask on its way to becoming a case."""

    ask: Ask
    source: Source
    person: PersonRow
    dead: bool
    contact: UUID | None
    household_number: str
    masked: str
    number_mac: str
    route: Flow
    fingerprint: str
    answer: RefundAnswer | None
    cover_from_on: datetime.date | None
    account: Account
    findings: list[verdicts.Finding] = field(default_factory=list)

    @property
    def id(self) -> UUID:
        """The case's id to be."""
        return self.ask.id

    @property
    def reason(self) -> str:
        """Why the money is given back."""
        return self.answer.reason if self.answer else self.source.reason

    @property
    def wanted_fen(self) -> int:
        """What is given back for this reason."""
        return self.source.back_fen(difference=self.difference)

    @property
    def difference(self) -> bool:
        """Whether only what lies above the own share is given back, and the charge stays."""
        return self.answer is not None and self.answer.difference_only

    def another_signs(self, on: datetime.date) -> bool:
        """Whether the person is a child or dead, so that somebody else signs."""
        return refund_offers.another_signs(self.person, dead=self.dead, on=on)

    def rightly_signed(self, on: datetime.date) -> bool:
        """Whether somebody else signed, by name, where somebody else must."""
        if not self.another_signs(on):
            return True
        signed, nobody = self.ask.confirmation, {"", names.key(self.person.name)}
        return signed.relation != "self" and names.key(signed.name) not in nobody

    def payee(self, on: datetime.date) -> str:
        """Whose account it must be: the person's, or the signer's for a child and for somebody who died."""
        return self.ask.confirmation.name if self.another_signs(on) else self.person.name


@operation
def ask(actor: Actor, asks: Sequence[Ask], channel: Channel, *, at: clock.Instant) -> Outcome:
    """Ask for money back, each on its own; those that are refused keep nobody else waiting.

    Refuses the set: `not_for_this_desk`, `set_too_large`; per ask: `not_found`, `refund_asked_already`,
    `refunded_already`, `refund_written_off`, `given_back_in_cash`, `refund_of_advance`, what the pack
    says of the reason (`refund_cover_begun`, `refund_benefits_drawn` and their like),
    `refund_death_unknown`, `refund_signer_needed`, `refund_more_than_paid`, `amount_changed_back`,
    `account_unclear`, `bank_missing`, `account_of_another`, `paper_unknown`. Source: DOMAIN 2.5; issue 4, section 6.
    """
    if actor.role not in ASKERS:
        raise Refused("not_for_this_desk")
    if len(asks) > LARGEST_SET:
        raise Refused("set_too_large", largest=LARGEST_SET)
    asked = _asked(actor, asks, clock.on(at))
    _keep_sound(asked, clock.on(at))
    files = sheets.blobs([one.blob_id for each in asked for one in each.ask.attached])
    asked.keep("paper_unknown", lambda one: all(a.blob_id in files for a in one.ask.attached))
    if not asked.rows:
        return asked.outcome()
    for one in asked:
        one.findings = refund.check(one.route.automatic, _compared(one, clock.on(at)))
    serials = numbering.take(f"case/{clock.on(at).year}", len(asked))
    given = {
        one: f"{actor.county}-{clock.on(at):%y}-{serial:07d}"
        for one, serial in zip(asked.ids, serials, strict=True)
    }
    _open(actor, asked, given, channel, at)
    _papers(actor, asked, given, files, at)
    verdicts.write({one.id: one.findings for one in asked}, {}, at)
    refund_requests.write(
        actor,
        [
            Wish(one.id, one.source, one.reason, one.ask.fen, one.account, one.difference)
            for one in asked
        ],
        at,
    )
    for route in {one.route for one in asked}:
        mine = [one.id for one in asked if one.route is route]
        deadline.start(mine, route.first.name, [1] * len(mine), clock.on(at))
    audit.record(
        actor, "case.refund_asked", asked.ids, at=at,
        facts=[{"fen": one.ask.fen, "reason": one.reason} for one in asked],
    )  # fmt: skip
    _tell(asked, given, at)
    return asked.outcome(numbers={str(one): number for one, number in given.items()})


def _asked(actor: Actor, asks: Sequence[Ask], on: datetime.date) -> Taken[Asked]:
    """The asks with their sources, persons and what the rules say; what is due is locked."""
    payouts.hold_states(one.source_id for one in asks)
    sources = refund_requests.find(one.source_id for one in asks)
    ids = {one.person_id for one in sources.values()}
    persons, dead, phones = people.persons(ids), people.dead(ids), people.contacts_of(ids)
    macs = {person: (masked, mac) for (person, masked), mac in documents.macs(ids).items()}
    covered = covering.begins(ids)
    reached = refund_offers.within(actor, sources.values(), persons, on)
    routes = {
        one: flow.newest(refund.KIND, one) for one in {each.insurance for each in sources.values()}
    }
    households = refund_requests.households_of(sources.values())
    found = []
    for one in asks:
        source = sources.get(one.source_id)
        person = persons.get(source.person_id) if source else None
        if source is None or person is None or source.id not in reached:
            continue
        rules = published.rules(source.insurance, source.year)
        from_on = covered.get((source.person_id, source.insurance, source.year))
        facts = RefundFacts(on, source.paid_on or on, from_on, one.drawn)
        mine = actor.id if actor.role is Role.RESIDENT else phones.get(source.person_id)
        found.append(
            Asked(
                one, source, person, source.person_id in dead, mine, households.get(source.id, ""),
                *macs.get(source.person_id, ("", "")), routes[source.insurance], rules.fingerprint,
                None if source.is_due else rules.refund(one.reason, facts), from_on,
                one.account,
            )
        )  # fmt: skip
    return Taken(found, [one.id for one in asks])


def _keep_sound(asked: Taken[Asked], on: datetime.date) -> None:
    asked.keep("refund_asked_already", lambda one: one.source.fault != "refund_asked_already")
    _refuse_each(asked, {one.id: one.source.fault for one in asked})
    first: dict[UUID, UUID] = {}
    for one in asked:
        first.setdefault(one.source.id, one.id)
    asked.keep("refund_asked_already", lambda one: first[one.source.id] == one.id)
    asked.keep(
        "refund_death_unknown",
        lambda one: one.dead or one.source.is_due or one.ask.reason != refund_offers.DIED,
    )
    asked.keep("refund_signer_needed", lambda one: one.rightly_signed(on))
    _refuse_each(
        asked,
        {one.id: one.answer.code for one in asked if one.answer and not one.answer.allowed},
    )
    asked.keep(
        "refund_more_than_paid",
        lambda one: one.ask.fen <= one.source.paid_fen,
        lambda one: {"yuan": money.in_yuan(one.source.paid_fen)},
    )
    asked.keep(
        "amount_changed_back",
        lambda one: one.ask.fen == one.wanted_fen > 0,
        lambda one: {"yuan": money.in_yuan(one.wanted_fen)},
    )
    for one in list(asked):
        try:
            one.account = refund_requests.read_account(one.ask.account)
        except Refused as refused:
            asked.refuse(one.id, refused.code, refused.facts)
            continue
        if names.key(one.account.holder) != names.key(one.payee(on)):
            asked.refuse(one.id, "account_of_another", {"name": one.payee(on)})


def _refuse_each(asked: Taken[Asked], codes: Mapping[UUID, str]) -> None:
    for one, code in codes.items():
        if code:
            asked.refuse(one, code)


def _compared(one: Asked, on: datetime.date) -> refund.Compared:
    return refund.Compared(
        source=one.source,
        fen=one.ask.fen,
        wanted_fen=one.wanted_fen,
        account=one.account,
        person=one.person.name,
        payee=one.payee(on),
        drawn=one.ask.drawn,
        cover_from_on=one.cover_from_on,
        asked_on=on,
        answer=one.answer,
    )


def _open(
    actor: Actor,
    asked: Taken[Asked],
    given: Mapping[UUID, str],
    channel: Channel,
    at: clock.Instant,
) -> None:
    on = clock.on(at)
    rows.insert(
        Case,
        id=asked.ids,
        number=[given[one] for one in asked.ids],
        kind=refund.KIND,
        insurance=[one.source.insurance for one in asked],
        flow=[one.route.name for one in asked],
        year=[one.source.year for one in asked],
        subject_id=[one.source.id for one in asked],
        person_id=[one.source.person_id for one in asked],
        name=[one.person.name for one in asked],
        masked=[one.masked for one in asked],
        household_number=[one.household_number for one in asked],
        village=[one.person.village for one in asked],
        township=[f"{one.person.village[:9]}000" for one in asked],
        level=[one.source.level for one in asked],
        own_fen=[one.ask.fen for one in asked],
        pack_sha256=[one.fingerprint for one in asked],
        channel=channel,
        contact_id=[one.contact for one in asked],
        entered_by=actor.id,
        desk=[one.route.first.name for one in asked],
        status=Status.CHECKING,
        findings=[verdicts.doubts(one.findings) for one in asked],
        due_on=[deadline.first_due(one.route.first, on) for one in asked],
        submitted_at=at,
        moved_at=at,
    )


def _papers(
    actor: Actor,
    asked: Taken[Asked],
    given: Mapping[UUID, str],
    files: Mapping[UUID, sheets.BlobRow],
    at: clock.Instant,
) -> None:
    forms = [
        Sheet(
            subject_id=one.id,
            form=one.route.form,
            number=given[one.id],
            fields=_fields(one),
            attached=one.ask.attached,
        )
        for one in asked
    ]
    made = sheets.make(forms, files, ("applicant", actor.id, actor.name), at)
    marks.confirm(
        actor,
        made,
        [one.ask.confirmation for one in asked],
        [one.source.person_id for one in asked],
        at,
    )


def _fields(one: Asked) -> dict[str, object]:
    """What the form says; the account only masked, as the number is."""
    account, source = one.account, one.source
    return {
        "name": one.person.name,
        "number_masked": one.masked,
        "number_mac": one.number_mac,
        "insurance": source.insurance,
        "year": source.year,
        "level": source.level,
        "reason": one.reason,
        "drawn": one.ask.drawn,
        "receipt_number": source.receipt_number,
        "paid_on": source.paid_on,
        "paid_fen": source.paid_fen,
        "back_fen": one.ask.fen,
        "cover_from_on": one.cover_from_on,
        "holder": account.holder,
        "bank": account.bank,
        "account_masked": refund_requests.mask(account.number),
        "signed_by": [one.ask.confirmation.name, one.ask.confirmation.relation],
    }


def _tell(asked: Taken[Asked], given: Mapping[UUID, str], at: clock.Instant) -> None:
    notices.tell(
        [one.contact for one in asked],
        "refund_asked",
        at=at,
        subjects=asked.ids,
        facts=[{"number": given[one.id], "yuan": money.in_yuan(one.ask.fen)} for one in asked],
    )
