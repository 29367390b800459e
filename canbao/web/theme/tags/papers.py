"""The viewer of papers: thumbnails, zoom and rotation are links, so it works without a script."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from canbao.web.theme.tags.library import register

if TYPE_CHECKING:
    from canbao.web.theme.pieces import PaperView


@register.inclusion_tag("components/paper_viewer.html")
def paper_viewer(view: PaperView) -> dict[str, Any]:
    """Draw a paper on its dark desk with the strip of its fellows below."""
    return {"view": view}
