"""The same person twice: by document, by name and birth date, or by a number mistyped once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final
from uuid import UUID

from canbao.people import numbers

_BODY: Final = 17
_ANY: Final = "?"


class Reason(StrEnum):
    """Why two candidates are alike, the strongest first."""

    SAME_DOCUMENT = "same_document"
    SAME_NAME_AND_BIRTH = "same_name_and_birth"
    NEAR_NUMBER = "near_number"


@dataclass(frozen=True, slots=True)
class Candidate:
    """What is compared of a person.

    `document` is anything equal for one document: the canonical string or its HMAC. `number` is the
    18-character number where it is at hand; without it, only the first two reasons are found.
    """

    id: UUID | str | int
    name_key: str
    birth_on: date | None = None
    document: str | bytes | None = None
    number: str | None = None


@dataclass(frozen=True, slots=True)
class Likeness:
    """Two records that may be one person."""

    new_id: UUID | str | int
    existing_id: UUID | str | int
    reason: Reason


def find(new: Iterable[Candidate], existing: Iterable[Candidate]) -> list[Likeness]:
    """Find what is alike between a set and the records that exist; one likeness a pair.

    Indexes the new ones and walks once over the existing ones, so the time grows with the sum of
    both and with what is found. Give the new set again among `existing` to find doubles within it;
    a record is never like itself.
    """
    index = _Index(new)
    return [
        Likeness(found.id, candidate.id, reason)
        for candidate in existing
        for found, reason in index.like(candidate)
        if found.id != candidate.id
    ]


def neighbours(number: str) -> list[str]:
    """The valid numbers one digit or one swap of neighbours away, nearest place to the end first.

    For a number that fails its check digit: look these up in the register to find the one that was
    meant. The number itself is not among them.
    """
    if len(number) != numbers.LENGTH:
        return []
    found = dict.fromkeys(_changed(number))
    return [other for other in found if other != number and numbers.holds(other)]


def near(number: str) -> list[str]:
    """The valid numbers whose first 17 places are one digit or one swap away; about 100.

    For a number that is valid: their HMACs find the records it could be confused with, without
    reading any number in clear. Name or birth date must agree as well.
    """
    if len(number) != numbers.LENGTH:
        return []
    body = number[:_BODY]
    bodies = dict.fromkeys(_changed(body))
    made = (other + numbers.check_digit(other) for other in bodies if other != body)
    return [other for other in made if numbers.holds(other)]


class _Index:
    """The new candidates by everything they may be found by."""

    def __init__(self, candidates: Iterable[Candidate]) -> None:
        self._by_document: dict[str | bytes, list[Candidate]] = defaultdict(list)
        self._by_name_and_birth: dict[tuple[str, date], list[Candidate]] = defaultdict(list)
        self._by_number: dict[str, list[Candidate]] = defaultdict(list)
        for candidate in candidates:
            if candidate.document:
                self._by_document[candidate.document].append(candidate)
            if candidate.name_key and candidate.birth_on:
                key = (candidate.name_key, candidate.birth_on)
                self._by_name_and_birth[key].append(candidate)
            body = _body(candidate)
            if body:
                for pattern in (body, *_patterns(body)):
                    self._by_number[pattern].append(candidate)

    def like(self, candidate: Candidate) -> list[tuple[Candidate, Reason]]:
        found: dict[UUID | str | int, tuple[Candidate, Reason]] = {}
        for other, reason in self._like(candidate):
            found.setdefault(other.id, (other, reason))
        return list(found.values())

    def _like(self, candidate: Candidate) -> Iterator[tuple[Candidate, Reason]]:
        if candidate.document:
            for other in self._by_document.get(candidate.document, ()):
                yield other, Reason.SAME_DOCUMENT
        if candidate.name_key and candidate.birth_on:
            key = (candidate.name_key, candidate.birth_on)
            for other in self._by_name_and_birth.get(key, ()):
                yield other, Reason.SAME_NAME_AND_BIRTH
        body = _body(candidate)
        if body:
            for pattern in (body, *_patterns(body), *_swaps(body)):
                for other in self._by_number.get(pattern, ()):
                    if _agrees(candidate, other):
                        yield other, Reason.NEAR_NUMBER


def _agrees(one: Candidate, other: Candidate) -> bool:
    same_name = bool(one.name_key) and one.name_key == other.name_key
    return same_name or (one.birth_on is not None and one.birth_on == other.birth_on)


def _body(candidate: Candidate) -> str | None:
    number = candidate.number
    return number[:_BODY] if number and len(number) == numbers.LENGTH else None


def _patterns(body: str) -> Iterator[str]:
    """The body with one place left open, so that bodies one digit apart share a pattern."""
    for place in range(_BODY):
        yield body[:place] + _ANY + body[place + 1 :]


def _swaps(text: str) -> Iterator[str]:
    for place in reversed(range(len(text) - 1)):
        if text[place] != text[place + 1]:
            yield text[:place] + text[place + 1] + text[place] + text[place + 2 :]


def _changed(text: str) -> Iterator[str]:
    """Every text one digit or one swap away; the last of 18 places may become an X."""
    for place in reversed(range(len(text))):
        signs = "0123456789X" if place == _BODY else "0123456789"
        for sign in signs:
            yield text[:place] + sign + text[place + 1 :]
    yield from _swaps(text)
