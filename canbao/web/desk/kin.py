"""The children on a family-relation form, each beside what the register and canbao say."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext

from canbao.cases.family import Child
from canbao.kernel import clock
from canbao.people import codes
from canbao.web.desk import words
from canbao.web.theme import format as say
from canbao.web.theme.pieces import Compared


@dataclass(frozen=True, slots=True)
class Card:
    """One child as the comparison is drawn."""

    title: str
    rows: Sequence[Compared]


def sources() -> list[str]:
    """The heads of the comparison's columns."""
    return [gettext("Form"), gettext("Register and canbao")]


def cards(children: Sequence[Child]) -> list[Card]:
    """A comparison for each child: name, number, insurance, and the verdict in words."""
    return [
        Card(f"{one.name} · {codes.RELATION.label(one.relation)}", _rows(one)) for one in children
    ]


def differences(children: Sequence[Child]) -> list[str]:
    """A sentence for each child of whom a record says something else than the form."""
    return [
        gettext("By rule: what the form says of %(name)s does not agree") % {"name": one.name}
        for one in children
        if one.differs
    ]


def _rows(child: Child) -> list[Compared]:
    there = child.registered is not None
    unknown = "" if there else gettext("not in the register")
    return [
        Compared(
            gettext("Name"), [child.name, child.registered],
            same=child.registered == child.name, unsure=unknown,
        ),
        Compared(
            gettext("Number"), [child.masked, child.masked if there else None],
            same=there, unsure=unknown,
        ),
        Compared(
            gettext("Insured or not"), [_said(child), _found(child)], same=child.cover_agrees is True,
            unsure=gettext("ask for a proof") if child.cover_agrees is None else "",
            sentences=True,
        ),
    ]  # fmt: skip


def _said(child: Child) -> str | None:
    if child.enrolled:
        return gettext("Insured: %(where)s") % {"where": child.enrolled}
    return gettext("Not insured: %(why)s") % {"why": child.reason} if child.reason else None


def _found(child: Child) -> str:
    found = [
        gettext("%(insurance)s, insured since %(day)s")
        % {
            "insurance": words.INSURANCES[one.insurance],
            "day": say.day(one.from_on, today=clock.today()),
        }
        for one in child.insured
    ]
    found += [
        gettext("%(insurance)s, applied for, now with: %(desk)s")
        % {"insurance": words.INSURANCES[one.insurance], "desk": words.DESKS[one.desk]}
        for one in child.applied
    ]
    return " · ".join(found) or gettext("Not insured in this county")
