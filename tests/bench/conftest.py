"""The small county and its officers' browsers, for what the pages leave."""

from __future__ import annotations

from tests.web.desk.conftest import desk, small

__all__ = ["desk", "small"]
