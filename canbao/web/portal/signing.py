"""Sign: each adult for themself, a parent for a child, anybody else with proof."""

from __future__ import annotations

import base64
import binascii
import io
from collections.abc import Callable
from dataclasses import replace
from typing import Any, Final
from uuid import UUID

from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_safe
from PIL import Image

from canbao.kernel import clock, county, refusals
from canbao.kernel.actor import Actor
from canbao.kernel.refusal import Refused
from canbao.papers.intake import CleanPage
from canbao.web.portal import basket, words
from canbao.web.portal.basket import Basket, Person, Sign
from canbao.web.portal.checking import Household, household, signed_with, signer_of, to_sign
from canbao.web.portal.forms import ProxyForm, SheetForm
from canbao.web.portal.frame import SEE_OTHER, go, person_to_call
from canbao.web.portal.judging import Judged
from canbao.web.portal.photos import cleaned
from canbao.web.portal.stepping import (
    Step,
    applying,
    person_page,
)
from canbao.web.theme import format as say
from canbao.web.theme.format import money

DRAWING: Final = "data:image/png;base64,"
LARGEST_DRAWING: Final = 1_500_000
AT_VILLAGE: Final = "village"
WAYS: Final = ("draw", "paper", "proxy", "village")


@applying
@require_safe
def next_signature(request: HttpRequest, actor: Actor, county: str, draft: UUID) -> HttpResponse:  # noqa: ARG001
    """Go to whoever has to sign next, or on to submitting."""
    house = household(actor, basket.see(actor, draft), clock.now())
    return _next(house)


def _next(house: Household) -> HttpResponse:
    return HttpResponseRedirect(to_sign(house), status=SEE_OTHER)


@person_page
def sign(step: Step) -> HttpResponse:
    """Ask one person to sign, on this phone, on paper, at the village, or by somebody with proof."""
    house = household(step.actor, step.basket, step.at)
    if step.person not in house.ready:
        return go("check", step.basket.id)
    name, as_what = signer_of(step.person, step.at)
    way = step.request.GET.get("way", "draw")
    way = way if way in WAYS else "draw"
    if as_what == "guardian" and way == "draw":
        way = "proxy"
    covered = signed_with(step.person, house, step.at)
    form: SheetForm | ProxyForm | None = None
    data = (
        (step.request.POST, step.request.FILES) if step.request.method == "POST" else (None, None)
    )
    if way == "paper":
        form = SheetForm(*data)
    elif way == "proxy":
        form = ProxyForm(*data, initial={"name": name if as_what == "guardian" else ""})
        form.fields["evidence"].required = "guardian_proof" not in step.person.photos
        covered = [step.person]
    faults: list[Any] = []
    if step.request.method == "POST" and way == "village":
        kept = step.basket.signed({step.person.id: Sign(AT_VILLAGE, name)})
        basket.save(step.actor, kept, at=step.at)
        return _next(replace(house, judged=_with(house, kept), basket=kept))
    if step.request.method == "POST":
        try:
            made = _made(step, way, name, as_what, form)
            if made is not None:
                signs, pages = made
                kept = step.basket.signed({one.id: signs(one) for one in covered})
                basket.attach(step.actor, kept, pages, at=step.at)
                return _next(replace(house, judged=_with(house, kept), basket=kept))
            faults = [form]
        except Refused as refused:
            faults = [(refusals.said(refused), "#main")]
    return step.draw(
        "sign",
        failed=bool(faults),
        form=form,
        way=way,
        signer=name,
        guardian=as_what == "guardian",
        faults=faults,
        promises=_promises(house, covered, step.at),
        names=say.listed(one.name for one in covered),
        count=len(covered),
        here=step.url("sign"),
        call=person_to_call(step.request),
        at=step.at,
        back=reverse("check", args=[county.current(), step.basket.id]),
        blank=reverse("blank_form", args=[county.current(), step.basket.insurance]),
    )


def _with(house: Household, kept: Basket) -> list[Judged]:
    return [replace(one, person=kept.person(one.person.id)) for one in house.judged]


def _made(
    step: Step, way: str, name: str, as_what: str, form: SheetForm | ProxyForm | None
) -> tuple[Callable[[Person], Sign], dict[UUID, CleanPage]] | None:
    """What each covered person keeps as signature, and the pages to be stored with it."""
    if way == "draw":
        pages = cleaned(drawing(step.request.POST.get("signature", "")))
        drawn = str(next(iter(pages)))
        return lambda one: Sign("drawn", name, signer_of(one, step.at)[1], drawn), pages
    if form is None or not form.is_valid():
        return None
    said = form.cleaned_data
    pages = cleaned(said["sheet"])
    sheet = str(next(iter(pages)))
    if way == "paper":
        return lambda one: Sign("paper", name, signer_of(one, step.at)[1], sheet), pages
    proof = step.person.photos.get("guardian_proof")
    evidence = proof.blobs[0] if proof else ""
    if said["evidence"]:
        shown = cleaned(said["evidence"])
        evidence = str(next(iter(shown)))
        pages |= shown
    word = "guardian" if as_what == "guardian" else "proxy"
    return lambda _one: Sign("paper", said["name"], word, sheet, evidence), pages


def drawing(text: str) -> SimpleUploadedFile:
    """The drawn name as a file. Refuses `signature_empty` when nothing was written."""
    if not text.startswith(DRAWING) or len(text) > LARGEST_DRAWING:
        raise Refused("signature_empty")
    try:
        data = base64.b64decode(text[len(DRAWING) :], validate=True)
        with Image.open(io.BytesIO(data), formats=("PNG",)) as picture:
            alpha = picture.convert("RGBA").getchannel("A")
            empty = alpha.getbbox() is None
    except (
        binascii.Error,
        ValueError,
        OSError,
        SyntaxError,
        Image.DecompressionBombError,
    ) as fault:
        raise Refused("signature_empty") from fault
    if empty:
        raise Refused("signature_empty")
    return SimpleUploadedFile("signature.png", data, "image/png")


def _promises(house: Household, covered: list[Person], at: clock.Instant) -> list[str]:
    on = clock.on(at)
    names = say.listed(one.name for one in covered)
    sums = [house.rules.level(one.level, on).own_fen or 0 for one in covered]
    amounts = gettext(" and ").join(money(one) for one in dict.fromkeys(sums))
    return [
        gettext("What was filled in is true, and the papers are the right ones"),
        gettext("I agree to apply for the %(insurance)s for %(names)s")
        % {"insurance": words.SHORT[house.basket.insurance], "names": names},
        gettext("I know that it costs %(amounts)s a year") % {"amounts": amounts},
    ]
