"""Pieces of lists: tables that become cards, tabs, bulk bar, pages, empty places, keys."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext

from canbao.web.theme.format import sentence_gap
from canbao.web.theme.tags.library import register, rendered

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from django_stubs_ext import StrOrPromise

    from canbao.web.theme.pieces import Bar, Column, Figure, PageOf, Tab


@register.simple_block_tag(end_name="endtable")
def table(
    content: str, caption: StrOrPromise, columns: Sequence[Column], **options: Any
) -> SafeString:
    """Draw a table around its `{% row %}` and `{% grouprow %}` lines; cards below 700 px.

    Options: `keys=True` moves through the rows by J and K, `show_caption`, `form` is the id of
    the bulk form that the checkboxes belong to.
    """
    return rendered("table", caption=caption, columns=columns, content=content, **options)


@register.simple_block_tag(end_name="endrow")
def row(content: str, *, current: bool = False, chosen: bool = False) -> SafeString:
    """Draw a line of a table; current has a bar at the left, chosen is tinted."""
    classes = " cb-row--current" if current else ""
    classes += " cb-row--chosen" if chosen else ""
    return format_html(
        '<tr class="govuk-table__row cb-row{}" role="row" data-row>{}</tr>',
        classes,
        content,
    )


@register.simple_block_tag(end_name="endcell")
def cell(content: str, label: StrOrPromise = "", kind: str = "text") -> SafeString:
    """Draw a cell: `label` is said before it on a card; `kind` is where it stands there.

    Kinds: text, number, check, name (the row's head), due (beside the name), id, beside (right
    of the id), finding.
    """
    label_html = format_html('<span class="cb-cell__label">{}</span> ', label) if label else ""
    head = kind == "name"
    return format_html(
        '<{tag} class="govuk-table__cell cb-cell cb-cell--{kind}{numeric}" {role}>{label}'
        '<span class="cb-cell__value">{content}</span></{tag}>',
        tag="th" if head else "td",
        kind=kind,
        numeric=" govuk-table__cell--numeric" if kind == "number" else "",
        role=mark_safe('scope="row" role="rowheader"' if head else 'role="cell"'),  # noqa: S308
        label=label_html,
        content=content,
    )


@register.simple_tag
def grouprow(text: StrOrPromise, span: int) -> SafeString:
    """Draw the grey line above the people of one household."""
    return format_html(
        '<tr class="govuk-table__row cb-row cb-row--group" role="row">'
        '<td class="govuk-table__cell cb-cell--group" role="cell" colspan="{}">{}</td></tr>',
        span,
        text,
    )


@register.inclusion_tag("components/row_check.html")
def rowcheck(value: object, label: StrOrPromise, **options: Any) -> dict[str, Any]:
    """Draw the checkbox of a row; `label` names whom it chooses. Options: `name`, `chosen`."""
    return {"value": value, "label": label, "name": "chosen", **options}


@register.inclusion_tag("components/tabs.html")
def tabs(items: Iterable[Tab], label: StrOrPromise = "") -> dict[str, Any]:
    """Draw links with counts; one of them is where we are."""
    return {"items": items, "label": label or gettext("Lists")}


@register.simple_block_tag(end_name="endbulkbar")
def bulkbar(content: str, chosen: int, total: int, pages: int = 1, **options: Any) -> SafeString:
    """Draw the bar above a list: how many are chosen, all of them, none, and inside it the acts.

    The links are submit buttons `select=all` and `select=none` of the form around it.
    """
    text = gettext("%(count)s chosen") % {"count": chosen}
    everything = gettext("Choose all %(total)s (%(pages)s pages)") % {
        "total": total,
        "pages": pages,
    }
    return rendered(
        "bulk_bar",
        content=content,
        text=text,
        everything=everything,
        pattern=gettext("%(count)s chosen"),
        chosen=chosen,
        more=chosen < total,
        **options,
    )


@register.inclusion_tag("components/pagination.html")
def pagination(page: PageOf) -> dict[str, Any]:
    """Say which lines are shown of how many, and link to the pages beside."""
    text = gettext("%(first)s to %(last)s of %(total)s") % {
        "first": page.first,
        "last": page.last,
        "total": page.total,
    }
    return {"page": page, "text": text}


@register.inclusion_tag("components/cut.html")
def cut(shown: int, total: int, how: StrOrPromise = "", href: str = "") -> dict[str, Any]:
    """Say that a list has a cap, and how to see the rest; nothing where all of it is shown.

    `how` is what to do, `href` the address that shows more.
    """
    return {
        "cut": total > shown,
        "text": gettext("Only the first %(shown)s of %(total)s are shown.")
        % {"shown": f"{shown:,}", "total": f"{total:,}"},
        "how": how,
        "href": href,
        "link": gettext("Show more of them"),
        "gap": sentence_gap(),
    }


@register.simple_block_tag(end_name="endempty")
def empty(content: str, title: StrOrPromise, icon: str = "check") -> SafeString:
    """Say that there is nothing here, since when, and what to do next."""
    return rendered("empty", title=title, content=content, icon=icon)


@register.simple_block_tag(end_name="endpagehead")
def pagehead(content: str, title: StrOrPromise, **options: Any) -> SafeString:
    """Draw the head of an officers' page; inside it the acts at the top right.

    Options: `about` beside the title, `under` below it, `parent` and `parent_href` above it.
    """
    return rendered("page_head", title=title, content=content, **options)


@register.inclusion_tag("components/figures.html")
def figures(items: Iterable[Figure]) -> dict[str, Any]:
    """Draw the numbers that matter, side by side."""
    return {"items": items}


@register.inclusion_tag("components/bars.html")
def bars(items: Sequence[Bar], caption: StrOrPromise) -> dict[str, Any]:
    """Draw a bar chart that is its own table."""
    most = max((item.count for item in items), default=0) or 1
    return {
        "lines": [(item, round(item.count * 100 / most)) for item in items],
        "caption": caption,
    }


@register.inclusion_tag("components/keys.html")
def keys(place: str, items: int = 6) -> dict[str, Any]:
    """Show which keys work here: place is `list` or `case`; they rest while one types."""
    known = {
        "list": [
            (("J", "K"), gettext("down, up")),
            (("X",), gettext("choose")),
            ((gettext("Enter"),), gettext("open")),
            (("/",), gettext("find")),
            (("?",), gettext("all keys")),
        ],
        "case": [
            ((f"1–{items}",), gettext("go to item")),
            (("Y",), gettext("right")),
            (("N",), gettext("not right")),
            (("←", "→"), gettext("other paper")),
            (("R",), gettext("turn")),
            (("Ctrl", gettext("Enter")), gettext("sign and seal")),
            (("?",), gettext("all keys")),
        ],
    }
    return {"place": place, "lines": known[place]}
