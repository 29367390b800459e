"""What every page of an application shares: the open basket, the person, the way to the next page."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import wraps
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from canbao.kernel import clock, county
from canbao.kernel.actor import Actor
from canbao.people import codes
from canbao.policy import published
from canbao.policy.rules.resolved import Rules
from canbao.policy.words import in_language
from canbao.web.access import resident
from canbao.web.portal import basket, judging, words
from canbao.web.portal.basket import Basket, Person
from canbao.web.portal.frame import STEPS, UNPROCESSABLE, go, page
from canbao.web.portal.phone import consented


@dataclass(frozen=True, slots=True)
class Step:
    """What a page of the application works with."""

    request: HttpRequest
    actor: Actor
    basket: Basket
    person: Person
    on: datetime.date
    at: clock.Instant

    def rules(self) -> Rules:
        """The rules of the insurance and year; one statement."""
        return published.rules(self.basket.insurance, self.basket.year)

    def keep(self, **changes: Any) -> Basket:
        """Store the person with these changes."""
        changed = self.basket.put(replace(self.person, **changes))
        return replace(changed, id=basket.save(self.actor, changed, at=self.at))

    def draw(self, template: str, *, failed: bool = False, **values: Any) -> HttpResponse:
        """Draw the page of this step."""
        shared = {
            "basket": self.basket,
            "person": self.person,
            "about": heading(self.basket),
            "steps_total": STEPS,
            "has_errors": failed,
            "today": self.on,
        }
        return page(
            self.request, template, {**shared, **values}, status=UNPROCESSABLE if failed else 200
        )

    def url(self, name: str) -> str:
        """The address of a page of this person."""
        return reverse(name, args=[county.current(), self.basket.id, self.person.id])

    def on_to(self, name: str) -> HttpResponse:
        """Go to another page of this person."""
        return go(name, self.basket.id, self.person.id)


def heading(one: Basket) -> str:
    """医保 2027 年: what the steps are about."""
    return gettext("%(insurance)s %(year)s") % {
        "insurance": words.SHORT[one.insurance], "year": one.year
    }  # fmt: skip


def applying(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """A page of the application: a resident whose phone agreed to the notice."""

    @resident
    @wraps(view)
    def guarded(request: HttpRequest, actor: Actor, *args: Any, **kwargs: Any) -> HttpResponse:
        if not consented(request, actor):
            return go("privacy", query=urlencode({"next": request.get_full_path()}))
        return view(request, actor, *args, **kwargs)

    return guarded


def person_page(view: Callable[[Step], HttpResponse]) -> Callable[..., HttpResponse]:
    """A page about one person of a basket."""

    @applying
    @require_http_methods(["GET", "HEAD", "POST"])
    @wraps(view)
    def opened(
        request: HttpRequest, actor: Actor, county: str, draft: UUID, person: UUID  # noqa: ARG001 - from the address
    ) -> HttpResponse:  # fmt: skip
        found = basket.see(actor, draft)
        at = clock.now()
        return view(Step(request, actor, found, found.person(person), clock.on(at), at))

    return opened


def after(person: Person, name: str) -> str:
    """The next page that is not answered yet, or nothing."""
    order = ("who", "home_of", "more", "level")
    answered = {
        "who": bool(person.name),
        "home_of": bool(person.village and person.residency),
        "more": bool(person.ethnic),
        "level": bool(person.level),
    }
    rest = order[order.index(name) + 1 :]
    for one in rest:
        if not answered[one]:
            return one
    return ""


def go_on(step: Step, kept: Basket, name: str, rules: Rules | None = None) -> HttpResponse:
    """To the page after this one: what is not answered yet, the family form, the basket or the look."""
    person = kept.person(step.person.id)
    following = after(person, name)
    if following:
        return step.on_to(following)
    rules = rules or step.rules()
    if judging.family_asked(person, rules, step.on) and not person.family_done:
        return step.on_to("family")
    if any(one.photos or one.brings for one in kept.persons):
        return go("check", kept.id)
    return go("people", kept.id)


def relation(person: Person) -> str:
    """What the person is to the head of the household."""
    return codes.RELATION.label(person.relation) if person.relation else ""


def level_key(one: Basket) -> str:
    """类别 of the medical insurance, 档次 of the pension."""
    return gettext("Category") if one.insurance == "390" else gettext("Tier")


def level_name(rules: Rules, person: Person, on: datetime.date) -> str:
    """The chosen level in words."""
    return (
        in_language(rules.level(person.level, on).name) if person.level in rules.definitions else ""
    )
