"""Enrolment: the checks a rule can make, and what follows from the county's yes."""

from __future__ import annotations

import datetime
import json
from collections.abc import Callable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from canbao.cases import advance
from canbao.cases.claim import Claim
from canbao.cases.door import CaseRow
from canbao.cases.flow import APPLICANT, Status, Step
from canbao.cases.kinds.verdicts import AGREES, DIFFERS, MISSING, UNSURE, Finding
from canbao.insured import opening
from canbao.kernel import clock
from canbao.kernel.actor import Actor
from canbao.kernel.taken import Taken
from canbao.papers.sheets import BlobRow
from canbao.papers.tables import Paper
from canbao.payments import charges
from canbao.payments.refunds import Reason
from canbao.people import codes, confirmed, phones
from canbao.people.identities import Known
from canbao.people.register import Entry
from canbao.policy import published
from canbao.policy.rules import trace
from canbao.policy.rules.answers import Price, RuleFinding
from canbao.policy.rules.person import (
    Document,
    GroupEvidence,
    PersonFacts,
    Residency,
    Student,
)
from canbao.policy.rules.resolved import FAMILY_FORM, Rules

KIND: Final = "enrolment"
# Desks at which an application can no longer be taken back.
FIXED_AT: Final[frozenset[str]] = frozenset()


@dataclass(frozen=True, slots=True)
class Judged:
    """What the rules say of a person, and of everybody like them."""

    price: Price
    level_fits: bool
    refusals: Sequence[RuleFinding]
    papers_asked: AbstractSet[str]
    family_form: bool


def judge(rules: Rules, facts: PersonFacts, level: str, on: datetime.date) -> Judged:
    """Price, whether the level takes them, refusals and papers of a person on a day. Refuses as `Rules.price`."""
    asked = {paper.code for paper in rules.papers_asked(facts, on)}
    return Judged(
        price=rules.price(facts, level, on),
        level_fits=level in {one.code for one in rules.levels_open_to(facts, on)},
        refusals=rules.refusals(facts, on),
        papers_asked=asked - {FAMILY_FORM},
        family_form=FAMILY_FORM in asked,
    )


@dataclass(frozen=True, slots=True)
class Compared:
    """Everything the rules compare a claim with."""

    claim: Claim
    known: Known
    number_mac: str
    masked: str
    register: Entry | None
    # Whom the register knows in the person's household, where a parent signs.
    household: Sequence[Entry]
    rules: Rules
    judged: Judged
    files: Mapping[UUID, BlobRow]
    insured_elsewhere: Sequence[str]
    alike: Sequence[str]
    on: datetime.date


def _complete(it: Compared) -> Finding:
    who = it.claim.identity
    blank = [
        name
        for name, value in (
            ("name", who.name), ("address", who.address), ("village", who.village),
            ("household_number", it.claim.household_number), ("level", it.claim.level),
        )
        if not value
    ]  # fmt: skip
    return Finding("complete", MISSING if blank else AGREES, ", ".join(blank), "")


def _number_valid(it: Compared) -> Finding:
    # A number that fails its check digit never gets here: it is refused before anybody signs.
    return Finding("number_valid", AGREES, it.masked, it.masked, it.claim.identity.kind)


def _birth_sex(it: Compared) -> Finding:
    who = it.claim.identity
    given = f"{who.birth_on} {who.sex}"
    if who.kind not in {"id_card", "residence_permit"}:
        return Finding("birth_sex_agree", UNSURE, given, "")
    number = who.number
    found = f"{number[6:10]}-{number[10:12]}-{number[12:14]} {2 - int(number[16]) % 2}"
    return Finding("birth_sex_agree", AGREES if given == found else DIFFERS, given, found)


def _register(it: Compared) -> Finding:
    who, entry = it.claim.identity, it.register
    given = (who.name, str(who.birth_on), who.sex, who.village, _plain(it.claim.household_number))
    if entry is None:
        return Finding("register_agrees", MISSING, " ".join(given), "")
    found = (
        entry.name, str(entry.birth_on), entry.sex, entry.village, _plain(entry.household_number),
    )  # fmt: skip
    # Whoever is let into a household by a number that is not theirs would see what its people pay.
    same = given[:-1] == found[:-1] and given[-1].lstrip("0") == found[-1].lstrip("0")
    return Finding("register_agrees", AGREES if same else DIFFERS, " ".join(given), " ".join(found))


def _plain(household_number: str) -> str:
    """Without blanks: the line that is kept is read again from its end, and only the name may hold some."""
    return "".join(household_number.split()) or "-"


def _eligible(it: Compared) -> Finding:
    if it.judged.refusals:
        first = it.judged.refusals[0]
        return Finding("eligible", DIFFERS, first.found, first.wanted, first.code)
    return Finding("eligible", AGREES, "", "")


def _not_enrolled(it: Compared) -> Finding:
    other = ", ".join(it.insured_elsewhere)
    return Finding("not_enrolled", DIFFERS if other else AGREES, it.claim.insurance, other)


def _unlike_others(it: Compared) -> Finding:
    alike = ", ".join(it.alike)
    return Finding("unlike_others", UNSURE if alike else AGREES, it.masked, alike)


def _level(it: Compared) -> Finding:
    given = f"{it.judged.price.level} {it.judged.price.own_fen}"
    state = AGREES if it.judged.price.confirmed else UNSURE
    return Finding("level_in_pack", state, given, f"{it.rules.place} {it.rules.year}")


def _papers(it: Compared) -> Finding:
    there = {one.kind for one in it.claim.attached}
    missing = sorted(it.judged.papers_asked - there)
    return Finding(
        "papers_present",
        MISSING if missing else AGREES,
        ", ".join(sorted(there)),
        ", ".join(missing),
    )


def _readable(it: Compared) -> Finding:
    bad = [
        f"{one.kind} {it.files[one.blob_id].verdict}"
        for one in it.claim.attached
        if it.files[one.blob_id].verdict not in {"", "good"}
    ]
    return Finding("papers_readable", UNSURE if bad else AGREES, ", ".join(bad), "")


def _signer(it: Compared) -> Finding | None:
    """Whether the register knows who signs as a parent for one; of others nothing is asked."""
    signer = it.claim.confirmation
    if signer.relation != "parent":
        return None
    child = it.register
    parents = _PARENTS_OF.get(_generation(child.relation)) if child else None
    known = next((one for one in it.household if one.name == signer.name), None)
    if child is None or parents is None or known is None:
        return Finding("signer_is_parent", UNSURE, signer.name, "")
    fits = known.relation in parents and known.birth_on < child.birth_on
    return Finding(
        "signer_is_parent", AGREES if fits else DIFFERS, signer.name,
        f"{known.relation} {child.relation}",
    )  # fmt: skip


def _generation(relation: str) -> str:
    if relation in codes.CHILDREN:
        return "child"
    return "grandchild" if relation in codes.GRANDCHILDREN else ""


# By a child's own generation in the booklet, who in it can be father or mother.
_PARENTS_OF: Final[Mapping[str, AbstractSet[str]]] = {
    "child": {codes.HEAD_SELF, codes.HEAD, *codes.SPOUSES},
    "grandchild": codes.CHILDREN | codes.CHILDREN_IN_LAW,
}
CHECKS: Final[Mapping[str, Callable[[Compared], Finding | None]]] = {
    "signer_is_parent": _signer,
    "complete": _complete,
    "number_valid": _number_valid,
    "birth_sex_agree": _birth_sex,
    "register_agrees": _register,
    "eligible": _eligible,
    "not_enrolled": _not_enrolled,
    "unlike_others": _unlike_others,
    "level_in_pack": _level,
    "papers_present": _papers,
    "papers_readable": _readable,
}


def check(items: Sequence[str], compared: Compared) -> list[Finding]:
    """Make the automatic checks of a flow on one claim; what does not concern it is left out."""
    found = (CHECKS[item](compared) for item in items)
    return [one for one in found if one is not None]


def follow(
    actor: Actor,
    cases: Taken[CaseRow],
    steps: Mapping[UUID, Step],
    noted: Mapping[UUID, str],
    at: clock.Instant,
) -> None:
    """What follows from a decision: the enrolment is opened, or an advance falls due to be given back."""
    del noted
    approved = [one for one, step in steps.items() if step.status is Status.APPROVED]
    establish(actor, cases, approved, at)
    refused = [one for one, step in steps.items() if step.status is Status.REFUSED]
    advance.fall_due(actor, dict.fromkeys(refused, Reason.REFUSED), at)


def withdrawn(actor: Actor, case_ids: Sequence[UUID], at: clock.Instant) -> None:
    """Make the advances of cases that were taken back a refund due."""
    advance.fall_due(actor, dict.fromkeys(case_ids, Reason.WITHDRAWN), at)


def reopened(actor: Actor, cases: Taken[CaseRow], at: clock.Instant) -> None:
    """Nothing waits for an enrolment that is looked at anew: an advance was given back."""
    del actor, cases, at


def told(step: Step) -> str:
    """The message that a decision sends, if it sends one."""
    if step.to == APPLICANT:
        return "returned"
    return str(step.status) if step.status in {Status.REFUSED, Status.APPROVED} else ""


def establish(
    actor: Actor, cases: Taken[CaseRow], approved: Sequence[UUID], at: clock.Instant
) -> None:
    """Open what the county's yes opens, and write what was confirmed into the person's record.

    What was paid in advance becomes the payment. A case whose person became insured meanwhile is refused as `already_enrolled` and stays.
    """
    if not approved:
        return
    content = _contents(approved)
    prices = _prices(cases, content, clock.on(at))
    openings = [
        opening.Opening(
            case_id=case.id,
            person_id=case.person_id,
            insurance=case.insurance,
            year=case.year,
            level=case.level,
            residency=content[case.id]["fields"]["residency"],
            student=content[case.id]["fields"]["student"],
            own_fen=prices[case.id][0].own_fen,
            pack_sha256=prices[case.id][0].fingerprint,
        )
        for case in (cases[one] for one in approved)
    ]
    opened = opening.open_for(openings, at)
    for one in approved:
        if one not in opened:
            cases.refuse(one, "already_enrolled")
    confirmed.write(
        [
            confirmed.Confirmed(
                cases[one].person_id,
                one,
                cases[one].village,
                content[one]["fields"],
                cases[one].number,
            )
            for one in approved
            if one in opened
        ],
        at,
    )
    charges.make(
        [
            charges.Draft(
                one.person_id,
                cases[one.case_id].village,
                cases[one.case_id].household_number,
                *prices[one.case_id],
            )
            for one in openings
            if one.case_id in opened
        ],
        charges.MadeBy.APPROVAL,
        at,
    )
    advance.become_payment(actor, cases, [one for one in approved if one in opened], at)
    signers: dict[UUID, tuple[UUID, str]] = {}
    for one in approved:
        contact = cases[one].contact_id if one in opened else None
        fields = content[one]["fields"]
        if contact is not None and fields["signed_by"][1] == "self":
            signers.setdefault(contact, (cases[one].person_id, fields["phone"]))
    if signers:
        phones.bind_confirmed(signers, at)


def _prices(
    cases: Taken[CaseRow], content: Mapping[UUID, Any], on: datetime.date
) -> dict[UUID, tuple[Price, str]]:
    """What each of these persons pays as the county confirmed them, and its trace as text.

    Groups that the county accepted lower the price; people who are alike share one.
    """
    found: dict[tuple[object, ...], tuple[Price, str]] = {}
    rules = {
        pair: published.rules(*pair)
        for pair in {(cases[one].insurance, cases[one].year) for one in content}
    }
    prices = {}
    for one, sheet in content.items():
        case, fields = cases[one], sheet["fields"]
        facts = PersonFacts(
            birth_on=datetime.date.fromisoformat(fields["birth_on"]),
            sex=fields["sex"],
            document=Document(fields["document_kind"]),
            residency=Residency(fields["residency"]),
            student=Student(fields["student"]),
            groups=tuple(
                GroupEvidence(code, on, proven=True, evidence=case.number)
                for code in fields["groups"]
            ),
        )
        alike = (case.insurance, case.year, case.level, facts.alike_on(on))
        if alike not in found:
            price = rules[case.insurance, case.year].price(facts, case.level, on)
            found[alike] = (price, trace.write(price))
        prices[one] = found[alike]
    return prices


def _contents(case_ids: Sequence[UUID]) -> dict[UUID, Any]:
    found = (
        Paper.here.filter(subject_id__in=case_ids, replaced_by=None)
        .exclude(form="")
        .values_list("subject_id", "content")
    )
    return {subject: json.loads(content) for subject, content in found}
