"""A season: everybody insured before gets what the plain rules say, set by set, once."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from random import Random
from typing import Any
from uuid import UUID

import pytest
from django.db import transaction

from canbao.insured.facts import facts_of
from canbao.insured.tables import Cover, Enrolment, EnrolmentYear
from canbao.kernel import clock, statements
from canbao.kernel.actor import Actor
from canbao.kernel.refusal import Refused
from canbao.payments import charges, season, season_sql
from canbao.payments.charges import Draft, MadeBy
from canbao.payments.tables import Charge, ChargeShare, DropOut, Season
from canbao.people.tables import Membership, Person
from canbao.policy import published
from canbao.simulate import insured
from tests import small as cast
from tests.small import Small

VILLAGES = (cast.APRICOT, cast.PEAR, cast.POND)
Written = dict[UUID, dict[str, Any]]


def _year(insurance: str) -> int:
    return clock.today().year + (insurance == "390")


def _settle(count: int, insurance: str = "390", seed: int = 1) -> list[insured.Insured]:
    return insured.settle(
        Random(seed), count, VILLAGES, insurance, clock.today(), clock.now() - timedelta(days=1)
    )


def _start(small: Small, insurance: str = "390") -> UUID:
    by = small.luo if insurance == "390" else small.cai
    [made] = season.start(by, insurance, _year(insurance), at=clock.now(), key=cast.key()).done
    return made


def _run(small: Small, insurance: str = "390") -> Season:
    made = _start(small, insurance)
    season.run(cast.COUNTY, made)
    row: Season = Season.here.get(id=made)
    return row


def _written(insurance: str) -> Written:
    """Everything that charging left, by person."""
    year = _year(insurance)
    columns = (
        "id", "person_id", "level", "village", "household_number", "revision", "own_fen", "paid_fen", "state",
        "pack_sha256", "trace_sha256", "settled_on",
    )  # fmt: skip
    found: Written = {}
    owners: dict[UUID, UUID] = {}
    for charge, person, *rest in Charge.here.filter(insurance=insurance).values_list(*columns):
        owners[charge] = person
        found[person] = {"charge": rest, "shares": [], "year": None, "cover": None}
    for charge, *share in ChargeShare.here.order_by("id").values_list(
        "charge_id", "revision", "payer", "kind", "sub_ledger", "amount_fen", "evidence"
    ):
        found[owners[charge]]["shares"].append(share)
    for person, *kept in EnrolmentYear.here.filter(year=year).values_list(
        "enrolment__person_id", "level", "residency", "student", "own_fen", "pack_sha256"
    ):
        found[person]["year"] = kept
    for person, *kept in Cover.here.filter(year=year).values_list(
        "enrolment__person_id", "from_on", "to_on", "why"
    ):
        found[person]["cover"] = kept
    return found


def _plainly(persons: Sequence[UUID], insurance: str) -> tuple[Written, dict[UUID, str]]:
    """What the plain rules and `charges.make` leave for these persons, one by one; undone afterwards."""
    year, today = _year(insurance), clock.today()
    rules = published.rules(insurance, year)
    facts = facts_of(persons, insurance)
    homes = dict(Membership.here.values_list("person_id", "household__number"))
    known = {one.id: one for one in Person.here.all()}
    dropped: dict[UUID, str] = {}
    written: Written = {}
    with transaction.atomic():
        for one in persons:
            said = season.answer(rules, facts[one], today)
            if known[one].dead_on is not None:
                dropped[one] = "dead"
            elif known[one].village.startswith("999999"):
                dropped[one] = "moved"
            elif said.price is None:
                dropped[one] = said.reason
            else:
                draft = Draft(one, known[one].village, homes[one], said.price, said.text)
                assert charges.make([draft], MadeBy.SEASON, clock.now())
        written = _written(insurance)
        transaction.set_rollback(True)
    return written, dropped


@pytest.mark.parametrize("insurance", ["390", "170"])
@pytest.mark.parametrize("seed", [1, 2])
def test_the_database_writes_what_the_plain_rules_say_for_everybody(
    small: Small, insurance: str, seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(season, "SET", 150)
    people = [one.person_id for one in _settle(400, insurance, seed)]
    plainly, dropped = _plainly(people, insurance)

    done = _run(small, insurance)

    written = _written(insurance)
    assert written.keys() == plainly.keys()
    for one in people:
        assert written.get(one) == plainly.get(one)
    assert dict(DropOut.here.values_list("person_id", "reason")) == dropped
    assert {"dead", "moved", "not_eligible" if insurance == "390" else "level_unknown"} <= set(
        dropped.values()
    )
    assert (done.state, done.looked, done.charged, done.dropped, done.sets) == (
        "done", 400, len(written), len(dropped), 3,
    )  # fmt: skip
    if insurance == "390":
        free = [one for one in written.values() if one["charge"][4] == 0]
        assert done.settled == len(free) > 10
        assert all(one["year"] and one["shares"] for one in free)
        assert any(one["cover"] for one in free)
        assert any(share[2] == "help" and share[5] for one in free for share in one["shares"])


def test_a_second_round_charges_only_who_has_none_yet(small: Small) -> None:
    _settle(40)
    first = _run(small)
    [late] = Enrolment.here.exclude(person_id__in=Charge.here.values("person_id"))[:1]
    Person.here.filter(id=late.person_id).update(dead_on=None, village=cast.PEAR)
    EnrolmentYear.here.filter(enrolment_id=late.id).update(residency="rural")

    again = _run(small)

    assert first.charged > 30
    assert (again.charged, again.dropped) == (1, first.dropped - 1)
    assert Charge.here.get(person_id=late.person_id).village == cast.PEAR
    assert Charge.here.count() == first.charged + 1


def test_a_season_stops_and_goes_on_where_it_was(
    small: Small, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(season, "SET", 20)
    _settle(60)
    made = _start(small)
    key = f"season/{made}/0"
    season.carry(small.luo, made, at=clock.now(), key=key)
    season.stop(small.luo, made, at=clock.now(), key=cast.key())
    season.run(cast.COUNTY, made)
    between = Season.here.get(id=made)
    season.resume(small.luo, made, at=clock.now(), key=cast.key())
    season.run(cast.COUNTY, made)
    # A worker that comes too late, with a set that was done, does nothing.
    assert season.carry(small.luo, made, at=clock.now(), key=key).again

    assert (between.state, between.looked) == ("stopped", 20)
    done = Season.here.get(id=made)
    assert (done.state, done.looked, done.charged) == ("done", 60, Charge.here.count())
    assert done.charged + done.dropped == 60


def test_a_set_that_breaks_in_the_middle_leaves_nothing_and_is_done_again(
    small: Small, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(season, "SET", 20)
    _settle(60)
    made = _start(small)

    def breaks() -> int:
        raise RuntimeError

    season.carry(small.luo, made, at=clock.now(), key=f"season/{made}/0")
    with monkeypatch.context() as broken:
        broken.setattr(season_sql, "count_settled", breaks)
        with pytest.raises(RuntimeError):
            season.run(cast.COUNTY, made)
    held = Season.here.get(id=made)
    assert held.charged == Charge.here.count() < 60
    season.run(cast.COUNTY, made)

    done = Season.here.get(id=made)
    assert (done.state, done.charged + done.dropped, done.charged) == (
        "done", 60, Charge.here.count(),
    )  # fmt: skip
    assert {one["revision"] for one in ChargeShare.here.values("revision")} == {1}


def test_statements_do_not_grow_with_the_set(small: Small) -> None:
    counts = []
    for seed, size in ((1, 40), (2, 400)):
        _settle(size, seed=seed)
        made = _start(small)
        with statements.seen() as seen:
            season.carry(small.luo, made, at=clock.now(), key=f"season/{made}/0")
        counts.append(len(seen))

    assert Charge.here.count() > 350
    assert counts[0] == counts[1] < 45


def test_who_may_not_start_one_and_which_year_is_refused(small: Small) -> None:
    def code(actor: Actor, insurance: str, year: int) -> str:
        with pytest.raises(Refused) as refused:
            season.start(actor, insurance, year, at=clock.now(), key=cast.key())
        return refused.value.code

    year = _year("390")
    assert code(small.chen, "390", year) == "not_finance"
    assert code(small.wei, "390", year) == "not_finance"
    assert code(small.cai, "390", year) == "not_finance"
    assert code(small.luo, "390", year + 1) == "season_year_strange"
    assert code(small.luo, "390", year - 2) == "season_year_strange"
    made = _start(small)
    assert code(small.gu, "390", year) == "season_running"
    for act in (season.stop, season.resume):
        with pytest.raises(Refused, match="not_finance"):
            act(small.chen, made, at=clock.now(), key=cast.key())
        with pytest.raises(Refused, match="not_found"):
            act(small.cai, made, at=clock.now(), key=cast.key())
    assert not Charge.here.exists()
