"""`canbao demo` fills a county in which everything there is to see can be seen, once."""

from __future__ import annotations

import json
import re
from collections import Counter

import pytest
from django.apps import apps
from django.conf import settings
from django.contrib.auth.models import User
from django.core.management import call_command
from django.db import connection
from django.urls import resolve

from canbao.cases import flow, inspection, queries
from canbao.cases.tables import Case, Check, Decision
from canbao.insured import queries as insured
from canbao.kernel import clock, county, office
from canbao.kernel.tables import Audit
from canbao.payments import checking
from canbao.payments import queries as payments
from canbao.payments.banking.tables import FinanceDay
from canbao.payments.channels.cash import queries as custody
from canbao.payments.channels.cash.tables import Deposit
from canbao.payments.tables import Charge, Receipt, RefundDue
from canbao.people import officers
from canbao.people.tables import Contact, Membership, RegisterEntry
from canbao.reports import season
from canbao.simulate import cast, logins
from canbao.web.office import recorded

pytestmark = pytest.mark.any_year

# These two refuse before anybody signs, so that no case with them exists.
NEVER_A_CASE = {"number_valid", "eligible"}


def _sizes() -> dict[str, int]:
    with connection.cursor() as cursor:
        found = {}
        for model in apps.get_models():
            cursor.execute(f'SELECT count(*) FROM "{model._meta.db_table}"')
            found[model._meta.db_table] = int(cursor.fetchone()[0])
        return found


def test_the_demo_county_shows_every_stage_and_fault_and_a_second_run_changes_nothing(
    own_database: str,
) -> None:
    call_command("demo")
    before = _sizes()
    written = (settings.CANBAO_DATA / "demo-logins.txt").read_text(encoding="utf-8")
    call_command("demo")

    assert _sizes() == before
    assert (settings.CANBAO_DATA / "demo-logins.txt").read_text(encoding="utf-8") == written
    with county.inside(cast.CODE):
        _register()
        _stages()
        _checks()
        _recorded()
        _closing()
        _story()
        _paying()
        _money_back()
        _collecting()
        _seasons()
    _logins()


def test_the_addresses_that_are_printed_lead_to_pages() -> None:
    said = logins.text((), "http://testserver", ())

    for address in re.findall(r"http://testserver(/\S+)", said):
        assert resolve(address).url_name in {"home", "worklist", "outbox"}, address


def _recorded() -> None:
    """What stands in the record is read by people: every event, subject and fact has a word."""
    kept = Audit.here.values_list("event", "subject_kind", "facts").distinct()
    facts = {one for *_, text in kept for one in json.loads(text)}

    assert {event for event, *_ in kept} <= set(recorded.EVENTS)
    assert {kind for _, kind, _ in kept} <= set(recorded.SUBJECTS)
    assert facts <= set(recorded.FACTS)


def _register() -> None:
    assert RegisterEntry.here.count() == 2000


def _stages() -> None:
    stands = Counter(Case.here.values_list("insurance", "desk", "status"))
    for insurance in ("390", "170"):
        for desk in ("village", "township", "county"):
            assert stands[insurance, desk, "checking"]
        for desk in ("village", "township"):
            assert stands[insurance, desk, "ready"]
        for desk in ("township", "county"):
            assert stands[insurance, desk, "sent"]
        assert stands[insurance, "archive", "approved"]
        assert stands[insurance, "shelf", "filed"]
        assert stands[insurance, "applicant", "returned"]
        assert stands[insurance, "closed", "refused"]
    assert stands["390", "closed", "withdrawn"]
    assert Case.here.filter(round__gt=1, desk="village", status="checking").exists()
    assert Case.here.filter(due_on__lt=clock.today(), status="checking").count() > 10
    assert Decision.here.filter(recorded_by__isnull=False).exclude(desk="county").exists()
    assert {"phone", "village", "paper"} == set(Case.here.values_list("channel", flat=True))


def _checks() -> None:
    failing = set(
        Check.here.filter(desk="applicant").exclude(verdict="agrees").values_list("item", flat=True)
    )
    assert failing == set(flow.load("enrolment.390.1").automatic) - NEVER_A_CASE


def _closing() -> None:
    actor = _officer("luowenbin")
    ids = list(Case.here.filter(township=cast.BRIDGE, desk="township").values_list("id", flat=True))
    rows = queries.cases_of(actor, ids)
    assert len(rows) == 500
    still_open = inspection.open_items(rows)
    assert sum(bool(items) for items in still_open.values()) == 13


def _story() -> None:
    applied = set(Case.here.values_list("name", flat=True))
    assert not applied & {"王守田", "王一诺", "赵雅琴", "周长河"}
    assert Case.here.filter(name="李桂香", status="filed").exists()
    chen = _officer("chenqiusheng")
    assert (cast.APRICOT, "0601") in chen.households
    filed = Case.here.filter(status="filed").values_list("id", flat=True)[0]
    view = queries.view(_officer("zhongwen"), filed)
    assert all(mark.holds for mark in view.marks)


def _paying() -> None:
    """Insured last year; two adults and a child pay, the federation pays for one, and cover goes on for her."""
    home = Membership.here.filter(
        household__village=cast.APRICOT, household__number="0319", to_on=None
    )
    names = dict(home.values_list("person_id", "person__name"))
    assert set(names.values()) == {"郑保田", "胡秀英", "冯丽华", "郑思雨"}
    owed = {names[one.person_id]: one for one in payments.owed(names)}
    assert sum(one.due_fen for one in owed.values()) == 127000
    assert (owed["胡秀英"].own_fen, owed["胡秀英"].state) == (0, "settled")
    years = {(names[one.person_id], one.year) for one in insured.covers(names)}
    year = clock.today().year
    assert years == {(name, year) for name in names.values()} | {("胡秀英", year + 1)}
    assert Contact.here.filter(person_id__in=names).count() == 1


def _money_back() -> None:
    """A refund stands at each place, the cash behind them is in the bank, and the book agrees."""
    stands = Counter(Case.here.filter(kind="refund").values_list("desk", "status"))
    assert stands == {
        ("county", "checking"): 1, ("closed", "refused"): 1, ("finance", "checking"): 1,
        ("finance", "returned"): 1, ("payout", "checking"): 1, ("archive", "approved"): 1,
    }  # fmt: skip
    states = Counter(RefundDue.here.values_list("state", flat=True))
    assert states == {"due": 1, "approved": 1, "failed": 1, "paid": 1}
    assert not Deposit.here.filter(banked_on=None).exists()
    assert custody.in_safes(frozenset({"390"})) == []


def _collecting() -> None:
    """In one village some have paid and some have not, and yesterday's cash is counted and still there."""
    owed = Charge.here.filter(village=cast.GROVE, made_by="season").values_list("state", flat=True)
    assert {"open", "settled"} == set(owed)
    [held] = custody.in_hands(frozenset({"390"}))
    assert held.holder_name == "何莲芳"
    assert held.days_on(clock.today()) >= 1
    assert (held.fen, held.not_counted_fen) == (
        sum(Receipt.here.filter(block__label="25-柳林-01").values_list("amount_fen", flat=True)),
        0,
    )
    assert checking.differences() == []


def _seasons() -> None:
    """Last year's season is paid and closed; this year's is half way, and the villages have asked the others."""
    year = clock.today().year + 1
    states = Counter(
        Charge.here.filter(insurance="390", made_by="season").values_list("year", "state")
    )
    assert states[year - 1, "settled"] > 400
    assert not states[year - 1, "open"]
    assert min(states[year, "settled"], states[year, "open"]) > 200
    points = season.curve("390", year, None, clock.today())
    assert points[-1].before == states[year - 1, "settled"]
    assert sum(season.said("390", year, None).values()) > 50
    assert not FinanceDay.here.filter(confirmed_at=None).exists()
    assert FinanceDay.here.count() == 2


def _officer(login: str):  # type: ignore[no-untyped-def]  # noqa: ANN202
    [posting] = office.postings_of(login, clock.today())
    actor = officers.officer(login, posting.id, clock.today())
    assert actor is not None
    return actor


def _logins() -> None:
    for worker in cast.WORKERS[-1], cast.WORKERS[0]:
        user = User.objects.get(username=f"{cast.CODE}/{worker.login}")
        assert user.check_password(logins.PASSWORDS[worker.role])
