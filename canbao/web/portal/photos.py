"""Send papers as photos, one at a time, and see what became of each."""

from __future__ import annotations

import base64
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any, Final
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from canbao.cases import queries as cases
from canbao.cases import words as case_words
from canbao.kernel import clock, county, refusals
from canbao.kernel.actor import Actor
from canbao.kernel.ids import new_ids
from canbao.kernel.refusal import Refused
from canbao.papers import intake, photo, store
from canbao.papers.intake import CleanPage
from canbao.policy import published, words
from canbao.policy.rules.answers import PaperRequirement
from canbao.web.access import resident
from canbao.web.portal import basket, judging
from canbao.web.portal.basket import Photo
from canbao.web.portal.frame import person_to_call
from canbao.web.portal.household import to_photos
from canbao.web.portal.stepping import Step, applying, person_page
from canbao.web.theme import format as say

# A photo is encrypted and never changes under its address, so the browser may keep it for a while.
THUMB_EDGE: Final = 160
KEPT: Final = "private, max-age=3600, immutable"


def cleaned(upload: Any) -> dict[UUID, CleanPage]:
    """The pages of one upload, each under the id it will have. Refuses as `intake.clean`."""
    if upload is None or upload.size is None:
        raise Refused("upload_empty")
    if upload.size > settings.CANBAO_UPLOAD_MEGABYTES * intake.MEGABYTE:
        raise Refused("upload_too_big", limit=settings.CANBAO_UPLOAD_MEGABYTES)
    pages = intake.clean(upload.read(), declared_name=upload.name or "")
    return dict(zip(new_ids(len(pages)), pages, strict=True))


def photo_of(pages: Mapping[UUID, CleanPage]) -> Photo:
    """A paper of the basket: its pages, the first fault seen, and a picture too small to read."""
    fault = next((fault for one in pages.values() for fault in one.verdict.faults), "")
    small = photo.thumbnail(next(iter(pages.values())).jpeg, THUMB_EDGE)
    return Photo(tuple(str(one) for one in pages), fault, base64.b64encode(small).decode())


@person_page
def photos(step: Step) -> HttpResponse:
    """Which papers are good, unreadable or missing, and how to take them again."""
    rules = step.rules()
    asked = judging.papers_of(step.person, rules, step.on)
    refused: tuple[str, str] | None = None
    if step.request.method == "POST":
        kind = step.request.GET.get("kind", "")
        if "bring" in step.request.POST:
            return to_photos(step.keep(brings=True), rules, step.on)
        if kind in {one.code for one in asked}:
            try:
                pages = cleaned(step.request.FILES.get("photo"))
                sent = {**step.person.photos, kind: photo_of(pages)}
                kept = step.basket.put(replace(step.person, photos=sent))
                basket.attach(step.actor, kept, pages, at=step.at)
                # The page comes back at once, without another trip: a phone's network is slow.
                step = replace(step, basket=kept, person=kept.person(step.person.id))
            except Refused as said:
                refused = (kind, refusals.said(said))
        else:
            return step.on_to("photos")
    cards = sorted((_card(step, one, refused) for one in asked), key=lambda one: one["order"])
    lacking = [one for one in cards if one["state"] != "good"]
    return step.draw(
        "photos",
        failed=refused is not None,
        cards=cards,
        lacking=lacking_words(lacking, len(cards)) if lacking else "",
        whole=len(cards),
        errors=[(refused[1], f"#{refused[0]}")] if refused else [],
        call=person_to_call(step.request),
        back=reverse("people", args=[county.current(), step.basket.id]),
    )


def _card(step: Step, paper: PaperRequirement, refused: tuple[str, str] | None) -> dict[str, Any]:
    sent = step.person.photos.get(paper.code)
    state = "missing" if sent is None else "unreadable" if sent.fault else "good"
    if refused and refused[0] == paper.code:
        state = "unreadable"
    title = words.in_language(paper.name)
    verdict = gettext("Not taken yet") if sent is None else gettext("Readable")
    if sent and sent.fault:
        verdict = judging.paper_fault(sent.fault)
    if refused and refused[0] == paper.code:
        verdict = refused[1]
    image = f"data:image/jpeg;base64,{sent.thumb}" if sent and sent.thumb else ""
    look = ""
    if sent and sent.blobs:
        look = reverse(
            "draft_photo", args=[county.current(), step.basket.id, step.person.id, sent.blobs[0]]
        )
    return {
        "order": ("missing", "unreadable", "good").index(state),
        "code": paper.code,
        "title": title,
        "state": state,
        "verdict": verdict,
        "hint": words.in_language(paper.hint) if paper.hint else "",
        "image": image,
        "look": look,
        "alt": gettext("Your photo: %(title)s") % {"title": title},
        "action": step.url("photos") + f"?kind={paper.code}",
    }


def lacking_words(lacking: list[dict[str, Any]], whole: int) -> dict[str, str]:
    """How many of the photos are still to do, and which."""
    gap = gettext(", ")
    missing = [one["title"] for one in lacking if one["state"] == "missing"]
    poor = [one["title"] for one in lacking if one["state"] == "unreadable"]
    said = []
    if missing:
        said.append(gettext("not taken yet: %(titles)s") % {"titles": gap.join(missing)})
    if poor:
        said.append(gettext("cannot be read: %(titles)s") % {"titles": gap.join(poor)})
    return {
        "title": gettext("%(lacking)s of %(whole)s photos are still to do:")
        % {"lacking": len(lacking), "whole": whole},
        "text": gettext("; ").join(said),
    }


@applying
@require_safe
def next_photos(request: HttpRequest, actor: Actor, county: str, draft: UUID) -> HttpResponse:  # noqa: ARG001
    """Go on from the photos of one person to those of the next, or to the look at everything."""
    found = basket.see(actor, draft)
    return to_photos(found, published.rules(found.insurance, found.year), clock.today())


@resident
@require_safe
def draft_photo(
    request: HttpRequest, actor: Actor, county: str, draft: UUID, person: UUID, blob: UUID  # noqa: ARG001
) -> HttpResponse:  # fmt: skip
    """Show a photo of the own draft; the look goes on record."""
    one = basket.see(actor, draft).person(person)
    if not any(str(blob) in sent.blobs for sent in one.photos.values()):
        raise Refused("not_found")
    cases.looked_at(actor, person, "paper", at=clock.now())
    return image(blob)


def image(blob: UUID) -> HttpResponse:
    """A stored photo as an answer."""
    return HttpResponse(
        store.content(blob), content_type="image/jpeg", headers={"Cache-Control": KEPT}
    )


def title_of(kind: str) -> str:
    """A paper in words."""
    return case_words.paper(kind)


def named(kinds: Iterable[str]) -> str:
    """Several papers in words."""
    return say.listed(title_of(kind) for kind in kinds)
