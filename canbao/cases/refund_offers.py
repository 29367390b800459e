"""What money may be asked back, within whose reach, for which reasons, and what belongs to an ask."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Final
from uuid import UUID

from canbao.cases import door, scans
from canbao.cases.door import CaseRow
from canbao.cases.flow import Status
from canbao.cases.kinds import enrolment
from canbao.insured import covering
from canbao.kernel.actor import Actor, Role
from canbao.kernel.refusal import Refused
from canbao.papers import queries as stored
from canbao.papers.queries import PaperRow
from canbao.payments import refund_requests
from canbao.payments.refund_requests import Account, AskRow, Source
from canbao.payments.refunds import DueRow
from canbao.payments.words import REASONS
from canbao.people import households, names
from canbao.people import queries as people
from canbao.people.queries import PersonRow
from canbao.policy import published
from canbao.policy.rules.answers import RefundFacts
from canbao.policy.rules.resolved import Rules
from canbao.policy.rules.values import Text
from canbao.policy.words import in_language

FULL_AGE: Final = 18  # Civil Code article 17
DIED: Final = "died"
CARD: Final = "account_card"
DEATH: Final = "death_proof"
PROOF: Final = "refund_proof"
# Who signs for somebody else shows that they may.
OF_SIGNER: Final[Mapping[str, str]] = {"guardian": "guardian_proof", "proxy": "proxy_proof"}
# A second receipt is in the book already, and nobody need prove it.
_PROVEN_BY_BOOK: Final = frozenset({"paid_twice", "special_group", "not_enrolled"})
_READABLE: Final = frozenset({"", "good"})


@dataclass(frozen=True, slots=True)
class Reason:
    """A reason of the packs for one payment: what it gives back, or the code that says why it cannot be taken."""

    code: str
    name: Text
    fen: int
    fault: str
    done_in_working_days: int | None


@dataclass(frozen=True, slots=True)
class Offer:
    """Money that an actor may ask back, whose it is, and whether somebody else signs for that person."""

    source: Source
    name: str
    dead: bool
    another_signs: bool

    @property
    def id(self) -> UUID:
        """The source."""
        return self.source.id

    @property
    def relations(self) -> tuple[str, ...]:
        """As what somebody may sign: for themself, as an heir of the dead, as parent or guardian of a child."""
        if not self.another_signs:
            return ("self",)
        return ("proxy",) if self.dead else ("parent", "guardian")

    def fits(self, relation: str, holder: str) -> bool:
        """Whether this signer may have the money: the person, or somebody else for a child and the dead."""
        return relation in self.relations and names.same(holder, self.name) != self.another_signs


@dataclass(frozen=True, slots=True)
class _Reach:
    """What a phone reaches: its own applications, for whom it applied, and of whom an office knows that it may ask."""

    cases: frozenset[UUID]
    applied: frozenset[UUID]
    known: frozenset[UUID]


def sources_of(actor: Actor, person_id: UUID) -> list[Source]:
    """What may be asked back for a person, and what was, within the actor's insurances; six statements."""
    return [
        one for one in refund_requests.of_person(person_id) if one.insurance in actor.insurances
    ]


def within(
    actor: Actor, sources: Iterable[Source], persons: Mapping[UUID, PersonRow], on: datetime.date
) -> set[UUID]:
    """Which of these sources the actor may ask for; two statements.

    An officer by village and insurance. A phone what was paid for its own person, for a child of the own
    household, for somebody whose application from this phone was approved, so that an office has seen their
    papers, and what was paid ahead for such an application.
    """
    if actor.role is not Role.RESIDENT:
        return {
            one.id
            for one in sources
            if one.person_id in persons
            and actor.reaches(persons[one.person_id].village, one.insurance)
        }
    return _of_phone(actor, sources, _reach(actor, on))


def _of_phone(actor: Actor, sources: Iterable[Source], reach: _Reach) -> set[UUID]:
    return {
        one.id
        for one in sources
        if one.person_id in {actor.person_id, *reach.known}
        or (one.is_due and one.subject_id in reach.cases)
    }


def of_phone(actor: Actor, on: datetime.date) -> list[Offer]:
    """What a phone may ask back and what it asked: what is due first, then the newest receipt; nine statements."""
    reach = _reach(actor, on)
    ids = set(reach.applied | reach.known)
    if actor.person_id is not None:
        ids.add(actor.person_id)
    sources = refund_requests.of_people(ids)
    return _offers(sources, on, lambda _: _of_phone(actor, sources, reach))


def offer(actor: Actor, source_id: UUID, on: datetime.date) -> Offer:
    """One of them. Refuses `not_found` for what is out of reach or is not there."""
    sources = refund_requests.find([source_id]).values()
    found = _offers(sources, on, lambda persons: within(actor, sources, persons, on))
    if not found:
        raise Refused("not_found")
    return found[0]


def another_signs(person: PersonRow, *, dead: bool, on: datetime.date) -> bool:
    """Whether somebody else signs and gets the money: for a child, and for somebody who died."""
    born = person.birth_on
    age = on.year - born.year - ((on.month, on.day) < (born.month, born.day))
    return dead or age < FULL_AGE


def reasons(source: Source, on: datetime.date) -> dict[str, tuple[Text, bool]]:
    """The reasons of the packs by code: the name, and whether only the difference is given back."""
    rules = published.rules(source.insurance, source.year)
    facts = RefundFacts(on, source.paid_on or on, None, benefits_drawn=False)
    return {
        code: (name, rules.refund(code, facts).difference_only)
        for code, name in rules.refund_reasons(on)
    }


def reason_names(dues: Iterable[DueRow]) -> dict[UUID, str]:
    """Why each of these refunds is due, in words: what is due unasked, or a reason of the pack; one statement."""
    held = list(dues)
    asked = [one for one in held if one.reason not in REASONS]
    rules = published.rules_of((one.insurance, one.year) for one in asked) if asked else {}
    names = {one.id: str(REASONS.get(one.reason, one.reason)) for one in held}
    for one in asked:
        found = dict(rules[one.insurance, one.year].refund_reasons(one.due_on)).get(one.reason)
        if found:
            names[one.id] = in_language(found)
    return names


def judged(one: Offer, on: datetime.date, *, drawn: bool = False) -> list[Reason]:
    """Every reason for this payment, each with what it gives or why it cannot be taken; two statements.

    Nobody signs for the living, so a death must be on record before an heir asks.
    """
    source = one.source
    rules = published.rules(source.insurance, source.year)
    from_on = cover_from(source)
    facts = RefundFacts(on, source.paid_on or on, from_on, drawn)
    found = [_reason(rules, code, name, source, facts) for code, name in rules.refund_reasons(on)]
    return [
        replace(reason, fault="refund_death_unknown")
        if reason.code == DIED and not reason.fault and not one.dead
        else reason
        for reason in found
    ]


def _reason(rules: Rules, code: str, name: Text, source: Source, facts: RefundFacts) -> Reason:
    answer = rules.refund(code, facts)
    fen = source.back_fen(difference=answer.difference_only)
    fault = "" if answer.allowed else answer.code
    return Reason(
        code, name, fen, fault or ("" if fen else "refund_nothing_above"),
        answer.done_in_working_days,
    )  # fmt: skip


def cover_from(source: Source) -> datetime.date | None:
    """From when the year that was paid for is covered, where it is; one statement."""
    covered = covering.begins([source.person_id])
    return covered.get((source.person_id, source.insurance, source.year))


def papers(reason: str, relation: str, *, dead: bool, is_due: bool) -> list[str]:
    """The papers an ask should carry: card or passbook, proof of the reason, proof of whoever signs.

    What is due already is proven by the book. Source: DOMAIN 2.5.
    """
    kinds = [CARD]
    if dead or reason == DIED:
        kinds.append(DEATH)
    elif not is_due and reason not in _PROVEN_BY_BOOK:
        kinds.append(PROOF)
    if relation in OF_SIGNER:
        kinds.append(OF_SIGNER[relation])
    return kinds


def lacking(case: CaseRow, ask: AskRow, form: PaperRow, here: Iterable[PaperRow]) -> list[str]:
    """The papers an ask still lacks, or has only where nobody can read them, while a desk takes them in.

    Two statements.
    """
    if not scans.takes(case):
        return []
    verdicts = stored.verdicts_of([one.blob_id for one in here if one.blob_id])
    there = {one.kind for one in here if one.blob_id and verdicts.get(one.blob_id) in _READABLE}
    _name, relation = form.fields["signed_by"]
    dead = case.person_id in people.dead([case.person_id])
    wanted = papers(ask.reason, relation, dead=dead, is_due=ask.refund_id is not None)
    return [kind for kind in wanted if kind not in there]


def read_account(one: Offer, account: Account) -> Account:
    """The account in its one written form, in the name it must have.

    Refuses `account_unclear`, `bank_missing`, what names refuse, `account_of_another` where the person
    signs for themself, and `refund_signer_needed` where they cannot.
    """
    read = refund_requests.read_account(account)
    if names.same(read.holder, one.name) == one.another_signs:
        if one.another_signs:
            raise Refused("refund_signer_needed")
        raise Refused("account_of_another", name=one.name)
    return read


def _reach(actor: Actor, on: datetime.date) -> _Reach:
    cases = door.visible(actor).filter(kind=enrolment.KIND)
    mine = list(cases.values_list("id", "person_id", "status"))
    approved = {one for _, one, status in mine if status in {Status.APPROVED, Status.FILED}}
    return _Reach(
        frozenset(case for case, _, _ in mine),
        frozenset(person for _, person, _ in mine),
        frozenset(approved | _children(actor, on)),
    )


def _children(actor: Actor, on: datetime.date) -> set[UUID]:
    """The children of the household that the phone's person belongs to; one statement."""
    if actor.person_id is None:
        return set()
    # Who was born on 29 February is a year older on 1 March.
    day = 28 if (on.month, on.day) == (2, 29) else on.day
    return households.born_after(actor.person_id, on.replace(year=on.year - FULL_AGE, day=day))


def _offers(
    sources: Iterable[Source],
    on: datetime.date,
    reached: Callable[[Mapping[UUID, PersonRow]], set[UUID]],
) -> list[Offer]:
    held = list(sources)
    ids = {one.person_id for one in held}
    persons, dead = people.persons(ids), people.dead(ids)
    mine = reached(persons)
    return [
        Offer(
            one, persons[one.person_id].name, one.person_id in dead,
            another_signs(persons[one.person_id], dead=one.person_id in dead, on=on),
        )
        for one in held
        if one.id in mine
    ]  # fmt: skip
