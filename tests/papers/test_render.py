from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import date
from statistics import median
from time import perf_counter

import pypdfium2
import pytest
import zxingcpp
from PIL import Image

from canbao.kernel import money
from canbao.kernel.refusal import Refused
from canbao.papers import forms, glyphs, qr, render, seals
from canbao.papers.forms import FormSheet
from tests.papers import sheets

SHEETS = sheets.all_sheets()
CINNABAR = (196, 37, 26)


def having(sheet: FormSheet, fields: dict[str, str]) -> FormSheet:
    return replace(sheet, fields={**sheet.fields, **fields})


def text_of(pdf: bytes) -> str:
    document = pypdfium2.PdfDocument(pdf)
    words = "".join(page.get_textpage().get_text_bounded() for page in document)
    return re.sub(r"\s+", "", words)


def picture_of(pdf: bytes, dpi: int = 150) -> Image.Image:
    document = pypdfium2.PdfDocument(pdf)
    image: Image.Image = document[0].render(scale=dpi / 72).to_pil().convert("RGB")
    return image


AS_GIVEN = {forms.FieldKind.TEXT, forms.FieldKind.NUMBER}


def values_of(sheet: FormSheet) -> list[str]:
    known = forms.form(sheet.kind, sheet.version)
    plain = [
        sheet.fields.get(entry.name, "")
        for entry in known.fields
        if entry.kind in AS_GIVEN
        and entry.name not in {"tier_options", "reporter_name", "archivist_name"}
    ]
    listed = [
        row[entry.name]
        for entry in known.columns
        for row in sheet.rows
        if entry.name in row and not entry.options and entry.kind in AS_GIVEN
    ]
    sums = [
        money.in_yuan(int(row[entry.name]), exact=True)
        for entry in known.columns
        for row in sheet.rows
        if entry.kind is forms.FieldKind.FEN and int(row.get(entry.name) or 0)
    ]
    return [value for value in [sheet.number, *plain, *listed, *sums] if value]


@pytest.mark.parametrize("name", SHEETS)
def test_every_value_of_every_form_can_be_read_off_its_pdf(name: str) -> None:
    sheet = SHEETS[name]
    shown = text_of(render.pdf(sheet))
    lost = [value for value in values_of(sheet) if re.sub(r"\s+", "", value) not in shown]
    assert lost == []


@pytest.mark.parametrize("name", SHEETS)
def test_the_qr_on_the_paper_reads_as_the_token_address(name: str) -> None:
    found = zxingcpp.read_barcodes(picture_of(render.pdf(SHEETS[name]), dpi=200))
    wanted = SHEETS[name].token_url
    assert {code.text for code in found} == ({wanted} if wanted else set())
    assert wanted in {sheets.URL, ""}


@pytest.mark.parametrize("name", SHEETS)
def test_every_form_says_that_it_is_pdf_a_2b_and_embeds_its_fonts(name: str) -> None:
    pdf = render.pdf(SHEETS[name])
    assert b"<pdfaid:part>2</pdfaid:part>" in pdf
    assert b"<pdfaid:conformance>B</pdfaid:conformance>" in pdf
    assert b"/OutputIntents" in pdf
    assert pdf.count(b"/FontDescriptor") == pdf.count(b"/FontFile2") + pdf.count(b"/FontFile3") or (
        b"/FontFile" in pdf
    )


@pytest.mark.parametrize("name", SHEETS)
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_the_same_sheet_gives_the_same_bytes(name: str, language: str) -> None:
    sheet = replace(SHEETS[name], language=language)
    first = render.pdf(sheet)
    render.pdf(replace(sheet, number="370199-00"))
    fresh = render.Press(glyphs.FOLDER)
    known = forms.form(sheet.kind, sheet.version)
    data = json.dumps(render.content(sheet, known), ensure_ascii=False)
    assert first == render.pdf(sheet) == fresh.print(known.key, data)


@pytest.mark.parametrize(("kind", "version"), forms.shipped())
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_every_form_prints_blank_to_be_filled_in_by_hand(
    kind: str, version: int, language: str
) -> None:
    sheet = FormSheet(kind, version, copies=2, language=language)
    pdf = render.pdf(sheet)
    title = forms.form(kind, version).title["zh" if language == "zh-hans" else "en"]
    assert title.replace(" ", "") in text_of(pdf)
    assert len(pypdfium2.PdfDocument(pdf)) == 1


@pytest.mark.parametrize("name", ["pension", "medical", "family"])
def test_a_registration_form_fits_one_page_in_both_languages(name: str) -> None:
    for language in ("zh-hans", "en"):
        sheet = SHEETS[name]
        crowded = replace(
            sheet,
            language=language,
            fields={
                **sheet.fields,
                "name": sheets.LONG_NAME,
                "household_address": "明水县柳泉镇杏花村五组" * 6,
            },
        )
        document = pypdfium2.PdfDocument(render.pdf(crowded))
        assert len(document) == 1
        assert [round(side) for side in document[0].get_size()] == [595, 842]


def test_each_copy_says_which_it_is() -> None:
    first, second = (text_of(render.pdf(replace(sheets.pension(), copy_no=n))) for n in (1, 2))
    assert "第1份，共2份" in first
    assert "第2份，共2份" in second


def test_a_reprint_says_so() -> None:
    assert "补打" in text_of(render.pdf(replace(sheets.pension(), reprint=True)))
    assert "补打" not in text_of(render.pdf(sheets.pension()))


@pytest.mark.parametrize("name", [sheets.RARE_NAME, sheets.LONG_NAME, "李·", "鄧麗君", "Ó Briain"])
def test_rare_and_long_names_stand_on_the_paper(name: str) -> None:
    sheet = sheets.pension()
    shown = text_of(render.pdf(having(sheet, {"name": name})))
    assert name.replace(" ", "") in shown


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("王\U0002a6d6", "U+2A6D6"),
        ("王\u202e龙", "U+202E"),
        ("王\u200b龙", "U+200B"),
        ("\ue000", "U+E000"),
    ],
)
def test_a_character_that_no_font_draws_is_refused_and_named(name: str, said: str) -> None:
    sheet = sheets.pension()
    with pytest.raises(Refused) as refused:
        render.pdf(having(sheet, {"name": name}))
    assert refused.value.code == "glyph_missing"
    assert said in str(refused.value.facts["characters"])


def test_a_missing_glyph_is_found_wherever_it_stands() -> None:
    strange = "\U0002a6d6"
    sheet = sheets.family()
    one = sheet.opinions[0]
    mark = sheet.applicant_mark
    assert mark is not None
    spoilt = [
        replace(sheet, number=strange),
        replace(sheet, rows=({"name": strange},)),
        replace(sheet, opinions=(replace(one, text=strange),)),
        replace(sheet, opinions=(replace(one, note=strange),)),
        replace(sheet, opinions=(replace(one, seal=seals.Seal(strange)),)),
        replace(sheet, applicant_mark=replace(mark, witness_name=strange)),
    ]
    for bad in spoilt:
        with pytest.raises(Refused, match="glyph_missing"):
            render.pdf(bad)


def test_a_field_the_form_does_not_know_is_a_mistake_of_the_program() -> None:
    with pytest.raises(ValueError, match="has no field nickname"):
        render.pdf(replace(sheets.pension(), fields={"nickname": "老周"}))


def test_a_broken_mark_says_so_in_words_and_its_seal_loses_its_colour() -> None:
    whole = sheets.pension()
    broken = replace(whole, opinions=tuple(replace(one, broken=True) for one in whole.opinions))
    assert "此处签章已失效" in text_of(render.pdf(broken))
    assert "此处签章已失效" not in text_of(render.pdf(whole))
    assert reds(picture_of(render.pdf(broken))) < reds(picture_of(render.pdf(whole))) / 4


def test_a_broken_confirmation_of_the_applicant_says_so() -> None:
    sheet = sheets.medical()
    assert sheet.applicant_mark is not None
    broken = replace(sheet, applicant_mark=replace(sheet.applicant_mark, broken=True))
    assert "此处签章已失效" in text_of(render.pdf(broken))


def reds(image: Image.Image) -> int:
    return sum(
        count
        for count, colour in image.getcolors(1 << 24) or ()
        if isinstance(colour, tuple)
        and all(abs(a - b) < 12 for a, b in zip(colour, CINNABAR, strict=True))
    )


def is_red(pixel: object) -> bool:
    return isinstance(pixel, tuple) and all(
        abs(one - two) < 40 for one, two in zip(pixel, CINNABAR, strict=True)
    )


@pytest.mark.parametrize("name", SHEETS)
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_a_seal_covers_the_date_at_most_and_never_a_name_or_number(
    name: str, language: str
) -> None:
    # The archive stamp is red writing itself, a fingerprint belongs to its name.
    sheet = replace(SHEETS[name], archive=None, applicant_mark=None, language=language)
    dpi = 100
    document = pypdfium2.PdfDocument(render.pdf(sheet))
    covered = set()
    for page in document:
        image = page.render(scale=dpi / 72).to_pil().convert("RGB")
        words = page.get_textpage()
        for place in range(words.count_chars()):
            left, low, right, high = (side * dpi / 72 for side in words.get_charbox(place))
            box = (int(left), int(image.height - high), int(right) + 1, int(image.height - low) + 1)
            colours = image.crop(box).getcolors(1 << 16) if right > left else None
            if any(is_red(colour) for _, colour in colours or ()):
                covered.add(words.get_text_range(place, 1))
    assert covered <= set("0123456789年月日-")


def test_a_seal_on_paper_is_42_mm_wide() -> None:
    dpi = 150
    sheet = replace(sheets.pension(), archive=None, applicant_mark=None)
    image = picture_of(render.pdf(sheet), dpi)
    dots = dpi / 25.4
    village = image.crop((0, 0, int((25 + 57) * dots), image.height))
    columns = [
        x
        for x in range(village.width)
        if any(is_red(village.getpixel((x, y))) for y in range(village.height // 2, village.height))
    ]
    assert (columns[-1] - columns[0]) / dots == pytest.approx(42, abs=0.5)


def test_a_blank_choice_shows_all_boxes_and_an_unknown_value_gets_its_own() -> None:
    sheet = sheets.pension()
    shown = text_of(render.pdf(having(sheet, {"special_identity": "烈属"})))
    assert "特困" in shown
    assert "烈属" in shown


def test_money_is_shown_in_yuan_with_its_fen() -> None:
    sheet = sheets.medical()
    shown = text_of(render.pdf(having(sheet, {"amount_fen": "123405"})))
    assert "1,234.05" in shown


def test_a_refusal_names_the_way_to_appeal_and_an_approval_does_not() -> None:
    refused = text_of(render.pdf(sheets.decision("refused")))
    assert "不予办理" in refused
    assert "不同意怎么办" in refused
    assert "2027年1月25日" in refused
    approved = text_of(render.pdf(sheets.decision()))
    assert "准予参保" in approved
    assert "不同意怎么办" not in approved


def test_money_that_is_not_given_back_is_refused_in_writing() -> None:
    refused = text_of(render.pdf(sheets.refund_decision("refused")))
    assert "不予退费" in refused
    assert "不同意怎么办" in refused
    assert "2027年1月25日" in refused
    given = text_of(render.pdf(sheets.refund_decision()))
    assert "已经退费" in given
    assert "****4567" in given.replace(" ", "")
    assert "不同意怎么办" not in given


def test_a_long_cover_list_counts_its_pages_and_repeats_its_head() -> None:
    document = pypdfium2.PdfDocument(render.pdf(sheets.cover(120)))
    pages = [re.sub(r"\s+", "", page.get_textpage().get_text_bounded()) for page in document]
    assert len(pages) > 2
    for place, page in enumerate(pages, 1):
        assert f"第{place}页，共{len(pages)}页" in page
    assert all("组-户" in page for page in pages[:-1])
    assert "合计120件27户" in pages[-1]
    assert "接收人" in pages[-1]


def test_an_opinion_recorded_for_somebody_else_says_for_whom() -> None:
    sheet = sheets.pension()
    one = replace(sheet.opinions[0], note="代录：孟庆华 2026-11-24", on=date(2026, 11, 19))
    assert "代录：孟庆华" in text_of(render.pdf(replace(sheet, opinions=(one,))))


def test_a_qr_of_a_paper_carries_nothing_but_its_address() -> None:
    svg = qr.svg(sheets.URL, title="扫码查真伪")
    assert svg.startswith("<svg")
    assert "<title>扫码查真伪</title>" in svg
    assert qr.matrix(sheets.URL) == qr.matrix(sheets.URL)
    assert qr.matrix(sheets.URL) != qr.matrix(sheets.URL + "x")


def test_a_warm_page_is_printed_in_milliseconds() -> None:
    sheet = sheets.pension()
    render.pdf(sheet)
    times = []
    for place in range(15):
        begun = perf_counter()
        render.pdf(replace(sheet, number=f"370199-26-B01-{place:07d}"))
        times.append(perf_counter() - begun)
    # The goal is 15 ms (bench/README.md); a test beside others on a busy machine gets room.
    assert median(times) < 0.15
