"""Where two values differ, character by character, for the eye of the one who compares."""

from __future__ import annotations

from dataclasses import dataclass
from difflib import SequenceMatcher


@dataclass(frozen=True, slots=True)
class Part:
    """A run of characters that are all the same in both values, or all different."""

    text: str
    differs: bool


def diff_chars(one: str, other: str) -> tuple[tuple[Part, ...], tuple[Part, ...]]:
    """Cut both values into parts; joined again, the parts of a side give that side.

    Values of one length are compared place by place, since a number has places and a shifted
    match would hide a swap; other lengths are aligned by their longest common runs.
    """
    if len(one) == len(other):
        pairs = list(zip(one, other, strict=True))
        return _runs([(a, a != b) for a, b in pairs]), _runs([(b, a != b) for a, b in pairs])
    left: list[tuple[str, bool]] = []
    right: list[tuple[str, bool]] = []
    matcher = SequenceMatcher(None, one, other, autojunk=False)
    for tag, from_one, to_one, from_other, to_other in matcher.get_opcodes():
        left += [(char, tag != "equal") for char in one[from_one:to_one]]
        right += [(char, tag != "equal") for char in other[from_other:to_other]]
    return _runs(left), _runs(right)


def _runs(chars: list[tuple[str, bool]]) -> tuple[Part, ...]:
    parts: list[Part] = []
    for char, differs in chars:
        if parts and parts[-1].differs is differs:
            parts[-1] = Part(parts[-1].text + char, differs)
        else:
            parts.append(Part(char, differs))
    return tuple(parts)
