"""A whole season: everybody insured before is charged for the new year, set by set, in the database itself.

The plain rules price each kind of people once; the rest is joined. `charges.make` writes the same for single
persons, and a test compares the two. Source: DOMAIN 2.1 and 2.6; docs/decisions/0011.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Final
from uuid import UUID

from django.db import close_old_connections
from procrastinate.contrib.django import app

from canbao.insured import carrying
from canbao.kernel import audit, clock, county, jobs, rows, statistics
from canbao.kernel.actor import Actor, Role
from canbao.kernel.jobs import State
from canbao.kernel.operation import CONSTRAINTS, operation
from canbao.kernel.refusal import Refused
from canbao.kernel.taken import Outcome
from canbao.payments import season_sql
from canbao.payments.season_sql import Answered
from canbao.payments.tables import Season
from canbao.policy import published
from canbao.policy.rules import trace
from canbao.policy.rules.person import PersonFacts
from canbao.policy.rules.resolved import Rules

CONSTRAINTS["season_one_at_a_time"] = "season_running"
SET: Final = 10_000
_STARTERS: Final = frozenset({Role.FINANCE})


@dataclass(slots=True)
class Known:
    """Kinds of people met so far by this process, and what the rules answered for each."""

    people: dict[str, PersonFacts] = field(default_factory=dict)
    answers: dict[str, Answered] = field(default_factory=dict)


@lru_cache(maxsize=1)
def _known(season_id: UUID, fingerprint: str) -> Known:
    """What is known of a season by these packs."""
    del season_id, fingerprint
    return Known()


@operation
def start(actor: Actor, insurance: str, year: int, *, at: clock.Instant) -> Outcome:
    """Begin a season, or a further round of it for those who have no charge yet; a worker goes through it.

    Refuses `not_finance` (also for the other agency's insurance), `season_year_strange` (neither this year
    nor the next), `season_not_published`, `season_running`.
    """
    if actor.role not in _STARTERS or insurance not in actor.insurances:
        raise Refused("not_finance")
    on = clock.on(at)
    if year not in {on.year, on.year + 1}:
        raise Refused("season_year_strange", year=year)
    if published.rules(insurance, year).borrowed_from is not None:
        raise Refused("season_not_published", year=year)
    [season_id] = rows.insert(
        Season,
        insurance=insurance,
        year=year,
        priced_on=on,
        at=at,
        actor=jobs.kept(actor),
        started_by_name=actor.name,
        total=carrying.count(insurance),
        moved_at=at,
    )
    audit.record(
        actor, "season.started", [season_id], at=at, kind="season",
        facts={"insurance": insurance, "year": year},
    )  # fmt: skip
    _queue(season_id)
    return Outcome((season_id,))


@operation
def stop(actor: Actor, season_id: UUID, *, at: clock.Instant) -> Outcome:
    """Stop a season after the set it is at; what is charged stays charged. Refuses `not_finance`, `not_found`."""
    _change(actor, season_id, {State.WAITING, State.RUNNING}, State.STOPPED)
    audit.record(actor, "season.stopped", [season_id], at=at, kind="season")
    return Outcome((season_id,))


@operation
def resume(actor: Actor, season_id: UUID, *, at: clock.Instant) -> Outcome:
    """Let a season go on where it was, also one whose worker was killed. Refuses as `stop`.

    A second worker does no harm: a set is done once, under the key of its place.
    """
    _change(actor, season_id, {State.STOPPED, State.FAILED, State.RUNNING}, State.WAITING)
    audit.record(actor, "season.resumed", [season_id], at=at, kind="season")
    _queue(season_id)
    return Outcome((season_id,))


def _change(actor: Actor, season_id: UUID, before: set[str], after: str) -> None:
    if actor.role not in _STARTERS:
        raise Refused("not_finance")
    found = Season.here.filter(
        id=season_id, state__in=before, insurance__in=sorted(actor.insurances)
    )
    if not found.update(state=after, fault=""):
        raise Refused("not_found")


def _queue(season_id: UUID) -> None:
    advance.defer(county=county.current(), season_id=str(season_id))


@app.task(name="canbao.season", queue="jobs", retry=5)
def advance(county: str, season_id: str) -> None:
    """Do the sets of a season that are not done yet; killed in between, it goes on where it was."""
    close_old_connections()
    run(county, UUID(season_id))


def run(place: str, season_id: UUID) -> None:
    """Do what is left of a season, set by set, each in one transaction with its progress."""
    went_on = False
    with county.inside(place):
        while True:
            row = Season.here.filter(id=season_id).first()
            if row is None or row.state in {State.STOPPED, State.DONE, State.FAILED}:
                break
            went_on = True
            actor = jobs.actor_of(row.actor)
            try:
                carry(actor, season_id, at=row.at, key=f"season/{season_id}/{row.sets}")
            except Refused as refused:
                Season.here.filter(id=season_id).update(state=State.FAILED, fault=refused.code)
    if went_on:
        # Payments follow at once, and the tables have grown from nothing.
        statistics.refresh()


@operation
def carry(actor: Actor, season_id: UUID, *, at: clock.Instant) -> Outcome:
    """Charge the next set of a season; some twenty statements, however many people the set holds.

    Refuses `policy_not_published` where the packs were taken back meanwhile.
    """
    season = Season.here.select_for_update(no_key=True).get(id=season_id)
    if season.state in {State.STOPPED, State.DONE}:
        return Outcome(())
    rules = published.rules(season.insurance, season.year)
    found = carrying.look(season.insurance, season.year, season.priced_on, season.after, SET)
    season_sql.leave_out_charged(season.insurance, season.year)
    known = _known(season_id, rules.fingerprint)
    fresh = carrying.kinds(known.answers)
    known.people |= fresh
    known.answers |= {kind: answer(rules, one, season.priced_on) for kind, one in fresh.items()}
    season_sql.lay_answers(known.answers, at)
    dropped = season_sql.write_drop_outs(season_id)
    charged = season_sql.write_charges(season.insurance, season.year, season.priced_on, at)
    settled = season_sql.count_settled()
    if settled:
        carrying.renew(rules, known.people, season.priced_on, at)
    Season.here.filter(id=season_id).update(
        sets=season.sets + 1,
        after=found.last or season.after,
        looked=season.looked + found.count,
        charged=season.charged + charged,
        settled=season.settled + settled,
        dropped=season.dropped + dropped,
        state=State.RUNNING if found.count == SET else State.DONE,
        moved_at=clock.now(),
    )
    facts = {"charged": charged, "settled": settled, "dropped": dropped, "set": season.sets}
    audit.record(actor, "season.carried", [season_id], at=at, kind="season", facts=facts)
    return Outcome((season_id,))


def answer(rules: Rules, person: PersonFacts, on: datetime.date) -> Answered:
    """What the plain rules say of one person for the year: eligible, which level, which price."""
    against = rules.refusals(person, on)
    if against:
        return Answered(reason="not_eligible", detail=against[0].code)
    level = rules.likely_level(person, on).level
    if level is None:
        return Answered(reason="level_unknown")
    try:
        price = rules.price(person, level, on)
    except Refused as refused:
        return Answered(reason=refused.code, detail=level)
    return Answered(price, trace.write(price))
