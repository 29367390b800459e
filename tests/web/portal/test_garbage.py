"""Whatever is sent, no page breaks: it says what is wrong, or that there is nothing there."""

from __future__ import annotations

from uuid import uuid4

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as how
from hypothesis import strategies as some

from canbao.cases import following
from canbao.people import officers
from tests.web.portal.resident import BASE, Resident, begin, enter, here, ids, photo
from tests.web.portal.test_story import WANG

FIELDS = (
    "phone", "code", "next", "to", "insurance", "name", "number", "relation", "kind", "village", "address",
    "household_number", "residency", "living_address", "sex", "birth_on_year", "birth_on_month",
    "birth_on_day", "ethnic", "student", "guardian", "guardian_is", "groups", "other", "level", "add",
    "drop", "bring", "later", "signature", "version", "text", "key", "again", "enrolled", "reason",
)  # fmt: skip
NASTY = (
    "", " ", "\x00", "\u202e", "'; DROP TABLE person; --", "<script>", "%s%(x)s{}", "１２３", "-1", "1e9",
    "9" * 5000, "a" * 100_000, "\ud83d", "01a209d7-1db1-7000-8efe-38f649a76b00", "../../etc/passwd", "龘" * 300, "370199101201",
    "390", "170", "self", "id_card", "data:image/png;base64,AAAA", "0", "NaN", "\n\r\t",
)  # fmt: skip
values = some.one_of(
    some.sampled_from(NASTY),
    some.text(max_size=60),
    some.integers().map(str),
    some.uuids().map(str),
)
posts = some.dictionaries(some.sampled_from(FIELDS), values, max_size=12)


def clean(sent: dict[str, str]) -> dict[str, str]:
    return {name: text.encode("utf-8", "ignore").decode() for name, text in sent.items()}


@pytest.fixture
def everywhere(wang: Resident) -> tuple[Resident, list[str]]:
    page = enter(wang, begin(wang), WANG)
    draft = here(page).split("/")[3]
    page = wang.step(here(page))
    _, person = ids(page)
    own = f"apply/{draft}/{person}/"
    unknown = f"apply/{uuid4()}/{uuid4()}/who"
    return wang, [
        "phone", "code", "privacy", "apply", f"apply/{draft}", f"apply/{draft}/send", "cases/",
        *(own + name for name in ("who", "home", "more", "level", "family", "photos", "sign")),
        own + "sign?way=paper", own + "sign?way=proxy", own + "sign?way=village", own + "sign?way=x",
        own + "photos?kind=id_front", own + "photos?kind=%00", own + "home?town=x",
        f"cases/{uuid4()}/withdraw", f"cases/{uuid4()}/correct", f"cases/{uuid4()}/appeal", unknown,
        f"apply/{draft}/{uuid4()}/level", "q/%00", "form/999.pdf", "cases/x", "apply/x", f"apply/{draft}/done", f"apply/{draft}/check",
    ]  # fmt: skip


@how(
    max_examples=8,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(sent=posts)
def test_no_post_breaks_a_page(
    everywhere: tuple[Resident, list[str]], sent: dict[str, str]
) -> None:
    browser, addresses = everywhere
    for address in addresses:
        answer = browser.post(address, clean(sent))
        assert answer.status_code < 500, address


def test_nasty_values_everywhere_break_nothing(everywhere: tuple[Resident, list[str]]) -> None:
    browser, addresses = everywhere
    for nasty in NASTY:
        text = nasty.encode("utf-8", "ignore").decode()
        for address in addresses:
            answer = browser.post(address, dict.fromkeys(FIELDS, text))
            assert answer.status_code < 500, (address, nasty)


def test_no_upload_breaks_a_page(everywhere: tuple[Resident, list[str]]) -> None:
    browser, addresses = everywhere
    taking = [one for one in addresses if "photos" in one or "sign" in one]
    for data in (
        b" ",
        b"\x00" * 100,
        b"GIF89a",
        b"\xff\xd8\xff" + b"x" * 50,
        b"%PDF-1.4",
        b"RIFF1234WEBP",
    ):
        for address in taking:
            files = {name: photo(data, "x.jpg") for name in ("photo", "sheet", "evidence")}
            answer = browser.post(address, {**files, "name": "王守田"})
            assert answer.status_code < 500, (address, data)


def test_a_get_with_odd_queries_breaks_nothing(everywhere: tuple[Resident, list[str]]) -> None:
    browser, addresses = everywhere
    for address in addresses:
        mark = "&" if "?" in address else "?"
        for query in (
            "key=%00",
            "next=//x",
            "to=%ff",
            "again=1&key=" + "k" * 500,
            "town=1",
            "way=draw",
        ):
            assert browser.get(address + mark + query).status_code < 500
    actor = officers.resident(browser.contact)
    assert actor is not None
    assert not following.mine(actor)


def test_a_post_without_the_pages_secret_is_refused(wang: Resident) -> None:
    from django.test import Client

    strict = Client(enforce_csrf_checks=True)
    assert strict.post(BASE + "phone", {"phone": "13800001427"}).status_code == 403
