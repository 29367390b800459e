"""Prices, whatever the amounts: they add up, in whole fen, and every line says where it comes from."""

from __future__ import annotations

import json
from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from canbao.kernel import canonical
from canbao.policy.rules.library import Library
from canbao.policy.rules.person import GroupEvidence, PersonFacts
from canbao.policy.rules.values import Payer
from tests.policy.written import PACK, changed, library, parsed

ON = date(2025, 11, 20)
FEN = st.integers(0, 1_000_000)
HELP = st.one_of(
    st.just("full = true"),
    st.integers(1, 1_000_000).map(lambda fen: f"fixed_fen = {fen}"),
    st.integers(1, 99).map(lambda percent: f"percent = {percent}"),
)
POOR = GroupEvidence("poor", date(2025, 1, 1), proven=True)


def priced(own_fen: int, shares: dict[str, int], help_: str) -> Library:
    written = ", ".join(f"{payer}_fen = {fen}" for payer, fen in shares.items())
    text = changed("fen = 40000,", f"fen = {own_fen},")
    text = text.replace("government_fen = 70000", written).replace("percent = 33", help_)
    return library(text)


@given(
    own_fen=FEN,
    shares=st.dictionaries(
        st.sampled_from(["central", "province", "city", "county"]),
        st.integers(1, 1_000_000),
        min_size=1,
    ),
    help_=HELP,
    poor=st.booleans(),
)
def test_the_shares_add_up_to_the_whole_cost(
    *, own_fen: int, shares: dict[str, int], help_: str, poor: bool
) -> None:
    rules = priced(own_fen, shares, help_).resolve("000000", "390", 2026)
    person = PersonFacts(birth_on=date(1980, 1, 1), groups=(POOR,) if poor else ())

    price = rules.price(person, "adult", ON)

    assert price.whole_fen == own_fen + sum(shares.values())
    assert all(type(share.fen) is int and share.fen >= 0 for share in price.shares)
    assert price.shares[0].payer == Payer.OWN
    assert price.shares[0].fen == price.own_fen <= own_fen
    assert (price.group == "poor") == poor
    assert poor or price.own_fen == own_fen


def test_a_fraction_of_a_fen_stays_with_the_person() -> None:
    rules = priced(101, {"city": 1}, "percent = 33").resolve("000000", "390", 2026)

    price = rules.price(PersonFacts(birth_on=date(1980, 1, 1), groups=(POOR,)), "adult", ON)

    assert [share.fen for share in price.shares] == [68, 33, 1]


def test_a_price_is_confirmed_only_when_each_of_its_lines_is() -> None:
    person = PersonFacts(birth_on=date(1980, 1, 1))
    mixed = library(PACK).resolve("000000", "390", 2026).price(person, "adult", ON)
    sure = changed('70000, source = "copy"', '70000, source = "notice", confirmed = true')

    assert [line.standing.confirmed for line in mixed.trace] == [True, False]
    assert not mixed.confirmed
    assert library(sure).resolve("000000", "390", 2026).price(person, "adult", ON).confirmed


def test_a_price_can_be_kept_as_canonical_text() -> None:
    rules = library(PACK).resolve("000000", "390", 2026)
    price = rules.price(PersonFacts(birth_on=date(1980, 1, 1), groups=(POOR,)), "adult", ON)

    kept = json.loads(canonical.text(price))
    assert ("taken_over", 13200) in [(line["code"], line["fen"]) for line in kept["trace"]]


def test_a_county_stands_over_its_city_and_keeps_what_it_does_not_say() -> None:
    county = changed('place = "000000"', 'place = "370199"').replace("fen = 40000,", "fen = 41000,")
    county = county.replace('subsidy = { government_fen = 70000, source = "copy" }\n', "")
    county = county.replace("own_fen = 40000", "own_fen = 41000").replace("110000", "111000")
    rules = library(PACK, county).resolve("370199", "390", 2026)

    own, subsidy = rules.level("adult", ON).shares

    assert (own.fen, own.standing.inherited_from) == (41000, None)
    assert (subsidy.fen, subsidy.standing.inherited_from) == (70000, "000000")


def test_a_pack_published_later_takes_the_place_of_the_one_before() -> None:
    later = changed("fen = 40000,", "fen = 50000,").replace("= 40000", "= 50000")
    both = library(PACK).with_packs([parsed(later)])

    assert both.resolve("000000", "390", 2026).level("adult", ON).own_fen == 50000


def test_an_amount_with_dates_changes_on_its_day() -> None:
    own = 'own = { fen = 40000, source = "notice", confirmed = true }'
    dated = """own = [
  { fen = 40000, source = "notice", to_on = "previous-12-31" },
  { fen = 90000, source = "notice", from_on = "same-01-01", to_on = "same-06-30" },
]"""
    rules = library(changed(own, dated)).resolve("000000", "390", 2027)

    def own_fen(on: date) -> int | None:
        return rules.level("adult", on).own_fen

    assert own_fen(date(2026, 12, 31)) == 40000
    assert own_fen(date(2027, 1, 1)) == 90000
    assert own_fen(date(2027, 7, 1)) is None
