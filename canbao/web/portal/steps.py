"""Apply, one question a page: which insurance, who, where, a few facts, the children of the old."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Final

from django.http import HttpRequest, HttpResponse, QueryDict
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from canbao.insured import queries as insured
from canbao.kernel import clock, county
from canbao.kernel.actor import Actor
from canbao.kernel.queries import regions
from canbao.kernel.refusal import Refused
from canbao.people import codes, households, identities, meant, numbers, phones
from canbao.people.meant import Near
from canbao.policy import seasons
from canbao.web.portal import basket, judging
from canbao.web.portal.basket import Basket, Kin, Person
from canbao.web.portal.forms import HomeForm, KinForm, MoreForm, StartForm, WhoForm
from canbao.web.portal.frame import UNPROCESSABLE, go, know_village, page
from canbao.web.portal.household import needless
from canbao.web.portal.stepping import Step, applying, go_on, heading, person_page
from canbao.web.theme import format as say

MOST_VILLAGES: Final = 60
MOST_KIN: Final = 12


@applying
@require_http_methods(["GET", "HEAD", "POST"])
def start(request: HttpRequest, actor: Actor, county: str) -> HttpResponse:  # noqa: ARG001
    """Choose the insurance; a draft begins."""
    form = StartForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        at = clock.now()
        chosen = form.cleaned_data["insurance"]
        new = Basket(
            None, basket.NEW, chosen, seasons.year_for(chosen, clock.on(at)),
            phones.phone_of(actor.id), (basket.fresh(),),
        )  # fmt: skip
        draft = basket.save(actor, new, at=at)
        return go("who", draft, new.persons[0].id)
    failed = request.method == "POST"
    return page(
        request,
        "start",
        {"form": form, "has_errors": failed, "drafts": _waiting(actor)},
        status=UNPROCESSABLE if failed else 200,
    )


def _waiting(actor: Actor) -> list[dict[str, str]]:
    return [
        {
            "about": heading(one),
            "names": say.listed(person.name for person in one.persons if person.name),
            "href": reverse("people", args=[county.current(), one.id]),
        }
        for one in basket.every(actor)
        if one.kind == basket.NEW and any(person.name for person in one.persons)
    ]


@person_page
def who(step: Step) -> HttpResponse:
    """Ask for name, document and number."""
    person, code = step.person, county.current()
    near = _near(step)
    form = WhoForm(
        _put_right(step, near) or step.request.POST or None,
        kept=person.number,
        on=step.on,
        county=code,
        initial={"name": person.name, "relation": person.relation, "kind": person.kind},
    )
    if step.request.method == "POST":
        later = "later" in step.request.POST
        if form.is_valid() or (later and form.only_number_wrong):
            return _keep_who(step, form)
    failed = step.request.method == "POST"
    return step.draw(
        "who",
        failed=failed,
        form=form,
        may_wait=failed and form.only_number_wrong,
        near=_offered(step, near) if "number" in form.errors else [],
        others=_others(step) if not person.name else [],
        back=_back_of_who(step),
    )


def _near(step: Step) -> list[Near]:
    """Who of the own household may be meant by a wrong number, for a phone that is bound; else nobody."""
    sent = step.request.POST
    if step.actor.person_id is None or "number" not in sent:
        return []
    kind, typed = sent.get("kind", ""), sent["number"]
    wrong = judging.number_refused(kind, typed, step.on, county.current())
    if wrong is None or wrong.code not in meant.DOUBTFUL:
        return []
    return meant.near_own(step.actor.person_id, kind, typed)


def _put_right(step: Step, near: list[Near]) -> QueryDict | None:
    """What was sent, with the number of the member who was pressed."""
    wanted = step.request.POST.get("near", "")
    chosen = next((one for one in near if str(one.id) == wanted), None)
    if chosen is None:
        return None
    meant.seen(step.actor, [chosen.id], "near_taken", at=step.at)
    sent = step.request.POST.copy()
    sent["number"] = chosen.number
    return sent


def _offered(step: Step, near: list[Near]) -> list[Near]:
    if near:
        meant.seen(step.actor, [one.id for one in near], "near_seen", at=step.at)
    return near


def _keep_who(step: Step, form: WhoForm) -> HttpResponse:
    person = step.person
    said = form.cleaned_data
    typed = (form.data.get("number") or "").strip()[:60]
    changed = replace(
        person,
        name=said["name"],
        relation=said["relation"],
        kind=said["kind"],
        number=typed or person.number,
    )
    if (changed.kind, changed.number) != (person.kind, person.number):
        changed = replace(changed, birth_on="", sex="")
    read = judging.read_number(changed, step.on, county.current())
    changed = replace(changed, **read)
    if not changed.village:
        changed = _housed(step.basket, changed)
    kept = step.basket.put(changed)
    basket.save(step.actor, kept, at=step.at)
    if changed.number in needless(step.actor, kept)[0]:
        return go("people", step.basket.id)
    return go_on(step, kept, "who")


def _housed(one: Basket, person: Person) -> Person:
    """The home of whoever was entered first; the page of the home can change it."""
    first = next((other for other in one.persons if other.village and other.id != person.id), None)
    if first is None:
        return person
    return replace(
        person,
        village=first.village,
        household_number=first.household_number,
        address=first.address,
        living_address=first.living_address,
        residency=first.residency,
    )


def _back_of_who(step: Step) -> str:
    if len(step.basket.persons) > 1 or step.person.name:
        return reverse("people", args=[county.current(), step.basket.id])
    return reverse("start", args=[county.current()])


def _others(step: Step) -> list[dict[str, str]]:
    """Members of the own household not in the basket yet, for a phone that is bound."""
    if step.actor.person_id is None:
        return []
    held = {identities.mac(one.kind, one.number) for one in step.basket.persons if one.number}
    members = households.of(step.actor.person_id)
    live = {
        row.person_id
        for row in insured.live([one.person_id for one in members], step.basket.insurance)
    }
    return [
        {"name": one.name, "relation": codes.RELATION.label(one.relation)}
        for one in members
        if not one.number_macs & held and one.person_id not in live
    ]


@person_page
def home_of(step: Step) -> HttpResponse:
    """Ask where the person belongs."""
    person = step.person
    every = regions()
    towns = {one.code: one.name for one in every if one.level == "township"}
    villages = [one for one in every if one.level == "village"]
    town = step.request.GET.get("town") or (person.village and f"{person.village[:9]}000") or ""
    if len(villages) > MOST_VILLAGES and step.request.method != "POST":
        if town not in towns:
            return step.draw("town", towns=sorted(towns.items()), back=step.url("who"))
        villages = [one for one in villages if one.parent_code == town]
    choices = [
        (one.code, f"{towns.get(one.parent_code, '')} {one.name}".strip()) for one in villages
    ]
    names = ("village", "address", "household_number", "residency", "living_address")
    form = HomeForm(
        step.request.POST or None,
        villages=choices,
        initial={name: getattr(person, name) for name in names},
    )
    if step.request.method == "POST" and form.is_valid():
        kept = step.keep(**{name: form.cleaned_data[name] for name in names})
        know_village(step.request, form.cleaned_data["village"])
        return go_on(step, kept, "home_of")
    return step.draw(
        "home_of", failed=step.request.method == "POST", form=form, back=step.url("who")
    )


@person_page
def more(step: Step) -> HttpResponse:
    """Ask for the facts that the rules need."""
    person, rules = step.person, step.rules()
    initial = {
        "sex": person.sex, "birth_on": person.born, "ethnic": person.ethnic or "01",
        "student": person.student, "guardian": person.guardian or _grown_up(step),
        "guardian_is": person.guardian_is, "groups": list(person.groups), "other": list(person.other),
    }  # fmt: skip
    form = MoreForm(
        step.request.POST or None, person=person, rules=rules, on=step.on, initial=initial
    )
    if step.request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        changes: dict[str, Any] = {
            "ethnic": said["ethnic"],
            "student": said.get("student") or "none",
            "groups": tuple(said.get("groups") or ()),
            "other": tuple(said["other"]),
            "guardian": said.get("guardian") or "",
            "guardian_is": said.get("guardian_is") or "",
        }
        if said.get("birth_on"):
            changes |= {"birth_on": said["birth_on"].isoformat(), "sex": said["sex"]}
        kept = step.keep(**changes)
        changed = kept.person(person.id)
        if changed.minor_on(step.on) and not changed.guardian:
            # The birth date became known only now, so who signs is asked now.
            return step.on_to("more")
        facts = judging.facts_of(changed, step.on)
        if facts and rules.refusals(facts, step.on):
            return go("check", step.basket.id)
        return go_on(step, kept, "more", rules)
    return step.draw(
        "more", failed=step.request.method == "POST", form=form, back=step.url("home_of")
    )


def _grown_up(step: Step) -> str:
    return next(
        (one.name for one in step.basket.persons if one.name and one.born and not one.minor_on(step.on)),
        "",
    )  # fmt: skip


@person_page
def family(step: Step) -> HttpResponse:
    """List the children of an elderly applicant, one by one."""
    person = step.person
    adding = step.request.method == "POST" and "add" in step.request.POST
    form = KinForm(step.request.POST if adding else None, on=step.on, county=county.current())
    if adding and form.is_valid():
        said = form.cleaned_data
        if len(person.family) >= MOST_KIN:
            raise Refused("set_too_large", largest=MOST_KIN)
        child = Kin(
            said["name"], said["relation"], "id_card", said["number"], said["enrolled"],
            said["reason"],
        )  # fmt: skip
        step.keep(family=(*person.family, child), family_done=False)
        return step.on_to("family")
    if step.request.method == "POST" and "drop" in step.request.POST:
        place = step.request.POST["drop"]
        left = tuple(one for at, one in enumerate(person.family) if str(at) != place)
        step.keep(family=left, family_done=False)
        return step.on_to("family")
    if step.request.method == "POST" and not adding:
        return go_on(step, step.keep(family_done=True), "level")
    lines = [
        {"name": one.name, "relation": codes.RELATION.label(one.relation),
         "masked": numbers.mask(one.number), "said": one.enrolled or one.reason}
        for one in person.family
    ]  # fmt: skip
    return step.draw("family", failed=adding, form=form, lines=lines, back=step.url("level"))
