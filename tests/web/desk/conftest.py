"""Browsers of officers in the small county."""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse
from PIL import Image, ImageDraw

from canbao.kernel import clock, county, office
from canbao.people import officers, register
from canbao.people.codes import Sex
from canbao.people.identities import Identity
from canbao.people.numbers import Kind
from canbao.people.register_line import RegisterRow, Standing
from canbao.web.access import POSTING
from tests import small as cast

PASSWORD = "apricot-and-pear"


@pytest.fixture
def small(db: None) -> Iterator[cast.Small]:
    with county.inside(cast.COUNTY):
        yield cast.found()


@dataclass
class Desk:
    """An officer's browser: pages by URL name, forms with their key."""

    login: str
    client: Client = field(default_factory=lambda: Client(headers={"accept-language": "en"}))

    def get(self, name: str, /, *args: Any, query: str = "") -> Any:
        return self.client.get(reverse(name, args=[cast.COUNTY, *args]) + query)

    def post(self, name: str, /, *args: Any, query: str = "", **data: Any) -> Any:
        data.setdefault("key", str(uuid4()))
        return self.client.post(reverse(name, args=[cast.COUNTY, *args]) + query, data)

    def follow(self, name: str, /, *args: Any, query: str = "", **data: Any) -> Any:
        """Post and see the page that answers."""
        response = self.post(name, *args, query=query, **data)
        assert response.status_code == 303, text(response)[:3000]
        return self.client.get(response.headers["Location"])


@pytest.fixture
def desk(small: cast.Small) -> Callable[[str], Desk]:
    """Sit an officer of the small county down."""
    return seated


def seated(login: str) -> Desk:
    """An officer's browser, logged in at the only posting."""
    found = Desk(login)
    user, _made = User.objects.get_or_create(username=f"{cast.COUNTY}/{login}")
    found.client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    session = found.client.session
    posting = office.postings_of(login, clock.today())[0]
    session[POSTING] = {cast.COUNTY: str(posting.id)}
    session.save()
    return found


def text(response: Any) -> str:
    """The words of a page, in one line."""
    plain = re.sub(r"(?s)<(script|style).*?</\1>|<[^>]+>", " ", response.content.decode())
    return re.sub(r"\s+", " ", plain)


def version(response: Any) -> str:
    """The version that the forms of a page carry."""
    found = re.search(r'name="version" value="(\d+)"', response.content.decode())
    assert found, text(response)[:2000]
    return found[1]


def picture(words: str) -> io.BytesIO:
    """A photo that can be read."""
    image = Image.effect_noise((1200, 800), 40).convert("RGB")
    ImageDraw.Draw(image).rectangle((200, 200, 900, 600), fill="white", outline="black", width=6)
    ImageDraw.Draw(image).text((260, 300), words, fill="black", font_size=120)
    file = io.BytesIO()
    image.save(file, "JPEG", quality=90)
    file.seek(0)
    file.name = f"{words}.jpg"
    return file


def yes(*items: str) -> dict[str, str]:
    """Every item answered with yes."""
    return {f"item_{item}": "yes" for item in items}


def uuid_in(address: str) -> UUID:
    """The last UUID of an address."""
    return UUID(re.findall(r"[0-9a-f]{8}-[0-9a-f-]{27}", address)[-1])


def put_in_register(people: Sequence[Identity], household: str = "0317") -> None:
    """Load these people into the household register, as one household of their village."""
    lines = [
        RegisterRow(
            at, household, at == 2, "02" if at == 2 else "20", one.name, Kind(one.kind), one.number,
            Sex(one.sex), one.birth_on, one.ethnic, one.village, one.address, "10", None, None,
            Standing.REGISTERED,
        )
        for at, one in enumerate(people, 2)
    ]  # fmt: skip
    register.load(officers.system(), lines, uuid4(), at=clock.now())
