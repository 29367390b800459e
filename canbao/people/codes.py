"""The national code tables of a person: code, Chinese term, and a label in both languages."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from django.utils.translation import pgettext_lazy

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise


class Sex(StrEnum):
    """GB/T 2261.1."""

    UNKNOWN = "0"
    MALE = "1"
    FEMALE = "2"
    UNSTATED = "9"


@dataclass(frozen=True, slots=True)
class Code:
    """One line of a table. `label` is English that gettext translates, `term` the Chinese word."""

    code: str
    label: _StrPromise
    term: str


class Table:
    """A code table. It is read by code, Chinese term or a usual word, and never changes."""

    def __init__(self, name: str, *lines: Code, words: Mapping[str, str] | None = None) -> None:
        self.name = name
        self._lines = {line.code: line for line in lines}
        self._words = {line.term: line.code for line in lines} | dict(words or {})
        self._width = min(len(line.code) for line in lines)
        if len(self._lines) != len(lines) or set(self._words.values()) - self._lines.keys():
            raise ValueError(f"{name}: a code stands twice, or a word names none")

    def __contains__(self, code: object) -> bool:
        return code in self._lines

    def __iter__(self) -> Iterator[Code]:
        return iter(self._lines.values())

    def __len__(self) -> int:
        return len(self._lines)

    def __getitem__(self, code: str) -> Code:
        return self._lines[code]

    def label(self, code: str) -> str:
        """The label in the language of the reader; an unknown code stands for itself."""
        line = self._lines.get(code)
        return str(line.label) if line else code

    def choices(self) -> list[tuple[str, _StrPromise]]:
        """Pairs for a form field."""
        return [(line.code, line.label) for line in self]

    def read(self, text: str) -> str | None:
        """The code meant by a code, a term or a usual word; a lost leading zero is put back."""
        word = re.sub(r"\s+", "", text)
        if word.isascii() and word.isdigit():
            word = word.zfill(self._width)
        return word if word in self._lines else self._words.get(word)


SEX: Final = Table(
    "GB/T 2261.1",
    Code("0", pgettext_lazy("sex", "Unknown"), "未知的性别"),
    Code("1", pgettext_lazy("sex", "Male"), "男"),
    Code("2", pgettext_lazy("sex", "Female"), "女"),
    Code("9", pgettext_lazy("sex", "Not stated"), "未说明的性别"),
    words={"男性": "1", "女性": "2", "未知": "0", "未说明": "9", "M": "1", "F": "2"},
)

HEAD_SELF: Final = "01"
HEAD: Final = "02"
SPOUSES: Final = frozenset({"10", "11", "12"})
CHILDREN: Final = frozenset(
    {*(str(code) for code in range(20, 40))} - {"28", "38"}  # sons- and daughters-in-law
)
CHILDREN_IN_LAW: Final = frozenset({"28", "38"})
GRANDCHILDREN: Final = frozenset({"40", "41", "42", "43", "44", "49"})
PARENTS: Final = frozenset({"50", "51", "52", "57", "58"})

RELATION: Final = Table(
    "GB/T 4761",
    Code("01", pgettext_lazy("relation", "Self"), "本人"),
    Code("02", pgettext_lazy("relation", "Head of household"), "户主"),
    Code("10", pgettext_lazy("relation", "Spouse"), "配偶"),
    Code("11", pgettext_lazy("relation", "Husband"), "夫"),
    Code("12", pgettext_lazy("relation", "Wife"), "妻"),
    Code("20", pgettext_lazy("relation", "Son"), "子"),
    Code("21", pgettext_lazy("relation", "Only son"), "独生子"),
    Code("22", pgettext_lazy("relation", "Eldest son"), "长子"),
    Code("23", pgettext_lazy("relation", "Second son"), "次子"),
    Code("24", pgettext_lazy("relation", "Third son"), "三子"),
    Code("25", pgettext_lazy("relation", "Fourth son"), "四子"),
    Code("26", pgettext_lazy("relation", "Fifth son"), "五子"),
    Code("27", pgettext_lazy("relation", "Adopted son or stepson"), "养子或继子"),
    Code("28", pgettext_lazy("relation", "Son-in-law"), "女婿"),
    Code("29", pgettext_lazy("relation", "Other son"), "其他儿子"),
    Code("30", pgettext_lazy("relation", "Daughter"), "女"),
    Code("31", pgettext_lazy("relation", "Only daughter"), "独生女"),
    Code("32", pgettext_lazy("relation", "Eldest daughter"), "长女"),
    Code("33", pgettext_lazy("relation", "Second daughter"), "次女"),
    Code("34", pgettext_lazy("relation", "Third daughter"), "三女"),
    Code("35", pgettext_lazy("relation", "Fourth daughter"), "四女"),
    Code("36", pgettext_lazy("relation", "Fifth daughter"), "五女"),
    Code("37", pgettext_lazy("relation", "Adopted daughter or stepdaughter"), "养女或继女"),
    Code("38", pgettext_lazy("relation", "Daughter-in-law"), "儿媳"),
    Code("39", pgettext_lazy("relation", "Other daughter"), "其他女儿"),
    Code("40", pgettext_lazy("relation", "Grandchild"), "孙子、孙女或外孙子、外孙女"),
    Code("41", pgettext_lazy("relation", "Son's son"), "孙子"),
    Code("42", pgettext_lazy("relation", "Son's daughter"), "孙女"),
    Code("43", pgettext_lazy("relation", "Daughter's son"), "外孙子"),
    Code("44", pgettext_lazy("relation", "Daughter's daughter"), "外孙女"),
    Code("45", pgettext_lazy("relation", "Grandson's wife"), "孙媳妇或外孙媳妇"),
    Code("46", pgettext_lazy("relation", "Granddaughter's husband"), "孙女婿或外孙女婿"),
    Code("47", pgettext_lazy("relation", "Great-grandson"), "曾孙子或曾外孙子"),
    Code("48", pgettext_lazy("relation", "Great-granddaughter"), "曾孙女或曾外孙女"),
    Code("49", pgettext_lazy("relation", "Other grandchild"), "其他孙子、孙女或外孙子、外孙女"),
    Code("50", pgettext_lazy("relation", "Parent"), "父母"),
    Code("51", pgettext_lazy("relation", "Father"), "父亲"),
    Code("52", pgettext_lazy("relation", "Mother"), "母亲"),
    Code("53", pgettext_lazy("relation", "Husband's father"), "公公"),
    Code("54", pgettext_lazy("relation", "Husband's mother"), "婆婆"),
    Code("55", pgettext_lazy("relation", "Wife's father"), "岳父"),
    Code("56", pgettext_lazy("relation", "Wife's mother"), "岳母"),
    Code("57", pgettext_lazy("relation", "Stepfather or adoptive father"), "继父或养父"),
    Code("58", pgettext_lazy("relation", "Stepmother or adoptive mother"), "继母或养母"),
    Code("59", pgettext_lazy("relation", "Other parent relation"), "其他父母关系"),
    Code("60", pgettext_lazy("relation", "Grandparent"), "祖父母或外祖父母"),
    Code("61", pgettext_lazy("relation", "Father's father"), "祖父"),
    Code("62", pgettext_lazy("relation", "Father's mother"), "祖母"),
    Code("63", pgettext_lazy("relation", "Mother's father"), "外祖父"),
    Code("64", pgettext_lazy("relation", "Mother's mother"), "外祖母"),
    Code("65", pgettext_lazy("relation", "Spouse's grandparent"), "配偶的祖父母或外祖父母"),
    Code("66", pgettext_lazy("relation", "Great-grandfather"), "曾祖父"),
    Code("67", pgettext_lazy("relation", "Great-grandmother"), "曾祖母"),
    Code(
        "68", pgettext_lazy("relation", "Spouse's great-grandparent"), "配偶的曾祖父母或外曾祖父母"
    ),
    Code("69", pgettext_lazy("relation", "Other grandparent relation"), "其他祖父母或外祖父母关系"),
    Code("70", pgettext_lazy("relation", "Brother or sister"), "兄弟姐妹"),
    Code("71", pgettext_lazy("relation", "Elder brother"), "兄"),
    Code("72", pgettext_lazy("relation", "Elder brother's wife"), "嫂"),
    Code("73", pgettext_lazy("relation", "Younger brother"), "弟"),
    Code("74", pgettext_lazy("relation", "Younger brother's wife"), "弟媳"),
    Code("75", pgettext_lazy("relation", "Elder sister"), "姐姐"),
    Code("76", pgettext_lazy("relation", "Elder sister's husband"), "姐夫"),
    Code("77", pgettext_lazy("relation", "Younger sister"), "妹妹"),
    Code("78", pgettext_lazy("relation", "Younger sister's husband"), "妹夫"),
    Code("79", pgettext_lazy("relation", "Other brother or sister"), "其他兄弟姐妹"),
    Code("80", pgettext_lazy("relation", "Other"), "其他"),
    Code("81", pgettext_lazy("relation", "Father's elder brother"), "伯父"),
    Code("82", pgettext_lazy("relation", "Father's elder brother's wife"), "伯母"),
    Code("83", pgettext_lazy("relation", "Father's younger brother"), "叔父"),
    Code("84", pgettext_lazy("relation", "Father's younger brother's wife"), "婶母"),
    Code("85", pgettext_lazy("relation", "Mother's brother"), "舅父"),
    Code("86", pgettext_lazy("relation", "Mother's brother's wife"), "舅母"),
    Code("87", pgettext_lazy("relation", "Mother's sister's husband"), "姨父"),
    Code("88", pgettext_lazy("relation", "Mother's sister"), "姨母"),
    Code("89", pgettext_lazy("relation", "Father's sister's husband"), "姑父"),
    Code("90", pgettext_lazy("relation", "Father's sister"), "姑母"),
    Code("91", pgettext_lazy("relation", "Cousin of the father's line"), "堂兄弟、堂姐妹"),
    Code("92", pgettext_lazy("relation", "Other cousin"), "表兄弟、表姐妹"),
    Code("93", pgettext_lazy("relation", "Brother's son"), "侄子"),
    Code("94", pgettext_lazy("relation", "Brother's daughter"), "侄女"),
    Code("95", pgettext_lazy("relation", "Sister's son"), "外甥"),
    Code("96", pgettext_lazy("relation", "Sister's daughter"), "外甥女"),
    Code("97", pgettext_lazy("relation", "Other kin"), "其他亲属"),
    Code("99", pgettext_lazy("relation", "Not kin"), "非亲属"),
    words={
        "丈夫": "11",
        "妻子": "12",
        "儿子": "20",
        "女儿": "30",
        "二子": "23",
        "二女": "33",
        "养子": "27",
        "继子": "27",
        "养女": "37",
        "继女": "37",
        "儿媳妇": "38",
        "媳": "38",
        "婿": "28",
        "父": "51",
        "母": "52",
        "爷爷": "61",
        "奶奶": "62",
        "外公": "63",
        "外婆": "64",
        "姥爷": "63",
        "姥姥": "64",
        "外孙": "43",
        "哥哥": "71",
        "弟弟": "73",
        "姐": "75",
        "妹": "77",
        "其他关系": "80",
    },
)

ETHNIC: Final = Table(
    "GB/T 3304",
    Code("01", pgettext_lazy("ethnic group", "Han"), "汉族"),
    Code("02", pgettext_lazy("ethnic group", "Mongol"), "蒙古族"),
    Code("03", pgettext_lazy("ethnic group", "Hui"), "回族"),
    Code("04", pgettext_lazy("ethnic group", "Tibetan"), "藏族"),
    Code("05", pgettext_lazy("ethnic group", "Uyghur"), "维吾尔族"),
    Code("06", pgettext_lazy("ethnic group", "Miao"), "苗族"),
    Code("07", pgettext_lazy("ethnic group", "Yi"), "彝族"),
    Code("08", pgettext_lazy("ethnic group", "Zhuang"), "壮族"),
    Code("09", pgettext_lazy("ethnic group", "Buyei"), "布依族"),
    Code("10", pgettext_lazy("ethnic group", "Korean"), "朝鲜族"),
    Code("11", pgettext_lazy("ethnic group", "Manchu"), "满族"),
    Code("12", pgettext_lazy("ethnic group", "Dong"), "侗族"),
    Code("13", pgettext_lazy("ethnic group", "Yao"), "瑶族"),
    Code("14", pgettext_lazy("ethnic group", "Bai"), "白族"),
    Code("15", pgettext_lazy("ethnic group", "Tujia"), "土家族"),
    Code("16", pgettext_lazy("ethnic group", "Hani"), "哈尼族"),
    Code("17", pgettext_lazy("ethnic group", "Kazak"), "哈萨克族"),
    Code("18", pgettext_lazy("ethnic group", "Dai"), "傣族"),
    Code("19", pgettext_lazy("ethnic group", "Li"), "黎族"),
    Code("20", pgettext_lazy("ethnic group", "Lisu"), "傈僳族"),
    Code("21", pgettext_lazy("ethnic group", "Va"), "佤族"),
    Code("22", pgettext_lazy("ethnic group", "She"), "畲族"),
    Code("23", pgettext_lazy("ethnic group", "Gaoshan"), "高山族"),
    Code("24", pgettext_lazy("ethnic group", "Lahu"), "拉祜族"),
    Code("25", pgettext_lazy("ethnic group", "Sui"), "水族"),
    Code("26", pgettext_lazy("ethnic group", "Dongxiang"), "东乡族"),
    Code("27", pgettext_lazy("ethnic group", "Naxi"), "纳西族"),
    Code("28", pgettext_lazy("ethnic group", "Jingpo"), "景颇族"),
    Code("29", pgettext_lazy("ethnic group", "Kirgiz"), "柯尔克孜族"),
    Code("30", pgettext_lazy("ethnic group", "Tu"), "土族"),
    Code("31", pgettext_lazy("ethnic group", "Daur"), "达斡尔族"),
    Code("32", pgettext_lazy("ethnic group", "Mulao"), "仫佬族"),
    Code("33", pgettext_lazy("ethnic group", "Qiang"), "羌族"),
    Code("34", pgettext_lazy("ethnic group", "Blang"), "布朗族"),
    Code("35", pgettext_lazy("ethnic group", "Salar"), "撒拉族"),
    Code("36", pgettext_lazy("ethnic group", "Maonan"), "毛南族"),
    Code("37", pgettext_lazy("ethnic group", "Gelao"), "仡佬族"),
    Code("38", pgettext_lazy("ethnic group", "Xibe"), "锡伯族"),
    Code("39", pgettext_lazy("ethnic group", "Achang"), "阿昌族"),
    Code("40", pgettext_lazy("ethnic group", "Pumi"), "普米族"),
    Code("41", pgettext_lazy("ethnic group", "Tajik"), "塔吉克族"),
    Code("42", pgettext_lazy("ethnic group", "Nu"), "怒族"),
    Code("43", pgettext_lazy("ethnic group", "Uzbek"), "乌孜别克族"),
    Code("44", pgettext_lazy("ethnic group", "Russian"), "俄罗斯族"),
    Code("45", pgettext_lazy("ethnic group", "Ewenki"), "鄂温克族"),
    Code("46", pgettext_lazy("ethnic group", "De'ang"), "德昂族"),
    Code("47", pgettext_lazy("ethnic group", "Bonan"), "保安族"),
    Code("48", pgettext_lazy("ethnic group", "Yugur"), "裕固族"),
    Code("49", pgettext_lazy("ethnic group", "Gin"), "京族"),
    Code("50", pgettext_lazy("ethnic group", "Tatar"), "塔塔尔族"),
    Code("51", pgettext_lazy("ethnic group", "Derung"), "独龙族"),
    Code("52", pgettext_lazy("ethnic group", "Oroqen"), "鄂伦春族"),
    Code("53", pgettext_lazy("ethnic group", "Hezhen"), "赫哲族"),
    Code("54", pgettext_lazy("ethnic group", "Monba"), "门巴族"),
    Code("55", pgettext_lazy("ethnic group", "Lhoba"), "珞巴族"),
    Code("56", pgettext_lazy("ethnic group", "Jino"), "基诺族"),
    Code("97", pgettext_lazy("ethnic group", "Other"), "其他"),
    Code("98", pgettext_lazy("ethnic group", "Of foreign descent"), "外国血统中国籍人士"),
    Code("99", pgettext_lazy("ethnic group", "Not stated"), "未说明民族"),
    words={"57": "97", "58": "98", "其它": "97", "穿青人": "97", "未识别民族": "97", "入籍": "98"},
)

HOUSEHOLD_NATURE: Final = Table(
    "AAC009",
    Code("10", pgettext_lazy("household nature", "Urban"), "非农业户口"),
    Code("11", pgettext_lazy("household nature", "Urban, local"), "本地非农业户口"),
    Code("12", pgettext_lazy("household nature", "Urban, from elsewhere"), "外地非农业户口"),
    Code("20", pgettext_lazy("household nature", "Rural"), "农业户口"),
    Code("21", pgettext_lazy("household nature", "Rural, local"), "本地农业户口"),
    Code("22", pgettext_lazy("household nature", "Rural, from elsewhere"), "外地农业户口"),
    Code(
        "30",
        pgettext_lazy("household nature", "Hong Kong, Macau, Taiwan, overseas"),
        "港澳台侨人员",
    ),
    Code("31", pgettext_lazy("household nature", "Hong Kong resident"), "香港特别行政区居民"),
    Code("32", pgettext_lazy("household nature", "Macau resident"), "澳门特别行政区居民"),
    Code("33", pgettext_lazy("household nature", "Taiwan resident"), "台湾地区居民"),
    Code("34", pgettext_lazy("household nature", "Overseas Chinese"), "华侨"),
    Code("40", pgettext_lazy("household nature", "Foreign"), "外籍人员"),
    Code(
        "41",
        pgettext_lazy("household nature", "Foreign, without permanent residence"),
        "未取得永久居留权的外国人",
    ),
    Code(
        "42",
        pgettext_lazy("household nature", "Foreign, with permanent residence"),
        "取得永久居留权的外国人",
    ),
    Code("50", pgettext_lazy("household nature", "Resident household"), "居民户口"),
    Code("51", pgettext_lazy("household nature", "Resident household, local"), "本地居民户口"),
    Code(
        "52",
        pgettext_lazy("household nature", "Resident household, from elsewhere"),
        "外地居民户口",
    ),
    words={
        "农业": "20",
        "非农业": "10",
        "农村": "20",
        "城镇": "10",
        "居民户": "50",
        "居民家庭户": "50",
        "统一居民户口": "50",
    },
)

PENSION_IDENTITY: Final = Table(
    "AAC066",
    Code("011", pgettext_lazy("pension identity", "Ordinary"), "普通参保人员"),
    Code("021", pgettext_lazy("pension identity", "Disability, class 1"), "残一级"),
    Code("022", pgettext_lazy("pension identity", "Disability, class 2"), "残二级"),
    Code("023", pgettext_lazy("pension identity", "Disability, class 3"), "残三级"),
    Code("031", pgettext_lazy("pension identity", "Destitute, class 1"), "特困一级"),
    Code("032", pgettext_lazy("pension identity", "Destitute, class 2"), "特困二级"),
    Code("033", pgettext_lazy("pension identity", "Destitute, class 3"), "特困三级"),
    Code("051", pgettext_lazy("pension identity", "Poverty register, class 1"), "贫困人口一级"),
    Code("052", pgettext_lazy("pension identity", "Poverty register, class 2"), "贫困人口二级"),
    Code("053", pgettext_lazy("pension identity", "Poverty register, class 3"), "贫困人口三级"),
    Code("061", pgettext_lazy("pension identity", "Minimum living, class 1"), "低保对象一级"),
    Code("062", pgettext_lazy("pension identity", "Minimum living, class 2"), "低保对象二级"),
    Code("063", pgettext_lazy("pension identity", "Minimum living, class 3"), "低保对象三级"),
    Code("071", pgettext_lazy("pension identity", "Family planning, special"), "计生特扶人员"),
    Code("090", pgettext_lazy("pension identity", "Other"), "其他"),
)

PERSON_TYPE: Final = Table(
    "PSN_TYPE",
    Code("11", pgettext_lazy("person type", "Working"), "在职"),
    Code("12", pgettext_lazy("person type", "Retired"), "退休人员"),
    Code("13", pgettext_lazy("person type", "Retired veteran cadre"), "离休"),
    Code("14", pgettext_lazy("person type", "Resident, minor"), "居民（未成年）"),
    Code("1401", pgettext_lazy("person type", "Newborn"), "新生儿"),
    Code("1402", pgettext_lazy("person type", "Child before school"), "学龄前儿童"),
    Code("1403", pgettext_lazy("person type", "Schoolchild"), "中小学生"),
    Code("1404", pgettext_lazy("person type", "University student"), "大学生"),
    Code("1405", pgettext_lazy("person type", "Minor not at school"), "未成年（未入学）"),
    Code("1460", pgettext_lazy("person type", "Minor, local category"), "居民（未成年）地方扩展"),
    Code("15", pgettext_lazy("person type", "Resident, adult"), "居民（成年）"),
    Code("1501", pgettext_lazy("person type", "Ordinary adult resident"), "普通居民（成年）"),
    Code("1560", pgettext_lazy("person type", "Adult, local category"), "居民（成年）地方扩展"),
    Code("16", pgettext_lazy("person type", "Resident, elderly"), "居民（老年）"),
)

TABLES: Final = (SEX, RELATION, ETHNIC, HOUSEHOLD_NATURE, PENSION_IDENTITY, PERSON_TYPE)
