"""Made photos of papers: an identity card, a household booklet, a portrait, a signature. Drawn, never real.

Each carries the word 样 (specimen), so that nobody takes one for a document.
"""

from __future__ import annotations

import io
from functools import cache
from random import Random
from typing import Final

from PIL import Image, ImageDraw, ImageFilter, ImageFont

from canbao.papers import glyphs
from canbao.people import codes
from canbao.simulate.residents import Household, Resident

CARD: Final = (856, 540)
PAGE: Final = (760, 560)
PORTRAIT: Final = (600, 760)
STROKE: Final = (620, 310)
INK: Final = "#1b2427"
PALE: Final = "#8296a0"
_QUALITY: Final = 88

Font = ImageFont.FreeTypeFont | ImageFont.ImageFont


@cache
def _font(size: int, family: glyphs.Font = glyphs.Font.SANS) -> Font:
    path = glyphs.FOLDER / f"{family}.ttf"
    return ImageFont.truetype(str(path), size) if path.exists() else ImageFont.load_default(size)


def _jpeg(image: Image.Image) -> bytes:
    held = io.BytesIO()
    image.save(held, "JPEG", quality=_QUALITY)
    return held.getvalue()


def _photographed(image: Image.Image, random: Random) -> Image.Image:
    """A little crooked on a table, as somebody holds a phone."""
    return image.rotate(random.uniform(-1.2, 1.2), expand=True, fillcolor="#5b4a3c")


def _face(draw: ImageDraw.ImageDraw, box: tuple[int, int, int, int], random: Random) -> None:
    left, top, right, bottom = box
    wide, high = right - left, bottom - top
    draw.rectangle(box, fill="#d6e0e5")
    skin = random.choice(("#d9b18f", "#c99f7c", "#e2bd9d"))
    coat = random.choice(("#4d6170", "#70504d", "#4f6b54", "#5f5470"))
    middle = left + wide // 2
    draw.pieslice(
        (left + wide // 10, bottom - high // 3, right - wide // 10, bottom + high // 4),
        180,
        360,
        fill=coat,
    )
    draw.ellipse(
        (middle - wide // 5, top + high // 5, middle + wide // 5, top + high * 13 // 20), fill=skin
    )
    draw.chord(
        (middle - wide * 11 // 50, top + high // 6, middle + wide * 11 // 50, top + high // 2),
        180, 360, fill="#2c2a2a",
    )  # fmt: skip


def id_front(who: Resident, random: Random) -> bytes:
    """The side with name and number."""
    image = Image.new("RGB", CARD, "#e4ebe6")
    draw = ImageDraw.Draw(image)
    for line in range(0, CARD[1], 18):
        draw.arc((-200, line - 60, CARD[0] + 200, line + 80), 200, 340, fill="#d3dfd8", width=2)
    lines = (
        ("姓名", who.name),
        ("性别", f"{codes.SEX[who.sex].term}    民族  {codes.ETHNIC[who.ethnic].term}"),
        ("出生", f"{who.birth_on.year} 年 {who.birth_on.month} 月 {who.birth_on.day} 日"),
        ("住址", who.address[:14]),
        ("", who.address[14:]),
    )
    for place, (label, value) in enumerate(lines):
        draw.text((52, 54 + place * 68), label, PALE, _font(26))
        draw.text((132, 48 + place * 68), value, INK, _font(34))
    draw.text((52, 446), "公民身份号码", PALE, _font(26))
    draw.text((262, 438), who.number, INK, _font(40))
    _face(draw, (588, 60, 806, 360), random)
    draw.text((770, 470), "样", "#b9443b", _font(44))
    return _jpeg(_photographed(image, random))


def id_back(year: int) -> bytes:
    """The side with the period of validity."""
    image = Image.new("RGB", CARD, "#e4ebe6")
    draw = ImageDraw.Draw(image)
    draw.ellipse((60, 60, 200, 200), outline="#b9443b", width=8)
    draw.text((250, 78), "居民身份证（样张）", INK, _font(56))
    draw.text((120, 360), "签发机关  明水县公安局", INK, _font(34))
    draw.text((120, 430), f"有效期限  {year - 3}.03.01-{year + 17}.03.01", INK, _font(34))
    draw.text((770, 470), "样", "#b9443b", _font(44))
    return _jpeg(image)


def booklet_first(household: Household, random: Random) -> bytes:
    """The first page of the booklet: the household."""
    head = household.members[0]
    return _form(
        "常住人口登记（户主页）",
        [
            ("户别", "家庭户"),
            ("户主姓名", head.name),
            ("户号", household.number),
            ("住址", head.address),
            ("登记机关", "明水县公安局"),
        ],
        random,
    )


def booklet_own(who: Resident, random: Random) -> bytes:
    """The page of one member."""
    return _form(
        "常住人口登记卡",
        [
            ("姓名", who.name),
            ("户主或与户主关系", codes.RELATION[who.relation].term),
            ("性别 民族", f"{codes.SEX[who.sex].term} {codes.ETHNIC[who.ethnic].term}"),
            ("出生日期", who.birth_on.isoformat()),
            ("公民身份号码", who.number),
        ],
        random,
    )


def specimen(title: str) -> bytes:
    """A page that stands for a paper whose content does not matter here."""
    return _form(title, [("说明", "演示用样张"), ("县", "明水县 370199")], Random(title))


def _form(title: str, lines: list[tuple[str, str]], random: Random) -> bytes:
    image = Image.new("RGB", PAGE, "#f3ede0")
    draw = ImageDraw.Draw(image)
    draw.text((60, 34), title, INK, _font(38))
    draw.text((PAGE[0] - 90, 34), "样", "#b9443b", _font(40))
    for place, (label, value) in enumerate(lines):
        top = 110 + place * 84
        draw.rectangle((50, top, PAGE[0] - 50, top + 84), outline="#4a5659", width=3)
        draw.line((270, top, 270, top + 84), "#4a5659", 3)
        draw.text((64, top + 26), label, "#4a5659", _font(24))
        draw.text((290, top + 22), value, INK, _font(30))
    return _jpeg(_photographed(image, random))


def portrait(random: Random) -> bytes:
    """A photo of a person."""
    image = Image.new("RGB", PORTRAIT, "#d6e0e5")
    draw = ImageDraw.Draw(image)
    _face(draw, (0, 0, *PORTRAIT), random)
    draw.text((PORTRAIT[0] - 80, 20), "样", "#b9443b", _font(44))
    return _jpeg(image)


def signature(name: str, random: Random) -> bytes:
    """A name written by hand on white."""
    image = Image.new("RGB", STROKE, "white")
    size = min(150, 540 // max(1, len(name)))
    ImageDraw.Draw(image).text((40, 70), name, INK, _font(size, glyphs.Font.KAI))
    return _jpeg(image.rotate(random.uniform(-5, 5), fillcolor="white"))


def blurred(picture: bytes) -> bytes:
    """The same, taken with a shaking hand."""
    return _jpeg(Image.open(io.BytesIO(picture)).filter(ImageFilter.GaussianBlur(9)))
