"""How far a season is: counts by place, the curve beside last year's, why people have not paid, who dropped out.

Counts come from an index of the charges alone; no statement's number grows with the county.
"""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from django.db.models import Count, Exists, F, OuterRef, Q, Value, Window
from django.db.models.functions import RowNumber

from canbao.kernel import office, part
from canbao.kernel.actor import Actor
from canbao.kernel.part import Part
from canbao.kernel.tables import Region
from canbao.payments.charges import State
from canbao.payments.tables import Asked, Charge, DropOut, Season

LARGEST_LIST: Final = 2_000


@dataclass(frozen=True, slots=True)
class Place:
    """A township or village, with the villages that count as it, merged ones included."""

    code: str
    name: str
    villages: frozenset[str]
    is_village: bool
    # Who is posted at the village, where that was asked for.
    who: str = ""


@dataclass(frozen=True, slots=True)
class Tally:
    """How many of a place are to be insured, have paid, are paid for, have not paid, and dropped out."""

    place: Place
    paid: int = 0
    paid_for: int = 0
    unpaid: int = 0
    dropped: int = 0

    @property
    def target(self) -> int:
        """Everybody who is charged."""
        return self.paid + self.paid_for + self.unpaid

    @property
    def settled(self) -> int:
        """Paid by themselves or by others."""
        return self.paid + self.paid_for

    @property
    def permille(self) -> int:
        """How many of a thousand are settled."""
        return self.settled * 1000 // self.target if self.target else 0


@dataclass(frozen=True, slots=True)
class Point:
    """How many were settled by the end of a day, and on the same day of the season before."""

    on: datetime.date
    settled: int | None
    before: int


@dataclass(frozen=True, slots=True)
class Lost:
    """Somebody insured before whom the season did not charge."""

    name: str
    village: str
    household_number: str
    reason: str
    detail: str


def places(actor: Actor, posted_on: datetime.date | None = None) -> dict[str, Place]:
    """Townships and villages within the actor's reach, by code; one statement, with who is posted there on a day.

    The county's officers see townships with villages below, a township its villages, a village itself.
    """
    who: Any = Value("") if posted_on is None else office.village_officers(posted_on)
    rows = list(
        Region.here.filter(level__in=["township", "village"])
        .order_by("code")
        .values_list("code", "name", "level", "parent_code", "succeeded_by", "to_on", who)
    )
    known = {code: tuple(facts) for code, *facts in rows}
    below: dict[str, set[str]] = defaultdict(set)
    for code, (_, level, *_rest) in known.items():
        if level != "village" or not (actor.villages is None or code in actor.villages):
            continue
        now = _now(code, known)
        below[now].add(code)
        township = known[now][2] if now in known else ""
        below[township].add(code)
    return {
        code: Place(code, name, frozenset(below[code]), level == "village", who or "")
        for code, (name, level, _, into, to_on, who) in known.items()
        if code in below and not into and to_on is None
    }


def _now(code: str, known: Mapping[str, tuple[Any, ...]]) -> str:
    """The region that a merged one became."""
    seen = set()
    while code in known and known[code][3] and code not in seen:
        seen.add(code)
        code = known[code][3]
    return code


def shown_below(found: Mapping[str, Place], code: str, actor: Actor) -> list[Place]:
    """The places that a page lists for a place: townships of the county, villages of a township."""
    if not code and actor.villages is None:
        return [one for one in found.values() if not one.is_village]
    reach = found[code].villages if code else None
    return [
        one for one in found.values() if one.is_village and (reach is None or one.code in reach)
    ]


def _of(model: Any, insurance: str, year: int, villages: frozenset[str] | None) -> Any:
    found = model.here.filter(insurance=insurance, year=year)
    return found if villages is None else found.filter(village__in=sorted(villages))


def tallies(
    insurance: str, year: int, listed: Sequence[Place], villages: frozenset[str] | None
) -> list[Tally]:
    """What stands in each place, the slowest first; two statements."""
    of_village = {village: one.code for one in listed for village in one.villages}
    found = {one.code: Tally(one) for one in listed}
    counted = (
        _of(Charge, insurance, year, villages)
        .exclude(state=State.CANCELLED)
        .values("village")
        .annotate(
            paid=Count("village", filter=Q(state=State.SETTLED, own_fen__gt=0)),
            paid_for=Count("village", filter=Q(state=State.SETTLED, own_fen=0)),
            unpaid=Count("village", filter=Q(state=State.OPEN)),
        )
    )
    for row in counted:
        code = of_village.get(row["village"])
        if code is not None:
            had = found[code]
            found[code] = replace(
                had,
                paid=had.paid + row["paid"],
                paid_for=had.paid_for + row["paid_for"],
                unpaid=had.unpaid + row["unpaid"],
            )
    for village, count in (
        _dropped(insurance, year, villages).values_list("village").annotate(number=Count("*"))
    ):
        code = of_village.get(village)
        if code is not None:
            found[code] = replace(found[code], dropped=found[code].dropped + count)
    return sorted(found.values(), key=lambda one: (one.target == 0, one.permille, one.place.code))


def _dropped(insurance: str, year: int, villages: frozenset[str] | None) -> Any:
    """The drop-outs of the last round, those left out who have been charged since."""
    last = Season.here.filter(insurance=insurance, year=year).order_by("-id").values("id")[:1]
    charged = Charge.here.filter(person_id=OuterRef("person_id"), insurance=insurance, year=year)
    found = DropOut.here.filter(~Exists(charged), season_id__in=last)
    return found if villages is None else found.filter(village__in=sorted(villages))


def drop_outs(
    insurance: str, year: int, villages: frozenset[str] | None, limit: int = LARGEST_LIST
) -> Part[Lost]:
    """Who was not carried over, by village and household; one statement, two where cut."""
    found = _dropped(insurance, year, villages).order_by("village", "household_number", "id")
    columns = ("person__name", "village", "household_number", "reason", "detail")
    return part.first(found, columns, limit, lambda row: Lost(*row))


def curve(
    insurance: str, year: int, villages: frozenset[str] | None, today: datetime.date
) -> list[Point]:
    """Settled by each day of this season, and of the one before moved on by a year; two statements."""
    now = _by_day(insurance, year, villages)
    before = {_a_year_on(on): count for on, count in _by_day(insurance, year - 1, villages).items()}
    days = sorted({*now, *before, today})
    points, settled, earlier = [], 0, 0
    for on in days:
        settled += now.get(on, 0)
        earlier += before.get(on, 0)
        points.append(Point(on, settled if on <= today else None, earlier))
    return points


def _by_day(insurance: str, year: int, villages: frozenset[str] | None) -> dict[datetime.date, int]:
    found = _of(Charge, insurance, year, villages).filter(state=State.SETTLED)
    return dict(found.values_list("settled_on").annotate(number=Count("*")).order_by("settled_on"))


def _a_year_on(on: datetime.date) -> datetime.date:
    """The same day of the next year; 29 February is 28 February then."""
    return on.replace(year=on.year + 1, day=28 if (on.month, on.day) == (2, 29) else on.day)


def said(insurance: str, year: int, villages: frozenset[str] | None) -> dict[str, int]:
    """What those who have not paid said when they were last asked, the most frequent first; one statement."""
    last = (
        _of(Asked, insurance, year, villages)
        .filter(charge__state=State.OPEN)
        .annotate(place=Window(RowNumber(), partition_by="charge_id", order_by=F("id").desc()))
        .filter(place=1)
        .values_list("said", flat=True)
    )
    counts: dict[str, int] = defaultdict(int)
    for one in last:
        counts[one] += 1
    return dict(sorted(counts.items(), key=lambda pair: (-pair[1], pair[0])))


def round_of(insurance: str, year: int) -> Any:
    """The last round of a season, None before it was started."""
    return Season.here.filter(insurance=insurance, year=year).order_by("-id").first()
