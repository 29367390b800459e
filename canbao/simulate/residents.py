"""Made residents: households of real-looking people with valid numbers, from a seed."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Final

from canbao.people import codes, numbers
from canbao.people.codes import Sex
from canbao.people.numbers import Kind
from canbao.people.register_line import RegisterRow, Standing

AREA: Final = "370199"
FAMILIES: Final = tuple(
    "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段钱汤尹黎易常武乔贺赖龚文"
)
MEN: Final = [
    "建国",
    "志强",
    "德胜",
    "守田",
    "长河",
    "玉柱",
    "春生",
    "秋生",
    "庆华",
    "文斌",
    "卫东",
    "立诚",
    "建平",
    "国栋",
    "海涛",
    "永福",
    "传宝",
    "兆祥",
    "世杰",
    "明远",
    "振华",
    "树林",
    "金山",
    "保田",
    "学文",
    "广财",
    "新民",
    "洪亮",
    "延军",
    "少华",
    "子轩",
    "浩然",
    "宇航",
    "俊杰",
    "铁柱",
    "来福",
    "全喜",
    "克勤",
    "士英",
    "景春",
]
WOMEN: Final = [
    "秀英",
    "桂香",
    "玉兰",
    "桂兰",
    "淑珍",
    "雅琴",
    "玉梅",
    "凤霞",
    "春梅",
    "丽华",
    "静怡",
    "小满",
    "爱华",
    "翠花",
    "素云",
    "金凤",
    "月娥",
    "红梅",
    "美玲",
    "晓燕",
    "海霞",
    "秋菊",
    "银环",
    "彩云",
    "雪梅",
    "佳慧",
    "欣怡",
    "梦瑶",
    "雨桐",
    "一诺",
    "思雨",
    "若曦",
    "巧珍",
    "广玲",
    "兰芝",
    "凤仙",
    "玉凤",
    "来娣",
    "婷婷",
    "冬梅",
]
# Han in their many; of the others a few, as in a county that people move to.
OTHERS: Final = {
    "05": ("阿依古丽·买买提江", "艾力·吐尔逊", "古丽娜尔·阿卜杜热合曼", "买买提·伊敏", "热依汗古丽·努尔麦麦提"),
    "04": ("扎西次仁", "卓玛央金", "索朗旺堆"),
    "02": ("宝音", "乌云其其格", "巴特尔"),
    "10": ("金哲秀", "朴贞淑", "崔龙哲"),
    "03": ("马哈三", "马秀兰", "沙广义", "白玉莲"),
    "11": ("富察明", "那淑兰", "关永贵"),
    "08": ("韦小妹", "覃大贵"),
    "06": ("龙阿妹", "石老岩"),
    "07": ("阿木拉哈", "吉克阿牛"),
}  # fmt: skip
# Characters that many systems lose: extension A, the 2013 general table, and an old three-dragon one.
RARE: Final = ("㛃", "𬱖", "䶮", "龑", "𫖯", "𬀩", "喆", "玥")


@dataclass(frozen=True, slots=True)
class Resident:
    """One person of the register."""

    name: str
    sex: Sex
    birth_on: datetime.date
    ethnic: str
    number: str
    relation: str
    household: str
    village: str
    address: str

    def age_on(self, on: datetime.date) -> int:
        """Whole years."""
        before = (on.month, on.day) < (self.birth_on.month, self.birth_on.day)
        return on.year - self.birth_on.year - before

    def row(self, place: int) -> RegisterRow:
        """The line of the household register."""
        return RegisterRow(
            place, self.household, self.relation == codes.HEAD, self.relation, self.name, Kind.ID_CARD,
            self.number, self.sex, self.birth_on, self.ethnic, self.village, self.address, "20",
            None, None, Standing.REGISTERED,
        )  # fmt: skip


@dataclass(slots=True)
class Household:
    """People of one booklet, the head first."""

    village: str
    number: str
    members: list[Resident] = field(default_factory=list)

    def parent_of(self, child: Resident, on: datetime.date) -> Resident | None:
        """Somebody of the booklet who is the child's father or mother, as far as it tells."""
        of_head = child.relation in codes.CHILDREN
        for one in self.members:
            grown = one.age_on(on) - child.age_on(on) >= 18  # noqa: PLR2004 - full age
            generation = {codes.HEAD, *codes.SPOUSES} if of_head else codes.CHILDREN | {"38"}
            if grown and one.relation in generation:
                return one
        return None

    def children_of(self, elder: Resident) -> list[Resident]:
        """The children a head or spouse has in the booklet."""
        if elder.relation not in {codes.HEAD, *codes.SPOUSES}:
            return []
        return [one for one in self.members if one.relation in codes.CHILDREN]


class Numbers:
    """Gives every birth date and sex its next order code, as a police station does."""

    def __init__(self) -> None:
        self._last: dict[tuple[datetime.date, Sex], int] = defaultdict(int)
        self._given: set[str] = set()

    def next(self, birth_on: datetime.date, sex: Sex) -> str:
        """A valid number nobody has."""
        while True:
            self._last[birth_on, sex] += 1
            sequence = 2 * self._last[birth_on, sex] + (11 if sex is Sex.MALE else 12)
            number = numbers.compose(AREA, birth_on, sequence)
            if number not in self._given:
                self._given.add(number)
                return number

    def ending(self, tail: str, near: datetime.date) -> tuple[datetime.date, str]:
        """The first date from a day on whose number can end in these four places, and that number."""
        birth_on = near
        while True:
            number = numbers.compose(AREA, birth_on, int(tail[:3]))
            if number.endswith(tail) and number not in self._given:
                self._given.add(number)
                return birth_on, number
            birth_on += datetime.timedelta(days=1)


@dataclass(frozen=True, slots=True)
class _Role:
    relation: str
    sex: Sex
    youngest: int
    oldest: int


_M, _F = Sex.MALE, Sex.FEMALE
_OLD_PAIR: Final = (_Role("02", _M, 61, 82), _Role("12", _F, 60, 80))
_YOUNG: Final = (_Role("02", _M, 29, 48), _Role("12", _F, 27, 46), _Role("20", _M, 2, 16))
_YOUNG_TWO: Final = (*_YOUNG[:2], _Role("30", _F, 1, 17), _Role("23", _M, 1, 13))
_THREE: Final = (
    _Role("02", _M, 56, 70), _Role("12", _F, 54, 69), _Role("22", _M, 30, 42), _Role("38", _F, 28, 40),
    _Role("41", _M, 3, 14), _Role("42", _F, 1, 12),
)  # fmt: skip
_GROWN: Final = (*_OLD_PAIR, _Role("22", _M, 33, 52), _Role("38", _F, 31, 50))
_ALONE: Final = (_Role("02", _F, 55, 84),)
_SHAPES: Final = (_OLD_PAIR, _YOUNG, _YOUNG_TWO, _YOUNG_TWO, _THREE, _THREE, _GROWN, _ALONE)


def people(
    random: Random, given: Numbers, village: str, title: str, *, count: int, on: datetime.date,
    first: int = 1,
) -> Iterator[Household]:  # fmt: skip
    """Households of a village until it has so many people."""
    left = count
    place = first
    while left > 0:
        shape = random.choice(_SHAPES)[:left]
        household = Household(village, f"{place:04d}")
        group = (place - first) // 12 + 1
        address = f"{title}{group}组{household.number}户"
        _fill(household, random, given, shape, address, on)
        yield household
        left -= len(shape)
        place += 1


def _fill(
    household: Household, random: Random, given: Numbers, shape: Sequence[_Role], address: str,
    on: datetime.date,
) -> None:  # fmt: skip
    ethnic = random.choice(list(OTHERS)) if random.random() < 0.06 else "01"  # noqa: PLR2004
    family = random.choice(FAMILIES)
    called: set[str] = set()
    for role in shape:
        born = on - datetime.timedelta(
            days=random.randrange(role.youngest * 366, role.oldest * 365 + 1)
        )
        married = role.relation in {"12", "38"}
        name = _name(random, random.choice(FAMILIES) if married else family, role.sex, ethnic)
        while name in called:
            name = _name(random, family, role.sex, "01")
        called.add(name)
        household.members.append(
            Resident(
                name, role.sex, born, ethnic, given.next(born, role.sex), role.relation,
                household.number, household.village, address,
            )
        )  # fmt: skip


def _name(random: Random, family: str, sex: Sex, ethnic: str) -> str:
    if ethnic in OTHERS:
        return random.choice(OTHERS[ethnic])
    if random.random() < 0.012:  # noqa: PLR2004 - a few in a hundred households
        return family + random.choice(RARE)
    pool = MEN if sex is Sex.MALE else WOMEN
    chosen = random.choice(pool)
    return family + (chosen[-1] if random.random() < 0.18 else chosen)  # noqa: PLR2004
