"""One way to write a value as bytes, so that hashes of the same content agree."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any, Final

import orjson

# Keys sorted and written as texts; records with their fields in the order of their class; instants
# and dates in ISO 8601, ids with hyphens.
_OPTIONS: Final = orjson.OPT_SORT_KEYS | orjson.OPT_NON_STR_KEYS


def _plain(value: Any) -> Any:
    if isinstance(value, tuple):  # a named one
        return list(value)
    if isinstance(value, bytes):
        return hashlib.sha256(value).hexdigest()
    if isinstance(value, set | frozenset):
        return sorted(value, key=str)
    if isinstance(value, Mapping):
        return dict(value)
    raise TypeError(f"no canonical form for {type(value).__name__}")


def encoded(value: Any) -> bytes:
    """Canonical JSON as bytes: sorted keys, no spaces, UTF-8 as it is."""
    return orjson.dumps(value, default=_plain, option=_OPTIONS)


def text(value: Any) -> str:
    """Canonical JSON as text."""
    return encoded(value).decode()


def ready(text: str) -> orjson.Fragment:
    """A text that is canonical already, to stand inside of another value as it is."""
    return orjson.Fragment(text)


def sha256(value: Any) -> str:
    """Hash of the canonical JSON."""
    return hashlib.sha256(encoded(value)).hexdigest()


def sha256_text(content: str) -> str:
    """Hash of a text that is canonical already."""
    return hashlib.sha256(content.encode()).hexdigest()


def sha256_bytes(content: bytes) -> str:
    """Hash of a file."""
    return hashlib.sha256(content).hexdigest()
