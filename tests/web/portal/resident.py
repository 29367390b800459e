"""A resident at a phone: opens pages, follows redirects, fills forms, and counts statements."""

from __future__ import annotations

import base64
import io
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID, uuid4

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image, ImageDraw

from canbao.kernel import county, secrets, statements
from canbao.kernel.queries import notices_of
from canbao.people import identities, numbers
from tests import small as cast

BASE = f"/{cast.COUNTY}/"
NOT_COUNTED = ("SAVEPOINT", "RELEASE SAVEPOINT", "ROLLBACK TO SAVEPOINT")


def number(born: date, serial: int) -> str:
    return numbers.compose("370199", born, serial)


def png(text: str = "") -> bytes:
    """A sharp picture of a paper with writing on it."""
    picture = Image.new("RGB", (1000, 700), "#e9e4d8")
    pen = ImageDraw.Draw(picture)
    for line in range(20, 680, 22):
        for place in range(20, 960, 16):
            pen.rectangle((place, line, place + 8, line + 10), fill="#202020")
    pen.text((40, 40), text or str(uuid4()), fill="black")
    kept = io.BytesIO()
    picture.save(kept, "PNG")
    return kept.getvalue()


def photo(data: bytes | None = None, name: str = "photo.png") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, data or png(), "image/png")


def blurred() -> SimpleUploadedFile:
    from PIL import ImageFilter

    picture = Image.open(io.BytesIO(png())).filter(ImageFilter.GaussianBlur(20))
    kept = io.BytesIO()
    picture.save(kept, "PNG")
    return photo(kept.getvalue())


def signature() -> str:
    """A drawn name as the signature pad sends it."""
    picture = Image.new("RGBA", (680, 240), (0, 0, 0, 0))
    ImageDraw.Draw(picture).line(
        [(40, 200), (200, 40), (360, 200), (600, 60)], fill="black", width=6
    )
    kept = io.BytesIO()
    picture.save(kept, "PNG")
    return "data:image/png;base64," + base64.b64encode(kept.getvalue()).decode()


@dataclass
class Resident:
    """One browser."""

    phone: str
    client: Client = field(default_factory=Client)
    statements: int = 0
    last: int = 0
    asking: str = ""

    def _counted(self, act: Any, *args: Any, **kwargs: Any) -> Any:
        with statements.seen() as seen:
            answer = act(*args, **kwargs)
        self.last = len([sql for sql in seen if not sql.startswith(NOT_COUNTED)])
        self.statements += self.last
        assert answer.status_code < 500
        return answer

    def get(self, address: str) -> Any:
        return self._counted(
            self.client.get, address if address.startswith("/") else BASE + address
        )

    def post(self, address: str, data: Mapping[str, Any] | None = None) -> Any:
        sent = {"key": str(uuid4()), **(data or {})}
        return self._counted(
            self.client.post, address if address.startswith("/") else BASE + address, sent
        )

    def step(self, address: str, data: Mapping[str, Any] | None = None) -> Any:
        """Post, and open the page one is sent to."""
        answer = self.post(address, data)
        assert answer.status_code == 303, errors(answer)
        return self.follow(answer)

    def follow(self, answer: Any) -> Any:
        while answer.status_code in {302, 303}:
            answer = self.get(answer.headers["Location"])
        assert answer.status_code == 200, errors(answer)
        return answer

    def code(self) -> str:
        facts = notices_of(limit=1)[0].facts
        return secrets.open_sealed(facts["code"], bound_to=identities.bound("code"))

    def ask(self) -> Any:
        page = self.step("phone", {"phone": self.phone})
        found = re.search(r'name="to" value="([^"]+)"', page.content.decode())
        assert found
        self.asking = found[1]
        return page

    def prove(self, code: str, target: str = "") -> Any:
        return self.post("code", {"code": code, "to": self.asking, "next": target})

    def logged_in(self) -> Resident:
        self.ask()
        assert self.prove(self.code()).status_code == 303
        assert self.post("privacy", {"next": BASE}).status_code == 303
        return self

    @property
    def contact(self) -> UUID:
        return UUID(self.client.session["contact"][county.current()])


def errors(answer: Any) -> list[str]:
    text = answer.content.decode()
    found = re.findall(
        r'govuk-error-(?:message|summary__list)">(.*?)</(?:div|ul)>', text, re.DOTALL
    )
    return [re.sub(r"<[^>]+>|\s+", " ", one) for one in found] or [text[:500]]


def here(answer: Any) -> str:
    path: str = answer.request["PATH_INFO"]
    return path


def ids(answer: Any) -> tuple[str, str]:
    """Draft and person of the address of an answer."""
    found = re.findall(r"[0-9a-f-]{36}", here(answer))
    return found[0], found[1]


HOME = {
    "village": cast.APRICOT,
    "address": "柳泉镇杏花村 3 组",
    "household_number": "0317",
    "residency": "rural",
    "living_address": "",
}


@dataclass(frozen=True)
class Cast:
    """One person to be typed in."""

    name: str
    number: str
    relation: str
    level: str = "adult"
    guardian: str = ""
    guardian_is: str = "parent"
    more: Mapping[str, Any] = field(default_factory=dict)

    @property
    def who(self) -> dict[str, str]:
        return {
            "name": self.name,
            "number": self.number,
            "relation": self.relation,
            "kind": "id_card",
        }

    @property
    def answers(self) -> dict[str, Any]:
        signs = (
            {"guardian": self.guardian, "guardian_is": self.guardian_is} if self.guardian else {}
        )
        return {"ethnic": "01", "student": "none", **signs, **self.more}


def enter(browser: Resident, page: Any, one: Cast) -> Any:
    """Fill every page of one person, from the page that asks who it is; ends at the basket."""
    page = browser.step(here(page), one.who)
    if here(page).endswith("/home"):
        page = browser.step(here(page), HOME)
    page = browser.step(here(page), one.answers)
    return browser.step(here(page), {"level": one.level})


def begin(browser: Resident, insurance: str = "390") -> Any:
    browser.get("apply")
    return browser.step("apply", {"insurance": insurance})


PAPERS = ("id_front", "id_back", "booklet_first", "booklet_own", "photo")


def send_photos(browser: Resident, page: Any, papers: tuple[str, ...] = PAPERS) -> Any:
    """Send the photos of the person whose page this is, and go on."""
    address = here(page)
    for kind in papers:
        page = browser.post(f"{address}?kind={kind}", {"photo": photo()})
        assert page.status_code == 200
    draft, _person = ids(page)
    return browser.follow(browser.get(f"apply/{draft}/photos"))


def sign_all(browser: Resident, draft: str) -> Any:
    """Everybody draws their name; ends at the page that submits."""
    page = browser.follow(browser.get(f"apply/{draft}/signatures"))
    while here(page).endswith("/sign"):
        page = browser.step(here(page), {"signature": signature()})
    return page


def applied(browser: Resident, *cast_: Cast, insurance: str = "390") -> Any:
    """A whole application with photos brought to the village; the page that says it is done."""
    page = begin(browser, insurance)
    for place, one in enumerate(cast_):
        if place:
            page = browser.step(here(page), {"add": "yes"})
        page = enter(browser, page, one)
    page = browser.step(here(page))
    while here(page).endswith("/photos"):
        page = browser.step(here(page), {"bring": "yes"})
    draft = re.findall(r"[0-9a-f-]{36}", here(page))[0]
    page = sign_all(browser, draft)
    return browser.step(here(page))
