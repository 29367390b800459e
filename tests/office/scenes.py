"""Things that several tests of the administration begin with."""

from __future__ import annotations

import io
from uuid import UUID

from PIL import Image, ImageDraw

from canbao.cases import archive, flow
from canbao.kernel import clock
from canbao.kernel.actor import Actor
from canbao.papers import intake, store
from canbao.papers.sheets import Attached
from tests import small as cast
from tests.small import Small


def photo(words: str = "A") -> bytes:
    """A picture of a paper, large enough to be taken."""
    image = Image.new("RGB", (900, 700), (236, 234, 228))
    draw = ImageDraw.Draw(image)
    for line in range(20):
        draw.text((60, 30 + line * 32), f"{words} {line} " * 12, fill=(20, 20, 24))
    into = io.BytesIO()
    image.save(into, "JPEG", quality=90)
    return into.getvalue()


def kept(actor: Actor, words: str = "A") -> UUID:
    """A stored photo."""
    pages = intake.clean(photo(words), declared_name=f"{words}.jpg")
    return store.keep(actor, pages, at=clock.now()).done[0]


def filed(small: Small, serial: int = 1, insurance: str = "390") -> UUID:
    """A case that went the whole road, with two photos, to the archive."""
    attached = (
        Attached("id_front", 1, kept(small.chen, f"front {serial}")),
        Attached("id_back", 1, kept(small.chen, f"back {serial}")),
    )
    claim = cast.claim(serial, insurance=insurance, attached=attached)
    [one] = cast.bring_to(flow.ARCHIVE, small, [claim], insurance)
    county = small.wei if insurance == "390" else small.shi
    outcome = archive.file(county, cast.versions(county, [one]), at=clock.now(), key=cast.key())
    assert not outcome.refused
    return one
