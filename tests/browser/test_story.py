"""The tutorial, from end to end in a real browser: a phone applies, each desk does its part, the QR verifies.

With CANBAO_PICTURES=1 the pictures of the tutorial are taken anew.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path
from random import Random

import pytest
from django.contrib.auth.models import User
from PIL import Image
from playwright.sync_api import FilePayload, Page, expect

from canbao.cases import bundle, door, flow, queries
from canbao.cases.door import CaseRow
from canbao.kernel import county
from canbao.people import numbers
from canbao.people.codes import Sex
from canbao.simulate import drawings
from canbao.simulate.residents import Household, Resident
from tests import small as cast

pytestmark = pytest.mark.browser
PASSWORD = "apricot-and-pear-2"
PICTURES = Path(__file__).resolve().parents[2] / "docs" / "tutorial" / "pictures"
WANG = numbers.compose("370199", date(1970, 3, 14), 31)
MAIN = "#main .cb-primary button[type=submit], #main .cb-primary button:not([type])"


class Story:
    """One browser window: fills pages by field name, presses the main button, takes pictures."""

    def __init__(self, page: Page, site: str, axe: Callable[[Page], list[str]]) -> None:
        self.page = page
        page.set_default_timeout(15000)
        self.base = f"{site}/{cast.COUNTY}/"
        self.axe = axe

    def open(self, path: str = "") -> None:
        self.page.goto(self.base + path)

    def fill(self, answers: Mapping[str, str]) -> None:
        for name, value in answers.items():
            found = self.page.locator(f'[name="{name}"]')
            kind = found.first.evaluate("one => one.type || one.tagName.toLowerCase()")
            if kind in {"radio", "checkbox"}:
                found.and_(self.page.locator(f'[value="{value}"]')).first.check(force=True)
            elif kind.startswith("select"):
                found.first.select_option(value)
            else:
                found.first.fill(value)

    def press(self, words: str | re.Pattern[str] = "") -> None:
        button = self.page.get_by_role("button", name=words) if words else self.page.locator(MAIN)
        with self.page.expect_navigation():
            button.first.click()

    def answer(self, **answers: str) -> None:
        self.fill(answers)
        self.press()

    def sound(self, name: str) -> None:
        """The page is accessible, does not scroll sideways, and its picture is taken."""
        assert self.axe(self.page) == [], self.page.url
        width = self.page.evaluate("document.documentElement.scrollWidth - innerWidth")
        assert width <= 0, f"{self.page.url} scrolls sideways by {width}"
        if os.environ.get("CANBAO_PICTURES"):
            PICTURES.mkdir(parents=True, exist_ok=True)
            path = PICTURES / f"{name}.png"
            self.page.screenshot(path=path, full_page=True)
            with Image.open(path) as taken:
                taken.convert("RGB").quantize(128).save(path, optimize=True)


@pytest.fixture
def small(site: str) -> cast.Small:
    with county.inside(cast.COUNTY):
        made = cast.found()
        for login in made.officers:
            User.objects.create_user(f"{cast.COUNTY}/{login}", password=PASSWORD)
    return made


def paper(kind: str) -> bytes:
    """A made picture of one of 王守田's papers."""
    who = Resident(
        "王守田", Sex.MALE, date(1970, 3, 14), "01", WANG, "02", "0317", cast.APRICOT, "柳泉镇杏花村 3 组"
    )  # fmt: skip
    random = Random(kind)
    if kind == "booklet_first":
        return drawings.booklet_first(Household(cast.APRICOT, "0317", [who]), random)
    made = {
        "id_front": lambda: drawings.id_front(who, random),
        "id_back": lambda: drawings.id_back(2020),
        "booklet_own": lambda: drawings.booklet_own(who, random),
        "photo": lambda: drawings.portrait(random),
    }
    return made[kind]()


def log_in(story: Story, login: str) -> None:
    story.open("desk/login")
    story.fill({"username": login, "password": PASSWORD})
    story.press(re.compile("登录|Log in"))


def draw_name(page: Page) -> None:
    pad = page.locator("canvas").bounding_box()
    assert pad is not None
    page.mouse.move(pad["x"] + 30, pad["y"] + 60)
    page.mouse.down()
    for step in range(12):
        page.mouse.move(pad["x"] + 30 + step * 20, pad["y"] + 40 + (step % 3) * 30)
    page.mouse.up()


def apply_on_the_phone(story: Story) -> None:
    page = story.page
    story.open()
    story.sound("01-home")
    story.open("apply")
    story.answer(phone="13800001427")
    other = page.context.new_page()
    other.goto(story.base + "outbox")
    code = re.search(r"\b(\d{6})\b", other.inner_text("main"))
    assert code is not None
    other.close()
    story.answer(code=code[1])
    story.press()
    if not page.url.endswith("/apply"):
        story.open("apply")
    story.answer(insurance="390")
    story.answer(name="王守田", relation="02", kind="id_card", number=WANG)
    story.answer(
        village=cast.APRICOT,
        address="柳泉镇杏花村 3 组",
        household_number="0317",
        residency="rural",
    )
    story.answer(ethnic="01")
    story.fill({"level": "adult"})
    story.sound("02-level")
    story.press()
    story.press()
    for kind in ("id_front", "id_back", "booklet_first", "booklet_own", "photo"):
        file: FilePayload = {"name": "a.jpg", "mimeType": "image/jpeg", "buffer": paper(kind)}
        # With a script, choosing a photo sends it.
        with page.expect_navigation():
            page.locator(f'form[action*="kind={kind}"] input[type=file]').set_input_files(file)
    story.sound("03-photos")
    page.goto(re.sub(r"/[0-9a-f-]{36}/photos.*", "/photos", page.url))
    story.sound("04-check")
    page.goto(re.sub(r"/check.*", "/signatures", page.url))
    draw_name(page)
    story.sound("05-sign")
    story.press()
    story.press()
    story.sound("06-done")


def act(story: Story, value: str) -> None:
    """Press the button that does this act."""
    with story.page.expect_navigation():
        story.page.locator(f'button[name=act][value="{value}"]').first.click()


def pass_case(story: Story, path: str, items: tuple[str, ...], picture: str) -> None:
    """Answer every item with yes, look at the seal as it will stand, sign."""
    story.open(path)
    story.sound(f"{picture}-case")
    story.fill({f"item_{item}": "yes" for item in items})
    act(story, "keep")
    story.sound(f"{picture}-sign")
    act(story, "pass")


def report(story: Story, sheets: int, picture: str) -> None:
    story.open("desk/report?insurance=390")
    story.fill({"sheets": str(sheets)})
    story.sound(picture)
    with story.page.expect_navigation():
        story.page.locator("#main form:has([name=sheets]) button").last.click()


def receive(story: Story, sheets: int, picture: str) -> str:
    """Count the one bundle on the way in; returns its address."""
    story.open("desk/bundles")
    story.page.locator('#main a[href*="/bundles/"]').first.click()
    story.page.wait_for_load_state()
    address = story.page.url
    story.fill({"sheets": str(sheets)})
    story.sound(picture)
    with story.page.expect_navigation():
        story.page.locator("#main form:has([name=sheets]) button").last.click()
    return address


def only_case(small: cast.Small) -> CaseRow:
    with county.inside(cast.COUNTY):
        (row,) = door.rows_of(door.visible(small.wei))
        return row


def sheets_of(row: CaseRow) -> int:
    with county.inside(cast.COUNTY):
        return bundle.sheet_counts([row.id])[row.id]


def test_an_application_from_a_phone_goes_over_every_desk_to_the_archive(
    site: str,
    small: cast.Small,
    open_page: Callable[..., Page],
    axe: Callable[[Page], list[str]],
) -> None:
    phone = Story(open_page(width=390, height=844, has_touch=True), site, axe)
    desk = {
        login: Story(open_page(width=1280, height=900), site, axe)
        for login in ("chen", "meng", "wei")
    }
    apply_on_the_phone(phone)
    expect(phone.page.locator("main")).to_contain_text("370199-")
    row = only_case(small)
    sheets = sheets_of(row)
    for login, story in desk.items():
        log_in(story, login)

    chen = desk["chen"]
    chen.open("desk/")
    chen.sound("07-village")
    village = flow.load(row.flow).desks["village"].asked(on_paper=False, family_form=False)
    pass_case(chen, f"desk/case/{row.id}", village, "08-village")
    report(chen, sheets, "09-report")

    meng = desk["meng"]
    meng.open("desk/")
    bundle_page = receive(meng, sheets, "10-receive")
    township = flow.load(row.flow).desks["township"].asks
    meng.page.goto(f"{bundle_page}/check")
    meng.fill({f"{row.id}.{item}": "yes" for item in township})
    meng.sound("11-township")
    meng.press(re.compile("保存|Save|存"))
    meng.page.goto(f"{bundle_page}/close")
    with meng.page.expect_navigation():
        meng.page.locator("#main form button").last.click()
    meng.sound("12-closed")
    report(meng, sheets, "13-to-county")

    wei = desk["wei"]
    receive(wei, sheets, "14-at-county")
    last = flow.load(row.flow).desks["county"].asks
    pass_case(wei, f"desk/case/{row.id}", last, "15-county")
    wei.open("desk/archive?tab=approved")
    wei.page.locator('input[type=checkbox][name="chosen"]').first.check(force=True)
    act(wei, "file")
    wei.open(f"desk/case/{row.id}")
    wei.sound("16-filed")

    assert only_case(small).status == flow.Status.FILED
    phone.open(f"cases/{row.id}")
    phone.sound("17-follow")
    with county.inside(cast.COUNTY):
        token = queries.view(small.wei, row.id).form.token
    phone.open(f"q/{token}")
    phone.sound("18-verify")
    expect(phone.page.locator("main")).to_contain_text(row.number)
    expect(phone.page.locator("main")).not_to_contain_text(WANG)
