"""The sentences of refusals: what is so, and what to do. Rooms add theirs when canbao starts."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from importlib.util import find_spec
from typing import Any, Final

from django.utils.translation import gettext_lazy as _

from canbao.kernel.order_refusals import REFUSALS as ORDER
from canbao.kernel.refusal import Refused

CATALOGUE: Final[dict[str, Any]] = {
    **ORDER,
    "not_found": _("This does not exist, or it is not within your reach. Check the number."),
    "page_only_sends": _(
        "This address only takes what a page sends. Go back to the first page; nothing is lost."
    ),
    "busy": _("Somebody else is working on this right now. Try again in a moment."),
    "key_used_for_other_input": _(
        "This form was sent before with other content. Open the page again and send it once more."
    ),
    "set_too_large": _("At most %(largest)s can be done in one act. Choose fewer."),
    "not_administrator": _("Only an administrator may do this. Ask the county office."),
    "second_person_needed": _("A second person must do this. Ask a colleague to confirm it."),
    "pack_known_already": _("This very text is known already. Nothing was stored."),
    "pack_of_another_place": _(
        "This pack is of %(place)s, which is not in the chain of this county. Check its place."
    ),
    "session_over": _("You were logged out after a while without a click. Log in again."),
    "page_too_old": _("This page was opened too long ago. Open it again; what you typed is kept."),
}
ROOMS: Final = ("people", "policy", "papers", "insured", "payments", "cases", "web")
STATUS: Final = {
    "not_found": 404,
    "busy": 409,
    "moved_since": 409,
    "act_gone": 409,
    "key_used_for_other_input": 409,
}


def gather() -> None:
    """Take up the sentences of every room; a code said in two ways is a bug."""
    for room in ROOMS:
        name = f"canbao.{room}.refusals"
        if find_spec(name) is None:
            continue
        for code, sentence in import_module(name).REFUSALS.items():
            if CATALOGUE.setdefault(code, sentence) is not sentence:
                raise ValueError(f"refusal {code!r} is said twice")


class _Facts(dict[str, Any]):
    def __missing__(self, key: str) -> str:
        return "…"


def say(code: str, facts: Mapping[str, Any] | None = None) -> str:
    """The sentence of a refusal in the language of the reader."""
    sentence = str(CATALOGUE.get(code, code))
    return sentence % _Facts(facts or {}) if "%(" in sentence else sentence


def said(refused: Refused) -> str:
    """The sentence of a refusal that was raised."""
    return say(refused.code, refused.facts)


def status(code: str) -> int:
    """The HTTP status a refusal has when a whole page is refused."""
    return STATUS.get(code, 422)
