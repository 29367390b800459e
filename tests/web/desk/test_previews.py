"""The strip of papers at a desk: small pictures made on demand, each look on record, for whom it was put there."""

from __future__ import annotations

import io
import json
import re
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.conf import settings
from PIL import Image

from canbao.kernel import clock
from canbao.kernel.tables import Audit
from canbao.papers import intake, photo, store
from canbao.papers.sheets import Attached
from canbao.web.desk import papers
from tests import small as cast
from tests.office import scenes
from tests.papers import uploads
from tests.web.desk.conftest import Desk
from tests.web.desk.test_scope import statements

Sit = Callable[[str], Desk]


def with_papers(small: cast.Small, serial: int, *kinds: str) -> UUID:
    attached = [Attached(kind, 1, scenes.kept(small.chen, f"{kind} {serial}")) for kind in kinds]
    return cast.submit(small.chen, [cast.claim(serial, attached=tuple(attached))])[0]


def addresses(page: Any) -> list[str]:
    """The pictures of the strip."""
    found = re.findall(r'<img src="([^"]+/small\?[^"]+)" alt="">', page.content.decode())
    return [one.replace("&amp;", "&") for one in found]


def looks(case_id: UUID, event: str) -> list[Any]:
    entries = Audit.here.filter(subject_id=case_id, event=event).order_by("id")
    return [json.loads(facts) for facts in entries.values_list("facts", flat=True)]


def test_every_paper_of_a_case_is_shown_small_and_the_look_names_them_once(
    small: cast.Small, desk: Sit
) -> None:
    one = with_papers(small, 1, "id_front", "id_back", "photo")
    chen = desk("chen")
    page = chen.get("case", one)

    pictures = addresses(page)
    assert len(pictures) == 3
    assert looks(one, "case.page_seen") == [{"papers": ["id_back 1", "id_front 1", "photo 1"]}]
    for address in pictures:
        answer = chen.client.get(address)
        assert answer.headers["Cache-Control"] == "private, no-store"
        with Image.open(io.BytesIO(answer.content)) as made:
            assert made.format == "JPEG"
            assert max(made.size) == papers.PREVIEW_EDGE
    assert looks(one, "case.paper_seen") == []

    full = re.search(r'src="([^"]+/paper/[0-9a-f-]{36})"', page.content.decode())
    assert full
    assert max(Image.open(io.BytesIO(chen.client.get(full[1]).content)).size) == 900
    assert looks(one, "case.paper_seen") == [{"papers": ["id_front 1"]}]


def test_the_first_page_of_a_pdf_is_shown_small_too(small: cast.Small, desk: Sit) -> None:
    sheets = [uploads.paper(tone=tone) for tone in (236, 200)]
    file = io.BytesIO()
    sheets[0].save(file, "PDF", save_all=True, append_images=sheets[1:])
    pages = intake.clean(file.getvalue(), declared_name="booklet.pdf")
    blobs = store.keep(small.chen, pages, at=clock.now()).done
    attached = tuple(Attached("booklet_own", at, blob) for at, blob in enumerate(blobs, 1))
    [one] = cast.submit(small.chen, [cast.claim(2, attached=attached)])
    chen = desk("chen")

    first, second = addresses(chen.get("case", one))
    made = chen.client.get(first).content
    assert made == photo.thumbnail(pages[0].jpeg, papers.PREVIEW_EDGE)
    assert made != chen.client.get(second).content


def test_a_preview_is_for_whom_the_look_was_put_on_record_and_not_for_long(
    small: cast.Small, desk: Sit, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = with_papers(small, 3, "id_front")
    other = with_papers(small, 4, "id_front")
    chen, meng = desk("chen"), desk("meng")
    [address] = addresses(chen.get("case", one))
    [theirs] = addresses(chen.get("case", other))
    bare, _, seen = address.partition("?")

    assert chen.client.get(address).status_code == 200
    assert meng.client.get(address).status_code == 404
    assert chen.client.get(bare).status_code == 404
    assert chen.client.get(f"{bare}?{theirs.partition('?')[2]}").status_code == 404
    assert chen.client.get(f"{bare}?{seen}x").status_code == 404
    unknown = re.sub(r"/paper/[^/]+", f"/paper/{uuid4()}", address)
    assert chen.client.get(unknown).status_code == 404
    later = time.time() + papers.PREVIEWS_FOR.total_seconds() + 1
    monkeypatch.setattr(time, "time", lambda: later)
    assert chen.client.get(address).status_code == 404


def test_nothing_small_is_kept_in_the_data_folder(small: cast.Small, desk: Sit) -> None:
    one = with_papers(small, 5, "id_front")
    chen = desk("chen")
    [address] = addresses(chen.get("case", one))
    folder = Path(settings.CANBAO_DATA)
    before = {path for path in folder.rglob("*") if path.is_file()}
    chen.client.get(address)
    assert {path for path in folder.rglob("*") if path.is_file()} == before


def test_a_case_page_takes_as_many_statements_for_five_papers_as_for_one(
    small: cast.Small, desk: Sit
) -> None:
    chen = desk("chen")
    one = with_papers(small, 6, "id_front")
    five = with_papers(small, 7, "id_front", "id_back", "booklet_first", "booklet_own", "photo")
    chen.get("case", one)
    few = statements(chen, "case", one)
    assert statements(chen, "case", five) == few <= 15
