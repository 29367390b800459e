"""The shapes that lists of a page are handed over in: frozen values, ready to be shown."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django_stubs_ext import StrOrPromise

StepState = Literal["done", "now", "next", "returned", "stopped"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Helper:
    """The named human whom a resident can call or visit."""

    name: str
    phone: str = ""
    place: str = ""
    hours: str = ""


@dataclass(frozen=True, slots=True)
class NavItem:
    """One entry of the officers' navigation; a count of None is not shown."""

    text: StrOrPromise
    href: str
    current: bool = False
    count: int | None = None


@dataclass(frozen=True, slots=True)
class Tab:
    """A tab that is a link, with the number of things behind it; `alert` marks a count to mend."""

    text: StrOrPromise
    href: str
    count: int | None = None
    current: bool = False
    alert: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A line of a summary: key, value and what can be done about it."""

    key: StrOrPromise
    value: StrOrPromise
    href: str = ""
    action: StrOrPromise = ""


@dataclass(frozen=True, slots=True)
class SealOf:
    """The seal of an office as it stands on a paper: name along the arc, purpose below."""

    name: str
    purpose: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """A stage of a case as its applicant sees it.

    `when` is a day or deadline already in words, `rest` ends its sentence, `by` names who did it.
    """

    title: StrOrPromise
    state: StepState
    when: StrOrPromise = ""
    rest: StrOrPromise = ""
    by: StrOrPromise = ""
    note: StrOrPromise = ""
    seal: SealOf | None = None


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened: when, and one plain sentence."""

    when: StrOrPromise
    text: StrOrPromise


@dataclass(frozen=True, slots=True)
class Column:
    """The head of a table's column; `number` stands right, `check` holds a checkbox."""

    text: StrOrPromise
    kind: Literal["text", "number", "check"] = "text"


@dataclass(frozen=True, slots=True)
class Compared:
    """One item read from several sources; `same` overrides comparing the shown values.

    A masked number can look the same where the full ones differ, so the check decides. Where it
    cannot tell, `unsure` says so in a few words. `sentences` are not marked character by character.
    """

    label: StrOrPromise
    values: Sequence[str | None]
    same: bool | None = None
    unsure: StrOrPromise = ""
    sentences: bool = False


@dataclass(frozen=True, slots=True)
class PriceLine:
    """Who pays how much, in fen."""

    who: StrOrPromise
    fen: int


@dataclass(frozen=True, slots=True)
class Bar:
    """A line of a bar chart whose figure stands beside it."""

    text: StrOrPromise
    count: int


@dataclass(frozen=True, slots=True)
class Figure:
    """A number that matters, with what it counts."""

    label: StrOrPromise
    value: StrOrPromise
    unit: StrOrPromise = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Thumb:
    """A paper in the strip below the viewer."""

    title: StrOrPromise
    href: str
    image: str = ""
    current: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperView:
    """The paper on the viewer: all its controls are links that the server answers.

    `zoom` is one of 100, 150, 200, 300 per cent, `turn` one of 0, 90, 180, 270 degrees.
    """

    title: StrOrPromise
    image: str
    alt: StrOrPromise
    thumbs: Sequence[Thumb]
    position: StrOrPromise = ""
    note: StrOrPromise = ""
    zoom: int = 100
    turn: int = 0
    larger: str = ""
    smaller: str = ""
    rotate: str = ""
    open: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PageOf:
    """Which lines of how many a list shows, and where its neighbours are."""

    first: int
    last: int
    total: int
    previous: str = ""
    next: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Opinion:
    """One desk's opinion as it stands on the form."""

    title: StrOrPromise
    text: StrOrPromise
    person: str
    role: StrOrPromise
    when: StrOrPromise
    seal: SealOf | None = None
