"""What is said of one person when an application is handed in."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any
from uuid import UUID

from canbao.papers.marks import Confirmation
from canbao.papers.sheets import Attached
from canbao.people import identities, numbers
from canbao.people.identities import Identity
from canbao.policy.rules.person import (
    Document,
    GroupEvidence,
    OtherInsurance,
    PersonFacts,
    Residency,
    Signer,
    Student,
)


class Channel(StrEnum):
    """How an application came in."""

    PHONE = "phone"
    VILLAGE = "village"
    PAPER = "paper"


_SIGNERS = {"self": Signer.SELF, "parent": Signer.PARENT}


@dataclass(frozen=True, slots=True)
class FamilyLine:
    """One child of an elderly applicant: who, where enrolled, or why not."""

    name: str
    relation: str
    document_kind: str
    number: str
    enrolled: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Claim:
    """One application of one person. `id` is made by the caller and becomes the case's id."""

    id: UUID
    insurance: str
    year: int
    level: str
    identity: Identity
    household_number: str
    relation: str
    residency: str
    student: str
    confirmation: Confirmation
    attached: Sequence[Attached] = ()
    groups: Sequence[str] = ()
    other_insurance: Sequence[str] = ()
    family: Sequence[FamilyLine] = field(default=())
    phone_masked: str = ""

    def facts(self, on: datetime.date) -> PersonFacts:
        """What the policy's rules ask about the person."""
        return PersonFacts(
            birth_on=self.identity.birth_on,
            sex=self.identity.sex,
            document=Document(self.identity.kind),
            residency=Residency(self.residency),
            student=Student(self.student),
            signer=_SIGNERS.get(self.confirmation.relation, Signer.OTHER),
            other_insurance=frozenset(OtherInsurance(one) for one in self.other_insurance),
            groups=tuple(GroupEvidence(code, on) for code in self.groups),
        )

    def fields(self, number_mac: str, masked: str, own_fen: int) -> Mapping[str, Any]:
        """The fields of the registration form; the number only masked and as its keyed hash."""
        who = self.identity
        return {
            "insurance": self.insurance,
            "year": self.year,
            "level": self.level,
            "own_fen": own_fen,
            "name": who.name,
            "sex": who.sex,
            "birth_on": who.birth_on,
            "ethnic": who.ethnic,
            "document_kind": who.kind,
            "number_masked": masked,
            "number_mac": number_mac,
            "village": who.village,
            "household_number": self.household_number,
            "relation": self.relation,
            "address": who.address,
            "living_address": who.living_address,
            "household_nature": who.household_nature,
            "residency": self.residency,
            "student": self.student,
            "groups": list(self.groups),
            "other_insurance": list(self.other_insurance),
            "phone": self.phone_masked,
            "signed_by": [self.confirmation.name, self.confirmation.relation],
            "family": [
                {
                    "name": line.name,
                    "relation": line.relation,
                    "number_masked": numbers.mask(line.number),
                    "number_mac": identities.mac(line.document_kind, line.number),
                    "enrolled": line.enrolled,
                    "reason": line.reason,
                }
                for line in self.family
            ],
        }
