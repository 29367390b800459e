"""Reads of packs for the administration: what is in force here, what waits for a second person."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.conf import settings

from canbao.kernel import county
from canbao.policy import documents, published
from canbao.policy.rules import packs
from canbao.policy.rules.faults import PackFault
from canbao.policy.rules.library import Library, places_of
from canbao.policy.rules.pack import Pack
from canbao.policy.rules.values import Source
from canbao.policy.tables import PackText


@dataclass(frozen=True, slots=True)
class PackLine:
    """A pack in force: for which place, insurance and years, and how much of it is confirmed."""

    sha256: str
    name: str
    place: str
    pack: Pack
    values: int
    confirmed: int
    gaps: int
    own: bool

    @property
    def years(self) -> tuple[int, int] | None:
        """First and last cover year, or None where it holds every year."""
        return (self.pack.years[0], self.pack.years[-1]) if self.pack.years else None

    @property
    def sources(self) -> Sequence[Source]:
        """Where its values come from."""
        return tuple(self.pack.sources.values())


@dataclass(frozen=True, slots=True)
class Proposed:
    """A pack or flow that an officer put before a second one, or that was published."""

    id: UUID
    kind: str
    sha256: str
    name: str
    text: str
    proposed_by: UUID
    proposed_at: datetime.datetime
    published_by: UUID | None
    published_at: datetime.datetime | None


_COLUMNS = (
    "id", "kind", "sha256", "name", "text", "proposed_by", "proposed_at", "published_by", "published_at",
)  # fmt: skip


def library() -> Library:
    """All packs in force in the county being worked on."""
    return published.in_force()


def lines() -> list[PackLine]:
    """Packs in the chain of the county, from the country to the county, latest year first; two statements."""
    mine = places_of(county.current())
    own = {held.sha256 for held in documents.in_force(documents.PACK)}
    found = [_line(pack, own) for pack in library().packs if pack.place in mine]
    return sorted(
        found,
        key=lambda one: (
            str(one.pack.insurance),
            mine.index(one.place),
            -(one.years[0] if one.years else 9999),
        ),
    )


def _line(pack: Pack, own: set[str]) -> PackLine:
    held = [value for _key, values in packs.values_of(pack) for value in values]
    return PackLine(
        sha256=pack.sha256,
        name=pack.file,
        place=pack.place,
        pack=pack,
        values=len(held),
        confirmed=sum(value.confirmed for value in held),
        gaps=len(list(packs.gaps_of(pack))),
        own=pack.sha256 in own,
    )


def proposed(kind: str = documents.PACK, *, waiting: bool = True) -> list[Proposed]:
    """Texts that wait for a second person, or those that were published; latest first."""
    found = PackText.here.filter(kind=kind).order_by("-proposed_at")
    found = found.filter(published_at=None) if waiting else found.exclude(published_at=None)
    return [Proposed(*row) for row in found.values_list(*_COLUMNS)]


def one(pack_id: UUID) -> Proposed | None:
    """One text."""
    row = PackText.here.filter(id=pack_id).values_list(*_COLUMNS).first()
    return Proposed(*row) if row else None


def proposal_of(sha256: str) -> Proposed | None:
    """The text with these bytes."""
    row = PackText.here.filter(sha256=sha256).values_list(*_COLUMNS).first()
    return Proposed(*row) if row else None


def demo_packs() -> list[str]:
    """Names of published packs of the demo county, in every county; start-up refuses them."""
    found = PackText.objects.filter(kind="pack").exclude(published_at=None)
    names = []
    for name, text in found.values_list("name", "text"):
        try:
            pack = packs.parse(text.encode(), name=name)
        except PackFault:
            continue
        if pack.demo:
            names.append(name)
    return [] if settings.CANBAO_DEMO else names
