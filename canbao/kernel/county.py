"""The county whose data is being worked on: set by a page's address, a command or an operation."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Final

_current: Final[ContextVar[str | None]] = ContextVar("county", default=None)


def current() -> str:
    """The county of this thread of work; a bug when there is none."""
    county = _current.get()
    if county is None:
        raise LookupError("no county is set for this work")
    return county


@contextmanager
def inside(county: str) -> Iterator[None]:
    """Work on the data of this county and no other."""
    token = _current.set(county)
    try:
        yield
    finally:
        _current.reset(token)
