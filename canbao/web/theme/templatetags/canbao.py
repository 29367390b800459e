"""The one template library of the theme, built into every template by the settings."""

from __future__ import annotations

from canbao.web.theme.tags import basics, cases, filters, inputs, lists, papers, residents
from canbao.web.theme.tags.library import register

__all__ = ["basics", "cases", "filters", "inputs", "lists", "papers", "register", "residents"]
