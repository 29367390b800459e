"""A small valid pack as text, for tests that change it."""

from __future__ import annotations

from canbao.policy.rules import packs
from canbao.policy.rules.faults import Fault, PackFault
from canbao.policy.rules.library import Library
from canbao.policy.rules.pack import Pack

PACK = """place = "000000"
place_name = { zh = "全国", en = "National" }
insurance = "390"
year = 2026

[source.notice]
title = { zh = "通知", en = "Notice" }
address = "example.org/notice"
grade = "A"
published_on = 2025-09-01

[source.copy]
title = { zh = "转载", en = "Copy" }
address = "example.org/copy"
grade = "C"

[level.adult]
name = { zh = "成年", en = "Adult" }
fits = { age_from = 18 }
own = { fen = 40000, source = "notice", confirmed = true }
subsidy = { government_fen = 70000, source = "copy" }

[group.poor]
name = { zh = "低保", en = "Poor" }
priority = { place = 1, source = "copy" }
help = { percent = 33, paid_by = { zh = "县", en = "County" }, source = "copy" }

[rule.household]
refuse_when = { residency = ["elsewhere"] }
says = { zh = "要有本地户口。", en = "Needs a household here." }
source = "copy"

[paper.photo]
name = { zh = "照片", en = "Photo" }
source = "copy"

[[example]]
about = "an adult"
on = "previous-11-20"
person = { age = 40 }
level = "adult"
own_fen = 40000
whole_fen = 110000
"""


TERMS = """
[season]
opens_on = "previous-09-01"
closes_on = "previous-12-31"
extended_to = "same-02-28"
days = [
  { months = [12], first = 1, last = 28 },
  { first = 1, last = 25 },
]
source = "copy"

[cover]
starts_on = "same-01-01"
extended_from = "payment_day"
late_from = "next_month"
source = "copy"

[waiting]
fixed_months = 3
gap_months = 1
repaid_months = 1
long_gap_years = 4
long_gap_months = 6
unless = { groups = ["poor"] }
source = "copy"

[newborn]
days = 90
across_new_year = "each_year"
later_from = "next_month"
source = "copy"

[late]
until = "same-10-31"
pays_subsidy = false
unless = { groups = ["poor"] }
source = "copy"

[cash]
bank_within_days = 3
source = "copy"

[back_payment]
years_most = 15
subsidised = false
source = "copy"

[collective]
least_fen = 20000
most_fen = 50000
source = "copy"

[refund.paid_twice]
name = { zh = "重复缴费", en = "Paid twice" }
before_cover = true
after_cover = true
after_benefits = true
ask_within_days = 365
source = "copy"

[refund.other_insurance]
name = { zh = "已参加职工医保", en = "Insured as an employee" }
before_cover = true
says = { zh = "待遇开始后不退。", en = "Nothing is given back once cover has begun." }
source = "copy"

[[example]]"""


def with_terms(old: str = "", new: str = "") -> str:
    """The pack with everything that can be said about time and money, one thing changed in it."""
    text = PACK.replace("[[example]]", TERMS.lstrip(), 1)
    assert not old or text.count(old) == 1, old
    return text.replace(old, new) if old else text


def changed(old: str, new: str) -> str:
    assert PACK.count(old) == 1, old
    return PACK.replace(old, new)


def parsed(text: str, name: str = "pack.toml") -> Pack:
    return packs.parse(text.encode(), name=name)


def library(*texts: str) -> Library:
    return Library(tuple(parsed(text, f"{place}.toml") for place, text in enumerate(texts)))


def faults(text: str) -> tuple[Fault, ...]:
    """The faults of a pack, alone and among itself; none when it would come into force."""
    try:
        packs.admit(Library(()), parsed(text))
    except PackFault as fault:
        return fault.faults
    return ()


def codes(text: str) -> list[tuple[str, int]]:
    return [(fault.code, fault.line) for fault in faults(text)]
