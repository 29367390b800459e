"""Whether an operation is running, and whether it has recorded itself."""

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


def recorded() -> None:
    """Note that the running operation has written its audit entry."""
    run = _current.get()
    if run is not None:
        run.recorded = True


def once(name: str, read: Callable[[], T]) -> T:
    """What `read` gives, asked once a run of an operation; outside of one it is asked each time."""
    run = _current.get()
    if run is None:
        return read()
    if name not in run.read:
        run.read[name] = read()
    found: T = run.read[name]
    return found
