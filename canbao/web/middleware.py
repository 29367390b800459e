"""The county from the address, the idle log-out of officers, and refusals put into words."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from http import HTTPStatus
from typing import Final

from django.conf import settings
from django.contrib.auth import logout
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from canbao.kernel import county, refusals, running
from canbao.kernel.actor import Role
from canbao.kernel.queries import county_name
from canbao.kernel.refusal import Refused
from canbao.web.access import POSTING, SEEN
from canbao.web.desk import frame

_COUNTY: Final = re.compile(r"^/(\d{6})/")
IDLE: Final = "idle"
Next = Callable[[HttpRequest], HttpResponse]


class County:
    """Works on the county whose code begins the address."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        found = _COUNTY.match(request.path_info)
        if found is None:
            return self.get_response(request)
        name = county_name(found[1])
        # No id, token or key holds a NUL, and the database takes none.
        if name is None or "\0" in request.path_info:
            raise Http404
        request.county_name = name  # type: ignore[attr-defined]
        with county.inside(found[1]), running.page():
            self._log_out_idle(request)
            return self.get_response(request)

    def _log_out_idle(self, request: HttpRequest) -> None:
        if POSTING not in request.session:
            return
        now = int(time.time())
        seen = int(request.session.get(SEEN, now))
        if now - seen > settings.CANBAO_OFFICER_IDLE_MINUTES * 60:
            logout(request)
            request.session[IDLE] = True
            return
        # Written once a minute at most: a session row a click would be a write a page.
        if now - seen >= 60 or SEEN not in request.session:  # noqa: PLR2004
            request.session[SEEN] = now


class Refusals:
    """Turns a refusal that reached the edge into a page that says why and what to do."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        answer = self.get_response(request)
        if answer.status_code != HTTPStatus.METHOD_NOT_ALLOWED or answer.content:
            return answer
        told = {"sentence": refusals.say("page_only_sends"), "code": "page_only_sends"}
        page = render(request, "errors/refused.html", told, status=answer.status_code)
        page.headers["Allow"] = answer.headers["Allow"]
        return page

    def process_exception(self, request: HttpRequest, fault: Exception) -> HttpResponse | None:
        """Only refusals; everything else is a bug and stays one."""
        if not isinstance(fault, Refused):
            return None
        status = refusals.status(fault.code)
        page = "errors/404.html" if fault.code == "not_found" else "errors/refused.html"
        told = {"sentence": refusals.said(fault), "code": fault.code, **_way_back(request)}
        return render(request, page, told, status=status)


def _way_back(request: HttpRequest) -> dict[str, object]:
    """Where an officer goes on: the page as it stands now, or the first one of the desk."""
    actor = getattr(request, "actor", None)
    if actor is None or actor.role is Role.RESIDENT:
        return {}
    back = request.path if request.method == "POST" else ""
    return {"at_a_desk": True, "home_url": frame.home(actor), "href": back}
