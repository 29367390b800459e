"""Money asked back, as far as it was typed: which, why, to which account, the papers, the signature."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Container, Mapping
from dataclasses import asdict, dataclass, field, replace
from functools import wraps
from typing import Any, Final
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from canbao.cases import drafts, refund_offers
from canbao.cases.refund_offers import Offer
from canbao.kernel import clock, county
from canbao.kernel.actor import Actor
from canbao.kernel.ids import new_id
from canbao.kernel.refusal import Refused
from canbao.papers.intake import CleanPage
from canbao.payments.refund_requests import Source
from canbao.web.portal import words
from canbao.web.portal.basket import Photo, Sign
from canbao.web.portal.frame import STEPS, UNPROCESSABLE, go, page
from canbao.web.portal.stepping import applying

KIND: Final = "refund"


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """A draft, opened. `case` becomes the id of the case; `fen` is what the page showed last."""

    id: UUID | None
    case: UUID
    source: UUID
    insurance: str
    name: str
    fen: int = 0
    reason: str = ""
    drawn: bool = False
    holder: str = ""
    bank: str = ""
    number: str = ""
    relation: str = "self"
    photos: Mapping[str, Photo] = field(default_factory=dict)
    brings: bool = False
    sign: Sign | None = None

    def having(self, **changes: Any) -> Wanted:
        """The draft with these answers; a change undoes the signature."""
        return replace(self, **{"sign": None, **changes})

    @property
    def signer(self) -> str:
        """Who signs: the person, or whoever gets the money for them."""
        return self.name if self.relation == "self" else self.holder


def begun(one: Offer) -> Wanted:
    """An ask for this money, with nothing answered yet."""
    return Wanted(
        id=None,
        case=new_id(),
        source=one.source.id,
        insurance=one.source.insurance,
        name=one.name,
        fen=one.source.fen,
        holder="" if one.another_signs else one.name,
    )


def every(actor: Actor) -> list[Wanted]:
    """The actor's asks that are not sent yet, newest first; one statement."""
    return [_opened(one) for one in drafts.of(actor) if one.kind == KIND]


def still_open(actor: Actor, sources: Container[UUID], at: clock.Instant) -> list[Wanted]:
    """Those of `every` whose money is among these sources; the others are dropped, accounts and all."""
    kept = every(actor)
    ended = [one.id for one in kept if one.id is not None and one.source not in sources]
    if ended:
        drafts.drop(actor, ended, at=at)
    return [one for one in kept if one.source in sources]


def save(actor: Actor, wanted: Wanted, at: clock.Instant) -> UUID:
    """Keep the draft; returns its id."""
    kept = drafts.save(actor, wanted.id, KIND, wanted.insurance, _typed(wanted), at=at)
    return kept.done[0]


def attach(
    actor: Actor, wanted: Wanted, pages: Mapping[UUID, CleanPage], at: clock.Instant
) -> None:
    """Keep the draft together with the pages that it names."""
    if wanted.id is None:
        raise Refused("not_found")
    drafts.attach(actor, wanted.id, _typed(wanted), list(pages), list(pages.values()), at=at)


def _typed(wanted: Wanted) -> dict[str, Any]:
    plain = asdict(wanted)
    return {name: value for name, value in plain.items() if name not in {"id", "insurance"}}


def _opened(row: drafts.DraftRow) -> Wanted:
    said = dict(row.typed)
    sign = said["sign"]
    return Wanted(
        **{
            **said,
            "id": row.id,
            "insurance": row.insurance,
            "case": UUID(said["case"]),
            "source": UUID(said["source"]),
            "photos": {
                kind: Photo(tuple(one["blobs"]), one["fault"], one["thumb"])
                for kind, one in said["photos"].items()
            },
            "sign": Sign(**sign) if sign else None,
        }
    )


@dataclass(frozen=True, slots=True)
class Asking:
    """What a page of the ask works with: the draft, and the money as the book has it now."""

    request: HttpRequest
    actor: Actor
    wanted: Wanted
    offer: Offer
    on: datetime.date
    at: clock.Instant

    def keep(self, **changes: Any) -> Wanted:
        """Store the draft with these answers."""
        kept = self.wanted.having(**changes)
        save(self.actor, kept, self.at)
        return kept

    def url(self, name: str) -> str:
        """The address of another page of this ask."""
        return reverse(name, args=[county.current(), self.wanted.id])

    def on_to(self, name: str) -> HttpResponse:
        """Go to another page of this ask."""
        return go(name, self.wanted.id)

    @property
    def first(self) -> str:
        """The page that begins it: what is due already needs no reason."""
        return "refund_account_of" if self.offer.source.is_due else "refund_why"

    def papers(self) -> list[str]:
        """The papers that belong to this ask."""
        return refund_offers.papers(
            self.wanted.reason, self.wanted.relation,
            dead=self.offer.dead, is_due=self.offer.source.is_due,
        )  # fmt: skip

    def draw(self, template: str, *, failed: bool = False, **values: Any) -> HttpResponse:
        """Draw the page."""
        shared = {
            "wanted": self.wanted,
            "about": heading(self.offer.source, self.offer.name),
            "fen": self.wanted.fen,
            "steps_total": STEPS,
            "has_errors": failed,
            "today": self.on,
        }
        status = UNPROCESSABLE if failed else 200
        return page(self.request, template, {**shared, **values}, status=status)


def heading(source: Source, name: str) -> str:
    """王守田，2027 年医保: whose money, of which insurance and year."""
    return gettext("%(name)s, %(insurance)s %(year)s") % {
        "name": name, "insurance": words.SHORT[source.insurance], "year": source.year
    }  # fmt: skip


def step_of(request: HttpRequest, actor: Actor, draft: UUID) -> Asking:
    """An ask that is not sent yet, held against the book.

    Refuses `not_found`, and what stands against the money now: it was asked or given back meanwhile;
    then the draft goes, with the account in it.
    """
    row = drafts.see(actor, draft)
    if row.kind != KIND:
        raise Refused("not_found")
    at = clock.now()
    wanted = _opened(row)
    found = refund_offers.offer(actor, wanted.source, clock.on(at))
    if found.source.fault:
        drafts.drop(actor, [draft], at=at)
        raise Refused(found.source.fault)
    return Asking(request, actor, _fitting(wanted, found), found, clock.on(at), at)


def _fitting(wanted: Wanted, found: Offer) -> Wanted:
    """The draft as whoever signs now may go on with it: without an account that was somebody else's to give.

    Between two visits a death is recorded, or a child comes of age.
    """
    if found.fits(wanted.relation, wanted.holder):
        return wanted
    photos = {kind: sent for kind, sent in wanted.photos.items() if kind != refund_offers.CARD}
    holder = "" if found.another_signs else found.name
    return wanted.having(holder=holder, relation="self", bank="", number="", photos=photos)


def asking(view: Callable[[Asking], HttpResponse]) -> Callable[..., HttpResponse]:
    """A page of an ask that is not sent yet."""

    @applying
    @require_http_methods(["GET", "HEAD", "POST"])
    @wraps(view)
    def opened(
        request: HttpRequest, actor: Actor, county: str, draft: UUID  # noqa: ARG001 - from the address
    ) -> HttpResponse:  # fmt: skip
        return view(step_of(request, actor, draft))

    return opened
