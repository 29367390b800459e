"""The day's end on the page of cash: notes typed, what they come to, what the book says, and the close."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext, ngettext

from canbao.kernel import clock, refusals
from canbao.kernel.actor import Actor
from canbao.kernel.refusal import Refused
from canbao.payments.channels.cash import days, handing, queries
from canbao.payments.channels.cash.queries import DayLine
from canbao.payments.channels.cash.today import Today, today_of
from canbao.web.access import key_of
from canbao.web.counter import words
from canbao.web.theme import format as say

ACTS: Final = frozenset({"count_notes", "close", "offer"})
LONGEST_COUNT: Final = 6


@dataclass(frozen=True, slots=True)
class Typed:
    """What was typed into one count: notes by their value in fen as text, the reason, and why it did not go."""

    insurance: str
    notes: Mapping[int, str]
    reason: str = ""
    fault: str = ""

    @property
    def counts(self) -> dict[int, int] | None:
        """The notes as figures; None where something is no figure."""
        plain = {value: text or "0" for value, text in self.notes.items()}
        if not all(one.isascii() and one.isdigit() for one in plain.values()):
            return None
        return {value: int(text) for value, text in plain.items()}

    def counted(self) -> dict[int, int]:
        """The notes as figures. Refuses `notes_unclear`."""
        if self.counts is None:
            raise Refused("notes_unclear")
        return self.counts


@dataclass(frozen=True, slots=True)
class Count:
    """One insurance's day as the page draws it."""

    insurance: str
    today: Today | None
    lines: list[tuple[int, str, int]]
    counted_fen: int | None
    reason: str
    fault: str

    @property
    def name(self) -> str:
        """The insurance's name."""
        return words.insurance(self.insurance)

    @property
    def written(self) -> str:
        """The numbers of the receipts, block by block, and how many there are."""
        if self.today is None:
            return ""
        runs = [
            gettext("%(first)s to %(last)s")
            % {"first": words.number(one.first), "last": words.number(one.last)}
            if one.first != one.last
            else words.number(one.first)
            for one in self.today.runs
        ]
        many = ngettext("%(number)s receipt", "%(number)s receipts", self.today.receipts)
        return say.facts(say.listed(runs), many % {"number": self.today.receipts})

    @property
    def gone(self) -> list[tuple[str, str, UUID | None]]:
        """Numbers that stand for no money: each with what became of it and why, and its receipt if it has one."""
        if self.today is None:
            return []
        return [
            (
                words.number(one.number),
                gettext("%(what)s: %(reason)s")
                % {"what": words.NUMBERS[one.why][0], "reason": one.reason},
                one.receipt_id,
            )
            for one in self.today.gone
        ]

    @property
    def expected_fen(self) -> int:
        """What the book says is in the hand."""
        return self.today.expected_fen if self.today else 0

    @property
    def difference_fen(self) -> int | None:
        """Too much, or too little where negative, once it is counted."""
        return None if self.counted_fen is None else self.counted_fen - self.expected_fen

    @property
    def short_fen(self) -> int:
        """By how much it is off, without a sign."""
        return abs(self.difference_fen or 0)


@dataclass(frozen=True, slots=True)
class ToHandOver:
    """Closed days of one insurance whose cash is still in the hand, and within how many days it must be banked."""

    insurance: str
    days: Sequence[DayLine]
    limit: int | None

    @property
    def name(self) -> str:
        """The insurance's name."""
        return words.insurance(self.insurance)

    @property
    def fen(self) -> int:
        """What was counted."""
        return sum(one.counted_fen for one in self.days)

    @property
    def bank_by(self) -> datetime.date | None:
        """The last day on which it may come to the bank."""
        if self.limit is None:
            return None
        return min(one.oldest_on for one in self.days) + datetime.timedelta(days=self.limit)


def answer(
    request: HttpRequest, actor: Actor, act: str
) -> tuple[HttpResponse | None, Typed | None]:
    """Count, close or hand over; a fault comes back with what was typed."""
    insurance = request.POST.get("insurance", "")
    typed = Typed(
        insurance,
        {
            value: request.POST.get(f"note_{value}", "").strip()[:LONGEST_COUNT]
            for value in days.DENOMINATIONS
        },
        request.POST.get("reason", "").replace("\0", "")[: days.LONGEST_REASON],
    )
    if act == "count_notes":
        fault = refusals.say("notes_unclear") if typed.counts is None else ""
        return None, _with(typed, fault)
    here = reverse("cash", args=[actor.county])
    try:
        if act == "offer":
            outcome = handing.offer(actor, insurance, at=clock.now(), key=key_of(request, actor))
            target = reverse("handover", args=[actor.county, outcome.done[0]])
            return HttpResponseRedirect(target, status=303), None
        days.close(
            actor, insurance, clock.today(), typed.counted(), typed.reason, at=clock.now(),
            key=key_of(request, actor),
        )  # fmt: skip
    except Refused as refused:
        if refused.code in {"not_found", "page_too_old"}:
            raise
        return None, _with(typed, refusals.said(refused))
    messages.success(request, gettext("The day is closed. Write the slip and hand the cash over."))
    return HttpResponseRedirect(here, status=303), None


def _with(typed: Typed, fault: str) -> Typed:
    return Typed(typed.insurance, typed.notes, typed.reason, fault)


def shown(actor: Actor, typed: Typed | None) -> dict[str, Any]:
    """What the page draws of the day: counts by insurance, closed days to hand over, slips on the way."""
    today = {one.insurance: one for one in today_of(actor)}
    closed = queries.closed_days(collector_id=actor.id, open_only=True)
    if typed is not None and typed.insurance in actor.insurances:
        today.setdefault(typed.insurance, _nothing(typed.insurance))
    counts = [_count(one, typed) for one in today.values()]
    waiting = [one for one in closed if one.handover_id is None and one.counted_fen]
    back = queries.slips(collector_id=actor.id)[:1] if waiting else []
    kinds = sorted({one.insurance for one in waiting}, reverse=True)
    limit = queries.limits({*_old_insurances(today, closed), *kinds}, clock.today())
    return {
        "counts": counts,
        "receiver": handing.receiver_of(actor) if waiting else None,
        "to_hand_over": [
            ToHandOver(one, [day for day in waiting if day.insurance == one], limit.get(one))
            for one in kinds
        ],
        "sent_back": next((one for one in back if one.state == handing.REFUSED), None),
        "on_the_way": [one for one in closed if one.handover_id is not None],
        "oldest": _oldest(today, closed),
        "late": _late(today, closed, limit),
    }  # fmt: skip


def _nothing(insurance: str) -> Today:
    return Today(insurance, 0, (), 0, 0, clock.today())


def _count(today: Today, typed: Typed | None) -> Count:
    mine = typed if typed is not None and typed.insurance == today.insurance else None
    counts = mine.counts if mine else None
    lines = [
        (value, mine.notes[value] if mine else "", value * (counts or {}).get(value, 0))
        for value in days.DENOMINATIONS
    ]
    return Count(
        today.insurance, today, lines, sum(fen for *_, fen in lines) if counts is not None else None,
        mine.reason if mine else "", mine.fault if mine else "",
    )  # fmt: skip


def _dates(today: Mapping[str, Today], closed: list[DayLine]) -> list[tuple[str, datetime.date]]:
    return [
        *((one.insurance, one.oldest_on) for one in today.values() if one.expected_fen),
        *((one.insurance, one.oldest_on) for one in closed if one.counted_fen),
    ]


def _old_insurances(today: Mapping[str, Today], closed: list[DayLine]) -> set[str]:
    """Insurances whose cash is not of today: only for these the limit must be asked."""
    return {one for one, oldest in _dates(today, closed) if oldest < clock.today()}


def _oldest(today: Mapping[str, Today], closed: list[DayLine]) -> datetime.date | None:
    return min((oldest for _, oldest in _dates(today, closed)), default=None)


def _late(
    today: Mapping[str, Today], closed: list[DayLine], limit: Mapping[str, int]
) -> int | None:
    """The limit in days where some cash is older than it."""
    late = [
        limit[one]
        for one, oldest in _dates(today, closed)
        if one in limit and (clock.today() - oldest).days > limit[one]
    ]
    return min(late) if late else None
