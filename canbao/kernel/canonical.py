"""One way to write a value as bytes, so that hashes of the same content agree."""

from __future__ import annotations

import dataclasses
import datetime
import hashlib
import json
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any, Final
from uuid import UUID

_SEPARATORS: Final = (",", ":")
_WRITERS: Final[dict[type, Callable[[Any], Any]]] = {
    UUID: str,
    datetime.date: datetime.date.isoformat,
    datetime.datetime: datetime.datetime.isoformat,
    bytes: lambda value: hashlib.sha256(value).hexdigest(),
}


@cache
def _fields(kind: type) -> tuple[str, ...]:
    return tuple(one.name for one in dataclasses.fields(kind))


def _plain(value: Any) -> Any:
    kind = type(value)
    writer = _WRITERS.get(kind)
    if writer is not None:
        return writer(value)
    if dataclasses.is_dataclass(kind):
        return {name: getattr(value, name) for name in _fields(kind)}
    if isinstance(value, set | frozenset):
        return sorted(value, key=str)
    if isinstance(value, Mapping):
        return {str(key): one for key, one in value.items()}
    raise TypeError(f"no canonical form for {kind.__name__}")


def _keyed(value: Any, *, inside: bool) -> Any:
    """The value with texts for keys: json turns UUID keys away before its `default` is asked."""
    if isinstance(value, dict):
        return {str(key): _keyed(one, inside=inside) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [_keyed(one, inside=inside) for one in value]
    if inside and dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {name: _keyed(getattr(value, name), inside=True) for name in _fields(type(value))}
    return value


_encode: Final = json.JSONEncoder(
    default=_plain, sort_keys=True, separators=_SEPARATORS, ensure_ascii=False
).encode


def text(value: Any) -> str:
    """Canonical JSON: sorted keys, no spaces, UTF-8 as it is."""
    try:
        return _encode(value)
    except (
        TypeError
    ):  # a key that is no text: mostly of a whole act, seldom inside of what it holds
        try:
            return _encode(_keyed(value, inside=False))
        except TypeError:
            return _encode(_keyed(value, inside=True))


def sha256(value: Any) -> str:
    """Hash of the canonical JSON."""
    return hashlib.sha256(text(value).encode()).hexdigest()


def sha256_text(content: str) -> str:
    """Hash of a text that is canonical already."""
    return hashlib.sha256(content.encode()).hexdigest()


def sha256_bytes(content: bytes) -> str:
    """Hash of a file."""
    return hashlib.sha256(content).hexdigest()
