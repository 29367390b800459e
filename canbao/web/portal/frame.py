"""What every page of the portal carries: the human to call, the address of the resident's steps."""

from __future__ import annotations

from typing import Any, Final

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

from canbao.kernel import clock, county, office
from canbao.web.theme.context import helper
from canbao.web.theme.pieces import Helper

HELPER: Final = "helper"
ELSEWHERE: Final = "elsewhere"
STEPS: Final = 6
SEE_OTHER: Final = 303
UNPROCESSABLE: Final = 422


def go(name: str, *args: object, query: str = "") -> HttpResponseRedirect:
    """Go on to a page after a POST."""
    address = reverse(name, args=[county.current(), *args])
    return HttpResponseRedirect(address + (f"?{query}" if query else ""), status=SEE_OTHER)


def page(
    request: HttpRequest, template: str, values: dict[str, Any], *, status: int = 200
) -> HttpResponse:
    """Draw a page of the portal."""
    kept = request.session.get(HELPER, {}).get(county.current())
    named = helper(Helper(**kept["person"])) if kept else {}
    return render(request, f"portal/{template}.html", {**named, **values}, status=status)


def know_village(request: HttpRequest, village: str) -> None:
    """Remember in this browser whom to call for a village; read again only when it changes."""
    kept = request.session.get(HELPER, {})
    if not village or kept.get(county.current(), {}).get("village") == village:
        return
    found = office.offices(["village"], [village])
    if not found:
        return
    here = found[0]
    posted = office.officers_at([here.id], clock.today())
    name, phone = (posted[0][2], posted[0][3]) if posted else (here.name, here.phone)
    person = {"name": name, "phone": phone, "place": here.name, "hours": here.hours}
    kept[county.current()] = {"village": village, "person": person}
    request.session[HELPER] = kept


def person_to_call(request: HttpRequest) -> dict[str, str] | None:
    """The village's human, where the village is known."""
    kept = request.session.get(HELPER, {}).get(county.current())
    return kept["person"] if kept else None


def safe_next(request: HttpRequest, fallback: str) -> str:
    """Where the visitor wanted to go, never to another house."""
    target = request.POST.get("next") or request.GET.get("next") or ""
    return target if url_has_allowed_host_and_scheme(target, {request.get_host()}) else fallback
