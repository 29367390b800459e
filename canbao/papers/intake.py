"""Uploads: recognised by their content, turned upright, encoded anew, everything else dropped.

Nothing of the bytes that came in is stored; what is kept is a JPEG that canbao made itself.
"""

from __future__ import annotations

import hashlib
import io
import re
import struct
import threading
import warnings
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

import pillow_heif
import pypdfium2
from PIL import Image, ImageFile, ImageOps

from canbao.kernel.refusal import Refused
from canbao.papers import photo
from canbao.papers.photo import Verdict

LARGEST_BYTES: Final = 10 * 1024 * 1024
LARGEST_PIXELS: Final = 50_000_000
SMALLEST_PIXELS: Final = 80  # of the shorter edge: below it is an icon, not a photo
LONGEST_EDGE: Final = 2600
LARGEST_PAGES: Final = 8
PDF_DPI: Final = 200
PDF_LONGEST_POINTS: Final = 14_400
DRAWING: Final = threading.Lock()  # PDFium is no thing for two threads
SNIFFED: Final = 1024
MEGABYTE: Final = 1024 * 1024
JPEG_MARK: Final = re.compile(rb"\xff[^\x00\x01\xd0-\xd8\xff]")
JPEG_EOI: Final = 0xD9
JPEG_REMARK: Final = 0xFE
JPEG_APPLICATION: Final = range(0xE0, 0xF0)
JPEG_PLAIN: Final = (
    b"Exif\0",
    b"http://ns.adobe.com",
    b"ICC_PROFILE",
    b"JFIF",
    b"Photoshop",
    b"MPF\0",
)
TAIL_ALLOWED: Final = 64  # some cameras pad a picture with a few zero bytes

pillow_heif.register_heif_opener(thumbnails=False)


class Kind(StrEnum):
    """The kinds of file that are taken."""

    JPEG = "JPEG"
    PNG = "PNG"
    WEBP = "WEBP"
    HEIC = "HEIF"
    PDF = "PDF"


HEIC_BRANDS: Final = {b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"}
NOT_TAKEN: Final = (
    (b"GIF8", "GIF"),
    (b"BM", "BMP"),
    (b"II*\x00", "TIFF"),
    (b"MM\x00*", "TIFF"),
    (b"\x00\x00\x01\x00", "ICO"),
    (b"8BPS", "PSD"),
    (b"PK\x03\x04", "ZIP"),
    (b"Rar!", "RAR"),
    (b"7z\xbc\xaf", "7Z"),
    (b"\xd0\xcf\x11\xe0", "DOC"),
)
MARKUP: Final = re.compile(
    rb"^\s*(?:\xef\xbb\xbf)?\s*<(?:\?xml|!doctype|svg|html|script|!--)", re.IGNORECASE
)
# What may not stand in a PDF: programs, things that start by themselves, files within the file.
PDF_ACTIVE: Final = re.compile(
    rb"/(?:JavaScript|JS|Launch|EmbeddedFiles?|EmbeddedFile|RichMedia|XFA|GoToE|GoToR|SubmitForm"
    rb"|ImportData|OpenAction\s*<<[^>]*/S\s*/(?:JavaScript|Launch|URI))(?![A-Za-z])"
)
PDF_NAME_ESCAPE: Final = re.compile(rb"#([0-9A-Fa-f]{2})")
STREAM: Final = re.compile(rb"stream\r?\n(.*?)\r?\n?endstream", re.DOTALL)
LARGEST_UNPACKED: Final = 4 * MEGABYTE
FOREIGN: Final = re.compile(
    rb"PK\x03\x04|<script|<html|<\?php|<!doctype|<svg|%PDF-|\x7fELF|MZ\x90\x00|Rar!\x1a|7z\xbc\xaf",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class CleanPage:
    """One page as it is stored: an upright JPEG made by canbao, without metadata."""

    jpeg: bytes
    sha256: str
    width: int
    height: int
    verdict: Verdict


def clean(data: bytes, *, declared_name: str) -> tuple[CleanPage, ...]:
    """Turn one upload into clean pages: one for a picture, up to 8 for a PDF.

    `declared_name` is what the sender calls the file and decides nothing; it stands in a refusal.
    Refuses, with a code of `papers.refusals`, what is empty, over 10 MB or 50 million pixels, of
    another kind, damaged, moving, mixed with another file, locked, or carries programs.
    """
    if not data.strip(b"\0 \r\n\t"):
        raise Refused("upload_empty", name=declared_name)
    if len(data) > LARGEST_BYTES:
        raise Refused("upload_too_big", name=declared_name, limit=LARGEST_BYTES // MEGABYTE)
    kind = recognise(data, declared_name)
    if kind is Kind.PDF:
        with DRAWING:
            return tuple(page(image) for image in pdf_pages(data, declared_name))
    refuse_mixed(kind, data, declared_name)
    return (page(picture(kind, data, declared_name)),)


def recognise(data: bytes, name: str) -> Kind:
    """The kind of a file by its first bytes."""
    head = data[:SNIFFED]
    if head.startswith(b"\xff\xd8\xff"):
        return Kind.JPEG
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return Kind.PNG
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return Kind.WEBP
    if head[4:8] == b"ftyp" and head[8:12] in HEIC_BRANDS:
        return Kind.HEIC
    if head.startswith(b"%PDF-"):
        return Kind.PDF
    if MARKUP.match(head):
        raise Refused("upload_kind_refused", name=name, kind="SVG, HTML")
    for magic, kind in NOT_TAKEN:
        if head.startswith(magic):
            raise Refused("upload_kind_refused", name=name, kind=kind)
    raise Refused("upload_kind_unknown", name=name)


def refuse_mixed(kind: Kind, data: bytes, name: str) -> None:
    """Refuse a picture with another file behind its end, or with programs in its remarks."""
    end = {
        Kind.JPEG: jpeg_end,
        Kind.PNG: png_end,
        Kind.WEBP: webp_end,
        Kind.HEIC: len,
    }[kind](data)
    tail = data[end:]
    if tail.strip(b"\0") and (len(tail) > TAIL_ALLOWED or FOREIGN.search(tail)):
        if kind is Kind.JPEG and is_camera_tail(tail):
            return
        raise Refused("upload_mixed", name=name)
    if FOREIGN.search(data[:SNIFFED]) or (kind is Kind.JPEG and jpeg_remark_is_foreign(data)):
        raise Refused("upload_mixed", name=name)


def is_camera_tail(tail: bytes) -> bool:
    """Phones hang a second picture or a short film behind a photo; it is dropped, not refused."""
    known = (b"\xff\xd8\xff", b"MotionPhoto_Data", b"SEFT", b"SEFH")
    film = tail[4:8] == b"ftyp"
    return not FOREIGN.search(tail) and (film or any(mark in tail for mark in known))


def jpeg_segments(data: bytes) -> Iterator[tuple[int, int, int]]:
    """The segments of a JPEG up to its end mark, as (marker, first byte, end)."""
    place = 2
    while found := JPEG_MARK.search(data, place):
        marker = found[0][1]
        first = found.end() + 2
        if marker == JPEG_EOI:
            yield marker, found.end(), found.end()
            return
        if first > len(data):
            return
        size = int(struct.unpack(">H", data[first - 2 : first])[0])
        yield marker, first, first - 2 + size
        # Picture data follow a scan's head; in them FF is always followed by a 00 or a restart.
        place = first - 2 + size


def jpeg_end(data: bytes) -> int:
    """Where the picture itself ends; what phones hang behind it comes after."""
    ends = [end for marker, _first, end in jpeg_segments(data) if marker == JPEG_EOI]
    return ends[0] if ends else len(data)


def jpeg_remark_is_foreign(data: bytes) -> bool:
    """Whether a remark or an application segment other than EXIF, ICC and XMP holds a file."""
    return any(
        (marker == JPEG_REMARK or marker in JPEG_APPLICATION)
        and not data.startswith(JPEG_PLAIN, first)
        and FOREIGN.search(data, first, end)
        for marker, first, end in jpeg_segments(data)
    )


def png_end(data: bytes) -> int:
    """Where a PNG ends."""
    place = data.find(b"IEND")
    return place + 8 if place >= 0 else len(data)


def webp_end(data: bytes) -> int:
    """Where a WebP ends, by the length it declares."""
    size = int(struct.unpack("<I", data[4:8])[0])
    return size + 8 + size % 2


@contextmanager
def strict_pillow(name: str) -> Iterator[None]:
    """Turn what Pillow says about a bad file into a refusal; a large picture is not a warning."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            warnings.simplefilter("ignore", UserWarning)
            yield
    except (Image.DecompressionBombWarning, Image.DecompressionBombError):
        raise Refused("upload_too_many_pixels", name=name) from None
    except (OSError, SyntaxError, ValueError, EOFError, IndexError, struct.error, zlib.error):
        raise Refused("upload_broken", name=name) from None
    except (RuntimeError, MemoryError, TypeError, KeyError, AttributeError, OverflowError):
        # Decoders raise whatever their parsing stumbles over.
        raise Refused("upload_broken", name=name) from None


def picture(kind: Kind, data: bytes, name: str) -> Image.Image:
    """Decode one picture to the end, upright, as RGB on white."""
    if ImageFile.LOAD_TRUNCATED_IMAGES:
        raise RuntimeError("truncated pictures must not load")
    with strict_pillow(name), Image.open(io.BytesIO(data), formats=(kind.value,)) as image:
        refuse_size(image, name)
        if kind in {Kind.PNG, Kind.WEBP} and getattr(image, "n_frames", 1) > 1:
            raise Refused("upload_moving", name=name)
        if kind is Kind.JPEG:
            image.draft("RGB", (LONGEST_EDGE, LONGEST_EDGE))
        image.load()
        upright = ImageOps.exif_transpose(image)
        return on_white(upright)


def refuse_size(image: Image.Image, name: str) -> None:
    """Refuse by the declared size, before a single pixel is unpacked."""
    if image.width * image.height > LARGEST_PIXELS:
        raise Refused("upload_too_many_pixels", name=name)
    if min(image.size) < SMALLEST_PIXELS:
        raise Refused("upload_too_small", name=name)


def on_white(image: Image.Image) -> Image.Image:
    """RGB without transparency."""
    if not image.has_transparency_data:
        return image.convert("RGB")
    layer = image.convert("RGBA")
    paper = Image.new("RGB", layer.size, "white")
    paper.paste(layer, mask=layer.getchannel("A"))
    return paper


def pdf_pages(data: bytes, name: str) -> Iterator[Image.Image]:
    """Each page of a PDF as a picture; refuses what is locked, active, damaged or too long."""
    if b"/Encrypt" in data:
        raise Refused("upload_pdf_locked", name=name)
    if is_active(data) or FOREIGN.search(data[data.rfind(b"%%EOF") + 5 :]):
        raise Refused("upload_pdf_active", name=name)
    try:
        document = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as fault:
        code = "upload_pdf_locked" if "assword" in str(fault) else "upload_broken"
        raise Refused(code, name=name) from None
    try:
        if not 0 < len(document) <= LARGEST_PAGES:
            raise Refused(
                "upload_too_many_pages" if len(document) else "upload_broken",
                name=name,
                pages=len(document),
                limit=LARGEST_PAGES,
            )
        for number in range(len(document)):
            yield pdf_page(document, number, name)
    finally:
        document.close()


def pdf_page(document: pypdfium2.PdfDocument, number: int, name: str) -> Image.Image:
    """Draw one page at 200 dots an inch, or less where the page is large."""
    try:
        sheet = document[number]
        width, height = sheet.get_size()
        if not (min(width, height) >= 1 and max(width, height) <= PDF_LONGEST_POINTS):
            raise Refused("upload_too_many_pixels", name=name)
        if pixels_inside(sheet) > LARGEST_PIXELS:
            raise Refused("upload_too_many_pixels", name=name)
        scale = min(PDF_DPI / 72, LONGEST_EDGE / max(width, height))
        bitmap = sheet.render(scale=scale, may_draw_forms=False)
        image: Image.Image = bitmap.to_pil().convert("RGB")
    except pypdfium2.PdfiumError:
        raise Refused("upload_broken", name=name) from None
    if min(image.size) < SMALLEST_PIXELS:
        raise Refused("upload_too_small", name=name)
    return image


def pixels_inside(sheet: pypdfium2.PdfPage) -> int:
    """How many pixels the pictures of a page declare, before any is unpacked."""
    pictures = sheet.get_objects(filter=[pypdfium2.raw.FPDF_PAGEOBJ_IMAGE])
    return sum(width * height for width, height in (one.get_px_size() for one in pictures))


def is_active(data: bytes) -> bool:
    """Whether a PDF names a program or an embedded file, also inside its packed objects."""
    return any(PDF_ACTIVE.search(spelled_out(part)) for part in pdf_parts(data))


def spelled_out(part: bytes) -> bytes:
    """PDF names with their #xx escapes undone, which are used to hide them."""
    return PDF_NAME_ESCAPE.sub(lambda found: bytes([int(found[1], 16)]), part)


def pdf_parts(data: bytes) -> Iterator[bytes]:
    """The plain text of a PDF, then its packed object streams; picture data is passed over."""
    yield STREAM.sub(b"", data)
    for found in STREAM.finditer(data):
        head = data[max(0, found.start() - 400) : found.start()]
        if b"/ObjStm" not in head[head.rfind(b"obj") :]:
            continue
        try:
            yield zlib.decompressobj().decompress(found[1], LARGEST_UNPACKED)
        except zlib.error:
            continue


def page(image: Image.Image) -> CleanPage:
    """Shrink to at most 2600 pixels, look at it, and encode it anew."""
    image.thumbnail((LONGEST_EDGE, LONGEST_EDGE), Image.Resampling.LANCZOS)
    jpeg = photo.encoded(image)
    return CleanPage(
        jpeg=jpeg,
        sha256=hashlib.sha256(jpeg).hexdigest(),
        width=image.width,
        height=image.height,
        verdict=photo.verdict(image),
    )
