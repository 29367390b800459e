"""What we owe: the sum and its parts, whom to pay for, how, why; and for whom else."""

from __future__ import annotations

import re
from html import unescape
from typing import Any

import pytest

from canbao.kernel import clock
from canbao.payments.charges import ChargeRow
from canbao.payments.tables import Charge
from canbao.people.tables import Person
from tests import small as cast
from tests.payments import family, money
from tests.small import Small
from tests.web.portal.resident import Resident, errors

Owing = dict[str, ChargeRow]


@pytest.fixture(autouse=True)
def in_autumn(settings: Any) -> None:
    """The season is open, whenever the suite runs."""
    settings.CANBAO_BUSINESS_DATE = "11-20"


@pytest.fixture
def owing(small: Small, wang: Resident) -> Owing:
    """The family's charges, and the phone bound to the householder."""
    found = family.owing(small)
    family.bind(wang.contact, found["王守田"].person_id)
    wang.get("")
    return found


def text(answer: Any) -> str:
    """The words of a page in one line."""
    words = re.sub(r"<[^>]+>", " ", answer.content.decode())
    return re.sub(r"\s+", " ", unescape(words))


def test_the_page_says_the_sum_and_who_pays_the_rest(wang: Resident, owing: Owing) -> None:
    page = wang.get("owe")

    said = text(page)
    year = clock.today().year + 1
    assert f"您家 {year} 年医保 1,270 元" in said
    assert re.search(r"12 月 31 日[^ ]*前交，还有 \d+ 天。", said)
    # The period is extended to 31 January: who pays in January does not wait.
    assert f"{year} 年 1 月 31 日以后交的，要等 3 个月才能报销。" in said
    assert "县残联替交 440 元。" in said
    assert "4 个人一年 4,750 元，谁出" in said
    assert "您家交 1,270 元" in said
    assert re.search(r"县残联代交 李桂香 440 元", said)
    assert "国家补助 每人 760 元，4 人 3,040 元" in said
    assert "到村里交 1,270 元现金" in said
    assert wang.last <= 15


def test_nobody_is_asked_for_what_another_pays(wang: Resident, owing: Owing) -> None:
    page = wang.get("owe").content.decode()

    assert f'value="{owing["李桂香"].id}"' not in page
    assert page.count('name="who"') == 3


def test_whom_to_pay_for_is_chosen_and_worked_out_again(wang: Resident, owing: Owing) -> None:
    year = clock.today().year + 1
    one = f"owe?insurance=390&year={year}&who={owing['王守田'].id}"

    assert "这次交" not in text(wang.get("owe"))
    again = text(wang.get(f"{one}&again=yes"))
    assert "到村里交 440 元现金" in again
    assert "这次交 440 元，还剩 830 元没交。" in again
    cash = text(wang.get(f"{one}&pay=cash"))
    assert "带到村里 440 元" in cash
    assert "陈秋生" in cash
    assert "8:30" in cash
    assert "赵雅琴" not in cash
    assert wang.last <= 15
    none = text(wang.get(f"owe?insurance=390&year={year}&pay=cash"))
    assert "还没有选人" in none
    for nonsense in ("owe?insurance=999&year=abc", "owe?who=x&who=%00&again=1", "owe/why?year=1"):
        assert wang.get(nonsense).status_code == 200


def test_what_is_paid_stays_on_the_page_and_is_not_asked_again(
    small: Small, wang: Resident, owing: Owing
) -> None:
    block = money.block(small, small.chen)
    money.collect(small.chen, block, money.ticket(1, [owing["王守田"]]))

    said = text(wang.get("owe"))

    assert "年医保 830 元" in said
    assert "您家交 1,270 元" in said, "the whole cost stays what it is"


def test_each_amount_shows_what_it_rests_on(wang: Resident, owing: Owing) -> None:
    said = text(wang.get("owe/why"))

    assert "明水县居民医保年度缴费标准" in said
    assert "县残联" in said
    assert "440" in said
    assert said.count("明水县居民医保年度缴费标准") == 1, "one source is told once for all"
    assert wang.last <= 15


def test_whom_another_pays_for_sees_the_cover_that_was_written(
    small: Small, wang: Resident, owing: Owing
) -> None:
    before = text(wang.get("owe/why")).count("可以报销")
    block = money.block(small, small.chen)
    money.collect(small.chen, block, money.ticket(1, [owing["王守田"]]))

    assert text(wang.get("owe/why")).count("可以报销") == before
    assert wang.last <= 15


def test_a_latecomer_sees_from_when_and_a_newborn_from_birth(
    small: Small, wang: Resident, owing: Owing, settings: Any
) -> None:
    year = clock.today().year + 1
    child = owing["王一诺"]
    Person.here.filter(id=child.person_id).update(birth_on=f"{year}-02-10")

    settings.CANBAO_BUSINESS_DATE = f"{year}-03-02"
    said = text(wang.get("owe")).replace(" ", "")

    assert "今天交的话：" in said
    assert f"{year}年6月2日到" in said, "three months after the day of payment"
    assert f"{year}年2月10日到" in said, "from birth"
    assert wang.last <= 15


def test_parents_elsewhere_are_found_by_the_exact_number_only(
    small: Small, wang: Resident, owing: Owing
) -> None:
    parent = cast.claim(77)
    [charge] = money.approved(small, claims=[parent])

    wrong = wang.post("owe/add", {"number": cast.identity(78).number})
    assert wrong.status_code == 422
    assert "本县没有要交的钱" in text(wrong)
    assert wang.post("owe/add", {"number": "12"}).status_code == 422
    said = text(wang.step("owe/add", {"number": parent.identity.number}))
    assert "年医保 1,710 元" in said
    assert wang.last <= 15
    said = text(wang.step("owe/add", {"off": str(charge.person_id)}))
    assert "年医保 1,270 元" in said


def test_nobody_reads_who_pays_for_a_stranger(small: Small, wang: Resident, owing: Owing) -> None:
    helped = cast.claim(78, groups=("disability_severe",))
    partly = cast.claim(79, groups=("monitored",))
    money.approved(small, claims=[helped, partly])

    none = wang.post("owe/add", {"number": helped.identity.number})
    said = text(wang.step("owe/add", {"number": partly.identity.number}))

    assert "本县没有要交的钱" in text(none), (
        "for whom others pay everything there is nothing to find"
    )
    assert partly.identity.name in said
    assert "年医保 1,490 元" in said, "220 yuan of it for the one elsewhere"
    assert "别人代交" in said
    why = text(wang.get("owe/why"))
    assert partly.identity.name not in why
    for word in ("监测", "农业农村局"):
        assert word not in said + why


def test_an_address_that_only_takes_forms_says_so(wang: Resident, owing: Owing) -> None:
    answer = wang.get("owe/add")

    assert answer.status_code == 405
    assert answer.headers["Allow"] == "POST"
    assert "这个网址只收页面提交的内容。" in text(answer)


def test_numbers_are_not_tried_without_end(wang: Resident, owing: Owing) -> None:
    answers = [wang.post("owe/add", {"number": cast.identity(90).number}) for _ in range(11)]

    assert "您今天已经查了 10 个号码" in " ".join(errors(answers[-1]))
    assert "您今天已经查了" not in " ".join(errors(answers[-2]))


def test_a_phone_that_is_not_bound_learns_nothing(small: Small, wang: Resident) -> None:
    family.owing(small)

    said = text(wang.get("owe"))

    assert "还不知道这部手机是您的" in said
    assert "王守田" not in said
    assert wang.post("owe/add", {"number": cast.identity(1).number}).status_code == 422
    assert wang.get("owe/why").status_code == 404


def test_the_home_page_says_what_is_due_and_by_when(wang: Resident, owing: Owing) -> None:
    year = clock.today().year + 1

    said = text(wang.get(""))

    assert "1,270 元" in said
    assert re.search(r"还没交 1,270 元 12 月 31 日[^ ]*前交，还有 \d+ 天。", said)
    assert f"今天交了，{year} 年 1 月 1 日起能报销。" in said
    assert "陈秋生" in said, "whom to go to stands below every page"
    assert wang.last <= 15
    assert not Charge.here.exclude(year=clock.today().year + 1).exists()
