"""What the pages of the desks share: reading what was chosen, and the result of an act."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any, Final
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from canbao.cases import queries, selection
from canbao.cases import words as terms
from canbao.cases.door import CaseRow
from canbao.kernel import clock, jobs, outcomes, refusals
from canbao.kernel.actor import Actor, Role
from canbao.kernel.operation import LARGEST_SET
from canbao.kernel.part import Part
from canbao.kernel.refusal import Refused
from canbao.kernel.taken import Outcome
from canbao.web.access import key_of, officer
from canbao.web.desk import words
from canbao.web.desk.frame import frame
from canbao.web.theme import format as say
from canbao.web.theme.pieces import Bar, Column, Tab

ALL_DESKS: Final = (Role.VILLAGE, Role.TOWNSHIP, Role.COUNTY, Role.ARCHIVIST, Role.FINANCE)
SHOWN: Final = 500
MOST_NOTICES: Final = 100
TITLES: Final[Mapping[str, Any]] = {
    "cases.review.decide": _("What was decided"),
    "cases.archive.file": _("What was filed"),
    "cases.bundle.report": _("What was reported"),
    "cases.bundle.receive": _("What was received"),
    "cases.inspection.answer": _("What was answered"),
    "cases.application.submit": _("What was handed in"),
    "cases.refunding.ask": _("What was asked back"),
}


def uuid_or_404(text: str) -> UUID:
    """A UUID from an address or form. Refuses `not_found`."""
    try:
        return UUID(text)
    except ValueError as fault:
        raise Refused("not_found") from fault


def number_or(text: str | None, default: int) -> int:
    """A whole number from an address, or the default."""
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 7 else default  # noqa: PLR2004


def chosen_of(request: HttpRequest, actor: Actor) -> dict[UUID, int]:
    """Ids and versions chosen on a list: the boxes ticked, or a stored selection."""
    stored = request.POST.get("selection", "")
    if stored:
        return selection.versions(actor, selection.see(actor, uuid_or_404(stored)))
    found = {}
    for one in request.POST.getlist("chosen"):
        case_id, _dot, version = one.partition(".")
        if not (version.isascii() and version.isdigit()) or len(version) > 9:  # noqa: PLR2004 - an integer column
            raise Refused("page_too_old")
        found[uuid_or_404(case_id)] = int(version)
    return found


def done_already(request: HttpRequest, actor: Actor) -> HttpResponse | None:
    """The result of this very form, when it was sent before."""
    key = key_of(request, actor)
    if outcomes.kept(actor, key) is None:
        return None
    return to_result(request, actor, again=True)


def to_result(request: HttpRequest, actor: Actor, *, again: bool = False) -> HttpResponse:
    """Go to the page that tells what became of the form's act."""
    key = request.POST.get("key", "")
    target = reverse("desk_result", args=[actor.county, key])
    return HttpResponseRedirect(f"{target}?again=1" if again else target, status=303)


def answer(request: HttpRequest, actor: Actor, outcome: Outcome, title: str = "") -> HttpResponse:
    """The result page of an act; rendered at once where nothing was done, since nothing was kept."""
    if outcome.done:
        return to_result(request, actor, again=outcome.again)
    return render_outcome(request, actor, outcome, title=title, status=422)


def start_job(
    request: HttpRequest, actor: Actor, part: str, chosen: Mapping[UUID, int], **details: object
) -> HttpResponse:
    """Queue an act on more cases than one set holds, and show how far it is."""
    versions = {str(one): version for one, version in chosen.items()}
    outcome = jobs.start(
        actor, part, sorted(chosen), {"versions": versions, **details},
        at=clock.now(), key=key_of(request, actor),
    )  # fmt: skip
    return HttpResponseRedirect(
        reverse("desk_job", args=[actor.county, outcome.done[0]]), status=303
    )


def is_job(chosen: Mapping[UUID, int]) -> bool:
    """Whether so many are chosen that they are done set by set."""
    return len(chosen) > LARGEST_SET


@officer(*ALL_DESKS)
def result(request: HttpRequest, actor: Actor, county: str, key: str) -> HttpResponse:
    """What became of an act: how many, which not, why."""
    del county
    known = outcomes.kept(actor, f"{actor.id}/{key}")
    if known is None:
        raise Refused("not_found")
    return render_outcome(
        request, actor, known.outcome,
        title=str(TITLES.get(known.operation, _("What was done"))),
        again=request.GET.get("again") == "1", at=known.at,
    )  # fmt: skip


def render_outcome(
    request: HttpRequest, actor: Actor, outcome: Outcome, *, title: str = "", again: bool = False,
    at: clock.Instant | None = None, status: int = 200,
) -> HttpResponse:  # fmt: skip
    """Draw what became of each case of a set: passed, returned, and left open with the code."""
    ids = [*outcome.done, *outcome.refused][: SHOWN * 2]
    numbers = {case.id: case for case in queries.cases_of(actor, ids)}
    decisions = queries.decisions_of(list(outcome.done)) if outcome.done else {}
    decided = title in {"", str(TITLES["cases.review.decide"])}
    lines = []
    why: Counter[str] = Counter()
    groups: Counter[str] = Counter()
    for one in outcome.done:
        case = numbers.get(one)
        last = decisions.get(one, [])
        said = last[-1] if last and decided else None
        verdict = said.verdict if said else "done"
        groups[verdict] += 1
        told = [words.reason(reason) for reason in said.reasons] if said else []
        why.update(terms.reason(reason["code"]) for reason in (said.reasons if said else ()))
        lines.append(
            {
                "case": case,
                "id": one,
                "group": verdict,
                "why": told,
                "to": said.to_desk if said else "",
            }
        )
    for one, refusal in outcome.refused.items():
        groups["open"] += 1
        sentence = sentence_of(refusal.code, refusal.facts)
        why[sentence] += 1
        lines.append(
            {"case": numbers.get(one), "id": one, "group": "open", "why": [sentence], "to": ""}
        )
    wanted = request.GET.get("group", "")
    found = [line for line in lines if not wanted or line["group"] == wanted]
    names = _groups()
    values = {
        "title": title or gettext("What was done"),
        "groups": groups,
        "counts": [(str(names[name]), count, name) for name, count in groups.items()],
        "tabs": _tabs(request, groups, wanted),
        "lines": found[:SHOWN],
        "total": len(found),
        "bars": [Bar(text, count) for text, count in why.most_common(12)],
        "columns": [
            Column(gettext("Person")), Column(gettext("Result")), Column(gettext("Why")),
            Column(gettext("Back to")),
        ],
        "again": again,
        "at": at,
        "made": outcome.made,
        "letters": _notices(lines),
        "done": len(outcome.done),
    }  # fmt: skip
    return render(
        request, "desk/result.html", {**values, **frame(request, actor, "worklist")}, status=status
    )


def _notices(lines: Sequence[Mapping[str, Any]]) -> Part[dict[str, Any]]:
    """The one-time notices to print, at most `MOST_NOTICES`: one for each household of which somebody was sent back."""
    households: dict[tuple[str, str], list[CaseRow]] = {}
    for line in lines:
        case = line["case"]
        if case is not None and line["group"] == "return" and line["to"] == "applicant":
            place = (case.village, case.household_number or str(case.id))
            households.setdefault(place, []).append(case)
    inside = [
        sorted(found, key=lambda case: case.number)
        for found in list(households.values())[:MOST_NOTICES]
    ]
    return Part(
        (
            {"case_id": found[0].id, "names": say.listed(one.name for one in found)}
            for found in inside
        ),
        len(households),
    )


def sentence_of(code: str, facts: Mapping[str, Any]) -> str:
    """A refusal in words; items of a checklist by their names."""
    known = dict(facts)
    if isinstance(known.get("items"), list):
        known["items"] = say.listed(terms.item(one) for one in known["items"])
    if "desk" in known:
        known["desk"] = str(words.DESKS.get(str(known["desk"]), known["desk"]))
    if "status" in known:
        known["status"] = str(STATUSES.get(str(known["status"]), known["status"]))
    return refusals.say(code, known)


STATUSES: Final[Mapping[str, Any]] = {
    "checking": _("being checked"),
    "ready": _("ready to report"),
    "sent": _("on the way"),
    "returned": _("sent back"),
    "approved": _("approved"),
    "filed": _("filed"),
    "refused": _("refused"),
    "withdrawn": _("withdrawn"),
}


def _groups() -> Mapping[str, Any]:
    return {
        "pass": _("Passed"),
        "return": _("Sent back"),
        "refuse": _("Refused"),
        "done": _("Done"),
        "open": _("Not done"),
    }


def _tabs(request: HttpRequest, groups: Mapping[str, int], wanted: str) -> list[Tab]:
    if request.method == "POST":
        return []
    names = _groups()
    found = [
        Tab(names[name], f"?group={name}", count, name == wanted, name in {"return", "open"})
        for name, count in groups.items()
    ]
    return [*found, Tab(gettext("All"), "?", sum(groups.values()), not wanted)]


def facts_of(text: str) -> dict[str, Any]:
    """The facts of a refusal as a job keeps them."""
    found: dict[str, Any] = json.loads(text)
    return found
