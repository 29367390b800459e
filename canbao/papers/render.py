"""Turn a form sheet into a PDF/A: the same sheet always gives the same bytes."""

from __future__ import annotations

import base64
import io
import json
import os
import shutil
import tempfile
import threading
import weakref
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime
from functools import cache, lru_cache
from pathlib import Path
from typing import Final, TypeAlias

import typst
from PIL import Image

from canbao.kernel.money import in_yuan
from canbao.kernel.refusal import Refused
from canbao.papers import forms, glyphs, qr, seals
from canbao.papers.forms import FieldKind, Form, FormSheet, Opinion

PDF_STANDARD: Final = "a-2b"
# A PDF carries a time; a fixed one keeps the bytes equal. The paper's own dates stand on the page.
TIMESTAMP: Final = datetime(2000, 1, 1, tzinfo=UTC)
MARK_PIXELS: Final = (280, 150)  # 26 x 14 mm at 270 dots an inch
PHOTO_PIXELS: Final = (360, 480)  # 26 x 33 mm at 350 dots an inch
PICTURE_CACHE: Final = 512
CHAIN: Final = (glyphs.Font.KAI, glyphs.Font.SONG, glyphs.Font.SANS)

Json: TypeAlias = "str | int | float | bool | list[Json] | dict[str, Json] | None"


def pdf(sheet: FormSheet) -> bytes:
    """One copy of a paper as PDF/A-2b.

    Refuses `glyph_missing` when a value holds a character that no font of the papers draws.
    An undeclared field is a ValueError, an unknown form a FileNotFoundError.
    """
    forms.require_known(sheet.kind, sheet.version, sheet.fields, sheet.rows)
    known = forms.form(sheet.kind, sheet.version)
    require_glyphs(sheet)
    return press().print(known.key, json.dumps(content(sheet, known), ensure_ascii=False))


class Press:
    """One typst compiler with the fonts loaded; it prints one sheet at a time.

    The sheet lies in memory under the name /sheet.json. As a document input it would make the
    compiler forget its whole layout with every sheet (measured: 19 ms a page instead of 11), and
    on a disk a number would stand in clear.
    """

    def __init__(self, fonts: Path) -> None:
        """Load the fonts of a folder, and no others."""
        found = typst.Fonts(
            include_system_fonts=False, include_embedded_fonts=False, font_paths=[fonts]
        )
        self.turn = threading.Lock()
        self.sheet = os.memfd_create("sheet")
        bed = Path(tempfile.mkdtemp(prefix="canbao-press-"))
        for part in forms.FOLDER.iterdir():
            (bed / part.name).symlink_to(part)
        (bed / "sheet.json").symlink_to(f"/proc/self/fd/{self.sheet}")
        self.compiler = typst.Compiler(root=bed, font_paths=found)
        weakref.finalize(self, clear_away, bed, self.sheet, os.getpid())

    def print(self, page: str, sheet: str) -> bytes:
        """Compile the page of a form, by its folder's name, with the sheet's data."""
        with self.turn:
            data = sheet.encode()
            os.ftruncate(self.sheet, len(data))
            os.pwrite(self.sheet, data, 0)
            try:
                made = self.compiler.compile(
                    input=f'#include "/{page}/form.typ"'.encode(),
                    format="pdf",
                    pdf_standards=[PDF_STANDARD],
                    timestamp=TIMESTAMP,
                    # The same content is on the case's web page, made for screen readers.
                    pdf_tags=False,
                )
            finally:
                os.ftruncate(self.sheet, 0)
        if not isinstance(made, bytes):
            raise TypeError(f"{page} did not give one PDF")
        return made


def clear_away(bed: Path, sheet: int, process: int) -> None:
    """Remove what a press laid out; a fork of its process leaves that alone."""
    if os.getpid() == process:
        shutil.rmtree(bed, ignore_errors=True)
        os.close(sheet)


@cache
def press_of(process: int) -> Press:  # noqa: ARG001 - the key: a fork must not share the sheet
    """The press of one process."""
    glyphs.coverage(glyphs.Font.KAI)
    return Press(glyphs.FOLDER)


def press() -> Press:
    """The press of this process."""
    return press_of(os.getpid())


def require_glyphs(sheet: FormSheet) -> None:
    """Refuse when any text of the sheet would leave an empty box on the paper."""
    lost = glyphs.missing_in(texts(sheet))
    for font in CHAIN[1:]:
        lost = glyphs.missing_in(lost, font) if lost else lost
    lost += glyphs.missing_in(engraved(sheet), glyphs.Font.SONG_BOLD)
    if lost:
        raise Refused("glyph_missing", characters=", ".join(glyphs.shown(char) for char in lost))


def engraved(sheet: FormSheet) -> Iterator[str]:
    """What stands on the seals of a sheet."""
    for opinion in sheet.opinions:
        if opinion.seal:
            yield opinion.seal.name.replace(" ", "")
            yield opinion.seal.purpose


def texts(sheet: FormSheet) -> Iterator[str]:
    """Every text of a sheet that comes from outside the form."""
    yield sheet.number
    yield from sheet.fields.values()
    for row in sheet.rows:
        yield from row.values()
    for opinion in sheet.opinions:
        yield from (opinion.text, opinion.officer_name, opinion.office_name, opinion.note)
    if mark := sheet.applicant_mark:
        yield from (mark.name, mark.witness_name)
    if stamp := sheet.archive:
        yield from (stamp.fonds, stamp.year, stamp.series)
        yield from (stamp.retention, stamp.box, stamp.item)


def content(sheet: FormSheet, known: Form) -> dict[str, Json]:
    """All that the page reads, in the sheet's language."""
    language = forms.LANGUAGES[sheet.language.lower()]
    stamp = sheet.archive
    return {
        "language": language,
        "key": known.key,
        "title": known.title[language],
        "labels": {entry.name: entry.label[language] for entry in known.fields},
        "kinds": {entry.name: entry.kind.value for entry in known.fields},
        "options": {
            entry.name: ticked(entry, sheet.fields.get(entry.name, ""), language)
            for entry in known.fields
            if entry.kind in {FieldKind.CHOICE, FieldKind.CHOICES}
        },
        "words": {name: word[language] for name, word in known.words.items()},
        "column_labels": {entry.name: entry.label[language] for entry in known.columns},
        "column_options": {
            entry.name: {option.code: option.label[language] for option in entry.options}
            for entry in known.columns
            if entry.options
        },
        "number": sheet.number,
        "copy_no": sheet.copy_no,
        "copies": sheet.copies,
        "reprint": sheet.reprint,
        "qr": qr.svg(sheet.token_url, border=0) if sheet.token_url else "",
        "fields": dict(sheet.fields),
        "tiers": tiers(sheet.fields),
        "rows": [dict(row) for row in sheet.rows],
        "opinions": [
            opinion_content(opinion, known.words["void"][language] if opinion.broken else "")
            for opinion in sheet.opinions
        ],
        "applicant": applicant_content(sheet),
        "archive": (
            [stamp.fonds, stamp.year, stamp.series, stamp.retention, stamp.box, stamp.item]
            if stamp
            else None
        ),
        "photo": picture(sheet.photo_jpeg, PHOTO_PIXELS),
    }


def ticked(entry: forms.Field, value: str, language: str) -> list[Json]:
    """The boxes of a choice; what is not among the options gets a ticked box of its own."""
    codes = [code for code in value.split(",") if code]
    known = {option.code for option in entry.options}
    boxes: list[Json] = [
        {"label": option.label[language], "on": option.code in codes, "free": False}
        for option in entry.options
    ]
    boxes += [{"label": code, "on": True, "free": True} for code in codes if code not in known]
    return boxes


def tiers(fields: Mapping[str, str]) -> list[Json]:
    """The tiers a county offers, in yuan, with the chosen one ticked."""
    offered = [fen for fen in fields.get("tier_options", "").split(",") if fen]
    chosen = fields.get("tier_fen", "")
    if chosen and chosen not in offered:
        offered.append(chosen)
    return [{"label": in_yuan(int(fen)), "on": fen == chosen, "free": False} for fen in offered]


def opinion_content(opinion: Opinion, void: str) -> dict[str, Json]:
    """One opinion box for the page."""
    return {
        "desk": opinion.desk.value,
        "text": opinion.text,
        "officer": opinion.officer_name,
        "office": opinion.office_name,
        "on": day(opinion.on),
        "signature": picture(opinion.signature_png),
        "seal": seals.drawing(opinion.seal, void) if opinion.seal else "",
        "broken": opinion.broken,
        "note": opinion.note,
    }


def applicant_content(sheet: FormSheet) -> dict[str, Json] | None:
    """The applicant's mark for the page."""
    mark = sheet.applicant_mark
    if mark is None:
        return None
    return {
        "how": mark.how.value,
        "name": mark.name,
        "on": day(mark.on),
        "signature": picture(mark.signature_png),
        "fingerprint": picture(mark.fingerprint_png),
        "witness": mark.witness_name,
        "broken": mark.broken,
    }


def day(on: date | None) -> str:
    """A date as the pages read it."""
    return on.isoformat() if on else ""


@lru_cache(maxsize=PICTURE_CACHE)
def picture(data: bytes | None, limit: tuple[int, int] = MARK_PIXELS) -> str:
    """A PNG or JPEG wrapped as SVG: the page's data is text, and typst has no base64.

    It becomes a JPEG on white, no larger than the paper can show: a JPEG goes into the PDF as it
    is, while each PNG costs two milliseconds of packing. What stands on a thousand papers, as an
    officer's signature does, is prepared once.
    """
    if not data:
        return ""
    with Image.open(io.BytesIO(data), formats=("PNG", "JPEG")) as image:
        flat = on_white(image)
    flat.thumbnail(limit)
    target = io.BytesIO()
    flat.save(target, "JPEG", quality=88)
    width, height = flat.size
    inside = base64.b64encode(target.getvalue()).decode()
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" '
        f'width="{width}" height="{height}">'
        f'<image width="{width}" height="{height}" href="data:image/jpeg;base64,{inside}"/></svg>'
    )


def on_white(image: Image.Image) -> Image.Image:
    """The picture without transparency, as it looks on paper."""
    if not image.has_transparency_data:
        return image.convert("RGB")
    layer = image.convert("RGBA")
    paper = Image.new("RGB", layer.size, "white")
    paper.paste(layer, mask=layer.getchannel("A"))
    return paper
