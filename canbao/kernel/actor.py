"""Who acts: an officer at a posting, a resident at a phone, or the system itself."""

from __future__ import annotations

import datetime
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any
from uuid import UUID

from canbao.kernel import clock


class Role(StrEnum):
    """What a posting entitles to. One role a posting; an officer may hold several postings."""

    RESIDENT = "resident"
    VILLAGE = "village"
    TOWNSHIP = "township"
    COUNTY = "county"
    ARCHIVIST = "archivist"
    FINANCE = "finance"
    AUDITOR = "auditor"
    ADMINISTRATOR = "administrator"
    SYSTEM = "system"


@dataclass(frozen=True, slots=True)
class Behalf:
    """The one who acted on paper, when another records it: desk, name, office and the date on the paper."""

    desk: str
    officer_id: UUID
    name: str
    office_id: UUID
    office_name: str
    acted_on: datetime.date


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts, for which office, and how far the right reaches.

    `villages` holds the 12-digit codes within reach, codes of merged villages included; None is
    the county. `households` are the actor's own: village code and household number.
    """

    county: str
    role: Role
    id: UUID
    name: str
    office_id: UUID | None = None
    office_name: str = ""
    office_kind: str = ""
    posting_id: UUID | None = None
    villages: frozenset[str] | None = frozenset()
    insurances: frozenset[str] = frozenset()
    person_id: UUID | None = None
    households: frozenset[tuple[str, str]] = frozenset()
    stands_in_for: UUID | None = None
    behalf: Behalf | None = field(default=None)

    def reaches(self, village: str, insurance: str) -> bool:
        """Whether a case of this village and insurance is within the posting's scope."""
        return insurance in self.insurances and (self.villages is None or village in self.villages)

    def for_another(self, behalf: Behalf) -> Actor:
        """The same actor, recording what somebody did on paper."""
        return replace(self, behalf=behalf)

    @property
    def acted_by(self) -> UUID:
        """Whose act it is; four eyes look at this one."""
        return self.behalf.officer_id if self.behalf else self.id

    def stamp(self, at: clock.Instant) -> dict[str, Any]:
        """The columns that say who acted, for which office and when, and who recorded it."""
        behalf = self.behalf
        return {
            "acted_by": self.acted_by,
            "acted_by_name": behalf.name if behalf else self.name,
            "office_id": behalf.office_id if behalf else self.office_id,
            "office_name": behalf.office_name if behalf else self.office_name,
            "stands_in_for": self.stands_in_for,
            "acted_on": behalf.acted_on if behalf else clock.on(at),
            "recorded_by": self.id,
            "recorded_at": at,
        }
