"""Uploads as phones, scanners and attackers make them."""

from __future__ import annotations

import io
import struct
import zlib
from pathlib import Path

import pillow_heif
from PIL import Image, ImageDraw, ImageFilter, ImageFont

from canbao.papers import glyphs

WORDS = "姓名周长河性别男民族汉出生一九七八年二月九日住址明水县柳泉镇杏花村五组公民身份号码"


def paper(width: int = 1600, height: int = 1200, tone: int = 236) -> Image.Image:
    """A sheet with writing on a table, as a phone would see it."""
    image = Image.new("RGB", (width, height), (120, 104, 88))
    draw = ImageDraw.Draw(image)
    edge = width // 20
    draw.rectangle((edge, edge, width - edge, height - edge), fill=(tone, tone - 2, tone - 8))
    size = max(width // 36, 10)
    font = ImageFont.truetype(str(Path(glyphs.FOLDER) / f"{glyphs.Font.SONG}.ttf"), size)
    for line in range(int((height - 3 * edge) / (size * 2))):
        words = WORDS[line % 7 :] + WORDS[: line % 7]
        room = int((width - 4 * edge) / size)
        draw.text(
            (2 * edge, 2 * edge + line * size * 2), words[:room], fill=(30, 30, 34), font=font
        )
    return image


def blurred(radius: float) -> Image.Image:
    """The sheet out of focus."""
    return paper().filter(ImageFilter.GaussianBlur(radius))


def dark(share: float) -> Image.Image:
    """The sheet in a room with little light."""
    return paper().point([int(tone * share) for tone in range(256)] * 3)


def glaring(radius: int) -> Image.Image:
    """The sheet with a lamp on it."""
    image = paper()
    spot = Image.new("L", image.size, 0)
    middle = (image.width // 2, image.height // 2)
    box = (middle[0] - radius, middle[1] - radius, middle[0] + radius, middle[1] + radius)
    ImageDraw.Draw(spot).ellipse(box, fill=255)
    image.paste((255, 255, 255), mask=spot.filter(ImageFilter.GaussianBlur(radius / 6)))
    return image


def scan() -> Image.Image:
    """The sheet from a flat scanner: white, with writing."""
    image = Image.new("RGB", (1654, 2339), "white")
    image.paste(paper(1500, 1100, 255).crop((80, 80, 1420, 1020)), (100, 100))
    return image


def saved(image: Image.Image, kind: str, **options: object) -> bytes:
    """A picture as file bytes."""
    target = io.BytesIO()
    image.save(target, kind, **options)
    return target.getvalue()


def jpeg(image: Image.Image | None = None, **options: object) -> bytes:
    """A JPEG of the sheet."""
    return saved(image or paper(), "JPEG", **options)


def heic() -> bytes:
    """A picture as some phones store it."""
    target = io.BytesIO()
    pillow_heif.from_pillow(paper(800, 600)).save(target, quality=60)
    return target.getvalue()


def moving(kind: str) -> bytes:
    """A picture of two frames."""
    frames = [Image.new("RGB", (200, 200), tone) for tone in ("red", "blue")]
    return saved(frames[0], kind, save_all=True, append_images=frames[1:])


def png_chunk(name: bytes, inside: bytes) -> bytes:
    """One chunk of a PNG."""
    check = zlib.crc32(name + inside)
    return struct.pack(">I", len(inside)) + name + inside + struct.pack(">I", check)


def png_claiming(width: int, height: int) -> bytes:
    """A PNG of a few bytes that says it is as large as a field."""
    head = png_chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
    body = png_chunk(b"IDAT", zlib.compress(b"\0" * 1000))
    return b"\x89PNG\r\n\x1a\n" + head + body + png_chunk(b"IEND", b"")


TEXT = b"BT /F1 24 Tf 72 700 Td (Mingshui) Tj ET"


def pdf(
    body: bytes = b"",
    pages: int = 1,
    box: str = "0 0 595 842",
    catalog: bytes = b"",
    content: bytes = TEXT,
) -> bytes:
    """A small PDF with the same content on each page; `body` is object 6 of a one-page PDF."""
    kids = b" ".join(b"%d 0 R" % (place + 5) for place in range(pages))
    used = (
        b"<</Font<</F1 3 0 R>>/XObject<</I 6 0 R>>>>"
        if b"/I Do" in content
        else b"<</Font<</F1 3 0 R>>>>"
    )
    page = b"<</Type/Page/Parent 2 0 R/MediaBox[%s]/Contents 4 0 R/Resources%s>>"
    objects = [
        b"<</Type/Catalog/Pages 2 0 R%s>>" % catalog,
        b"<</Type/Pages/Kids[%s]/Count %d>>" % (kids, pages),
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
        b"<</Length %d>>stream\n%s\nendstream" % (len(content), content),
        *[page % (box.encode(), used)] * pages,
        *([body] if body else []),
    ]
    made = b"%PDF-1.7\n"
    places = []
    for number, inside in enumerate(objects, 1):
        places.append(len(made))
        made += b"%d 0 obj\n%s\nendobj\n" % (number, inside)
    start = len(made)
    made += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    made += b"".join(b"%010d 00000 n \n" % place for place in places)
    made += b"trailer<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, start)
    return made


def packed(inside: bytes) -> bytes:
    """An object stream, in which PDFs hide objects from a plain search."""
    data = zlib.compress(b"9 0 " + inside)
    return (
        b"<</Type/ObjStm/N 1/First 4/Filter/FlateDecode/Length %d>>stream\n" % len(data)
        + data
        + b"\nendstream"
    )


def picture_pdf(width: int, height: int) -> bytes:
    """A PDF of one page whose picture declares a size and holds next to nothing."""
    data = zlib.compress(b"\0" * 10_000)
    image = (
        b"<</Type/XObject/Subtype/Image/Width %d/Height %d/ColorSpace/DeviceGray" % (width, height)
        + b"/BitsPerComponent 8/Filter/FlateDecode/Length %d>>stream\n" % len(data)
        + data
        + b"\nendstream"
    )
    return pdf(image, content=b"q 500 0 0 700 20 20 cm /I Do Q")
