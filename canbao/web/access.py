"""Who may open a page: everybody, a resident with a phone, or an officer with one of some roles.

Every view is wrapped by one of the three, and a test walks all routes to see that it is.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import wraps
from typing import Any, Final
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from canbao.kernel import canonical, clock, county, staff
from canbao.kernel.actor import Actor, Role
from canbao.kernel.outcomes import FormKey
from canbao.kernel.refusal import Refused
from canbao.people import officers

POSTING: Final = "posting"
CONTACT: Final = "contact"
PHONE: Final = "phone"
OWN_PASSWORD: Final = "own_password"  # noqa: S105 - a word of the session
SEEN: Final = "seen"
View = Callable[..., HttpResponse]


def public(view: View) -> View:
    """A page for everybody."""
    view.canbao_access = "public"  # type: ignore[attr-defined]
    return view


def resident_of(request: HttpRequest, *, fresh: bool = False) -> Actor | None:
    """The resident behind this browser in this county, or None.

    The facts of a phone bound to nobody are read once a log-in and kept in the browser's session;
    `fresh` reads them again, so that a phone bound at a counter shows its person from the next look
    at the home page on. A bound phone is read each time: unbound, it sees its person no more.
    """
    kept = request.session.get(CONTACT, {}).get(county.current())
    if not kept:
        return None
    known = request.session.get(PHONE, {}).get(county.current())
    if known and known[0] == kept and not known[2] and not fresh:
        return officers.phone(UUID(known[0]), known[1], None)
    actor = officers.resident(UUID(kept))
    if actor is not None:
        facts = [kept, actor.name, str(actor.person_id) if actor.person_id else ""]
        if facts != known:
            request.session[PHONE] = {**request.session.get(PHONE, {}), county.current(): facts}
    return actor


def officer_of(request: HttpRequest) -> Actor | None:
    """The officer behind this browser at the chosen posting, or None."""
    kept = request.session.get(POSTING, {}).get(county.current())
    if not kept or not request.user.is_authenticated:
        return None
    return officers.officer(
        str(request.user.get_username()).partition("/")[2], UUID(kept), clock.today()
    )


def must_change_password(request: HttpRequest) -> bool:
    """Whether the officer behind this browser still has the password somebody else knows.

    Asked once a log-in and kept in the session: a new first password ends every session of its officer.
    """
    user = request.user
    if request.session.get(OWN_PASSWORD) == user.get_username():
        return False
    if staff.must_change_password(user):
        return True
    request.session[OWN_PASSWORD] = user.get_username()
    return False


def resident(view: View) -> View:
    """A page for a resident; without a phone, the page that asks for one comes first."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        actor = resident_of(request)
        if actor is None:
            return HttpResponseRedirect(_with_next(request, "phone"))
        request.actor = actor  # type: ignore[attr-defined]
        return view(request, actor, *args, **kwargs)

    guarded.canbao_access = "resident"  # type: ignore[attr-defined]
    return guarded


def officer(*roles: Role, first_password: bool = False) -> Callable[[View], View]:
    """A page for officers of these roles; for others it does not exist.

    Who still has a first password comes to the page that changes it, and to no other: only that one
    is opened with `first_password`.
    """

    def wrap(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            actor = officer_of(request)
            if actor is None:
                return HttpResponseRedirect(_with_next(request, "login"))
            if not first_password and must_change_password(request):
                target = reverse("office_password", args=[county.current()])
                return HttpResponseRedirect(target, status=303)
            if actor.role not in roles:
                raise Refused("not_found")
            request.actor = actor  # type: ignore[attr-defined]
            return view(request, actor, *args, **kwargs)

        guarded.canbao_access = "officer"  # type: ignore[attr-defined]
        guarded.canbao_roles = roles  # type: ignore[attr-defined]
        guarded.canbao_first_password = first_password  # type: ignore[attr-defined]
        return guarded

    return wrap


# A UUID, or the key of a job; it stands in addresses too.
_KEY: Final = re.compile(r"[A-Za-z0-9_-]{8,40}")
_TOKEN: Final = "csrfmiddlewaretoken"  # noqa: S105 - the name of a field


def _with_next(request: HttpRequest, name: str) -> str:
    return f"{reverse(name, args=[county.current()])}?next={request.get_full_path()}"


def key_of(request: HttpRequest, actor: Actor) -> FormKey:
    """The idempotency key a form carries, with what it holds. Refuses `page_too_old` where it has none."""
    key = request.POST.get("key", "")
    if not _KEY.fullmatch(key):
        raise Refused("page_too_old")
    sent = sorted((name, request.POST.getlist(name)) for name in request.POST if name != _TOKEN)
    files = sorted(
        (name, str(one.name), one.size or 0)
        for name in request.FILES
        for one in request.FILES.getlist(name)
    )
    held = canonical.sha256([request.get_full_path(), sent, files])
    return FormKey.of(f"{actor.id}/{key}", held)
