"""Language and text size as links that work without a script, and the pages for what went wrong."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from django.conf import settings
from django.http import HttpResponse, HttpResponseRedirect
from django.template.loader import render_to_string
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import get_language, gettext
from django.views.decorators.http import require_safe

from canbao.web.theme.context import ELDER_COOKIE, shown

if TYPE_CHECKING:
    from django.http import HttpRequest

_YEAR: Final = 365 * 24 * 3600


def _back_to(request: HttpRequest) -> HttpResponseRedirect:
    """Return to the page the link stood on, and never to another house."""
    target = request.GET.get("next", "")
    if not url_has_allowed_host_and_scheme(
        target, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    ):
        target = "/"
    return HttpResponseRedirect(target)


@require_safe
def set_language(request: HttpRequest) -> HttpResponse:
    """Remember the language of `?lang=`; an unknown one changes nothing."""
    response = _back_to(request)
    wanted = request.GET.get("lang", "")
    if wanted in dict(settings.LANGUAGES):
        _remember(request, response, settings.LANGUAGE_COOKIE_NAME, wanted)
    return response


@require_safe
def set_elder(request: HttpRequest) -> HttpResponse:
    """Remember large text (`?elder=1`) or standard text (`?elder=0`)."""
    response = _back_to(request)
    _remember(request, response, ELDER_COOKIE, "1" if request.GET.get("elder") == "1" else "0")
    return response


def _remember(request: HttpRequest, response: HttpResponse, name: str, value: str) -> None:
    response.set_cookie(
        name, value, max_age=_YEAR, secure=request.is_secure(), httponly=True, samesite="Lax"
    )


def _fault(request: HttpRequest, status: int, **facts: object) -> HttpResponse:
    # Rendered without the other context processors: a broken database must not break this page.
    page = render_to_string(f"errors/{status}.html", {**shown(request), **facts})
    return HttpResponse(page, status=status, headers={"Content-Language": get_language() or ""})


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Say that what arrived could not be read (400)."""
    del exception
    return _fault(request, 400)


def permission_denied(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Say that this is not this person's page (403)."""
    del exception
    return _fault(request, 403)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Say that the page lay open too long (403); nothing was done."""
    del reason
    return _fault(
        request, 403, stale=gettext("This page lay open for too long, so nothing was sent.")
    )


def page_not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Say that there is nothing here (404); unknown and forbidden look alike."""
    del exception
    return _fault(request, 404)


def conflict(request: HttpRequest, **facts: object) -> HttpResponse:
    """Say that something moved meanwhile (409): `sentence` says what, `href` leads on."""
    return _fault(request, 409, **facts)


def server_error(request: HttpRequest) -> HttpResponse:
    """Say that it is our fault (500) and that it is on record."""
    return _fault(request, 500)
