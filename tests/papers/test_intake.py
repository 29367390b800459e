from __future__ import annotations

import hashlib
import io
import zipfile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from canbao.kernel.refusal import Refused
from canbao.papers import intake, photo
from canbao.papers.intake import CleanPage
from canbao.papers.refusals import REFUSALS
from tests.papers import uploads


def opened(page: CleanPage) -> Image.Image:
    image = Image.open(io.BytesIO(page.jpeg))
    image.load()
    return image


def refusal(data: bytes) -> str:
    with pytest.raises(Refused) as refused:
        intake.clean(data, declared_name="照片.jpg")
    sentence = str(REFUSALS[refused.value.code]) % refused.value.facts
    assert sentence
    return refused.value.code


def archive() -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as bag:
        bag.writestr("evil.exe", b"MZ")
    return target.getvalue()


@pytest.mark.parametrize(
    "data",
    [
        uploads.jpeg(),
        uploads.jpeg(progressive=True),
        uploads.saved(uploads.paper().convert("CMYK"), "JPEG"),
        uploads.saved(uploads.paper().convert("L"), "JPEG"),
        uploads.saved(uploads.paper(), "PNG"),
        uploads.saved(uploads.paper().convert("P"), "PNG"),
        uploads.saved(uploads.paper().convert("I;16"), "PNG"),
        uploads.saved(uploads.paper(), "WEBP"),
        uploads.heic(),
        uploads.pdf(),
    ],
    ids=["jpeg", "progressive", "cmyk", "grey", "png", "palette", "16bit", "webp", "heic", "pdf"],
)
def test_every_kind_of_photo_becomes_a_jpeg_of_our_own(data: bytes) -> None:
    (page,) = intake.clean(data, declared_name="x")
    image = opened(page)
    assert image.format == "JPEG"
    assert image.mode == "RGB"
    assert image.size == (page.width, page.height)
    assert page.sha256 == hashlib.sha256(page.jpeg).hexdigest()
    assert max(image.size) <= intake.LONGEST_EDGE


@pytest.mark.parametrize("turn", range(1, 9))
def test_a_photo_stands_upright_whatever_way_the_phone_was_held(turn: int) -> None:
    upright = Image.new("RGB", (300, 200), "white")
    upright.paste("red", (0, 0, 60, 60))
    back = {
        2: Image.Transpose.FLIP_LEFT_RIGHT,
        3: Image.Transpose.ROTATE_180,
        4: Image.Transpose.FLIP_TOP_BOTTOM,
        5: Image.Transpose.TRANSPOSE,
        6: Image.Transpose.ROTATE_90,
        7: Image.Transpose.TRANSVERSE,
        8: Image.Transpose.ROTATE_270,
    }
    held = upright.transpose(back[turn]) if turn in back else upright
    exif = Image.Exif()
    exif[0x0112] = turn
    (page,) = intake.clean(uploads.jpeg(held, exif=exif, quality=95), declared_name="x")
    image = opened(page)
    assert image.size == (300, 200)
    red, green, _ = image.getpixel((20, 20))  # type: ignore[misc]
    assert red > 200
    assert green < 60


def test_nothing_but_the_picture_is_kept() -> None:
    exif = Image.Exif()
    exif[0x010F] = "SecretPhone"
    exif.get_ifd(0x8825)[2] = (36.0, 40.0, 12.0)
    exif[0x0112] = 1
    data = uploads.jpeg(exif=exif, comment=b"living at Xinghua", icc_profile=b"profile" * 20)
    (page,) = intake.clean(data, declared_name="x")
    for secret in (b"SecretPhone", b"Exif", b"living at", b"profile", b"http"):
        assert secret in data or secret == b"http"
        assert secret not in page.jpeg
    assert dict(opened(page).getexif()) == {}


def test_the_same_photo_gives_the_same_bytes() -> None:
    data = uploads.jpeg()
    assert intake.clean(data, declared_name="a") == intake.clean(data, declared_name="b")


def test_a_large_photo_is_made_smaller_and_keeps_its_shape() -> None:
    (page,) = intake.clean(uploads.jpeg(Image.new("RGB", (5200, 2600))), declared_name="x")
    assert (page.width, page.height) == (2600, 1300)


def test_what_is_seen_through_becomes_white() -> None:
    clear = Image.new("RGBA", (200, 200), (0, 0, 0, 0))
    (page,) = intake.clean(uploads.saved(clear, "PNG"), declared_name="x")
    assert opened(page).getpixel((100, 100)) == (255, 255, 255)


def test_each_page_of_a_pdf_is_a_page() -> None:
    pages = intake.clean(uploads.pdf(pages=8), declared_name="x")
    assert len(pages) == 8
    assert max(pages[0].width, pages[0].height) == 2339


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "upload_empty"),
        (b"\0" * 5000, "upload_empty"),
        (b"\xff\xd8\xff" + b"\0" * intake.LARGEST_BYTES, "upload_too_big"),
        (b"just a letter", "upload_kind_unknown"),
        (b"GIF89a" + b"\0" * 50 + b"x", "upload_kind_refused"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "upload_kind_refused"),
        (b"\xef\xbb\xbf <?xml version='1.0'?><svg/>", "upload_kind_refused"),
        (b"<!DOCTYPE html><script>alert(1)</script>", "upload_kind_refused"),
        (archive(), "upload_kind_refused"),
        (uploads.jpeg()[:-2000], "upload_broken"),
        (uploads.jpeg()[:300], "upload_broken"),
        (uploads.saved(uploads.paper(), "PNG")[:-3000], "upload_broken"),
        (uploads.saved(uploads.paper(), "WEBP")[:3000], "upload_broken"),
        (uploads.heic()[:2000], "upload_broken"),
        (b"\xff\xd8\xff\xe0 not a jpeg at all", "upload_broken"),
        (b"\x89PNG\r\n\x1a\n", "upload_broken"),
        (uploads.png_claiming(60_000, 60_000), "upload_too_many_pixels"),
        (uploads.png_claiming(9_000, 9_000), "upload_too_many_pixels"),
        (uploads.png_claiming(1_000, 1_000), "upload_broken"),
        (uploads.jpeg(Image.new("RGB", (60, 900))), "upload_too_small"),
        (uploads.moving("PNG"), "upload_moving"),
        (uploads.moving("WEBP"), "upload_moving"),
        (uploads.jpeg() + archive(), "upload_mixed"),
        (uploads.jpeg() + b"<html><script>alert(1)</script></html>", "upload_mixed"),
        (uploads.saved(uploads.paper(), "PNG") + archive(), "upload_mixed"),
        (uploads.saved(uploads.paper(), "WEBP") + archive(), "upload_mixed"),
        (uploads.jpeg(comment=b"<script>alert(1)</script>"), "upload_mixed"),
        (uploads.pdf(pages=9), "upload_too_many_pages"),
        (uploads.pdf(pages=0), "upload_broken"),
        (uploads.pdf(box="0 0 20000 20000"), "upload_too_many_pixels"),
        (uploads.pdf(box="0 0 4 4"), "upload_too_small"),
        (uploads.pdf()[:200], "upload_broken"),
        (uploads.picture_pdf(30_000, 30_000), "upload_too_many_pixels"),
        (uploads.pdf().replace(b"trailer<<", b"trailer<</Encrypt 9 0 R"), "upload_pdf_locked"),
        (uploads.pdf(b"<</S/JavaScript/JS(app.alert\\(1\\))>>"), "upload_pdf_active"),
        (uploads.pdf(b"<</S/J#61vaScript/J#53(x)>>"), "upload_pdf_active"),
        (uploads.pdf(uploads.packed(b"<</S/JavaScript/JS(x)>>")), "upload_pdf_active"),
        (uploads.pdf(b"<</S/Launch/F(cmd.exe)>>"), "upload_pdf_active"),
        (uploads.pdf(catalog=b"/Names<</EmbeddedFiles<<>>>>"), "upload_pdf_active"),
        (uploads.pdf(catalog=b"/AcroForm<</XFA 9 0 R>>"), "upload_pdf_active"),
        (uploads.pdf() + archive(), "upload_pdf_active"),
    ],
)
def test_what_is_not_a_photo_is_refused_with_a_sentence(data: bytes, code: str) -> None:
    assert refusal(data) == code


def test_a_film_that_a_phone_hangs_behind_its_photo_is_dropped() -> None:
    film = b"\0\0\0\x18ftypmp42" + b"\x11" * 5000
    (page,) = intake.clean(uploads.jpeg() + film, declared_name="x")
    assert b"ftypmp42" not in page.jpeg
    second = uploads.jpeg(uploads.paper(400, 300))
    assert intake.clean(uploads.jpeg() + second, declared_name="x") == (page,)


def test_padding_behind_a_photo_is_no_reason_to_refuse_it() -> None:
    assert intake.clean(uploads.jpeg() + b"\0" * 4096, declared_name="x")


def test_an_ordinary_link_or_destination_in_a_pdf_is_no_program() -> None:
    link = b"<</Type/Annot/Subtype/Link/A<</S/URI/URI(https://example.cn)>>>>"
    assert intake.clean(uploads.pdf(link, catalog=b"/OpenAction[5 0 R/Fit]"), declared_name="x")


SEEDS = [
    uploads.jpeg(uploads.paper(300, 200)),
    uploads.saved(uploads.paper(300, 200), "PNG"),
    uploads.saved(uploads.paper(300, 200), "WEBP"),
    uploads.pdf(),
]


@settings(max_examples=150, deadline=None)
@given(
    st.sampled_from(SEEDS),
    st.lists(st.tuples(st.floats(0, 1), st.binary(min_size=1, max_size=6)), max_size=4),
    st.floats(0.02, 1),
)
def test_spoilt_files_are_refused_or_cleaned_and_never_anything_else(
    seed: bytes, spots: list[tuple[float, bytes]], kept: float
) -> None:
    data = bytearray(seed)
    for where, what in spots:
        place = int(where * (len(data) - 1))
        data[place : place + len(what)] = what
    code, pages = outcome(bytes(data[: int(len(data) * kept)]))
    assert code == "" or code in REFUSALS
    assert all(opened(page).format == "JPEG" for page in pages)


def outcome(data: bytes) -> tuple[str, tuple[CleanPage, ...]]:
    try:
        return "", intake.clean(data, declared_name="x")
    except Refused as refused:
        return refused.code, ()


def test_every_refusal_of_this_room_has_a_sentence_that_its_facts_fill() -> None:
    facts = {"characters": "x", "limit": 1, "pages": 2, "kind": "GIF", "name": "a"}
    for sentence in REFUSALS.values():
        assert "%(" not in str(sentence) % facts


def test_a_page_turns_by_quarters_and_shrinks_to_a_thumbnail() -> None:
    (page,) = intake.clean(uploads.jpeg(), declared_name="x")
    turned = Image.open(io.BytesIO(photo.rotate(page.jpeg, 90)))
    assert turned.size == (page.height, page.width)
    small = Image.open(io.BytesIO(photo.thumbnail(page.jpeg)))
    assert max(small.size) == 400
    with pytest.raises(ValueError, match="quarter"):
        photo.rotate(page.jpeg, 45)
