"""Whether an operation is running and has recorded itself, and what it or a page has read once."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any, Final, TypeVar

T = TypeVar("T")


@dataclass(slots=True)
class Running:
    """One run of one operation."""

    name: str
    recorded: bool = False
    read: dict[str, Any] = field(default_factory=dict)


_current: Final[ContextVar[Running | None]] = ContextVar("running", default=None)
_page: Final[ContextVar[dict[str, Any] | None]] = ContextVar("page", default=None)


@contextmanager
def one(name: str) -> Iterator[Running]:
    """Run one operation; an operation never calls another."""
    outer = _current.get()
    if outer is not None:
        raise RuntimeError(f"{name} was called inside {outer.name}: share a plain step instead")
    run = Running(name)
    token = _current.set(run)
    try:
        yield run
    finally:
        _current.reset(token)
        # What the page read before may be other now.
        if (read := _page.get()) is not None:
            read.clear()


@contextmanager
def page() -> Iterator[None]:
    """Answer one request: what it asks `once` outside of an operation is read once."""
    token = _page.set({})
    try:
        yield
    finally:
        _page.reset(token)


def recorded() -> None:
    """Note that the running operation has written its audit entry."""
    run = _current.get()
    if run is not None:
        run.recorded = True


def once(name: str, read: Callable[[], T]) -> T:
    """What `read` gives, asked once a run of an operation or once a page; outside of both each time."""
    run = _current.get()
    known = run.read if run is not None else _page.get()
    if known is None:
        return read()
    if name not in known:
        known[name] = read()
    found: T = known[name]
    return found
