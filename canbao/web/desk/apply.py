"""Assisted entry: one screen with the same rules, at the village or, from paper, at the township."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse

from canbao.cases import application, door, flow, pages, queries
from canbao.cases.claim import Channel, Claim
from canbao.cases.flow import Status
from canbao.cases.queries import CaseView
from canbao.kernel import clock, outcomes, refusals
from canbao.kernel import queries as kernel
from canbao.kernel.actor import Actor, Role
from canbao.kernel.ids import new_id
from canbao.kernel.refusal import Refused
from canbao.kernel.taken import Outcome, Refusal
from canbao.policy import published
from canbao.policy.words import in_language
from canbao.web.access import key_of, officer
from canbao.web.desk import acts, near, scanning, words
from canbao.web.desk.claims import EntryForm, claim_of
from canbao.web.desk.frame import frame
from canbao.web.desk.scanning import Kept

# The field of the form that a refusal is about.
FIELDS: Final = {"level_does_not_fit": "level", "signed_ahead": "signed_on"}
ENTERING: Final = (Role.VILLAGE, Role.TOWNSHIP)


def cover_year(insurance: str, today: datetime.date) -> int:
    """The year one applies for today: medical insurance is taken out in autumn for the next year."""
    autumn = 9
    return today.year + 1 if insurance == "390" and today.month >= autumn else today.year


@officer(*ENTERING)
def apply(request: HttpRequest, actor: Actor, county: str) -> HttpResponse:
    """Enter an application for somebody; after it is saved, the next empty form is one press away."""
    first = _first(request, actor) if request.method == "POST" else None
    if first is not None:
        return _saved(request, actor, first.outcome, "", again=True)
    insurance = _insurance(request, actor)
    put_right = near.taken_over(request, actor)
    form = EntryForm(
        put_right or request.POST or None, request.FILES or None, insurance=insurance,
        year=cover_year(insurance, clock.today()), villages=_villages(actor),
        initial=_start(request, actor),
    )  # fmt: skip
    if request.method != "POST":
        return _draw(request, actor, form, insurance)
    kept, faults = scanning.take_up(request, actor, scanning.kept_of(request, actor))
    claim = None
    if form.is_valid() and put_right is None:
        claim = claim_of(form, new_id(), kept, clock.today())
    if claim is None or faults:
        more = {"put_right": put_right is not None}
        return _draw(request, actor, form, insurance, kept=kept, faults=faults, more=more)
    channel = Channel.PAPER if actor.role is Role.TOWNSHIP else Channel.VILLAGE
    outcome = _submit(request, actor, form, claim, channel)
    if outcome is None or outcome.refused:
        if outcome is not None:
            _tell(form, outcome, claim)
        return _draw(request, actor, form, insurance, kept=kept)
    del county
    return _saved(request, actor, outcome, claim.identity.village)


def _first(request: HttpRequest, actor: Actor) -> outcomes.Kept | None:
    """What this very form saved when it was sent before; somebody else typed over it is told beside the form."""
    try:
        return outcomes.kept(actor, key_of(request, actor))
    except Refused as refused:
        if refused.code != "key_used_for_other_input":
            raise
        return None


def _submit(
    request: HttpRequest, actor: Actor, form: EntryForm, claim: Claim, channel: Channel
) -> Outcome | None:
    try:
        return application.submit(
            actor, [claim], channel, at=clock.now(), key=key_of(request, actor)
        )
    except Refused as refused:
        form.add_error(None, refusals.said(refused))
        return None


def _tell(form: EntryForm, outcome: Outcome, claim: Claim) -> None:
    """Say why it was not saved, beside the field that it is about."""
    refusal = next(iter(outcome.refused.values()))
    form.add_error(FIELDS.get(refusal.code), _why(refusal, claim))


def _why(refusal: Refusal, claim: Claim) -> str:
    if refusal.code != "not_eligible":
        return acts.sentence_of(refusal.code, refusal.facts)
    on = clock.today()
    found = published.rules(claim.insurance, claim.year).refusals(claim.facts(on), on)
    says = in_language(found[0].says) if found else ""
    return refusals.say("not_eligible", {"rule": says})


def _insurance(request: HttpRequest, actor: Actor) -> str:
    wanted = request.POST.get("insurance") or request.GET.get("insurance") or "390"
    return wanted if wanted in actor.insurances else min(actor.insurances, default="390")


def _villages(actor: Actor) -> list[tuple[str, str]]:
    """All villages of the county, the officer's own first: the wrong one hands over, it sends nobody away."""
    names = {one.code: one for one in kernel.regions()}
    own = actor.villages or frozenset()
    found = [one for one in names.values() if one.level == "village"]
    found.sort(key=lambda one: (one.code not in own, one.code))
    return [
        (
            one.code,
            f"{names[one.parent_code].name} · {one.name}" if one.parent_code in names else one.name,
        )
        for one in found
    ]


def _start(request: HttpRequest, actor: Actor) -> dict[str, Any]:
    """What an empty form starts with: the village, and whoever witnessed the one before."""
    own = sorted(actor.villages or ())
    village = request.GET.get("village", "") or (
        own[-1] if actor.role is Role.VILLAGE and own else ""
    )
    return {
        "village": village,
        "witness": request.GET.get("witness", "")[:60],
        "kind": "id_card",
        "ethnic": "01",
        "residency": "rural",
        "student": "none",
        "relation": "02",
        "how": "fingerprint" if actor.role is Role.VILLAGE else "paper",
        "signer": "self",
    }


def _draw(
    request: HttpRequest, actor: Actor, form: EntryForm, insurance: str, *,
    kept: Kept | None = None, faults: Mapping[str, str] | None = None,
    more: Mapping[str, Any] | None = None,
) -> HttpResponse:  # fmt: skip
    bad = bool(form.errors or faults)
    values = {
        "form": form,
        "insurance": insurance,
        "insurances": [
            (one, words.INSURANCES[one], one == insurance)
            for one in sorted(actor.insurances, reverse=True)
        ],
        "year": form.year,
        "kept": scanning.signed(actor, kept or []),
        "files": scanning.files(scanning.KINDS, kept or [], faults or {}),
        "file_faults": scanning.named(faults or {}),
        "paper": actor.role is Role.TOWNSHIP,
        "has_errors": bad,
        "near": near.offered(actor, form),
        **frame(request, actor, "desk_apply"),
        **(more or {}),
    }
    return render(request, "desk/apply.html", values, status=422 if bad else 200)


def _saved(
    request: HttpRequest, actor: Actor, outcome: Outcome, village: str, *, again: bool = False
) -> HttpResponse:
    del outcome
    key = request.POST.get("key", "")
    target = reverse("desk_applied", args=[actor.county, key])
    said = ([("village", village)] if village else []) + ([("again", "1")] if again else [])
    return HttpResponseRedirect(f"{target}?{urlencode(said)}" if said else target, status=303)


@officer(*ENTERING)
def applied(request: HttpRequest, actor: Actor, county: str, key: str) -> HttpResponse:
    """What was saved: its number, the two copies to print, and the next empty form."""
    known = outcomes.kept(actor, f"{actor.id}/{key}")
    if known is None or known.operation != "cases.application.submit":
        raise Refused("not_found")
    case_id = known.outcome.done[0]
    found = queries.cases_of(actor, [case_id])
    case = found[0] if found else None
    numbers = known.outcome.made["numbers"]
    village = case.village if case else request.GET.get("village", "")[:12]
    names = {one.code: one.name for one in kernel.regions([village])} if village else {}
    following = reverse("desk_apply", args=[county])
    values = {
        "case": case,
        "case_id": case_id,
        "number": numbers[str(case_id)],
        "village": names.get(village, ""),
        "elsewhere": case is None,
        "insurance": words.insurance(case) if case else "",
        "next_form": f"{following}?insurance={case.insurance if case else '390'}&village={village}",
        "paper": actor.role is Role.TOWNSHIP,
        **frame(request, actor, "desk_apply"),
    }
    return render(request, "desk/applied.html", values)


@officer(*ENTERING)
def amend(request: HttpRequest, actor: Actor, county: str, case_id: UUID) -> HttpResponse:
    """Put right what was returned, for somebody who applied at the counter or on paper."""
    del county
    case = door.see(actor, case_id)
    if case.channel == "phone" or (case.desk, case.status) != (flow.APPLICANT, Status.RETURNED):
        raise Refused("not_returned")
    view = pages.checking(case)
    put_right = near.taken_over(request, actor)
    form = EntryForm(
        put_right or request.POST or None, request.FILES or None, insurance=case.insurance, year=case.year,
        villages=_villages(actor), initial=_said(view),
    )  # fmt: skip
    older: Kept = [
        (one.kind, one.page, one.blob_id) for one in view.scans if one.blob_id is not None
    ]
    back = [one for one in view.decisions if one.verdict == "return"]
    more = {
        "amending": case,
        "why": [words.reason(one) for one in back[-1].reasons] if back else [],
        "put_right": put_right is not None,
    }
    if request.method != "POST":
        return _draw(request, actor, form, case.insurance, kept=older, more=more)
    kept, faults = scanning.take_up(request, actor, scanning.kept_of(request, actor) or older)
    claim = None
    if form.is_valid() and put_right is None:
        claim = claim_of(form, case_id, kept, clock.today())
    if claim is None or faults:
        return _draw(request, actor, form, case.insurance, kept=kept, faults=faults, more=more)
    outcome = application.amend(
        actor, [claim], {case_id: _version(request)}, at=clock.now(), key=key_of(request, actor)
    )
    if outcome.refused:
        _tell(form, outcome, claim)
        return _draw(request, actor, form, case.insurance, kept=kept, more=more)
    return HttpResponseRedirect(reverse("case", args=[actor.county, case_id]), status=303)


def _version(request: HttpRequest) -> int:
    return acts.number_or(request.POST.get("version"), 0)


def _said(view: CaseView) -> dict[str, Any]:
    """What the form said before, without its number: that one is typed again from the paper."""
    said = view.fields
    names = (
        "name", "ethnic", "village", "household_number", "relation", "address", "living_address",
        "residency", "student", "level", "groups", "other_insurance",
    )  # fmt: skip
    mark = next((one for one in view.marks if one.box == "applicant"), None)
    return {
        **{name: said[name] for name in names},
        "kind": said["document_kind"],
        "birth_on": datetime.date.fromisoformat(said["birth_on"]),
        "sex": said["sex"],
        "signer": said["signed_by"][1],
        "signer_name": said["signed_by"][0],
        "how": mark.how if mark else "paper",
        "witness": mark.witness if mark else "",
        **{
            f"child_{place}_{part}": child[part]
            for place, child in enumerate(said["family"])
            for part in ("name", "relation", "enrolled", "reason")
        },
    }
