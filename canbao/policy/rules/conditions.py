"""When a rule speaks: a few questions about a person, all of which must be answered yes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from canbao.policy.rules.person import (
    Document,
    OtherInsurance,
    PersonFacts,
    Residency,
    Signer,
    Student,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """Questions about a person; one that is None is not asked, one that names a set asks for a member."""

    age_from: int | None = None
    age_below: int | None = None
    residency: frozenset[Residency] | None = None
    student: frozenset[Student] | None = None
    document: frozenset[Document] | None = None
    signer: frozenset[Signer] | None = None
    other_insurance: frozenset[OtherInsurance] | None = None
    groups: frozenset[str] | None = None
    group_unproven: bool | None = None

    def holds(self, person: PersonFacts, on: date) -> bool:
        """Say whether all questions asked are answered yes for this person on this day."""
        age = person.age_on(on)
        groups = person.groups_on(on)
        return (
            (self.age_from is None or age >= self.age_from)
            and (self.age_below is None or age < self.age_below)
            and (self.residency is None or person.residency in self.residency)
            and (self.student is None or person.student in self.student)
            and (self.document is None or person.document in self.document)
            and (self.signer is None or person.signer in self.signer)
            and (
                self.other_insurance is None or bool(self.other_insurance & person.other_insurance)
            )
            and (self.groups is None or any(group.code in self.groups for group in groups))
            and (
                self.group_unproven is None
                or self.group_unproven == any(not group.proven for group in groups)
            )
        )

    def asked(self) -> tuple[str, ...]:
        return tuple(name for name in QUESTIONS if getattr(self, name) is not None)

    def wanted(self) -> str:
        """Write the questions as `age_below=16 residency=permit,elsewhere`, the form checks store."""
        return " ".join(f"{name}={_written(getattr(self, name))}" for name in self.asked())

    def found(self, person: PersonFacts, on: date) -> str:
        """Write what the person's facts answer to the same questions."""
        return " ".join(f"{name}={value}" for name, value in self.answers(person, on))

    def answers(self, person: PersonFacts, on: date) -> tuple[tuple[str, str], ...]:
        """Give what the person's facts answer to the questions, each by name."""
        found = {_FACT.get(name, name): _answer(name, person, on) for name in self.asked()}
        return tuple((name, _written(value)) for name, value in found.items())


QUESTIONS: tuple[str, ...] = tuple(Condition.__dataclass_fields__)
_FACT = {"age_from": "age", "age_below": "age"}


def _answer(question: str, person: PersonFacts, on: date) -> object:
    if question in {"age_from", "age_below"}:
        return person.age_on(on)
    if question == "groups":
        return frozenset(group.code for group in person.groups_on(on))
    if question == "group_unproven":
        return any(not group.proven for group in person.groups_on(on))
    return getattr(person, question)


def _written(value: object) -> str:
    if isinstance(value, frozenset):
        return ",".join(sorted(str(member) for member in value)) or "none"
    return str(value).lower() if isinstance(value, bool) else str(value)


def met(conditions: Sequence[Condition], person: PersonFacts, on: date) -> Condition | None:
    """Give the first condition that holds, or None."""
    return next((condition for condition in conditions if condition.holds(person, on)), None)
