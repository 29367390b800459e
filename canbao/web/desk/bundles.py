"""Bundles on the way, received and sent; counting one in at one's own desk."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from canbao.cases import bundle, queries
from canbao.cases.bundle import BundleState, Received
from canbao.cases.queries import BundleRow
from canbao.kernel import clock, refusals
from canbao.kernel.actor import Actor, Role
from canbao.kernel.refusal import Refused
from canbao.web.access import key_of, officer
from canbao.web.desk import acts, words
from canbao.web.desk.case import LONGEST_NOTE
from canbao.web.desk.frame import frame
from canbao.web.theme.pieces import Column, Tab

RECEIVING: Final = (Role.TOWNSHIP, Role.COUNTY)
SURPLUS_LINES: Final = 3
SHOWN: Final = 100
MORE: Final = 2_000
WITHDRAWN: Final = "withdrawn_on_the_way"
MISSING: Final[Mapping[str, Any]] = {
    "": _("All there"),
    "copy": _("One copy of the form is missing"),
    "form": _("Both copies of the form are missing"),
    "attachment": _("An attachment is missing"),
    "all": _("Nothing of this case is there"),
}


@officer(Role.VILLAGE, Role.TOWNSHIP, Role.COUNTY)
def bundles(request: HttpRequest, actor: Actor, county: str) -> HttpResponse:
    """Bundles on the way to us or received, and those we sent."""
    del county
    may_receive = actor.role in RECEIVING
    sent = request.GET.get("tab") == "sent" or not may_receive
    limit = MORE if request.GET.get("more") == "1" else SHOWN
    found = queries.bundles(actor, incoming=not sent, limit=limit)
    tabs = [Tab(gettext("Sent by us"), "?tab=sent", None, sent)]
    if may_receive:
        tabs.insert(0, Tab(gettext("To receive and received"), "?", None, not sent))
    values = {
        "bundles": [
            {
                "row": one,
                "insurance": words.INSURANCES.get(one.insurance, one.insurance),
                "waiting": one.state == BundleState.REPORTED,
            }
            for one in found
        ],
        "total": found.total,
        "more_url": f"?{'tab=sent&' if sent and may_receive else ''}more=1",
        "tabs": tabs,
        "sent": sent,
        "columns": [
            Column(gettext("Bundle")), Column(gettext("From")), Column(gettext("Insurance")),
            Column(gettext("Cases"), "number"), Column(gettext("Sheets"), "number"),
            Column(gettext("Reported")), Column(gettext("State")),
        ],
        **frame(request, actor, "bundles"),
    }  # fmt: skip
    return render(request, "desk/bundles.html", values)


def bundle_of(actor: Actor, bundle_id: UUID) -> BundleRow:
    """A bundle within reach. Refuses `not_found`."""
    found = queries.bundle_of(actor, bundle_id)
    if found is None:
        raise Refused("not_found")
    return found


@officer(Role.VILLAGE, Role.TOWNSHIP, Role.COUNTY)
def show(request: HttpRequest, actor: Actor, county: str, bundle_id: UUID) -> HttpResponse:
    """One bundle: its list, and the form to count it in where it comes to one's own desk."""
    del county
    found = bundle_of(actor, bundle_id)
    fault = ""
    if request.method == "POST":
        done, fault = _received(request, actor, found)
        if done is not None:
            return done
    items = queries.items_of(bundle_id)
    mine = found.to_desk == str(actor.role)
    receiving = mine and found.state == BundleState.REPORTED
    values = {
        "bundle": found,
        "insurance": words.INSURANCES.get(found.insurance, found.insurance),
        "items": [
            {
                "row": one,
                "where": gettext("%(desk)s, %(status)s")
                % {
                    "desk": words.DESKS.get(one.desk, one.desk),
                    "status": acts.STATUSES.get(one.status, one.status),
                },
                "receipt": one.receipt,
                "note": MISSING.get(one.note) or acts.sentence_of(one.note, {}) if one.note else "",
                "typed": request.POST.get(f"item_{one.case_id}", ""),
            }
            for one in items
        ],
        "receiving": receiving,
        "missing_choices": MISSING.items(),
        "surplus": [request.POST.get(f"surplus_{place}", "") for place in range(SURPLUS_LINES)],
        "counted": request.POST.get("sheets", ""),
        "open": sum(one.desk == str(actor.role) and one.status == "checking" for one in items)
        if mine and not receiving else 0,
        "missing": [
            one for one in items if one.receipt == "missing" and one.note != WITHDRAWN
        ],
        "withdrawn": [
            one for one in items if (one.note if one.receipt else one.status) in {WITHDRAWN, "withdrawn"}
        ],
        "reported": request.GET.get("reported") == "1",
        "received": request.GET.get("received") == "1",
        "fault": fault,
        "has_errors": bool(fault),
        "columns": _item_columns(receiving=receiving),
        **frame(request, actor, "bundles"),
    }  # fmt: skip
    return render(request, "desk/bundle.html", values, status=422 if fault else 200)


def _item_columns(*, receiving: bool) -> list[Column]:
    return [
        Column(gettext("No."), "number"),
        Column(gettext("Person")),
        Column(gettext("Case number")),
        Column(gettext("Household")),
        Column(gettext("Sheets"), "number"),
        Column(gettext("What came") if receiving else gettext("Where it is")),
    ]


def _received(
    request: HttpRequest, actor: Actor, found: BundleRow
) -> tuple[HttpResponse | None, str]:
    """Count a bundle in; the sheets in hand and what is marked missing must fit together."""
    here = reverse("bundle", args=[actor.county, found.id])
    missing = {}
    for one in queries.items_of(found.id):
        said = request.POST.get(f"item_{one.case_id}", "")
        if said and said in MISSING:
            missing[one.case_id] = said
    surplus = [
        request.POST.get(f"surplus_{place}", "").replace("\0", "").strip()[:LONGEST_NOTE]
        for place in range(SURPLUS_LINES)
    ]
    counted = acts.number_or(request.POST.get("sheets"), -1)
    if counted < 0:
        return None, gettext("Count the sheets in your hands and type the number.")
    try:
        bundle.receive(
            actor, found.id, Received(missing, tuple(one for one in surplus if one), counted),
            at=clock.now(), key=key_of(request, actor),
        )  # fmt: skip
    except Refused as refused:
        if refused.code != "sheets_counted_differ":
            raise
        return None, refusals.said(refused)
    return HttpResponseRedirect(f"{here}?received=1", status=303), ""
