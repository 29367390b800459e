"""A phone proves itself by a code; then it is known in this browser until it leaves."""

from __future__ import annotations

from typing import Any, Final
from urllib.parse import urlencode

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from canbao.cases.messages import CODES
from canbao.kernel import clock, county, office, refusals, secrets
from canbao.kernel.actor import Actor
from canbao.kernel.queries import notices_of
from canbao.kernel.refusal import Refused
from canbao.people import identities, officers, phones
from canbao.web.access import CONTACT, PHONE, public, resident, resident_of
from canbao.web.portal import words
from canbao.web.portal.forms import CodeForm, PhoneForm
from canbao.web.portal.frame import ELSEWHERE, HELPER, SEE_OTHER, UNPROCESSABLE, go, page, safe_next

CONSENTED: Final = "consented"
# A new text of the notice asks everybody again.
NOTICE: Final = "portal-1"
OUTBOX_LINES: Final = 50
TOO_MANY: Final = 429


def _home() -> str:
    return reverse("home", args=[county.current()])


def _sealed(phone: str) -> str:
    return secrets.seal(phone, bound_to=identities.bound("asking"))


def _asking(request: HttpRequest) -> str:
    """The phone a code was sent to: sealed in the address, so that no session begins before it is proved."""
    kept = request.POST.get("to") or request.GET.get("to") or ""
    try:
        return secrets.open_sealed(kept, bound_to=identities.bound("asking"))
    except (ValueError, secrets.KeyMissing):
        return ""


@public
@require_http_methods(["GET", "HEAD", "POST"])
def phone(request: HttpRequest, county: str) -> HttpResponse:  # noqa: ARG001
    """Ask for the number and send the code."""
    form = PhoneForm(request.POST or None)
    target = safe_next(request, "")
    values: dict[str, Any] = {"form": form, "next": target, "back": _home()}
    if request.method == "POST" and form.is_valid():
        try:
            number = phones.read(form.cleaned_data["phone"])
            phones.ask(officers.system(), number, at=clock.now())
        except Refused as refused:
            form.add_error("phone", refusals.said(refused))
            status = TOO_MANY if refused.code == "too_many_codes" else UNPROCESSABLE
            return page(request, "phone", {**values, "has_errors": True}, status=status)
        return _to("code", target, to=_sealed(number))
    failed = request.method == "POST"
    values["has_errors"] = failed
    return page(request, "phone", values, status=UNPROCESSABLE if failed else 200)


def _to(name: str, target: str, **more: str) -> HttpResponse:
    return go(name, query=urlencode({**({"next": target} if target else {}), **more}))


@public
@require_http_methods(["GET", "HEAD", "POST"])
def code(request: HttpRequest, county: str) -> HttpResponse:
    """Ask for the code of the message."""
    number = _asking(request)
    target = safe_next(request, "")
    if not number:
        return _to("phone", target)
    form = CodeForm(request.POST or None)
    values = {
        "form": form,
        "next": target,
        "masked": phones.mask(number),
        "to": request.POST.get("to") or request.GET.get("to"),
        "again": reverse("phone", args=[county]),
    }
    if request.method == "POST" and form.is_valid():
        sentence = _prove(request, number, form.cleaned_data["code"])
        if not sentence:
            return _to("privacy", target or _home())
        form.add_error("code", sentence)
    failed = request.method == "POST"
    values["has_errors"] = failed
    return page(request, "code", values, status=UNPROCESSABLE if failed else 200)


def _prove(request: HttpRequest, number: str, typed: str) -> str:
    try:
        outcome = phones.prove(officers.system(), number, typed, at=clock.now())
    except Refused as refused:
        return refusals.said(refused)
    if not outcome.made["proved"]:
        return refusals.say("code_wrong")
    known = dict(request.session.get(CONTACT, {}))
    # A browser changes hands here: what another phone left in it goes.
    if request.session.session_key:
        request.session.cycle_key()
    for name in (HELPER, CONSENTED, PHONE, ELSEWHERE):
        request.session.pop(name, None)
    known[county.current()] = str(outcome.done[0])
    request.session[CONTACT] = known
    resident_of(request)
    return ""


def consented(request: HttpRequest, actor: Actor) -> bool:
    """Whether this phone agreed to the notice in force; asked of the database once a log-in."""
    if request.session.get(CONSENTED, {}).get(county.current()) == NOTICE:
        return True
    if not phones.consented(actor.id, NOTICE):
        return False
    _remember(request)
    return True


def _remember(request: HttpRequest) -> None:
    kept = request.session.get(CONSENTED, {})
    kept[county.current()] = NOTICE
    request.session[CONSENTED] = kept


@public
@require_http_methods(["GET", "HEAD", "POST"])
def privacy(request: HttpRequest, county: str) -> HttpResponse:
    """Say how personal data is used; whoever applies agrees once a notice."""
    actor = resident_of(request)
    target = safe_next(request, "")
    request.actor = actor  # type: ignore[attr-defined]
    if request.method == "POST":
        if actor is None:
            return _to("phone", target)
        if request.session.get(CONSENTED, {}).get(county) != NOTICE:
            phones.consent(actor, NOTICE, "phone", at=clock.now())
            _remember(request)
        return HttpResponseRedirect(target or _home(), status=SEE_OTHER)
    asks = actor is not None and bool(target) and not consented(request, actor)
    if actor is not None and target and not asks:
        return HttpResponseRedirect(target)
    agencies = office.offices(["county"])
    values = {"asks": asks, "next": target, "back": _home(), "agencies": agencies}
    return page(request, "privacy", values)


@resident
@require_POST
def leave(request: HttpRequest, actor: Actor, county: str) -> HttpResponse:  # noqa: ARG001
    """Forget the phone in this browser."""
    for name in (CONTACT, HELPER, CONSENTED, PHONE, ELSEWHERE):
        kept = request.session.get(name, {})
        kept.pop(county, None)
        request.session[name] = kept
    request.session.cycle_key()
    return go("home")


@public
@require_safe
def outbox(request: HttpRequest, county: str) -> HttpResponse:  # noqa: ARG001
    """Show the latest messages of the demo county with their codes; there is none elsewhere."""
    if not settings.CANBAO_DEMO:
        raise Http404
    lines = []
    for one in notices_of(limit=OUTBOX_LINES):
        facts = dict(one.facts)
        if one.template in CODES:
            facts["code"] = secrets.open_sealed(facts["code"], bound_to=identities.bound("code"))
        lines.append({"at": one.at, "text": words.message(one.template, facts)})
    return render(request, "portal/outbox.html", {"lines": lines, "today": clock.today()})
