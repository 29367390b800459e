"""Pieces that every page uses: icons, buttons, tags, notices, cards, steps."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import uuid4

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from canbao.web.theme import fields, words
from canbao.web.theme.format import sentence_gap
from canbao.web.theme.icons import ICONS
from canbao.web.theme.tags.library import audience_of, register, rendered

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.forms import BaseForm
    from django.template import Context
    from django_stubs_ext import StrOrPromise

    from canbao.web.theme.pieces import Row

NOTICE_ICONS = {"info": "info", "warning": "warning", "error": "warning", "success": "check"}


@register.simple_tag
def icon(name: str) -> SafeString:
    """Draw an icon that says nothing by itself: `{% icon "camera" %}`."""
    return format_html(
        '<svg class="cb-icon" viewBox="0 0 24 24" width="24" height="24" aria-hidden="true"'
        ' focusable="false"><path d="{}" fill="none" stroke="currentColor" stroke-width="2"'
        ' stroke-linecap="round" stroke-linejoin="round"/></svg>',
        ICONS[name],
    )


@register.simple_tag
def act_key(value: str = "") -> SafeString:
    """Write the hidden key that makes a second press of the same form do nothing new."""
    return format_html('<input type="hidden" name="key" value="{}">', value or uuid4())


@register.inclusion_tag("components/button.html")
def button(text: StrOrPromise, **options: Any) -> dict[str, Any]:
    """Draw a button, or a link that looks like one when `href` is given.

    Options: `kind` (primary, secondary, danger, quiet), `href`, `name`, `value`, `icon`, `id`,
    `form`, `small`, `keys` (a key that presses it), `reason`: why it cannot be pressed now.
    """
    reason_id = f"reason-{uuid4().hex[:8]}" if options.get("reason") else ""
    return {"text": text, "kind": "primary", "reason_id": reason_id, **options}


@register.inclusion_tag("components/tag.html")
def tag(text: StrOrPromise, colour: str = "grey") -> dict[str, Any]:
    """Draw a tag: grey, blue, teal, green, amber, red or red-outline."""
    return {"text": text, "colour": colour}


@register.inclusion_tag("components/tag.html", takes_context=True)
def status(context: Context, name: str, audience: str = "") -> dict[str, Any]:
    """Draw the tag of a case's status in the words of whoever reads the page."""
    word = words.STATUS[str(name)]
    return {"text": word.to(audience or audience_of(context)), "colour": word.colour}


@register.inclusion_tag("components/tag.html", takes_context=True)
def flag(context: Context, name: str, text: StrOrPromise = "") -> dict[str, Any]:
    """Draw the tag of a flag; `text` says it more exactly: 超期 1 天."""
    word = words.FLAG[str(name)]
    return {"text": text or word.to(audience_of(context)), "colour": word.colour}


@register.simple_block_tag(end_name="endnotice")
def notice(content: str, kind: str = "info", **options: Any) -> SafeString:
    """Draw a notice around its text: info, warning, error or success.

    Options: `title`, `icon`, `large` for a whole page's answer, `level` of the heading, `id`.
    """
    options.setdefault("icon", NOTICE_ICONS[kind])
    options["gap"] = sentence_gap()
    return rendered("notice", kind=kind, content=content, **options)


@register.simple_block_tag(end_name="endcard")
def card(content: str, title: StrOrPromise = "", **options: Any) -> SafeString:
    """Draw a white box with a heading. Options: `level`, `href` and `link` at the right, `id`."""
    return rendered("card", title=title, content=content, **options)


@register.inclusion_tag("components/summary.html")
def summary(rows: Iterable[Row], *, lines: bool = True) -> dict[str, Any]:
    """List what is known as key and value; `lines=False` for the officers' dense form."""
    return {"rows": rows, "lines": lines}


@register.simple_block_tag(end_name="endsummarylist")
def summarylist(content: str, *, lines: bool = True) -> SafeString:
    """List `{% fact %}` lines written in the page itself."""
    return rendered("summarylist", content=content, lines=lines)


@register.simple_block_tag(end_name="endfact")
def fact(content: str, key: StrOrPromise) -> SafeString:
    """Draw one line of a summarylist."""
    return format_html(
        '<div class="govuk-summary-list__row"><dt class="govuk-summary-list__key">{}</dt>'
        '<dd class="govuk-summary-list__value">{}</dd></div>',
        key,
        content,
    )


@register.inclusion_tag("components/steps.html")
def steps(current: int, total: int, about: StrOrPromise = "") -> dict[str, Any]:
    """Say and draw how far one is: 第 2 步，共 6 步 · 医保 2026 年."""
    text = gettext("Step %(current)s of %(total)s") % {"current": current, "total": total}
    done = [number <= current for number in range(1, total + 1)]
    return {"text": text, "about": about, "done": done}


@register.inclusion_tag("components/back.html")
def back(href: str, text: StrOrPromise = "") -> dict[str, Any]:
    """Link to the page before, at the top of a question."""
    return {"href": href, "text": text or gettext("Back")}


@register.inclusion_tag("components/error_summary.html")
def error_summary(*faults: Any, title: StrOrPromise = "") -> dict[str, Any]:
    """Name every fault of the page and link to it; draws nothing when there is none.

    Faults are forms, formsets' forms, or (text, href) pairs; a pair may name the person.
    """
    lines: list[tuple[str, str]] = []
    for given in faults:
        if not given:
            continue
        lines += [given] if isinstance(given, tuple) else _lines_of(given)
    return {"lines": lines, "title": title or gettext("Please look at these places again")}


def _lines_of(given: Any) -> list[tuple[str, str]]:
    if isinstance(given, list):
        return [line for one in given for line in _one(one)]
    return _one(given)


def _one(given: Any) -> list[tuple[str, str]]:
    if isinstance(given, tuple):
        return [(str(given[0]), str(given[1]))]
    return _faults_of_form(given)


def _faults_of_form(form: BaseForm) -> list[tuple[str, str]]:
    lines = [(str(error), "") for error in form.non_field_errors()]
    for bound in form:
        lines += [(str(error), f"#{fields.read(bound).first_id}") for error in bound.errors]
    return lines
