"""What a story in a browser is told with: a window, the pages of a phone, the pages of a desk."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from pathlib import Path
from random import Random
from typing import Final
from uuid import UUID

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.auth.models import User
from django.contrib.sessions.backends.db import SessionStore
from PIL import Image
from playwright.sync_api import FilePayload, Locator, Page, ViewportSize

from canbao.kernel import clock, county, office
from canbao.people.codes import Sex
from canbao.simulate import drawings
from canbao.simulate.residents import Household, Resident
from canbao.web.access import POSTING
from tests import small as cast

PASSWORD: Final = "apricot-and-pear-2"
PICTURES: Final = Path(__file__).resolve().parents[2] / "docs" / "tutorial" / "pictures"
MAIN: Final = "#main .cb-primary button[type=submit], #main .cb-primary button:not([type])"
ID: Final = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f-]{22}")
PHOTOS: Final = ("id_front", "id_back", "booklet_first", "booklet_own", "photo")
PHONE: Final[ViewportSize] = {"width": 390, "height": 844}
DESK: Final[ViewportSize] = {"width": 1280, "height": 900}
HOME: Final = {
    "village": cast.APRICOT, "address": "柳泉镇杏花村 3 组", "household_number": "0317", "residency": "rural",
}  # fmt: skip


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
        self.follow(button.first)

    def follow(self, found: str | Locator) -> None:
        """Press a link or button, the first that a selector finds, and wait for the page that it leads to."""
        target = self.page.locator(found).first if isinstance(found, str) else found
        with self.page.expect_navigation():
            target.click()

    def answer(self, **answers: str) -> None:
        self.fill(answers)
        self.press()

    def fits(self) -> None:
        """The page is accessible and does not scroll sideways."""
        faults = self.axe(self.page)
        assert faults == [], (self.page.url, faults)
        width = self.page.evaluate("document.documentElement.scrollWidth - innerWidth")
        assert width <= 0, f"{self.page.url} scrolls sideways by {width}"

    def sound(self, name: str = "", *, both: bool = False) -> None:
        """The page is accessible and fits, and its picture is taken for the tutorial.

        With `both` it fits on a phone and on a desk, whichever this window is.
        """
        if both:
            own = self.page.viewport_size
            for size in (PHONE, DESK):
                if size != own:
                    self.page.set_viewport_size(size)
                    self.fits()
            assert own is not None
            self.page.set_viewport_size(own)
        self.fits()
        if not name:
            return
        if os.environ.get("CANBAO_PICTURES"):
            PICTURES.mkdir(parents=True, exist_ok=True)
            path = PICTURES / f"{name}.png"
            self.page.screenshot(path=path, full_page=True)
            with Image.open(path) as taken:
                taken.convert("RGB").quantize(128).save(path, optimize=True)


def paper(kind: str, name: str, number: str) -> FilePayload:
    """A made picture of one of somebody's papers."""
    born = date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    sex = Sex.MALE if int(number[16]) % 2 else Sex.FEMALE
    who = Resident(name, sex, born, "01", number, "02", "0317", cast.APRICOT, "柳泉镇杏花村 3 组")
    random = Random(kind + name)
    made: dict[str, Callable[[], bytes]] = {
        "id_front": lambda: drawings.id_front(who, random),
        "id_back": lambda: drawings.id_back(2020),
        "booklet_first": lambda: drawings.booklet_first(
            Household(cast.APRICOT, "0317", [who]), random
        ),
        "booklet_own": lambda: drawings.booklet_own(who, random),
        "photo": lambda: drawings.portrait(random),
    }
    return {
        "name": "a.jpg",
        "mimeType": "image/jpeg",
        "buffer": made.get(kind, made["booklet_own"])(),
    }


# On a phone


def prove_phone(story: Story, phone: str) -> None:
    """Type the number, the code from the outbox, and agree to the notice."""
    story.open("apply")
    story.answer(phone=phone)
    other = story.page.context.new_page()
    other.goto(story.base + "outbox")
    code = re.search(r"\b(\d{6})\b", other.inner_text("main"))
    assert code is not None
    other.close()
    story.answer(code=code[1])
    story.press()


def name_one(story: Story, name: str, relation: str, number: str) -> None:
    story.answer(name=name, relation=relation, kind="id_card", number=number)


def describe(story: Story, level: str, picture: str = "", **more: str) -> None:
    """From home and school to the level; ends at the basket."""
    if story.page.url.endswith("/home"):
        story.answer(**HOME)
    story.answer(ethnic="01", **more)
    story.fill({"level": level})
    if picture:
        story.sound(picture)
    story.press()


def add_another(story: Story) -> None:
    story.follow("button[name=add]")


def draft_of(story: Story) -> str:
    found = ID.search(story.page.url)
    assert found, story.page.url
    return found[0]


def send_photo(story: Story, kind: str, name: str, number: str) -> None:
    # With a script, choosing a photo sends it.
    with story.page.expect_navigation():
        story.page.locator(f'form[action*="kind={kind}"] input[type=file]').set_input_files(
            paper(kind, name, number)
        )


def draw_name(page: Page) -> None:
    pad = page.locator("canvas").bounding_box()
    assert pad is not None
    page.mouse.move(pad["x"] + 30, pad["y"] + 60)
    page.mouse.down()
    for step in range(12):
        page.mouse.move(pad["x"] + 30 + step * 20, pad["y"] + 40 + (step % 3) * 30)
    page.mouse.up()


def sign_and_send(story: Story, draft: str, picture: str = "") -> int:
    """Everybody draws the own name, then all is handed in; returns how many signed."""
    story.open(f"apply/{draft}/signatures")
    signed = 0
    while story.page.url.split("?")[0].endswith("/sign"):
        draw_name(story.page)
        if picture and not signed:
            story.sound(picture)
        story.press()
        signed += 1
    story.press()
    assert story.page.url.split("?")[0].endswith("/done"), story.page.url
    return signed


# At a desk


def log_in(story: Story, login: str) -> None:
    story.open("desk/login")
    story.fill({"username": login, "password": PASSWORD})
    story.press(re.compile("登录|Log in"))


def sit(page: Page, site: str, login: str) -> None:
    """Log an officer in as the log-in page does, without typing: a password is slow to check on purpose."""
    user, _made = User.objects.get_or_create(username=f"{cast.COUNTY}/{login}")
    with county.inside(cast.COUNTY):
        posting = office.postings_of(login, clock.today())[0]
    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = "django.contrib.auth.backends.ModelBackend"
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session[POSTING] = {cast.COUNTY: str(posting.id)}
    session.create()
    page.context.add_cookies(
        [{"name": settings.SESSION_COOKIE_NAME, "value": str(session.session_key), "url": site}]
    )


def act(story: Story, value: str) -> None:
    """Press the button that does this act."""
    story.follow(f'button[name=act][value="{value}"]')


def last_button(story: Story, having: str = "") -> None:
    form = f"#main form:has({having}) button" if having else "#main form button"
    story.follow(story.page.locator(form).last)


def inspect(story: Story, items: Iterable[str], picture: str = "") -> None:
    """Answer every item of the open case with yes, look at the seal as it will stand, sign."""
    if picture:
        story.sound(f"{picture}-case")
    story.fill({f"item_{item}": "yes" for item in items})
    act(story, "keep")
    if picture:
        story.sound(f"{picture}-sign")
    act(story, "pass")


def enter_for(story: Story, name: str, number: str, **answers: str) -> UUID:
    """Type an application for somebody at a desk, with photos of the papers; returns the case."""
    story.fill({
        "kind": "id_card", "number": number, "name": name, "ethnic": "01", "relation": "02", **HOME,
        "student": "none", "signer": "self", **answers,
    })  # fmt: skip
    for field in story.page.locator("#main input[type=file]").all():
        kind = (field.get_attribute("name") or "").removeprefix("file_")
        if kind in PHOTOS:
            field.set_input_files(paper(kind, name, number))
    last_button(story, "[name=number]")
    link = story.page.locator('a[href*="/print/copy-1"]').first.get_attribute("href")
    found = ID.search(link or "")
    assert found, story.page.inner_text("main")[:2000]
    return UUID(found[0])


def report(story: Story, sheets: int, picture: str = "") -> None:
    """Count the sheets of all that is ready and hand them on."""
    story.fill({"sheets": str(sheets)})
    if picture:
        story.sound(picture)
    last_button(story, "[name=sheets]")


def receive(story: Story, sheets: int, picture: str = "", missing: UUID | None = None) -> str:
    """Count the newest bundle in; returns its address."""
    story.open("desk/bundles")
    story.follow('#main a[href*="/bundles/"]')
    address = story.page.url.split("?")[0]
    story.fill({"sheets": str(sheets)})
    if missing:
        story.fill({f"item_{missing}": "copy"})
    if picture:
        story.sound(picture)
    last_button(story, "[name=sheets]")
    return address
