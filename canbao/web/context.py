"""What every page knows: the county, who is there, and how text is shown."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse

from canbao.kernel import county
from canbao.kernel.actor import Role
from canbao.web.theme.context import service_name, shown


def page(request: HttpRequest) -> dict[str, Any]:
    """Values for the layouts."""
    name = getattr(request, "county_name", "")
    actor = getattr(request, "actor", None)
    values: dict[str, Any] = {**shown(request), "actor": actor, "demo": settings.CANBAO_DEMO}
    if not name:
        return values
    code = county.current()
    values |= {
        "county_code": code,
        "county_name": name,
        "service_name": service_name(name),
        "home_url": reverse("home", args=[code]),
        "privacy_url": reverse("privacy", args=[code]),
    }
    if actor is not None and actor.role is Role.RESIDENT:
        values["sign_out_url"] = reverse("leave", args=[code])
    return values
