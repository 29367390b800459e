"""What a rule says of one item of a case, of whatever kind."""

from __future__ import annotations

from typing import Final, NamedTuple

AGREES: Final = "agrees"
DIFFERS: Final = "differs"
MISSING: Final = "missing"
UNSURE: Final = "unsure"


class Finding(NamedTuple):
    """What a rule found, with both values it compared."""

    item: str
    verdict: str
    given: str
    found: str
    rule: str = ""
