"""Pieces that show a case: its way over the desks, comparisons, opinions, seals, prices."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext

from canbao.kernel.money import in_yuan
from canbao.papers import seals
from canbao.web.theme import format as words
from canbao.web.theme.difference import Part, diff_chars
from canbao.web.theme.tags.library import register

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from django_stubs_ext import StrOrPromise

    from canbao.web.theme.pieces import Compared, Event, Opinion, PriceLine, Step


@register.simple_tag
def seal(name: str, purpose: str = "", size: str = "medium", *, broken: bool = False) -> SafeString:
    """Draw an office's seal with its words for those who cannot see it: small, medium, large."""
    drawn = mark_safe(seals.svg(name, purpose, broken=broken))  # noqa: S308 - escapes its words
    return format_html('<span class="cb-seal cb-seal--{}">{}</span>', size, drawn)


@register.inclusion_tag("components/timeline.html")
def timeline(items: Iterable[Step], level: int = 2, *, boxed: bool = True) -> dict[str, Any]:
    """Draw the way of a case over its desks, with date, name and seal of each."""
    said = {
        "done": gettext("done"),
        "now": gettext("now here"),
        "next": gettext("still to come"),
        "returned": gettext("sent back"),
        "stopped": gettext("ended here"),
    }
    return {"items": [(step, said[step.state]) for step in items], "level": level, "boxed": boxed}


@register.inclusion_tag("components/history.html")
def history(items: Iterable[Event]) -> dict[str, Any]:
    """List what happened, newest first, in plain words."""
    return {"items": items}


@register.inclusion_tag("components/opinion.html")
def opinion(item: Opinion) -> dict[str, Any]:
    """Draw one desk's opinion with name, role, date and seal."""
    return {"item": item}


@register.inclusion_tag("components/comparison.html")
def comparison(
    rows: Iterable[Compared], sources: Sequence[StrOrPromise], caption: StrOrPromise = ""
) -> dict[str, Any]:
    """Compare the same items from several sources; the differing character is marked.

    `sources` are the heads of the value columns: form, register, second entry.
    """
    lines = []
    for compared in rows:
        marked = _plain(compared.values) if compared.sentences else _marked(compared.values)
        present = [value for value in compared.values if value is not None]
        alike = len(set(present)) <= 1 and len(present) == len(compared.values)
        same = alike if compared.same is None else compared.same
        values = list(zip(sources, marked, strict=True))
        lines.append((compared.label, values, same, compared.unsure))
    return {"lines": lines, "sources": sources, "caption": caption or gettext("Comparison")}


def _plain(values: Sequence[str | None]) -> list[tuple[Part, ...] | None]:
    return [None if value is None else (Part(value, differs=False),) for value in values]


def _marked(values: Sequence[str | None]) -> list[tuple[Part, ...] | None]:
    """Mark every value against the first that differs from it; None stays None."""
    marked: list[tuple[Part, ...] | None] = []
    for place, value in enumerate(values):
        if value is None:
            marked.append(None)
            continue
        others = (other for at, other in enumerate(values) if at != place and other is not None)
        different = next((other for other in others if other != value), value)
        marked.append(diff_chars(value, different)[0])
    return marked


@register.inclusion_tag("components/price.html")
def price(own_fen: int, lines: Sequence[PriceLine], **options: Any) -> dict[str, Any]:
    """Say what a year costs, who pays the rest, and why it is this sum.

    `lines` are the other payers. Options: `source` (with its date), `unconfirmed`, `open`.
    """
    others = sum(line.fen for line in lines)
    whole = own_fen + others
    return {
        "own": in_yuan(own_fen),
        "others": in_yuan(others),
        "own_words": words.money(own_fen),
        "title": gettext("%(whole)s a year, the state adds %(others)s")
        % {"whole": words.money(whole), "others": words.money(others)},
        "lines": [(line.who, words.money(line.fen)) for line in lines],
        "share": round(own_fen * 20 / whole) * 5 if whole else 100,
        "has_others": others > 0,
        "gap": words.sentence_gap(),
        **options,
    }
