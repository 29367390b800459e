"""Take an own application back."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from canbao.cases import application, following, kinds
from canbao.cases.flow import Status
from canbao.kernel import clock, refusals
from canbao.kernel.actor import Actor
from canbao.kernel.refusal import Refused
from canbao.web.access import key_of, resident
from canbao.web.portal import words
from canbao.web.portal.frame import UNPROCESSABLE, go, page


@resident
@require_http_methods(["GET", "HEAD", "POST"])
def withdraw(request: HttpRequest, actor: Actor, county: str, case: UUID) -> HttpResponse:
    """Take an application back, after one look at what that means."""
    row = following.follow(actor, case).case
    values: dict[str, Any] = {
        "row": row,
        "title": words.title(row.name, row.insurance, row.kind),
        "back": reverse("follow", args=[county, case]),
    }
    if not (row.is_open and row.status in application.WITHDRAWABLE and kinds.may_withdraw(row)):
        if row.status == Status.WITHDRAWN:
            return go("follow", case)
        raise Refused("too_late")
    if request.method == "POST":
        version = request.POST.get("version", "")
        seen = int(version) if version.isascii() and version.isdigit() and len(version) < 7 else 0  # noqa: PLR2004
        outcome = application.withdraw(
            actor, {case: seen}, at=clock.now(), key=key_of(request, actor)
        )
        if not outcome.refused:
            return go("follow", case)
        said = outcome.refused[case]
        facts = {"desk": row.desk, "status": row.status, **said.facts}
        values["faults"] = [(refusals.say(said.code, facts), "")]
        return page(request, "withdraw", {**values, "has_errors": True}, status=UNPROCESSABLE)
    return page(request, "withdraw", values)
