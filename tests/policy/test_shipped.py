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

pytestmark = pytest.mark.any_date

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


LESHAN = "kpfans.com Z9jBbZzz93"
NONE = "-"


@pytest.mark.parametrize(
    ("year", "own_yuan", "own_source", "subsidy_yuan", "subsidy_source"),
    [
        (2017, 150, LESHAN, 420, NONE),
        (2018, 180, LESHAN, 450, NONE),
        (2019, 220, LESHAN, 490, "aiiwen.com 103289"),
        (2020, 250, LESHAN, 520, NONE),
        (2021, 280, LESHAN, 550, NONE),
        (2022, 320, LESHAN, 580, NONE),
        (2023, 350, "mlnxb.com 1lem09", 610, NONE),
        (2024, 380, "hzbdd.com/372139", 640, "hzbdd.com/372139"),
        (2025, 400, "wxredian.com 6fc4266e", 670, "wxredian.com 6fc4266e"),
        (2026, 400, NONE, 700, NONE),
    ],
)
@pytest.mark.parametrize("level", ["adult", "child"])
def test_the_national_minimum_is_that_of_the_table_with_its_source(
    *, year: int, own_yuan: int, own_source: str, subsidy_yuan: int, subsidy_source: str, level: str
) -> None:
    found = levels("000000", year)[level]

    assert [(one.payer, one.fen, one.standing.address) for one in found.shares] == [
        (Payer.OWN, own_yuan * 100, own_source),
        (Payer.GOVERNMENT, subsidy_yuan * 100, subsidy_source),
    ]
    assert not found.confirmed


JINAN = {
    2024: "wap.kuyiso.com 1f464u1d59f3",
    2025: "m.jiusongjiankang.com 6719662",
    2026: "share.zqrdlt.cn tid/3302235",
}


@pytest.mark.parametrize(
    ("year", "level", "own_yuan", "subsidy_yuan"),
    [
        (2024, "adult", 420, 640),
        (2024, "child", 360, 640),
        (2025, "adult", 440, 760),
        (2025, "child", 390, 760),
        (2025, "university", 240, 760),
        (2026, "adult", 440, 760),
        (2026, "child", 390, 760),
    ],
)
def test_jinan_costs_what_the_table_says_with_its_source(
    year: int, level: str, own_yuan: int, subsidy_yuan: int
) -> None:
    own, subsidy = levels("370100", year)[level].shares

    assert (own.fen, own.standing.address) == (own_yuan * 100, JINAN[year])
    assert own.standing.inherited_from is None
    assert subsidy.fen == subsidy_yuan * 100
    assert subsidy.standing.inherited_from == ("000000" if year == 2024 else None)
    season = SHIPPED.resolve("370100", Insurance.MEDICAL, year).season(date(year - 1, 11, 20))
    assert season is not None
    assert season.closes_on == date(year - 1, 12, 31)
    assert season.standing.address == JINAN[year]


@pytest.mark.parametrize(
    ("year", "first_yuan", "second_yuan"),
    [
        (2016, 120, 360),
        (2017, 150, 360),
        (2018, 180, 360),
        (2019, 220, 360),
        (2020, 250, 380),
        (2021, 280, 380),
        (2022, 320, 400),
    ],
)
def test_leshan_has_two_tiers(year: int, first_yuan: int, second_yuan: int) -> None:
    found = levels("511100", year)

    assert {code: level.own_fen for code, level in found.items()} == {
        "tier_1": first_yuan * 100,
        "tier_2": second_yuan * 100,
    }
    assert all(level.standing and level.standing.address == LESHAN for level in found.values())
    assert all(level.not_found and "补助" in level.not_found.zh for level in found.values())


def test_the_pension_has_the_twelve_national_tiers() -> None:
    rules = SHIPPED.resolve("110101", Insurance.PENSION, 2026)

    assert [level.own_fen for level in rules.levels(date(2026, 6, 1))] == [
        yuan * 100 for yuan in (*range(100, 1001, 100), 1500, 2000)
    ]


def test_of_the_ten_tiers_of_shaanxi_those_that_were_found_have_amounts() -> None:
    rules = SHIPPED.resolve("610102", Insurance.PENSION, 2025)

    def found(on: date) -> dict[str, int | None]:
        return {level.code: level.own_fen for level in rules.levels(on)}

    assert found(date(2025, 6, 1)) == {"300": 30000, "between": None, "6000": 600000}
    assert set(found(date(2025, 5, 31)).values()) == {None}


@pytest.mark.parametrize(
    ("tier", "province", "city", "county"),
    [(100, 15, 3, 12), (200, 20, 4, 16), (500, 35, 7, 28), (800, 50, 10, 40), (2000, 50, 10, 40)],
)
def test_the_subsidy_of_baoshan_grows_with_the_tier_and_is_split(
    tier: int, province: int, city: int, county: int
) -> None:
    rules = SHIPPED.resolve("530502", Insurance.PENSION, 2020)
    price = rules.price(PersonFacts(birth_on=date(1980, 1, 1)), str(tier), date(2020, 6, 1))

    assert [(share.payer, share.fen) for share in price.shares] == [
        (Payer.OWN, tier * 100),
        (Payer.PROVINCE, province * 100),
        (Payer.CITY, city * 100),
        (Payer.COUNTY, county * 100),
    ]


def test_baoshan_pays_the_tier_of_the_severely_disabled_from_the_province() -> None:
    rules = SHIPPED.resolve("530502", Insurance.PENSION, 2020)
    group = GroupEvidence("disability_severe", date(2019, 1, 1), proven=True)
    person = PersonFacts(birth_on=date(1980, 1, 1), groups=(group,))

    helped = rules.price(person, "200", date(2020, 6, 1)).shares[1]

    assert (helped.payer, helped.fen, helped.sub_ledger) == (Payer.PROVINCE, 20000, "paid_for")
    assert rules.price(person, "300", date(2020, 6, 1)).own_fen == 30000


def test_zibo_let_late_payers_pay_the_public_share() -> None:
    rules = SHIPPED.resolve("370302", Insurance.MEDICAL, 2022)
    person = PersonFacts(birth_on=date(1980, 1, 1))

    assert rules.price(person, "adult", date(2021, 12, 31)).own_fen == 32000
    assert rules.price(person, "adult", date(2022, 1, 1)).own_fen == 90000


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


def test_a_household_of_four_pays_what_its_screen_shows() -> None:
    rules = DEMO.resolve("370199", Insurance.MEDICAL, 2026)
    on = date(2025, 12, 2)
    listed = GroupEvidence(
        "disability_severe", date(2025, 10, 1), proven=True, evidence="县残联 2025 年 10 月名单"
    )
    people = {
        "head": (PersonFacts(birth_on=date(1963, 3, 17)), "adult"),
        "in-law": (PersonFacts(birth_on=date(1990, 2, 7)), "adult"),
        "child": (PersonFacts(birth_on=date(2016, 5, 6), student=Student.SCHOOL), "child"),
        "wife": (PersonFacts(birth_on=date(1965, 6, 4), groups=(listed,)), "adult"),
    }
    prices, refused = rules.price_all(people, on)

    assert refused == {}
    assert {who: price.own_fen // 100 for who, price in prices.items()} == {
        "head": 440,
        "in-law": 440,
        "child": 390,
        "wife": 0,
    }
    assert sum(price.own_fen for price in prices.values()) == 127_000
    assert sum(price.whole_fen for price in prices.values()) == 475_000
    aid = prices["wife"].shares[1]
    assert (aid.name and aid.name.zh, aid.fen, aid.sub_ledger) == ("县残联", 44000, "aid")
    assert dict(prices["wife"].trace[1].because)["evidence"] == "县残联 2025 年 10 月名单"
    for person, _ in people.values():
        cover = rules.cover(person, on)
        assert cover is not None
        assert (cover.from_on, cover.to_on) == (date(2026, 1, 1), date(2026, 12, 31))


def test_the_demo_county_says_how_old_cash_may_get_and_when_money_is_given_back() -> None:
    for insurance in Insurance:
        rules = DEMO.resolve("370199", insurance, 2026)
        limit = rules.cash(NOVEMBER)
        assert limit is not None
        assert limit.bank_within_days == 3
        assert {"paid_twice", "special_group", "not_enrolled"} <= {
            code for code, _ in rules.refund_reasons(NOVEMBER)
        }


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
