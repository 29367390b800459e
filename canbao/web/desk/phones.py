"""Phones at a counter: find the person, bind a phone by the code its holder reads out, take one off."""

from __future__ import annotations

from typing import Any, Final
from urllib.parse import urlencode
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext

from canbao.kernel import clock, outcomes, refusals, secrets
from canbao.kernel import queries as kernel
from canbao.kernel.actor import Actor, Role
from canbao.kernel.part import Part
from canbao.kernel.refusal import Refused
from canbao.people import identities, phones, search
from canbao.people.search import Found
from canbao.web.access import key_of, officer
from canbao.web.desk import acts
from canbao.web.desk.frame import frame
from canbao.web.theme.pieces import Column

COUNTERS: Final = (Role.VILLAGE, Role.TOWNSHIP)
DONE: Final = ("bound", "unbound")


@officer(*COUNTERS)
def find(request: HttpRequest, actor: Actor, county: str) -> HttpResponse:
    """Find whose phone it is: by the whole number, birth date and last four, or name."""
    del county
    text, fault = request.GET.get("q", "").replace("\0", "").strip()[:60], ""
    found: Part[Found] = Part((), 0)
    if text:
        try:
            found = search.found(actor, text)
        except Refused as refused:
            fault = refusals.said(refused)
    if found:
        search.seen(actor, [one.id for one in found], at=clock.now())
    villages = _villages(found)
    values = {
        "q": text,
        "fault": fault,
        "lines": [
            (one, villages.get(one.village, ""), [masked for _, masked in one.phones])
            for one in found
        ],
        "columns": [
            Column(gettext("Person")), Column(gettext("Number")), Column(gettext("Born")),
            Column(gettext("Village")), Column(gettext("Phone")),
        ],
        "total": found.total,
        "has_errors": bool(fault),
        **frame(request, actor, "desk_phones"),
    }  # fmt: skip
    return render(request, "desk/phones.html", values, status=422 if fault else 200)


def _villages(found: list[Found]) -> dict[str, str]:
    codes = {one.village for one in found}
    return {one.code: one.name for one in kernel.regions(codes)} if codes else {}


@officer(*COUNTERS)
def person(request: HttpRequest, actor: Actor, county: str, person_id: UUID) -> HttpResponse:
    """One person's phones; a phone comes on by a code read out, and off by a press."""
    del county
    one = search.see(actor, person_id)
    if request.method == "POST":
        return _act(request, actor, one)
    return _draw(request, actor, one, to=request.GET.get("to", ""))


def _act(request: HttpRequest, actor: Actor, one: Found) -> HttpResponse:
    key = key_of(request, actor)
    act = request.POST.get("act", "")
    try:
        if act == "send":
            return _send(request, actor, one, key)
        if act == "bind":
            return _bind(request, actor, one, key)
        if act == "unbind":
            contact = acts.uuid_or_404(request.POST.get("contact", ""))
            phones.unbind(actor, contact, one.id, at=clock.now(), key=key)
            return _back(actor, one, done="unbound")
    except Refused as refused:
        if refused.code in {"not_found", "key_used_for_other_input"}:
            raise
        at = "code" if refused.code == "code_over" else act
        return _draw(
            request, actor, one, to=request.POST.get("to", ""), fault=refusals.said(refused), at=at
        )
    raise Refused("not_for_this_desk")


def _send(request: HttpRequest, actor: Actor, one: Found, key: str) -> HttpResponse:
    phone = phones.read(request.POST.get("phone", "")[:40])
    phones.guard_free(phone, one.id)
    phones.ask(actor, phone, at=clock.now(), purpose=phones.COUNTER, key=key)
    return _back(actor, one, to=_sealed(phone))


def _bind(request: HttpRequest, actor: Actor, one: Found, key: str) -> HttpResponse:
    if outcomes.kept(actor, key) is not None:
        return _back(actor, one, done="bound")
    to = request.POST.get("to", "")
    phone = _opened(to)
    if not phone:
        raise Refused("page_too_old")
    typed = request.POST.get("code", "").replace("\0", "")[:20]
    at = clock.now()
    proved = phones.prove(actor, phone, typed, at=at, purpose=phones.COUNTER)
    if not proved.made["proved"]:
        return _draw(request, actor, one, to=to, fault=refusals.say("code_wrong"), at="code")
    phones.bind(actor, proved.done[0], one.id, "counter", at=at, key=key)
    return _back(actor, one, done="bound")


def _sealed(phone: str) -> str:
    """The phone a code was sent to, as the address of the next page carries it."""
    return secrets.seal(phone, bound_to=identities.bound("counter"))


def _opened(sealed: str) -> str:
    try:
        return secrets.open_sealed(sealed, bound_to=identities.bound("counter"))
    except (ValueError, secrets.KeyMissing):
        return ""


def _back(actor: Actor, one: Found, **query: str) -> HttpResponse:
    target = reverse("desk_phone", args=[actor.county, one.id])
    return HttpResponseRedirect(f"{target}?{urlencode(query)}", status=303)


def _draw(
    request: HttpRequest, actor: Actor, one: Found, *, to: str = "", fault: str = "", at: str = ""
) -> HttpResponse:
    search.seen(actor, [one.id], at=clock.now())
    phone = _opened(to) if to else ""
    done = request.GET.get("done", "")
    values: dict[str, Any] = {
        "person": one,
        "village": _villages([one]).get(one.village, ""),
        "asked": phones.mask(phone) if phone else "",
        "to": to if phone else "",
        "typed": request.POST.get("phone", "")[:40],
        "fault": fault,
        "at": at,
        "faults": [(fault, f"#id_{_field(at)}" if at != "unbind" else "")] if fault else [],
        "done": done if done in DONE else "",
        "demo": settings.CANBAO_DEMO,
        "has_errors": bool(fault),
        **frame(request, actor, "desk_phones"),
    }
    return render(request, "desk/phone.html", values, status=422 if fault else 200)


def _field(at: str) -> str:
    return "phone" if at == "send" else "code"
