"""Where is it: own applications, their way over the desks, correcting, taking back, contradicting."""

from __future__ import annotations

import datetime
from dataclasses import replace
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from canbao.cases import appeal as appeals
from canbao.cases import application, flow, following, kinds, returned
from canbao.cases import words as case_words
from canbao.cases.deadline import first_due
from canbao.cases.door import CaseRow
from canbao.cases.flow import Status
from canbao.cases.following import Followed
from canbao.cases.kinds import refund
from canbao.cases.queries import DecisionRow
from canbao.kernel import clock, office, refusals
from canbao.kernel.actor import Actor
from canbao.kernel.refusal import Refused
from canbao.papers import sheets
from canbao.payments import refund_requests
from canbao.people import phones
from canbao.policy import published
from canbao.policy.words import in_language
from canbao.web.access import key_of, resident
from canbao.web.portal import basket, words
from canbao.web.portal.basket import Basket, Person, Photo
from canbao.web.portal.forms import AppealForm
from canbao.web.portal.frame import UNPROCESSABLE, go, know_village, page
from canbao.web.portal.judging import PROOF, SIGNED_SHEET
from canbao.web.portal.photos import title_of
from canbao.web.portal.sending import pay_stage, until
from canbao.web.theme.format import day, days_left
from canbao.web.theme.pieces import SealOf
from canbao.web.theme.pieces import Step as Stage


@resident
@require_safe
def cases_list(request: HttpRequest, actor: Actor, county: str) -> HttpResponse:
    """Every own application, those under way first."""
    today = clock.today()
    lines = [
        {
            "row": row,
            "title": words.title(row.name, row.insurance, row.kind),
            "tag": words.tag(row.desk, row.status, row.kind),
            "href": reverse("follow", args=[county, row.id]),
        }
        for row in following.mine(actor)
    ]
    return page(request, "cases", {"lines": lines, "today": today})


@resident
@require_safe
def follow(request: HttpRequest, actor: Actor, county: str, case: UUID) -> HttpResponse:  # noqa: ARG001
    """Four desks, date, name and seal of each, what was returned and why, the next date."""
    found = following.follow(actor, case)
    know_village(request, found.case.village)
    on = clock.today()
    refused = found.last("refuse")
    row = found.case
    may_appeal = (
        row.status == Status.REFUSED
        and refused is not None
        and appeals.appealable(refused.acted_on, on)
        and not any(one.at >= refused.recorded_at for one in found.appeals)
    )
    rules = published.rules(row.insurance, row.year)
    values = {
        "row": row,
        "title": words.title(row.name, row.insurance, row.kind),
        "tag": words.tag(row.desk, row.status, row.kind),
        "level": in_language(rules.level(row.level, on).name)
        if row.level in rules.definitions
        else row.level,
        "stages": _stages(found, on),
        "returned": row.desk == flow.APPLICANT,
        "reasons": _reasons(found),
        "together": _together(actor, found),
        "looked_into": [one for one in found.findings if _from_others(one)] and row.is_open,
        "missing": _missing(found) if row.is_open else "",
        "may_withdraw": row.is_open
        and row.status in application.WITHDRAWABLE
        and kinds.may_withdraw(row),
        "back": _back(row),
        "may_appeal": may_appeal,
        "appeals": found.appeals,
        "decided": found.last("pass", "county") is not None or refused is not None,
        "was_returned": found.last("return") is not None,
        "approved": row.status in {Status.APPROVED, Status.FILED},
        "today": on,
    }
    return page(request, "follow", values)


def _back(row: CaseRow) -> dict[str, Any] | None:
    """Money that is given back: how much, why, to which account, and whether the bank could not pay."""
    ask = refund_requests.see([row.id]).get(row.id) if row.kind == refund.KIND else None
    if ask is None:
        return None
    return {
        "fen": row.own_fen,
        "why": case_words.refund_reason(row, ask.reason),
        "ask": ask,
        "failed": row.is_open and (row.desk, row.status) == (refund.FINANCE, Status.RETURNED),
    }


def _from_others(one: following.FindingRow) -> bool:
    return one.item in words.FROM_OTHERS and one.verdict != "agrees"


def _missing(found: Followed) -> str:
    lacking = next((one for one in found.findings if one.item == "papers_present"), None)
    if lacking is None or not lacking.found:
        return ""
    return gettext(", ").join(title_of(kind) for kind in lacking.found.split(", "))


def _together(actor: Actor, found: Followed) -> list[dict[str, Any]]:
    """Others of the household who were sent back with this case, with what is missing for each."""
    if found.case.desk != flow.APPLICANT:
        return []
    return [
        {
            "title": words.title(one.case.name, one.case.insurance, one.case.kind),
            "href": reverse("follow", args=[actor.county, one.case.id]),
            "reasons": _said(one.decision),
        }
        for one in returned.together(actor, found.case, found.decisions)
        if one.case.id != found.case.id and one.case.desk == flow.APPLICANT
    ]


def _reasons(found: Followed) -> list[dict[str, str]]:
    last = found.last("return") if found.case.desk == flow.APPLICANT else found.last("refuse")
    return _said(last) if last else []


def _said(decision: DecisionRow) -> list[dict[str, str]]:
    return [
        {
            "about": case_words.about(one["about"]) if one["about"] else "",
            "text": case_words.reason(one["code"]),
            "note": one["note"],
        }
        for one in decision.reasons
    ]


def _stages(found: Followed, on: datetime.date) -> list[Stage]:
    row = found.case
    route = flow.load(row.flow)
    names = list(route.desks)
    stages = [_applied(found, on)]
    returned = row.desk == flow.APPLICANT
    stopped = row.desk == flow.CLOSED
    reached = _reached(found, names)
    seals = office.seals([one.seal_id for one in found.marks if one.seal_id])
    due = row.due_on or on
    for place, name in enumerate(names):
        passed = found.mark(name, "seal") if place < reached else None
        if passed is not None:
            seal = seals.get(passed.seal_id) if passed.seal_id else None
            stages.append(_passed(found, name, passed, seal, on))
        elif stopped and place == reached:
            stages.append(_stopped(found, on))
            return stages
        elif place == reached and not returned:
            stages.append(_now(row, name, on))
        else:
            due = first_due(route.desks[name], due)
            stages.append(Stage(title=words.DESKS[name], state="next", when=until(due, on)))
    return [*stages, _last(found, on)]


def _reached(found: Followed, names: list[str]) -> int:
    """How many desks have passed the form in force."""
    row = found.case
    if row.desk in names:
        place = names.index(row.desk)
        return place + 1 if row.status == Status.READY else place
    if row.desk in {flow.ARCHIVE, flow.SHELF}:
        return len(names)
    return (
        sum(found.mark(name, "seal") is not None for name in names[:-1])
        if row.desk == flow.CLOSED
        else 0
    )


def _applied(found: Followed, on: datetime.date) -> Stage:
    row = found.case
    how = str(words.HOW[row.channel])
    if row.desk == flow.APPLICANT:
        returned = found.last("return")
        by = returned.acted_by_name if returned else ""
        title = words.RETURNED_BY[returned.desk] if returned else gettext("To be changed by you")
        return Stage(
            title=title,
            state="returned",
            when=day(returned.acted_on, today=on) if returned else "",
            by=by,
            note=gettext("You have to change something. The clock stands still until then."),
        )
    return Stage(
        title=gettext("You applied"),
        state="done",
        when=gettext("%(day)s, %(how)s") % {"day": day(found.applied_on, today=on), "how": how},
    )


def _passed(
    found: Followed, name: str, mark: Any, seal: office.SealRow | None, on: datetime.date
) -> Stage:
    back = [one for one in found.decisions if one.desk == name and one.verdict == "return"]
    note = mark.office_name
    if back:
        last = back[-1]
        why = gettext("; ").join(_why(one) for one in last.reasons)
        note = gettext("Sent back once on %(day)s: %(why)s. You put it right.") % {
            "day": day(last.acted_on, today=on),
            "why": why,
        }
    return Stage(
        title=words.DONE[name],
        state="done",
        when=day(mark.acted_on, today=on),
        by=mark.acted_by_name,
        note=note,
        seal=SealOf(seal.name, seal.purpose) if seal else None,
    )


def _why(reason: Any) -> str:
    about = case_words.about(reason["about"]) if reason["about"] else ""
    said = case_words.reason(reason["code"])
    return f"{about} {said}".strip()


def _now(row: CaseRow, name: str, on: datetime.date) -> Stage:
    left = clock.working_days_between(on, row.due_on, clock.official()) if row.due_on else None
    waits = row.status == Status.SENT
    note = (
        gettext("Your papers are on the way there. You need not do anything.")
        if waits
        else gettext("You need not do anything. We send a text message when it is done.")
    )
    if row.kind == refund.KIND and row.status == Status.RETURNED:
        note = gettext("Another account of yours is needed. Then it is paid.")
    return Stage(
        title=words.NOW[name] if not waits else words.DESKS[name],
        state="now",
        when=until(row.due_on, on) if row.due_on else "",
        rest=gettext(", %(left)s") % {"left": days_left(left)} if left is not None else "",
        note=note,
    )


def _stopped(found: Followed, on: datetime.date) -> Stage:
    row = found.case
    if row.status == Status.WITHDRAWN:
        return Stage(
            title=gettext("You took it back"),
            state="stopped",
            when=day(clock.on(row.moved_at), today=on),
            note=gettext("You can apply again whenever you like."),
        )
    refused = found.last("refuse")
    return Stage(
        title=gettext("Not approved"),
        state="stopped",
        when=day(refused.acted_on, today=on) if refused else "",
        by=refused.acted_by_name if refused else "",
        note=refused.office_name if refused else "",
    )


def _last(found: Followed, on: datetime.date) -> Stage:
    row = found.case
    if row.kind == refund.KIND:
        done = row.status in {Status.APPROVED, Status.FILED}
        return Stage(title=gettext("The money is in the account"), state="done" if done else "next")
    stage = pay_stage(row.insurance, row.year, row.own_fen, on)
    if row.status == Status.FILED and found.archive is not None:
        return replace(stage, state="done", by=gettext("filed as %(number)s") % {"number": found.archive.number})  # fmt: skip
    return replace(stage, state="now") if row.status == Status.APPROVED else stage


@resident
@require_http_methods(["GET", "HEAD", "POST"])
def withdraw(request: HttpRequest, actor: Actor, county: str, case: UUID) -> HttpResponse:
    """Take an application back, after one look at what that means."""
    row = following.follow(actor, case).case
    values: dict[str, Any] = {
        "row": row,
        "title": words.title(row.name, row.insurance, row.kind),
        "back": reverse("follow", args=[county, case]),
    }
    if not (row.is_open and row.status in application.WITHDRAWABLE and kinds.may_withdraw(row)):
        if row.status == Status.WITHDRAWN:
            return go("follow", case)
        raise Refused("too_late")
    if request.method == "POST":
        version = request.POST.get("version", "")
        seen = int(version) if version.isascii() and version.isdigit() and len(version) < 7 else 0  # noqa: PLR2004
        outcome = application.withdraw(
            actor, {case: seen}, at=clock.now(), key=key_of(request, actor)
        )
        if not outcome.refused:
            return go("follow", case)
        said = outcome.refused[case]
        facts = {"desk": row.desk, "status": row.status, **said.facts}
        values["faults"] = [(refusals.say(said.code, facts), "")]
        return page(request, "withdraw", {**values, "has_errors": True}, status=UNPROCESSABLE)
    return page(request, "withdraw", values)


@resident
@require_POST
def correct(request: HttpRequest, actor: Actor, county: str, case: UUID) -> HttpResponse:  # noqa: ARG001
    """Begin to put right what came back: the form's content becomes a draft; the number is typed again."""
    found = following.follow(actor, case)
    row = found.case
    if row.desk != flow.APPLICANT:
        raise Refused("not_returned")
    at = clock.now()
    for one in basket.every(actor):
        if one.kind == basket.AMEND and one.persons[0].id == case and one.version == row.version:
            return go("check", one.id)
    drafted = Basket(
        None, basket.AMEND, row.insurance, row.year, phones.phone_of(actor.id),
        (_from_form(actor, found),), row.version,
    )  # fmt: skip
    return go("check", basket.save(actor, drafted, at=at))


def _from_form(actor: Actor, found: Followed) -> Person:
    fields = found.form.fields
    blobs = [one.blob_id for one in found.scans if one.blob_id]
    files = sheets.blobs(blobs)
    photos: dict[str, Photo] = {}
    for scan in sorted(found.scans, key=lambda one: (one.kind, one.page)):
        file = files.get(scan.blob_id) if scan.blob_id else None
        if file is None or file.by_id != actor.id or scan.kind in {SIGNED_SHEET, *PROOF.values()}:
            continue
        before = photos.get(scan.kind, Photo(()))
        fault = before.fault or ("" if file.verdict == "good" else file.verdict)
        photos[scan.kind] = Photo((*before.blobs, str(file.id)), fault)
    signer, as_what = fields["signed_by"]
    other = as_what in {"parent", "guardian"}
    return Person(
        id=found.case.id,
        name=fields["name"],
        kind=fields["document_kind"],
        relation=fields["relation"],
        birth_on=fields["birth_on"],
        sex=fields["sex"],
        village=fields["village"],
        household_number=fields["household_number"],
        address=fields["address"],
        living_address=fields["living_address"],
        residency=fields["residency"],
        ethnic=fields["ethnic"],
        student=fields["student"],
        groups=tuple(fields["groups"]),
        other=tuple(fields["other_insurance"]),
        guardian=signer if other else "",
        guardian_is=as_what if other else "",
        level=fields["level"],
        photos=photos,
    )


@resident
@require_http_methods(["GET", "HEAD", "POST"])
def appeal(request: HttpRequest, actor: Actor, county: str, case: UUID) -> HttpResponse:
    """Contradict a refusal in writing."""
    found = following.follow(actor, case)
    if found.case.status != Status.REFUSED:
        raise Refused("not_refused")
    form = AppealForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            outcome = appeals.lodge(
                actor, case, form.cleaned_data["text"], at=clock.now(), key=key_of(request, actor)
            )
        except Refused as refused:
            form.add_error("text", refusals.said(refused))
        else:
            if not outcome.refused:
                return go("follow", case)
            form.add_error("text", refusals.say(outcome.refused[case].code))
    failed = request.method == "POST"
    values = {
        "row": found.case,
        "form": form,
        "title": words.title(found.case.name, found.case.insurance, found.case.kind),
        "reasons": _reasons(found),
        "has_errors": failed,
        "back": reverse("follow", args=[county, case]),
    }
    return page(request, "appeal", values, status=UNPROCESSABLE if failed else 200)
