"""What all flows of a kind have in common: which desks there may be and must be, and who sits there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from canbao.papers import forms


@dataclass(frozen=True, slots=True)
class Road:
    """What all flows of a kind have in common: the form's name, the desks there may be, and those there must be.

    Where `carried`, what a desk passed waits for its bundle; else the next desk has it at once. Whoever sits
    at a desk of `never_refuses` passes or returns, and ends nothing.
    """

    form: str
    desks: tuple[str, ...]
    needed: tuple[str, ...]
    carried: bool
    never_refuses: tuple[str, ...] = ()


KINDS: Final[Mapping[str, Road]] = {
    "enrolment": Road(
        "registration-{insurance}", ("village", "township", "county"), ("village", "county"), carried=True
    ),
    # Money leaves only through two people at finance; what the bank has already can be ended by neither.
    "refund": Road(
        "refund", ("county", "finance", "payout"), ("county", "finance", "payout"), carried=False,
        never_refuses=("payout",),
    ),
}  # fmt: skip
# Who sits at a desk, and whose seal lies there, where it is not the desk's own name.
_ROLES: Final[Mapping[str, str]] = {"payout": "finance"}
_OFFICES: Final[Mapping[str, str]] = {"finance": "county", "payout": "county"}


def role_at(desk: str) -> str:
    """The role that sits at a desk; both desks of finance have the same."""
    return _ROLES.get(desk, desk)


def desks_of(role: str) -> tuple[str, ...]:
    """The desks at which a role sits."""
    return tuple(one.value for one in forms.Desk if role_at(one) == role)


def office_at(desk: str) -> str:
    """The kind of office whose seal lies at a desk."""
    return _OFFICES.get(desk, desk)
