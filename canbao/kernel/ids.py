"""Row ids: UUID version 7, made here because PostgreSQL 15 cannot make them."""

from __future__ import annotations

import os
import time
from typing import Final
from uuid import UUID, SafeUUID

_COUNTED: Final = 0x1000  # ids that one millisecond counts
_UNKNOWN: Final = SafeUUID.unknown
_set: Final = object.__setattr__


def new_texts(count: int) -> list[str]:
    """So many ids as 32 hexadecimal digits, ascending: rows of one act lie together in the index."""
    start = time.time_ns() // 1_000_000
    noise = os.urandom(8 * count).hex()
    # 12 bits count up inside a millisecond; 60 bits stay random (RFC 9562, method 1).
    return [
        f"{start + index // _COUNTED:012x}7{index % _COUNTED:03x}8{noise[16 * index : 16 * index + 15]}"
        for index in range(count)
    ]


def of_text(text: str) -> UUID:
    """The id of `new_texts`; filled in without the checks that UUID() makes of foreign values."""
    one = UUID.__new__(UUID)
    _set(one, "int", int(text, 16))
    _set(one, "is_safe", _UNKNOWN)
    return one


def new_ids(count: int) -> list[UUID]:
    """Return so many ids, ascending."""
    return [of_text(one) for one in new_texts(count)]


def new_id() -> UUID:
    """Return one id."""
    return new_ids(1)[0]
