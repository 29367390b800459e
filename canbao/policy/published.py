"""The packs in force in a county: the shipped ones, and those two officers published, byte for byte."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

from django.conf import settings

from canbao.kernel import county
from canbao.kernel.refusal import Refused
from canbao.policy import documents
from canbao.policy.documents import Held
from canbao.policy.rules import packs
from canbao.policy.rules.answers import Price
from canbao.policy.rules.library import Library, places_of
from canbao.policy.rules.pack import Pack
from canbao.policy.rules.resolved import Rules


@lru_cache(maxsize=2)
def _shipped(demo: bool) -> Library:  # noqa: FBT001 - the cache's key
    return packs.load_shipped(demo=demo)


@lru_cache(maxsize=256)
def _own(held: Held) -> Pack:
    # Bytes behind a hash never change, so that one reading a process is enough.
    return packs.parse(documents.text_of(documents.PACK, held.sha256).encode(), name=held.name)


@lru_cache(maxsize=8)
def _library(own: tuple[Held, ...], demo: bool) -> Library:  # noqa: FBT001
    library = _shipped(demo)
    for held in own:
        library = packs.admit(library, _own(held))
    return library


@lru_cache(maxsize=256)
def _resolved(own: tuple[Held, ...], demo: bool, place: str, insurance: str, year: int) -> Rules:  # noqa: FBT001
    return _library(own, demo).resolve(place, insurance, year)


def rules(insurance: str, year: int) -> Rules:
    """The rules of the county being worked on; one statement. Refuses `policy_not_published`."""
    own = documents.in_force(documents.PACK)
    return _resolved(own, bool(settings.CANBAO_DEMO), county.current(), insurance, year)


def rules_of(wanted: Iterable[tuple[str, int]]) -> dict[tuple[str, int], Rules]:
    """The rules of several insurances and years; one statement. Refuses `policy_not_published`."""
    own, demo = documents.in_force(documents.PACK), bool(settings.CANBAO_DEMO)
    return {one: _resolved(own, demo, county.current(), *one) for one in set(wanted)}


def rules_then(price: Price) -> Rules:
    """The rules by which a stored price was made, from the packs it names; one statement.

    Refuses `packs_gone` when one of them is not there any more.
    """
    return in_force().only(price.packs).resolve(price.place, price.insurance, price.year)


def in_force() -> Library:
    """Every pack in force in the county being worked on; one statement."""
    return _library(documents.in_force(documents.PACK), bool(settings.CANBAO_DEMO))


def _check(text: str, file: str) -> None:
    pack = packs.parse(text.encode(), name=file)
    if pack.place not in places_of(county.current()):
        raise Refused("pack_of_another_place", place=pack.place)
    packs.admit(in_force(), pack)


documents.KINDS[documents.PACK] = documents.Kind(lambda _text: False, _check)
