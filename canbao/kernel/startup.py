"""What must be so before canbao serves a real county. Each fault says what is wrong and what to do."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from django.conf import settings

from canbao.kernel import refusals, secrets, sender
from canbao.kernel.refusal import Refused
from canbao.kernel.tables import County

UNSET: Final = "unset:"


@dataclass(frozen=True, slots=True)
class Stored:
    """What the rooms know: the keys their data name, and packs of the demo county in force."""

    keys: Collection[str] = ()
    demo_packs: Collection[str] = ()


def faults(stored: Stored) -> list[Refused]:
    """Everything that forbids serving, in the order in which to mend it; nothing in demo mode but lost keys."""
    found = [*_keys(stored.keys)]
    if settings.CANBAO_DEMO:
        return [one for one in found if one.code == "key_lost"]
    return [*_secret(), *found, *_sender(), *_demo(stored.demo_packs)]


def sentences(found: Collection[Refused]) -> list[str]:
    """The faults in words."""
    return [refusals.said(one) for one in found]


def _secret() -> Iterator[Refused]:
    if not settings.SECRET_KEY or str(settings.SECRET_KEY).startswith(UNSET):
        yield Refused("secret_missing")


def _keys(used: Collection[str]) -> Iterator[Refused]:
    folder = Path(settings.CANBAO_KEYS)
    known = secrets.names()
    if not known:
        yield Refused("keys_missing", folder=str(folder))
    elif not (folder / "index.mac").exists():
        yield Refused("mac_missing", folder=str(folder))
    for name in sorted(set(used) - set(known)):
        yield Refused("key_lost", key=name, folder=str(folder))


def _sender() -> Iterator[Refused]:
    try:
        if isinstance(sender.here(), sender.Outbox):
            yield Refused("sender_outbox")
    except Refused as refused:
        yield refused


def _demo(packs: Collection[str]) -> Iterator[Refused]:
    for name in County.objects.filter(demo=True).order_by("code").values_list("name", flat=True):
        yield Refused("demo_county_here", name=name)
    for name in sorted(packs):
        yield Refused("demo_pack_here", name=name)
