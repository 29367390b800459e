"""Papers uploaded at a desk: with a form, kept over its tries, or added to a case that stands already."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final
from uuid import UUID

from django.core import signing
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext

from canbao.cases import door, scans
from canbao.cases import words as terms
from canbao.cases.door import CaseRow
from canbao.cases.kinds import refund
from canbao.kernel import clock, refusals
from canbao.kernel.actor import Actor, Role
from canbao.kernel.refusal import Refused
from canbao.papers import intake, store
from canbao.papers.sheets import Attached
from canbao.web.access import key_of, officer
from canbao.web.desk import acts
from canbao.web.desk.frame import frame

SALT: Final = "desk.kept"
KINDS: Final = (
    "id_front", "id_back", "booklet_first", "booklet_own", "photo", "guardian_proof", "proxy_proof",
    "group_proof", "signed_sheet",
)  # fmt: skip
# What belongs to an ask for money back (DOMAIN 2.5): card, proof of the reason, who signs for whom.
REFUND_KINDS: Final = (
    "account_card", "refund_proof", "death_proof", "receipt", "id_front", "guardian_proof",
    "proxy_proof", "signed_sheet",
)  # fmt: skip
Kept = list[tuple[str, int, UUID]]


def kept_of(request: HttpRequest, actor: Actor) -> Kept:
    """Papers uploaded with an earlier try of this form; only what this officer uploaded."""
    text = request.POST.get("kept", "")
    if not text:
        return []
    try:
        found = signing.loads(text, salt=f"{SALT}/{actor.id}")
    except signing.BadSignature as fault:
        raise Refused("page_too_old") from fault
    return [(kind, page, UUID(blob)) for kind, page, blob in found]


def signed(actor: Actor, kept: Kept) -> str:
    """The same as the form carries it."""
    plain = [(kind, page, str(blob)) for kind, page, blob in kept]
    return signing.dumps(plain, salt=f"{SALT}/{actor.id}") if kept else ""


def take_up(
    request: HttpRequest, actor: Actor, kept: Kept, kinds: Sequence[str] = KINDS
) -> tuple[Kept, dict[str, str]]:
    """Clean and keep the files of a form; returns all papers so far, and a sentence for each bad one."""
    faults: dict[str, str] = {}
    clean: list[tuple[str, intake.CleanPage]] = []
    for kind in kinds:
        for file in request.FILES.getlist(f"file_{kind}"):
            try:
                found = intake.clean(file.read(), declared_name=file.name or "")
            except Refused as refused:
                faults[kind] = refusals.said(refused)
                continue
            clean += [(kind, page) for page in found]
    if clean:
        outcome = store.keep(actor, [page for _, page in clean], at=clock.now())
        fresh = {kind for kind, _ in clean}
        kept = [one for one in kept if one[0] not in fresh]
        counted: dict[str, int] = {}
        for (kind, _page), blob in zip(clean, outcome.done, strict=True):
            counted[kind] = counted.get(kind, 0) + 1
            kept = [*kept, (kind, counted[kind], blob)]
    return kept, faults


def attached(kept: Kept) -> list[Attached]:
    """Kept papers as they go with an act."""
    return [Attached(kind, page, blob) for kind, page, blob in kept]


def files(kinds: Sequence[str], kept: Kept, faults: Mapping[str, str]) -> list[dict[str, Any]]:
    """The file boxes of a form: each paper, how many pages are here, and what was wrong with the last."""
    there: dict[str, int] = {}
    for kind, _page, _blob in kept:
        there[kind] = there.get(kind, 0) + 1
    return [
        {
            "kind": kind,
            "title": terms.paper(kind),
            "there": there.get(kind, 0),
            "fault": faults.get(kind, ""),
        }
        for kind in kinds
    ]


def named(faults: Mapping[str, str]) -> list[tuple[str, str]]:
    """What was wrong with files, for the summary of errors."""
    return [(text, f"#id_file_{kind}") for kind, text in faults.items()]


def may_scan(actor: Actor, row: CaseRow) -> bool:
    """Whether sheets can be added here: what came on paper at village and township, money back at the county."""
    if row.kind == refund.KIND:
        return scans.takes(row) and actor.role in {Role.VILLAGE, Role.TOWNSHIP, Role.COUNTY}
    return (
        row.channel != "phone"
        and row.is_open
        and actor.role in {Role.VILLAGE, Role.TOWNSHIP}
        and row.desk in {"village", "township"}
    )


@officer(Role.VILLAGE, Role.TOWNSHIP, Role.COUNTY)
def scan(request: HttpRequest, actor: Actor, county: str, case_id: UUID) -> HttpResponse:
    """Add scanned sheets, as the signed copies or a card that was brought later, where the case allows it."""
    case = door.see(actor, case_id)
    kinds = REFUND_KINDS if case.kind == refund.KIND else KINDS
    fault = ""
    if request.method == "POST":
        kept, faults = take_up(request, actor, [], kinds)
        fault = next(iter(faults.values()), "")
        if not kept and not fault:
            fault = gettext("Choose at least one file.")
        if not fault:
            outcome = scans.add(
                actor, case_id, acts.number_or(request.POST.get("version"), 0),
                attached(kept),
                at=clock.now(), key=key_of(request, actor),
            )  # fmt: skip
            if not outcome.refused:
                return HttpResponseRedirect(reverse("case", args=[county, case_id]), status=303)
            refusal = next(iter(outcome.refused.values()))
            fault = acts.sentence_of(refusal.code, refusal.facts)
    values = {
        "case": case,
        "kinds": [(kind, terms.paper(kind)) for kind in reversed(kinds)],
        "fault": fault,
        "has_errors": bool(fault),
        **frame(request, actor, "worklist"),
    }
    return render(request, "desk/scan.html", values, status=422 if fault else 200)
