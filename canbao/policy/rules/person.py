"""What the rules ask about a person: plain facts, gathered by the rooms that hold them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum


class Insurance(StrEnum):
    """The residents' schemes, by their national code (险种, DOMAIN 4.4 and 4.5)."""

    PENSION = "170"
    MEDICAL = "390"


class Residency(StrEnum):
    """How a person belongs to the place: registered household by nature, permit, or not at all."""

    RURAL = "rural"
    URBAN = "urban"
    UNIFIED = "unified"
    PERMIT = "permit"
    ELSEWHERE = "elsewhere"


class Student(StrEnum):
    """Where a person is taught."""

    NONE = "none"
    KINDERGARTEN = "kindergarten"
    SCHOOL = "school"
    UNIVERSITY = "university"


class Document(StrEnum):
    """The kind of paper that proves who a person is."""

    ID_CARD = "id_card"
    RESIDENCE_PERMIT = "residence_permit"
    FOREIGN_CARD = "foreign_card"
    HONG_KONG_PERMIT = "hong_kong_permit"
    MACAU_PERMIT = "macau_permit"
    TAIWAN_PERMIT = "taiwan_permit"
    PASSPORT = "passport"
    CHINESE_PASSPORT = "chinese_passport"
    BIRTH_CERTIFICATE = "birth_certificate"


class OtherInsurance(StrEnum):
    """A scheme beside the residents' ones that a person belongs to."""

    EMPLOYEES_PENSION = "employees_pension"
    CIVIL_SERVICE_PENSION = "civil_service_pension"
    EMPLOYEES_MEDICAL = "employees_medical"
    RESIDENTS_ELSEWHERE = "residents_elsewhere"


class Signer(StrEnum):
    """Who signs for a person who cannot sign alone."""

    SELF = "self"
    PARENT = "parent"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class GroupEvidence:
    """That a person says to be in a special group; `proven` by a department's list or an accepted paper."""

    code: str
    from_on: date
    to_on: date | None = None
    proven: bool = False
    evidence: str = ""

    def holds_on(self, on: date) -> bool:
        return self.from_on <= on and (self.to_on is None or on <= self.to_on)


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonFacts:
    """Everything the rules may ask about a person."""

    birth_on: date
    sex: str = "0"
    document: Document = Document.ID_CARD
    residency: Residency = Residency.RURAL
    student: Student = Student.NONE
    signer: Signer = Signer.SELF
    other_insurance: frozenset[OtherInsurance] = frozenset()
    groups: tuple[GroupEvidence, ...] = ()
    last_level: str | None = None

    def age_on(self, on: date) -> int:
        """Whole years; somebody born on 29 February is a year older on 1 March."""
        return (
            on.year
            - self.birth_on.year
            - ((on.month, on.day) < (self.birth_on.month, self.birth_on.day))
        )

    def groups_on(self, on: date) -> tuple[GroupEvidence, ...]:
        return tuple(evidence for evidence in self.groups if evidence.holds_on(on))

    def as_proven(self) -> PersonFacts:
        """The same person with the groups that are only claimed left out."""
        return replace(self, groups=tuple(one for one in self.groups if one.proven))

    def alike_on(self, on: date) -> tuple[object, ...]:
        """Everything a rule may ask on a day: people with equal answers get equal prices and papers."""
        age = self.age_on(on)
        return (
            age,
            self.birth_on if age < 1 else None,
            self.sex,
            self.document,
            self.residency,
            self.student,
            self.signer,
            self.other_insurance,
            self.groups_on(on),
            self.last_level,
        )
