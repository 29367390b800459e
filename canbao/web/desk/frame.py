"""What stands around every officer's page: navigation with counts, office, person, stand-in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext_lazy as _

from canbao.cases import worklists
from canbao.kernel import clock, county, office
from canbao.kernel.actor import Actor, Role
from canbao.web.theme.pieces import NavItem

ROLES: Final[Mapping[Role, Any]] = {
    Role.VILLAGE: _("Village coordinator"),
    Role.TOWNSHIP: _("Township officer"),
    Role.COUNTY: _("County officer"),
    Role.ARCHIVIST: _("Archivist"),
    Role.FINANCE: _("Finance officer"),
    Role.AUDITOR: _("Auditor"),
    Role.ADMINISTRATOR: _("Administrator"),
}
DESK_ROLES: Final = (Role.VILLAGE, Role.TOWNSHIP, Role.COUNTY, Role.ARCHIVIST, Role.FINANCE)
# Name, address, and the list whose count stands beside it.
_NAV: Final[Mapping[Role, Sequence[tuple[Any, str, str]]]] = {
    Role.VILLAGE: (
        (_("Work list"), "worklist", "checking"),
        (_("Report"), "report", "ready"),
        (_("Help to apply"), "desk_apply", ""),
        (_("Bundles"), "bundles", ""),
        (_("Money back"), "refund_find", ""),
        (_("Phones"), "desk_phones", ""),
        (_("Take cash"), "cash", ""),
        (_("Season"), "season", ""),
    ),
    Role.TOWNSHIP: (
        (_("Work list"), "worklist", "checking"),
        (_("Receive"), "bundles", "incoming"),
        (_("Report"), "report", "ready"),
        (_("Enter paper"), "desk_apply", ""),
        (_("For a village"), "behalf", ""),
        (_("Money back"), "refund_find", ""),
        (_("Phones"), "desk_phones", ""),
        (_("Take cash"), "cash", ""),
        (_("Take over"), "takeover", ""),
        (_("Season"), "season", ""),
    ),
    Role.COUNTY: (
        (_("Review list"), "worklist", "checking"),
        (_("Receive"), "bundles", "incoming"),
        (_("Archive"), "archive", "approved"),
        (_("Appeals"), "desk_appeals", ""),
        (_("Money back"), "refund_find", ""),
        (_("Corrections"), "office_corrections", ""),
        (_("Handed over"), "office_exports", ""),
        (_("Season"), "season", ""),
        (_("Money and enrolment"), "money_lists", ""),
    ),
    Role.ARCHIVIST: ((_("Archive"), "archive", "approved"),),
    Role.FINANCE: (
        (_("Finance"), "finance", ""),
        (_("Review list"), "worklist", "checking"),
        (_("Refunds"), "refunds", ""),
        (_("Blocks"), "finance_blocks", ""),
        (_("Bank"), "finance_bank", ""),
        (_("Days"), "finance_days", ""),
        (_("Season"), "season", ""),
        (_("Money and enrolment"), "money_lists", ""),
    ),
}


def frame(
    request: HttpRequest,
    actor: Actor,
    current: str = "",
    *,
    nav: Sequence[NavItem] | None = None,
    counts: Mapping[str, int] | None = None,
) -> dict[str, Any]:
    """Values that the officers' layout draws; `current` is the URL name of the entry one is in.

    `nav` replaces the desks' navigation on pages of the administration. `counts` are those of
    `worklists.counts` where the page has read them already.
    """
    code = county.current()
    known = counts
    if nav is None and actor.role in DESK_ROLES and known is None:
        known = worklists.counts(actor, clock.today())
    place = getattr(request, "county_name", "")
    about = actor.office_name
    path = about if about.startswith(place) else f"{place} · {about}"
    return {
        "nav": nav if nav is not None else _nav(actor, current, known or {}),
        "office_path": path,
        "officer": {"name": actor.name, "role": ROLES.get(actor.role, actor.role)},
        "stand_in": _stand_in(actor),
        "sign_out_url": reverse("logout", args=[code]),
        "home_url": home(actor),
        "today": clock.today(),
    }


def _nav(actor: Actor, current: str, counts: Mapping[str, int]) -> list[NavItem]:
    items = []
    for text, name, counted in _NAV.get(actor.role, ()):
        href = _address(name)
        if href:
            items.append(NavItem(text, href, name == current, counts.get(counted)))
    return items


def _address(name: str) -> str:
    try:
        return reverse(name, args=[county.current()])
    except NoReverseMatch:
        return ""


def _stand_in(actor: Actor) -> str:
    if actor.stands_in_for is None:
        return ""
    return str(_("standing in for %(name)s") % {"name": office.officer_name(actor.stands_in_for)})


def home(actor: Actor) -> str:
    """The first page of an officer of this role."""
    if actor.role in {Role.VILLAGE, Role.TOWNSHIP, Role.COUNTY}:
        return reverse("worklist", args=[actor.county])
    if actor.role is Role.ARCHIVIST:
        return reverse("archive", args=[actor.county])
    if actor.role is Role.FINANCE:
        return reverse("finance", args=[actor.county])
    return f"/{actor.county}/office/"
