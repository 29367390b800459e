"""The visit list on paper: households as one walks, what they owe, what follows, room for what they say."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import get_language, gettext

from canbao.kernel import money
from canbao.kernel.actor import Actor
from canbao.papers import render
from canbao.papers.forms import FormSheet


@dataclass(frozen=True, slots=True)
class About:
    """Of which place, insurance and year a list is; `cut` says so where it does not hold everybody."""

    place: str
    insurance: str
    year: int
    cut: str = ""


def pdf(about: About, lines: Sequence[Mapping[str, Any]], actor: Actor, on: datetime.date) -> bytes:
    """Draw the list of a place."""
    return render.pdf(
        FormSheet(
            kind="visit-list",
            version=1,
            number="",
            fields={
                "place": about.place,
                "insurance": about.insurance,
                "year": str(about.year),
                "cut": about.cut,
                "printed_on": on.isoformat(),
                "printed_by": actor.name,
                "households": str(len(lines)),
                "due": money.in_yuan(sum(one["due_fen"] for one in lines)),
            },
            rows=[
                {
                    "address": f"{one['place']}{one['address']}",
                    "household": one["household"],
                    "people": "、".join(name for name, _ in one["people"]),
                    "due": money.in_yuan(one["due_fen"]),
                    "consequence": one["consequence"],
                    "asked": one["asked"] or gettext("Not asked yet"),
                    "who": one["who"],
                }
                for one in lines
            ],
            language=get_language() or "zh-hans",
        )
    )  # fmt: skip
