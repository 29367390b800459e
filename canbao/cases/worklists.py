"""What each officer sees: lists with counts, filters, search and pages, always within the officer's scope."""

from __future__ import annotations

import datetime
import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from enum import StrEnum
from typing import Any, Final
from uuid import UUID

from django.db.models import Count, Q

from canbao.cases import door, flow, roads
from canbao.cases.door import CaseRow
from canbao.cases.flow import Status
from canbao.cases.tables import Check, Decision
from canbao.kernel import clock, part
from canbao.kernel.actor import Actor, Role
from canbao.kernel.part import Part
from canbao.kernel.refusal import Refused
from canbao.people import search

PAGE_SIZE: Final = 25
DESKS: Final = ("village", "township", "county")
_CASE_NUMBER: Final = re.compile(r"\d{6}-\d{2}-\d{7}")


class Tab(StrEnum):
    """The lists of a desk."""

    CHECKING = "checking"
    RETURNED = "returned"
    READY = "ready"
    INCOMING = "incoming"
    SENT = "sent"
    OVERDUE = "overdue"
    SOON = "soon"
    APPROVED = "approved"
    FILED = "filed"


@dataclass(frozen=True, slots=True)
class Filter:
    """What a list is narrowed to. Empty words narrow nothing; `search` leaves the tab aside."""

    tab: str = Tab.CHECKING
    search: str = ""
    insurance: str = ""
    village: str = ""
    channel: str = ""
    findings: bool = False
    bundle: str = ""

    def kept(self) -> Mapping[str, Any]:
        """The filter as it is stored with a selection."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Line:
    """A case in a list, with what the rules found first, and its last return."""

    case: CaseRow
    item: str
    verdict: str
    reason: str


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a list."""

    lines: Sequence[Line]
    total: int
    number: int
    size: int = PAGE_SIZE

    @property
    def pages(self) -> int:
        """How many pages there are, at least one."""
        return max(1, -(-self.total // self.size))


def tabs_of(actor: Actor) -> tuple[Tab, ...]:
    """The lists that this officer's desk has, in their order."""
    if actor.role is Role.VILLAGE:
        return (Tab.CHECKING, Tab.RETURNED, Tab.READY, Tab.SENT, Tab.OVERDUE, Tab.SOON)
    if actor.role is Role.TOWNSHIP:
        return (
            Tab.INCOMING, Tab.CHECKING, Tab.RETURNED, Tab.READY, Tab.SENT, Tab.OVERDUE, Tab.SOON,
        )  # fmt: skip
    if actor.role is Role.FINANCE:
        return (Tab.CHECKING, Tab.RETURNED, Tab.OVERDUE, Tab.SOON)
    if actor.role is Role.COUNTY:
        return (
            Tab.INCOMING, Tab.CHECKING, Tab.RETURNED, Tab.OVERDUE, Tab.SOON, Tab.APPROVED, Tab.FILED,
        )  # fmt: skip
    return (Tab.APPROVED, Tab.FILED)


def default_tab(actor: Actor) -> Tab:
    """The list an officer sees first."""
    return Tab.CHECKING if roads.desks_of(actor.role) else Tab.APPROVED


def _tab(actor: Actor, tab: str, today: datetime.date) -> Q:
    """Which cases stand in a list. The same condition counts and lists, so the two never differ."""
    at = roads.desks_of(actor.role)
    here = Q(desk__in=at)
    mine = here & Q(status__in=[Status.CHECKING, Status.RETURNED])
    later = DESKS[DESKS.index(at[0]) + 1 :] if at and at[0] in DESKS else ()
    returned = here & Q(status=Status.RETURNED)
    if actor.role is Role.VILLAGE:
        returned |= Q(desk=flow.APPLICANT, status=Status.RETURNED)
    found = {
        Tab.CHECKING: here & Q(status=Status.CHECKING),
        Tab.RETURNED: returned,
        Tab.READY: here & Q(status=Status.READY),
        Tab.INCOMING: here & Q(status=Status.SENT),
        Tab.SENT: Q(desk__in=later),
        Tab.OVERDUE: mine & Q(due_on__lt=today),
        Tab.SOON: mine & Q(due_on__gte=today, due_on__lte=clock.add_working_days(today, 1)),
        Tab.APPROVED: Q(desk=flow.ARCHIVE, status=Status.APPROVED),
        Tab.FILED: Q(desk=flow.SHELF),
    }
    if tab not in found:
        raise Refused("not_found")
    return found[Tab(tab)]


def counts(actor: Actor, today: datetime.date) -> dict[str, int]:
    """How many cases stand in each list but the filed ones; one statement."""
    wanted = [tab for tab in tabs_of(actor) if tab is not Tab.FILED]
    desks = [*dict.fromkeys([*DESKS, *roads.desks_of(actor.role)]), flow.APPLICANT] + (
        [flow.ARCHIVE] if Tab.APPROVED in wanted else []
    )
    scope = door.visible(actor).filter(desk__in=desks)
    return scope.aggregate(
        **{str(tab): Count("id", filter=_tab(actor, tab, today)) for tab in wanted}
    )


def _searched(text: str) -> Q:
    """A case number, a full number, birth date with last four, or a name from its first two characters."""
    text = search.folded(text)
    if _CASE_NUMBER.fullmatch(text):
        return Q(number=text)
    return Q(person_id__in=search.ids(text))


def matching(actor: Actor, wanted: Filter, today: datetime.date) -> Any:
    """The cases of a filter within the actor's reach. Refuses `search_too_short`, `search_unclear`."""
    found = door.visible(actor)
    found = found.filter(
        _searched(wanted.search) if wanted.search.strip() else _tab(actor, wanted.tab, today)
    )
    if wanted.insurance:
        found = found.filter(insurance=wanted.insurance)
    if wanted.village:
        found = found.filter(village=wanted.village)
    if wanted.channel:
        found = found.filter(channel=wanted.channel)
    if wanted.findings:
        found = found.filter(findings__gt=0)
    if wanted.bundle:
        found = found.filter(bundle_id=UUID(wanted.bundle))
    return found


def page(actor: Actor, wanted: Filter, number: int, today: datetime.date) -> Page:
    """One page of a list, most urgent first, people of a household together; four statements.

    What is filed is urgent to nobody and in time nearly everything: the latest comes first, and no list
    of a whole county is sorted for it.
    """
    found = matching(actor, wanted, today)
    total = found.count()
    number = min(max(1, number), max(1, -(-total // PAGE_SIZE)))
    first = (number - 1) * PAGE_SIZE
    filed = wanted.tab == Tab.FILED and not wanted.search.strip()
    order = ("-id",) if filed else ("due_on", "village", "household_number", "id")
    rows = door.rows_of(found.order_by(*order)[first : first + PAGE_SIZE])
    return Page(lines_of(_together(rows)), total, number)


def _together(rows: Sequence[CaseRow]) -> list[CaseRow]:
    place: dict[tuple[str, str], int] = {}
    for row in rows:
        place.setdefault((row.village, row.household_number), len(place))
    return sorted(rows, key=lambda row: place[row.village, row.household_number])


def lines_of(rows: Sequence[CaseRow]) -> list[Line]:
    """Cases with the first thing the rules found and the reason of the last return; two statements."""
    ids = [row.id for row in rows]
    wrong: dict[UUID, tuple[str, str]] = {}
    found = (
        Check.here.filter(case_id__in=ids, desk=flow.APPLICANT)
        .exclude(verdict="agrees")
        .order_by("-round", "id")
    )
    for case_id, item, verdict in found.values_list("case_id", "item", "verdict"):
        wrong.setdefault(case_id, (item, verdict))
    back = {row.id for row in rows if row.status in {Status.RETURNED, Status.REFUSED}}
    why: dict[UUID, str] = {}
    if back:
        decided = Decision.here.filter(case_id__in=back).exclude(verdict="pass").order_by("id")
        why = dict(decided.values_list("case_id", "reasons"))
    return [
        Line(row, *(wrong.get(row.id, ("", "")) if row.findings else ("", "")), why.get(row.id, ""))
        for row in rows
    ]


def all_versions(actor: Actor, wanted: Filter, as_of: clock.Instant) -> dict[UUID, int]:
    """Ids and versions of everything a filter finds that has not moved since `as_of`; one statement."""
    found = matching(actor, wanted, clock.on(as_of)).filter(moved_at__lte=as_of)
    return dict(found.order_by("id").values_list("id", "version"))


def narrowed(wanted: Filter, **changes: Any) -> Filter:
    """The filter with some words changed."""
    return replace(wanted, **changes)


def next_at_desk(actor: Actor, besides: UUID | None = None) -> UUID | None:
    """The most urgent case that waits at the actor's desk."""
    waiting = door.visible(actor).filter(
        desk__in=roads.desks_of(actor.role), status__in=[Status.CHECKING, Status.RETURNED]
    )
    if besides is not None:
        waiting = waiting.exclude(id=besides)
    found = waiting.order_by("due_on", "village", "household_number", "id")
    one: UUID | None = found.values_list("id", flat=True).first()
    return one


def ready(
    actor: Actor, insurance: str, as_of: clock.Instant | None = None, village: str = ""
) -> list[CaseRow]:
    """Cases that passed the actor's desk and wait for their bundle, households together.

    With `village`, paper cases of that village which the township recorded for it. Where flows lead to
    different desks, those that go where the first one goes: the others are the next bundle.
    """
    found = door.visible(actor).filter(
        desk="village" if village else str(actor.role), status=Status.READY, insurance=insurance
    )
    if village:
        found = found.filter(village=village, channel="paper")
    if as_of is not None:
        found = found.filter(moved_at__lte=as_of)
    waiting = door.rows_of(found.order_by("village", "household_number", "number"))
    return [row for row in waiting if _leads(row) == _leads(waiting[0])]


def _leads(row: CaseRow) -> str:
    return flow.load(row.flow).desks[row.desk].next


def staying(actor: Actor, insurance: str, limit: int = 20) -> tuple[list[Line], int]:
    """Cases of the actor's desk that do not go with the next bundle, with why; four statements."""
    here = Q(desk=str(actor.role), status__in=[Status.CHECKING, Status.RETURNED])
    if actor.role is Role.VILLAGE:
        here |= Q(desk=flow.APPLICANT, status=Status.RETURNED)
    found = door.visible(actor).filter(here, insurance=insurance)
    rows = door.rows_of(found.order_by("due_on", "id")[:limit])
    return lines_of(rows), found.count()


def recorded_ready(actor: Actor) -> list[tuple[str, str, int]]:
    """(village, insurance, cases) of paper cases recorded for villages that wait for their bundle."""
    found = (
        door.visible(actor)
        .filter(desk="village", status=Status.READY, channel="paper")
        .values_list("village", "insurance")
        .order_by("village", "insurance")
        .annotate(number=Count("id"))
    )
    return [(village, insurance, number) for village, insurance, number in found]


def paper_waiting(actor: Actor, limit: int = 200) -> Part[CaseRow]:
    """Paper cases that wait for the village's inspection to be recorded."""
    found = door.visible(actor).filter(
        desk="village", status__in=[Status.CHECKING, Status.RETURNED], channel="paper"
    )
    ordered = found.order_by("village", "household_number", "id")
    return part.first(ordered, door.FIELDS, limit, CaseRow._make)
