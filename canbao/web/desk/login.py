"""Officers log in, choose their posting where they hold several, and log out."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.contrib.auth import authenticate, logout
from django.contrib.auth import login as begin
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from canbao.kernel import clock, office
from canbao.kernel.office import PostingRow
from canbao.people import officers
from canbao.web.access import POSTING, must_change_password, public
from canbao.web.desk import frame
from canbao.web.middleware import IDLE
from canbao.web.theme.forms import PlainForm


class LoginForm(PlainForm):
    """Name and password; the county is in the address."""

    username = forms.CharField(
        label=_("Login name"),
        max_length=60,
        widget=forms.TextInput(attrs={"autocomplete": "username"}),
    )
    password = forms.CharField(
        label=_("Password"),
        max_length=200,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )


@public
def login(request: HttpRequest, county: str) -> HttpResponse:
    """Let an officer in; a wrong name and a wrong password look alike."""
    if request.method != "POST":
        known = _login_name(request, county)
        if known and office.postings_of(known, clock.today()):
            return _choose(request, county, known)
        idle = request.session.pop(IDLE, False)
        return render(
            request, "desk/login.html", {"form": LoginForm(), "idle": idle, "next": _next(request)}
        )
    form = LoginForm(request.POST)
    if form.is_valid():
        typed = form.cleaned_data
        user = authenticate(
            request, username=f"{county}/{typed['username']}", password=typed["password"]
        )
        if user is not None and office.postings_of(typed["username"], clock.today()):
            begin(request, user)
            return _choose(request, county, typed["username"])
        form.add_error(
            "password", _("Name and password do not belong together. Type both once more.")
        )
    values = {"form": form, "has_errors": True, "next": _next(request)}
    return render(request, "desk/login.html", values, status=422)


def _login_name(request: HttpRequest, county: str) -> str:
    if not request.user.is_authenticated:
        return ""
    place, _slash, name = str(request.user.get_username()).partition("/")
    return name if place == county else ""


def _choose(request: HttpRequest, county: str, name: str) -> HttpResponse:
    """Take the only posting, or ask which one."""
    held = office.postings_of(name, clock.today())
    following = f"?next={_next(request)}" if _next(request) else ""
    if len(held) == 1:
        return _sit_down(request, county, name, held[0])
    return HttpResponseRedirect(reverse("posting", args=[county]) + following)


def _next(request: HttpRequest) -> str:
    target = request.POST.get("next") or request.GET.get("next") or ""
    safe = url_has_allowed_host_and_scheme(
        target, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return target if safe else ""


def _sit_down(request: HttpRequest, county: str, name: str, posting: PostingRow) -> HttpResponse:
    kept: dict[str, Any] = dict(request.session.get(POSTING, {}))
    kept[county] = str(posting.id)
    request.session[POSTING] = kept
    actor = officers.officer(name, posting.id, clock.today())
    target = _next(request) or (frame.home(actor) if actor else reverse("login", args=[county]))
    if must_change_password(request):
        target = reverse("office_password", args=[county])
    return HttpResponseRedirect(target, status=303)


@public
def posting(request: HttpRequest, county: str) -> HttpResponse:
    """Choose at which office one works now."""
    name = _login_name(request, county)
    if not name:
        return HttpResponseRedirect(reverse("login", args=[county]))
    held = office.postings_of(name, clock.today())
    fault = ""
    if request.method == "POST":
        wanted = request.POST.get("posting", "")
        found = next((one for one in held if str(one.id) == wanted), None)
        if found is not None:
            return _sit_down(request, county, name, found)
        fault = gettext("Nothing is chosen. Choose the office where you work now.")
    choices = [
        (one.id, f"{one.office_name} · {frame.ROLES.get(one.role, one.role)}") for one in held
    ]
    values: dict[str, Any] = {
        "choices": choices,
        "fault": fault,
        "next": _next(request),
        "has_errors": fault,
    }
    values["fault_pair"] = (fault, "#id_posting_0") if fault else None
    return render(request, "desk/posting.html", values, status=422 if fault else 200)


@public
def leave(request: HttpRequest, county: str) -> HttpResponse:
    """Log out; only by a button, never by a link somebody else made."""
    if request.method == "POST":
        logout(request)
    return HttpResponseRedirect(reverse("login", args=[county]), status=303)


def locked(
    request: HttpRequest, credentials: Any = None, *args: Any, **kwargs: Any
) -> HttpResponse:
    """Say gently that there were too many tries, for how long, and whom to ask."""
    del credentials, args, kwargs
    return render(request, "desk/locked.html", {}, status=429)


def uuid_of(text: str) -> UUID | None:
    """A UUID a browser sent, or None."""
    try:
        return UUID(text)
    except ValueError:
        return None
