"""What is still missing or wrong with a person of the basket, and the claim it becomes when nothing is."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final
from uuid import UUID

from django.utils.translation import gettext, ngettext

from canbao.cases.claim import Claim, FamilyLine
from canbao.kernel import refusals
from canbao.kernel.refusal import Refused
from canbao.papers import photo
from canbao.papers.marks import Confirmation
from canbao.papers.sheets import Attached
from canbao.people import names, numbers
from canbao.people.identities import Identity
from canbao.policy import words
from canbao.policy.rules.answers import PaperRequirement
from canbao.policy.rules.person import (
    Document,
    GroupEvidence,
    OtherInsurance,
    PersonFacts,
    Residency,
    Signer,
    Student,
)
from canbao.policy.rules.resolved import Rules
from canbao.web.portal.basket import Basket, Person, Sign

# AAC009 of the register, by how the person belongs to the place.
_NATURES: Final = {"rural": "20", "urban": "10", "unified": "50", "permit": "", "elsewhere": ""}
SIGNED_SHEET: Final = "signed_sheet"
# The fault of a photo that an office sent back, whatever a machine says of it.
SENT_BACK: Final = "sent_back"
PROOF: Final = {"proxy": "proxy_proof", "guardian": "guardian_proof"}


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong, in one or two sentences, and the page where it is mended."""

    text: str
    page: str = ""
    mend: str = ""


@dataclass(frozen=True, slots=True)
class Judged:
    """A person with what was found; ready when nothing was."""

    person: Person
    faults: tuple[Fault, ...]
    needless: str = ""
    facts: PersonFacts | None = field(default=None)

    @property
    def ready(self) -> bool:
        """Whether this person can go ahead."""
        return not self.faults and not self.needless


def facts_of(person: Person, on: datetime.date) -> PersonFacts | None:
    """What the rules ask about, or None as long as the birth date is unknown."""
    born = person.born
    if born is None or not person.residency:
        return None
    signer = Signer.SELF
    if person.minor_on(on):
        signer = Signer.PARENT if person.guardian_is == "parent" else Signer.OTHER
    return PersonFacts(
        birth_on=born,
        sex=person.sex or "0",
        document=Document(person.kind),
        residency=Residency(person.residency),
        student=Student(person.student),
        signer=signer,
        other_insurance=frozenset(OtherInsurance(one) for one in person.other),
        groups=tuple(GroupEvidence(code, on) for code in person.groups),
    )


def papers_of(person: Person, rules: Rules, on: datetime.date) -> Sequence[PaperRequirement]:
    """The papers the rules ask this person for."""
    facts = facts_of(person, on)
    return rules.required_papers(facts, on) if facts else ()


def family_asked(person: Person, rules: Rules, on: datetime.date) -> bool:
    """Whether the rules ask for the family-relation form."""
    facts = facts_of(person, on)
    return facts is not None and rules.family_form_required(facts, on) is not None


def number_refused(kind: str, number: str, on: datetime.date, county: str) -> Refused | None:
    """What is wrong with a number of a kind of document, or nothing; an unknown kind is none of it."""
    if kind not in set(numbers.Kind):
        return None
    try:
        numbers.read(numbers.Kind(kind), number, on=on, known_areas={county})
    except Refused as refused:
        return refused
    return None


def number_fault(kind: str, number: str, on: datetime.date, county: str) -> str:
    """The sentence on what is wrong with a number, or nothing."""
    refused = number_refused(kind, number, on, county)
    return refusals.said(refused) if refused else ""


def judged(
    basket: Basket, rules: Rules, on: datetime.date, needless: Mapping[str, str], county: str
) -> list[Judged]:
    """Every person of the basket, each on their own. `needless` names those insured, by number."""
    seen: set[str] = set()
    found = []
    for one in basket.persons:
        faults = _faults(one, rules, on, county)
        twice = one.number and numbers.canonical(one.kind, one.number) in seen
        if twice:
            text = gettext("This number stands on another person of this list already.")
            faults = (Fault(text, "who", gettext("Change the number")), *faults)
        if one.number:
            seen.add(numbers.canonical(one.kind, one.number))
        found.append(Judged(one, faults, needless.get(one.number, ""), facts_of(one, on)))
    return found


def _faults(person: Person, rules: Rules, on: datetime.date, county: str) -> tuple[Fault, ...]:
    who = _who(person, on, county)
    if who:
        return (who,)
    if not (person.village and person.residency and person.address):
        return (Fault(gettext("It is not said yet where this person lives."), "home_of", _go_on()),)
    facts = facts_of(person, on)
    if facts is None or not person.ethnic:
        return (Fault(gettext("A few answers are still missing."), "more", _go_on()),)
    refusing = rules.refusals(facts, on)
    if refusing:
        return tuple(
            Fault(words.in_language(one.says), "more", gettext("Look at the answers again"))
            for one in refusing
        )
    return tuple(_later(person, rules, on))


def _who(person: Person, on: datetime.date, county: str) -> Fault | None:
    try:
        names.read(person.name)
    except Refused as refused:
        return Fault(refusals.said(refused), "who", gettext("Change the name"))
    if not person.number:
        return Fault(
            gettext("The number has to be entered again. Look at the document."),
            "who",
            gettext("Enter the number"),
        )
    said = number_fault(person.kind, person.number, on, county)
    return Fault(said, "who", gettext("Change the number")) if said else None


def _later(person: Person, rules: Rules, on: datetime.date) -> list[Fault]:
    found = []
    if person.minor_on(on) and not person.guardian:
        text = gettext("It is not said yet who signs for this child.")
        found.append(Fault(text, "more", _go_on()))
    if not person.level or person.level not in _open_to(person, rules, on):
        text = gettext("It is not chosen yet how this person is insured.")
        found.append(Fault(text, "level", gettext("Choose")))
    if family_asked(person, rules, on) and not person.family_done:
        text = gettext("The children of this person are not listed yet.")
        found.append(Fault(text, "family", _go_on()))
    lacking = [one for one in papers_of(person, rules, on) if not good(person, one.code)]
    if lacking and not person.brings:
        text = ngettext(
            "%(count)s photo is missing or cannot be read.",
            "%(count)s photos are missing or cannot be read.",
            len(lacking),
        ) % {"count": len(lacking)}
        found.append(Fault(text, "photos", gettext("Take the photos")))
    return found


def _open_to(person: Person, rules: Rules, on: datetime.date) -> set[str]:
    """The levels that take the person."""
    facts = facts_of(person, on)
    return {one.code for one in rules.levels_open_to(facts, on)} if facts else set()


def _go_on() -> str:
    return gettext("Go on filling in")


def paper_fault(code: str) -> str:
    """What is wrong with a photo, in a sentence."""
    if code == SENT_BACK:
        return gettext("An office sent this one back. Take it again.")
    return str(photo.FAULTS[code])


def good(person: Person, code: str) -> bool:
    """Whether a paper is there and a machine finds nothing wrong with it."""
    sent = person.photos.get(code)
    return sent is not None and not sent.fault


def claim(basket: Basket, person: Person, phone_masked: str) -> Claim:
    """The person as an operation takes them. The person is ready and has signed."""
    sign = person.sign
    born = person.born
    if sign is None or born is None:
        raise Refused("not_signed")
    return Claim(
        id=person.id,
        insurance=basket.insurance,
        year=basket.year,
        level=person.level,
        identity=Identity(
            person.kind, person.number, person.name, person.sex or "0", born, person.ethnic,
            person.village, person.address, person.living_address, _NATURES[person.residency],
            basket.phone,
        ),
        household_number=person.household_number,
        relation=person.relation,
        residency=person.residency,
        student=person.student,
        confirmation=Confirmation(
            sign.how,
            sign.name,
            sign.relation,
            UUID(sign.blob) if sign.blob else None,
            UUID(sign.evidence) if sign.evidence else None,
        ),
        attached=_attached(person, sign),
        groups=person.groups,
        other_insurance=person.other,
        family=[
            FamilyLine(one.name, one.relation, one.kind, one.number, one.enrolled, one.reason)
            for one in person.family
        ],
        phone_masked=phone_masked,
    )  # fmt: skip


def _attached(person: Person, sign: Sign) -> list[Attached]:
    found = [
        Attached(kind, page, UUID(blob))
        for kind, photo in sorted(person.photos.items())
        for page, blob in enumerate(photo.blobs, 1)
    ]
    if sign.how == "paper" and sign.blob:
        found.append(Attached(SIGNED_SHEET, 1, UUID(sign.blob)))
    proof = PROOF.get(sign.relation, "")
    if sign.evidence and proof and proof not in person.photos:
        found.append(Attached(proof, 1, UUID(sign.evidence)))
    return found


def read_number(person: Person, on: datetime.date, county: str) -> dict[str, Any]:
    """What a sound number says: its written form, birth date and sex; empty where it is not sound."""
    try:
        read = numbers.read(numbers.Kind(person.kind), person.number, on=on, known_areas={county})
    except Refused:
        return {}
    said: dict[str, Any] = {"number": read.number}
    if read.birth_on:
        said["birth_on"] = read.birth_on.isoformat()
    if read.sex:
        said["sex"] = str(read.sex)
    return said
