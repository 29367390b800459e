"""Scope as a property: an officer sees a case exactly when posting, region and insurance say so, on this day."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final
from uuid import UUID, uuid4

import pytest
from django.contrib.auth.models import User
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from canbao.cases import door, worklists
from canbao.cases.claim import Channel
from canbao.cases.worklists import Filter
from canbao.kernel import clock, rows
from canbao.kernel.actor import Role
from canbao.kernel.tables import Office, Officer, Posting, Region
from canbao.people import officers
from canbao.web.access import POSTING
from tests import small as cast
from tests.web.desk.conftest import Desk, text

TODAY: Final = clock.today()
DAY: Final = timedelta(days=1)
VILLAGES: Final = (cast.APRICOT, cast.PEAR, cast.POND)
BELOW: Final[Mapping[str, frozenset[str]]] = {
    **{one: frozenset({one}) for one in VILLAGES},
    cast.WILLOW: frozenset({cast.APRICOT, cast.PEAR}), cast.REED: frozenset({cast.POND}),
}  # fmt: skip
SEATS: Final = (
    *((Role.VILLAGE, one) for one in VILLAGES),
    (Role.TOWNSHIP, cast.WILLOW), (Role.TOWNSHIP, cast.REED),
    *((role, agency) for role in (Role.COUNTY, Role.ARCHIVIST, Role.AUDITOR) for agency in ("390", "170")),
    (Role.ADMINISTRATOR, "office"),
)  # fmt: skip
# When a posting holds: from its first day up to the day before it ends.
TIMES: Final = {
    "long": (TODAY - 400 * DAY, None, True),
    "from today": (TODAY, None, True),
    "last day": (TODAY - 9 * DAY, TODAY + DAY, True),
    "ended today": (TODAY - 9 * DAY, TODAY, False),
    "expired": (TODAY - 90 * DAY, TODAY - 30 * DAY, False),
    "from tomorrow": (TODAY + DAY, None, False),
    "next season": (TODAY + 90 * DAY, TODAY + 190 * DAY, False),
    "left today": (TODAY - 400 * DAY, None, False),
}
# 梨树村 becomes part of 杏花村.
MERGERS: Final = {
    "never": None,
    "long ago": TODAY - 500 * DAY,
    "today": TODAY,
    "tomorrow": TODAY + DAY,
}
EVERY_DESK: Final = {Role.VILLAGE, Role.TOWNSHIP, Role.COUNTY, Role.ARCHIVIST}
ROUTES: Final[Mapping[str, tuple[str, ...]]] = {
    "case": (), "desk_after": (), "second": (), "desk_amend": (), "desk_scan": (), "behalf_case": (),
    "print_form": ("copy-1",),
}  # fmt: skip


@dataclass(frozen=True)
class Seat:
    """One posting: role and office, when it holds, for whom, and which insurances the office serves."""

    role: Role
    office: str
    time: str
    stands_in: bool
    serves: tuple[str, ...]

    def reaches(self, village: str, insurance: str, merger: str) -> bool:
        """The rule in the words of the house, told again without its code."""
        if not TIMES[self.time][2]:
            return False
        if self.office in {"390", "170"}:
            return insurance == self.office
        within = BELOW.get(self.office, frozenset(VILLAGES))
        merged = (
            {cast.PEAR} if cast.APRICOT in within and merger in {"long ago", "today"} else set()
        )
        return village in within | merged and insurance in self.serves


SEAT: Final = st.builds(
    lambda at, time, stands_in, serves: Seat(at[0], at[1], time, stands_in, serves),
    st.sampled_from(SEATS), st.sampled_from(sorted(TIMES)), st.booleans(),
    st.sampled_from([("170", "390"), ("170",), ("390",)]),
)  # fmt: skip


CHEN: Final = Seat(Role.VILLAGE, cast.APRICOT, "long", stands_in=False, serves=("170", "390"))


class House:
    """The small county with a case of each village and insurance, and seats as they are asked for."""

    def __init__(self, small: cast.Small) -> None:
        self.small = small
        self.cases: dict[tuple[str, str], UUID] = {}
        self.names: dict[str, str] = {}
        for serial, village in enumerate(VILLAGES, 30):
            who = cast.identity(serial, village=village)
            self.names[village] = who.name
            for insurance in ("390", "170"):
                claim = cast.claim(serial, insurance=insurance, identity=who)
                self.cases[village, insurance] = cast.submit(small.chen, [claim], Channel.PAPER)[0]
        self.seats: dict[Seat, tuple[Desk, UUID]] = {}

    def sit(self, seat: Seat) -> tuple[Desk, UUID]:
        """A browser that is logged in at the posting, whether it holds or not."""
        office_id = self._office(seat)
        if seat not in self.seats:
            login = f"seat{len(self.seats)}"
            left = TODAY if seat.time == "left today" else None
            (officer_id,) = rows.insert(Officer, login=[login], name="某人", phone="", left_on=left)
            other = self.small.wei.id if seat.stands_in else None
            from_on, to_on, _ = TIMES[seat.time]
            (posting,) = rows.insert(
                Posting, officer_id=[officer_id], office_id=office_id, role=seat.role, from_on=from_on,
                to_on=to_on, stands_in_for=other,
            )  # fmt: skip
            browser = Desk(login)
            user = User.objects.create(username=f"{cast.COUNTY}/{login}")
            browser.client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
            session = browser.client.session
            session[POSTING] = {cast.COUNTY: str(posting)}
            session.save()
            self.seats[seat] = browser, posting
        return self.seats[seat]

    def _office(self, seat: Seat) -> UUID:
        """The office's id, once it serves what the seat says."""
        agency = seat.office in {"390", "170"}
        if agency:
            held = Office.here.filter(kind="county", insurances=[seat.office])
        elif seat.office == "office":
            held = Office.here.filter(kind="office")
        else:
            held = Office.here.filter(region_code=seat.office)
        office_id: UUID = held.values_list("id", flat=True).get()
        if not agency:
            Office.here.filter(id=office_id).update(insurances=list(seat.serves))
        return office_id

    def merge(self, merger: str) -> None:
        on = MERGERS[merger]
        Region.here.filter(code=cast.PEAR).update(to_on=on, succeeded_by=cast.APRICOT if on else "")


@pytest.fixture
def house(small: cast.Small) -> House:
    return House(small)


@settings(
    max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    seat=SEAT, village=st.sampled_from(VILLAGES), insurance=st.sampled_from(["170", "390"]),
    route=st.sampled_from(sorted(ROUTES)), merger=st.sampled_from(sorted(MERGERS)), act=st.sampled_from(["", "pass", "keep"]),
)  # fmt: skip
@example(CHEN, cast.PEAR, "390", "case", "today", "pass")
@example(CHEN, cast.PEAR, "390", "case", "tomorrow", "pass")
def test_a_case_is_seen_exactly_where_posting_region_and_insurance_reach(
    house: House, seat: Seat, village: str, insurance: str, route: str, merger: str, act: str
) -> None:
    house.merge(merger)
    browser, posting = house.sit(seat)
    case_id, unknown = house.cases[village, insurance], uuid4()
    reached = seat.reaches(village, insurance, merger)

    actor = officers.officer(browser.login, posting, TODAY)
    known = {one: house.cases[one] for one in house.cases if seat.reaches(*one, merger)}
    seen = {row.id for row in door.rows_of(door.visible(actor))} if actor else set()
    name = Filter(search=house.names[village])
    found = {row.id for row in worklists.matching(actor, name, TODAY)} if actor else set()
    there = browser.get(route, case_id, *ROUTES[route])
    nowhere = browser.get(route, unknown, *ROUTES[route])

    assert seen == set(known.values())
    assert found == {known[one] for one in known if one[0] == village}
    if reached and seat.role in EVERY_DESK:
        assert nowhere.status_code == 404
        if route in {"case", "print_form"}:
            assert there.status_code == 200
        return
    alike = [(there, case_id), (nowhere, unknown)]
    if act:
        alike += [
            (browser.post(route, one, *ROUTES[route], act=act, version="1"), one)
            for one in (case_id, unknown)
        ]
    for one, other in zip(alike[::2], alike[1::2], strict=True):
        assert said(*one) == said(*other)


def said(answer: Any, case_id: UUID) -> tuple[int, str, str]:
    """An answer without the id that was asked for."""
    where = answer.headers.get("Location", "").replace(str(case_id), "")
    return answer.status_code, where, text(answer)
