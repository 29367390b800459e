"""Browsers of officers at the counter; the same seats as at the desks."""

from __future__ import annotations

from tests.web.desk.conftest import desk, small

__all__ = ["desk", "small"]
