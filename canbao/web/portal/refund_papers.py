"""The papers of an ask for money back as photos: card, proof of the reason, proof of whoever signs."""

from __future__ import annotations

from typing import Any, Final
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from canbao.cases import queries as cases
from canbao.cases import words as case_words
from canbao.kernel import clock, county, refusals
from canbao.kernel.actor import Actor
from canbao.kernel.refusal import Refused
from canbao.papers import photo as looking
from canbao.web.access import resident
from canbao.web.portal import refund_draft
from canbao.web.portal.frame import person_to_call
from canbao.web.portal.photos import cleaned, image, lacking_words, photo_of
from canbao.web.portal.refund_draft import Asking, asking

HINTS: Final[dict[str, Promise]] = {
    "account_card": _("The side with name and number. Cover the security code if it stands there."),
    "death_proof": _("From the hospital, the police or the village."),
    "refund_proof": _("For example the other insurance's certificate, the call-up, the visa."),
    "guardian_proof": _("The paper that says who the guardian is."),
    "proxy_proof": _("Household booklet, or the notary's or village's paper, that shows you are an heir."),
}  # fmt: skip


@asking
def papers(step: Asking) -> HttpResponse:
    """Take the photos one at a time; whoever has no camera brings the papers to a desk."""
    asked = step.papers()
    if not step.wanted.number:
        return step.on_to("refund_account_of")
    refused: tuple[str, str] | None = None
    if step.request.method == "POST":
        kind = step.request.GET.get("kind", "")
        if "bring" in step.request.POST:
            step.keep(brings=True)
            return step.on_to("refund_sign")
        if kind not in asked:
            return step.on_to("refund_papers")
        try:
            pages = cleaned(step.request.FILES.get("photo"))
            photos = {**step.wanted.photos, kind: photo_of(pages)}
            kept = step.wanted.having(photos=photos)
            refund_draft.attach(step.actor, kept, pages, step.at)
            step = Asking(step.request, step.actor, kept, step.offer, step.on, step.at)
        except Refused as said:
            refused = (kind, refusals.said(said))
    cards = [_card(step, kind, refused) for kind in asked]
    lacking = [one for one in cards if one["state"] != "good"]
    return step.draw(
        "refund_papers",
        failed=refused is not None,
        cards=cards,
        lacking=lacking_words(lacking, len(cards)) if lacking else "",
        errors=[(refused[1], f"#{refused[0]}")] if refused else [],
        call=person_to_call(step.request),
        going=step.url("refund_sign"),
        back=step.url("refund_account_of"),
    )


def _card(step: Asking, kind: str, refused: tuple[str, str] | None) -> dict[str, Any]:
    sent = step.wanted.photos.get(kind)
    state = "missing" if sent is None else "unreadable" if sent.fault else "good"
    verdict = gettext("Not taken yet") if sent is None else gettext("Readable")
    if sent and sent.fault:
        verdict = str(looking.FAULTS[sent.fault])
    if refused and refused[0] == kind:
        state, verdict = "unreadable", refused[1]
    title = case_words.paper(kind)
    look = ""
    if sent and sent.blobs:
        look = reverse("refund_photo", args=[county.current(), step.wanted.id, sent.blobs[0]])
    return {
        "code": kind,
        "title": title,
        "state": state,
        "verdict": verdict,
        "hint": HINTS.get(kind, ""),
        "image": f"data:image/jpeg;base64,{sent.thumb}" if sent and sent.thumb else "",
        "look": look,
        "alt": gettext("Your photo: %(title)s") % {"title": title},
        "action": step.url("refund_papers") + f"?kind={kind}",
    }


@resident
@require_safe
def photo(request: HttpRequest, actor: Actor, county: str, draft: UUID, blob: UUID) -> HttpResponse:
    """Show a photo of the own ask; the look goes on record. Refuses `not_found`."""
    del request, county
    one = next((kept for kept in refund_draft.every(actor) if kept.id == draft), None)
    if one is None or not any(str(blob) in sent.blobs for sent in one.photos.values()):
        raise Refused("not_found")
    cases.looked_at(actor, one.case, "paper", at=clock.now())
    return image(blob)
