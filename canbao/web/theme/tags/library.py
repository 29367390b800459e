"""The library to which every tag module adds itself, and the one way they render a component."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from django.template import Library
from django.template.loader import render_to_string

if TYPE_CHECKING:
    from django.template import Context
    from django.utils.safestring import SafeString

register: Final = Library()


def rendered(component: str, /, **values: object) -> SafeString:
    """Render `components/<component>.html` with exactly these values."""
    return render_to_string(f"components/{component}.html", values)


def audience_of(context: Context) -> str:
    """Tell whose words to use: `resident` or `officer`, as the layout says; officer without one."""
    return "resident" if context.get("audience") == "resident" else "officer"
