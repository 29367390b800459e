"""The demo county 明水县 (invented): its places, its officers, and the households the tutorial tells of."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from random import Random
from typing import Final

from canbao.people.codes import Sex
from canbao.simulate import residents
from canbao.simulate.offices import Place, Worker
from canbao.simulate.residents import Household, Numbers, Resident

CODE: Final = "370199"
NAME: Final = "明水县"
WILLOW, CLEAR, BRIDGE = "370199101000", "370199102000", "370199103000"
APRICOT, PEAR, STONE, GROVE = (f"37019910120{place}" for place in range(1, 5))
TOWNSHIPS: Final = (Place(WILLOW, "柳泉镇"), Place(CLEAR, "清河镇"), Place(BRIDGE, "石桥镇"))
# Village, name, township, residents, coordinator's login and name.
_VILLAGES: Final = (
    (APRICOT, "杏花村", WILLOW, 300, "chenqiusheng", "陈秋生"),
    (PEAR, "梨树村", WILLOW, 160, "liuyulan", "刘玉兰"),
    (STONE, "小石村", WILLOW, 110, "shiman", "石满"),
    (GROVE, "柳林村", WILLOW, 150, "helianfang", "何莲芳"),
    ("370199102201", "上河村", CLEAR, 110, "dingjiahe", "丁家和"),
    ("370199102202", "下河村", CLEAR, 110, "songyuzhen", "宋玉珍"),
    ("370199102203", "荷塘村", CLEAR, 110, "hetang", "贺棠"),
    ("370199102204", "渔湾村", CLEAR, 110, "yuwanli", "于万里"),
    ("370199103201", "东桥村", BRIDGE, 210, "qiaosen", "乔森"),
    ("370199103202", "西桥村", BRIDGE, 210, "luqiaoyun", "陆巧云"),
    ("370199103203", "石碑村", BRIDGE, 210, "baishan", "白山"),
    ("370199103204", "大槐村", BRIDGE, 210, "huaiyin", "淮英"),
)
VILLAGES: Final = tuple(Place(code, name, township) for code, name, township, *_ in _VILLAGES)
VILLAGE_NAMES: Final = {code: name for code, name, *_ in _VILLAGES}
COORDINATOR: Final = {code: login for code, _, _, _, login, _ in _VILLAGES}
WORKERS: Final = (
    *(Worker(login, name, "village", code) for code, _, _, _, login, name in _VILLAGES),
    Worker("mengqinghua", "孟庆华", "township", WILLOW),
    Worker("fangjianping", "方建平", "township", WILLOW),
    Worker("renlihua", "任丽华", "township", CLEAR),
    Worker("luowenbin", "罗文斌", "township", BRIDGE),
    Worker("weijingyi", "魏静怡", "county", "390"),
    Worker("yanming", "严明", "county", "390"),
    Worker("hanxuemei", "韩雪梅", "county", "170"),
    Worker("shilei", "石磊", "county", "170"),
    Worker("luozhenbang", "罗振邦", "finance", "390"),
    Worker("guqing", "顾清", "finance", "390"),
    # Who approved a refund or said it was paid does not find it in the bank's lines: there are three.
    Worker("qinchuan", "秦川", "finance", "390"),
    Worker("caiping", "蔡平", "finance", "170"),
    Worker("xubowen", "徐博文", "finance", "170"),
    Worker("dingyun", "丁芸", "finance", "170"),
    Worker("zhongwen", "钟文", "archivist", "office"),
    Worker("bailicheng", "白立诚", "auditor", "office"),
    Worker("guoweidong", "郭卫东", "administrator", "office"),
    Worker("linxiaoman", "林小满", "administrator", "office"),
)
TOWNSHIP_OFFICER: Final = {WILLOW: "mengqinghua", CLEAR: "renlihua", BRIDGE: "luowenbin"}
FINANCE_OFFICER: Final = {"390": "luozhenbang", "170": "caiping"}
COUNTY_OFFICER: Final = {"390": "weijingyi", "170": "hanxuemei"}
PHONE_OF_STORY: Final = "13700002207"
# Who was insured last year and pays for the next.
PAYER: Final = "郑保田"
PHONE_OF_PAYER: Final = "13700003319"


@dataclass(frozen=True, slots=True)
class _Named:
    """Somebody the screens know: the number ends in four places that are known too, or in any."""

    household: str
    name: str
    sex: Sex
    age: int
    relation: str
    tail: str = ""
    ethnic: str = "01"
    month_day: tuple[int, int] = (3, 1)
    village: str = APRICOT


_M, _F = Sex.MALE, Sex.FEMALE
_STORY: Final = (
    _Named("0317", "王守田", _M, 62, "02", "0317"),
    _Named("0317", "李桂香", _F, 60, "12", "6645"),
    _Named("0317", "赵雅琴", _F, 34, "38"),
    _Named("0317", "王一诺", _F, 9, "42", "2026"),
    _Named("0319", "郑保田", _M, 61, "02"),
    _Named("0319", "胡秀英", _F, 59, "12"),
    _Named("0319", "冯丽华", _F, 33, "38"),
    _Named("0319", "郑思雨", _F, 8, "42"),
    _Named("0322", "张山", _M, 45, "02", "5530"),
    _Named("0519", "王䶮", _M, 51, "02", "0091"),
    _Named("0519", "阿依古丽·买买提江", _F, 46, "12", "6124", ethnic="05"),
    _Named("0526", "孙玉梅", _F, 68, "02", "8867"),
    _Named("0526", "孙建国", _M, 41, "22"),
    _Named("0531", "周长河", _M, 48, "02", "4413", month_day=(2, 9)),
    _Named("0601", "陈秋生", _M, 52, "02"),
    _Named("0601", "吴春梅", _F, 50, "12"),
    _Named("0601", "陈子轩", _M, 22, "22"),
    _Named("0602", "李㛃", _F, 38, "02"),
    _Named("0602", "李𬱖", _F, 12, "30"),
    _Named("0603", "高山", _M, 64, "02"),
    _Named("0603", "高原", _M, 36, "20"),
    _Named("0603", "高悦", _F, 8, "42"),
    _Named("0188", "贺秀兰", _F, 65, "02", village=PEAR),
)  # fmt: skip
_STORY_HOUSEHOLDS: Final = frozenset((one.village, one.household) for one in _STORY)
# Who applies in the tutorial, in its order: their numbers are printed for whoever tries it.
APPLICANTS: Final = ("王守田", "赵雅琴", "王一诺", "周长河", "贺秀兰")


def is_story(one: Household) -> bool:
    """Whether it is one of the households that the stories tell of."""
    return (one.village, one.number) in _STORY_HOUSEHOLDS


def story(given: Numbers, on: datetime.date) -> list[Household]:
    """The households whose people have names on the screens and in the tutorial."""
    found: dict[str, Household] = {}
    for who in _STORY:
        household = found.setdefault(who.household, Household(who.village, who.household))
        born = datetime.date(on.year - who.age, *who.month_day)
        if who.tail:
            born, number = given.ending(who.tail, born)
        else:
            number = given.next(born, who.sex)
        place = VILLAGE_NAMES[who.village]
        address = f"{NAME}柳泉镇{place}{who.household[1]}组{who.household}户"
        household.members.append(
            Resident(
                who.name, who.sex, born, who.ethnic, number, who.relation, who.household, who.village,
                address,
            )
        )  # fmt: skip
    return list(found.values())


def households(seed: int, on: datetime.date) -> dict[str, list[Household]]:
    """Everybody in the register, 2,000 people, by village; the story's households come last in theirs."""
    random = Random(seed)
    given = Numbers()
    told = story(given, on)
    towns = {one.code: one.name for one in TOWNSHIPS}
    found: dict[str, list[Household]] = {}
    for code, name, township, count, *_ in _VILLAGES:
        own = [one for one in told if one.village == code]
        left = count - sum(len(one.members) for one in own)
        title = f"{NAME}{towns[township]}{name}"
        found[code] = [*residents.people(random, given, code, title, count=left, on=on), *own]
    return found


def member(households_of: Sequence[Household], name: str) -> tuple[Household, Resident]:
    """Somebody of the story by name."""
    return next(
        (household, one)
        for household in reversed(households_of)
        for one in household.members
        if one.name == name
    )
