"""The one shape of the administration's pages: what is known, lists, and acts with their forms."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from canbao.kernel import clock, county, outcomes, refusals
from canbao.kernel.actor import Actor, Role
from canbao.kernel.refusal import Refused
from canbao.kernel.taken import Outcome
from canbao.web.access import key_of
from canbao.web.desk.acts import sentence_of
from canbao.web.desk.frame import frame
from canbao.web.theme.forms import PlainForm
from canbao.web.theme.pieces import Column, Figure, NavItem, PageOf, Row, Tab

READERS: Final = (Role.ADMINISTRATOR, Role.AUDITOR)
_NAV: Final[Sequence[tuple[Any, str]]] = (
    (_("Regions"), "office_regions"),
    (_("Offices"), "office_offices"),
    (_("Officers"), "office_officers"),
    (_("Seals"), "office_seals"),
    (_("Flows"), "office_flows"),
    (_("Packs"), "office_packs"),
    (_("Record"), "office_record"),
    (_("Handed over"), "office_exports"),
    (_("Health"), "office_health"),
)
UNPROCESSABLE: Final = 422


@dataclass(frozen=True, slots=True)
class Cell:
    """What stands in a cell; `colour` makes it a tag, `href` a link."""

    text: Any
    href: str = ""
    colour: str = ""
    kind: str = "text"
    label: Any = ""


@dataclass(frozen=True, slots=True)
class Listing:
    """A table with its lines, and what it says when there are none."""

    caption: Any
    columns: Sequence[Column]
    lines: Sequence[Sequence[Cell]]
    empty: Any = ""
    page: PageOf | None = None
    # How many there are in all where the list has a cap, what to do to see the rest, and where more are.
    total: int = 0
    how: Any = ""
    more: str = ""


@dataclass(frozen=True, slots=True)
class Posted:
    """What an officer sent: who, what was typed, under which key and when."""

    actor: Actor
    typed: Mapping[str, Any]
    key: str
    at: clock.Instant

    @property
    def how(self) -> dict[str, Any]:
        """What every operation is told besides."""
        return {"at": self.at, "key": self.key}


@dataclass(slots=True)
class Act:
    """Something that can be done here: its form, what it does, and what is said afterwards.

    `then` is where one comes to. With a `reason` it cannot be done now, and the page says why. One that is
    `gone` is not drawn: it only answers who sends the same form twice.
    """

    name: str
    title: Any
    button: Any
    do: Callable[[Posted], Outcome]
    said: Any
    then: str | Callable[[Outcome], str]
    form: type[PlainForm] = PlainForm
    initial: Mapping[str, Any] = field(default_factory=dict)
    options: Mapping[str, Any] = field(default_factory=dict)
    hint: Any = ""
    reason: Any = ""
    danger: bool = False
    gone: bool = False
    bound: PlainForm | None = None

    @property
    def drawn(self) -> PlainForm:
        """The form as it is shown, with what was typed where it came back."""
        return self.bound or self.form(
            initial=dict(self.initial), auto_id=f"{self.name}_%s", **self.options
        )


def address(name: str, *args: object) -> str:
    """An address within the county."""
    return reverse(name, args=[county.current(), *args])


def head(request: HttpRequest, actor: Actor, current: str) -> dict[str, Any]:
    """The frame: the administration's own navigation, or the desks' for their officers."""
    if actor.role not in READERS:
        return frame(request, actor, current)
    nav = [NavItem(text, address(name), name == current) for text, name in _NAV]
    return frame(request, actor, current, nav=nav)


def is_administrator(actor: Actor) -> bool:
    """Whether this officer changes what the page shows, or only reads it."""
    return actor.role is Role.ADMINISTRATOR


def answer(request: HttpRequest, actor: Actor, acts: Sequence[Act]) -> HttpResponse | None:
    """Do the act that was posted and go on; None where nothing was posted, or the page has to say why not.

    A form that was sent twice finds its act gone, or its fields: then what was done first is said. Refuses
    `not_found` for an act that is not on this page, `act_gone` for one that cannot be done any more.
    """
    if request.method != "POST":
        return None
    act = next((one for one in acts if one.name == request.POST.get("act")), None)
    if act is None:
        raise Refused("not_found")
    act.bound = act.form(
        request.POST, request.FILES, initial=dict(act.initial), auto_id=f"{act.name}_%s", **act.options
    )  # fmt: skip
    if act.reason or act.gone:
        return _not_now(request, actor, act, act.bound)
    if not act.bound.is_valid():
        return _done_before(request, actor, act)
    try:
        posted = Posted(actor, act.bound.cleaned_data, key_of(request, actor), clock.now())
        outcome = act.do(posted)
    except Refused as refused:
        # Other things than those that were done under this key must not pass for them.
        other = refused.code == "key_used_for_other_input"
        done = None if other else _done_before(request, actor, act)
        if done is not None:
            return done
        if refused.code in {"not_found", "page_too_old"}:
            raise
        act.bound.add_error(None, sentence_of(refused.code, refused.facts))
        return None
    messages.success(request, str(act.said))
    for refusal in list(outcome.refused.values())[:1]:
        # Done in part: what was not done is told beside what was.
        messages.warning(request, refusals.say(refusal.code, refusal.facts))
    return HttpResponseRedirect(_after(act, outcome), status=303)


def _not_now(request: HttpRequest, actor: Actor, act: Act, bound: PlainForm) -> HttpResponse | None:
    """An act that cannot be done now: what was done by this form first, or why not. Refuses `act_gone`."""
    done = _done_before(request, actor, act)
    if done is None and act.gone:
        raise Refused("act_gone")
    if done is None:
        bound.add_error(None, act.reason)
    return done


def _done_before(request: HttpRequest, actor: Actor, act: Act) -> HttpResponse | None:
    """Where what was sent was done when it was sent first: that, said; None where nothing was done by its key."""
    try:
        known = outcomes.kept(actor, key_of(request, actor))
    except Refused:
        # Without a key nothing is remembered.
        return None
    if known is None or not known.outcome.done:
        return None
    messages.success(
        request, gettext("It was done when it was sent first. Nothing was done twice.")
    )
    return HttpResponseRedirect(_after(act, known.outcome), status=303)


def _after(act: Act, outcome: Outcome) -> str:
    """Where one comes to after an act."""
    return act.then if isinstance(act.then, str) else act.then(outcome)


def draw(
    request: HttpRequest,
    actor: Actor,
    current: str,
    title: Any,
    *,
    template: str = "office/page.html",
    acts: Sequence[Act] = (),
    listings: Sequence[Listing] = (),
    rows: Sequence[Row] = (),
    parent: tuple[Any, str] | None = None,
    links: Sequence[tuple[Any, str]] = (),
    tabs: Sequence[Tab] = (),
    figures: Sequence[Figure] = (),
    **more: Any,
) -> HttpResponse:
    """Draw a page of the administration."""
    acts = [act for act in acts if not act.gone]
    failed = any(act.bound is not None and act.bound.errors for act in acts)
    values = {
        **head(request, actor, current),
        "title": title,
        "acts": acts,
        "listings": listings,
        "rows": rows,
        "parent": parent[0] if parent else "",
        "parent_href": parent[1] if parent else "",
        "links": links,
        "tabs": tabs,
        "figures": figures,
        "faulty": [act.bound for act in acts if act.bound is not None and act.bound.errors],
        "has_errors": failed,
        **more,
    }
    return render(request, template, values, status=UNPROCESSABLE if failed else 200)


def number_of_page(request: HttpRequest) -> int:
    """The page of a list, 1 where it is none."""
    text = request.GET.get("page", "")
    return max(int(text), 1) if text.isascii() and text.isdigit() and len(text) <= 5 else 1  # noqa: PLR2004


def search_of(request: HttpRequest) -> str:
    """What is looked for in a list: printable characters only."""
    text = "".join(sign for sign in request.GET.get("q", "") if sign.isprintable())
    return text.strip()[:60]


def wants_more(request: HttpRequest) -> bool:
    """Whether the link below a list with a cap was pressed."""
    return request.GET.get("more") == "1"


def page_of(request: HttpRequest, page: int, size: int, total: int) -> PageOf | None:
    """Which lines of how many are shown, and where the neighbours are; None where all are."""
    if total <= size and page == 1:
        return None
    query = request.GET.copy()

    def at(number: int) -> str:
        query["page"] = str(number)
        return f"?{query.urlencode()}"

    return PageOf(
        first=min((page - 1) * size + 1, total),
        last=min(page * size, total),
        total=total,
        previous=at(page - 1) if page > 1 else "",
        next=at(page + 1) if page * size < total else "",
    )
