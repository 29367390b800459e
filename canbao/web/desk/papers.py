"""Papers at a desk: the viewer with its strip of previews, each look on record, the printed forms."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Mapping
from functools import partial
from typing import Final
from urllib.parse import urlencode
from uuid import UUID

from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext

from canbao.cases import door, queries
from canbao.cases import words as terms
from canbao.cases.door import CaseRow
from canbao.cases.prints import letters, lists, main
from canbao.cases.queries import CaseView
from canbao.kernel import clock
from canbao.kernel.actor import Actor
from canbao.kernel.refusal import Refused
from canbao.papers import photo, store
from canbao.papers import queries as stored
from canbao.papers.queries import PaperRow
from canbao.web.access import officer
from canbao.web.desk import acts, words
from canbao.web.theme import format as say
from canbao.web.theme.pieces import PaperView, Thumb

PREVIEW_EDGE: Final = 176  # twice as wide as it is drawn
PREVIEWS_FOR: Final = datetime.timedelta(minutes=10)
SALT: Final = "desk.preview"
ZOOMS: Final = (100, 150, 200, 300)
# The card first, then the booklet, as one looks through them.
ORDER: Final = {
    kind: place
    for place, kind in enumerate(
        ("id_front", "id_back", "booklet_first", "booklet_own", "photo", "signed_sheet")
    )
}
Print = Callable[..., bytes]


def viewer(request: HttpRequest, actor: Actor, view: CaseView) -> PaperView | None:
    """The papers of a case as the viewer draws them; zoom, turn, choice and previews are links.

    The strip shows every paper small; the page puts that on record with `seen` before.
    """
    scans = sorted(view.scans, key=lambda one: (ORDER.get(one.kind, len(ORDER)), one.page))
    if not scans:
        return None
    wanted = request.GET.get("paper", "")
    at = next((place for place, one in enumerate(scans) if str(one.id) == wanted), 0)
    now = scans[at]
    zoom = acts.number_or(request.GET.get("zoom"), 100)
    zoom = zoom if zoom in ZOOMS else 100
    turn = acts.number_or(request.GET.get("turn"), 0)
    turn = turn if turn in {0, 90, 180, 270} else 0

    def address(**changes: object) -> str:
        kept = {name: request.GET[name] for name in ("posting", "on", "do") if name in request.GET}
        chosen = {**kept, "paper": now.id, "zoom": zoom, "turn": turn, **changes}
        return f"{request.path}?{urlencode(chosen)}"

    place = ZOOMS.index(zoom)
    title = _title(now.kind, now.page)
    return PaperView(
        title=title,
        image=_address(request, view.case, now.id),
        alt=gettext("Scan: %(title)s") % {"title": title},
        position=f"{at + 1} / {len(scans)}",
        note=say.moment(now.at, today=clock.today()),
        zoom=zoom,
        turn=turn,
        larger=address(zoom=ZOOMS[place + 1]) if place + 1 < len(ZOOMS) else "",
        smaller=address(zoom=ZOOMS[place - 1]) if place else "",
        rotate=address(turn=(turn + 90) % 360),
        open=_address(request, view.case, now.id),
        thumbs=[
            Thumb(
                title=_title(one.kind, one.page),
                href=address(paper=one.id, zoom=100, turn=0),
                image=_preview(actor, view.case.id, one.id),
                current=one.id == now.id,
            )
            for one in scans
        ],
    )


def seen(actor: Actor, view: CaseView, *, children: int = 0) -> None:
    """Put on record what a case's page shows: one entry names every paper, and counts the children."""
    papers = [_named(one) for one in view.scans]
    facts = {name: what for name, what in (("papers", papers), ("children", children)) if what}
    if facts:
        queries.looked_at(actor, view.case.id, "page", at=clock.now(), facts=facts)


def _named(paper: PaperRow) -> str:
    return f"{paper.kind} {paper.page}"


def _title(kind: str, page: int) -> str:
    name = terms.paper(kind)
    return name if page == 1 else f"{name} {page}"


def _address(request: HttpRequest, case: CaseRow, paper_id: UUID) -> str:
    county = request.resolver_match.kwargs["county"] if request.resolver_match else ""
    return reverse("desk_paper", args=[county, case.id, paper_id])


def _preview(actor: Actor, case_id: UUID, paper_id: UUID) -> str:
    """The address of a small picture, good for whom the look was put on record, for a few minutes."""
    seen = signing.TimestampSigner(salt=SALT).sign(f"{actor.id}/{case_id}/{paper_id}")
    target = reverse("desk_preview", args=[actor.county, case_id, paper_id])
    return f"{target}?{urlencode({'seen': seen})}"


@officer(*acts.ALL_DESKS)
def preview(
    request: HttpRequest, actor: Actor, county: str, case_id: UUID, paper_id: UUID
) -> HttpResponse:
    """One scan small, made from the sealed file each time and kept nowhere. Refuses `not_found`.

    Only from the strip of a page that put the look on record; without it, it does not exist.
    """
    del county
    door.see(actor, case_id)
    try:
        seen = signing.TimestampSigner(salt=SALT).unsign(
            request.GET.get("seen", ""), max_age=PREVIEWS_FOR
        )
    except signing.BadSignature as fault:
        raise Refused("not_found") from fault
    found = next(
        (one for one in stored.papers_of([case_id], replaced=True) if one.id == paper_id), None
    )
    if seen != f"{actor.id}/{case_id}/{paper_id}" or found is None or found.blob_id is None:
        raise Refused("not_found")
    return _jpeg(photo.thumbnail(store.content(found.blob_id), PREVIEW_EDGE))


def _jpeg(content: bytes) -> HttpResponse:
    return HttpResponse(
        content, content_type="image/jpeg", headers={"Cache-Control": "private, no-store"}
    )


@officer(*acts.ALL_DESKS)
def image(
    request: HttpRequest, actor: Actor, county: str, case_id: UUID, paper_id: UUID
) -> HttpResponse:
    """One scan in full, put on record before it is shown. Refuses `not_found`."""
    del request, county
    door.see(actor, case_id)
    every = stored.papers_of([case_id], replaced=True)
    found = next((one for one in every if one.id == paper_id), None)
    if found is None or found.blob_id is None:
        raise Refused("not_found")
    queries.looked_at(actor, case_id, "paper", at=clock.now(), facts={"papers": [_named(found)]})
    return _jpeg(store.content(found.blob_id))


PRINTS: Final[Mapping[str, Print]] = {
    "copy-1": partial(main.pdf, copy_no=1),
    "copy-2": partial(main.pdf, copy_no=2),
    "receipt": letters.receipt,
    "missing": letters.missing,
    "decision": letters.decision,
    "manifest": lists.manifest,
}


@officer(*acts.ALL_DESKS)
def print_form(
    request: HttpRequest, actor: Actor, county: str, case_id: UUID, form: str
) -> HttpResponse:
    """A printed paper of a case as PDF: the form's copies, receipt, notice, decision, manifest."""
    del county
    door.see(actor, case_id)
    make = PRINTS.get(form)
    if make is None:
        raise Refused("not_found")
    language = "en" if words.language().startswith("en") and request.GET.get("en") else "zh-hans"
    content = make(actor, case_id, at=clock.now(), language=language)
    return _pdf(content, f"{form}.pdf")


@officer(*acts.ALL_DESKS)
def print_bundle(request: HttpRequest, actor: Actor, county: str, bundle_id: UUID) -> HttpResponse:
    """The cover list of a bundle as PDF."""
    del request, county
    if queries.bundle_of(actor, bundle_id) is None:
        raise Refused("not_found")
    return _pdf(lists.cover(actor, bundle_id, at=clock.now()), "cover-list.pdf")


def _pdf(content: bytes, name: str) -> HttpResponse:
    return HttpResponse(
        content,
        content_type="application/pdf",
        headers={
            "Content-Disposition": f'inline; filename="{name}"',
            "Cache-Control": "private, no-store",
        },
    )
