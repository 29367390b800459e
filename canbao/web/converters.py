"""Parts of addresses."""

from __future__ import annotations

from django.urls import register_converter


class CountyCode:
    """Six digits (GB/T 2260)."""

    regex = r"\d{6}"

    def to_python(self, value: str) -> str:
        """The code as it stands."""
        return value

    def to_url(self, value: str) -> str:
        """The code as it stands."""
        return value


register_converter(CountyCode, "county")
