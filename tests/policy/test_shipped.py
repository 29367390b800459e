"""The packs that come with canbao, value by value where it matters."""

from __future__ import annotations

from datetime import date

import pytest

from canbao.kernel.refusal import Refused
from canbao.policy.rules import examples, packs
from canbao.policy.rules.answers import Level
from canbao.policy.rules.faults import PackFault
from canbao.policy.rules.pack import Pack
from canbao.policy.rules.person import GroupEvidence, Insurance, PersonFacts, Residency, Student
from canbao.policy.rules.values import Grade, Payer

SHIPPED = packs.load_shipped(demo=False)
DEMO = packs.load_shipped(demo=True)
NOVEMBER = date(2025, 11, 20)


def levels(place: str, year: int) -> dict[str, Level]:
    rules = SHIPPED.resolve(place, Insurance.MEDICAL, year)
    return {level.code: level for level in rules.levels(date(year - 1, 11, 20))}


@pytest.mark.parametrize("pack", DEMO.packs, ids=lambda pack: pack.file)
def test_the_worked_examples_of_every_pack_hold(pack: Pack) -> None:
    runs = list(examples.run(pack, DEMO))

    assert runs
    assert [run for run in runs if not run.holds] == []


@pytest.mark.parametrize(
    ("year", "own_yuan", "subsidy_yuan"),
    [
        (2017, 150, 420),
        (2018, 180, 450),
        (2019, 220, 490),
        (2020, 250, 520),
        (2021, 280, 550),
        (2022, 320, 580),
        (2023, 350, 610),
        (2024, 380, 640),
        (2025, 400, 670),
        (2026, 400, 700),
    ],
)
def test_the_national_minimum_is_that_of_the_table(
    year: int, own_yuan: int, subsidy_yuan: int
) -> None:
    adult = levels("000000", year)["adult"]

    assert (adult.own_fen, adult.whole_fen) == (own_yuan * 100, (own_yuan + subsidy_yuan) * 100)
    assert [share.payer for share in adult.shares] == [Payer.OWN, Payer.GOVERNMENT]
    assert not adult.confirmed


@pytest.mark.parametrize(
    ("year", "adult", "child", "university"),
    [(2024, 42000, 36000, None), (2025, 44000, 39000, 24000), (2026, 44000, 39000, None)],
)
def test_jinan_has_its_own_amounts(
    year: int, adult: int, child: int, university: int | None
) -> None:
    found = levels("370100", year)

    assert [found[code].own_fen for code in ("adult", "child", "university")] == [
        adult,
        child,
        university,
    ]
    assert (found["university"].not_found is None) == (university is not None)


def test_jinan_2023_inherits_the_national_minimum_and_says_so() -> None:
    adult = levels("370100", 2023)["adult"]

    assert adult.own_fen == 35000
    assert adult.standing is not None
    assert adult.standing.inherited_from == "000000"
    assert adult.not_found is not None
    assert adult.not_found.zh == "没有找到济南成年居民的缴费标准"


def test_the_subsidy_of_jinan_2024_is_the_national_one_beside_its_own_amount() -> None:
    own, subsidy = levels("370100", 2024)["adult"].shares

    assert (own.standing.inherited_from, subsidy.standing.inherited_from) == (None, "000000")
    assert subsidy.fen == 64000


def test_a_level_without_amount_is_not_priced() -> None:
    rules = SHIPPED.resolve("370100", Insurance.MEDICAL, 2026)
    student = PersonFacts(birth_on=date(2005, 1, 1), student=Student.UNIVERSITY)

    assert rules.likely_level(student, NOVEMBER).level == "university"
    with pytest.raises(Refused, match="level_without_amount"):
        rules.price(student, "university", NOVEMBER)


def test_only_grades_a_and_b_are_confirmed_and_outside_the_demo_little_is() -> None:
    for pack in DEMO.packs:
        for _, values in packs.values_of(pack):
            for value in values:
                assert value.confirmed <= (value.source.grade in {Grade.A, Grade.B})
                assert value.confirmed == pack.demo


def test_a_year_that_is_not_published_runs_on_the_latest_and_is_never_confirmed() -> None:
    rules = DEMO.resolve("370199", Insurance.MEDICAL, 2033)
    adult = rules.level("adult", date(2032, 11, 20))

    assert adult.own_fen == 44000
    assert rules.borrowed_from == 2032
    assert not adult.confirmed
    assert adult.standing is not None
    assert adult.standing.borrowed_from == 2032
    season = rules.season(date(2032, 11, 20))
    assert season is not None
    assert season.closes_on == date(2032, 12, 31)
    assert not season.standing.confirmed
    assert levels("370100", 2027)["adult"].standing is not None


def test_a_year_before_everything_is_refused() -> None:
    with pytest.raises(Refused, match="policy_not_published"):
        SHIPPED.resolve("370100", Insurance.MEDICAL, 2016)


def test_the_demo_county_loads_in_demo_mode_only() -> None:
    adult = SHIPPED.resolve("370199", Insurance.MEDICAL, 2026).level("adult", NOVEMBER)
    demo = [pack for pack in DEMO.packs if pack.demo]

    assert adult.standing is not None
    assert adult.standing.inherited_from == "370100"
    assert {pack.place for pack in demo} == {"370199"}
    with pytest.raises(PackFault, match="pack_demo_only"):
        SHIPPED.with_packs(demo)


@pytest.mark.parametrize("year", range(2024, 2033))
def test_the_demo_county_costs_what_its_screens_show(year: int) -> None:
    on = date(year - 1, 11, 20)
    rules = DEMO.resolve("370199", Insurance.MEDICAL, year)
    price = rules.price(PersonFacts(birth_on=date(year - 63, 5, 1)), "adult", on)

    assert [(share.payer, share.fen) for share in price.shares] == [
        (Payer.OWN, 44000),
        (Payer.CENTRAL, 38000),
        (Payer.PROVINCE_CITY, 26600),
        (Payer.COUNTY, 11400),
    ]
    assert price.confirmed
    assert [level.code for level in rules.levels(on)] == ["adult", "child"]
    assert price.trace[0].standing.published_on == date(year - 1, 9, 1)
    pension = DEMO.resolve("370199", Insurance.PENSION, year)
    assert [(level.own_fen, level.whole_fen) for level in pension.levels(on)] == [
        (30000, 33000),
        (50000, 56000),
        (100000, 108000),
        (200000, 210000),
        (500000, 510000),
    ]


def test_the_federation_pays_for_a_severely_disabled_member() -> None:
    rules = DEMO.resolve("370199", Insurance.MEDICAL, 2026)
    group = GroupEvidence("disability_severe", date(2025, 10, 1), proven=True)
    person = PersonFacts(birth_on=date(1965, 3, 1), groups=(group,))

    price = rules.price(person, "adult", NOVEMBER)
    before = rules.price(person, "adult", date(2025, 9, 30))

    assert (price.own_fen, price.whole_fen, price.group) == (0, 120000, "disability_severe")
    aid = price.shares[1]
    assert (aid.payer, aid.fen, aid.name and aid.name.zh) == (Payer.AID, 44000, "县残联")
    assert (before.own_fen, before.group) == (44000, None)


def test_a_group_that_is_only_claimed_suggests_its_tier_but_lowers_no_price() -> None:
    rules = DEMO.resolve("370199", Insurance.PENSION, 2026)
    claimed = GroupEvidence("disability_severe", date(2025, 10, 1))
    person = PersonFacts(birth_on=date(1980, 3, 1), groups=(claimed,))

    assert rules.likely_level(person, NOVEMBER).level == "300"
    assert rules.price(person, "300", NOVEMBER).own_fen == 30000
    assert "group_proof" in {paper.code for paper in rules.required_papers(person, NOVEMBER)}


def test_who_is_refused_is_told_by_which_rule_with_both_values() -> None:
    rules = DEMO.resolve("370199", Insurance.PENSION, 2026)
    person = PersonFacts(birth_on=date(2010, 1, 1), residency=Residency.PERMIT)

    refused = rules.refusals(person, date(2026, 1, 1))
    ready = rules.refusals(PersonFacts(birth_on=date(2010, 1, 1)), date(2026, 1, 1))

    assert [finding.code for finding in refused] == ["household"]
    assert (refused[0].wanted, refused[0].found) == (
        "not residency=elsewhere,permit",
        "residency=permit",
    )
    assert ready == ()
    too_young = rules.refusals(PersonFacts(birth_on=date(2010, 1, 2)), date(2026, 1, 1))
    assert [(one.code, one.found) for one in too_young] == [("age", "age=15")]


def test_the_family_form_is_asked_for_while_its_rule_is_in_force() -> None:
    farmer = PersonFacts(birth_on=date(1950, 1, 1))

    national = SHIPPED.resolve("370102", Insurance.PENSION, 2014)
    demo = DEMO.resolve("370199", Insurance.PENSION, 2026)

    assert national.family_form_required(farmer, date(2013, 12, 31)) is not None
    assert national.family_form_required(farmer, date(2014, 1, 1)) is None
    assert demo.family_form_required(farmer, NOVEMBER) is not None
    assert demo.family_form_required(PersonFacts(birth_on=date(1970, 1, 1)), NOVEMBER) is None
    assert "family_relations" not in {
        paper.code for paper in demo.required_papers(farmer, NOVEMBER)
    }


def test_the_fingerprint_changes_with_any_pack_of_the_chain() -> None:
    one = DEMO.fingerprint("370199", Insurance.MEDICAL, 2026)
    path = packs.SHIPPED / "000000/390/2026.toml"
    touched = packs.parse(path.read_bytes() + b"# touched\n", name="touched.toml")

    assert one == packs.load_shipped(demo=True).fingerprint("370199", Insurance.MEDICAL, 2026)
    assert one != DEMO.with_packs([touched]).fingerprint("370199", Insurance.MEDICAL, 2026)
    assert one != DEMO.fingerprint("370199", Insurance.MEDICAL, 2027)


def test_shipped_files_stand_where_their_content_says() -> None:
    assert {pack.file for pack in DEMO.packs} == {
        path.relative_to(packs.SHIPPED).as_posix() for path in packs.SHIPPED.rglob("*.toml")
    }
