"""What stands where in the demo county: groups of cases, each with its route and how long ago it began."""

from __future__ import annotations

import datetime
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum
from typing import Final

from canbao.cases.claim import Channel
from canbao.simulate import cast, claims
from canbao.simulate.claims import MEDICAL, PENSION, Applicant
from canbao.simulate.residents import Household


class Stop(IntEnum):
    """How far a group has come; the value counts the acts behind it."""

    VILLAGE = 0
    VILLAGE_READY = 1
    TO_TOWNSHIP = 2
    TOWNSHIP = 3
    TOWNSHIP_ANSWERED = 4
    TOWNSHIP_READY = 5
    TO_COUNTY = 6
    COUNTY = 7
    APPROVED = 8
    FILED = 9


# On which working day after the application the act that leads there is done.
DAY: Final[Mapping[Stop, int]] = {
    Stop.VILLAGE: 0, Stop.VILLAGE_READY: 1, Stop.TO_TOWNSHIP: 1, Stop.TOWNSHIP: 2,
    Stop.TOWNSHIP_ANSWERED: 3, Stop.TOWNSHIP_READY: 3, Stop.TO_COUNTY: 3, Stop.COUNTY: 4,
    Stop.APPROVED: 5, Stop.FILED: 6,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Group:
    """Cases of one insurance and township that walk together: so many of each village.

    `ago` is how many working days ago they applied.
    """

    name: str
    insurance: str
    villages: Sequence[str]
    count: int
    stop: Stop
    ago: int
    channel: Channel = Channel.VILLAGE
    own_photos: bool = False


_WILLOW: Final = (cast.APRICOT, cast.PEAR, cast.GROVE)
_CLEAR: Final = tuple(one.code for one in cast.VILLAGES if one.township == cast.CLEAR)
_RIVER: Final = _CLEAR[:2]
_POND: Final = _CLEAR[2:]
_BRIDGE: Final = tuple(one.code for one in cast.VILLAGES if one.township == cast.BRIDGE)
_PHONE: Final = Channel.PHONE

GROUPS: Final = (
    Group("filed-w", MEDICAL, _WILLOW, 6, Stop.FILED, 24),
    Group("filed-c", MEDICAL, _RIVER, 5, Stop.FILED, 22),
    Group("filed-p", PENSION, _WILLOW, 5, Stop.FILED, 20),
    Group("filed-phone", MEDICAL, (cast.APRICOT,), 3, Stop.FILED, 15, _PHONE, own_photos=True),
    Group("approved-w", MEDICAL, _WILLOW, 4, Stop.APPROVED, 9),
    Group("approved-p", PENSION, _POND, 5, Stop.APPROVED, 8),
    Group("county-w", MEDICAL, _WILLOW, 5, Stop.COUNTY, 6),
    Group("county-c", MEDICAL, _RIVER, 5, Stop.COUNTY, 5),
    Group("county-p", PENSION, _WILLOW, 4, Stop.COUNTY, 6),
    Group("county-late", PENSION, _POND, 2, Stop.COUNTY, 12),
    Group("to-county-w", MEDICAL, _WILLOW, 3, Stop.TO_COUNTY, 5),
    Group("to-county-p", PENSION, _RIVER, 5, Stop.TO_COUNTY, 4),
    Group("township-ready-w", MEDICAL, _WILLOW, 4, Stop.TOWNSHIP_READY, 4),
    Group("township-ready-p", PENSION, _WILLOW, 3, Stop.TOWNSHIP_READY, 4),
    Group("township-w", MEDICAL, _WILLOW, 5, Stop.TOWNSHIP, 4),
    Group("township-phone", MEDICAL, (cast.APRICOT,), 4, Stop.TOWNSHIP, 4, _PHONE, own_photos=True),
    Group("township-c", MEDICAL, _POND, 7, Stop.TOWNSHIP, 3),
    Group("township-p", PENSION, _WILLOW, 4, Stop.TOWNSHIP, 3),
    Group("township-late", MEDICAL, (cast.PEAR,), 5, Stop.TOWNSHIP, 9),
    Group("to-township-w", MEDICAL, (cast.PEAR,), 8, Stop.TO_TOWNSHIP, 2),
    Group("to-township-c", MEDICAL, _RIVER[:1], 6, Stop.TO_TOWNSHIP, 2),
    Group("to-township-p", PENSION, (cast.APRICOT,), 7, Stop.TO_TOWNSHIP, 2),
    Group("village-ready-w", MEDICAL, (cast.APRICOT,), 14, Stop.VILLAGE_READY, 2, own_photos=True),
    Group("village-ready-p", PENSION, (cast.APRICOT,), 8, Stop.VILLAGE_READY, 2),
    Group("village-ready-c", MEDICAL, _RIVER, 5, Stop.VILLAGE_READY, 2),
    Group("village-late", MEDICAL, (cast.APRICOT, cast.PEAR), 4, Stop.VILLAGE, 6),
    Group("village-late-p", PENSION, (cast.APRICOT,), 2, Stop.VILLAGE, 5),
    Group("village-soon", MEDICAL, (cast.APRICOT,), 5, Stop.VILLAGE, 3, own_photos=True),
    Group("village-phone", MEDICAL, (cast.APRICOT,), 7, Stop.VILLAGE, 1, _PHONE, own_photos=True),
    Group("village-w", MEDICAL, (cast.APRICOT,), 6, Stop.VILLAGE, 0, own_photos=True),
    Group("village-p", PENSION, (cast.APRICOT, cast.GROVE), 5, Stop.VILLAGE, 1),
    Group("village-c", MEDICAL, _POND, 5, Stop.VILLAGE, 1),
)
CLOSING: Final = Group("closing", MEDICAL, _BRIDGE, 125, Stop.TOWNSHIP, 4)


class Pools:
    """Gives out residents of a village, household by household, each once for an insurance."""

    def __init__(
        self,
        households: Mapping[str, Sequence[Household]],
        on: datetime.date,
        kept: Collection[str],
    ) -> None:
        self._left = {
            (village, insurance): [
                Applicant(who, household, insurance)
                for household in many
                if f"{village}/{household.number}" not in kept
                for who in household.members
                if claims.can_apply(who, household, insurance, on)
            ]
            for village, many in households.items()
            for insurance in (MEDICAL, PENSION)
        }

    def take(self, village: str, insurance: str, count: int) -> list[Applicant]:
        """The next so many."""
        left = self._left[village, insurance]
        if len(left) < count:
            raise ValueError(f"{village} has no {count} more residents for {insurance}")
        self._left[village, insurance] = left[count:]
        return left[:count]
