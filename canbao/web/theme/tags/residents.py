"""Pieces of the portal: doors, the urgent box, people, the confirmation."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.safestring import SafeString

from canbao.web.theme.tags.library import register, rendered

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


@register.inclusion_tag("components/door.html")
def door(text: StrOrPromise, href: str, **options: Any) -> dict[str, Any]:
    """Draw a door of the home page. Options: `hint`, `icon`."""
    return {"text": text, "href": href, **options}


@register.simple_block_tag(end_name="enddue")
def due(content: str, title: StrOrPromise, figure: StrOrPromise = "") -> SafeString:
    """Draw the one urgent box of a page: what, how much, and inside it by when and the button."""
    return rendered("due", title=title, figure=figure, content=content)


@register.simple_block_tag(end_name="endpersoncard")
def personcard(content: str, name: str, **options: Any) -> SafeString:
    """Draw one person of the basket around their lines.

    Options: `relation`, `verdict` with `colour`, `error` (two sentences), `id`.
    """
    return rendered("person_card", name=name, content=content, **options)


@register.simple_block_tag(end_name="endconfirmation")
def confirmation(content: str, title: StrOrPromise, **options: Any) -> SafeString:
    """Say that it is done and stored. Options: `number` and its `number_label`."""
    return rendered("confirmation", title=title, content=content, **options)
