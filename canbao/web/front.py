"""The front door: which county, and whether the house stands."""

from __future__ import annotations

from django.db import connection
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse

from canbao.kernel.queries import counties as served
from canbao.web.access import public


@public
def counties(request: HttpRequest) -> HttpResponse:
    """Go to the county served here, or let the visitor choose one."""
    found = served()
    if len(found) == 1:
        return HttpResponseRedirect(reverse("home", args=[found[0][0]]))
    return render(request, "portal/counties.html", {"counties": found})


@public
def health(request: HttpRequest) -> HttpResponse:  # noqa: ARG001 - a view
    """Answer `ok` when the database answers."""
    connection.ensure_connection()
    return HttpResponse("ok", content_type="text/plain")
