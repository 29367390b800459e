"""Look once: who of the household is fine, who has a fault, how it is mended, who signs for whom."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext, ngettext
from django.views.decorators.http import require_safe

from canbao.cases import following
from canbao.kernel import clock, county
from canbao.kernel.actor import Actor
from canbao.policy import published
from canbao.policy.rules.resolved import Rules
from canbao.web.portal import basket, judging, reasons
from canbao.web.portal.basket import Basket, Person
from canbao.web.portal.frame import STEPS, page
from canbao.web.portal.household import needless
from canbao.web.portal.judging import Judged
from canbao.web.portal.stepping import (
    applying,
    level_key,
    level_name,
    relation,
)
from canbao.web.theme import format as say
from canbao.web.theme.format import money
from canbao.web.theme.pieces import Row


@dataclass(frozen=True, slots=True)
class Household:
    """The basket with everything judged."""

    basket: Basket
    rules: Rules
    judged: list[Judged]
    living: list[str]

    @property
    def ready(self) -> list[Person]:
        """Persons who can go ahead."""
        return [one.person for one in self.judged if one.ready]

    @property
    def waiting(self) -> list[Judged]:
        """Persons who have something to mend."""
        return [one for one in self.judged if one.faults and not one.needless]


def household(actor: Actor, found: Basket, at: clock.Instant) -> Household:
    """Judge everybody on a basket."""
    rules = published.rules(found.insurance, found.year)
    known, living = needless(actor, found)
    judged = judging.judged(found, rules, clock.on(at), known, county.current())
    return Household(found, rules, judged, living)


def signer_of(person: Person, at: clock.Instant) -> tuple[str, str]:
    """Who signs for a person, and as what."""
    if person.minor_on(clock.on(at)):
        return person.guardian, person.guardian_is
    return person.name, "self"


def signed_with(person: Person, house: Household, at: clock.Instant) -> list[Person]:
    """Everybody whom one signature covers: the signer, and the children they are a parent of."""
    name, as_what = signer_of(person, at)
    if as_what == "guardian":
        return [person]
    covered = []
    for one in house.ready:
        who, how = signer_of(one, at)
        if who == name and how != "guardian":
            covered.append(one)
    return covered


@applying
@require_safe
def check(request: HttpRequest, actor: Actor, county: str, draft: UUID) -> HttpResponse:  # noqa: ARG001
    """Look once: who is fine, who has a fault, how to mend it."""
    at = clock.now()
    house = household(actor, basket.see(actor, draft), at)
    ready, waiting = house.ready, house.waiting
    values = {
        "basket": house.basket,
        "steps_total": STEPS,
        "about": ngettext("%(count)s person", "%(count)s persons", len(house.judged))
        % {"count": len(house.judged)},
        "waiting": [_waiting_card(house, one) for one in waiting],
        "fine": [_fine_card(house, one, at) for one in ready],
        "needless": [one for one in house.judged if one.needless],
        "living": house.living,
        "summary": _summary(ready, waiting),
        "submit": _submit_words(ready),
        "signature": to_sign(house),
        "rest": say.listed(one.person.name for one in waiting if one.person.name),
        "back": reverse("people", args=[actor.county, house.basket.id]),
        "reasons": _sent_back(actor, house.basket),
    }
    return page(request, "check", values)


def _sent_back(actor: Actor, found: Basket) -> list[dict[str, str]]:
    """Why the case came back that this basket puts right."""
    if found.kind != basket.AMEND:
        return []
    return reasons.reasons_of(following.follow(actor, found.persons[0].id))


def _summary(ready: list[Person], waiting: list[Judged]) -> dict[str, str]:
    if not waiting:
        return {}
    names = say.listed(one.person.name for one in waiting if one.person.name)
    title = gettext("%(names)s has something to mend.") % {"names": names or gettext("Somebody")}
    if not ready:
        return {"title": title, "text": ""}
    fine = ngettext("%(count)s person is fine.", "%(count)s persons are fine.", len(ready))
    first = ngettext(
        "You can submit the one who is fine first.",
        "You can submit the %(count)s who are fine first.",
        len(ready),
    )
    count = {"count": len(ready)}
    return {"title": f"{fine % count} {title}", "text": first % count}


def _submit_words(ready: list[Person]) -> str:
    return ngettext(
        "Go on with %(count)s person, to the signature",
        "Go on with %(count)s persons, to the signature",
        len(ready),
    ) % {"count": len(ready)}


def _rows(house: Household, person: Person, at: clock.Instant) -> list[Row]:
    on = clock.on(at)
    rows = []
    if person.number:
        rows.append(Row(key=gettext("Number"), value=person.masked))
    if person.level:
        rows.append(Row(key=level_key(house.basket), value=level_words(house.rules, person, at)))
    asked = judging.papers_of(person, house.rules, on)
    sent = sum(judging.good(person, one.code) for one in asked)
    if asked and person.village:
        said = ngettext("%(count)s photo, readable", "%(count)s photos, readable", sent)
        said = said % {"count": sent}
        if not sent:
            said = gettext("You bring them to the village")
        elif sent < len(asked):
            said += gettext(", the rest you bring to the village")
        rows.append(Row(key=gettext("Papers"), value=said))
    if person.guardian and person.minor_on(on):
        as_what = gettext("parent") if person.guardian_is == "parent" else gettext("with proof")
        rows.append(Row(key=gettext("Signs"), value=f"{person.guardian} ({as_what})"))
    return rows


def level_words(rules: Rules, person: Person, at: clock.Instant) -> str:
    on = clock.on(at)
    name = level_name(rules, person, on)
    own = rules.level(person.level, on).own_fen if name else None
    return f"{name} {money(own)}" if own is not None else name


def _waiting_card(house: Household, one: Judged) -> dict[str, Any]:
    fault = one.faults[0]
    return {
        "person": one.person,
        "name": one.person.name or gettext("Somebody without a name yet"),
        "relation": relation(one.person),
        "faults": one.faults,
        "rows": [Row(key=gettext("Number"), value=one.person.masked)] if one.person.number else [],
        "href": reverse(fault.page, args=[county.current(), house.basket.id, one.person.id]),
        "mend": fault.mend,
    }


def _fine_card(house: Household, person: Person, at: clock.Instant) -> dict[str, Any]:
    links = [("who", gettext("Name and number")), ("home_of", gettext("Home")),
             ("more", gettext("Answers")), ("level", level_key(house.basket)), ("photos", gettext("Photos"))]  # fmt: skip
    return {
        "person": person,
        "relation": relation(person),
        "rows": _rows(house, person, at),
        "links": [
            {"href": reverse(name, args=[county.current(), house.basket.id, person.id]), "text": text}
            for name, text in links
        ],
    }  # fmt: skip


def to_sign(house: Household) -> str:
    """The address of whoever signs next, or of submitting."""
    code, draft = county.current(), house.basket.id
    unsigned = next((one for one in house.ready if one.sign is None), None)
    if unsigned is not None:
        return reverse("sign", args=[code, draft, unsigned.id])
    return reverse("send" if house.ready else "check", args=[code, draft])
