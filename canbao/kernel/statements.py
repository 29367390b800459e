"""Tells listeners of statements that Django's execute wrappers do not see (COPY)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final

from django.db import connection

_listeners: Final[list[Callable[[str], None]]] = []


def note(sql: str) -> None:
    """Report one statement that went round Django."""
    for listener in _listeners:
        listener(sql)


@contextmanager
def told(listener: Callable[[str], None]) -> Iterator[None]:
    """Tell of every COPY, right after it was done."""
    _listeners.append(listener)
    try:
        yield
    finally:
        _listeners.remove(listener)


@contextmanager
def seen() -> Iterator[list[str]]:
    """Collect every statement of this connection, COPY included."""
    found: list[str] = []

    def wrapper(execute, sql, params, many, context):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
        found.append(str(sql))
        return execute(sql, params, many, context)

    with told(found.append), connection.execute_wrapper(wrapper):
        yield found
